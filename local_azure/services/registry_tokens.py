"""Tokens of a registry, their passwords, and the scope maps that say what they allow [ACR-TOKEN]."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime
from typing import Any, Final

from typing_extensions import override

from local_azure.clock import timestamp
from local_azure.errors import ArmError, bad_request
from local_azure.facts.container_registry import SCOPE_MAPS, TOKENS
from local_azure.operations import Lifecycle, Style, Transition
from local_azure.resource_id import ResourceId, same
from local_azure.services.cloud import Action, Answer, Cloud, Json, Request, ResourceType, pick
from local_azure.services.registry_endpoints import POLLS
from local_azure.services.registry_rules import creation_date
from local_azure.store import Resource

SYSTEM: Final[dict[str, tuple[str, ...]]] = {
    "_repositories_pull": ("content/read",),
    "_repositories_pull_metadata_read": ("content/read", "metadata/read"),
    "_repositories_push": ("content/read", "content/write"),
    "_repositories_push_metadata_write": ("metadata/read", "metadata/write", "content/read", "content/write"),
    "_repositories_admin": ("metadata/read", "metadata/write", "content/read", "content/write", "content/delete"),
}
"""Scope maps that every registry has, with their actions on all repositories [ACR-TOKEN-SYSTEM]."""

PASSWORDS: Final = ("password1", "password2")
_MOST, _MOST_ACTIONS = 20_000, 500
_LIFECYCLE: Final = Lifecycle(
    Transition(Style.STATUS, 201, "Creating", 2.0),
    Transition(Style.STATUS, 200, "Updating", 2.0),
    Transition(Style.RESULT, 202, "Deleting", 2.0, empty=True),
    Transition(Style.STATUS, 202, "Updating", 2.0),
)
"""Polled as cache rules are (durations chosen) [ACR-TOKEN-ASYNC]."""

_PART = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
_REPOSITORY = re.compile(
    rf"repositories/(?:\*|{_PART}(?:/{_PART})*(?:/\*)?)/(?:content/(?:read|write|delete)|metadata/(?:read|write))"
)
_GATEWAY = re.compile(r"gateway/[a-zA-Z0-9]{5,50}/(?:config/(?:read|write)|message/(?:read|write))")
"""Actions of the token with which a connected registry synchronizes [ACR-CONNECTED]."""


def actions_of(cloud_map: Resource | None, map_id: str) -> tuple[str, ...] | None:
    """Return the actions of a scope map that is stored, or that every registry has; None for no scope map."""
    if cloud_map is not None:
        return tuple(cloud_map.properties.get("actions") or ()) if cloud_map.type == SCOPE_MAPS else None
    held = SYSTEM.get(map_id.rpartition("/")[2].lower()) if f"/{SCOPE_MAPS.rpartition('/')[2]}/" in map_id else None
    return None if held is None else tuple(f"repositories/*/{action}" for action in held)


class ScopeMaps(ResourceType):
    """Microsoft.ContainerRegistry/registries/scopeMaps."""

    name = SCOPE_MAPS
    kind = ""
    lifecycle = _LIFECYCLE
    polls = POLLS

    @override
    def write(self, cloud: Cloud, request: Request, existing: Resource | None) -> Resource:
        """Check the number of scope maps, and the form and number of the actions."""
        name = request.id.name
        if name.lower() in SYSTEM:
            raise bad_request("ScopeMapNotAllowed", f"The system-defined scope map '{name}' cannot be changed.")
        if existing is None:
            _refuse_more(cloud, request, SCOPE_MAPS)
        actions = [str(action) for action in request.properties.get("actions") or ()]
        if len(actions) > _MOST_ACTIONS:
            message = f"The scope map '{name}' has {len(actions)} actions; the maximum is {_MOST_ACTIONS}."
            raise bad_request("ScopeMapActionLimitExceeded", message, "properties.actions")
        for action in actions:
            if not (_REPOSITORY.fullmatch(action) or _GATEWAY.fullmatch(action)):
                message = f"The action '{action}' of scope map '{name}' is invalid."
                raise bad_request("InvalidScopeMapAction", message, "properties.actions")
        properties = {**pick(request.properties, "description"), "actions": actions, "type": "UserDefined"}
        return self.result(request, existing, {**properties, "creationDate": creation_date(cloud, existing)})

    @override
    def built_in(self, cloud: Cloud, request: Request) -> Answer | None:
        """Show a scope map that every registry has."""
        registry, actions = cloud.get(str(request.id.parent)), SYSTEM.get(request.id.name.lower())
        if registry is None or actions is None:
            return None
        properties = {
            "type": "SystemDefined",
            "creationDate": registry.properties["creationDate"],
            "provisioningState": "Succeeded",
            "actions": [f"repositories/*/{action}" for action in actions],
        }
        return Answer(
            200, {"id": str(request.id), "name": request.id.name, "type": SCOPE_MAPS, "properties": properties}
        )

    @override
    def refuse_delete(self, cloud: Cloud, resource: Resource) -> None:
        """Refuse while a token has the scope map (code chosen)."""
        registry = str(ResourceId.parse(resource.id).parent)
        for token in cloud.store.children(registry, TOKENS):
            if same(str(token.properties["scopeMapId"]), resource.id):
                message = f"The scope map '{resource.name}' is associated with token '{token.name}'."
                raise ArmError(409, "ScopeMapInUse", message)


class Tokens(ResourceType):
    """Microsoft.ContainerRegistry/registries/tokens."""

    name = TOKENS
    kind = ""
    lifecycle = _LIFECYCLE
    polls = POLLS

    @override
    def write(self, cloud: Cloud, request: Request, existing: Resource | None) -> Resource:
        """Check the number of tokens and the scope map; passwords stay, since only an action generates them."""
        if existing is None:
            _refuse_more(cloud, request, TOKENS)
        sent = request.stated
        map_id = str(sent.get("scopeMapId") or "")
        beside = map_id.lower().startswith(f"{request.id.parent}/scopemaps/".lower())
        if not beside or actions_of(cloud.get(map_id), map_id) is None:
            message = f"The scope map '{map_id}' of token '{request.id.name}' was not found in the registry."
            raise bad_request("ScopeMapNotFound", message, "properties.scopeMapId")
        kept: Json = existing.properties.get("credentials") or {} if existing else {}
        certificates = (sent.get("credentials") or {}).get("certificates", kept.get("certificates", []))
        properties = {
            "scopeMapId": map_id,
            "status": sent.get("status") or "enabled",
            "credentials": {"certificates": certificates, "passwords": kept.get("passwords", [])},
            "creationDate": creation_date(cloud, existing),
        }
        return self.result(request, existing, properties)


def generate_credentials(cloud: Cloud, request: Request, registry: Resource) -> Answer:
    """Answer generateCredentials: new values for one password of a token, or for both [ACR-TOKEN-PASSWORD].

    The token keeps names and dates. The values are made of these, so that none is stored (chosen).
    """
    body = request.body or {}
    token_id = str(body.get("tokenId") or "")
    token = cloud.get(token_id)
    if token is None or token.type != TOKENS or not same(str(ResourceId.parse(token.id).parent), registry.id):
        raise bad_request("TokenNotFound", f"The token '{token_id}' was not found in the registry.", "tokenId")
    wanted = body.get("name")
    if wanted is not None and wanted not in PASSWORDS:
        raise bad_request(
            "InvalidPasswordName", f"The password '{wanted}' is not one of {', '.join(PASSWORDS)}.", "name"
        )
    now, expiry = cloud.clock.now(), body.get("expiry")
    if expiry is not None and _seconds(expiry) <= now:
        raise bad_request("InvalidExpiry", f"The expiry '{expiry}' is in the past.", "expiry")
    fresh = {"creationTime": timestamp(now), **({"expiry": expiry} if expiry else {})}
    passwords = {each["name"]: each for each in token.properties["credentials"]["passwords"]}
    made = [{**fresh, "name": name} for name in PASSWORDS if wanted in (None, name)]
    passwords |= {str(each["name"]): each for each in made}
    token.properties["credentials"]["passwords"] = [passwords[name] for name in PASSWORDS if name in passwords]
    cloud.update(token)
    shown = [{**each, "value": _value(token, each)} for each in made]
    return Answer(200, {"username": token.name, "passwords": shown})


def _value(token: Resource, password: Json) -> str:
    text = f"{token.key}#{password['name']}#{password['creationTime']}"
    return hashlib.sha256(text.encode()).hexdigest()[:52]


def _seconds(moment: Any) -> float:
    try:
        return datetime.fromisoformat(str(moment)).timestamp()
    except ValueError:
        raise bad_request("InvalidExpiry", f"The expiry '{moment}' is not a date and time.", "expiry") from None


def _refuse_more(cloud: Cloud, request: Request, kind: str) -> None:
    """Raise ArmError beyond the number that a registry has (code chosen) [ACR-TOKEN-LIMITS]."""
    if len(cloud.store.children(str(request.id.parent), kind)) >= _MOST:
        noun = kind.rpartition("/")[2]
        raise ArmError(
            409, "QuotaExceeded", f"Quota exceeded for resource type {noun}: a registry has at most {_MOST}."
        )


ACTIONS: Final[dict[tuple[str, str], Action]] = {("POST", "generatecredentials"): generate_credentials}
TYPES: Final = (ScopeMaps(), Tokens())
