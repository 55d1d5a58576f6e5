"""Reads what there is to adopt from Azure, or from the local one: lists, then every resource with its children."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from components.parameterized import CONTAINER_REGISTRY
from components.registry.tasks import TASKS
from local_azure.arm_types import lookup
from local_azure.loading.listings import Listed, Listing, listed
from planning.interfaces import DIAGNOSTICS
from tools.adopt.estate import Json
from tools.preflight.arm import AZURE, Arm, MissingError

_RESOURCES, _GROUPS = "2021-04-01", "2021-04-01"
_ROLES, _LOCKS, _SETTINGS = "2022-04-01", "2020-05-01", "2021-05-01-preview"
_ASSOCIATIONS: Final = "2022-06-01"

VERSIONS: Final[Mapping[str, str]] = {
    "microsoft.containerregistry/registries": CONTAINER_REGISTRY.version,
    "microsoft.containerregistry/registries/replications": CONTAINER_REGISTRY.version,
    "microsoft.containerregistry/registries/cacherules": CONTAINER_REGISTRY.version,
    "microsoft.containerregistry/registries/credentialsets": CONTAINER_REGISTRY.version,
    "microsoft.containerregistry/registries/tasks": TASKS.version,
    "microsoft.app/sessionpools": "2025-10-02-preview",
}
"""API versions by which the program writes a type, where they are not those of the SDK's default classes."""

CHILDREN: Final[Mapping[str, tuple[str, ...]]] = {
    "microsoft.containerregistry/registries": (
        *("replications", "cacheRules", "credentialSets", "scopeMaps", "tokens", "webhooks", "tasks", "agentPools"),
    ),
    "microsoft.network/virtualnetworks": ("virtualNetworkPeerings",),
    "microsoft.network/privateendpoints": ("privateDnsZoneGroups",),
    "microsoft.network/privatednszones": ("virtualNetworkLinks", "A"),
    "microsoft.managedidentity/userassignedidentities": ("federatedIdentityCredentials",),
    "microsoft.containerservice/managedclusters": ("agentPools", "maintenanceConfigurations"),
    "microsoft.app/managedenvironments": ("httpRouteConfigs",),
    "microsoft.app/sandboxgroups": ("vnetConnections",),
    "microsoft.keyvault/vaults": ("keys",),
    "microsoft.eventgrid/systemtopics": ("eventSubscriptions",),
}
"""Lists of child resources that the list of a subscription does not have."""

LOGGED: Final = frozenset(each.lower() for each in DIAGNOSTICS)
"""Types whose diagnostic settings a stack makes."""


def version_of(kind: str) -> str:
    """Return the API version by which a type is read: the one by which a program writes it."""
    known = lookup(kind)
    return VERSIONS.get(kind.lower()) or (known.sdk_version if known else "") or _RESOURCES


def read(arm: Arm) -> Listing:
    """Return all resources of a subscription that a stack may describe.

    Raises:
        DeniedError: the caller may not read something; it is named.
        UnreachableError: Azure cannot be asked.
    """
    return Listing(_resources(arm))


def urls(listing: Listing) -> list[str]:
    """Return what to read besides the answer of a Resource Graph query: children, settings, and bodies at another version.

    Args:
        listing: the answer.
    """
    found = [_url(path, version) for each in listing for path, version in _beside(each)]
    return list(dict.fromkeys(found))


def _beside(found: Listed) -> Iterator[tuple[str, str]]:
    """Path and API version of every list that belongs to a resource, and of its body where a program writes another version."""
    if found.type in VERSIONS:
        yield found.id, version_of(found.type)
    for segment in CHILDREN.get(found.type, ()):
        yield f"{found.id}/{segment}", version_of(f"{found.type}/{segment}")
    if found.type in LOGGED:
        yield f"{found.id}/providers/Microsoft.Insights/diagnosticSettings", _SETTINGS
    if found.type == "microsoft.containerservice/managedclusters":
        yield f"{found.id}/providers/Microsoft.Insights/dataCollectionRuleAssociations", _ASSOCIATIONS


def _url(path: str, version: str) -> str:
    return f"{AZURE}{path}?api-version={version}"


def _resources(arm: Arm) -> Iterator[Listed]:
    yield from listed(arm.every(f"{arm.scope}/resourceGroups", _GROUPS))
    for each in listed(arm.every(f"{arm.scope}/resources", _RESOURCES)):
        yield each
        if lookup(each.type) is None:
            continue
        yield from listed([_whole(arm, each)])
        for path, version in _beside(each):
            yield from _list(arm, path, version) if path != each.id else ()
    yield from _list(arm, f"{arm.scope}/providers/Microsoft.Authorization/roleAssignments", _ROLES)
    yield from _list(arm, f"{arm.scope}/providers/Microsoft.Authorization/locks", _LOCKS)


def _whole(arm: Arm, found: Listed) -> Json:
    try:
        return arm.get(found.id, version_of(found.type))
    except MissingError:
        return {"id": found.id}


def _list(arm: Arm, path: str, version: str) -> list[Listed]:
    try:
        return listed(arm.every(path, version))
    except MissingError:
        return []
