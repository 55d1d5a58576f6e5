"""The shape of private DNS: zones, the networks linked to each, and who writes the records of private endpoints."""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from components.elsewhere import MadeElsewhere, parsed
from components.interfaces.spec import ResourceSpec
from components.references import NetworkKey
from components.spec import Spec, held_to
from planning import names
from planning.problems import Path
from planning.resource_ids import ZONE

Managed = Literal["stack", "policy", "request"]

ResolutionPolicy = Literal["Default", "NxDomainRedirect"]
"""What a link of a private-link zone does with a name that the zone does not have, in ARM's words [DNS-7]."""


class ZoneSpec(ResourceSpec):
    """One private DNS zone, kept in the resource group of its home network.

    With ``id`` the zone is made elsewhere: private endpoints feed it, and it is linked to networks only where that is stated.
    """

    arm_type: ClassVar[str] = "Microsoft.Network/privateDnsZones"

    id: Annotated[
        Annotated[str, MadeElsewhere(ZONE)] | None, Field(description="A zone made elsewhere, in any subscription.")
    ] = None
    name: Annotated[
        str | None,
        Field(
            pattern=r"^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,}$",
            description="The zone's name. Default: the private-link zone of registries in this cloud.",
        ),
    ] = None
    network: Annotated[
        NetworkKey | None, Field(description="Key of the network whose resource group holds a zone of this stack.")
    ] = None
    links: Annotated[
        list[NetworkKey],
        Field(
            description="Keys of the networks linked to it. Default: its home network only; for a zone made elsewhere, none."
        ),
    ] = []

    link_names: Annotated[
        dict[NetworkKey, Annotated[str, held_to(names.VIRTUAL_NETWORK_LINK.problem)]],
        Field(description="Names of links in Azure by the key of the network. Default: the key."),
    ] = {}

    resolution_policy: Annotated[
        ResolutionPolicy,
        Field(
            description="What a linked network does with a name that has no record in the zone: Default is the answer NXDOMAIN, "
            "NxDomainRedirect asks public DNS."
        ),
    ] = "Default"

    @property
    def linked(self) -> tuple[str, ...]:
        """Keys of the networks that this stack links to the zone, without duplicates."""
        own = [self.network] if self.network else []
        return tuple(dict.fromkeys(self.links or own))

    def _problems(self) -> Iterator[tuple[Path, str]]:
        if self.id is None and self.network is None:
            yield (), "a zone of this stack needs a network, whose resource group holds it; or give the id of a zone"
        if self.id is not None and self.network is not None:
            yield (
                ("network",),
                "the zone is made elsewhere (it has an id); remove it, and name networks to link under links",
            )
        if self.resolution_policy != "Default" and self.name and "privatelink" not in self.name:
            message = f"{self.resolution_policy} applies to private-link zones only, and {self.name} is none; remove it [DNS-7]"
            yield ("resolution_policy",), message
        found = parsed(self.id)
        if found and self.name not in (None, found.name.lower()):
            yield ("name",), f"{self.name}, but the id is that of zone {found.name}; remove it"


class DnsSpec(Spec):
    """Zones beside those that private endpoints create for themselves, and who writes the records of private endpoints."""

    managed: Annotated[
        Managed,
        Field(
            description="Who writes the records of private endpoints: stack, by zone groups; policy, where Azure Policy "
            "creates the zone groups; request, where others write the records that output dns_records lists."
        ),
    ] = "stack"
    zones: Annotated[dict[str, ZoneSpec], Field(description="Zones by key; private endpoints name them.")] = {}
