"""Clusters of a stack: what is refused, what is reported, and what the ledger counts."""

import pytest

from stacks.systems.aks.system import image_host
from tests.stacks.stack_files import FILE, Files, changed, line_here

EAST = "          registry: {prefix: 10.50.0.0/24, purpose: private_endpoints}\n"
DNS = "    dns: {}\n"


def cluster(*lines: str, nodes: str = "10.50.4.0/24", key: str = "main", **members: str) -> str:
    """A stack file with a cluster in eastus; lines go below it, members replace the ones that are stated."""
    stated = {"network": "eastus", "subnet": "nodes", "identity": "plane", "kubelet_identity": "kubelet"} | members
    section = [f"    clusters:\n      {key}:"]
    section += [f"        {name}: {value}" for name, value in stated.items()]
    section += [f"        {line}" for line in lines]
    text = "\n".join(["    identities: {plane: {}, kubelet: {}, api: {}}", *section])
    return changed((EAST, f"{EAST}          nodes: {{prefix: {nodes}}}\n"), (DNS, f"{DNS}{text}\n"))


REFUSALS = {
    "a network that is not there": (
        cluster(network="westus # here"),
        "clusters.main.network: there is no network 'westus'; there are: eastus, westeurope",
    ),
    "a subnet that is not there": (
        cluster(subnet="node # here"),
        "clusters.main.subnet: there is no subnet 'node'; there are: registry, nodes",
    ),
    "a pool's subnet that is not there": (
        cluster("pools: {system: {mode: System, subnet: apps}} # here"),
        "clusters.main.pools.system.subnet: there is no subnet 'apps'; there are: registry, nodes",
    ),
    "an identity that is not there": (
        cluster(identity="planes # here"),
        "clusters.main.identity: there is no identity 'planes'; there are: plane, kubelet, api",
    ),
    "one identity for both": (
        cluster(kubelet_identity="plane # here"),
        "clusters.main.kubelet_identity: plane is the control plane's identity too; give nodes one of their own [AKS-12]",
    ),
    "a workspace that is not there": (
        cluster(workspace="central # here"),
        "clusters.main.workspace: there is no workspace 'central'; there are: none",
    ),
    "a metrics workspace that is not there": (
        cluster(metrics_workspace="central # here"),
        "clusters.main.metrics_workspace: there is no metrics workspace 'central'; there are: none",
    ),
    "Defender without a workspace": (
        cluster(defender="true # here"),
        "clusters.main.defender: true needs a workspace to send to; name one [AKS-13]",
    ),
    "a label of the service's own": (
        cluster("pools: {system: {mode: System, labels: {kubernetes.azure.com/mode: x}}} # here"),
        "clusters.main.pools.system.labels.kubernetes.azure.com/mode: kubernetes.azure.com/mode has a prefix that AKS reserves",
    ),
    "a taint that keeps the cluster's own pods off": (
        cluster("pools: {system: {mode: System, taints: [team=a:PreferNoSchedule, 'team=a:NoSchedule']}} # here"),
        "clusters.main.pools.system.taints.1: team=a:NoSchedule on a System pool, which must accept the "
        "cluster's own pods; write CriticalAddonsOnly=true:NoSchedule or the effect PreferNoSchedule, or taint a "
        "User pool [AKS-17]",
    ),
    "a zone of time that there is not": (
        cluster("maintenance: {upgrades: {utc_offset: '+01:60'}} # here"),
        "clusters.main.maintenance.upgrades.utc_offset: +01:60 does not match",
    ),
    "a way out that the network does not have": (
        cluster(outbound_type="userAssignedNATGateway # here"),
        "clusters.main.outbound_type: userAssignedNATGateway needs a NAT gateway on the nodes' subnet nodes; name one in "
        "networks.",
    ),
    "a delegated subnet": (
        cluster(subnet="nodes # here", nodes="10.50.4.0/24, delegation: Microsoft.App/environments"),
        "clusters.main.subnet: nodes is delegated to Microsoft.App/environments, so nodes cannot use it",
    ),
    "a subnet of pods without its delegation": (
        cluster(
            "network_plugin_mode: flat",
            "pools: {system: {mode: System, subnet: registry, pod_subnet: nodes}} # here",
            nodes="10.50.8.0/21",
        ),
        "clusters.main.pools.system.pod_subnet: nodes is delegated to nothing; write delegation: "
        "Microsoft.ContainerService/managedClusters, which the service sets itself",
    ),
    "a subnet of pods in an overlay": (
        cluster("pools: {system: {mode: System, pod_subnet: nodes}} # here"),
        "clusters.main.pools.system.pod_subnet: is for network_plugin_mode: flat; remove it [AKS-3]",
    ),
    "a pod range beside a flat network": (
        cluster("network_plugin_mode: flat", "pod_cidr: 10.244.0.0/16 # here"),
        "clusters.main.pod_cidr: 10.244.0.0/16 without an overlay: pods have addresses of the virtual network; remove it [AKS-5]",
    ),
    "a pod range too small for its nodes": (
        cluster("pod_cidr: 10.240.0.0/22 # here"),
        "clusters.main.pod_cidr: 10.240.0.0/22 holds a /24 for 4 nodes, 7 are needed (system: 5 nodes + 2 surge); give /21",
    ),
    "a service range within the network": (
        cluster("service_cidr: 10.50.128.0/24 # here"),
        "clusters.main.service_cidr: 10.50.128.0/24 overlaps 10.50.0.0/16 of the cluster's own network",
    ),
    "kubenet with a flat network": (
        cluster("network_plugin: kubenet", "network_plugin_mode: flat # here"),
        "clusters.main.network_plugin_mode: flat needs network_plugin: azure [AKS-11]",
    ),
    "a policy that the data plane does not know": (
        cluster("network_policy: calico # here"),
        "clusters.main.network_policy: calico does not go with network_dataplane cilium; remove it, or change one [AKS-11]",
    ),
    "an API server open to everybody": (
        cluster("api_server: {private: false, authorized_ranges: [0.0.0.0/0]} # here"),
        "clusters.main.api_server.authorized_ranges.0: 0.0.0.0/0 is every address; name the ranges that need access [AKS-9]",
    ),
    "an API server without ranges": (
        cluster("api_server: {private: false} # here"),
        "clusters.main.api_server.private: false without authorized_ranges opens the API server",
    ),
    "a private range for a public API server": (
        cluster("api_server: {private: false, authorized_ranges: [10.0.0.0/8]} # here"),
        "clusters.main.api_server.authorized_ranges.0: 10.0.0.0/8 is a private range",
    ),
    "more ranges than an API server authorizes": (
        cluster(f"api_server: {{private: false, authorized_ranges: [{', '.join(['203.0.113.0/24'] * 201)}]}} # here"),
        "clusters.main.api_server.authorized_ranges: ",
    ),
    "a long name of the nodes' resource group": (
        cluster(f"node_resource_group: {'n' * 81} # here"),
        f"clusters.main.node_resource_group: '{'n' * 81}' is not a name for a node resource group: 1 to 80 characters",
    ),
    "ranges for a private API server": (
        cluster("api_server: {authorized_ranges: [203.0.113.0/24]} # here"),
        "clusters.main.api_server.authorized_ranges: are for a public API server; remove them, or write private: false",
    ),
    "no System pool": (
        cluster("pools: {apps: {}} # here"),
        "clusters.main.pools: none has mode System; give one of them mode: System [AKS-6]",
    ),
    "a pool's name": (
        cluster("pools: {system: {mode: System}, app-pool: {}} # here"),
        "clusters.main.pools.app-pool: 'app-pool' is not a name for a Linux agent pool: 1 to 12 characters",
    ),
    "a Windows pool's name": (
        cluster("network_dataplane: azure", "pools: {system: {mode: System}, windows: {os_type: Windows}} # here"),
        "clusters.main.pools.windows: 'windows' is not a name for a Windows agent pool: 1 to 6 characters",
    ),
    "Windows beside Cilium": (
        cluster("pools: {system: {mode: System}, win: {os_type: Windows}} # here"),
        "clusters.main.pools.win.os_type: Windows needs network_dataplane: azure [AKS-11]",
    ),
    "a count beside the autoscaler's bounds": (
        cluster("pools: {system: {mode: System, count: 3, maximum_count: 5}} # here"),
        "clusters.main.pools.system.count: 3 beside minimum_count or maximum_count; a pool has one or the other [AKS-6]",
    ),
    "a System pool without nodes": (
        cluster("pools: {system: {mode: System, minimum_count: 0}} # here"),
        "clusters.main.pools.system.minimum_count: 0, a System pool keeps one node [AKS-6]",
    ),
    "Spot nodes for the System pool": (
        cluster("pools: {system: {mode: System, priority: Spot}} # here"),
        "clusters.main.pools.system.priority: Spot for a System pool, whose nodes must stay; write Regular [AKS-6]",
    ),
    "a patch that a channel moves on from": (
        cluster("upgrade_channel: patch", "kubernetes_version: 1.35.2 # here"),
        "clusters.main.kubernetes_version: 1.35.2 names a patch, which upgrade_channel patch upgrades; write 1.35",
    ),
    "no channel and no version": (
        cluster("upgrade_channel: none # here"),
        "clusters.main.upgrade_channel: none without a kubernetes_version, so that the cluster is never upgraded; state one, or",
    ),
    "long-term support below Premium": (
        cluster("long_term_support: true # here"),
        "clusters.main.long_term_support: true needs tier Premium, the cluster has Standard; change one [AKS-7]",
    ),
    "nodes too old to pull by region": (
        cluster("node_image: 202606.15", "old_node_image: refuse").replace("202606.15", "'202606.15' # here"),
        "clusters.main.node_image: NodeImage, node_image 202606.15: nodes below image 202607.29 get no credentials",
    ),
    "nodes that nothing brings up to date": (
        cluster("old_node_image: refuse", "node_os_upgrade_channel: SecurityPatch # here"),
        "clusters.main.node_os_upgrade_channel: SecurityPatch, no node_image is stated: nodes below image 202607.29",
    ),
    "an identity that no account can be": (
        cluster("workload_identities: {a: {identity: web, namespace: a, service_account: b}} # here"),
        "clusters.main.workload_identities.a.identity: there is no identity 'web'; there are: plane, kubelet, api",
    ),
    "a cluster's name": (
        cluster(key="a.b # here").replace("a.b # here:", "a.b: # here"),
        "clusters.a.b: 'aks-contoso-test-a.b' is not a name for a managed cluster: 1 to 54 characters",
    ),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_it_is_refused_with_culprit_place_and_remedy(files: Files, case: str) -> None:
    text, report = REFUSALS[case]
    lines = files.refusals(text)
    assert [line for line in lines if line.startswith(f"{FILE}:{line_here(text)} {report}")], lines


def test_a_subnet_that_holds_an_overlays_nodes_and_one_that_is_too_small(files: Files) -> None:
    four = "pools: {system: {mode: System, count: 3, max_surge: '4'}}"
    files.load(cluster(four, nodes="10.50.4.0/28"))
    (line,) = files.refusals(cluster(four.replace("'4'", "'8'"), nodes="10.50.4.0/28"))
    assert (
        "networks.eastus.subnets.nodes: 10.50.4.0/28 in vnet-contoso-test-eastus leaves 11 addresses, 12 are needed"
        in line
    )
    assert "(pool system of cluster main: 3 nodes + 8 surge; API server of cluster main: 1 API server)" in line
    assert "give /27 (15 free) or larger [AKS-2][AKS-9]" in line


def test_a_flat_cluster_takes_an_address_for_every_pod_that_may_run(files: Files) -> None:
    flat = ("network_plugin_mode: flat", "pools: {system: {mode: System, count: 3, max_surge: '1'}}")
    rows = {row.subnet.name: row for row in files.load(cluster(*flat)).plan.ledger if row.subnet.network == "eastus"}
    assert rows["nodes"].need == 4 * 31 + 1
    (line,) = files.refusals(cluster(*flat, nodes="10.50.4.0/25"))
    assert (
        "leaves 123 addresses, 125 are needed (pool system of cluster main: (3 nodes + 1 surge) x (30 pods + 1);"
        in line
    )
    assert "give /24 (126 free) or larger" in line


def test_the_kubelets_identity_is_granted_pulling(files: Files) -> None:
    grants = files.load(cluster()).plan.grants
    assert [(grant.identity, grant.action) for grant in grants.values()] == [("kubelet", "pull")]


@pytest.mark.parametrize(
    ("line", "host"),
    [
        ("tier: Free", "contosotest.eastus.geo.azurecr.io"),
        ("node_image: '202607.29'", "contosotest.eastus.geo.azurecr.io"),
        ("node_image: '202607.28'", "contosotest.azurecr.io"),
        ("node_os_upgrade_channel: None", "contosotest.azurecr.io"),
    ],
)
def test_images_are_named_with_the_host_that_nodes_can_pull_from(files: Files, line: str, host: str) -> None:
    stack = files.load(cluster(line))
    assert image_host(stack.spec, stack.plan, "main") == host


def test_nodes_too_old_to_pull_by_region_are_reported(files: Files) -> None:
    report = files.warnings(cluster("node_image: '202606.15'"))
    assert any("fail to pull with 401; image names use the global host instead [AKS-8]" in line for line in report)


def test_without_regional_hosts_no_image_is_too_old(files: Files) -> None:
    text = cluster("node_image: '202606.15'", "old_node_image: refuse")
    assert not [
        line
        for line in files.warnings(text.replace("regional_endpoints: true", "regional_endpoints: false"))
        if "AKS-8" in line
    ]


def test_a_version_that_is_not_known_is_reported(files: Files) -> None:
    report = files.warnings(cluster("kubernetes_version: '1.39'"))
    assert any("1.39 is not among the versions known to be supported" in line for line in report)


def test_a_node_subnet_for_private_endpoints_is_reported(files: Files) -> None:
    text = cluster()
    assert text.count("nodes: {prefix: ") == 1
    report = files.warnings(text.replace("nodes: {prefix: ", "nodes: {purpose: private_endpoints, prefix: "))
    assert any("nodes is for private endpoints; give nodes a subnet of their own [AKS-14]" in line for line in report)


def test_nodes_in_the_subnet_of_the_registrys_endpoint_are_refused_as_the_policies_do(files: Files) -> None:
    lines = files.refusals(cluster(subnet="registry"))
    assert any("subnet registry contains pool system of cluster main" in line for line in lines)


def test_the_twenty_first_credential_of_an_identity_is_refused_wherever_it_is_stated(files: Files) -> None:
    accounts = [
        f"  a{number:02}: {{identity: api, namespace: a, service_account: s{number:02}}}" for number in range(21)
    ]
    lines = files.refusals(cluster("workload_identities:", *accounts))
    assert len(lines) == 1
    assert "workload_identities.a20: api has 20 federated credentials already" in lines[0]


def test_zones_are_left_out_where_the_region_has_none_and_refused_when_stated(files: Files) -> None:
    text = cluster("pools: {system: {mode: System, zones: ['1']}} # here").replace("eastus", "westus")
    (line,) = files.refusals(text)
    assert "clusters.main.pools.system.zones: 1: westus has no availability zones; remove them [REGION-2]" in line


def test_headroom_of_replicas_does_not_concern_a_subnet_of_nodes(files: Files) -> None:
    rows = files.load(cluster()).plan.ledger
    assert {row.next_replica for row in rows if row.subnet.name == "nodes"} == {0}
