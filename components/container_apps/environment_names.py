"""DNS of an internal environment: two records in a private DNS zone of its default domain.

It owns the records. It deliberately does not own the zone with its links. Azure creates neither for an internal
environment, and without them the names of its apps do not resolve. [CAE-26]
"""

import pulumi
import pulumi_azure_native as azure_native

RECORDS = {"all": "*", "apex": "@"}
"""Records by the suffix of their logical name: the wildcard and the apex of the domain [CAE-26]."""

TTL_SECONDS = 3600
"""Time to live of the records; the address of an environment is fixed (chosen)."""


class EnvironmentNames(pulumi.ComponentResource):
    """The records of one environment; makes two Microsoft.Network/privateDnsZones/A."""

    ids: pulumi.Output[list[str]]

    def __init__(
        self,
        name: str,
        *,
        zone_name: pulumi.Input[str],
        address: pulumi.Input[str],
        resource_group_name: pulumi.Input[str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the records.

        Args:
            name: logical name; children's names start with it.
            zone_name: name of the zone, the environment's default domain.
            address: the environment's address in its network.
            resource_group_name: where the zone is.
            opts: options of the component itself.
        """
        super().__init__("moorings:container_apps:EnvironmentNames", name, None, opts)
        records = [
            azure_native.privatedns.PrivateRecordSet(
                f"{name}-record-{role}",
                private_zone_name=zone_name,
                resource_group_name=resource_group_name,
                record_type="A",
                relative_record_set_name=record,
                ttl=TTL_SECONDS,
                a_records=[{"ipv4_address": address}],
                opts=pulumi.ResourceOptions(parent=self),
            )
            for role, record in RECORDS.items()
        ]
        self.ids = pulumi.Output.all(*(record.id for record in records))
        self.register_outputs({"ids": self.ids})
