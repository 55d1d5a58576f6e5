"""The ledger of private addresses: which subnet gave which address to which member of which private endpoint."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from ipaddress import IPv4Address, IPv4Network, ip_network

from local_azure.errors import ArmError, bad_request
from local_azure.services.cloud import Cloud
from local_azure.store import Resource

RESERVED_FIRST, RESERVED_LAST = 4, 1
"""Addresses that Azure keeps in every subnet: the first four and the last [VNET-FAQ]."""


class NoAddressError(ArmError):
    """Members of a private endpoint or consumers of a subnet get no address."""


class SubnetFullError(NoAddressError):
    """A subnet has fewer free addresses than are needed [SUBNET-FULL]."""

    def __init__(self, subnet: Resource, needed: int) -> None:
        message = (
            f"Subnet {subnet.name} with address prefix {', '.join(map(str, prefixes(subnet)))} does not have enough "
            f"capacity for {needed} IP addresses."
        )
        super().__init__(400, "SubnetIsFull", message)


def prefixes(subnet: Resource) -> list[IPv4Network]:
    """Return the IPv4 prefixes of a subnet."""
    properties = subnet.properties
    written = [p for p in (properties.get("addressPrefix"), *(properties.get("addressPrefixes") or ())) if p]
    networks = (ip_network(p) for p in dict.fromkeys(written))
    return [n for n in networks if isinstance(n, IPv4Network)]


def usable(subnet: Resource) -> Iterator[int]:
    """Yield the addresses of a subnet that Azure does not keep, as numbers, lowest first."""
    for network in prefixes(subnet):
        first = int(network.network_address)
        yield from range(first + RESERVED_FIRST, first + network.num_addresses - RESERVED_LAST)


def taken(cloud: Cloud, subnet: Resource) -> dict[int, str]:
    """Return the allocated addresses of a subnet and the endpoint that has each."""
    return cloud.store.ledger.taken(subnet.key)


def owners(cloud: Cloud, subnet: Resource) -> list[str]:
    """Return the keys of the endpoints that hold addresses of a subnet, first come first."""
    return cloud.store.ledger.owners(subnet.key)


def free(cloud: Cloud, subnet: Resource) -> int:
    """Return how many addresses of a subnet can still be given."""
    used = taken(cloud, subnet)
    return sum(1 for number in usable(subnet) if number not in used)


def held(cloud: Cloud, owner: str) -> dict[str, str]:
    """Return the addresses of an endpoint by member name."""
    return {member: str(IPv4Address(number)) for member, number in cloud.store.ledger.held(owner).items()}


def allocate(
    cloud: Cloud, subnet: Resource, owner: str, members: Sequence[str], fixed: Mapping[str, str] | None = None
) -> None:
    """Give each member one address, the lowest free one unless `fixed` names it; all or none.

    Raises SubnetFullError when the subnet lacks room, and ArmError for a fixed address that is outside the subnet,
    reserved or taken.
    """
    used = taken(cloud, subnet)
    chosen: dict[str, int] = {}
    for member, address in (fixed or {}).items():
        chosen[member] = _fixed(subnet, address, {**used, **dict.fromkeys(chosen.values(), owner)})
    blocked = {*used, *chosen.values()}
    left = (number for number in usable(subnet) if number not in blocked)
    for member in members:
        if member in chosen:
            continue
        number = next(left, None)
        if number is None:
            raise SubnetFullError(subnet, len(members))
        chosen[member] = number
    cloud.store.ledger.give(subnet.key, owner, {member: chosen[member] for member in members})


def _fixed(subnet: Resource, address: str, used: Mapping[int, str]) -> int:
    try:
        number = int(IPv4Address(address))
    except ValueError as error:
        raise bad_request("InvalidIPAddress", f"'{address}' is not an IPv4 address.") from error
    if number not in set(usable(subnet)):
        message = f"Private static IP address {address} does not belong to the range of subnet {subnet.name}."
        raise bad_request("PrivateIPAddressNotInSubnet", message)
    if number in used:
        message = f"Private static IP address {address} is already allocated to resource {used[number]}."
        raise bad_request("PrivateIPAddressIsAllocated", message)
    return number


def release(cloud: Cloud, owner: str, members: Sequence[str] | None = None) -> None:
    """Give back the addresses of the named members, or all that the endpoint has."""
    cloud.store.ledger.release(owner, members)
