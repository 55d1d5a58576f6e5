"""What of identities and grants would be refused by Azure, or taken and then give nothing.

Each check yields problems at the place of the culprit. Whoever pulls under an identity of the stack is granted that by the plan,
so nobody has to write it down; a grant that is written down stands for itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from components.access.spec import GrantSpec
from planning import names, regions
from planning.problems import Path, Problem, unknown
from planning.roles import Role, condition_problem, role_problem
from stacks.spec import StackSpec
from stacks.systems.system import System

if TYPE_CHECKING:
    from stacks.plan import Plan


def identities(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """Identities: names that Azure takes, each once, in regions that are known [MSI-1]."""
    seen: dict[str, str] = {}
    for key, identity in spec.identities.items():
        path = ("identities", key)
        problem = names.USER_ASSIGNED_IDENTITY.problem(plan.names.user_assigned_identity(key))
        if problem:
            yield Problem(path, f"{problem}; take another key")
        other = seen.setdefault(key.lower(), key)
        if other != key:
            yield Problem(path, f"differs from {other} in case only, which is one name to Azure [NAME-1]")
        if identity.location and not regions.is_known(identity.location, spec.cloud):
            meant = regions.suggestion(identity.location, spec.cloud)
            hint = f"; did you mean {meant}?" if meant else "; check it for a slip"
            message = f"{identity.location} is not a known region of the {spec.cloud} cloud{hint} [REGION-1]"
            yield Problem((*path, "location"), message, "warning")


def grants(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """Grants: to somebody who is there, of roles that the registry's mode honours, each once [ROLE-2, ROLE-7]."""
    mode = spec.registry.role_assignment_mode
    holders: dict[tuple[str, str], str] = {}
    for key, grant in spec.access.items():
        path = ("access", key)
        if grant.identity is not None and grant.identity not in spec.identities:
            yield Problem((*path, "identity"), unknown("identity", grant.identity, spec.identities))
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


SYSTEM = System(name="access", checks=(identities, grants))
