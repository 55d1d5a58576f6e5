"""A private endpoint of a registry: its addresses in one subnet, and their DNS zone group.

It owns the endpoint and its zone group. It deliberately does not own the subnet, the zones or the registry, and it
depends on every replica: an endpoint made while a replica is being created fails [PE-4]. [PE-1, PE-2, PE-3]
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_azure_native as azure_native

from components.private_endpoint.members import Patience, addresses_by_member
from components.private_endpoint.spec import PrivateEndpointSpec
from components.zone_group import zone_group
from planning.endpoints import GROUP_ID, RegistryShape, members

AZURES_OWN = ["customDnsConfigs"]
"""Azure updates it as members change; after a refresh the provider treats it as an input."""


_MADE_UP = re.compile(r"\.nic\.[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$")


@dataclass(frozen=True, slots=True)
class Ties:
    """Dependencies of an endpoint.

    Attributes:
        after: what must exist first, such as a registry with its replicas, and peerings of its network.
        replaced_with: the registry itself, with which it is replaced. A recreated registry has the id of the old one,
            and the connection to it stays Disconnected [PE-GONE].
        zones: zones of this program, with which the zone group is replaced.
    """

    after: Sequence[pulumi.Resource] = ()
    replaced_with: Sequence[pulumi.Resource] = ()
    zones: Sequence[pulumi.Resource] = ()


UNTIED = Ties()
"""No dependencies."""


class PrivateEndpoint(pulumi.ComponentResource):
    """One private endpoint; makes Microsoft.Network/privateEndpoints and, where it feeds zones, its privateDnsZoneGroups."""

    id: pulumi.Output[str]
    name: pulumi.Output[str]
    network_interface_name: pulumi.Output[str]
    """Name of the network interface that has its addresses."""
    addresses: pulumi.Output[Mapping[str, str]]
    """Private IPv4 address of each member, such as registry or registry_data_westeurope."""

    def __init__(
        self,
        name: str,
        spec: PrivateEndpointSpec,
        *,
        endpoint_name: str,
        interface_name: str,
        location: str,
        resource_group_name: pulumi.Input[str],
        subnet_id: pulumi.Input[str],
        registry_id: pulumi.Input[str],
        shape: RegistryShape,
        zone_ids: Mapping[str, pulumi.Input[str]],
        tags: dict[str, str],
        patience: Patience,
        ties: Ties = UNTIED,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the endpoint and its zone group.

        Args:
            name: logical name; children's names start with it.
            spec: static addresses, if any.
            endpoint_name: physical name.
            interface_name: physical name of its network interface.
            location: region of the subnet's network.
            resource_group_name: where it goes.
            subnet_id: subnet of its addresses.
            registry_id: ARM id of the registry.
            shape: the registry's shape, which determines the members.
            zone_ids: ARM ids of its zones, by the name of each configuration; at most 5 [DNS-6]. Empty if others write the
                records.
            tags: tags.
            patience: how long to wait for all members to have addresses.
            ties: dependencies: on the registry and all its replicas, if this program makes them; by default none.
            opts: options of the component itself.
        """
        super().__init__("moorings:private_endpoint:PrivateEndpoint", name, None, opts)
        self._place = {"location": location, "resource_group_name": resource_group_name, "tags": tags}
        self._static, self._connection = _static(spec, members(shape)), spec.connection_name or endpoint_name
        endpoint = self._endpoint(endpoint_name, interface_name, subnet_id, registry_id, ties)
        groups = zone_group(f"{name}-zones", endpoint, resource_group_name, zone_ids, parent=self, zones=ties.zones)
        self.id, self.name = endpoint.id, endpoint.name
        self.network_interface_name = pulumi.Output.from_input(interface_name)
        self.addresses = addresses_by_member(
            interface_name=interface_name,
            resource_group_name=resource_group_name,
            expected=members(shape),
            patience=patience,
            depends_on=[endpoint, *groups, *ties.after],
            parent=self,
        )
        names = {"name": self.name, "network_interface_name": self.network_interface_name}
        self.register_outputs({"id": self.id, "addresses": self.addresses, **names})

    def _endpoint(
        self,
        endpoint_name: str,
        interface_name: str,
        subnet_id: pulumi.Input[str],
        registry_id: pulumi.Input[str],
        ties: Ties,
    ) -> azure_native.network.PrivateEndpoint:
        return azure_native.network.PrivateEndpoint(
            f"{self.pulumi_resource_name}-endpoint",
            private_endpoint_name=endpoint_name,
            subnet={"id": subnet_id},
            custom_network_interface_name=_sent(interface_name),
            private_link_service_connections=[
                {"name": self._connection, "private_link_service_id": registry_id, "group_ids": [GROUP_ID]}
            ],
            ip_configurations=self._static,
            opts=pulumi.ResourceOptions(
                parent=self,
                depends_on=list(ties.after),
                ignore_changes=AZURES_OWN,
                replace_with=list(ties.replaced_with),
                # Deleting an endpoint removes the records of its zones, including those of its successor [PE-RECORDS].
                delete_before_replace=True,
            ),
            **self._place,
        )


def _sent(interface_name: str) -> str | None:
    """The name of a network interface as it is sent; None for one that Azure makes up [PE-NIC]."""
    return None if _MADE_UP.search(interface_name) else interface_name


def _static(
    spec: PrivateEndpointSpec, expected: Sequence[str]
) -> list[azure_native.network.PrivateEndpointIPConfigurationArgsDict] | None:
    if not spec.static_addresses:
        return None
    return [
        {
            "name": member,
            "group_id": GROUP_ID,
            "member_name": member,
            "private_ip_address": str(spec.static_addresses[member]),
        }
        for member in expected
    ]
