"""Charges that several systems have: what runs all month, private endpoints, private DNS zones, and data."""

from __future__ import annotations

from collections.abc import Iterator

from planning.charges import Charge, Item, NotKnown, charge
from planning.meters import ENDPOINT_DATA, PRIVATE_ENDPOINT, PUBLIC_ADDRESS, ZONE, Meter
from planning.problems import Path
from stacks.plan import Plan
from stacks.spec import StackSpec
from stacks.system import Charges
from stacks.usage import FILE, Usage


def running(
    path: Path, region: str, part: str, meter: Meter, usage: Usage, least: float = 1, most: float | None = None
) -> Charge:
    """Return the charge for units that run all month.

    Args:
        path: path of the entry.
        region: its region.
        part: what is billed, in words.
        meter: a meter by the hour.
        usage: the hours of a month.
        least: smallest number of units.
        most: largest number. Default: the smallest.
    """
    return Charge(path, region, part, meter, least * usage.hours, (least if most is None else most) * usage.hours)


def stated(path: Path, region: str, part: str, meter: Meter, quantity: float | None, member: str) -> Item:
    """Return the charge for a usage, or that it is not known where `stacks/_cost.yaml` does not state it."""
    if quantity is None:
        return NotKnown(path, region, part, f"state {member} in stacks/{FILE}")
    return charge(path, region, part, meter, quantity)


def endpoint(path: Path, region: str, usage: Usage) -> Iterator[Item]:
    """Yield the charges of a private endpoint and of the data through it [COST-ENDPOINTS]."""
    yield running(path, region, "private endpoint", PRIVATE_ENDPOINT, usage)
    yield stated(path, region, "data through the endpoint", ENDPOINT_DATA, usage.endpoint_gb, "endpoint_gb")


def zone(path: Path, region: str, name: str) -> Charge:
    """Return the charge of a private DNS zone, whose queries are negligible beside it [COST-ENDPOINTS]."""
    return charge(path, region, f"private DNS zone {name}", ZONE, 1)


def public_address(path: Path, region: str, usage: Usage) -> Charge:
    """Return the charge of a static public IPv4 address."""
    return running(path, region, "public IP address", PUBLIC_ADDRESS, usage)


def not_known(section: str, part: str, why: str, *, sites: str = "") -> Charges:
    """Return the charges of a section of which no quantity, or no meter, is known.

    Args:
        section: the section of the stack file; a mapping has an item for each entry.
        part: what is billed, in words.
        why: what it depends on.
        sites: section whose entries of the same keys say the region. Default: the section.
    """

    def charges(spec: StackSpec, plan: Plan, _usage: Usage) -> Iterator[Item]:
        """Yield an item for each entry."""
        entries = getattr(spec, section)
        if isinstance(entries, dict):
            for key in entries:
                yield NotKnown((section, key), plan.sites[sites or section, key].location, part, why)
        elif entries is not None:
            yield NotKnown((section,), spec.location, part, why)

    return charges
