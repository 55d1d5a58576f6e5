"""Hand-kept facts about ARM types that the installed SDK does not tell.

One line in `TYPES` adds a type; the types of a further provider are a module of `facts`, whose tables join these at the
end. The other tables correct what introspection cannot see: which nested objects lost
their `properties` container, members that a service sets itself, members that appear only in later API versions,
names that differ between the SDK and the wire, and what a version newer than the SDK's own class adds.
Keys are `<module>/<class>` for a resource and `<module>:<class>` for a nested object; member names are the SDK's
camelCase names.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from local_azure.arm_family import UNREAD, Action, Marks, Shape, TypeRow
from local_azure.facts import FAMILIES

_RECORD = ("privateZoneName", "relativeRecordSetName")

TYPES: tuple[TypeRow, ...] = (
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
)

# Types that the SDK has no class for [SDK-GENERIC].
SHAPES: tuple[Shape, ...] = ()

# Generated file names that do not follow from the class name.
FILE_NAMES: dict[tuple[str, str], str] = {}

# Members that stay outside `properties` when a container is flattened away [SDK-FLATTEN].
_ENVELOPE = frozenset({"id", "name", "type", "etag", "location", "tags", "zones", "identity", "extendedLocation"})
TOP_LEVEL_ROOT = _ENVELOPE | {"sku", "kind", "plan", "managedBy", "systemData"}
TOP_LEVEL_NESTED = _ENVELOPE | {"systemData"}
TOP_LEVEL_EXTRA: dict[str, frozenset[str]] = {
    "network:PublicIPAddress": frozenset({"sku"}),
    "network:NatGateway": frozenset({"sku"}),
    "network:ServiceEndpointPolicy": frozenset({"kind"}),
}

# Nested classes whose members live under `properties` on the wire [SDK-FLATTEN].
FLATTENED: dict[str, frozenset[str]] = {
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
}

# Members that the service sets; a PUT may carry them and they are ignored [ARM-READONLY].
READ_ONLY_ANYWHERE = frozenset({"etag", "provisioningState", "systemData", "azureApiVersion"})
READ_ONLY: dict[str, frozenset[str]] = {
    "containerregistry:IdentityProperties": frozenset({"principalId", "tenantId"}),
    "containerregistry:UserIdentityProperties": frozenset({"principalId", "clientId"}),
    "network:Delegation": frozenset({"actions"}),
    "network:NetworkSecurityGroup": frozenset({"defaultSecurityRules", "resourceGuid"}),
    "network:Subnet": frozenset({"resourceNavigationLinks", "serviceAssociationLinks"}),
}

# Members that a type publishes only from this API version on, though the SDK's shared classes show them [SDK-MIXED].
SINCE: dict[str, dict[str, str]] = {"network:Subnet": {"serviceGateway": "2025-07-01"}}

# Values that the service takes beside those of the SDK's class, by member; "*" stands for any text, and "," says that
# several may be joined [SDK-VALUES].
VALUES: dict[str, dict[str, frozenset[str]]] = {}

# Members required on the wire although the SDK lets them be absent [ARM-REQUIRED].
REQUIRED: dict[str, frozenset[str]] = {
    "containerregistry/Registry": frozenset({"location"}),
    "containerregistry/Replication": frozenset({"location"}),
    "managedidentity/UserAssignedIdentity": frozenset({"location"}),
    "network:SecurityRule": frozenset({"priority"}),
    "resources/ResourceGroup": frozenset({"location"}),
}

# SDK name → wire path, where they differ beyond flattening [SDK-RENAME].
RENAMES: dict[str, dict[str, str]] = {
    "authorization/RoleDefinition": {"roleType": "properties.type"},
    "containerregistry:IPRule": {"iPAddressOrRange": "value"},
    "network:BackendAddressPool": {"location": "properties.location"},
    "network:IpamPoolPrefixAllocation": {"id": "pool.id"},
}

# SDK inputs that go into the query of the PUT, not into its body [SDK-PATH].
QUERY: dict[str, frozenset[str]] = {"network/VirtualNetworkPeering": frozenset({"syncRemoteAddressSpace"})}

# Containers that the service requires even when nothing goes into them, by root definition [SDK-CONTAINER].
REQUIRED_CONTAINERS: dict[str, tuple[str, ...]] = {"authorization/RoleAssignment": ("properties",)}


def _enum(*values: str) -> dict[str, Any]:
    return {"type": {"k": "enum", "values": list(values), "open": True}}


def _ref(key: str) -> dict[str, Any]:
    return {"type": {"k": "ref", "ref": key}}


_SWITCH = _enum("Enabled", "Disabled")
_STRINGS = {"type": {"k": "array", "of": {"k": "string"}}, "readOnly": True}
_BOOL = {"type": {"k": "bool"}}
_STRING = {"type": {"k": "string"}}
_NEW = "containerregistry~2025"

# Classes of versions newer than the SDK's own: new key → (base key, member → change; None removes it).
# A member without `wire` is found below `properties` in a root and in place elsewhere [ACR-2026].
DERIVED: dict[str, tuple[str, dict[str, dict[str, Any] | None]]] = {
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
}

# Root class to use from this API version on: type name → version → definition key.
VARIANTS: dict[str, dict[str, str]] = {
    "Microsoft.ContainerRegistry/registries": {"2025-11-01": f"{_NEW}/Registry"},
}

# API versions accepted beyond those that the SDK lists, by type or parent type [ARM-VERSIONS].
_NETWORK_KINDS = ("virtualNetworks", "networkSecurityGroups", "networkInterfaces", "privateEndpoints")
_NETWORK_LATER = frozenset({"2025-09-01", "2026-01-01", "2026-03-01"})
EXTRA_VERSIONS: dict[str, frozenset[str]] = {
    f"Microsoft.Network/{kind}": _NETWORK_LATER for kind in (*_NETWORK_KINDS, "publicIPAddresses", "routeTables")
} | {"Microsoft.Authorization/roleDefinitions": frozenset({"2018-01-01-preview", "2022-04-01"})}

# What each type's specification marks: one row per type [AN-FORCENEW].
_LOCATION = frozenset({"location"})
_NETWORKS = "network/resource-manager/Microsoft.Network/stable/2024-05-01/virtualNetwork.json"
NETWORK_PACKAGE = "azure-mgmt-network 33.1.0"
_ZONES = "azure-mgmt-privatedns 2.0.0 (2024-06-01)"
_REGISTRIES = "azure-mgmt-containerregistry 15.0.0 (2025-11-01)"
MARKS: dict[str, Marks] = {
    "Microsoft.Resources/resourceGroups": Marks("azure-mgmt-resource 26.0.0", forced=_LOCATION),
    "Microsoft.Network/virtualNetworks": Marks(_NETWORKS, forced=_LOCATION),
    "Microsoft.Network/virtualNetworks/subnets": Marks(_NETWORKS),
    "Microsoft.Network/virtualNetworks/virtualNetworkPeerings": Marks(_NETWORKS),
    "Microsoft.Network/networkSecurityGroups": Marks(NETWORK_PACKAGE),
    "Microsoft.Network/privateEndpoints": Marks(NETWORK_PACKAGE, forced=frozenset({"subnet"})),
    "Microsoft.Network/privateEndpoints/privateDnsZoneGroups": Marks(NETWORK_PACKAGE),
    "Microsoft.Network/networkInterfaces": Marks(NETWORK_PACKAGE),
    "Microsoft.Network/privateDnsZones": Marks(_ZONES, _LOCATION),
    "Microsoft.Network/privateDnsZones/virtualNetworkLinks": Marks(_ZONES, _LOCATION),
    **{row.name: Marks(_ZONES) for row in TYPES if row.cls == "PrivateRecordSet"},
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
}

# Types whose PUT or DELETE is not a long-running operation, so that nothing but a 202 is polled [SDK-ASYNC].
SYNCHRONOUS_PUT = frozenset(
    {
        "Microsoft.Authorization/roleAssignments",
        "Microsoft.Authorization/roleDefinitions",
        "Microsoft.ManagedIdentity/userAssignedIdentities",
        "Microsoft.Resources/resourceGroups",
        *(row.name for row in TYPES if row.cls == "PrivateRecordSet"),
    }
)
SYNCHRONOUS_DELETE = SYNCHRONOUS_PUT - {"Microsoft.Resources/resourceGroups"}

# Types that get a new GUID as a name when the program gives none [AN-NAME].
NAMED_BY_GUID = frozenset({"Microsoft.Authorization/roleAssignments", "Microsoft.Authorization/roleDefinitions"})

# Types without DELETE → the SDK inputs that a delete puts back; one that is there may be created [AN-SINGLETON].
SINGLETONS: dict[str, Mapping[str, Any]] = {}

# SDK inputs that go back to these values when a program leaves them out, because a PUT without them keeps what is there
# [AN-DEFAULTS].
DEFAULTS: dict[str, Mapping[str, Any]] = {}

# What a read takes from elsewhere: path below the resource → container, and the member of it that the answer's own
# container becomes [AN-READ-PART].
READ_PARTS: dict[str, Mapping[str, tuple[str, str]]] = {}

# Query of a DELETE [AN-READ-PART].
DELETE_QUERY: dict[str, Mapping[str, str]] = {}

# SDK functions whose action does not follow from their name [SDK-LIST].
ACTIONS: dict[str, Action] = {}

for _family in FAMILIES:
    TYPES += _family.types
    SHAPES += _family.shapes
    FILE_NAMES |= _family.file_names
    TOP_LEVEL_EXTRA |= _family.top_level
    FLATTENED |= _family.flattened
    READ_ONLY |= _family.read_only
    SINCE |= _family.since
    VALUES |= _family.values
    REQUIRED |= _family.required
    RENAMES |= _family.renames
    QUERY |= _family.query
    REQUIRED_CONTAINERS |= _family.required_containers
    DERIVED |= _family.derived
    VARIANTS |= _family.variants
    EXTRA_VERSIONS |= _family.extra_versions
    MARKS |= _family.marks
    SYNCHRONOUS_PUT |= _family.synchronous_put
    SYNCHRONOUS_DELETE |= _family.synchronous_delete
    NAMED_BY_GUID |= _family.named_by_guid
    SINGLETONS |= _family.singletons
    DEFAULTS |= _family.defaults
    READ_PARTS |= _family.read_parts
    DELETE_QUERY |= _family.delete_query
    ACTIONS |= _family.actions
