"""Cross-system checks for grants.

Each check yields problems at the place of the culprit. Whoever pulls under an identity of the stack is granted that by the plan,
so nobody has to write it down; a grant that is written down stands for itself.
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
    """Grants: of roles that the registry's mode honours, each once [ROLE-2, ROLE-7]."""
    mode = spec.registry.role_assignment_mode
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
    mode = spec.registry.role_assignment_mode
    unfit = role_problem(role, mode)
    if unfit:
        yield Problem((*path, "role"), unfit)
        return
    unfit = condition_problem(role, grant.repositories, mode)
    if unfit:
        yield Problem((*path, "repositories"), unfit)
    if role.beyond:
        message = f"{role.name} gives control of the registry itself too; take action pull, push or delete [ROLE-3]"
        yield Problem((*path, "role"), message, "warning")


def _twin(first: GrantSpec, second: GrantSpec, other: str, role: Role) -> str:
    """A second assignment of one role to one principal, which Azure refuses even where the conditions differ."""
    remedy = f"put its repositories into {other}" if first.repositories and second.repositories else "remove one"
    return (
        f"gives {second.who} the role {role.name}, which grant {other} gives already; a role is assigned to a principal once "
        f"on a registry, whatever the repositories: {remedy} [ROLE-7]"
    )


ACCESS = System(section="access", checks=(grants,))
