"""Functions that a program may call: lookups of resources, actions, and who the client is."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final, NamedTuple

from local_azure import arm_generic
from local_azure.arm_facts import FACTS
from local_azure.arm_family import Action
from local_azure.arm_types import catalogue, lookup_token
from local_azure.arm_types_build import package_folder
from local_azure.arm_types_catalogue import SdkType
from local_azure.plugin import generic, translate
from local_azure.plugin.arm_client import ArmClient, ArmRequestError
from local_azure.plugin.lifecycle import Lifecycle
from local_azure.plugin.sessions import DEFAULT_OBJECT, Session
from local_azure.plugin.values import reveal

_PARTS: Final = 3
_PUBLIC_ARM: Final = "https://management.azure.com/"
_RESULT = re.compile(r"^class \w+Result.*?(?=^class |\Z)", re.MULTILINE | re.DOTALL)
_ARGUMENT = re.compile(r"__args__\['(\w+)'\]")
_GETTER = re.compile(r'@pulumi\.getter(?:\(name="(\w+)"\))?\n    def (\w+)\(')


class _Function(NamedTuple):
    """What the SDK says of a function: the names of its arguments, and of its results in order."""

    arguments: frozenset[str]
    results: tuple[str, ...]


class InvokeError(Exception):
    """Azure refused what a function asked for."""


def call(client: ArmClient, session: Session, token: str, arguments: dict[str, Any]) -> dict[str, Any]:
    """Answer a function by its token, such as `azure-native:network:getNetworkInterface`.

    The answer holds no secret marks, whatever it holds: azure-native makes none [AN-INVOKE].

    Raises ValueError for a function that is not known, InvokeError when ARM refuses.
    """
    arguments = reveal(arguments)
    package, module, name = token.split(":") if token.count(":") == _PARTS - 1 else ("", "", "")
    if (module, name) in CLIENT_FUNCTIONS:
        return CLIENT_FUNCTIONS[module, name](session, arguments)
    published = _published(module, name)
    if published is None:
        raise ValueError(f"Invoke type {token} not found")
    action = action_of(module, name)
    if action is not None:
        return _act(client, session, _typed(package, module, action), action, arguments, published.results)
    sdk = _looked_up(f"{package}:{module}:{name.removeprefix('get')}", arguments) if name.startswith("get") else None
    if sdk is None:
        raise ValueError(f"the local Azure serves nothing that {token} asks for")
    life = Lifecycle(client, sdk, session.subscription, lambda _: None)
    try:
        return life.look_up(arguments, session.waits.begin())
    except ArmRequestError as error:
        arm_id = translate.resource_id(sdk, arguments, session.subscription)
        raise InvokeError(f"request failed {arm_id}: {error}") from error


def _act(
    client: ArmClient,
    session: Session,
    sdk: SdkType,
    action: Action,
    arguments: Mapping[str, Any],
    published: tuple[str, ...],
) -> dict[str, Any]:
    path = f"{translate.resource_id(sdk, arguments, session.subscription)}/{action.path}"
    query = {wire: str(arguments[name]) for name, wire in action.query.items() if name in arguments}
    placed = {*sdk.arm.path_inputs, *action.query}
    body = {action.body.get(name, name): value for name, value in arguments.items() if name not in placed}
    try:
        answer = client.post(path, sdk.version, body, query, session.waits.begin())
    except ArmRequestError as error:
        raise InvokeError(f"request failed {path}: {error}") from error
    if not isinstance(answer, Mapping):
        return {published[0]: answer} if published else {}
    inner = answer.get("properties")
    flat = inner if isinstance(inner, Mapping) and "properties" not in published else {}
    found = {name: answer.get(name, flat.get(name)) for name in published}
    return {name: value for name, value in found.items() if value is not None}


def action_of(module: str, name: str) -> Action | None:
    """The ARM action that a function of the SDK calls; None for a lookup and for what the local Azure does not serve."""
    published = _published(module, name)
    if published is None:
        return None
    return FACTS.actions.get(f"{module}:{name}") or _listing(module, name, published.arguments)


@lru_cache
def _published(module: str, name: str) -> _Function | None:
    """A function of the installed SDK; None when the SDK has no such function."""
    wanted = f"{name.lower()}.py"
    folder = package_folder() / module
    files = folder.glob("*.py") if re.fullmatch(r"\w+", module) and folder.is_dir() else ()
    file = next((file for file in files if file.name.replace("_", "") == wanted), None)
    if file is None or not name.startswith(("get", "list")):
        return None
    text = file.read_text(encoding="utf-8")
    result = _RESULT.search(text)
    results = tuple(camel or snake for camel, snake in _GETTER.findall(result.group() if result else ""))
    return _Function(frozenset(_ARGUMENT.findall(text)), results)


def _listing(module: str, name: str, arguments: frozenset[str]) -> Action | None:
    """The action of a `list…` function by its name: `listContainerAppSecrets` is `listSecrets` of a container app.

    A function that takes anything but the resource's own names belongs to something else, or needs a fact.
    """
    if not name.startswith("list"):
        return None
    rest = name.removeprefix("list")
    rows = [row for row in FACTS.types if row.module == module and rest.startswith(row.cls) and rest != row.cls]
    row = max(rows, key=lambda row: len(row.cls), default=None)
    if row is None or arguments != {*catalogue().types[row.name.lower()].path_inputs}:
        return None
    return Action(row.name, f"list{rest.removeprefix(row.cls)}")


def _typed(package: str, module: str, action: Action) -> SdkType:
    token = catalogue().types[action.type.lower()].token
    sdk = lookup_token(f"{package}:{token.split(':', 1)[1]}")
    if sdk is None:
        raise ValueError(f"module {module} of {package} has no {action.type}")
    return sdk


def _looked_up(token: str, arguments: Mapping[str, Any]) -> SdkType | None:
    if token == arm_generic.TOKEN:
        return generic.bound(arguments)
    return lookup_token(token, str(arguments.get("recordType", "")))


def _config(session: Session, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Who the provider is signed in as."""
    del arguments
    return {
        "clientId": session.client,
        "objectId": DEFAULT_OBJECT,
        "subscriptionId": session.subscription,
        "tenantId": session.tenant,
    }


def _token(session: Session, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Give a token for an endpoint, or for Resource Manager: readable as a JWT, signed by nobody, always the same (chosen)."""
    endpoint = str(arguments.get("endpoint") or _PUBLIC_ARM)
    claims = {
        "aud": endpoint,
        "iss": f"https://sts.windows.net/{session.tenant}/",
        "iat": 0,
        "nbf": 0,
        "exp": 4102444800,
        "appid": session.client,
        "oid": DEFAULT_OBJECT,
        "sub": DEFAULT_OBJECT,
        "tid": session.tenant,
        "ver": "1.0",
    }
    parts = [json.dumps(part, separators=(",", ":")) for part in ({"typ": "JWT", "alg": "none"}, claims)]
    encoded = [base64.urlsafe_b64encode(part.encode()).rstrip(b"=").decode() for part in parts]
    return {"token": ".".join([*encoded, ""])}


CLIENT_FUNCTIONS: Final = {
    ("authorization", "getClientConfig"): _config,
    ("authorization", "getClientToken"): _token,
}
"""Module and name of the functions that the provider answers by itself, without a resource."""
