"""The shape of private DNS: which zones there are and which networks resolve through each."""

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
            description="The zone's name. Left out, it is the registry's private-link zone of the cloud.",
        ),
    ] = None
    network: Annotated[NetworkKey, Field(description="Key of the network whose resource group holds the zone.")]
    links: Annotated[
        list[NetworkKey],
        Field(description="Keys of the networks that resolve through it. Left out, its home network only."),
    ] = []

    @property
    def linked(self) -> tuple[str, ...]:
        """Keys of the networks that resolve through the zone, each once."""
        return tuple(dict.fromkeys(self.links or [self.network]))


class DnsSpec(Spec):
    """Zones beyond those that private endpoints make for themselves."""

    zones: Annotated[dict[str, ZoneSpec], Field(description="Zones by key; private endpoints name them.")] = {}
