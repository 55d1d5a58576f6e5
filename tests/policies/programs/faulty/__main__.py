"""The same platform as its clean twin with a fault at nearly every resource; `planted.yaml` tells them."""

import pulumi
from pulumi_azure_native import (
    app,
    authorization,
    containerinstance,
    containerregistry,
    durabletask,
    managedidentity,
    network,
    operationalinsights,
    privatedns,
    resources,
)

DEFINITIONS = "/subscriptions/00000000-0000-0000-0000-000000000001/providers/Microsoft.Authorization/roleDefinitions"
REPOSITORY_READER = f"{DEFINITIONS}/b93aa761-3e63-49ed-ac28-beffa264f7ac"
CONTRIBUTOR = f"{DEFINITIONS}/b24988ac-6180-42a0-ab88-20f7382dd24c"
OWNER = f"{DEFINITIONS}/8e3af657-a8ff-443c-a75c-2fe8c4bcb635"
HOST = "shopregistry.azurecr.io"

group = resources.ResourceGroup("group", resource_group_name="rg-shop", location="eastus")
registry = containerregistry.Registry(
    "registry",
    registry_name="shopregistry",
    resource_group_name=group.name,
    location="eastus",
    sku={"name": "Premium"},
    admin_user_enabled=True,
    anonymous_pull_enabled=True,
    public_network_access="Enabled",
    data_endpoint_enabled=False,
    network_rule_set={"default_action": "Allow"},
    policies={
        "export_policy": {"status": "disabled"},
        "soft_delete_policy": {"status": "enabled", "retention_days": 7},
        "azure_ad_authentication_as_arm_policy": {"status": "disabled"},
    },
)
replicas = [
    containerregistry.Replication(
        f"replica-{region}",
        replication_name=region,
        registry_name=registry.name,
        resource_group_name=group.name,
        location=region,
        region_endpoint_enabled=region != "westeurope",
    )
    for region in ("westeurope", "southeastasia")
]
containerregistry.Registry(
    "closed-registry",
    registry_name="shopclosed",
    resource_group_name=group.name,
    location="westcentralus",
    sku={"name": "Premium"},
    public_network_access="Disabled",
    data_endpoint_enabled=True,
)
containerregistry.Registry(
    "small-registry",
    registry_name="shopsmall",
    resource_group_name=group.name,
    location="eastus",
    sku={"name": "Basic"},
)

identity = managedidentity.UserAssignedIdentity(
    "puller", resource_name_="id-shop-puller", resource_group_name=group.name, location="eastus"
)
authorization.RoleAssignment(
    "role-of-the-other-mode",
    role_assignment_name="0c1b8d0e-6d5e-4f39-9df1-8a4f1a9f3c11",
    scope=registry.id,
    role_definition_id=REPOSITORY_READER,
    principal_id=identity.principal_id,
    principal_type="ServicePrincipal",
)
authorization.RoleAssignment(
    "contributor-on-registry",
    role_assignment_name="0c1b8d0e-6d5e-4f39-9df1-8a4f1a9f3c12",
    scope=registry.id,
    role_definition_id=CONTRIBUTOR,
    principal_id="11111111-2222-4333-8444-555555555555",
    principal_type="User",
)
authorization.RoleAssignment(
    "owner-of-group",
    role_assignment_name="0c1b8d0e-6d5e-4f39-9df1-8a4f1a9f3c13",
    scope=group.id,
    role_definition_id=OWNER,
    principal_id=identity.principal_id,
    principal_type="ServicePrincipal",
)

keyless = operationalinsights.Workspace(
    "keyless-logs",
    workspace_name="log-shop-keyless",
    resource_group_name=group.name,
    location="eastus",
    retention_in_days=30,
    features={"disable_local_auth": True},
)
operationalinsights.Workspace(
    "keyed-logs",
    workspace_name="log-shop-keyed",
    resource_group_name=group.name,
    location="eastus",
    retention_in_days=30,
)

inbound = {"direction": "Inbound", "source_port_range": "*", "destination_address_prefix": "*", "access": "Allow"}
open_group = network.NetworkSecurityGroup(
    "open-group",
    network_security_group_name="nsg-open",
    resource_group_name=group.name,
    location="eastus",
    security_rules=[
        {
            "name": "all",
            "priority": 100,
            "protocol": "*",
            "source_address_prefix": "*",
            "destination_port_range": "*",
            **inbound,
        },
        {
            "name": "ssh",
            "priority": 110,
            "protocol": "Tcp",
            "source_address_prefix": "Internet",
            "destination_port_range": "22",
            **inbound,
        },
        {
            "name": "dns",
            "priority": 120,
            "protocol": "Udp",
            "source_address_prefix": "0.0.0.0/0",
            "destination_port_range": "53",
            **inbound,
        },
    ],
)
network.NetworkSecurityGroup(
    "unused-group",
    network_security_group_name="nsg-unused",
    resource_group_name=group.name,
    location="eastus",
    security_rules=[
        {
            "name": "nothing",
            "priority": 4096,
            "protocol": "*",
            "source_address_prefix": "*",
            "destination_port_range": "*",
            **inbound,
            "access": "Deny",
        }
    ],
)

east = network.VirtualNetwork(
    "vnet-east",
    virtual_network_name="vnet-shop-east",
    resource_group_name=group.name,
    location="eastus",
    address_space={"address_prefixes": ["10.80.0.0/16"]},
    dhcp_options={"dns_servers": ["192.168.1.4"]},
)
west = network.VirtualNetwork(
    "vnet-west",
    virtual_network_name="vnet-shop-west",
    resource_group_name=group.name,
    location="westeurope",
    address_space={"address_prefixes": ["10.81.0.0/16"]},
    subnets=[
        {
            "name": "first",
            "address_prefix": "10.81.0.0/24",
            "default_outbound_access": False,
            "network_security_group": {"id": open_group.id},
        },
        {
            "name": "second",
            "address_prefix": "10.81.0.128/25",
            "default_outbound_access": False,
            "network_security_group": {"id": open_group.id},
        },
    ],
)
endpoints = network.Subnet(
    "endpoints",
    subnet_name="endpoints",
    virtual_network_name=east.name,
    resource_group_name=group.name,
    address_prefix="10.80.0.0/29",
    default_outbound_access=False,
    network_security_group={"id": open_group.id},
)
apps = network.Subnet(
    "apps",
    subnet_name="apps",
    virtual_network_name=east.name,
    resource_group_name=group.name,
    address_prefix="10.80.2.0/24",
)
network.VirtualNetworkPeering(
    "east-west",
    virtual_network_peering_name="east-west",
    virtual_network_name=east.name,
    resource_group_name=group.name,
    remote_virtual_network={"id": west.id},
)

connection = {"name": "registry", "private_link_service_id": registry.id, "group_ids": ["registry"]}
zone = privatedns.PrivateZone(
    "zone", private_zone_name="privatelink.azurecr.io", resource_group_name=group.name, location="global"
)
privatedns.PrivateZone(
    "stray-zone",
    private_zone_name="eastus.data.privatelink.azurecr.io",
    resource_group_name=group.name,
    location="global",
)
for name in ("endpoint", "second-endpoint"):
    created = network.PrivateEndpoint(
        name,
        private_endpoint_name=f"pe-{name}",
        resource_group_name=group.name,
        location="eastus",
        subnet={"id": endpoints.id},
        private_link_service_connections=[connection],
        opts=pulumi.ResourceOptions(depends_on=replicas),
    )
    network.PrivateDnsZoneGroup(
        f"{name}-records",
        private_dns_zone_group_name="default",
        private_endpoint_name=created.name,
        resource_group_name=group.name,
        private_dns_zone_configs=[{"name": "registry", "private_dns_zone_id": zone.id}],
    )
network.PrivateEndpoint(
    "manual-endpoint",
    private_endpoint_name="pe-manual",
    resource_group_name=group.name,
    location="eastus",
    subnet={"id": endpoints.id},
    manual_private_link_service_connections=[connection],
)

environment = app.ManagedEnvironment(
    "environment",
    environment_name="cae-shop",
    resource_group_name=group.name,
    location="eastus",
    vnet_configuration={"infrastructure_subnet_id": apps.id},
    workload_profiles=[{"name": "Consumption", "workload_profile_type": "Consumption"}],
    zone_redundant=False,
    app_logs_configuration={
        "destination": "log-analytics",
        "log_analytics_configuration": {
            "customer_id": keyless.customer_id,
            "shared_key": operationalinsights.get_shared_keys_output(
                resource_group_name=group.name, workspace_name=keyless.name
            ).primary_shared_key,
        },
    },
)
app.ManagedEnvironment(
    "public-environment",
    environment_name="cae-shop-public",
    resource_group_name=group.name,
    location="uksouth",
    workload_profiles=[{"name": "Consumption", "workload_profile_type": "Consumption"}],
)
app.ContainerApp(
    "web",
    container_app_name="web",
    resource_group_name=group.name,
    location="eastus",
    environment_id=environment.id,
    identity={"type": "UserAssigned", "user_assigned_identities": [identity.id]},
    configuration={
        "registries": [{"identity": identity.id, "server": HOST}],
        "ingress": {"external": True, "target_port": 8080, "allow_insecure": True},
        "secrets": [{"name": "payments", "value": "not-so-secret"}],
    },
    template={
        "containers": [{"name": "main", "image": "shopregistry.eastus.geo.azurecr.io/shop/web:1"}],
        "scale": {"max_replicas": 20},
    },
)
app.Job(
    "nightly",
    job_name="nightly",
    resource_group_name=group.name,
    location="eastus",
    environment_id=environment.id,
    configuration={
        "registries": [{"server": HOST, "username": "shopregistry", "password_secret_ref": "password"}],
        "secrets": [{"name": "password", "value": pulumi.Output.secret("from-somewhere")}],
        "replica_timeout": 600,
        "trigger_type": "Manual",
    },
    template={"containers": [{"name": "main", "image": "nginx:latest"}]},
)
app.ContainerAppsSessionPool(
    "sessions",
    session_pool_name="sessions",
    resource_group_name=group.name,
    location="eastus",
    container_type="PythonLTS",
    pool_management_type="Dynamic",
    session_network_configuration={"status": "EgressEnabled"},
)
containerinstance.ContainerGroup(
    "import",
    container_group_name="import",
    resource_group_name=group.name,
    location="eastus",
    os_type="Linux",
    ip_address={"type": "Public", "ports": [{"port": 80}]},
    image_registry_credentials=[{"server": HOST, "username": "shopregistry", "password": "not-so-secret"}],
    containers=[
        {
            "name": "import",
            "image": f"{HOST}/shop/import:1",
            "resources": {"requests": {"cpu": 1, "memory_in_gb": 2}},
            "environment_variables": [{"name": "API_TOKEN", "value": "not-so-secret"}],
        }
    ],
)
durabletask.Scheduler(
    "scheduler",
    scheduler_name="dts-shop",
    resource_group_name=group.name,
    location="eastus",
    properties={"ip_allowlist": ["0.0.0.0/0"], "sku": {"name": "Consumption"}},
)
resources.Resource(
    "sandboxes",
    resource_name_="sandboxes",
    resource_group_name=group.name,
    resource_provider_namespace="Microsoft.App",
    resource_type="sandboxGroups",
    parent_resource_path="",
    api_version="2026-02-01-preview",
    location="eastus",
    properties={"defaultCpu": "3", "defaultMemory": "1Gi", "maxSandboxCount": 10},
)
