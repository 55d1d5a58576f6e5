"""Rules on resources that Azure joins only where they are alike."""

from tests.policies.rules.cases.networks import ELSEWHERE, GROUP, GUARDED, NETWORK, network, peering, subnet
from tests.policies.rules.cases.registries import endpoint, registry
from tests.policies.rules.programs import Made, U, azure, one, several


def placed(created: Made, **made_from: list[str]) -> Made:
    """The same resource, made from others."""
    return Made(created.token, created.inputs, {**created.made_from, **made_from})


def located(created: Made, region: str) -> Made:
    """The same resource in another region."""
    return Made(created.token, {**created.inputs, "location": region}, created.made_from)


def through(created: Made) -> Made:
    """A peering that uses the gateway of the other network."""
    return Made(created.token, {**created.inputs, "useRemoteGateways": True}, created.made_from)


def transit(created: Made) -> Made:
    """A peering that lets the other network use its gateway."""
    return Made(created.token, {**created.inputs, "allowGatewayTransit": True}, created.made_from)


def joined(kind: str, made_from: str, **inputs: object) -> Made:
    """A resource in eastus that names the network by one of its inputs."""
    return azure(kind, {made_from: ["network"]}, resourceGroupName="rg", location="eastus", **inputs)


IN_NETWORK = placed(endpoint(subnet={"id": U}), subnet=["network"])
WEST_OF_IT = {"registry": registry(), "network": network(location="westeurope"), "endpoint": IN_NETWORK}
GUARDED_NETWORK = placed(network(**subnet(**GUARDED)), subnets=["group"])
THROUGH = through(peering("a", "network", "hub"))
GATEWAY = {
    "network": NETWORK,
    "hub": network("hub"),
    "peering": THROUGH,
    "gateway": azure(
        "network:VirtualNetworkGateway",
        {"ipConfigurations": ["hub"]},
        resourceGroupName="rg",
        location="eastus",
        ipConfigurations=[{"name": "default", "subnet": {"id": U}}],
    ),
}
CONTAINER = {"name": "web", "image": "contoso.azurecr.io/web:1", "resources": {"requests": {"cpu": 1, "memoryInGB": 1}}}
JOINED = (
    joined("app:ManagedEnvironment", "vnetConfiguration", vnetConfiguration={"infrastructureSubnetId": U}),
    joined(
        "containerservice:ManagedCluster", "agentPoolProfiles", agentPoolProfiles=[{"name": "p", "vnetSubnetID": U}]
    ),
    joined(
        "containerinstance:ContainerGroup", "subnetIds", subnetIds=[{"id": U}], osType="Linux", containers=[CONTAINER]
    ),
    joined(
        "network:ApplicationGateway",
        "gatewayIPConfigurations",
        gatewayIPConfigurations=[{"name": "default", "subnet": {"id": U}}],
    ),
    joined("network:AzureFirewall", "ipConfigurations", ipConfigurations=[{"name": "default", "subnet": {"id": U}}]),
)
"""One resource of each kind that is in a subnet."""

CASES = [
    several(
        "MOOR-NET-024",
        "endpoint",
        [WEST_OF_IT, {**WEST_OF_IT, "other": network("other", location="northeurope")}],
        {"registry": registry(), "network": NETWORK, "endpoint": IN_NETWORK},
        off={"registry": registry(), "endpoint": endpoint(subnet={"id": f"{ELSEWHERE}/subnets/endpoints"})},
        later={
            "registry": registry(),
            "network": NETWORK,
            "far": network("far", location="westeurope"),
            "endpoint": placed(endpoint(subnet={"id": U}), subnet=["network", "far"]),
        },
    ),
    several(
        "MOOR-NET-024",
        "network",
        {"network": GUARDED_NETWORK, "group": located(GROUP, "westeurope")},
        {"network": GUARDED_NETWORK, "group": GROUP},
        off={"network": network(**subnet())},
    ),
    *(
        several(
            "MOOR-NET-024",
            "it",
            {"it": created, "network": network(location="westeurope")},
            {"it": created, "network": NETWORK},
        )
        for created in JOINED
    ),
    several(
        "MOOR-NET-025",
        "peering",
        [
            {"network": NETWORK, "hub": network("hub"), "peering": THROUGH},
            {**GATEWAY, "back": peering("b", "hub", "network")},
        ],
        [GATEWAY, {**GATEWAY, "back": transit(peering("b", "hub", "network"))}],
        off=[
            {"network": NETWORK, "hub": network("hub"), "peering": peering("a", "network", "hub")},
            {"network": NETWORK, "peering": through(peering("a", "network", "nothing", ELSEWHERE))},
        ],
        later={"network": NETWORK, "peering": through(peering("a", "network", "nothing"))},
    ),
    one(
        "MOOR-NET-026",
        NETWORK,
        fail=subnet(name="AzureBastionSubnet"),
        ok=[subnet(name="AzureBastionSubnet", **GUARDED), subnet()],
        off={},
        later={"subnets": U},
    ),
    one(
        "MOOR-NET-001",
        NETWORK,
        fail=subnet(),
        ok=subnet(name="AzureBastionSubnet"),
        off={},
        later={"subnets": U},
    ),
]
