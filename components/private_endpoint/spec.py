"""The shape of a registry's private endpoint: its subnet and its DNS zones."""

from typing import Annotated, ClassVar

from pydantic import AfterValidator, Field

from components.interfaces.spec import ResourceSpec
from components.references import NetworkKey, SubnetKey, ZoneKey
from components.spec import Address, held_to
from planning import names


def _zones(zones: list[str]) -> list[str]:
    if not zones:
        raise ValueError(
            "is empty; remove it for a zone of its own, or state dns.managed: policy or request where others write the records "
            "[PE-DNS-POLICY]"
        )
    return zones


class PrivateEndpointSpec(ResourceSpec):
    """One private endpoint, for the global host, every data host and, if enabled, every regional host."""

    arm_type: ClassVar[str] = "Microsoft.Network/privateEndpoints"

    name: Annotated[
        Annotated[str, held_to(names.PRIVATE_ENDPOINT.problem)] | None,
        Field(description="Name in Azure. Default: made of the registry's name and the key."),
    ] = None
    network_interface_name: Annotated[
        Annotated[str, held_to(names.NETWORK_INTERFACE.problem)] | None,
        Field(
            description="Name of its network interface. Default: made as its own. One that Azure made up "
            "(NAME.nic.GUID) is read, and not sent."
        ),
    ] = None
    connection_name: Annotated[
        Annotated[str, held_to(names.PRIVATE_ENDPOINT.problem)] | None,
        Field(description="Name of its connection to the registry. Default: the endpoint's name."),
    ] = None
    network: Annotated[NetworkKey, Field(description="Key of its network.")]
    subnet: Annotated[SubnetKey, Field(description="Key of the subnet of its addresses.")]
    dns_zones: Annotated[
        Annotated[list[ZoneKey], Field(max_length=5), AfterValidator(_zones)] | None,
        Field(
            description="Its private DNS zones: keys, or ids of zones made elsewhere. Default: its own zone, linked to its "
            "network only; with dns.managed: policy or request, none.",
        ),
    ] = None
    static_addresses: Annotated[
        dict[str, Address],
        Field(
            description="Static address by member. Adding a replica fails on such an endpoint, so headroom must be 0."
        ),
    ] = {}
