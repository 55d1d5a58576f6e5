"""Cross-system checks for grants.

Each check yields problems at the path of the cause. The plan adds a pull grant for every pulling identity of the stack,
so that it need not be stated.
"""

from __future__ import annotations

from collections.abc import Iterator

from components.access.spec import GrantSpec
from planning.problems import Path, Problem
from planning.roles import Role, condition_problem, role_problem
from stacks.plan import Plan
from stacks.spec import StackSpec
from stacks.system import System


def grants(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """Roles that the registry's mode ignores, and duplicate grants [ROLE-2, ROLE-7]."""
    mode = spec.role_assignment_mode
    holders: dict[tuple[str, str], str] = {}
    for key, grant in spec.access.items():
        path = ("access", key)
        role = grant.role_in(mode)
        yield from _fit(spec, path, grant, role)
        other = holders.setdefault((grant.who.lower(), role.guid), key)
        if other != key:
            yield Problem(path, _twin(spec.access[other], grant, other, role))


def _fit(spec: StackSpec, path: Path, grant: GrantSpec, role: Role) -> Iterator[Problem]:
    """Roles and conditions that do not fit the registry's mode."""
    mode = spec.role_assignment_mode
    unfit = role_problem(role, mode)
    if unfit:
        yield Problem((*path, "role"), unfit)
        return
    unfit = condition_problem(role, grant.repositories, mode)
    if unfit:
        yield Problem((*path, "repositories"), unfit)
    if role.beyond:
        message = f"{role.name} includes control of the registry itself; use action pull, push or delete [ROLE-3]"
        yield Problem((*path, "role"), message, "warning")


def _twin(first: GrantSpec, second: GrantSpec, other: str, role: Role) -> str:
    """A second assignment of a role to a principal, which Azure refuses even if the conditions differ."""
    remedy = f"put its repositories into {other}" if first.repositories and second.repositories else "remove one"
    return (
        f"gives {second.who} the role {role.name}, as grant {other} does; a role is assigned to a principal once "
        f"on a registry, whatever the repositories: {remedy} [ROLE-7]"
    )


ACCESS = System(section="access", checks=(grants,))
