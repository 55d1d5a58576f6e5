"""Adoption from what Azure shows: the stack file, the import file, and what neither of them expresses."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from local_azure.loading.listings import Listed, Listing
from planning.names import Names
from stacks.files import DIRECTORY
from stacks.loader import Stack
from tools.adopt import (
    access,
    alerts,
    artifact_cache,
    clusters,
    container_apps,
    content,
    description,
    dns,
    events,
    identities,
    interfaces,
    key_vaults,
    monitoring,
    networks,
    registry,
    routing,
    sandboxes,
)
from tools.adopt.differences import Difference, differences
from tools.adopt.estate import Estate, Json, Remark, convention, only_registry, region, stated
from tools.adopt.imports import import_file
from tools.adopt.planned import PROJECT, Planned, plan

_PARTS: Final = frozenset(
    {
        "microsoft.containerregistry/registries/privateendpointconnections",
        "microsoft.network/networkinterfaces",
        "microsoft.network/virtualnetworks/subnets",
        "microsoft.network/privatednszones/soa",
        "microsoft.network/privatednszones/a",
        "microsoft.network/privatednszones",
    }
)
"""Types of what Azure makes itself, or of parts of what is described; a zone is one where it is not described."""


@dataclass(frozen=True)
class Adoption:
    """What adoption has found.

    Attributes:
        described: sections of the stack file.
        stack: the checked description.
        planned: what its program registers.
        remarks: what the description does not express.
        differences: what the first update would change.
        missing: resources that the first update would make.
    """

    described: Json
    stack: Stack
    planned: tuple[Planned, ...]
    remarks: tuple[Remark, ...]
    differences: tuple[Difference, ...]
    missing: tuple[Planned, ...]

    def stack_file(self) -> str:
        """Return the text of the stack file."""
        comment = "# Written by ./moorings adopt. Remove `protect` after the first preview without changes.\n"
        return description.text(self.described, comment)

    def imports(self, name: str) -> str:
        """Return the text of the import file of a stack."""
        return json.dumps(import_file(self.planned, PROJECT, name), indent=2) + "\n"

    def lines(self) -> list[str]:
        """Return what was found, one printable line each."""
        adopted = sum(each.shown is not None for each in self.planned)
        return [
            *(f"not expressed: {each.line()}" for each in self.remarks),
            *(f"would change: {each.line()}" for each in self.differences),
            *(f"would be created: {each.name}: {each.arm_id}" for each in self.missing),
            f"{adopted} resources are described; {len(self.remarks)} not expressed, "
            f"{len(self.differences)} would change, {len(self.missing)} would be created",
        ]

    def as_dict(self) -> Json:
        """Return what was found as plain data."""
        return {
            "description": self.described,
            "not_expressed": [asdict(each) for each in self.remarks],
            "would_change": [asdict(each) for each in self.differences],
            "would_be_created": [{"name": each.name, "type": each.type, "id": each.arm_id} for each in self.missing],
        }


@dataclass(frozen=True)
class Wanted:
    """What a person says about an adoption.

    Attributes:
        stack: name of the stack.
        registry: name of the registry, where several are shown.
        name: name of the workload; by default that of the resources' names, else the base's.
        environment: name of the environment; by default that of the resources' names, else the stack's.
        elsewhere: names of resource groups that others own.
        directory: directory of the stack files.
    """

    stack: str
    registry: str = ""
    name: str = ""
    environment: str = ""
    elsewhere: Collection[str] = ()
    directory: Path = DIRECTORY


def adopt(listing: Listing, wanted: Wanted) -> Adoption:
    """Describe what Azure shows, and compare it with what the description makes.

    Raises:
        AdoptionError: there is not exactly one registry.
        SpecError: what exists is a description that the loader refuses.
    """
    below = description.base(wanted.directory)
    found = only_registry(listing, wanted.registry)
    usual = convention(listing) or ("", "")
    names = Names(
        wanted.name or usual[0] or str(below.get("name") or wanted.stack),
        wanted.environment or usual[1] or wanted.stack,
    )
    estate = Estate(listing, names, found, {each.lower() for each in wanted.elsewhere})
    described = _described(estate, below)
    described = _without_implied(described, wanted)
    described = {**described, **_groups(estate, wanted, described)}
    stack = description.loaded(wanted.stack, described, wanted.directory)
    described = interfaces.complete(estate, described, plan(stack, wanted.stack, listing, estate.subscription))
    stack = description.loaded(wanted.stack, described, wanted.directory)
    return _compared(estate, description.smallest(described, stack.spec, below), stack, wanted)


def compare(listing: Listing, stack: Stack, wanted: Wanted) -> Adoption:
    """Compare what Azure shows with what the stack file of a stack makes, which stays as it is.

    Raises:
        AdoptionError: the registry of the description is not shown.
    """
    own = stack.spec.registry
    found = only_registry(listing, own.name if own else "")
    names = Names(stack.spec.name, stack.spec.environment)
    estate = Estate(listing, names, found, {each.lower() for each in wanted.elsewhere})
    return _compared(estate, {}, stack, wanted)


def _compared(estate: Estate, described: Json, stack: Stack, wanted: Wanted) -> Adoption:
    planned = plan(stack, wanted.stack, estate.listing, estate.subscription)
    return Adoption(
        described,
        stack,
        tuple(planned),
        (*estate.remarks, *_not_planned(estate, planned)),
        tuple(each for one in planned for each in differences(one)),
        tuple(each for each in planned if each.custom and each.shown is None),
    )


def _described(estate: Estate, below: Json) -> Json:
    """The sections, in the order in which later ones refer to earlier ones."""
    tags, tagged = _tags(estate)
    networks.keys(estate)
    ways = {"route_tables": routing.tables(estate), "nat_gateways": routing.gateways(estate)}
    zones = dns.read(estate)
    owned = {
        "identities": identities.read(estate),
        "monitoring": monitoring.read(estate),
        "key_vaults": key_vaults.read(estate),
    }
    key = key_vaults.encryption(estate)
    if key:
        owned["key_vaults"] = key_vaults.elsewhere(estate, owned["key_vaults"], key["key_vault"])
    sections = {
        **ways,
        "networks": networks.read(estate),
        "dns": zones,
        "registry": {
            **registry.read(estate),
            **stated(customer_managed_key=key),
            **content.read(estate),
        },
        **owned,
        "artifact_cache": artifact_cache.read(estate),
        "registry_events": events.read(estate),
        "access": access.read(estate),
        "clusters": clusters.read(estate),
        "container_apps": container_apps.read(estate),
        "session_pools": sandboxes.pools(estate),
        "sandbox_groups": sandboxes.groups(estate),
        "alerts": alerts.read(estate),
    }
    head = {
        "name": estate.names.workload,
        "environment": estate.names.environment,
        "location": estate.home,
        "protect": True,
    }
    endpoints = sections["registry"].get("private_endpoints", {}).values()
    if any("static_addresses" in each for each in endpoints):
        # A replica that is added later needs addresses that nobody has stated [ACR-15].
        sections["registry"]["headroom"] = 0
    elif below.get("registry", {}).get("headroom") is not None:
        sections["registry"]["headroom"] = below["registry"]["headroom"]
    return {**head, "tags": tags, "tag_environment": tagged, **{name: each for name, each in sections.items() if each}}


def _without_implied(described: Json, wanted: Wanted) -> Json:
    """The description without the grants that a stack makes by itself for whoever pulls."""
    stated_here: Json = described.get("access", {})
    own = {key: grant for key, grant in stated_here.items() if not access.is_like_implied(grant)}
    without = {name: section for name, section in described.items() if name != "access"}
    pulls = description.loaded(wanted.stack, {**without, **stated(access=own)}, wanted.directory).plan.grants
    return {**without, **stated(access=access.implied(stated_here, pulls))}


def _tags(estate: Estate) -> tuple[dict[str, str], bool]:
    """Tags that most of the owned resources have, and whether they have the tag of the environment."""
    tagged = [each for each in estate.listing if "location" in each.body and estate.owns(each.id)]
    counts = Counter(pair for each in tagged for pair in dict(each.body.get("tags") or {}).items())
    common = {name: value for (name, value), count in counts.items() if count * 2 > len(tagged)}
    ours = common.get("environment") == estate.names.environment
    return {name: value for name, value in common.items() if not (ours and name == "environment")}, ours


def _groups(estate: Estate, wanted: Wanted, described: Json) -> Json:
    """The section `resource_groups`: roles whose group has another name than the usual one, or is others'."""
    stack = description.loaded(wanted.stack, described, wanted.directory)
    places: dict[str, Counter[str]] = defaultdict(Counter)
    for key, path in estate.keys.items():
        site = stack.plan.sites.within(*path[:-1]).get(path[-1])
        if site is not None and not site.elsewhere:
            places["-".join(site.group.parts)][_group_id(key)] += 1
    found: Json = {}
    for role, groups in places.items():
        (group_id, _), *others = groups.most_common()
        for other, _ in others:
            _misplaced(estate, role, other, group_id)
        entry = _group(estate, role, group_id)
        if entry:
            found[role] = entry
        shown = estate.listing.get(group_id)
        if shown is not None and shown.key not in estate.keys:
            estate.describe(("resource_groups", role), shown)
    return {"resource_groups": found} if found else {}


def _group_id(key: str) -> str:
    return "/".join(key.split("/")[:5])


def _group(estate: Estate, role: str, group_id: str) -> Json:
    shown = estate.listing.get(group_id)
    if shown is None:
        known = next(each for each in estate.listing if each.key.startswith(f"{group_id}/"))
        return {"id": _group_id(known.id)}
    return {} if shown.name == estate.names.resource_group(role) else {"name": shown.name, "location": region(shown)}


def _misplaced(estate: Estate, role: str, group_id: str, usual: str) -> None:
    for key, path in estate.keys.items():
        if _group_id(key) == group_id and path and (found := estate.listing.get(key)):
            where = usual.rpartition("/")[2]
            estate.remark(
                found, "resourceGroup", f"the other resources of role {role} are in {where}, and a role has one group"
            )


def _not_planned(estate: Estate, planned: Sequence[Planned]) -> list[Remark]:
    """Resources that are shown and that the program does not register."""
    known = {each.shown.key for each in planned if each.shown}
    managed = [f"{each.key}/" for each in estate.listing if each.body.get("managedBy")]
    remarked = {each.id.lower() for each in estate.remarks}
    return [
        Remark(each.id, "", "is not part of the description; it stays as it is")
        for each in estate.listing
        if each.key not in known and each.key not in remarked and not _is_part(each, known)
        if not f"{each.key}/".startswith(tuple(managed))
        and each.address.resource_group.lower() not in estate.elsewhere
        and not (each.address.is_group and each.name.lower() in estate.elsewhere)
    ]


def _is_part(found: Listed, known: Collection[str]) -> bool:
    """Whether something is a part of what is described, or made by Azure with it."""
    if found.type == "microsoft.containerregistry/registries/replications":
        registry_id = found.key.rpartition("/replications/")[0]
        return registry_id in known and not any(each.startswith(found.key) for each in known)
    if found.type == clusters.POOLS.lower():
        return found.key.rpartition("/agentpools/")[0] in known
    if found.type == "microsoft.network/networkinterfaces":
        return not found.properties.get("virtualMachine")
    return found.type in _PARTS and found.type != "microsoft.network/privatednszones"
