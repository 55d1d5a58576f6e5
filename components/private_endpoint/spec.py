"""The shape of a registry's private endpoint: its subnet and its DNS zones."""

from typing import Annotated

from pydantic import Field

from components.references import NetworkKey, SubnetKey, ZoneKey
from components.spec import Address, Spec


class PrivateEndpointSpec(Spec):
    """One private endpoint, for the global host, every data host and, if enabled, every regional host."""

    network: Annotated[NetworkKey, Field(description="Key of its network.")]
    subnet: Annotated[SubnetKey, Field(description="Key of the subnet of its addresses.")]
    dns_zones: Annotated[
        list[ZoneKey] | None,
        Field(
            min_length=1,
            max_length=5,
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
