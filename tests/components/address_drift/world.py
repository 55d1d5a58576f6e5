"""Container groups and records in plain dictionaries, for tests of the function's core."""

from dataclasses import dataclass, field

from components.address_drift.function.events import GroupEvent
from components.address_drift.function.zones import Spoke, Zone

FORWARD = Zone("s", "rg", "aci.contoso.internal")
REVERSE = Zone("s", "rg", "1.0.10.in-addr.arpa")
WIDE = Zone("s", "rg", "10.in-addr.arpa")
SPOKE = Spoke(FORWARD, (REVERSE,), 30)
HOST = "web.aci.contoso.internal"


def event(name: str = "web", *, deleted: bool = False) -> GroupEvent:
    return GroupEvent("s", "rg", name, deleted)


@dataclass
class World:
    """Everything that the core sees; `writes` counts what it changed, `moves` are addresses that come with each read."""

    addresses: dict[str, str] = field(default_factory=dict)
    forward: dict[str, list[str]] = field(default_factory=dict)
    reverse: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    moves: list[str] = field(default_factory=list)
    writes: int = 0

    def address(self, about: GroupEvent) -> str | None:
        if self.moves:
            self.addresses[about.name] = self.moves.pop(0)
        return self.addresses.get(about.name)

    def a(self, zone: Zone, name: str) -> list[str] | None:
        assert zone == FORWARD
        return self.forward.get(name)

    def put_a(self, zone: Zone, name: str, address: str, ttl: int) -> None:
        assert (zone, ttl) == (FORWARD, 30)
        self.writes += 1
        self.forward[name] = [address]

    def delete_a(self, zone: Zone, name: str) -> None:
        self.writes += 1
        del self.forward[name]

    def ptr(self, zone: Zone) -> dict[str, list[str]]:
        return {name: list(targets) for (of, name), targets in self.reverse.items() if of == zone.name}

    def put_ptr(self, zone: Zone, name: str, targets: list[str], ttl: int) -> None:
        self.writes += 1
        self.reverse[zone.name, name] = targets

    def delete_ptr(self, zone: Zone, name: str) -> None:
        self.writes += 1
        del self.reverse[zone.name, name]
