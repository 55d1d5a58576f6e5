"""The DNS zones of each resource group's container groups, read from the app's settings."""

import json
from dataclasses import dataclass
from ipaddress import IPv4Address


class SettingsError(ValueError):
    """The app's settings are incomplete or malformed."""


@dataclass(frozen=True)
class Zone:
    """A private DNS zone.

    Attributes:
        subscription: id of its subscription.
        resource_group: its resource group.
        name: its DNS name, without a trailing dot.
    """

    subscription: str
    resource_group: str
    name: str

    @classmethod
    def of(cls, arm_id: str) -> "Zone":
        """Return the zone of an ARM id.

        Raises:
            SettingsError: it is the id of another type.
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
        ttl: time to live of the records, in seconds.
    """

    forward: Zone
    reverse: tuple[Zone, ...]
    ttl: int

    def host(self, name: str) -> str:
        """Return the full name of a container group, without a trailing dot."""
        return f"{name}.{self.forward.name}"

    def pointer(self, address: str) -> tuple[Zone, str]:
        """Return the reverse zone of an address, and the record's name in it; the longest match wins.

        Raises:
            SettingsError: no reverse zone covers it.
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
        SettingsError: it has another form.
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
