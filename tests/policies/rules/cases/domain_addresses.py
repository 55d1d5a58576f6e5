"""Domain rules on addresses: private endpoints, address plans, environments, clusters."""

from typing import Any

from tests.policies.rules.cases.networks import network, peering
from tests.policies.rules.cases.registries import REPLICA, app, assignment, endpoint, registry
from tests.policies.rules.programs import Made, Program, U, azure, several

REGISTRY = {"registry": registry(), "replica": REPLICA}
UNTIL_KNOWN = Made(REPLICA.token, {**REPLICA.inputs, "location": U}, REPLICA.made_from)
OUTSIDE = "/subscriptions/s/resourceGroups/other/providers/Microsoft.Network/virtualNetworks/hub/subnets/endpoints"
DELEGATED = {"delegations": [{"serviceName": "Microsoft.App/environments"}]}
GROUPS = {"delegations": [{"serviceName": "Microsoft.ContainerInstance/containerGroups"}]}
WEST = "10.1.0.0/16"


def subnet(name: str, prefix: object, **inputs: object) -> dict[str, Any]:
    return {"name": name, "addressPrefix": prefix, **inputs}


def net(*subnets: dict[str, Any], name: str = "vnet", space: str = "10.0.0.0/8") -> Made:
    return network(name, addressSpace={"addressPrefixes": [space]}, subnets=list(subnets))


def reached(*subnets: dict[str, Any], **others: Made) -> Program:
    """A registry in two regions behind an endpoint that takes 3 addresses, in a network with these subnets."""
    return {**REGISTRY, "network": net(*subnets), "endpoint": endpoint(subnet={"id": U}), **others}


def named(name: str) -> Made:
    """An endpoint in a subnet whose id is known."""
    path = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/vnet/subnets"
    return endpoint(subnet={"id": f"{path}/{name}"})


def environment(**inputs: object) -> Made:
    given = {"workloadProfiles": [{"name": "Consumption", "workloadProfileType": "Consumption"}], **inputs}
    return azure(
        "app:ManagedEnvironment",
        {"vnetConfiguration": ["network"]},
        environmentName="cae",
        resourceGroupName="rg",
        location="eastus",
        vnetConfiguration={"infrastructureSubnetId": U},
        **given,
    )


def apps(most: int) -> Made:
    created = app("x", environmentId=U)
    template = {"containers": [], "scale": {"maxReplicas": most}}
    return Made(created.token, {**created.inputs, "template": template}, {"environmentId": ["environment"]})


def pool(**inputs: object) -> dict[str, Any]:
    return {"name": "system", "mode": "System", "count": 3, "vnetSubnetID": U, **inputs}


def cluster(*pools: dict[str, Any], **profile: object) -> Made:
    return azure(
        "containerservice:ManagedCluster",
        {"agentPoolProfiles": ["network"]},
        resourceName="aks",
        resourceGroupName="rg",
        location="eastus",
        agentPoolProfiles=list(pools),
        networkProfile={"serviceCidr": "172.16.0.0/16", "networkPlugin": "azure", **profile},
    )


def in_subnet(name: str) -> Made:
    """A cluster in a subnet whose id is known."""
    return cluster(pool(vnetSubnetID=f"{VNET}/{name}"))


def in_subnets(nodes: str, pods: str, **inputs: object) -> dict[str, Any]:
    """A node pool with separate subnets, whose ids are known, for nodes and pods."""
    return pool(vnetSubnetID=f"{VNET}/{nodes}", podSubnetID=f"{VNET}/{pods}", **inputs)


VNET = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/vnet/subnets"
APART = net(subnet("nodes", "10.0.0.0/27"), subnet("pods", "10.0.1.0/24"))
PRIVATE_CLUSTER = Made(
    "azure-native:containerservice:ManagedCluster",
    {
        "resourceName": "aks",
        "resourceGroupName": "rg",
        "location": "eastus",
        "agentPoolProfiles": [pool(count=2)],
        "apiServerAccessProfile": {"enablePrivateCluster": True},
        "networkProfile": {"networkPlugin": "azure", "networkPluginMode": "overlay", "podCidr": "192.168.0.0/16"},
    },
    {"agentPoolProfiles": ["network"]},
)
"""2 nodes, 1 for an upgrade, and the private endpoint of the API server: 4 addresses."""
OVERLAY = {"networkPluginMode": "overlay", "podCidr": "192.168.0.0/16"}
NETWORK_CONTRIBUTOR = "4d97b98b-1d4f-4787-a291-c67834d212e7"
CONTRIBUTOR = "b24988ac-6180-42a0-ab88-20f7382dd24c"
GRANTS = {
    "one": assignment(NETWORK_CONTRIBUTOR, "network", "cluster"),
    "two": assignment(CONTRIBUTOR, "network", "cluster"),
}
BURST = net(subnet("nodes", "10.0.0.0/24"), subnet("cg", "10.0.1.0/24", **GROUPS))

CASES = [
    several(
        "MOOR-DOM-001",
        "network",
        [
            {
                **reached(subnet("endpoints", "10.0.0.0/29")),
                "endpoint2": Made(
                    endpoint().token,
                    {**endpoint(subnet={"id": U}).inputs, "privateEndpointName": "b"},
                    endpoint().made_from,
                ),
            },
            {**reached(subnet("endpoints", "10.0.0.0/29")), "registry": registry(regionalEndpoints="Enabled")},
            {
                **reached(subnet("endpoints", "10.0.0.0/29")),
                "other": Made(
                    REPLICA.token,
                    {**REPLICA.inputs, "replicationName": "uksouth", "location": "uksouth"},
                    REPLICA.made_from,
                ),
            },
        ],
        [
            reached(subnet("endpoints", "10.0.0.0/29")),
            reached(subnet("endpoints", "10.0.0.0/27"), spare=REPLICA),
            reached(subnet("apps", "10.0.8.0/29", **DELEGATED), subnet("endpoints", "10.0.0.0/28")),
        ],
        off={**REGISTRY, "network": net(subnet("endpoints", "10.0.0.0/29"))},
        later=[
            reached(subnet("endpoints", U)),
            {**reached(subnet("endpoints", "10.0.0.0/29")), "replica": UNTIL_KNOWN},
            {
                **reached(subnet("a", "10.0.0.0/29"), subnet("b", "10.0.1.0/24")),
                "registry": registry(regionalEndpoints="Enabled"),
            },
        ],
    ),
    several(
        "MOOR-DOM-001",
        "network",
        reached(subnet("endpoints", "10.0.0.0/29")),
        reached(subnet("endpoints", "10.0.0.0/28")),
        config={"headroom": 1},
    ),
    several(
        "MOOR-DOM-002",
        "network",
        [
            reached(subnet("endpoints", "10.0.0.0/24", **DELEGATED)),
            reached(subnet("endpoints", "10.0.0.0/24"), cluster=cluster(pool())),
        ],
        [reached(subnet("endpoints", "10.0.0.0/27")), reached(subnet("endpoints", "10.0.0.0/28"))],
        off=[
            {"network": net(subnet("endpoints", "10.0.0.0/28"))},
            {
                "vault": registry(),
                "network": net(subnet("a", "10.0.0.0/28")),
                "endpoint": endpoint("vault", "vault", subnet={"id": U}),
            },
        ],
        later=[
            reached(subnet("a", "10.0.0.0/24"), subnet("b", "10.0.1.0/24"), cluster=in_subnet("a")),
            {**reached(subnet("endpoints", "10.0.0.0/24", delegations=U))},
        ],
    ),
    several(
        "MOOR-DOM-202",
        "network",
        [reached(subnet("endpoints", "10.0.0.0/28")), reached(subnet("a", "10.0.0.0/28"), subnet("b", "10.0.1.0/28"))],
        [
            reached(subnet("endpoints", "10.0.0.0/27")),
            # A private endpoint cannot be in a delegated subnet, so that the other one is meant.
            reached(subnet("apps", "10.0.0.0/28", **DELEGATED), subnet("endpoints", "10.0.1.0/27")),
        ],
        off={"network": net(subnet("endpoints", "10.0.0.0/28"))},
        later=[
            reached(subnet("endpoints", U)),
            reached(subnet("a", "10.0.0.0/28"), subnet("b", "10.0.1.0/24")),
        ],
    ),
    several(
        "MOOR-DOM-202",
        "network",
        [],
        reached(subnet("endpoints", "10.0.0.0/28")),
        config={"longest_prefix": 28},
    ),
    several(
        "MOOR-DOM-102",
        "network",
        reached(subnet("endpoints", "10.0.0.0/25")),
        reached(subnet("endpoints", "10.0.0.0/24")),
        off={"network": net(subnet("endpoints", "10.0.0.0/28"))},
        later=[reached(subnet("endpoints", U)), reached(subnet("a", "10.0.0.0/28"), subnet("b", "10.0.1.0/24"))],
    ),
    several(
        "MOOR-DOM-003",
        "endpoint",
        {**REGISTRY, "endpoint": endpoint(subnet={"id": OUTSIDE})},
        [],
        config={"free": {OUTSIDE: 2}},
    ),
    several(
        "MOOR-DOM-003",
        "endpoint",
        [],
        {**REGISTRY, "endpoint": endpoint(subnet={"id": OUTSIDE})},
        config={"free": {OUTSIDE.lower(): 3}},
    ),
    several(
        "MOOR-DOM-003",
        "endpoint",
        [],
        [],
        off=[
            reached(subnet("endpoints", "10.0.0.0/28")),
            {**reached(subnet("endpoints", "10.0.0.0/28")), "endpoint": named("endpoints")},
        ],
        later=[
            {**REGISTRY, "endpoint": endpoint(subnet={"id": OUTSIDE})},
            {**REGISTRY, "endpoint": endpoint(subnet={"id": U})},
        ],
    ),
    several(
        "MOOR-DOM-026",
        "network",
        [
            {"network": net(subnet("a", "10.0.0.0/24"), subnet("b", "10.0.0.128/25"))},
            {"network": net(subnet("a", "192.168.0.0/24"))},
            {"network": net(), "hub": net(name="hub", space=WEST), "peering": peering("a", "network", "hub")},
        ],
        [
            {"network": net(subnet("a", "10.0.0.0/24"), subnet("b", "10.0.1.0/24"))},
            {
                "network": net(space="10.0.0.0/16"),
                "hub": net(name="hub", space=WEST),
                "peering": peering("a", "network", "hub"),
            },
        ],
        later={"network": net(subnet("a", U))},
    ),
    several(
        "MOOR-DOM-020",
        "environment",
        [
            {"network": net(subnet("apps", "10.0.0.0/27")), "environment": environment()},
            {"network": net(subnet("apps", "10.0.0.0/28", **DELEGATED)), "environment": environment()},
            {
                "network": net(subnet("apps", "10.0.0.0/27", **DELEGATED)),
                "environment": environment(),
                "app": apps(100),
            },
            {
                "network": net(subnet("apps", "10.0.0.0/26", **DELEGATED)),
                "environment": environment(
                    workloadProfiles=[{"name": "big", "workloadProfileType": "D4", "maximumCount": 30}]
                ),
            },
            {
                "network": net(subnet("apps", "172.30.0.0/24", **DELEGATED), space="172.16.0.0/12"),
                "environment": environment(),
            },
        ],
        [
            {"network": net(subnet("apps", "10.0.0.0/27", **DELEGATED)), "environment": environment(), "app": apps(50)},
            {
                "network": net(subnet("other", "10.0.1.0/24"), subnet("apps", "10.0.0.0/27", **DELEGATED)),
                "environment": environment(),
            },
        ],
        off=[
            {"environment": Made(environment().token, {"environmentName": "cae", "resourceGroupName": "rg"})},
            {
                "environment": environment(vnetConfiguration={"infrastructureSubnetId": OUTSIDE})
                if False
                else Made(
                    environment().token,
                    {**environment().inputs, "vnetConfiguration": {"infrastructureSubnetId": OUTSIDE}},
                )
            },
        ],
        later=[
            {
                "network": net(subnet("a", "10.0.0.0/28", **DELEGATED), subnet("b", "10.0.1.0/24", **DELEGATED)),
                "environment": environment(),
            },
            # A consumption-only environment needs no delegation, so that it may be in either.
            {
                "network": net(subnet("legacy", "10.0.2.0/23"), subnet("apps", "10.0.0.0/26", **DELEGATED)),
                "environment": environment(workloadProfiles=None),
            },
            {"network": net(subnet("apps", "10.0.0.0/27", **DELEGATED)), "environment": environment(), "app": apps(U)},
        ],
    ),
    several(
        "MOOR-DOM-024",
        "cluster",
        [
            # 7 nodes + 1 surge x 32 addresses (30 pods in batches of 16) = 256 of 251 [AKS-3].
            {"network": APART, "cluster": cluster(in_subnets("nodes", "pods", count=7, maxPods=30))},
            # 2 nodes + 1 surge x 112 addresses (110 pods by default) = 336 of 251 [AKS-4].
            {"network": APART, "cluster": cluster(in_subnets("nodes", "pods", count=2))},
            {"network": net(subnet("nodes", "10.0.0.0/29")), "cluster": PRIVATE_CLUSTER},
            {"network": net(subnet("nodes", "10.0.0.0/26")), "cluster": cluster(pool())},
            {"network": net(subnet("nodes", "10.0.0.0/28")), "cluster": cluster(pool(count=11), **OVERLAY)},
            {
                "network": net(subnet("nodes", "10.0.0.0/28")),
                "cluster": cluster(
                    pool(enableAutoScaling=True, maxCount=10, upgradeSettings={"maxSurge": "33%"}), **OVERLAY
                ),
            },
        ],
        [
            {"network": APART, "cluster": cluster(in_subnets("nodes", "pods", count=6, maxPods=30))},
            # Without a network plugin, a cluster is an overlay, whose pods take no addresses of the network.
            {"network": net(subnet("nodes", "10.0.0.0/29")), "cluster": cluster(pool(count=2), networkPlugin=None)},
            {"network": net(subnet("nodes", "10.0.0.0/24")), "cluster": cluster(pool())},
            {"network": net(subnet("nodes", "10.0.0.0/28")), "cluster": cluster(pool(count=10), **OVERLAY)},
        ],
        off={"cluster": cluster()},
        later=[
            {"network": net(subnet("nodes", "10.0.0.0/24")), "cluster": cluster(pool(count=U))},
            {
                "network": net(subnet("nodes", "10.0.0.0/24")),
                "cluster": cluster(pool(upgradeSettings={"maxSurge": "x"})),
            },
            {"network": net(subnet("a", "10.0.0.0/28"), subnet("b", "10.0.1.0/24")), "cluster": cluster(pool())},
        ],
    ),
    several(
        "MOOR-DOM-124",
        "cluster",
        [
            {"network": net(), "cluster": cluster(pool(), serviceCidr=None)},
            {"network": net(), "cluster": cluster(pool(), serviceCidr="172.30.0.0/24")},
            {"network": net(space="192.168.0.0/24"), "cluster": cluster(pool(), **OVERLAY)},
        ],
        {"network": net(), "cluster": cluster(pool(), **OVERLAY)},
        later={"network": net(), "cluster": cluster(pool(), serviceCidr=U)},
    ),
    several(
        "MOOR-DOM-025",
        "cluster",
        [
            {"network": BURST, "cluster": cluster(pool())},
            {"network": BURST, "cluster": cluster(pool(), **OVERLAY), **GRANTS},
            {"network": net(subnet("cg", "10.0.1.0/24")), "cluster": cluster(pool()), **GRANTS},
        ],
        {"network": BURST, "cluster": cluster(pool()), **GRANTS},
        off=[
            {"network": net(subnet("nodes", "10.0.0.0/24")), "cluster": cluster(pool())},
            # A subnet for virtual nodes in a peered network belongs to the clusters there.
            {
                "network": net(subnet("nodes", "10.0.0.0/24"), space="10.0.0.0/16"),
                "peer": net(subnet("cg", "10.1.1.0/24", **GROUPS), name="peer", space=WEST),
                "peering": peering("a", "network", "peer"),
                "cluster": cluster(pool(), **OVERLAY),
            },
        ],
        later={
            "network": BURST,
            "cluster": cluster(pool()),
            "one": assignment("", "network", "cluster", roleDefinitionId=U),
        },
    ),
]
