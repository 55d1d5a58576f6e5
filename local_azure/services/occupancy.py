"""Who takes addresses of a subnet without a private endpoint: nodes, pods, environments and other delegated services.

Services call `occupy` when a resource is written or grows, and `vacate` when it gives its addresses back and stays. The subnet
then refuses to lose its range or to be deleted, and shows who lives in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_network
from typing import Any

from local_azure.errors import ArmError, bad_request
from local_azure.resource_id import ResourceId
from local_azure.services import addresses, subnet_rules
from local_azure.services.cloud import Cloud
from local_azure.services.subnets import SUBNETS, written_prefixes
from local_azure.store import Resource


def require_subnet(cloud: Cloud, subnet_id: Any, referrer: str, *, delegated_to: str | None = None) -> Resource:
    """Return the subnet of that id; raises ArmError when it is missing or not delegated as the service needs.

    Args:
        cloud: where to look.
        subnet_id: what the body names.
        referrer: id of the resource that names it, for the message.
        delegated_to: service to which the subnet has to be delegated, such as `Microsoft.App/environments`; None when
            the service wants a subnet without any delegation checked.
    """
    message = f"Resource {subnet_id} referenced by resource {referrer} was not found."
    subnet = cloud.named(subnet_id, SUBNETS, "InvalidResourceReference", message)
    if delegated_to is not None and delegated_to.lower() not in delegations(subnet):
        message = f"Subnet {subnet.id} must be delegated to {delegated_to}."
        raise bad_request("SubnetMissingRequiredDelegation", message)
    return subnet


@dataclass(frozen=True)
class Reserved:
    """A subnet that is kept for one service by its name.

    Attributes:
        name: the subnet's name. longest_prefix: its longest prefix. noun: what lives in it, for messages. code: what the
            codes of refusals start with (chosen).
    """

    name: str
    longest_prefix: int
    noun: str
    code: str

    def require(self, cloud: Cloud, subnet_id: Any, place: ResourceId) -> Resource:
        """Return the subnet that a body names; raises ArmError when it is missing, another one or too small."""
        subnet = require_subnet(cloud, subnet_id, str(place))
        if subnet.name.lower() != self.name.lower():
            message = f"{self.noun} {place.name} must be in a subnet named {self.name}, not {subnet.name}."
            raise bad_request(f"{self.code}SubnetNameInvalid", message)
        if any(ip_network(prefix).prefixlen > self.longest_prefix for prefix in written_prefixes(subnet.properties)):
            message = f"Subnet {subnet.id} of {self.noun} {place.name} must be /{self.longest_prefix} or larger."
            raise bad_request(f"{self.code}SubnetTooSmall", message)
        return subnet


def delegations(subnet: Resource) -> set[str]:
    """Return the services, in lower case, to which a subnet is delegated."""
    return set(subnet_rules.delegated_to(subnet.properties))


def occupy(cloud: Cloud, subnet: Resource, owner: str, count: int, *, alone: bool = False) -> None:
    """Make an owner hold exactly that many addresses of a subnet, taking or giving back the difference.

    An owner is a resource's id; one that takes from several subnets holds each under its id and a suffix: `<id>#pods`.

    Raises SubnetFullError when the subnet lacks room, and ArmError 409 when `alone` and somebody else lives in it.
    """
    if alone and any(other != owner.lower() for other in addresses.owners(cloud, subnet)):
        message = f"Subnet {subnet.id} is already in use by another resource; it has to be the only one in it."
        raise ArmError(409, "SubnetAlreadyInUse", message)
    members = [f"address{number}" for number in range(count)]
    held = addresses.held(cloud, owner)
    surplus = [member for member in held if member not in members]
    if surplus:
        addresses.release(cloud, owner, surplus)
    missing = [member for member in members if member not in held]
    if missing:
        addresses.allocate(cloud, subnet, owner, missing)


def vacate(cloud: Cloud, owner: str) -> None:
    """Give back every address that an owner holds, in whichever subnet."""
    addresses.release(cloud, owner)
