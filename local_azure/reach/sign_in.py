"""Signing in to a registry, and what its mode lets the one who signed in do with a repository."""

from __future__ import annotations

import re
from typing import Final

from local_azure.reach import tokens
from local_azure.reach.conditions import ConditionError, holds
from local_azure.reach.consumers import PULL, PUSH, Consumer, repository_of
from local_azure.reach.estate import Estate, Host
from local_azure.reach.links import CONDITION, CREDENTIALS, IDENTITY, NODE_IMAGE, ROLE, Break
from local_azure.services.image_pulls import covering, honoured, role_of
from local_azure.store import Resource

FIRST_NODE_IMAGE: Final = "202607.29"
"""First node image whose kubelet asks credentials for regional hosts [AKS-8]."""

_DATA_ACTIONS: Final = {
    PULL: "Microsoft.ContainerRegistry/registries/repositories/content/read",
    PUSH: "Microsoft.ContainerRegistry/registries/repositories/content/write",
}
"""What a condition is asked about [ROLE-1]."""

_LINUX_IMAGE = re.compile(r"-(\d{6}\.\d{1,2})(?:\.|$)")
_WINDOWS_IMAGE = re.compile(r"\.(\d{4})(\d{2})$")


def problem(estate: Estate, consumer: Consumer, host: Host) -> Break | None:
    """Return why a consumer cannot sign in, or may not do what it wants once it has."""
    registry, sign_in = host.registry, consumer.sign_in
    if sign_in.kind == "identity":
        return _node_image(consumer, host) or _identity(estate, consumer, registry) or _role(estate, consumer, registry)
    if sign_in.kind == "user" and sign_in.user.lower() != registry.name.lower():
        repository = repository_of(consumer.image)
        return tokens.problem(estate, registry, consumer.id, sign_in.user, consumer.action, repository)
    if sign_in.kind in {"admin", "user"}:
        on = registry.properties["adminUserEnabled"]
        return (
            None if on else Break(CREDENTIALS, registry.id, f"the admin user of registry {registry.name} is disabled")
        )
    if consumer.action == PULL and registry.properties["anonymousPullEnabled"]:
        return None
    message = f"it has no credentials for registry {registry.name}, which does not admit anonymous {consumer.action}es"
    return Break(CREDENTIALS, consumer.id, message.replace("pulles", "pulls"))


def _node_image(consumer: Consumer, host: Host) -> Break | None:
    """Return the node image whose kubelet does not sign in to regional hosts."""
    if host.kind != "regional":
        return None
    for image in consumer.node_images:
        built = _built(image)
        if built is not None and built < FIRST_NODE_IMAGE:
            message = (
                f"node image {image} does not sign in to regional hosts; {FIRST_NODE_IMAGE} is the first that does"
            )
            return Break(NODE_IMAGE, consumer.id, message)
    return None


def _built(image: str) -> str | None:
    """Return the date of a node image as `yyyymm.dd`; None where the version does not tell."""
    windows = _WINDOWS_IMAGE.search(image) if image.startswith("AKSWindows") else None
    if windows:
        return f"20{windows[1]}.{windows[2]}"
    linux = _LINUX_IMAGE.search(image)
    if linux is None:
        return None
    month, _, day = linux[1].partition(".")
    return f"{month}.{day:0>2}"


def _identity(estate: Estate, consumer: Consumer, registry: Resource) -> Break | None:
    sign_in = consumer.sign_in
    if sign_in.identity and estate.identity(sign_in.identity) is None:
        return Break(IDENTITY, sign_in.identity, "the identity with which it signs in does not exist any more")
    if not sign_in.principal:
        return Break(IDENTITY, consumer.id, "the identity with which it signs in is not assigned to it")
    policy = registry.properties["policies"]["azureADAuthenticationAsArmPolicy"]
    if sign_in.arm_audience and policy.get("status") == "disabled":
        message = f"registry {registry.name} takes no tokens for Resource Manager, with which the service signs in"
        return Break(CREDENTIALS, registry.id, message)
    return None


def _role(estate: Estate, consumer: Consumer, registry: Resource) -> Break | None:
    principal, repository = consumer.sign_in.principal, repository_of(consumer.image)
    return role_problem(estate, principal, registry, consumer.action, repository)


def role_problem(estate: Estate, principal: str, registry: Resource, action: str, repository: str) -> Break | None:
    """Return why the roles of a principal do not let it pull from, or push to, a repository of a registry."""
    mode = registry.properties["roleAssignmentMode"]
    here = list(covering(estate.grants(principal), registry))
    counting = [assignment for assignment in here if honoured(assignment, registry, action)]
    if not counting:
        if not here:
            return Break(ROLE, registry.id, f"its identity has no role on registry {registry.name}")
        roles = ", ".join(role_of(assignment) or "a custom role" for assignment in here)
        message = f"its identity has {roles}, which lets nobody {action} while the registry is in {mode}"
        return Break(ROLE, here[0].id, message)
    # Only this mode has conditions [ROLE-4].
    narrowed = [assignment for assignment in counting if assignment.properties.get("condition")]
    if mode != "AbacRepositoryPermissions" or len(narrowed) < len(counting):
        return None
    return _condition(narrowed, action, repository)


def _condition(narrowed: list[Resource], action: str, repository: str) -> Break | None:
    unclear = None
    for assignment in narrowed:
        try:
            if holds(assignment.properties["condition"], _DATA_ACTIONS[action], repository):
                return None
        except ConditionError as error:
            unclear = Break(CONDITION, assignment.id, f"its condition is not understood here: {error}", False)
    message = f"the condition on {role_of(narrowed[0])} does not let it {action} {repository}"
    return unclear or Break(CONDITION, narrowed[0].id, message)
