"""Rules on permissions to pull: roles that the mode of a registry ignores, the identity that pulls, and cache rules."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from planning.roles import SECRET_READERS, role_for, role_problem
from policies.model import (
    EVERYWHERE,
    Graph,
    Resource,
    Rule,
    RuleConfig,
    Undetermined,
    Verdict,
    fail,
    not_applicable,
    undetermined,
)
from policies.rules import types as t
from policies.rules.forms import same
from policies.rules.identities import Pull, pulls_of
from policies.rules.relations import Grant, assignments_on, grants_on, mode_of, principals, pulls, role_of

_registry = partial(Rule, types=(t.REGISTRY,))


class Consumers(RuleConfig):
    """Logical names of consumers whose role assignment is not part of the program."""

    granted_elsewhere: tuple[str, ...] = ()


def _dead_roles(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    mode = mode_of(resource)
    for assignment in assignments_on(graph, resource):
        try:
            grant = Grant(assignment, role_of(assignment), ())
        except Undetermined as unknown:
            yield undetermined(f"roleDefinitionId of {assignment.name} is not known yet", unknown.path, assignment)
            continue
        if grant.known is None or grant.known.control_plane:
            continue  # roles on the resource itself count in either mode [ROLE-2]
        problem = role_problem(grant.known, mode)
        if problem:
            yield fail(f"{assignment.name} on {resource.name}: {problem}", "roleDefinitionId", assignment)
        condition = assignment.value("condition") if not assignment.has_unknown("condition") else None
        if condition and grant.known.name.endswith("Catalog Lister"):
            yield fail(
                f"{assignment.name}: {grant.known.name} takes no condition, expected none", "condition", assignment
            )


def _has_assignments(resource: Resource, graph: Graph, config: Any) -> str | None:
    return None if assignments_on(graph, resource) else "no role assignment of the program applies to it"


def _may_pull(resource: Resource, graph: Graph, config: Consumers) -> Iterator[Verdict]:
    found = [each for each in pulls_of(graph) if each.consumer is resource]
    if not found:
        yield not_applicable("it pulls from no registry of the program")
    elif resource.name in config.granted_elsewhere:
        yield not_applicable("its role assignment is not part of the program (granted_elsewhere)")
    else:
        for pull in found:
            yield from _granted(pull, graph)


def _granted(pull: Pull, graph: Graph) -> Iterator[Verdict]:
    registry = pull.registry
    if not pull.identities:
        if pull.hidden:
            yield undetermined(f"the identity that pulls from {registry.name} is not known yet")
        else:
            yield not_applicable("it pulls with a password, or with an identity outside the program")
        return
    mode = mode_of(registry)
    grants, hidden = _grants(graph, registry)
    good = [each for each in grants if set(each.principals) & set(pull.identities) and pulls(each.role, mode)]
    who = " or ".join(each.name for each in pull.identities)
    if not good:
        if any(set(principals(graph, each)) & set(pull.identities) for each in hidden):
            yield undetermined(f"the role of {who} on {registry.name} is not known yet")
            return
        wanted = role_for("pull", mode).name
        yield fail(f"{who} has no role on {registry.name} that allows pulling in {mode}, expected {wanted}")
        return
    if not pull.by_name:
        return
    if pull.consumer in pull.identities:
        yield fail(
            "it pulls with its system-assigned identity, which exists after its first pull, expected UserAssigned",
            "identity",
        )
    elif not any(_comes_before(each.assignment, pull.consumer, graph) for each in good):
        names = ", ".join(each.assignment.name for each in good)
        yield fail(f"it does not depend on its role assignment ({names}), expected dependsOn", "dependsOn")


def _grants(graph: Graph, registry: Resource) -> tuple[list[Grant], list[Resource]]:
    """Return the role assignments on a registry, and those whose role is unknown."""
    known, hidden = [], []
    for assignment in assignments_on(graph, registry):
        try:
            known.append(Grant(assignment, role_of(assignment), principals(graph, assignment)))
        except Undetermined:
            hidden.append(assignment)
    return known, hidden


def _comes_before(assignment: Resource, consumer: Resource, graph: Graph) -> bool:
    """Return whether a consumer depends on an assignment, directly or through other resources."""
    seen, waiting = {consumer.urn}, [consumer]
    while waiting:
        for other in graph.dependencies(waiting.pop()):
            if other is assignment:
                return True
            if other.urn not in seen:
                seen.add(other.urn)
                waiting.append(other)
    return False


def _audience(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    pulling = [
        each.consumer.name
        for each in pulls_of(graph)
        if each.registry is resource and each.consumer.type in {t.APP, t.JOB} and each.identities
    ]
    if pulling:
        place = "policies.azureADAuthenticationAsArmPolicy.status"
        yield fail(
            f"{place} is disabled while {', '.join(pulling)} pull with a managed identity, expected enabled", place
        )


def _audience_is_off(resource: Resource, graph: Graph, config: Any) -> str | None:
    status = resource.value("policies.azureADAuthenticationAsArmPolicy.status", "enabled")
    return None if same(status, "disabled") else "tokens with the ARM audience are accepted"


def _cache(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    source = str(resource.value("sourceRepository", "")).lower()
    if ".azurecr." in source.partition("/")[0]:
        if not graph.references(resource, "identity", t.IDENTITY) and not resource.has_unknown("identity"):
            yield fail("identity is not set, expected a user-assigned identity for an upstream in Azure", "identity")
    else:
        for credentials in graph.references(resource, "credentialSetResourceId", t.CREDENTIAL_SET):
            yield from _credentials(credentials, graph)
    yield from _overlap(resource, graph)


def _credentials(credentials: Resource, graph: Graph) -> Iterator[Verdict]:
    if "systemassigned" not in str(credentials.value("identity.type", "")).lower():
        yield fail(f"{credentials.name} has no system-assigned identity, expected one", "identity.type", credentials)
    vaults = graph.references(credentials, "authCredentials", t.VAULT, t.SECRET)
    if not vaults:
        return  # neither the key vault nor the role assignment is part of the program
    for vault in vaults:
        owner = vault if vault.type == t.VAULT else graph.arm_parent(vault)
        grants = grants_on(graph, owner) if owner else []
        if owner and not any(credentials in each.principals and each.role in SECRET_READERS for each in grants):
            least = next(iter(SECRET_READERS.values())).name
            yield fail(f"{credentials.name} has no role that reads secrets of {owner.name}, expected {least}")


def _overlap(resource: Resource, graph: Graph) -> Iterator[Verdict]:
    registry = graph.arm_parent(resource)
    target = str(resource.value("targetRepository", "")).rstrip("*").rstrip("/")
    for other in graph.children(registry, t.CACHE_RULE) if registry else []:
        if other is resource or other.has_unknown("targetRepository"):
            continue
        theirs = str(other.value("targetRepository", "")).rstrip("*").rstrip("/")
        if target == theirs or f"{target}/".startswith(f"{theirs}/"):
            yield fail(
                f"targetRepository {target} is within {theirs} of {other.name}, expected another path",
                "targetRepository",
            )


RULES: tuple[Rule, ...] = (
    _registry(
        _dead_roles,
        id="MOOR-DOM-010",
        title="Role has no effect in the role assignment mode of the registry",
        severity="critical",
        what="Roles on a container registry have an effect in its role assignment mode.",
        why="AcrPull has no effect in AbacRepositoryPermissions, and repository roles have none in "
        "LegacyRegistryPermissions: the "
        "assignment succeeds, and the first pull is refused. Owner, Contributor and Reader count on the control "
        "plane in either mode.",
        remedy="set roleDefinitionId to the role for the mode",
        docs="container-registry/container-registry-rbac-abac-repository-permissions",
        covers=("D10",),
        profiles=EVERYWHERE,
        where=(_has_assignments,),
    ),
    Rule(
        _may_pull,
        types=t.PULLING,
        id="MOOR-DOM-011",
        title="Identity that pulls images has no role on the registry",
        severity="high",
        pillar="reliability",
        what="The identity that pulls images has a role that allows pulling before the consumer is created.",
        why="Nodes pull with the kubelet identity and not with that of the cluster; apps pull with the identity of "
        "the registry entry. "
        "If the role assignment is created later, the first start fails.",
        remedy="assign the role to a user-assigned identity, and add the assignment to dependsOn of the consumer",
        docs="aks/cluster-container-registry-integration",
        covers=("D11",),
        profiles=EVERYWHERE,
        config=Consumers,
    ),
    _registry(
        _audience,
        id="MOOR-DOM-012",
        title="Registry does not accept ARM audience tokens of Container Apps",
        severity="critical",
        pillar="reliability",
        what="A container registry accepts tokens with the ARM audience while Container Apps pull from it with a "
        "managed identity.",
        why="Container Apps authenticate with such tokens. A built-in Azure Policy definition recommends to disable "
        "them, and every new "
        "replica then fails to start.",
        remedy="set policies.azureADAuthenticationAsArmPolicy.status: enabled",
        docs="container-apps/managed-identity-image-pull",
        covers=("D12",),
        profiles=EVERYWHERE,
        where=(_audience_is_off,),
    ),
    Rule(
        _cache,
        types=(t.CACHE_RULE,),
        id="MOOR-DOM-013",
        title="Cache rule has no credentials for its upstream",
        severity="medium",
        pillar="reliability",
        what="A cache rule has the identity or credential set that its upstream requires, and a separate target path.",
        why="Azure accepts a rule without them, and it serves no images. Two rules with one path serve the wrong image.",
        remedy="set identity for an upstream in Azure, credentialSetResourceId for others, and a separate targetRepository",
        docs="container-registry/artifact-cache-overview",
        covers=("D13",),
    ),
)
