"""Domain rules on who may pull: roles that the registry's mode ignores, the identity that really pulls, and caches."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from planning.roles import role_for, role_problem
from policies.model import Graph, Resource, Rule, RuleConfig, Undetermined, Verdict, fail, not_applicable, undetermined
from policies.rules import types as t
from policies.rules.forms import EVERYWHERE, declare, same
from policies.rules.identities import Pull, pulls_of
from policies.rules.relations import Grant, assignments_on, grants_on, mode_of, principals, pulls, role_of

_registry = partial(declare, types=(t.REGISTRY,))
_SECRETS_USER = "4633458b-17de-408a-b874-0445c86b69e6"
_SECRETS_OFFICER = "b86a8fe4-44ce-4948-aee5-eccb2c155cd7"
_ADMINISTRATOR = "00482a5a-887f-4fb3-b363-3b7fe8e74483"
_READS_SECRETS = {_SECRETS_USER, _SECRETS_OFFICER, _ADMINISTRATOR}


class Consumers(RuleConfig):
    """Consumers, by logical name, whose grant is made elsewhere."""

    granted_elsewhere: tuple[str, ...] = ()


def _dead_roles(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    mode = mode_of(resource)
    for assignment in assignments_on(graph, resource):
        try:
            grant = Grant(assignment, role_of(assignment), ())
        except Undetermined as unknown:
            yield undetermined(f"the role of {assignment.name} is not known yet", unknown.path, assignment)
            continue
        if grant.known is None or (grant.known.beyond and resource not in graph.references(assignment, "scope")):
            continue
        problem = role_problem(grant.known, mode)
        if problem:
            yield fail(f"{assignment.name} on {resource.name}: {problem}", "roleDefinitionId", assignment)
        condition = assignment.value("condition") if not assignment.has_unknown("condition") else None
        if condition and grant.known.name.endswith("Catalog Lister"):
            yield fail(f"{assignment.name}: the Catalog Lister takes no condition", "condition", assignment)


def _has_assignments(resource: Resource, graph: Graph, config: Any) -> str | None:
    return None if assignments_on(graph, resource) else "no role assignment of the program reaches it"


def _may_pull(resource: Resource, graph: Graph, config: Consumers) -> Iterator[Verdict]:
    found = [each for each in pulls_of(graph) if each.consumer is resource]
    if not found:
        yield not_applicable("it pulls from no registry of the program")
    elif resource.name in config.granted_elsewhere:
        yield not_applicable("its grant is made elsewhere")
    else:
        for pull in found:
            yield from _granted(pull, graph)


def _granted(pull: Pull, graph: Graph) -> Iterator[Verdict]:
    registry = pull.registry
    if not pull.identities:
        if pull.hidden:
            yield undetermined(f"as whom it pulls from {registry.name} is not known yet")
        else:
            yield not_applicable("it pulls with a password, or as an identity made elsewhere")
        return
    mode = mode_of(registry)
    grants, hidden = _grants(graph, registry)
    good = [each for each in grants if set(each.principals) & set(pull.identities) and pulls(each.role, mode)]
    who = " or ".join(each.name for each in pull.identities)
    if not good:
        if any(set(principals(graph, each)) & set(pull.identities) for each in hidden):
            yield undetermined(f"which role {who} has on {registry.name} is not known yet")
            return
        wanted = role_for("pull", mode).name
        yield fail(f"{who} has no role on {registry.name} that lets pull in {mode}, allowed is {wanted}")
        return
    if pull.by_name and not any(_comes_before(each.assignment, pull.consumer, graph) for each in good):
        names = ", ".join(each.assignment.name for each in good)
        yield fail(f"it does not wait for its grant ({names}), allowed is dependsOn on it", "dependsOn")


def _grants(graph: Graph, registry: Resource) -> tuple[list[Grant], list[Resource]]:
    """The grants on a registry, and the assignments whose role is not known yet."""
    known, hidden = [], []
    for assignment in assignments_on(graph, registry):
        try:
            known.append(Grant(assignment, role_of(assignment), principals(graph, assignment)))
        except Undetermined:
            hidden.append(assignment)
    return known, hidden


def _comes_before(assignment: Resource, consumer: Resource, graph: Graph) -> bool:
    """Whether a consumer waits for an assignment, directly or through others; none that is the consumer's own can."""
    if consumer in principals(graph, assignment):
        return True
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
            f"{place} is disabled while {', '.join(pulling)} pull by managed identity, allowed is enabled", place
        )


def _audience_is_off(resource: Resource, graph: Graph, config: Any) -> str | None:
    status = resource.value("policies.azureADAuthenticationAsArmPolicy.status", "enabled")
    return None if same(status, "disabled") else "tokens for ARM are accepted"


def _cache(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    source = str(resource.value("sourceRepository", "")).lower()
    if ".azurecr." in source.partition("/")[0]:
        if not graph.references(resource, "identity", t.IDENTITY) and not resource.has_unknown("identity"):
            yield fail("identity names no user-assigned identity, allowed is one for a registry upstream", "identity")
    else:
        for credentials in graph.references(resource, "credentialSetResourceId", t.CREDENTIAL_SET):
            yield from _credentials(credentials, graph)
    yield from _overlap(resource, graph)


def _credentials(credentials: Resource, graph: Graph) -> Iterator[Verdict]:
    if "systemassigned" not in str(credentials.value("identity.type", "")).lower():
        yield fail(f"{credentials.name} has no system-assigned identity", "identity.type", credentials)
    vaults = graph.references(credentials, "authCredentials", t.VAULT, t.SECRET)
    if not vaults:
        return  # the vault is made elsewhere, and so is the grant
    for vault in vaults:
        owner = vault if vault.type == t.VAULT else graph.arm_parent(vault)
        grants = grants_on(graph, owner) if owner else []
        if owner and not any(credentials in each.principals and each.role in _READS_SECRETS for each in grants):
            yield fail(f"{credentials.name} may not read secrets of {owner.name}, allowed is Key Vault Secrets User")


def _overlap(resource: Resource, graph: Graph) -> Iterator[Verdict]:
    registry = graph.arm_parent(resource)
    target = str(resource.value("targetRepository", "")).rstrip("*").rstrip("/")
    for other in graph.children(registry, t.CACHE_RULE) if registry else []:
        if other is resource or other.has_unknown("targetRepository"):
            continue
        theirs = str(other.value("targetRepository", "")).rstrip("*").rstrip("/")
        if target == theirs or f"{target}/".startswith(f"{theirs}/"):
            yield fail(f"targetRepository {target} lies within that of {other.name}: {theirs}", "targetRepository")


RULES: tuple[Rule, ...] = (
    _registry(
        _dead_roles,
        id="MOOR-DOM-010",
        title="Role that the registry ignores",
        severity="critical",
        what="Roles on a registry are such as its mode honours.",
        why="In AbacRepositoryPermissions AcrPull gives nothing, and in the legacy mode the Repository roles give nothing: "
        "the assignment succeeds, and the first pull is refused.",
        remedy="take the role of the mode",
        docs="container-registry/container-registry-rbac-abac-repository-permissions",
        covers=("D10",),
        profiles=EVERYWHERE,
        where=(_has_assignments,),
    ),
    declare(
        _may_pull,
        types=t.PULLING,
        id="MOOR-DOM-011",
        title="Whoever pulls has no right to",
        severity="high",
        pillar="reliability",
        what="The identity that pulls holds a role that lets pull, before it pulls.",
        why="Nodes pull as the kubelet identity, not as the cluster; apps as the identity named beside the registry. A grant "
        "made later than its consumer is a start that fails at random.",
        remedy="grant the role to that identity, and let the consumer depend on the grant",
        docs="aks/cluster-container-registry-integration",
        covers=("D11",),
        profiles=EVERYWHERE,
        config=Consumers,
    ),
    _registry(
        _audience,
        id="MOOR-DOM-012",
        title="Registry refuses the tokens of its apps",
        severity="critical",
        pillar="reliability",
        what="A registry accepts tokens for ARM while Container Apps pull from it by identity.",
        why="Container Apps sign in with such tokens. A built-in policy of Azure tells people to switch them off: every new "
        "replica then fails to start.",
        remedy="set policies.azureADAuthenticationAsArmPolicy.status: enabled",
        docs="container-apps/managed-identity-image-pull",
        covers=("D12",),
        profiles=EVERYWHERE,
        where=(_audience_is_off,),
    ),
    declare(
        _cache,
        types=(t.CACHE_RULE,),
        id="MOOR-DOM-013",
        title="Cache rule cannot reach its upstream",
        severity="medium",
        pillar="reliability",
        what="A cache rule has the identity or the credentials that its upstream wants, and a path of its own.",
        why="A rule without them is accepted and serves nothing; two rules on one path serve the wrong image.",
        remedy="state identity for a registry, a credential set with a grant on its vault for others, and another path",
        docs="container-registry/artifact-cache-overview",
        covers=("D13",),
    ),
)
