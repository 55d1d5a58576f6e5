"""The interfaces of described resources: tags of their own, locks, role assignments and diagnostic settings.

What the other sections make by themselves, such as the setting of `workspace` and the roles of a cluster's identity, is left out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from local_azure.loading.listings import Listed
from planning.interfaces import ALL_LOGS, ALL_METRICS, DIAGNOSTICS, ROLE_NAMES, lock_name
from planning.problems import Path
from stacks.interfaces.kinds import KINDS
from tools.adopt import identities
from tools.adopt.access import ASSIGNMENTS, guid
from tools.adopt.estate import Estate, Json, free, slug, stated
from tools.adopt.planned import Planned

LOCKS: Final = "Microsoft.Authorization/locks"
SETTINGS: Final = "Microsoft.Insights/diagnosticSettings"
_PATTERNS: Final = [tuple(kind.path.split(".")) for kind in KINDS]
_NAMES: Final = {role.guid: name for name, role in ROLE_NAMES.items()}
_SENDS: Final = {kind.lower(): sends for kind, sends in DIAGNOSTICS.items()}


@dataclass(frozen=True)
class _Made:
    """What the program of the description without interfaces makes.

    Attributes:
        ids: ARM ids in lower case.
        missing: scope, role and principal of each role assignment that does not exist under the name that it would have.
    """

    ids: frozenset[str]
    missing: frozenset[tuple[str, str, str]]


def complete(estate: Estate, described: Json, planned: Sequence[Planned]) -> Json:
    """Return the description with the interfaces of each entry that has some.

    Args:
        estate: the resources, of which those that are described are known.
        described: the sections.
        planned: what their program registers.
    """
    made = _made(planned)
    found = described
    for arm_id, path in estate.keys.items():
        resource = estate.listing.get(arm_id)
        if resource is None or not _has_interfaces(resource, path) or "id" in (_at(described, path) or {}):
            continue
        entry = stated(
            tags=_tags(estate, described, resource),
            lock=_lock(estate, resource),
            role_assignments=_roles(estate, resource, made),
            diagnostic_settings=_settings(estate, resource, made),
        )
        if entry:
            found = _put(found, path, entry)
    return _shared(found)


def _shared(described: Json) -> Json:
    """The description with the same tags for all roles whose resource group has one name."""
    groups: Json = described.get("resource_groups", {})
    tags = {each["name"]: each["tags"] for each in groups.values() if "name" in each and "tags" in each}
    if not tags:
        return described
    named = {
        role: {**each, **stated(tags=tags.get(each.get("name")))} if isinstance(each, dict) else each
        for role, each in groups.items()
    }
    return {**described, "resource_groups": named}


def _made(planned: Sequence[Planned]) -> _Made:
    assignments = [each for each in planned if each.type.endswith(":RoleAssignment") and each.shown is None]
    missing = {
        (
            str(each.inputs.get("scope")).lower(),
            _last(each.inputs.get("roleDefinitionId")),
            _last(each.inputs.get("principalId")),
        )
        for each in assignments
    }
    return _Made(frozenset(each.arm_id.lower() for each in planned if each.custom), frozenset(missing))


def _last(arm_id: Any) -> str:
    return str(arm_id or "").rpartition("/")[2].lower()


def _has_interfaces(resource: Listed, path: Path) -> bool:
    """Whether an entry states the interfaces of a resource: not those of the zone that an endpoint makes by itself."""
    known = any(len(path) == len(each) and _fits(path, each) for each in _PATTERNS)
    return known and (path[0] == "dns") == (resource.type == "microsoft.network/privatednszones")


def _fits(path: Path, pattern: Sequence[str]) -> bool:
    return all(part in ("*", key) for key, part in zip(path, pattern, strict=True))


def _at(described: Json, path: Path) -> Json | None:
    found: Any = described
    for key in path:
        found = found.get(key) if isinstance(found, dict) else None
    return found


def _put(described: Json, path: Path, entry: Json) -> Json:
    if not path:
        return {**described, **entry}
    return {**described, path[0]: _put(described.get(path[0]) or {}, path[1:], entry)}


def _tags(estate: Estate, described: Json, resource: Listed) -> Json:
    """Tags beside those of the stack."""
    common: Json = dict(described.get("tags") or {})
    if described.get("tag_environment", True):
        common["environment"] = estate.names.environment
    shown: Json = dict(resource.body.get("tags") or {})
    return {name: value for name, value in shown.items() if common.get(name) != value}


def _on(estate: Estate, resource: Listed, kind: str) -> Iterator[Listed]:
    """Extension resources of a type on a resource itself, not on its children."""
    start = f"{resource.key}/providers/{kind.lower()}/"
    return (each for each in estate.listing.below(resource.id, kind) if each.key.startswith(start))


def _lock(estate: Estate, resource: Listed) -> Json | None:
    found = list(_on(estate, resource, LOCKS))
    for each in found[1:]:
        estate.remark(
            each, "", f"a resource of a stack has one lock, and {found[0].name} is described; it stays as it is"
        )
    if not found:
        return None
    shown = found[0].properties
    kind = shown.get("level")
    name = None if kind and found[0].name == lock_name(kind) else found[0].name
    return stated(kind=kind, name=name, notes=shown.get("notes") or None)


def _roles(estate: Estate, resource: Listed, made: _Made) -> Json:
    owners, found = identities.principals(estate), {}
    noted = {each.id.lower() for each in estate.remarks}
    for each in _on(estate, resource, ASSIGNMENTS):
        if each.key in made.ids or each.key in noted or each.key in estate.keys:
            continue
        shown, role = each.properties, guid(each)
        principal = str(shown.get("principalId"))
        if (resource.key, role, principal.lower()) in made.missing:
            reason = (
                "a stack makes this assignment under another name, and Azure takes one: delete it before the first up"
            )
            estate.remark(each, "name", f"{each.name}: {reason}")
            continue
        identity = owners.get(principal.lower())
        who = identity or f"{shown.get('principalType', 'principal')}-{principal[:8]}".lower()
        found[free(f"{who}-{slug(_NAMES.get(role, role[:8]))}", found)] = stated(
            name=each.name,
            role=_NAMES.get(role, role),
            identity=identity,
            principal_id=None if identity else principal,
            principal_type=None if identity else shown.get("principalType"),
            condition=shown.get("condition") or None,
            description=shown.get("description") or None,
        )
    return found


def _settings(estate: Estate, resource: Listed, made: _Made) -> Json:
    if resource.type not in _SENDS:
        return {}
    settings = (each for each in _on(estate, resource, SETTINGS) if each.key not in made.ids)
    return {each.name: _setting(estate, each, resource.type) for each in settings}


def _setting(estate: Estate, setting: Listed, kind: str) -> Json:
    shown, sends = setting.properties, _SENDS[kind]
    workspace = shown.get("workspaceId")
    logs, metrics = ([one for one in shown.get(name) or () if one.get("enabled")] for name in ("logs", "metrics"))
    groups, categories = _values(logs, "categoryGroup"), _values(logs, "category")
    measured = _values(metrics, "category")
    dedicated = shown.get("logAnalyticsDestinationType") == "Dedicated"
    lists = {
        "log_groups": None if categories or groups == ([ALL_LOGS] if sends.logs else []) else groups,
        "metric_categories": None if measured == ([ALL_METRICS] if sends.metrics else []) else measured,
    }
    return {
        **stated(
            workspace=estate.reference(str(workspace)) if workspace else None,
            storage_account_resource_id=shown.get("storageAccountId"),
            event_hub_authorization_rule_resource_id=shown.get("eventHubAuthorizationRuleId"),
            event_hub_name=shown.get("eventHubName"),
            marketplace_partner_resource_id=shown.get("marketplacePartnerId"),
            log_categories=categories,
            dedicated_tables=False if workspace and not dedicated else None,
        ),
        # An empty list is a value here: nothing of that kind is sent.
        **{name: each for name, each in lists.items() if each is not None},
    }


def _values(shown: Collection[Json], name: str) -> list[str]:
    return [str(each[name]) for each in shown if each.get(name)]
