"""Where the records of a resource group's container groups go, as the app's settings state it."""

import json
from dataclasses import dataclass
from ipaddress import IPv4Address


class SettingsError(ValueError):
    """The app's settings do not say what they have to."""


@dataclass(frozen=True)
class Zone:
    """A private DNS zone.

    Attributes:
        subscription: id of its subscription.
        resource_group: its resource group.
        name: its DNS name, without a final dot.
    """

    subscription: str
    resource_group: str
    name: str

    @classmethod
    def of(cls, arm_id: str) -> "Zone":
        """Return the zone of an ARM id.

        Raises:
            SettingsError: it is the id of something else.
        """
        parts = arm_id.strip("/").split("/")
        if len(parts) != 8 or [part.lower() for part in parts[5:7]] != ["microsoft.network", "privatednszones"]:
            raise SettingsError(f"{arm_id!r} is not the id of a private DNS zone")
        return cls(parts[1], parts[3], parts[7].lower())


@dataclass(frozen=True)
class Spoke:
    """The zones of one resource group's container groups.

    Attributes:
        forward: zone of the A records.
        reverse: zones of the PTR records.
        ttl: seconds for which answers are kept.
    """

    forward: Zone
    reverse: tuple[Zone, ...]
    ttl: int

    def host(self, name: str) -> str:
        """Return the full name of a container group, without a final dot."""
        return f"{name}.{self.forward.name}"

    def pointer(self, address: str) -> tuple[Zone, str]:
        """Return the reverse zone that holds an address, and its record's name there; the longest match counts.

        Raises:
            SettingsError: no reverse zone holds it, so nobody could find the name of that address.
        """
        full = IPv4Address(address).reverse_pointer
        holding = [zone for zone in self.reverse if full.endswith(f".{zone.name}")]
        if not holding:
            known = ", ".join(zone.name for zone in self.reverse) or "none"
            raise SettingsError(f"no reverse zone holds {address}; there are: {known}")
        zone = max(holding, key=lambda found: len(found.name))
        return zone, full.removesuffix(f".{zone.name}")


def read(text: str) -> dict[str, Spoke]:
    """Return the spokes by resource group in lower case.

    Args:
        text: a JSON object, resource group to ``{"forward": id, "reverse": [id], "ttl": seconds}``.

    Raises:
        SettingsError: it is something else.
    """
    try:
        return {
            group.lower(): Spoke(
                Zone.of(stated["forward"]), tuple(Zone.of(zone) for zone in stated["reverse"]), int(stated["ttl"])
            )
            for group, stated in json.loads(text).items()
        }
    except SettingsError:
        raise
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise SettingsError(
            f"the zones are not a JSON object of resource group to forward, reverse and ttl: {error}"
        ) from None
