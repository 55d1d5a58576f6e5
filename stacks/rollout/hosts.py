"""The order of host names of the registry: consumers leave a host before it goes, and addresses exist before it comes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from planning.image_hosts import PROVEN
from planning.problems import Path
from stacks.rollout.cut import ABSENT, Cut, Json, entries, setting, value

_REPLICAS: Final = ("registry", "replicas")
_KEEPS_HOST: Final = "a host name disappears at once, and a regional one does not fail over [ACR-1] [ACR-FAILOVER]"


def consumers_before_regional_hosts_end(running: Json, wanted: Json) -> Cut | None:
    """Images are named with the global host before the regional hosts are switched off [ACR-1]."""
    if not setting(running, "regional_endpoints") or setting(wanted, "regional_endpoints"):
        return None
    held: dict[Path, Any] = {("registry", "regional_endpoints"): True}
    held |= {("image_endpoints", service): "global" for service in PROVEN}
    held |= dict.fromkeys(_pinned(wanted, ()), "global")
    return Cut(
        held,
        held,
        (
            f"images are named with the global host while the regional hosts still exist: {_KEEPS_HOST}",
            "",
            "regional hosts are switched off after no image is named with one [ACR-1]",
        ),
    )


def _pinned(part: Any, path: Path) -> Iterator[Path]:
    """Yield the paths at which entries state that their images are named with a regional host."""
    for key, found in part.items() if isinstance(part, dict) else ():
        if key == "endpoint" and found == "regional":
            yield (*path, key)
        elif path != ("registry",):
            yield from _pinned(found, (*path, key))


def consumers_before_replicas_go(running: Json, wanted: Json) -> Cut | None:
    """A region is drained before its replica is removed [ACR-17]."""
    removed = {key: its for key, its in entries(running, *_REPLICAS).items() if key not in entries(wanted, *_REPLICAS)}
    if not removed:
        return None
    drained = value(wanted, "registry", "drained")
    held: dict[Path, Any] = {(*_REPLICAS, key): its for key, its in removed.items()}
    held["registry", "drained"] = [*(drained if isinstance(drained, list) else ()), *removed]
    names = ", ".join(removed)
    return Cut(
        held,
        held,
        (
            f"{names} is drained while its replica still answers: {_KEEPS_HOST}",
            "",
            f"the replica in {names} is removed after nobody pulls from it [ACR-17]",
        ),
    )


def room_before_members(running: Json, wanted: Json) -> Cut | None:
    """Subnets have room before a replica or the regional hosts need addresses in them [ACR-7]."""
    before, after = (entries(document, *_REPLICAS) for document in (running, wanted))
    added = [region for region in after if region not in before]
    switched = setting(wanted, "regional_endpoints") and not setting(running, "regional_endpoints")
    if not (added or switched) or not _moves(running, wanted):
        return None
    held: dict[Path, Any] = {(*_REPLICAS, region): ABSENT for region in added}
    held["registry", "regional_endpoints"] = value(running, "registry", "regional_endpoints")
    return Cut(
        held,
        {},
        (
            "private endpoints move to subnets with room first: each needs an address for every host of every replica [ACR-7]",
            "replicas and regional hosts are added after the subnets have room for them [ACR-7]",
            "",
        ),
    )


def _moves(running: Json, wanted: Json) -> bool:
    """Return whether a private endpoint changes its subnet, or its subnet changes its range."""
    for key, after in entries(wanted, "registry", "private_endpoints").items():
        before = value(running, "registry", "private_endpoints", key)
        if before is not ABSENT and _place(running, before) != _place(wanted, after):
            return True
    return False


def _place(document: Json, endpoint: Any) -> tuple[Any, ...]:
    network, subnet = value(endpoint, "network"), value(endpoint, "subnet")
    return network, subnet, value(document, "networks", str(network), "subnets", str(subnet), "prefix")
