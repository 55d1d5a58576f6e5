"""A small program whose types differ in how ARM creates them: synchronously, asynchronously, with children, auto-named.

`changed` in the stack file selects the second revision, which updates in place, replaces, creates and deletes. The resources
are generic because importing the SDK's classes would take most of the time of a run.
"""

from typing import Any

import pulumi

CHANGED = pulumi.Config().get_bool("changed") or False
SUBSCRIPTION = "/subscriptions/00000000-0000-0000-0000-000000000001"
PULL = f"{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/7f951dda-4ed3-4680-a7ca-43fe172d538d"
"""AcrPull."""
GROUP = {"resourceGroupName": "rg-fuzz"}
PLACE = {**GROUP, "location": "eastus"}
TAGS = {"revision": "2" if CHANGED else "1"}


def resource(token: str, name: str, inputs: dict[str, Any], *after: pulumi.Resource) -> pulumi.CustomResource:
    """Register a resource of azure-native with its dependencies."""
    return pulumi.CustomResource(f"azure-native:{token}", name, inputs, pulumi.ResourceOptions(depends_on=[*after]))


group = resource("resources:ResourceGroup", "group", {**PLACE})
# `pulumi.get` can read an output of a generic resource only if it is declared as input, without a value.
named = {**PLACE, "resourceName": "id-fuzz", "principalId": None}
identity = resource("managedidentity:UserAssignedIdentity", "named", named, group)
resource("managedidentity:UserAssignedIdentity", "autonamed", {**PLACE, "tags": TAGS}, group)
rules = resource(
    "network:NetworkSecurityGroup", "rules", {**PLACE, "networkSecurityGroupName": "nsg-fuzz", "tags": TAGS}, group
)
subnet = {"name": "registry", "addressPrefix": "10.0.0.0/24", "networkSecurityGroup": {"id": rules.id}}
space = {"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}, "subnets": [subnet]}
network = resource("network:VirtualNetwork", "network", {**PLACE, "virtualNetworkName": "vnet-fuzz", **space}, group)
registry = resource(
    "containerregistry:Registry",
    "registry",
    {**PLACE, "registryName": "fuzzregistry", "sku": {"name": "Premium"}},
    group,
)
replicas = [
    resource(
        "containerregistry:Replication",
        region,
        {**GROUP, "registryName": "fuzzregistry", "replicationName": region, "location": region},
        registry,
    )
    for region in ("westeurope", "southeastasia" if CHANGED else "northeurope")
]
zone_of = {**GROUP, "privateZoneName": "privatelink.azurecr.io", "location": "global"}
zone = resource("privatedns:PrivateZone", "zone", zone_of, group)
link = {"virtualNetworkLinkName": "fuzz", "virtualNetwork": {"id": network.id}, "registrationEnabled": False}
resource("privatedns:VirtualNetworkLink", "link", {**zone_of, **link}, zone)
connection = {"name": "registry", "privateLinkServiceId": registry.id, "groupIds": ["registry"]}
endpoint = resource(
    "network:PrivateEndpoint",
    "endpoint",
    {
        **PLACE,
        "privateEndpointName": "pe-fuzz",
        "subnet": {"id": pulumi.Output.concat(network.id, "/subnets/registry")},
        "privateLinkServiceConnections": [connection],
    },
    *replicas,
)
resource(
    "network:PrivateDnsZoneGroup",
    "zones",
    {
        **GROUP,
        "privateEndpointName": "pe-fuzz",
        "privateDnsZoneGroupName": "default",
        "privateDnsZoneConfigs": [{"name": "registry", "privateDnsZoneId": zone.id}],
    },
    endpoint,
)
# A workspace in another region is replaced under the same name.
moved = {**GROUP, "workspaceName": "log-fuzz", "location": "westeurope" if CHANGED else "eastus"}
resource("operationalinsights:Workspace", "logs", moved, group)
resource(
    "authorization:RoleAssignment",
    "pull",
    {
        "roleAssignmentName": "5f0e1f5e-0000-4000-8000-000000000001",
        "scope": registry.id,
        "principalId": pulumi.get(identity, "principalId"),
        "principalType": "ServicePrincipal",
        "roleDefinitionId": PULL,
    },
    registry,
)
