"""Artifact cache of a registry: cache rules, and the credential sets by which they sign in to upstreams [ACR-CACHE]."""

from __future__ import annotations

import re
from typing import Any, Final

from typing_extensions import override

from local_azure.errors import ArmError, bad_request
from local_azure.facts.container_registry import CACHE_RULES, CREDENTIAL_SETS
from local_azure.operations import Lifecycle, Style, Transition
from local_azure.resource_id import same
from local_azure.services.cloud import Cloud, Json, Request, ResourceType, pick
from local_azure.services.identities import assigned
from local_azure.services.registry_endpoints import POLLS
from local_azure.services.registry_rules import creation_date, refuse_policies
from local_azure.store import Resource

_LIMIT: Final = 1000
_SIGN_IN_ONLY: Final = re.compile(r"docker\.io|registry-1\.docker\.io|dhi\.io|registry\.redhat\.io|.+\.pkg\.dev")
"""Upstreams outside Azure that are pulled from with credentials only [ACR-CACHE-UPSTREAM]."""

_LIFECYCLE: Final = Lifecycle(
    Transition(Style.STATUS, 201, "Creating", 3.0),
    Transition(Style.STATUS, 200, "Updating", 3.0),
    Transition(Style.RESULT, 202, "Deleting", 3.0, empty=True),
    Transition(Style.STATUS, 202, "Updating", 3.0),
)
"""Polled as replicas are (durations chosen) [ACR-CACHE-ASYNC]."""

_NAME: Final = re.compile(r"[a-zA-Z0-9-]{5,50}")


class CredentialSets(ResourceType):
    """Microsoft.ContainerRegistry/registries/credentialSets."""

    name = CREDENTIAL_SETS
    kind = ""
    lifecycle = _LIFECYCLE
    polls = POLLS

    @override
    def write(self, cloud: Cloud, request: Request, existing: Resource | None) -> Resource:
        """Give the set its identity, and show the health of credentials that nothing here has tried."""
        _check_name(request)
        sent = request.properties
        server = str(sent.get("loginServer") or "")
        if existing and existing.properties["loginServer"] != server:
            raise bad_request(
                "InvalidLoginServer", f"The login server of credential set {request.id.name} cannot change."
            )
        properties = {
            "loginServer": server,
            "authCredentials": [_credential(each) for each in sent.get("authCredentials") or ()],
            "creationDate": creation_date(cloud, existing),
        }
        return self.result(request, existing, properties, **assigned(cloud, request.id, request.body.get("identity")))


class CacheRules(ResourceType):
    """Microsoft.ContainerRegistry/registries/cacheRules."""

    name = CACHE_RULES
    kind = ""
    lifecycle = _LIFECYCLE
    polls = POLLS

    @override
    def write(self, cloud: Cloud, request: Request, existing: Resource | None) -> Resource:
        """Check name, number, upstream, credentials and overlaps."""
        _check_name(request)
        sent = request.properties
        source, target = str(sent.get("sourceRepository") or ""), str(sent.get("targetRepository") or "")
        rules = cloud.store.children(str(request.id.parent), CACHE_RULES)
        others = [rule for rule in rules if not same(rule.id, str(request.id))]
        if existing is None:
            _refuse_new(source, target, others)
            registry = cloud.require(request.id.parent or request.id)
            refuse_policies(registry.properties, beside="artifact cache")
        elif (existing.properties["sourceRepository"], existing.properties["targetRepository"]) != (source, target):
            message = f"Source and target of cache rule {request.id.name} cannot be changed."
            raise bad_request("CacheRuleRepositoriesImmutable", message)
        _check_credentials(cloud, source, sent)
        identity = assigned(cloud, request.id, request.body.get("identity"))
        if identity.get("identity") and sent.get("credentialSetResourceId"):
            message = f"Cache rule {request.id.name} has an identity and a credential set; only one is supported."
            raise bad_request("CacheRuleAuthenticationConflict", message)
        properties = {
            "sourceRepository": source,
            "targetRepository": target,
            **pick(sent, "credentialSetResourceId", "additionalAuthenticationProperties"),
            "creationDate": creation_date(cloud, existing),
        }
        return self.result(request, existing, properties, **identity)


def _check_name(request: Request) -> None:
    if not _NAME.fullmatch(request.id.name):
        message = f"The name '{request.id.name}' must have 5 to 50 letters, digits or '-'."
        raise bad_request("InvalidResourceName", message)


def _credential(sent: Any) -> Json:
    health = {"status": "Healthy"}
    return {**pick(sent, "name", "usernameSecretIdentifier", "passwordSecretIdentifier"), "credentialHealth": health}


def _refuse_new(source: str, target: str, others: list[Resource]) -> None:
    """Raise ArmError for a rule beyond the limit, or whose target another rule serves (codes chosen) [ACR-CACHE-WILDCARD]."""
    if len(others) >= _LIMIT:
        message = f"Quota exceeded for resource type cacheRules: a registry has at most {_LIMIT}."
        raise ArmError(409, "QuotaExceeded", message)
    if ("*" in source) != ("*" in target):
        message = f"Source '{source}' and target '{target}' must both end with a wildcard, or neither."
        raise bad_request("InvalidCacheRuleWildcard", message)
    for rule in others:
        taken = str(rule.properties["targetRepository"])
        both = "*" in taken and "*" in target
        one, other = taken.rstrip("*"), target.rstrip("*")
        if taken == target or (both and (one.startswith(other) or other.startswith(one))):
            message = f"The target repository '{target}' overlaps with '{taken}' of cache rule '{rule.name}'."
            raise ArmError(409, "CacheRuleOverlap", message)


def _check_credentials(cloud: Cloud, source: str, sent: Json) -> None:
    """Raise ArmError where an upstream needs credentials, or where those named do not exist or are for another upstream."""
    server, credentials = source.partition("/")[0], str(sent.get("credentialSetResourceId") or "")
    if not credentials:
        if _SIGN_IN_ONLY.fullmatch(server):
            message = f"Cache rules for {server} need a credential set."
            raise bad_request("CredentialSetRequired", message)
        return
    message = f"The credential set '{credentials}' was not found."
    held = cloud.named(credentials, CREDENTIAL_SETS, "CredentialSetNotFound", message)
    if held.properties["loginServer"] != server:
        message = f"The credential set '{held.name}' is for {held.properties['loginServer']}, not for {server}."
        raise bad_request("CredentialSetMismatch", message)


TYPES = (CredentialSets(), CacheRules())
