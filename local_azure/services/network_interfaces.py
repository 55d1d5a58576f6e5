"""Network interfaces: those that private endpoints have, and those of virtual machines."""

from __future__ import annotations

import uuid

from typing_extensions import override

from local_azure.errors import bad_request
from local_azure.services import addresses, occupancy, private_links
from local_azure.services.cloud import Cloud, Json, Request
from local_azure.services.private_links import INTERFACES
from local_azure.services.subnets import NetworkResource
from local_azure.store import Resource


class NetworkInterfaces(NetworkResource):
    """Microsoft.Network/networkInterfaces. Those of private endpoints are made and deleted with them [NIC-ENDPOINT]."""

    name = INTERFACES

    @override
    def write(self, cloud: Cloud, request: Request, existing: Resource | None) -> Resource:
        """Take an address for each configuration, which keeps it [NIC-ADDRESS]."""
        if existing is not None and "endpoint" in existing.state:
            message = f"Network interface {existing.id} belongs to a private endpoint and cannot be updated."
            raise bad_request("CannotUpdatePrivateEndpointNetworkInterface", message)
        configurations = request.properties.get("ipConfigurations") or []
        if not configurations:
            message = f"Network interface {request.id} must have one or more IP configurations."
            raise bad_request("NetworkInterfaceMustHaveAtLeastOneIpConfiguration", message)
        subnets = {str(((each.get("properties") or {}).get("subnet") or {}).get("id")) for each in configurations}
        if len(subnets) > 1:
            message = f"IP configurations of network interface {request.id} are in several subnets."
            raise bad_request("NetworkInterfaceHasMultipleSubnets", message)
        subnet = occupancy.require_subnet(cloud, subnets.pop(), str(request.id))
        if occupancy.delegations(subnet):
            message = f"Subnet {subnet.id} is delegated, so network interface {request.id.name} cannot be in it."
            raise bad_request("SubnetDelegationsCannotHaveNetworkInterface", message)
        held = addresses.held(cloud, str(request.id))
        if existing is not None and held and existing.state.get("subnet") != subnet.key:
            occupancy.vacate(cloud, str(request.id))
        occupancy.occupy(cloud, subnet, str(request.id), len(configurations))
        given = list(addresses.held(cloud, str(request.id)).values())
        before = existing.properties if existing else {}
        properties = {
            "resourceGuid": before.get("resourceGuid") or str(uuid.uuid4()),
            "dnsSettings": {"dnsServers": [], "appliedDnsServers": []},
            "enableAcceleratedNetworking": False,
            "enableIPForwarding": False,
            "nicType": "Standard",
            **request.properties,
            "ipConfigurations": [
                _configuration(str(request.id), each, address, first=index == 0)
                for index, (each, address) in enumerate(zip(configurations, given, strict=True))
            ],
        }
        resource = self.result(request, existing, properties)
        resource.state = {"subnet": subnet.key}
        return resource

    @override
    def read(self, cloud: Cloud, resource: Resource) -> None:
        """Let the members of a private endpoint be up to date at the next read."""
        if "endpoint" in resource.state:
            private_links.seen(cloud, resource.state["endpoint"])

    @override
    def refuse_delete(self, cloud: Cloud, resource: Resource) -> None:
        """Refuse while a private endpoint or a virtual machine has it [NIC-INUSE]."""
        owner = str((resource.properties.get("virtualMachine") or {}).get("id") or "")
        if "endpoint" in resource.state:
            message = f"Network interface {resource.id} belongs to a private endpoint and cannot be deleted."
            raise bad_request("CannotDeletePrivateEndpointNetworkInterface", message)
        if owner:
            message = (
                f"Network Interface {resource.id} is used by existing resource {owner}. In order to delete the network "
                "interface, it must be dissociated from the resource. To learn more, see aka.ms/deletenic."
            )
            raise bad_request("NicInUse", message)


def _configuration(interface_id: str, sent: Json, address: str, *, first: bool) -> Json:
    name = str(sent.get("name") or "ipconfig")
    return {
        "id": f"{interface_id}/ipConfigurations/{name}",
        "name": name,
        "type": f"{INTERFACES}/ipConfigurations",
        "properties": {
            "privateIPAllocationMethod": "Dynamic",
            "privateIPAddressVersion": "IPv4",
            "primary": first,
            **(sent.get("properties") or {}),
            "privateIPAddress": address,
            "provisioningState": "Succeeded",
        },
    }


TYPES = (NetworkInterfaces(),)
