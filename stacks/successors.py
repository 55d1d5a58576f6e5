"""Federated credentials and role assignments that have another key now.

Azure refuses a second credential of one issuer and subject on an identity, and a second assignment of one role to one principal
in a scope, whatever they are named [MSI-2, RBAC-EXISTS]. Under a new key the engine would create the second before it deletes the
first. Therefore the old one is the alias of the new one, which replaces it: the provider deletes first.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from components.access.assignments import assignments
from stacks.plan import Plan
from stacks.previous import Held, Previous
from stacks.spec import StackSpec


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A resource of the plan: prefix of the logical names of its siblings, and the outputs that make it the same."""

    siblings: str
    outputs: dict[str, str]


def successors(name: str, spec: StackSpec, plan: Plan, previous: Previous) -> dict[str, str]:
    """Return the URN of the resource that each credential and assignment with a new key takes over, by its logical name.

    Args:
        name: prefix of logical names.
        spec: the stack's spec.
        plan: the stack's plan.
        previous: the previous state of the stack.
    """
    credentials = dict(_credentials(name, spec))
    grants = dict(_grants(name, spec, plan, previous))
    return {
        **_matched(credentials, list(previous.of_kind("FederatedIdentityCredential"))),
        **_matched(grants, list(previous.of_kind("RoleAssignment"))),
    }


def _credentials(name: str, spec: StackSpec) -> Iterator[tuple[str, _Wanted]]:
    for identity, its in spec.identities.items():
        siblings = f"{name}-identity-{identity}-credential-"
        for key, credential in its.federated_credentials.items():
            yield f"{siblings}{key}", _Wanted(siblings, {"issuer": credential.issuer, "subject": credential.subject})
    for cluster, its in spec.clusters.items():
        siblings = f"{name}-cluster-{cluster}-account-"
        for key, account in its.workload_identities.items():
            subject = f"system:serviceaccount:{account.namespace}:{account.service_account}"
            yield f"{siblings}{key}-credential", _Wanted(siblings, {"subject": subject})


def _grants(name: str, spec: StackSpec, plan: Plan, previous: Previous) -> Iterator[tuple[str, _Wanted]]:
    identities = previous.keys("UserAssignedIdentity", f"{name}-identity-", "-identity")
    mode, both = spec.role_assignment_mode, spec.grants_for_both_modes
    for each in assignments(f"{name}-access", plan.grants, mode, both=both, held=previous.roles):
        held = identities.get(each.grant.identity or "")
        principal = str(held.outputs.get("principalId", "")) if held else each.grant.principal_id
        if principal:
            wanted = {"principalId": principal, "roleDefinitionId": each.role.guid}
            yield each.logical_name, _Wanted(f"{name}-access-", wanted)


def _matched(wanted: dict[str, _Wanted], held: list[Held]) -> dict[str, str]:
    gone = [each for each in held if each.name not in wanted]
    there = {each.name for each in held}
    found: dict[str, str] = {}
    for logical, new in wanted.items():
        match = next((each for each in gone if each.name.startswith(new.siblings) and _is_same(each, new)), None)
        if logical not in there and match is not None:
            found[logical] = match.urn
            gone.remove(match)
    return found


def _is_same(held: Held, wanted: _Wanted) -> bool:
    """Return whether the outputs are equal; ids by their last part, whatever comes before."""
    shown = {key: str(held.outputs.get(key, "")).rpartition("/roleDefinitions/")[2].lower() for key in wanted.outputs}
    return shown == {key: value.lower() for key, value in wanted.outputs.items()}
