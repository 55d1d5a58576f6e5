"""The role assignments of grants: which role each grant needs in which mode, and the logical name that the state knows it by."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from components.access.spec import GrantSpec
from planning.roles import ABAC, LEGACY, Mode, Role, condition_problem, role_problem

_SUFFIX: Mapping[Mode, str] = {LEGACY: "for-legacy", ABAC: "for-abac"}


@dataclass(frozen=True, slots=True)
class Assignment:
    """One role assignment of a grant.

    Attributes:
        key: key of the grant.
        grant: the grant.
        role: the role.
        mode: the role assignment mode in which it gives what the grant states.
        logical_name: its logical name.
        stated_name: the name in Azure that the grant states, which one of its assignments has.
        only: whether the grant has no other assignment.
    """

    key: str
    grant: GrantSpec
    role: Role
    mode: Mode
    logical_name: str
    stated_name: str | None = None
    only: bool = True

    @property
    def is_narrowed(self) -> bool:
        """Whether a condition limits it to repositories; the legacy mode has none, so its half of a pair has none either."""
        return bool(self.grant.repositories) and (self.only or self.mode == ABAC)

    def problems(self) -> Iterator[tuple[str, str]]:
        """Yield what is wrong with the role or the repositories of the grant, by member."""
        found = role_problem(self.role, self.mode)
        if found:
            yield "role", found
        elif self.is_narrowed:
            found = condition_problem(self.role, self.grant.repositories, self.mode)
            if found:
                yield "repositories", found


def assignments(
    name: str, grants: Mapping[str, GrantSpec], mode: Mode, *, both: bool = False, held: Mapping[str, str] | None = None
) -> list[Assignment]:
    """Return the role assignments of grants.

    An assignment keeps the logical name that it has in the state. The engine would otherwise delete it and create it again when
    the mode changes, although the mode is all that changes.

    Args:
        name: prefix of logical names.
        grants: the grants by key.
        mode: role assignment mode of the registry.
        both: whether a grant by action has an assignment for each mode.
        held: GUID of the role by logical name, of the assignments in the state.
    """
    found: list[Assignment] = []
    for key, grant in grants.items():
        roles = _roles(grant, mode, both=both)
        names = _logical_names(f"{name}-{key}", roles, held or {})
        for needs, role in roles.items():
            stated = grant.name if names[needs] == f"{name}-{key}" else None
            found.append(Assignment(key, grant, role, needs, names[needs], stated, only=len(roles) == 1))
    return found


def _roles(grant: GrantSpec, mode: Mode, *, both: bool) -> dict[Mode, Role]:
    other: Mode = LEGACY if mode == ABAC else ABAC
    if not both:
        return {mode: grant.role_in(mode)}
    if grant.role is not None:
        role = grant.role_in(mode)
        return {mode if mode in role.honoured else other: role}
    return {mode: grant.role_in(mode), other: grant.role_in(other)}


def _logical_names(name: str, roles: Mapping[Mode, Role], held: Mapping[str, str]) -> dict[Mode, str]:
    found: dict[Mode, str] = {}
    for mode, role in roles.items():
        known = (name, f"{name}-{_SUFFIX[mode]}")
        kept = next((each for each in known if held.get(each) == role.guid), None)
        if kept:
            found[mode] = kept
    for mode in roles:
        found.setdefault(mode, f"{name}-{_SUFFIX[mode]}" if name in found.values() else name)
    return found
