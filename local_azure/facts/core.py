"""Resource groups, virtual networks, private endpoints, private DNS, the registry and access: what every stack has."""

from __future__ import annotations

from typing import Any

from local_azure.arm_family import UNREAD, Family, Marks, TypeRow

_RECORD = ("privateZoneName", "relativeRecordSetName")

_TYPES = (
    TypeRow("Microsoft.Resources/resourceGroups", "resources", "ResourceGroup", ("resourceGroupName",), "subscription"),
    TypeRow("Microsoft.Network/virtualNetworks", "network", "VirtualNetwork", ("virtualNetworkName",)),
    TypeRow("Microsoft.Network/virtualNetworks/subnets", "network", "Subnet", ("virtualNetworkName", "subnetName")),
    TypeRow(
        "Microsoft.Network/virtualNetworks/virtualNetworkPeerings",
        "network",
        "VirtualNetworkPeering",
        ("virtualNetworkName", "virtualNetworkPeeringName"),
    ),
    TypeRow(
        "Microsoft.Network/networkSecurityGroups", "network", "NetworkSecurityGroup", ("networkSecurityGroupName",)
    ),
    TypeRow("Microsoft.Network/privateEndpoints", "network", "PrivateEndpoint", ("privateEndpointName",)),
    TypeRow(
        "Microsoft.Network/privateEndpoints/privateDnsZoneGroups",
        "network",
        "PrivateDnsZoneGroup",
        ("privateEndpointName", "privateDnsZoneGroupName"),
    ),
    TypeRow("Microsoft.Network/networkInterfaces", "network", "NetworkInterface", ("networkInterfaceName",)),
    TypeRow("Microsoft.Network/privateDnsZones", "privatedns", "PrivateZone", ("privateZoneName",)),
    TypeRow(
        "Microsoft.Network/privateDnsZones/virtualNetworkLinks",
        "privatedns",
        "VirtualNetworkLink",
        ("privateZoneName", "virtualNetworkLinkName"),
    ),
    *(
        TypeRow(
            f"Microsoft.Network/privateDnsZones/{kind}",
            "privatedns",
            "PrivateRecordSet",
            _RECORD,
            selector=("recordType", kind),
        )
        for kind in ("A", "AAAA", "PTR", "CNAME", "MX", "SRV", "TXT", "SOA")
    ),
    TypeRow("Microsoft.ContainerRegistry/registries", "containerregistry", "Registry", ("registryName",)),
    TypeRow(
        "Microsoft.ContainerRegistry/registries/replications",
        "containerregistry",
        "Replication",
        ("registryName", "replicationName"),
    ),
    TypeRow(
        "Microsoft.ContainerRegistry/registries/privateEndpointConnections",
        "containerregistry",
        "PrivateEndpointConnection",
        ("registryName", "privateEndpointConnectionName"),
    ),
    TypeRow(
        "Microsoft.ManagedIdentity/userAssignedIdentities", "managedidentity", "UserAssignedIdentity", ("resourceName",)
    ),
    TypeRow(
        "Microsoft.Authorization/roleAssignments",
        "authorization",
        "RoleAssignment",
        ("roleAssignmentName",),
        "extension",
    ),
    TypeRow(
        "Microsoft.Authorization/roleDefinitions", "authorization", "RoleDefinition", ("roleDefinitionId",), "extension"
    ),
    TypeRow("Microsoft.Authorization/locks", "authorization", "ManagementLockByScope", ("lockName",), "extension"),
)


def _enum(*values: str) -> dict[str, Any]:
    return {"type": {"k": "enum", "values": list(values), "open": True}}


def _ref(key: str) -> dict[str, Any]:
    return {"type": {"k": "ref", "ref": key}}


_SWITCH = _enum("Enabled", "Disabled")
_STRINGS = {"type": {"k": "array", "of": {"k": "string"}}, "readOnly": True}
_BOOL = {"type": {"k": "bool"}}
_STRING = {"type": {"k": "string"}}
_NEW = "containerregistry~2025"

_NETWORK_KINDS = ("virtualNetworks", "networkSecurityGroups", "networkInterfaces", "privateEndpoints")
_NETWORK_LATER = frozenset({"2025-09-01", "2026-01-01", "2026-03-01"})
_LOCATION = frozenset({"location"})
_NETWORKS = "network/resource-manager/Microsoft.Network/stable/2024-05-01/virtualNetwork.json"
_NETWORK_PACKAGE = "azure-mgmt-network 33.1.0"
_ZONES = "azure-mgmt-privatedns 2.0.0 (2024-06-01)"
_REGISTRIES = "azure-mgmt-containerregistry 15.0.0 (2025-11-01)"
_SYNCHRONOUS = frozenset(
    {
        "Microsoft.Authorization/locks",
        "Microsoft.Authorization/roleAssignments",
        "Microsoft.Authorization/roleDefinitions",
        "Microsoft.ManagedIdentity/userAssignedIdentities",
        "Microsoft.Resources/resourceGroups",
        *(row.name for row in _TYPES if row.cls == "PrivateRecordSet"),
    }
)

FAMILY = Family(
    types=_TYPES,
    top_level={
        "network:PublicIPAddress": frozenset({"sku"}),
        "network:NatGateway": frozenset({"sku"}),
        "network:ServiceEndpointPolicy": frozenset({"kind"}),
    },
    flattened={
        "network": frozenset(
            {
                "ApplicationGatewayBackendAddressPool",
                "ApplicationGatewayIPConfiguration",
                "ApplicationSecurityGroup",
                "AzureFirewallApplicationRuleCollection",
                "AzureFirewallIPConfiguration",
                "AzureFirewallNatRuleCollection",
                "AzureFirewallNetworkRuleCollection",
                "BackendAddressPool",
                "BastionHostIPConfiguration",
                "Delegation",
                "FlowLog",
                "FrontendIPConfiguration",
                "IPConfiguration",
                "IPConfigurationProfile",
                "InboundNatRule",
                "LoadBalancerBackendAddress",
                "NatGateway",
                "NetworkInterface",
                "NetworkInterfaceIPConfiguration",
                "NetworkInterfaceTapConfiguration",
                "NetworkSecurityGroup",
                "PrivateDnsZoneConfig",
                "PrivateEndpoint",
                "PrivateEndpointConnection",
                "PrivateEndpointIPConfiguration",
                "PrivateLinkService",
                "PrivateLinkServiceConnection",
                "PrivateLinkServiceIpConfiguration",
                "PublicIPAddress",
                "ResourceNavigationLink",
                "Route",
                "RouteTable",
                "SecurityRule",
                "ServiceAssociationLink",
                "ServiceEndpointPolicy",
                "ServiceEndpointPolicyDefinition",
                "Subnet",
                "VirtualNetworkPeering",
                "VirtualNetworkTap",
            }
        ),
        "containerregistry": frozenset({"PrivateEndpointConnection"}),
    },
    read_only={
        "containerregistry:IdentityProperties": frozenset({"principalId", "tenantId"}),
        "containerregistry:UserIdentityProperties": frozenset({"principalId", "clientId"}),
        "network:Delegation": frozenset({"actions"}),
        "network:NetworkSecurityGroup": frozenset({"defaultSecurityRules", "resourceGuid"}),
        "network:Subnet": frozenset({"resourceNavigationLinks", "serviceAssociationLinks"}),
    },
    since={"network:Subnet": {"serviceGateway": "2025-07-01"}},
    required={
        "containerregistry/Registry": frozenset({"location"}),
        "containerregistry/Replication": frozenset({"location"}),
        "managedidentity/UserAssignedIdentity": frozenset({"location"}),
        "network:SecurityRule": frozenset({"priority"}),
        "resources/ResourceGroup": frozenset({"location"}),
    },
    renames={
        "authorization/RoleDefinition": {"roleType": "properties.type"},
        "containerregistry:IPRule": {"iPAddressOrRange": "value"},
        "network:BackendAddressPool": {"location": "properties.location"},
        "network:IpamPoolPrefixAllocation": {"id": "pool.id"},
    },
    query={"network/VirtualNetworkPeering": frozenset({"syncRemoteAddressSpace"})},
    required_containers={"authorization/RoleAssignment": ("properties",)},
    # The registry as its versions newer than the SDK's own describe it [ACR-2026].
    derived={
        f"{_NEW}:IdentityProperties": (
            "containerregistry:IdentityProperties",
            {"userAssignedIdentities": {"type": {"k": "set"}}},
        ),
        f"{_NEW}:VirtualNetworkRule": (
            "",
            {
                "action": {**_enum("Allow"), "wire": "action"},
                "virtualNetworkResourceId": {
                    **_STRING,
                    "wire": "virtualNetworkSubnetResourceId",
                    "required": True,
                },
            },
        ),
        f"{_NEW}:NetworkRuleSet": (
            "containerregistry:NetworkRuleSet",
            {
                "virtualNetworkRules": {
                    "type": {"k": "array", "of": _ref(f"{_NEW}:VirtualNetworkRule")["type"]},
                    "wire": "virtualNetworkRules",
                    "since": "2026-03-01-preview",
                }
            },
        ),
        f"{_NEW}:Policies": ("containerregistry:Policies", {"softDeletePolicy": {"since": "2026-01-01-preview"}}),
        f"{_NEW}/Registry": (
            "containerregistry/Registry",
            {
                "identity": _ref(f"{_NEW}:IdentityProperties"),
                "networkRuleSet": _ref(f"{_NEW}:NetworkRuleSet"),
                "policies": _ref(f"{_NEW}:Policies"),
                "networkRuleBypassAllowedForTasks": _BOOL,
                "roleAssignmentMode": _enum("AbacRepositoryPermissions", "LegacyRegistryPermissions"),
                "autoGeneratedDomainNameLabelScope": {
                    **_enum("Unsecure", "TenantReuse", "SubscriptionReuse", "ResourceGroupReuse", "NoReuse"),
                    "since": "2026-01-01-preview",
                },
                "endpointProtocol": {**_enum("IPv4", "IPv4AndIPv6"), "since": "2026-01-01-preview"},
                "metadataSearch": {**_SWITCH, "since": "2026-01-01-preview"},
                "regionalEndpoints": {**_SWITCH, "since": "2026-01-01-preview"},
                "regionalEndpointHostNames": {**_STRINGS, "since": "2026-01-01-preview"},
                "writableCacheRepos": {**_SWITCH, "since": "2026-03-01-preview"},
            },
        ),
    },
    variants={
        "Microsoft.ContainerRegistry/registries": {"2025-11-01": f"{_NEW}/Registry"},
    },
    extra_versions={
        f"Microsoft.Network/{kind}": _NETWORK_LATER for kind in (*_NETWORK_KINDS, "publicIPAddresses", "routeTables")
    }
    | {"Microsoft.Authorization/roleDefinitions": frozenset({"2018-01-01-preview", "2022-04-01"})},
    marks={
        "Microsoft.Resources/resourceGroups": Marks("azure-mgmt-resource 26.0.0", forced=_LOCATION),
        "Microsoft.Network/virtualNetworks": Marks(_NETWORKS, forced=_LOCATION),
        "Microsoft.Network/virtualNetworks/subnets": Marks(_NETWORKS),
        "Microsoft.Network/virtualNetworks/virtualNetworkPeerings": Marks(_NETWORKS),
        "Microsoft.Network/networkSecurityGroups": Marks(_NETWORK_PACKAGE),
        "Microsoft.Network/privateEndpoints": Marks(_NETWORK_PACKAGE, forced=frozenset({"subnet"})),
        "Microsoft.Network/privateEndpoints/privateDnsZoneGroups": Marks(_NETWORK_PACKAGE),
        "Microsoft.Network/networkInterfaces": Marks(_NETWORK_PACKAGE),
        "Microsoft.Network/privateDnsZones": Marks(_ZONES, _LOCATION),
        "Microsoft.Network/privateDnsZones/virtualNetworkLinks": Marks(_ZONES, _LOCATION),
        **{row.name: Marks(_ZONES) for row in _TYPES if row.cls == "PrivateRecordSet"},
        "Microsoft.ContainerRegistry/registries": Marks(_REGISTRIES, _LOCATION),
        "Microsoft.ContainerRegistry/registries/replications": Marks(_REGISTRIES, _LOCATION),
        "Microsoft.ContainerRegistry/registries/privateEndpointConnections": Marks(_REGISTRIES),
        "Microsoft.ManagedIdentity/userAssignedIdentities": Marks(
            "common-types/resource-management, TrackedResource, as in azure-mgmt-appcontainers 5.1.0", _LOCATION
        ),
        "Microsoft.Authorization/roleAssignments": Marks(
            "chosen: no marks of its own", forced=frozenset({"principalId", "scope"})
        ),
        "Microsoft.Authorization/roleDefinitions": UNREAD,
        "Microsoft.Authorization/locks": Marks("chosen: no marks of its own", forced=frozenset({"scope"})),
    },
    synchronous_put=_SYNCHRONOUS,
    synchronous_delete=_SYNCHRONOUS - {"Microsoft.Resources/resourceGroups"},
    named_by_guid=frozenset({"Microsoft.Authorization/roleAssignments", "Microsoft.Authorization/roleDefinitions"}),
)
