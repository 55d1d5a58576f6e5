"""Grants on the registry's content: role assignments in its scope. Other roles are among the interfaces of the registry."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final, get_args

from local_azure.loading.listings import Listed
from planning.roles import ROLES, Action, Mode, Role, assignment_name, condition, role_for
from tools.adopt import identities
from tools.adopt.estate import Estate, Json, free, slug, stated

ASSIGNMENTS: Final = "Microsoft.Authorization/roleAssignments"
_BY_GUID: Final = {role.guid: role for role in ROLES.values()}
_REPOSITORY: Final = re.compile(r"String(Equals|StartsWith)IgnoreCase '([^']+)'")


def read(estate: Estate) -> Json:
    """Return the section `access`; identities come first."""
    shown = str(estate.registry.properties.get("roleAssignmentMode") or "")
    mode: Mode = next((each for each in get_args(Mode) if each == shown), get_args(Mode)[0])
    owners = identities.principals(estate)
    found: Json = {}
    for each in estate.listing.below(estate.registry.id, ASSIGNMENTS):
        role = _BY_GUID.get(guid(each))
        if role is None or role.control_plane or not (role.legacy or role.abac):
            continue
        grant = _grant(estate, each, role, mode, owners)
        if grant is None:
            continue
        key = _key(estate, each, grant, role, found)
        follows = assignment_name(estate.registry.name, key, role) == each.name.lower()
        estate.describe(("access", key), each)
        found[key] = {**({} if follows else {"name": each.name}), **grant}
    return found


def is_like_implied(grant: Json) -> bool:
    """Return whether a grant is one that a stack may make by itself for whoever pulls."""
    return set(grant) == {"identity", "action"}


def implied(described: Json, pulls: Collection[str]) -> Json:
    """Return grants without those that a stack makes by itself for whoever pulls.

    Args:
        described: the grants.
        pulls: keys of the grants that it makes by itself.
    """
    own = {key: grant for key, grant in described.items() if key in pulls and is_like_implied(grant)}
    return {key: grant for key, grant in described.items() if key not in own}


def guid(assignment: Listed) -> str:
    """Return the GUID of the role definition of an assignment."""
    return str(assignment.properties.get("roleDefinitionId") or "").rpartition("/")[2].lower()


def _grant(estate: Estate, found: Listed, role: Role, mode: Mode, owners: dict[str, str]) -> Json | None:
    """What an assignment grants; None where a grant cannot express it, which is noted."""
    text = str(found.properties.get("condition") or "")
    names = [f"{name}*" if how == "StartsWith" else name for how, name in _REPOSITORY.findall(text)]
    if text and (not names or not role.conditional or condition(role, names) != text):
        estate.remark(found, "condition", f"{text} is not the condition by which a grant names repositories")
        return None
    principal = str(found.properties.get("principalId"))
    identity = owners.get(principal.lower())
    action = next((each for each in get_args(Action) if role_for(each, mode) == role), None)
    return stated(
        identity=identity,
        principal_id=None if identity else principal,
        principal_type=None if identity else found.properties.get("principalType"),
        action=action,
        role=None if action else role.name,
        repositories=sorted(names),
    )


def _key(estate: Estate, found: Listed, grant: Json, role: Role, taken: Json) -> str:
    """The key from which the assignment's name follows, if it can be told; else one of the grantee and what it does."""
    what = str(grant.get("action") or slug(role.name))
    who = str(
        grant.get("identity") or f"{grant.get('principal_type', 'principal')}-{grant['principal_id'][:8]}"
    ).lower()
    pull = f"pull-{who}"
    if assignment_name(estate.registry.name, pull, role) == found.name.lower() and pull not in taken:
        return pull
    return free(f"{who}-{what}", taken)
