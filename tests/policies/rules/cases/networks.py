"""Rules on networks, subnets, security groups, private endpoints and zones."""

from typing import Any

from tests.policies.rules.cases.registries import IN_ENVIRONMENT, endpoint, registry, zone, zone_group
from tests.policies.rules.cases.vaults import VAULT
from tests.policies.rules.programs import Made, U, azure, one, several

NETWORK = azure(
    "network:VirtualNetwork",
    virtualNetworkName="vnet",
    resourceGroupName="rg",
    location="eastus",
    addressSpace={"addressPrefixes": ["10.0.0.0/16"]},
)
GROUP = azure("network:NetworkSecurityGroup", networkSecurityGroupName="nsg", resourceGroupName="rg", location="eastus")
GUARDED = {"networkSecurityGroup": {"id": U}}
INBOUND = {"name": "in", "direction": "Inbound", "access": "Allow", "protocol": "Tcp", "priority": 100}
ANYBODY = {**INBOUND, "sourceAddressPrefix": "*"}
NAMED = {**INBOUND, "sourceAddressPrefix": "203.0.113.0/24", "destinationPortRange": "*"}
OUT = {"name": "out", "direction": "Outbound", "access": "Allow", "protocol": "*", "priority": 100}


def network(name: str = "vnet", **inputs: object) -> Made:
    return Made(NETWORK.token, {**NETWORK.inputs, "virtualNetworkName": name, **inputs})


def subnet(**inputs: object) -> dict[str, Any]:
    return {"subnets": [{"name": "apps", "addressPrefix": "10.0.0.0/24", **inputs}]}


def apart(**inputs: object) -> Made:
    given = {"subnetName": "apps", "virtualNetworkName": "vnet", "addressPrefix": "10.0.0.0/24", **inputs}
    return azure("network:Subnet", resourceGroupName="rg", **given)


def peering(name: str, here: str, there: str, remote: object = U) -> Made:
    return azure(
        "network:VirtualNetworkPeering",
        {"virtualNetworkName": [here], "remoteVirtualNetwork": [there]},
        virtualNetworkPeeringName=name,
        virtualNetworkName=U,
        resourceGroupName="rg",
        remoteVirtualNetwork={"id": remote},
    )


def link(of: str = "zone", to: str = "network") -> Made:
    return azure(
        "privatedns:VirtualNetworkLink",
        {"privateZoneName": [of], "virtualNetwork": [to]},
        virtualNetworkLinkName=to,
        privateZoneName=U,
        resourceGroupName="rg",
        location="global",
        virtualNetwork={"id": U},
    )


def registering(enabled: object) -> Made:
    created = link()
    return Made(created.token, {**created.inputs, "registrationEnabled": enabled}, created.made_from)


def rules(*given: dict[str, Any]) -> dict[str, Any]:
    return {"securityRules": list(given)}


def servers(*given: object) -> dict[str, Any]:
    return {"dhcpOptions": {"dnsServers": list(given)}}


ELSEWHERE = "/subscriptions/s/resourceGroups/other/providers/Microsoft.Network/virtualNetworks/hub"
CONNECTION = {"name": "it", "privateLinkServiceId": U, "groupIds": ["registry"]}
WIRED = {
    "registry": registry(),
    "network": network(**subnet()),
    "endpoint": endpoint(subnet={"id": U}),
    "zone": zone(),
    "records": zone_group(),
}


CASES = [
    one(
        "MOOR-NET-001",
        NETWORK,
        fail=[subnet(), {"subnets": [*subnet(**GUARDED)["subnets"], {"name": "b", "addressPrefix": U}]}],
        ok=[
            subnet(**GUARDED),
            subnet(networkSecurityGroup=U),
            subnet(name="GatewaySubnet"),
            subnet(delegations=[{"serviceName": "Microsoft.Netapp/volumes"}]),
        ],
        off={},
        later=[{"subnets": U}, {"subnets": [U]}],
    ),
    several(
        "MOOR-NET-001",
        "subnet",
        {"network": NETWORK, "subnet": apart()},
        {"network": NETWORK, "subnet": apart(**GUARDED)},
    ),
    one(
        "MOOR-NET-002",
        NETWORK,
        fail=subnet(name="GatewaySubnet", **GUARDED),
        ok=[subnet(**GUARDED), subnet(name="GatewaySubnet")],
        off={},
        later={"subnets": U},
    ),
    one(
        "MOOR-NET-003",
        NETWORK,
        fail=[subnet(), subnet(defaultOutboundAccess=True)],
        ok=subnet(defaultOutboundAccess=False),
        off={},
        later=subnet(defaultOutboundAccess=U),
    ),
    one(
        "MOOR-NET-004",
        NETWORK,
        fail=servers("10.0.0.4"),
        ok=servers("10.0.0.4", "10.0.0.5"),
        off={},
        later={"dhcpOptions": U},
    ),
    several(
        "MOOR-NET-005",
        "network",
        {"network": network(**servers("192.168.0.4", "10.0.0.4"))},
        [
            {"network": network(**servers("10.0.0.4"))},
            {
                "network": network(**servers("10.9.0.4")),
                "hub": network("hub", addressSpace={"addressPrefixes": ["10.9.0.0/16"]}),
                "peering": peering("a", "network", "hub"),
            },
        ],
        off={"network": NETWORK},
        later={"network": network(**servers(U))},
    ),
    several(
        "MOOR-NET-006",
        "peering",
        {"network": NETWORK, "hub": network("hub"), "peering": peering("a", "network", "hub")},
        {
            "network": NETWORK,
            "hub": network("hub"),
            "peering": peering("a", "network", "hub"),
            "back": peering("b", "hub", "network"),
        },
        off={"network": NETWORK, "peering": peering("a", "network", "nothing", ELSEWHERE)},
        later={"network": NETWORK, "peering": peering("a", "network", "nothing")},
    ),
    several(
        "MOOR-NET-007",
        "network",
        {"network": NETWORK},
        {
            "network": NETWORK,
            "log": azure(
                "network:FlowLog",
                {"targetResourceId": ["network"]},
                networkWatcherName="w",
                flowLogName="f",
                targetResourceId=U,
            ),
        },
    ),
    one(
        "MOOR-NET-008",
        NETWORK,
        fail=[{}, {"enableDdosProtection": True}],
        ok={"enableDdosProtection": True, "ddosProtectionPlan": {"id": U}},
        later={"enableDdosProtection": U, "ddosProtectionPlan": {"id": "x"}},
    ),
    one("MOOR-NET-009", NETWORK, fail={"virtualNetworkName": "-vnet"}, ok={}, later={"virtualNetworkName": U}),
    one("MOOR-NET-109", GROUP, fail={"networkSecurityGroupName": "nsg-"}, ok={}, later={"networkSecurityGroupName": U}),
    one("MOOR-NET-209", endpoint(), fail={"privateEndpointName": "x"}, ok={}, later={"privateEndpointName": U}),
    one("MOOR-NET-309", NETWORK, fail=subnet(name="apps-"), ok=subnet(), off={}, later=subnet(name=U)),
    one(
        "MOOR-NET-409",
        NETWORK,
        {"pattern": "vnet-.*"},
        fail={},
        ok={"virtualNetworkName": "vnet-web"},
        later={"virtualNetworkName": U},
    ),
    one("MOOR-NET-409", NETWORK, off={}),
    one(
        "MOOR-NET-010",
        NETWORK,
        fail=subnet(name="GatewaySubnet"),
        off=[{}, subnet()],
        later=subnet(name=U),
        ok={"subnets": [{"name": name} for name in ("GatewaySubnet", "AzureFirewallSubnet", "AzureBastionSubnet")]},
    ),
    one(
        "MOOR-NET-011",
        GROUP,
        fail=rules({**ANYBODY, "destinationPortRange": "*"}, NAMED),
        ok=[
            rules(),
            rules(NAMED),
            rules({**ANYBODY, "destinationPortRange": "443"}),
            rules({**ANYBODY, "access": "Deny", "destinationPortRange": "*"}),
        ],
        later=[rules(U), rules({**ANYBODY, "sourceAddressPrefix": U, "destinationPortRange": "*"})],
    ),
    several(
        "MOOR-NET-011",
        "rule",
        {
            "rule": azure(
                "network:SecurityRule",
                networkSecurityGroupName="nsg",
                securityRuleName="in",
                resourceGroupName="rg",
                **{**ANYBODY, "destinationPortRange": "0-65535"},
            )
        },
        {"rule": azure("network:SecurityRule", networkSecurityGroupName="nsg", securityRuleName="in", **NAMED)},
    ),
    one(
        "MOOR-NET-111",
        GROUP,
        fail=rules({**ANYBODY, "destinationPortRange": "443"}),
        ok=rules(NAMED),
        later={"securityRules": U},
    ),
    one(
        "MOOR-NET-012",
        GROUP,
        fail=[
            rules({**ANYBODY, "destinationPortRange": "22"}),
            rules(
                {
                    **INBOUND,
                    "sourceAddressPrefixes": ["10.0.0.0/8", "0.0.0.0/0"],
                    "destinationPortRanges": ["443", "3000-4000"],
                }
            ),
        ],
        ok=[
            rules({**ANYBODY, "destinationPortRange": "443"}),
            rules({**ANYBODY, "protocol": "Udp", "destinationPortRange": "22"}),
        ],
        later=rules({**ANYBODY, "destinationPortRange": U}),
    ),
    one(
        "MOOR-NET-013",
        GROUP,
        fail=rules({**ANYBODY, "protocol": "Udp", "destinationPortRange": "53"}),
        ok=rules(ANYBODY),
        later=rules({**ANYBODY, "protocol": U}),
    ),
    one(
        "MOOR-NET-014",
        GROUP,
        fail=rules({**OUT, "destinationAddressPrefix": "*", "destinationPortRange": "*"}),
        ok=rules({**OUT, "destinationAddressPrefix": "AzureCloud", "destinationPortRange": "443"}),
        later={"securityRules": U},
    ),
    one(
        "MOOR-NET-015",
        GROUP,
        fail=rules({**ANYBODY, "access": "Deny", "protocol": "*", "destinationPortRange": "*"}),
        ok=rules(
            {**ANYBODY, "access": "Deny", "protocol": "*", "destinationPortRange": "*"},
            {**INBOUND, "sourceAddressPrefix": "AzureLoadBalancer"},
        ),
        later={"securityRules": U},
    ),
    one(
        "MOOR-NET-016",
        GROUP,
        fail={},
        ok=rules({**OUT, "access": "Deny", "destinationPortRanges": ["22", "3389", "5985"]}),
        later={"securityRules": U},
    ),
    several(
        "MOOR-NET-017",
        "group",
        {"group": GROUP},
        {
            "group": GROUP,
            "network": Made(NETWORK.token, {**NETWORK.inputs, **subnet(**GUARDED)}, {"subnets": ["group"]}),
        },
    ),
    several(
        "MOOR-NET-019",
        "endpoint",
        [
            {
                "registry": registry(),
                "endpoint": azure(
                    "network:PrivateEndpoint",
                    {"manualPrivateLinkServiceConnections": ["registry"]},
                    privateEndpointName="pe",
                    resourceGroupName="rg",
                    manualPrivateLinkServiceConnections=[CONNECTION],
                ),
            },
            {
                "endpoint": endpoint(
                    privateLinkServiceConnections=[
                        {**CONNECTION, "privateLinkServiceConnectionState": {"status": "Rejected"}}
                    ]
                )
            },
        ],
        [
            {"registry": registry(), "endpoint": endpoint()},
            {
                "endpoint": azure(
                    "network:PrivateEndpoint",
                    privateEndpointName="pe",
                    resourceGroupName="rg",
                    manualPrivateLinkServiceConnections=[{**CONNECTION, "privateLinkServiceId": ELSEWHERE}],
                )
            },
        ],
        later={"endpoint": endpoint(privateLinkServiceConnections=U)},
    ),
    one(
        "MOOR-NET-020",
        NETWORK,
        fail=subnet(serviceEndpoints=[{"service": "Microsoft.Storage"}]),
        ok=subnet(),
        off={},
        later=subnet(serviceEndpoints=U),
    ),
    several(
        "MOOR-NET-022",
        "endpoint",
        [
            {"vault": VAULT, "endpoint": endpoint("vault", "vault")},
            {
                "vault": VAULT,
                "endpoint": endpoint("vault", "vault"),
                "zone": zone("contoso.local"),
                "records": zone_group(),
            },
            {"endpoint": endpoint("thing", "aServiceOfTomorrow")},
        ],
        [
            {
                "vault": VAULT,
                "endpoint": endpoint("vault", "vault"),
                "zone": zone("privatelink.vaultcore.azure.net"),
                "records": zone_group(),
            },
            {
                "endpoint": endpoint("environment", "managedEnvironments"),
                "zone": zone("privatelink.eastus.azurecontainerapps.io"),
                "records": zone_group(),
            },
        ],
        off={"endpoint": endpoint("thing", privateLinkServiceConnections=[])},
        later=[
            {"vault": VAULT, "endpoint": endpoint("vault", "vault"), "records": zone_group("nothing")},
            {"endpoint": endpoint(privateLinkServiceConnections=U)},
            {
                "endpoint": endpoint(
                    privateLinkServiceConnections=[{"name": "it", "privateLinkServiceId": U, "groupIds": U}]
                )
            },
        ],
    ),
    several(
        "MOOR-NET-022",
        "endpoint",
        [],
        [],
        off={"vault": VAULT, "endpoint": endpoint("vault", "vault")},
        config={"managed_by_policy": True},
    ),
    several(
        "MOOR-NET-023",
        "link",
        {"zone": zone(), "link": registering(True)},
        {"zone": zone(), "link": registering(False)},
        off=[
            {"zone": zone("contoso.local"), "link": registering(True)},
            {**IN_ENVIRONMENT, "link": registering(False)},
        ],
        later={"zone": zone(), "link": registering(U)},
    ),
    several(
        "MOOR-NET-021",
        "endpoint",
        WIRED,
        {**WIRED, "link": link()},
        off={"registry": registry(), "network": NETWORK, "endpoint": endpoint(subnet={"id": U})},
        later={**WIRED, "zone": azure("privatedns:PrivateZone", privateZoneName=U, resourceGroupName="rg")},
    ),
]
