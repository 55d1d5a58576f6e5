"""Rules on role assignments: how wide they are, and to whom they are made."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from planning.roles import PRIVILEGED, Role
from policies.model import Graph, Resource, Rule, Verdict, fail, undetermined
from policies.rules import types as t
from policies.rules.domain_kubernetes import burst_subnets
from policies.rules.forms import same
from policies.rules.identities import kubelet
from policies.rules.relations import principals, role_of

_GROUP_DEPTH = 3
"""Slashes in the id of a resource group, without the first one: subscriptions/S/resourceGroups/G."""


def _least(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    role = PRIVILEGED.get(role_of(resource))
    if role is None:
        return
    targets = [each for each in graph.references(resource, "scope") if each.type]
    expected = "expected a role for the task, on one resource"
    if resource.has_unknown("scope"):
        # The id of a group is its scope; that of a resource may be cut to its group, its node group or its subscription.
        if targets and all(each.type == t.RESOURCE_GROUP for each in targets):
            yield fail(f"{role.name} on {targets[0].name}, {expected}", "scope")
        else:
            yield undetermined(f"the scope of {role.name} is not known yet", "scope")
        return
    scope = str(resource.value("scope", ""))
    if scope.strip("/").count("/") > _GROUP_DEPTH or _is_of_virtual_nodes(resource, graph, scope, role):
        return  # one resource: on a registry MOOR-ACR-028 judges it
    yield fail(f"{role.name} on {targets[0].name if targets else scope}, {expected}", "scope")


def _is_of_virtual_nodes(assignment: Resource, graph: Graph, scope: str, role: Role) -> bool:
    """Return whether virtual nodes require an assignment: Contributor of the kubelet identity on the node group [VN-5]."""
    if role.name != "Contributor":
        return False
    name = scope.rpartition("/")[2].lower()
    acting = set(principals(graph, assignment))
    for cluster in graph.of(t.CLUSTER):
        stated = "" if cluster.has_unknown("nodeResourceGroup") else str(cluster.value("nodeResourceGroup", ""))
        if stated.lower() == name and acting & set(kubelet(graph, cluster)) and burst_subnets(cluster, graph):
            return True
    return False


def _groups(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    kind = resource.value("principalType")
    if kind is None and principals(graph, resource):
        yield fail("principalType is not set and defaults to User, expected ServicePrincipal", "principalType")
    elif same(kind, "User"):
        yield fail("principalType is User, expected Group or ServicePrincipal", "principalType")


RULES: tuple[Rule, ...] = (
    Rule(
        _least,
        types=(t.ROLE_ASSIGNMENT,),
        id="MOOR-GEN-012",
        title="Privileged role is assigned on a resource group or subscription",
        severity="high",
        what="Privileged roles, such as Owner and Contributor, are not assigned on resource groups or subscriptions.",
        why="An attacker who takes over a workload has the permissions of its identity. Contributor of the kubelet "
        "identity on the node "
        "resource group is exempt where virtual nodes require it.",
        remedy="set roleDefinitionId to a role for the task, and scope to the resource",
        docs="role-based-access-control/best-practices",
        covers=("1.6#12", "PSR-RBAC", "TRV-AZU-0030", "TRV-AZU-0052"),
        frameworks=("MCSB PA-7",),
    ),
    Rule(
        _groups,
        types=(t.ROLE_ASSIGNMENT,),
        id="MOOR-GEN-112",
        title="Role is assigned to a user",
        severity="medium",
        what="Roles are assigned to groups and managed identities.",
        why="The assignment of a user outlives the role of that person. If principalType is not stated, it defaults "
        "to User, and a new identity may not be found.",
        remedy="set principalId to a group, or set principalType: ServicePrincipal for an identity",
        docs="role-based-access-control/best-practices",
        covers=("1.6#12", "PSR-RBAC.UseGroups"),
        frameworks=("MCSB PA-7",),
    ),
)
