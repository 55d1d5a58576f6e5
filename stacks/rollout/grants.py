"""The order of a change of the registry's role assignment mode."""

from __future__ import annotations

from typing import Any, Final, get_args

from planning.problems import Path
from planning.roles import Action, Mode, role_for
from stacks.rollout.cut import ABSENT, Cut, Json, entries, setting, value

_ACTIONS: Final[dict[Any, Action]] = {
    role_for(action, mode).name: action for mode in get_args(Mode) for action in ("push", "delete", "pull")
}
"""The action of a role that a grant by action has in one of the modes."""


def grants_before_the_mode(running: Json, wanted: Json) -> Cut | None:
    """Role assignments for the new mode exist before the mode changes, and those for the old one after it [ROLE-2]."""
    before, after = (setting(document, "role_assignment_mode") for document in (running, wanted))
    both: dict[Path, Any] = {("registry", "grants_for_both_modes"): True}
    if before == after:
        is_last = setting(running, "grants_for_both_modes") and not setting(wanted, "grants_for_both_modes")
        (other,) = set(get_args(Mode)) - {after}
        return Cut(both, both, ("", "", _last(other))) if is_last else None
    both |= {("access", key): grant for key, grant in _by_action(running, wanted).items()}
    return Cut(
        {**both, ("registry", "role_assignment_mode"): before},
        both,
        (
            f"role assignments for {after} are created first: the registry ignores them until the mode changes [ROLE-2]",
            "the mode changes while every principal has a role in the old and in the new mode [ROLE-2]",
            _last(before),
        ),
    )


def _last(mode: Mode) -> str:
    return f"role assignments for {mode} are deleted last: the registry ignores them now [ROLE-2]"


def _by_action(running: Json, wanted: Json) -> dict[str, Json]:
    """Return the grants that state different roles for the same action in the two modes, as grants by action."""
    found: dict[str, Json] = {}
    for key, after in entries(wanted, "access").items():
        before = value(running, "access", key)
        if before is ABSENT or "role" not in {*before, *after}:
            continue
        actions = {_ACTIONS.get(grant.get("role"), grant.get("action")) for grant in (before, after)}
        if len(actions) == 1 and None not in actions:
            found[key] = {**{name: each for name, each in after.items() if name != "role"}, "action": actions.pop()}
    return found
