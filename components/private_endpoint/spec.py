"""The shape of a registry's private endpoint: where its addresses are taken and which zones it feeds."""

from ipaddress import IPv4Address
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from components.references import NetworkKey, SubnetKey, ZoneKey
from components.spec import Spec


def _address(value: Any) -> Any:
    if isinstance(value, IPv4Address):
        return value
    try:
        return IPv4Address(value) if isinstance(value, str) else value
    except ValueError:
        raise ValueError(f"{value!r} is not an IPv4 address; write one such as 10.0.0.4") from None


Address = Annotated[IPv4Address, BeforeValidator(_address)]


class PrivateEndpointSpec(Spec):
    """One private endpoint: it reaches the global host, every data host and, where on, every regional host."""

    network: Annotated[NetworkKey, Field(description="Key of the network that holds it.")]
    subnet: Annotated[SubnetKey, Field(description="Key of the subnet that gives its addresses.")]
    dns_zones: Annotated[
        list[ZoneKey] | None,
        Field(
            min_length=1,
            max_length=5,
            description="Zones that it feeds: keys, or ids of zones made elsewhere. Left out, it feeds a zone of its own, "
            "linked to its network only; with dns.managed: policy or request, none.",
        ),
    ] = None
    static_addresses: Annotated[
        dict[str, Address],
        Field(
            description="Fixed address by member. Adding a replica fails on such an endpoint, so headroom must be 0."
        ),
    ] = {}
