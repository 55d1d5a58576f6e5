"""What clusters take from subnets, which ranges they may keep, and the versions they may have."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network

import pytest

from planning import aks
from planning.addresses import Subnet, fitting_prefix, ledger, usable
from planning.aks import (
    PluginMode,
    Pool,
    consumers,
    minor_of,
    pod_range_problem,
    range_problems,
    subnets_of,
    surge_nodes,
    surge_problem,
    system_taint_problem,
    version_problem,
)

NODES, PODS = ("eastus", "nodes"), ("eastus", "pods")


def pool(name: str = "apps", most: int = 3, surge: str = "1", pods: int = 30, pod_subnet: bool = False) -> Pool:
    return Pool(name, NODES, most, surge, pods, PODS if pod_subnet else None)


def needs(pools: list[Pool], mode: PluginMode, *, private: bool = False, load_balancers: int = 0) -> dict[str, int]:
    """Addresses by subnet."""
    found: dict[str, int] = {}
    endpoint = NODES if private else None
    by_name = {each.name: each for each in pools}
    for consumer in consumers("east", by_name, mode, private=endpoint, load_balancers=load_balancers):
        found[consumer.subnet[1]] = found.get(consumer.subnet[1], 0) + consumer.need
    return found


# Rule [source]: pools, mode, further needs → need in the subnet of nodes, need in that of pods.
RULES = {
    "overlay: nodes + surge [AKS-2]": ([pool(most=10, surge="33%")], "overlay", {}, 14, 0),
    "overlay: every pool may be upgraded at once [AKS-2]": (
        [pool("a", 5, "1"), pool("b", 5, "50%")],
        "overlay",
        {},
        5 + 1 + 5 + 3,
        0,
    ),
    "flat: (nodes + surge) x (pods + 1) [AKS-1]": ([pool(most=10, surge="1")], "flat", {}, 11 * 31, 0),
    "flat with 110 pods [AKS-1]": ([pool(most=3, surge="1", pods=110)], "flat", {}, 4 * 111, 0),
    "flat with a subnet of pods: nodes + surge, pods in batches of 16 [AKS-3]": (
        [pool(most=3, surge="1", pod_subnet=True)],
        "flat",
        {},
        4,
        4 * 32,
    ),
    "flat with a subnet of pods: 40 pods are 3 batches of 16 [AKS-3]": (
        [pool(most=3, surge="1", pods=40, pod_subnet=True)],
        "flat",
        {},
        4,
        4 * 48,
    ),
    "a private API server takes one [AKS-9]": ([pool(most=3)], "overlay", {"private": True}, 5, 0),
    "internal load balancers take one each [AKS-9]": ([pool(most=3)], "overlay", {"load_balancers": 2}, 6, 0),
}


@pytest.mark.parametrize("rule", RULES)
def test_each_address_rule(rule: str) -> None:
    pools, mode, more, nodes, pods = RULES[rule]
    assert needs(pools, mode, **more) == {"nodes": nodes} | ({"pods": pods} if pods else {})


@pytest.mark.parametrize("rule", RULES)
def test_each_rule_names_its_source(rule: str) -> None:
    pools, mode, more, _, _ = RULES[rule]
    private = NODES if more.get("private") else None
    by_name = {each.name: each for each in pools}
    found = consumers("east", by_name, mode, private=private, load_balancers=more.get("load_balancers", 0))
    assert rule[rule.index("[") + 1 : -1] in {consumer.source for consumer in found}


@pytest.mark.parametrize("rule", RULES)
def test_a_subnet_that_just_fits_and_one_that_is_one_short(rule: str) -> None:
    pools, mode, more, nodes, _ = RULES[rule]
    private = NODES if more.get("private") else None
    by_name = {each.name: each for each in pools}
    wanted = list(consumers("east", by_name, mode, private=private, load_balancers=more.get("load_balancers", 0)))
    for free, verdict in ((nodes, "fits"), (nodes - 1, "short")):
        subnets = [Subnet(*NODES, None, free, outside=True), Subnet(*PODS, None, 10_000, outside=True)]
        assert {row.subnet.name: row.verdict for row in ledger(subnets, wanted)}["nodes"] == verdict


@pytest.mark.parametrize(
    ("pools", "prefix"),
    [
        # As users met it: 10 nodes of 30 pods in a /24, 3 nodes of 110 pods in a /24.
        ([pool(most=10)], 23),
        ([pool(most=3, pods=110)], 23),
        ([pool(most=7)], 24),
        ([pool(most=8)], 23),
    ],
)
def test_the_subnet_to_give_to_a_flat_cluster(pools: list[Pool], prefix: int) -> None:
    need = needs(pools, "flat")["nodes"]
    assert fitting_prefix(need) == prefix
    assert usable(prefix) >= need > usable(prefix + 1)


@pytest.mark.parametrize(
    ("nodes", "stated", "surge"),
    [(1, "10%", 1), (10, "33%", 4), (9, "33%", 3), (100, "33%", 33), (3, "2", 2), (0, "33%", 1), (5, "100%", 5)],
)
def test_a_share_of_surge_is_rounded_up_and_one_at_least(nodes: int, stated: str, surge: int) -> None:
    assert surge_nodes(nodes, stated) == surge


@pytest.mark.parametrize("stated", ["0", "0%", "101%", "a third", "33 %", ""])
def test_what_is_no_surge_is_refused(stated: str) -> None:
    assert "write a share such as 33%, or a count such as 2 [AKS-1]" in (surge_problem(stated) or "")


def test_each_node_of_an_overlay_gets_a_24_of_the_pod_range() -> None:
    four = {"apps": pool(most=3, surge="1")}
    assert pod_range_problem(IPv4Network("10.240.100.0/22"), four) is None
    problem = pod_range_problem(IPv4Network("10.240.100.0/22"), {"apps": pool(most=4, surge="1")})
    assert problem == (
        "10.240.100.0/22 holds a /24 for 4 nodes, 5 are needed (apps: 4 nodes + 1 surge); give /21 or larger [AKS-2]"
    )
    assert "holds a /24 for 0 nodes" in (pod_range_problem(IPv4Network("10.240.100.0/25"), four) or "")


OWN = {"eastus": (IPv4Network("10.50.0.0/16"),), "westeurope": (IPv4Network("10.60.0.0/16"),)}


def problems(service: str = "172.16.0.0/16", pods: str | None = "10.244.0.0/16", dns: str | None = None) -> list[str]:
    ranges = {"service_cidr": IPv4Network(service)} | ({"pod_cidr": IPv4Network(pods)} if pods else {})
    server = IPv4Address(dns) if dns else IPv4Network(service).network_address + 10
    found = range_problems(ranges, server, own="eastus", peered=frozenset(), networks=OWN)
    return [f"{problem.severity} {problem.line()}" for problem in found]


def test_the_default_ranges_meet_nothing() -> None:
    assert problems() == []


@pytest.mark.parametrize(
    ("stated", "report"),
    [
        (
            {"service": "10.50.8.0/24"},
            "error service_cidr: 10.50.8.0/24 overlaps 10.50.0.0/16 of the cluster's own network",
        ),
        ({"pods": "10.48.0.0/13"}, "error pod_cidr: 10.48.0.0/13 overlaps 10.50.0.0/16 of the cluster's own network"),
        ({"pods": "10.60.0.0/16"}, "warning pod_cidr: 10.60.0.0/16 overlaps 10.60.0.0/16 of network westeurope"),
        ({"pods": "172.16.128.0/17"}, "error pod_cidr: 172.16.128.0/17 overlaps service_cidr (172.16.0.0/16)"),
        (
            {"service": "172.30.0.0/24"},
            "error service_cidr: 172.30.0.0/24 overlaps 172.30.0.0/16, which a cluster must not use",
        ),
        ({"service": "192.160.0.0/12"}, "error service_cidr: 192.160.0.0/12 is too large; give /13 or smaller"),
        (
            {"dns": "172.16.0.1"},
            "error dns_service_ip: 172.16.0.1 is not a free address of service_cidr (172.16.0.0/16)",
        ),
        ({"dns": "172.17.0.10"}, "whose first is the API server's; take 172.16.0.10 [AKS-5]"),
    ],
)
def test_a_range_in_anothers_way_is_reported(stated: dict[str, str], report: str) -> None:
    assert any(report in line for line in problems(**stated)), problems(**stated)


def test_a_peered_network_counts_as_the_clusters_own() -> None:
    ranges = {"service_cidr": IPv4Network("10.60.0.0/24")}
    found = range_problems(
        ranges, IPv4Address("10.60.0.10"), own="eastus", peered=frozenset({"westeurope"}), networks=OWN
    )
    (problem,) = found
    assert (problem.severity, "which is peered with eastus" in problem.message) == ("error", True)


@pytest.mark.parametrize(("version", "fine"), [("1.35", True), ("1.35.2", True), ("1", False), ("v1.35", False)])
def test_versions_are_minor_ones_or_patches(version: str, fine: bool) -> None:
    assert (version_problem(version) is None) is fine


def test_the_minor_version_of_a_patch() -> None:
    assert minor_of("1.35.2") == "1.35"


def test_the_subnets_of_a_cluster_are_named_once_each() -> None:
    class Placed:
        def __init__(self, subnet: str | None, pod_subnet: str | None = None) -> None:
            self.subnet, self.pod_subnet = subnet, pod_subnet

    assert subnets_of("nodes", [Placed(None), Placed("apps", "pods"), Placed("nodes")]) == ("nodes", "apps", "pods")


@pytest.mark.parametrize(
    ("taint", "taken"),
    [
        ("CriticalAddonsOnly=true:NoSchedule", True),
        ("CriticalAddonsOnly=true:NoExecute", True),
        ("CriticalAddonsOnly:NoSchedule", True),
        ("team=a:PreferNoSchedule", True),
        ("team=a:NoSchedule", False),
        ("team=a:NoExecute", False),
        ("contoso.com/CriticalAddonsOnly=true:NoSchedule", False),
    ],
)
def test_a_system_pool_takes_the_taint_that_its_own_pods_tolerate_and_mild_ones(taint: str, taken: bool) -> None:
    assert (system_taint_problem(taint) is None) is taken


@pytest.mark.parametrize(
    ("plugin", "mode", "version", "automatic", "network"),
    [
        (None, None, None, False, "overlay"),
        (None, None, "1.30.2", False, "overlay"),
        (None, None, "1.29", False, "kubenet"),
        (None, None, "1.29", True, "overlay"),
        ("azure", None, None, False, "flat"),
        ("Azure", "Overlay", None, False, "overlay"),
        ("azure", None, None, True, "overlay"),
        ("kubenet", None, "1.35", False, "kubenet"),
        ("none", None, None, False, "none"),
    ],
)
def test_a_cluster_that_states_no_plugin_is_an_overlay_since_1_30(
    plugin: str | None, mode: str | None, version: str | None, *, automatic: bool, network: str
) -> None:
    assert aks.networking(plugin, mode, version=version, automatic=automatic) == network


def test_pods_of_a_node_are_those_of_the_service_where_none_are_stated() -> None:
    found = [aks.service_max_pods(each, pod_subnet=False) for each in ("overlay", "flat", "kubenet")]
    assert found == [250, 30, 110]
    assert aks.service_max_pods("flat", pod_subnet=True) == 110


def test_other_plugins_than_flat_azure_cni_take_an_address_for_each_node_only() -> None:
    pool = Pool("apps", ("west", "nodes"), most=5, max_surge="2", max_pods=110)
    (consumer,) = aks.consumers("west", {"apps": pool}, "kubenet", private=None, load_balancers=0)
    assert consumer.need == 7


@pytest.mark.parametrize(
    ("version", "long_term", "supported"),
    [
        ("1.34", False, True),
        # In long-term support only since the release of AKS of 2026-07-17 [AKS-7].
        ("1.33", False, False),
        ("1.33", True, True),
        ("1.32.9", False, False),
        ("1.40", False, True),
        ("1.28", True, True),
        ("1.9", False, False),
    ],
)
def test_a_version_below_the_oldest_supported_one_is_out_of_support(
    version: str, *, long_term: bool, supported: bool
) -> None:
    problem = aks.support_problem(version, long_term=long_term)
    assert (problem is None) is supported
