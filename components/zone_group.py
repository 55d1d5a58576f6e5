"""The zone group of a private endpoint, through which Azure writes its records into private DNS zones [PE-3]."""

from collections.abc import Mapping, Sequence

import pulumi
import pulumi_azure_native as azure_native


def zone_group(
    name: str,
    endpoint: azure_native.network.PrivateEndpoint,
    resource_group_name: pulumi.Input[str],
    zone_ids: Mapping[str, pulumi.Input[str]],
    *,
    parent: pulumi.Resource,
    zones: Sequence[pulumi.Resource] = (),
) -> list[azure_native.network.PrivateDnsZoneGroup]:
    """Make Microsoft.Network/privateEndpoints/privateDnsZoneGroups, or nothing where no zones are given.

    Where others write the records, such as Azure Policy, an endpoint takes no zone group of a program [PE-DNS-POLICY].

    Args:
        name: logical name.
        endpoint: the private endpoint.
        resource_group_name: the endpoint's resource group.
        zone_ids: ARM ids of the zones, by the name of each configuration.
        parent: the component that owns it.
        zones: zones of this program, with which it is replaced.

    Returns:
        The zone group, if any.
    """
    if not zone_ids:
        return []
    # The deletion of an endpoint or a zone removes the records [PE-RECORDS], so the group is recreated with either of them.
    return [
        azure_native.network.PrivateDnsZoneGroup(
            name,
            private_dns_zone_group_name="default",
            private_endpoint_name=endpoint.name,
            resource_group_name=resource_group_name,
            private_dns_zone_configs=[
                {"name": key, "private_dns_zone_id": zone_id} for key, zone_id in zone_ids.items()
            ],
            opts=pulumi.ResourceOptions(parent=parent, replace_with=[endpoint, *zones], delete_before_replace=True),
        )
    ]
