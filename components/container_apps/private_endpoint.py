"""A private endpoint of an environment, which gives it an address in a network and a name in that network's zone.

It owns the endpoint and its zone group. It deliberately does not own the zone, which all environments of a region
share. [CAE-9]
"""

from collections.abc import Sequence

import pulumi
import pulumi_azure_native as azure_native

from components.zone_group import zone_group

GROUP = "managedEnvironments"
"""The only group id of an environment [CAE-9]."""


class EnvironmentEndpoint(pulumi.ComponentResource):
    """One endpoint; makes Microsoft.Network/privateEndpoints and, where it feeds a zone, its privateDnsZoneGroups."""

    id: pulumi.Output[str]

    def __init__(
        self,
        name: str,
        *,
        endpoint_name: str,
        interface_name: str,
        environment_id: pulumi.Input[str],
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
            environment_id: the target.
            subnet_id: where it takes its address.
            zone_id: the zone of the environment's region; None where others write the record.
            location: the network's region.
            resource_group_name: where it goes.
            tags: set on the endpoint.
            replaced_with: the environment itself, as a new environment has the id of the old one [PE-GONE].
            opts: options of the component itself.
        """
        super().__init__("moorings:container_apps:EnvironmentEndpoint", name, None, opts)
        endpoint = azure_native.network.PrivateEndpoint(
            f"{name}-endpoint",
            private_endpoint_name=endpoint_name,
            custom_network_interface_name=interface_name,
            resource_group_name=resource_group_name,
            location=location,
            subnet={"id": subnet_id},
            private_link_service_connections=[
                {"name": endpoint_name, "private_link_service_id": environment_id, "group_ids": [GROUP]}
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
        zone_ids = {"environment": zone_id} if zone_id is not None else {}
        zone_group(f"{name}-zones", endpoint, resource_group_name, zone_ids, parent=self)
        self.id = endpoint.id
        self.register_outputs({"id": self.id})
