"""A private DNS zone, of this stack or made elsewhere, and its virtual network links.

It owns the zone and the links. It deliberately does not own records: a private endpoint's zone group writes them, and
two endpoints that write to one zone overwrite each other's records [DNS-2].
"""

from collections.abc import Mapping
from types import MappingProxyType

import pulumi
import pulumi_azure_native as azure_native

from components.dns.spec import ResolutionPolicy


class Zone(pulumi.ComponentResource):
    """One private DNS zone; makes Microsoft.Network/privateDnsZones and one virtualNetworkLinks per network.

    With ``zone_id`` the zone is made elsewhere, and only the links are made. ``resource`` is the zone itself, for
    ``replace_with`` of resources that reference its id; None for a zone made elsewhere.
    """

    id: pulumi.Output[str]
    name: pulumi.Output[str]

    def __init__(
        self,
        name: str,
        *,
        zone_name: pulumi.Input[str],
        networks: Mapping[str, pulumi.Input[str]],
        resource_group_name: pulumi.Input[str],
        tags: dict[str, str],
        link_names: Mapping[str, str] = MappingProxyType({}),
        replaced_with: Mapping[str, pulumi.Resource | None] | None = None,
        zone_id: str | None = None,
        resolution_policy: ResolutionPolicy = "Default",
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the zone and link it.

        Args:
            name: logical name; children's names start with it.
            zone_name: the zone's DNS name.
            networks: ARM ids of the linked networks, by the key that names each link.
            link_names: physical names of links by key; the others are named by the key.
            resource_group_name: where the zone goes.
            tags: set on zone and links.
            replaced_with: the networks themselves by key, with which their links are replaced; None for those made
                elsewhere.
            zone_id: ARM id of a zone made elsewhere, in the resource group and with the name that are given.
            resolution_policy: what the networks do with a name that has no record [DNS-7].
            opts: options of the component itself.
        """
        super().__init__("moorings:dns:Zone", name, None, opts)
        # A zone is global; ARM requires the location all the same.
        everywhere = {"location": "global", "resource_group_name": resource_group_name, "tags": tags}
        self.resource: pulumi.Resource | None = None
        if zone_id is not None:
            self.id, self.name = pulumi.Output.from_input(zone_id), pulumi.Output.from_input(zone_name)
        else:
            zone = self.resource = azure_native.privatedns.PrivateZone(
                f"{name}-zone", private_zone_name=zone_name, opts=pulumi.ResourceOptions(parent=self), **everywhere
            )
            self.id, self.name = zone.id, zone.name
        for key, network_id in networks.items():
            network = (replaced_with or {}).get(key)
            azure_native.privatedns.VirtualNetworkLink(
                f"{name}-link-{key}",
                virtual_network_link_name=link_names.get(key, key),
                private_zone_name=self.name,
                virtual_network={"id": network_id},
                registration_enabled=False,
                resolution_policy=resolution_policy if resolution_policy != "Default" else None,
                # Azure deletes a link with its network, and a recreated network has the id of the old one.
                opts=pulumi.ResourceOptions(
                    parent=self, replace_with=[network] if network else None, delete_before_replace=True
                ),
                **everywhere,
            )
        self.register_outputs({"id": self.id, "name": self.name})
