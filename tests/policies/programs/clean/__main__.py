"""A container platform in two regions, written against pulumi-azure-native alone, with nothing wrong in it."""

import pulumi
from pulumi_azure_native import (
    app,
    authorization,
    containerinstance,
    containerregistry,
    durabletask,
    managedidentity,
    monitor,
    network,
    operationalinsights,
    privatedns,
    resources,
)

DEFINITIONS = "/subscriptions/00000000-0000-0000-0000-000000000001/providers/Microsoft.Authorization/roleDefinitions"
ACR_PULL = f"{DEFINITIONS}/7f951dda-4ed3-4680-a7ca-43fe172d538d"
TAGS = {"owner": "web"}
HOST = "shopregistry.azurecr.io"

group = resources.ResourceGroup("group", resource_group_name="rg-shop", location="eastus", tags=TAGS)
registry = containerregistry.Registry(
    "registry",
    registry_name="shopregistry",
    resource_group_name=group.name,
    location="eastus",
    sku={"name": "Premium"},
    admin_user_enabled=False,
    anonymous_pull_enabled=False,
    public_network_access="Disabled",
    data_endpoint_enabled=True,
    network_rule_set={"default_action": "Deny"},
    policies={"export_policy": {"status": "disabled"}, "retention_policy": {"status": "enabled", "days": 14}},
    tags=TAGS,
    opts=pulumi.ResourceOptions(protect=True),
)
replicas = [
    containerregistry.Replication(
        f"replica-{region}",
        replication_name=region,
        registry_name=registry.name,
        resource_group_name=group.name,
        location=region,
        region_endpoint_enabled=True,
        tags=TAGS,
    )
    for region in ("westeurope",)
]

identity = managedidentity.UserAssignedIdentity(
    "puller", resource_name_="id-shop-puller", resource_group_name=group.name, location="eastus", tags=TAGS
)
pull = authorization.RoleAssignment(
    "puller-may-pull",
    role_assignment_name="0c1b8d0e-6d5e-4f39-9df1-8a4f1a9f3c11",
    scope=registry.id,
    role_definition_id=ACR_PULL,
    principal_id=identity.principal_id,
    principal_type="ServicePrincipal",
)
workspace = operationalinsights.Workspace(
    "logs",
    workspace_name="log-shop",
    resource_group_name=group.name,
    location="eastus",
    sku={"name": "PerGB2018"},
    retention_in_days=90,
    features={"disable_local_auth": True},
    tags=TAGS,
)
monitor.DiagnosticSetting(
    "registry-logs",
    name="all",
    resource_uri=registry.id,
    workspace_id=workspace.id,
    logs=[{"category_group": "allLogs", "enabled": True}],
)


def security_group(name: str, region: str) -> network.NetworkSecurityGroup:
    """A group that admits HTTPS from the network, the load balancer's probes, and nothing else."""
    common = {"direction": "Inbound", "source_port_range": "*", "destination_address_prefix": "*"}
    return network.NetworkSecurityGroup(
        f"nsg-{name}",
        network_security_group_name=f"nsg-{name}",
        resource_group_name=group.name,
        location=region,
        security_rules=[
            {
                "name": "https",
                "priority": 100,
                "access": "Allow",
                "protocol": "Tcp",
                "source_address_prefix": "VirtualNetwork",
                "destination_port_range": "443",
                **common,
            },
            {
                "name": "probes",
                "priority": 110,
                "access": "Allow",
                "protocol": "*",
                "source_address_prefix": "AzureLoadBalancer",
                "destination_port_range": "*",
                **common,
            },
            {
                "name": "nothing-else",
                "priority": 4096,
                "access": "Deny",
                "protocol": "*",
                "source_address_prefix": "*",
                "destination_port_range": "*",
                **common,
            },
        ],
        tags=TAGS,
    )


class Region:
    """One region: a network with subnets of their own, an endpoint, a zone, and an environment."""

    def __init__(self, region: str, number: int) -> None:
        place = {"resource_group_name": group.name, "tags": TAGS}
        self.network = network.VirtualNetwork(
            f"vnet-{region}",
            virtual_network_name=f"vnet-shop-{region}",
            location=region,
            address_space={"address_prefixes": [f"10.{number}.0.0/16"]},
            **place,
        )
        self.endpoints = self.subnet("endpoints", region, f"10.{number}.0.0/24")
        self.apps = self.subnet("apps", region, f"10.{number}.2.0/23", "Microsoft.App/environments")
        self.endpoint = self.private_endpoint(region)
        self.records(region)
        self.environment = self.managed_environment(region)

    def private_endpoint(self, region: str) -> network.PrivateEndpoint:
        """The registry's endpoint in this network."""
        place = {"resource_group_name": group.name, "tags": TAGS}
        return network.PrivateEndpoint(
            f"endpoint-{region}",
            private_endpoint_name=f"pe-shopregistry-{region}",
            location=region,
            subnet={"id": self.endpoints.id},
            private_link_service_connections=[
                {"name": "registry", "private_link_service_id": registry.id, "group_ids": ["registry"]}
            ],
            opts=pulumi.ResourceOptions(depends_on=replicas),
            **place,
        )

    def records(self, region: str) -> None:
        """A zone of its own that the endpoint writes to."""
        zones = resources.ResourceGroup(
            f"zones-{region}", resource_group_name=f"rg-shop-dns-{region}", location=region, tags=TAGS
        )
        zone = privatedns.PrivateZone(
            f"zone-{region}",
            private_zone_name="privatelink.azurecr.io",
            resource_group_name=zones.name,
            location="global",
            tags=TAGS,
        )
        privatedns.VirtualNetworkLink(
            f"link-{region}",
            virtual_network_link_name=region,
            private_zone_name=zone.name,
            resource_group_name=zones.name,
            location="global",
            virtual_network={"id": self.network.id},
            registration_enabled=False,
            tags=TAGS,
        )
        network.PrivateDnsZoneGroup(
            f"records-{region}",
            private_dns_zone_group_name="default",
            private_endpoint_name=self.endpoint.name,
            resource_group_name=group.name,
            private_dns_zone_configs=[{"name": "registry", "private_dns_zone_id": zone.id}],
        )

    def managed_environment(self, region: str) -> app.ManagedEnvironment:
        """An environment whose logs are kept."""
        place = {"resource_group_name": group.name, "tags": TAGS}
        created = app.ManagedEnvironment(
            f"environment-{region}",
            environment_name=f"cae-shop-{region}",
            location=region,
            vnet_configuration={"infrastructure_subnet_id": self.apps.id, "internal": True},
            workload_profiles=[{"name": "Consumption", "workload_profile_type": "Consumption"}],
            zone_redundant=True,
            app_logs_configuration={"destination": "azure-monitor"},
            **place,
        )
        monitor.DiagnosticSetting(
            f"environment-logs-{region}",
            name="all",
            resource_uri=created.id,
            workspace_id=workspace.id,
            logs=[{"category_group": "allLogs", "enabled": True}],
        )
        return created

    def subnet(self, name: str, region: str, prefix: str, delegation: str = "") -> network.Subnet:
        """A subnet with a group, without a hidden way out."""
        delegations = [{"name": "service", "service_name": delegation}] if delegation else None
        return network.Subnet(
            f"{name}-{region}",
            subnet_name=name,
            virtual_network_name=self.network.name,
            resource_group_name=group.name,
            address_prefix=prefix,
            default_outbound_access=False,
            network_security_group={"id": security_group(f"{name}-{region}", region).id},
            delegations=delegations,
        )


east, west = Region("eastus", 80), Region("westeurope", 81)
for name, here, there in (("east-west", east, west), ("west-east", west, east)):
    network.VirtualNetworkPeering(
        name,
        virtual_network_peering_name=name,
        virtual_network_name=here.network.name,
        resource_group_name=group.name,
        remote_virtual_network={"id": there.network.id},
        allow_virtual_network_access=True,
    )

pulling = {"identity": identity.id, "server": HOST}
container = {"name": "main", "image": f"{HOST}/shop/web:1", "resources": {"cpu": 0.5, "memory": "1Gi"}}
app.ContainerApp(
    "web",
    container_app_name="web",
    resource_group_name=group.name,
    location="eastus",
    environment_id=east.environment.id,
    identity={"type": "UserAssigned", "user_assigned_identities": [identity.id]},
    configuration={
        "registries": [pulling],
        "ingress": {"external": True, "target_port": 8080, "allow_insecure": False},
        "secrets": [
            {
                "name": "payments",
                "key_vault_url": "https://kv-shop.vault.azure.net/secrets/payments",
                "identity": identity.id,
            }
        ],
    },
    template={"containers": [container], "scale": {"min_replicas": 2, "max_replicas": 20}},
    tags=TAGS,
    opts=pulumi.ResourceOptions(depends_on=[pull]),
)
app.Job(
    "nightly",
    job_name="nightly",
    resource_group_name=group.name,
    location="westeurope",
    environment_id=west.environment.id,
    identity={"type": "UserAssigned", "user_assigned_identities": [identity.id]},
    configuration={
        "registries": [pulling],
        "replica_timeout": 600,
        "trigger_type": "Schedule",
        "schedule_trigger_config": {"cron_expression": "0 3 * * *"},
    },
    template={"containers": [container]},
    tags=TAGS,
    opts=pulumi.ResourceOptions(depends_on=[pull]),
)
app.ContainerAppsSessionPool(
    "sessions",
    session_pool_name="sessions",
    resource_group_name=group.name,
    location="eastus",
    container_type="PythonLTS",
    pool_management_type="Dynamic",
    dynamic_pool_configuration={
        "lifecycle_configuration": {"lifecycle_type": "Timed", "cooldown_period_in_seconds": 300}
    },
    scale_configuration={"max_concurrent_sessions": 20},
    session_network_configuration={"status": "EgressDisabled"},
    tags=TAGS,
)
bursts = east.subnet("bursts", "eastus", "10.80.8.0/24", "Microsoft.ContainerInstance/containerGroups")
containerinstance.ContainerGroup(
    "import",
    container_group_name="import",
    resource_group_name=group.name,
    location="eastus",
    os_type="Linux",
    sku="Standard",
    identity={"type": "UserAssigned", "user_assigned_identities": [identity.id]},
    image_registry_credentials=[{"server": HOST, "identity": identity.id}],
    subnet_ids=[{"id": bursts.id}],
    containers=[
        {
            "name": "import",
            "image": f"{HOST}/shop/import:1",
            "resources": {"requests": {"cpu": 1, "memory_in_gb": 2}},
            "environment_variables": [{"name": "API_TOKEN", "secure_value": pulumi.Output.secret("from-a-vault")}],
        }
    ],
    tags=TAGS,
    opts=pulumi.ResourceOptions(depends_on=[pull]),
)
durabletask.Scheduler(
    "scheduler",
    scheduler_name="dts-shop",
    resource_group_name=group.name,
    location="eastus",
    properties={"ip_allowlist": ["203.0.113.0/24"], "sku": {"name": "Consumption"}},
    tags=TAGS,
)
