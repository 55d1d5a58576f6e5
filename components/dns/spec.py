"""The shape of private DNS: zones, and the networks linked to each."""

from typing import Annotated

from pydantic import Field

from components.references import NetworkKey
from components.spec import Spec


class ZoneSpec(Spec):
    """One private DNS zone, kept in the resource group of its home network."""

    name: Annotated[
        str | None,
        Field(
            pattern=r"^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,}$",
            description="The zone's name. Default: the private-link zone of registries in this cloud.",
        ),
    ] = None
    network: Annotated[NetworkKey, Field(description="Key of the network whose resource group holds the zone.")]
    links: Annotated[
        list[NetworkKey],
        Field(description="Keys of the networks linked to it. Default: its home network only."),
    ] = []

    @property
    def linked(self) -> tuple[str, ...]:
        """Keys of the networks linked to the zone, without duplicates."""
        return tuple(dict.fromkeys(self.links or [self.network]))


class DnsSpec(Spec):
    """Zones beside those that private endpoints create for themselves."""

    zones: Annotated[dict[str, ZoneSpec], Field(description="Zones by key; private endpoints name them.")] = {}
