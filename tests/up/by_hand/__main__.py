"""An estate as somebody makes it by hand with azure-native: other names, one group, stand-alone subnets, a zone elsewhere."""

import pulumi
import pulumi_azure_native as azure

TAGS = {"owner": "images"}
LOGGED = [{"category": "ContainerRegistryLoginEvents", "enabled": True}]

group = azure.resources.ResourceGroup("group", resource_group_name="Images", location="westeurope", tags=TAGS)
dns = azure.resources.ResourceGroup("dns", resource_group_name="central-dns", location="westeurope", tags=TAGS)
here = {"resource_group_name": group.name, "tags": TAGS}

rules = azure.network.NetworkSecurityGroup(
    "rules",
    network_security_group_name="corp-endpoints",
    location="westeurope",
    security_rules=[
        {
            "name": "from-office",
            "priority": 200,
            "direction": "Inbound",
            "access": "Allow",
            "protocol": "Tcp",
            "source_address_prefix": "192.168.0.0/16",
            "source_port_range": "*",
            "destination_address_prefix": "*",
            "destination_port_range": "443",
        }
    ],
    **here,
)
inline = azure.network.VirtualNetwork(
    "inline",
    virtual_network_name="corp-net",
    location="westeurope",
    address_space={"address_prefixes": ["10.9.0.0/16"]},
    subnets=[
        {"name": "endpoints", "address_prefix": "10.9.0.0/27", "network_security_group": {"id": rules.id}},
        {"name": "machines", "address_prefix": "10.9.1.0/24", "private_endpoint_network_policies": "Enabled"},
    ],
    **here,
)
alone = azure.network.VirtualNetwork(
    "alone",
    virtual_network_name="far-net",
    location="northeurope",
    address_space={"address_prefixes": ["10.8.0.0/16"]},
    opts=pulumi.ResourceOptions(ignore_changes=["subnets"]),
    **here,
)
last: pulumi.Resource = alone
for number, name in enumerate(("builders", "apps")):
    last = azure.network.Subnet(
        name,
        subnet_name=name,
        virtual_network_name=alone.name,
        resource_group_name=group.name,
        address_prefix=f"10.8.{number}.0/24",
        default_outbound_access=False,
        opts=pulumi.ResourceOptions(depends_on=[last]),
    )
for near, far, label in ((inline, alone, "near"), (alone, inline, "far")):
    last = azure.network.VirtualNetworkPeering(
        label,
        virtual_network_peering_name=f"corp-{label}",
        virtual_network_name=near.name,
        resource_group_name=group.name,
        remote_virtual_network={"id": far.id},
        allow_virtual_network_access=True,
        allow_forwarded_traffic=label == "near",
        opts=pulumi.ResourceOptions(depends_on=[last]),
    )

registry = azure.containerregistry.Registry(
    "registry",
    registry_name="corpimages",
    location="westeurope",
    sku={"name": "Premium"},
    data_endpoint_enabled=True,
    public_network_access="Disabled",
    network_rule_set={"default_action": "Deny"},
    **here,
)
replica = azure.containerregistry.Replication(
    "replica", replication_name="northeurope", registry_name=registry.name, location="northeurope", **here
)
zone = azure.privatedns.PrivateZone(
    "zone", private_zone_name="privatelink.azurecr.io", location="global", resource_group_name=dns.name, tags=TAGS
)
link = azure.privatedns.VirtualNetworkLink(
    "link",
    virtual_network_link_name="corp-link",
    private_zone_name=zone.name,
    location="global",
    resource_group_name=dns.name,
    registration_enabled=False,
    virtual_network={"id": inline.id},
    tags=TAGS,
)
endpoint = azure.network.PrivateEndpoint(
    "endpoint",
    private_endpoint_name="corpimages-endpoint",
    location="westeurope",
    subnet={"id": inline.id.apply(lambda network: f"{network}/subnets/endpoints")},
    private_link_service_connections=[
        {"name": "to-registry", "private_link_service_id": registry.id, "group_ids": ["registry"]}
    ],
    opts=pulumi.ResourceOptions(depends_on=[replica, last]),
    **here,
)
azure.network.PrivateDnsZoneGroup(
    "records",
    private_dns_zone_group_name="default",
    private_endpoint_name=endpoint.name,
    resource_group_name=group.name,
    private_dns_zone_configs=[{"name": "privatelink-azurecr-io", "private_dns_zone_id": zone.id}],
)
logs = azure.operationalinsights.Workspace(
    "logs",
    workspace_name="corp-logs",
    location="westeurope",
    sku={"name": "PerGB2018"},
    retention_in_days=60,
    features={"disable_local_auth": True, "enable_log_access_using_only_resource_permissions": True},
    **here,
)
azure.monitor.DiagnosticSetting("setting", name="to-logs", resource_uri=registry.id, workspace_id=logs.id, logs=LOGGED)
builder = azure.managedidentity.UserAssignedIdentity(
    "builder", resource_name_="builder-id", location="northeurope", **here
)
azure.managedidentity.FederatedIdentityCredential(
    "main",
    federated_identity_credential_resource_name="main",
    resource_name_=builder.name,
    resource_group_name=group.name,
    issuer="https://token.actions.githubusercontent.com",
    subject="repo:contoso/api:ref:refs/heads/main",
    audiences=["api://AzureADTokenExchange"],
)
PUSH = "8311e382-0749-4cb8-b61a-304f252e45ec"
azure.authorization.RoleAssignment(
    "push",
    role_assignment_name="0c0ffee0-0000-4000-8000-000000000002",
    scope=registry.id,
    role_definition_id=f"/subscriptions/00000000-0000-0000-0000-000000000001/providers/Microsoft.Authorization/roleDefinitions/{PUSH}",
    principal_id=builder.principal_id,
    principal_type="ServicePrincipal",
)
