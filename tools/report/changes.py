"""What a change of a description does to its picture, its addresses and its firewall lists."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from planning.addresses import Row
from planning.endpoints import Endpoints
from planning.problems import Path
from stacks.egress import by_region, clients
from stacks.loader import Stack
from tools.report.picture import Picture
from tools.report.settings import Setting

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class AddressRow:
    """Addresses of one subnet: needed before and now, free now, and needed with the headroom."""

    network: str
    subnet: str
    prefix: str
    before: int | None
    need: int
    free: int | None
    wanted: int
    verdict: str

    @property
    def capacity(self) -> int | None:
        """Addresses that the subnet has; None if that is not known."""
        return None if self.free is None else self.need + self.free


def address_rows(now: Stack, base: Stack | None) -> list[AddressRow]:
    """Return the addresses of every subnet, with the need of the base beside that of now."""
    earlier = {row.subnet.key: row for row in base.plan.ledger} if base else {}
    return [_address_row(row, earlier.get(row.subnet.key)) for row in now.plan.ledger]


def _address_row(row: Row, before: Row | None) -> AddressRow:
    subnet = row.subnet
    prefix = str(subnet.prefix) if subnet.prefix else "range unknown"
    need = before.need if before else None
    return AddressRow(subnet.network, subnet.name, prefix, need, row.need, row.free, row.wanted, row.verdict)


def parts(shown: Picture) -> dict[Key, object]:
    """Return everything in a picture by kind and key, with what a change of it would change."""
    found: dict[Key, object] = {("registry", shown.registry): None} if shown.registry else {}
    found |= {("replica", each.region): each for each in shown.replicas}
    for network in shown.networks:
        ranges = [(row.subnet.name, row.subnet.prefix) for row in network.subnets]
        found["network", network.key] = (network.name, network.region, network.ranges, ranges, network.endpoints)
        for row in network.subnets:
            found["subnet", f"{network.key}/{row.subnet.name}"] = (row.subnet.prefix, row.need)
            for endpoint in network.endpoints.get(row.subnet.name, ()):
                found["endpoint", endpoint] = (network.key, row.subnet.name)
    return found | {("consumer", each.name): each for each in shown.consumers}


def owners(shown: Picture) -> dict[Path, Key]:
    """Return which part of a picture is described at which path of the stack file."""
    found: dict[Path, Key] = {("registry",): ("registry", shown.registry)} if shown.registry else {}
    found |= {
        ("registry", "replicas", each.region): ("replica", each.region) for each in shown.replicas if not each.home
    }
    for network in shown.networks:
        at = ("networks", network.key)
        found[at] = ("network", network.key)
        for row in network.subnets:
            found[*at, "subnets", row.subnet.name] = ("subnet", f"{network.key}/{row.subnet.name}")
        for endpoint in (each for its in network.endpoints.values() for each in its):
            found["registry", "private_endpoints", endpoint] = ("endpoint", endpoint)
    return found | {each.path: ("consumer", each.name) for each in shown.consumers}


def owner(path: Path, known: Mapping[Path, Key]) -> Key | None:
    """Return the part that a path belongs to: that of the longest start of the path."""
    return next((known[path[:size]] for size in range(len(path), 0, -1) if path[:size] in known), None)


def marks(now: Picture, base: Picture | None, settings: Iterable[Setting] = ()) -> dict[Key, str]:
    """Return `new` or `changed` for what the base has not, or has otherwise, and `removed` for what only the base has.

    Args:
        now: the picture after the change.
        base: the picture before it; None to compare nothing.
        settings: what the description states otherwise, which changes the part that it belongs to.
    """
    if base is None:
        return {}
    before, after = parts(base), parts(now)
    found = {key: "new" if key not in before else "changed" for key in after if before.get(key, _NONE) != after[key]}
    found |= {key: "removed" for key in before if key not in after}
    known = owners(base) | owners(now)
    for setting in settings:
        if key := owner(setting.path, known):
            found.setdefault(key, "changed")
    return found


_NONE = object()


def destinations(stack: Stack, hosts: Endpoints | None) -> dict[str, dict[str, list[str]]]:
    """Return the outside destinations by region, each with the clients that need it."""
    found: dict[str, dict[str, list[str]]] = {}
    for region, its in by_region(clients(stack.spec, stack.plan, hosts)).items():
        for client in its:
            for each in (*client.registry, *client.own):
                name = f"{each.name} {each.protocol.lower()}:{each.port}"
                needing = found.setdefault(region, {}).setdefault(name, [])
                needing += [client.name] if client.name not in needing else []
    return found
