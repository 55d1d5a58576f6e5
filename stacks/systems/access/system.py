"""Cross-system checks for grants.

Each check yields problems at the path of the cause. The plan adds a pull grant for every pulling identity of the stack,
so that it need not be stated.
"""

from __future__ import annotations

from collections.abc import Iterator

from components.access.assignments import Assignment, assignments
from components.access.spec import GrantSpec
from planning.charges import NoCharge
from planning.problems import Path, Problem
from planning.roles import Role
from stacks.plan import Plan
from stacks.spec import StackSpec
from stacks.system import System


def grants(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """Roles that the registry's mode ignores, and duplicate grants [ROLE-2, ROLE-7]."""
    if spec.grants_for_both_modes and not plan.grants:
        message = "has no effect: this stack grants nothing on the registry; remove it"
        yield Problem(("registry", "grants_for_both_modes"), message, "warning")
    holders: dict[tuple[str, str], str] = {}
    for each in assignments("", spec.access, spec.role_assignment_mode, both=spec.grants_for_both_modes):
        path = ("access", each.key)
        yield from _fit(path, each)
        other = holders.setdefault((each.grant.who.lower(), each.role.guid), each.key)
        if other != each.key:
            yield Problem(path, _twin(spec.access[other], each.grant, other, each.role))


def _fit(path: Path, assignment: Assignment) -> Iterator[Problem]:
    """Roles and conditions that do not fit the registry's mode."""
    yield from (Problem((*path, member), message) for member, message in assignment.problems())
    role = assignment.role
    if role.beyond and assignment.mode in role.honoured:
        message = f"{role.name} includes control of the registry itself; use action pull, push or delete [ROLE-3]"
        yield Problem((*path, "role"), message, "warning")


def _twin(first: GrantSpec, second: GrantSpec, other: str, role: Role) -> str:
    """A second assignment of a role to a principal, which Azure refuses even if the conditions differ."""
    remedy = f"put its repositories into {other}" if first.repositories and second.repositories else "remove one"
    return (
        f"gives {second.who} the role {role.name}, as grant {other} does; a role is assigned to a principal once "
        f"on a registry, whatever the repositories: {remedy} [ROLE-7]"
    )


ACCESS = System(
    section="access",
    charges=NoCharge("role assignments are free [COST-FREE]"),
    checks=(grants,),
)
