"""Whether an image can be pulled: its registry is there, and the identity has a role that the registry's mode honours.

What a registry holds is not known here, so every repository and tag of one that exists is taken to be there (chosen).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from local_azure.facts.container_registry import TOKENS
from local_azure.services import registry_endpoints
from local_azure.services.authorization import ASSIGNMENTS
from local_azure.services.cloud import Cloud
from local_azure.services.registry_endpoints import REGISTRIES, split
from local_azure.services.role_definitions import BUILT_IN
from local_azure.store import Resource

_ANY = frozenset({"Container Registry Data Importer and Data Reader"})
HONOURED = {
    "pull": {
        "LegacyRegistryPermissions": _ANY | {"AcrPull", "AcrPush", "Owner", "Contributor", "Reader"},
        "AbacRepositoryPermissions": _ANY
        | {f"Container Registry Repository {word}" for word in ("Reader", "Writer", "Contributor")},
    },
    "push": {
        "LegacyRegistryPermissions": frozenset({"AcrPush", "Owner", "Contributor"}),
        "AbacRepositoryPermissions": frozenset(
            f"Container Registry Repository {word}" for word in ("Writer", "Contributor")
        ),
    },
}
"""Roles that let their holder pull or push, by the registry's mode [ACR-ROLES]."""


def registry_of(cloud: Cloud, host: str) -> Resource | None:
    """Return the registry that a host name belongs to: its global name, or a regional one while these are on."""
    for registry in cloud.store.of_type(REGISTRIES):
        _, regional = registry_endpoints.host_names(cloud, registry)
        if host.lower() in {registry.properties["loginServer"].lower(), *regional}:
            return registry
    return None


def user(name: str) -> str:
    """Return what stands for a registry's user among principals; its password is not compared (chosen)."""
    return f"user {name.lower()}"


def may_pull(cloud: Cloud, registry: Resource, principal: str) -> bool:
    """Tell whether a principal has a role on the registry, or above it, by which its mode lets it pull.

    The admin user may, while the registry has it: its name is the registry's [ACR-ADMIN]. So may an enabled token of the
    registry, by its name [ACR-TOKEN]. A role or a token that is narrowed to repositories counts whatever the repository (chosen).
    """
    if principal == user(registry.name):
        return bool(registry.properties["adminUserEnabled"])
    tokens = [each for each in cloud.store.children(registry.id, TOKENS) if principal == user(each.name)]
    if tokens:
        return str(tokens[0].properties.get("status", "enabled")).lower() == "enabled"
    mine = (a for a in cloud.store.of_type(ASSIGNMENTS) if a.properties["principalId"] == principal)
    return any(honoured(assignment, registry, "pull") for assignment in covering(mine, registry))


def covering(assignments: Iterable[Resource], registry: Resource) -> Iterator[Resource]:
    """Yield the role assignments that are made on a registry or above it."""
    for assignment in assignments:
        scope = str(assignment.properties["scope"]).rstrip("/").lower()
        if scope == registry.key or registry.key.startswith(f"{scope}/"):
            yield assignment


def role_of(assignment: Resource) -> str:
    """Return the name of the role that an assignment gives; empty for one that is not built in."""
    return BUILT_IN.get(str(assignment.properties["roleDefinitionId"]).rpartition("/")[2], "")


def honoured(assignment: Resource, registry: Resource, action: str) -> bool:
    """Tell whether the registry's mode lets the holder of a role `pull` or `push`."""
    return role_of(assignment) in HONOURED[action][registry.properties["roleAssignmentMode"]]


def problem(cloud: Cloud, image: str, identities: dict[str, str]) -> str | None:
    """Return why an image cannot be pulled, in the words that a registry client uses, or None [CAE-PULL].

    Args:
        cloud: where registries and roles are.
        image: reference with its host.
        identities: principal of the identity, or the user, that is configured for each registry host, in lower case.
    """
    host, slash, rest = image.partition("/")
    if not slash or not split(host)[1]:
        return None
    registry = registry_of(cloud, host)
    if registry is None:
        return f"Get https://{host}/v2/: dial tcp: lookup {host}: no such host"
    if registry.properties.get("anonymousPullEnabled"):
        return None
    principal = identities.get(host.lower())
    repository = rest.partition("@")[0].partition(":")[0]
    if principal is None or not may_pull(cloud, registry, principal):
        scope = f"repository%3A{repository.replace('/', '%2F')}%3Apull"
        return (
            f"GET https:?scope={scope}&service={registry.properties['loginServer']}: "
            "UNAUTHORIZED: authentication required, visit https://aka.ms/acr/authorization for more information."
        )
    return None
