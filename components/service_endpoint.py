"""A private endpoint of a service with one address, which gives it a name in a zone of the network.

It owns the endpoint and its zone group. It deliberately does not own the zone, which several services share. The private
endpoint of a registry, which has many addresses, is `components.private_endpoint.private_endpoint`. [PE-3]
"""

from collections.abc import Sequence
from typing import ClassVar

import pulumi
import pulumi_azure_native as azure_native

from components.zone_group import zone_group


class ServiceEndpoint(pulumi.ComponentResource):
    """One endpoint; makes Microsoft.Network/privateEndpoints and, where it feeds a zone, its privateDnsZoneGroups.

    A service derives a class from it.

    Attributes:
        token: type token of the component.
        group: group id of the service.
        zone: name of the zone's configuration.
    """

    token: ClassVar[str]
    group: ClassVar[str]
    zone: ClassVar[str]

    id: pulumi.Output[str]

    def __init__(
        self,
        name: str,
        *,
        endpoint_name: str,
        interface_name: str,
        service_id: pulumi.Input[str],
        subnet_id: pulumi.Input[str],
        zone_id: pulumi.Input[str] | None,
        location: str,
        resource_group_name: pulumi.Input[str],
        tags: dict[str, str],
        replaced_with: Sequence[pulumi.Resource] = (),
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the endpoint.

        Args:
            name: logical name; children's names start with it.
            endpoint_name: physical name.
            interface_name: physical name of its network interface.
            service_id: the target.
            subnet_id: where it takes its address.
            zone_id: its zone; None where others write the record.
            location: the network's region.
            resource_group_name: where it goes.
            tags: set on the endpoint.
            replaced_with: the service itself, as a new one has the id of the old one [PE-GONE].
            opts: options of the component itself.
        """
        super().__init__(self.token, name, None, opts)
        endpoint = azure_native.network.PrivateEndpoint(
            f"{name}-endpoint",
            private_endpoint_name=endpoint_name,
            custom_network_interface_name=interface_name,
            resource_group_name=resource_group_name,
            location=location,
            subnet={"id": subnet_id},
            private_link_service_connections=[
                {"name": endpoint_name, "private_link_service_id": service_id, "group_ids": [self.group]}
            ],
            tags=tags,
            opts=pulumi.ResourceOptions(
                parent=self,
                # Azure sets these; after a refresh the provider treats them as inputs.
                ignore_changes=["customDnsConfigs"],
                replace_with=list(replaced_with),
                delete_before_replace=True,
            ),
        )
        zone_ids = {self.zone: zone_id} if zone_id is not None else {}
        zone_group(f"{name}-zones", endpoint, resource_group_name, zone_ids, parent=self)
        self.id = endpoint.id
        self.register_outputs({"id": self.id})
