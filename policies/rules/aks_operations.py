"""Rules on how an AKS cluster is networked, kept up to date and watched."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from typing import Any

from planning.names import NameRule
from policies.model import Graph, Resource, Rule, RuleConfig, Verdict, fail
from policies.rules import types as t
from policies.rules.aks_access import addon
from policies.rules.aks_pools import member, pool_name, pool_paths, preset_by_automatic
from policies.rules.diagnostics import AUDIT, keeps_logs, kept_of, settings_of
from policies.rules.forms import (
    OPT_IN,
    REGULATED,
    Pattern,
    all_of,
    configured,
    declare,
    follows_convention,
    must_be,
    must_not_be,
    must_satisfy,
    name_is,
    only_with,
    same,
    shown,
    unless,
)

_cluster = partial(declare, types=(t.CLUSTER,), pillar="operations")

CLUSTER_NAME = NameRule(
    "cluster", re.compile(r"[a-zA-Z0-9]([-_a-zA-Z0-9]*[a-zA-Z0-9])?"), 1, 63, "letters, digits, '-' and '_' within"
)
_DNS_PREFIX = re.compile(r"[a-zA-Z0-9]([-a-zA-Z0-9]{0,52}[a-zA-Z0-9])?")


class Version(RuleConfig):
    """Lowest version of Kubernetes; none stated leaves the choice free."""

    lowest: str = ""


class Egress(RuleConfig):
    """Ways out that nodes may have."""

    outbound_types: tuple[str, ...] = (
        "userDefinedRouting",
        "userAssignedNATGateway",
        "managedNATGateway",
        "managedNATGatewayV2",
        "none",
        "block",
    )


class Categories(RuleConfig):
    """Logs of the control plane to keep beside the audit log."""

    categories: tuple[str, ...] = ("cluster-autoscaler", "kube-apiserver", "kube-controller-manager", "kube-scheduler")


def _drivers(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    for name in ("diskCSIDriver", "fileCSIDriver", "snapshotController"):
        yield from must_not_be(f"storageProfile.{name}.enabled", False)(resource, graph, config)


def _number(version: Any) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", str(version))[:3])


def _versions(resource: Resource, graph: Graph, config: Version) -> Iterator[Verdict]:
    version = resource.value("kubernetesVersion")
    if config.lowest and version and _number(version) < _number(config.lowest)[: len(_number(version))]:
        yield fail(f"kubernetesVersion is {version}, allowed is {config.lowest} or later", "kubernetesVersion")
    if not version:
        return
    pools = [(resource, pool) for pool in pool_paths(resource)] + [
        (each, "") for each in graph.children(resource, t.AGENT_POOL)
    ]
    for owner, pool in pools:
        path = member(pool, "orchestratorVersion")
        own = owner.value(path)
        length = min(len(_number(own)), len(_number(version)))
        if own and _number(own)[:length] != _number(version)[:length]:
            yield fail(
                f"{path} of pool {pool_name(owner, pool)} is {own}, allowed is the cluster's {version}", path, owner
            )


def _windows(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    made = {str(graph.arm_name(each) or "").lower() for each in graph.children(resource, t.MAINTENANCE)}
    for name in ("aksManagedAutoUpgradeSchedule", "aksManagedNodeOSUpgradeSchedule"):
        if name.lower() not in made:
            yield fail(f"maintenanceConfigurations are {shown(sorted(made))}, allowed has {name}")


def _metrics(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    insights = resource.value(f"{addon(resource, 'omsagent')}.enabled") is True
    prometheus = resource.value("azureMonitorProfile.metrics.enabled") is True
    if not insights and not prometheus:
        yield fail("neither add-on omsagent nor azureMonitorProfile.metrics is on, allowed is either")


def _cheap_audit(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    kept = kept_of(graph, resource)
    if "kube-audit" in kept and "kube-audit-admin" not in kept:
        yield fail("kube-audit is kept, allowed is kube-audit-admin, a tenth of its size")


def _has_settings(resource: Resource, graph: Graph, config: Any) -> str | None:
    return None if settings_of(graph, resource) else "no diagnostic setting looks at it"


def _platform_logs(resource: Resource, graph: Graph, config: Categories) -> Iterator[Verdict]:
    yield from keeps_logs(*config.categories)(resource, graph, config)


def _pool_names(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    prefix = resource.value("dnsPrefix")
    if prefix and not _DNS_PREFIX.fullmatch(str(prefix)):
        yield fail(f"dnsPrefix is {prefix}, allowed are 1 to 54 letters, digits and '-' within", "dnsPrefix")
    for pool in pool_paths(resource):
        name = resource.value(f"{pool}.name", "pool")
        if not re.fullmatch(r"[a-z][a-z0-9]{0,11}", str(name)):
            yield fail(f"{pool}.name is {name}, allowed are 1 to 12 lower-case letters and digits", f"{pool}.name")


def _not_basic_network(resource: Resource, graph: Graph, config: Any) -> str | None:
    plugin = resource.value("networkProfile.networkPlugin")
    return "pods get their network elsewhere (networkPlugin none)" if same(plugin, "none") else None


RULES: tuple[Rule, ...] = (
    _cluster(
        _drivers,
        id="MOOR-AKS-019",
        title="Storage driver is off",
        severity="low",
        pillar="reliability",
        what="The storage drivers are on.",
        why="Without them volumes are neither attached nor snapshotted, and in-tree drivers are gone.",
        remedy="remove enabled: false",
        docs="aks/csi-storage-drivers",
        covers=("1.2#19", "AZP-c5110b6e", "APRL-b002c030"),
    ),
    _cluster(
        must_be("networkProfile.networkPolicy", "azure", "calico", "cilium"),
        id="MOOR-AKS-022",
        title="Pods reach all other pods",
        severity="high",
        pillar="security",
        what="A cluster enforces network policies.",
        why="Without an engine, NetworkPolicy objects are accepted and do nothing.",
        remedy="set networkProfile.networkPolicy: cilium, azure or calico",
        docs="aks/use-network-policies",
        covers=("1.2#22", "AZR-000027", "CKV_AZURE_7", "TRV-AZU-0043", "PUL-aks-network-policy"),
        frameworks=("CIS-AKS 5.4.4", "MCSB NS-2"),
        where=(preset_by_automatic("networkProfile.networkPolicy"), _not_basic_network),
    ),
    _cluster(
        must_be("networkProfile.networkPlugin", "azure", "none", default="kubenet"),
        id="MOOR-AKS-023",
        title="Pods are networked by kubenet",
        severity="medium",
        pillar="reliability",
        what="Pods are networked by Azure CNI.",
        why="kubenet is retired in 2028, is limited to 400 nodes, and knows neither policies of Azure nor virtual nodes.",
        remedy="set networkProfile.networkPlugin: azure, with networkPluginMode: overlay where addresses are few",
        docs="aks/azure-cni-overlay",
        covers=("1.2#23", "CKV2_AZURE_29", "AZP-46238e2f", "APRL-c22db132", "RC-AKS-06.04.01"),
        where=(preset_by_automatic("networkProfile.networkPlugin"),),
    ),
    _cluster(
        must_be("networkProfile.loadBalancerSku", "standard", default="standard"),
        id="MOOR-AKS-025",
        title="Cluster has a basic load balancer",
        severity="medium",
        pillar="performance",
        what="A cluster has a standard load balancer.",
        why="The basic one is retired, knows no zones and no network rules.",
        remedy="make the cluster with networkProfile.loadBalancerSku: standard",
        docs="aks/load-balancer-standard",
        covers=("1.2#25", "AZR-000026", "RC-AKS-06.01.04"),
    ),
    _cluster(
        must_satisfy(
            "networkProfile.outboundType",
            lambda kind, config: any(same(kind, each) for each in config.outbound_types),
            "one of {outbound_types}",
            default="loadBalancer",
        ),
        id="MOOR-AKS-027",
        title="Nodes leave through the load balancer",
        severity="low",
        pillar="security",
        what="Nodes leave by a way that one controls.",
        why="A firewall or a NAT gateway gives one known address, and more ports. Off unless named.",
        remedy="set networkProfile.outboundType, with the route or gateway that it needs",
        docs="aks/egress-outboundtype",
        covers=("1.2#27", "RC-AKS-06.07.01", "RC-AKS-06.06.02"),
        profiles=OPT_IN,
        config=Egress,
        where=(preset_by_automatic("networkProfile.outboundType"),),
    ),
    _cluster(
        must_be("sku.tier", "Standard", "Premium", default="Free"),
        id="MOOR-AKS-028",
        title="Cluster has no uptime agreement",
        severity="high",
        pillar="reliability",
        what="A cluster's control plane has an uptime agreement.",
        why="The free tier is for ten nodes and for trying things.",
        remedy="set sku.tier: Standard",
        docs="aks/free-standard-pricing-tiers",
        covers=("1.2#28", "AZR-000285", "CKV_AZURE_170", "APRL-0611251f", "RC-AKS-02.02.03"),
        where=(preset_by_automatic("sku.tier"),),
    ),
    _cluster(
        _versions,
        id="MOOR-AKS-037",
        title="Kubernetes version is old, or pools differ",
        severity="high",
        pillar="reliability",
        what="A cluster's version is supported, and its pools have the same one.",
        why="An unsupported version gets no fixes; a pool that lags blocks the next upgrade.",
        remedy="raise the version, or let upgradeChannel do it",
        docs="aks/supported-kubernetes-versions",
        covers=("1.2#37", "AZR-000015", "AZR-000016", "AZP-fb893a29"),
        config=Version,
        where=(
            only_with("kubernetesVersion", "it states no version"),
            unless("autoUpgradeProfile.upgradeChannel", "rapid", "stable"),
        ),
    ),
    _cluster(
        must_be("autoUpgradeProfile.upgradeChannel", "stable", "rapid", "patch", "node-image", default="none"),
        id="MOOR-AKS-038",
        title="Cluster is not upgraded by itself",
        severity="medium",
        pillar="security",
        what="A cluster is upgraded by itself.",
        why="A version lives for a year; patches come each month.",
        remedy="set autoUpgradeProfile.upgradeChannel: stable or patch, with a maintenance window",
        docs="aks/auto-upgrade-cluster",
        covers=("1.2#38", "AZR-000036", "CKV_AZURE_171", "AZP-5c345cdf", "RC-AKS-07.02.04"),
        frameworks=("MCSB PV-6",),
        where=(preset_by_automatic("autoUpgradeProfile.upgradeChannel"),),
    ),
    _cluster(
        must_be(
            "autoUpgradeProfile.nodeOSUpgradeChannel", "NodeImage", "SecurityPatch", "Unmanaged", default="NodeImage"
        ),
        id="MOOR-AKS-039",
        title="Nodes' operating system is not patched",
        severity="medium",
        pillar="security",
        what="Nodes get new images or patches by themselves.",
        why="A node image is weekly; older ones carry known holes, and credential providers that do not know regional hosts.",
        remedy="set autoUpgradeProfile.nodeOSUpgradeChannel: NodeImage",
        docs="aks/auto-upgrade-node-os-image",
        covers=("1.2#39", "PSR-AKS.NodeAutoUpgrade", "AZP-04408ca5", "RC-AKS-07.02.06"),
        frameworks=("MCSB PV-6",),
    ),
    _cluster(
        _windows,
        id="MOOR-AKS-040",
        title="Upgrades come at any hour",
        severity="medium",
        pillar="reliability",
        what="Upgrades of the cluster and of its nodes have windows.",
        why="Without a window Azure picks the hour.",
        remedy="add maintenanceConfigurations of both names",
        docs="aks/planned-maintenance",
        covers=("1.2#40", "AZR-000446", "AZP-e1352e44"),
        profiles=REGULATED,
        where=(unless("autoUpgradeProfile.upgradeChannel", "none", reason="it is not upgraded by itself"),),
    ),
    _cluster(
        _metrics,
        id="MOOR-AKS-041",
        title="Nobody measures the cluster",
        severity="medium",
        what="Container insights or managed Prometheus is on.",
        why="A node that runs out of memory leaves no trace otherwise.",
        remedy="set azureMonitorProfile.metrics.enabled: true",
        docs="azure-monitor/containers/kubernetes-monitoring-enable",
        covers=("1.2#41", "AZR-000041", "CKV_AZURE_4", "TRV-AZU-0040", "APRL-dcaf8128"),
        frameworks=("MCSB LT-3",),
        profiles=REGULATED,
    ),
    _cluster(
        keeps_logs("kube-audit", "kube-audit-admin", group=AUDIT, any_of=True),
        id="MOOR-AKS-042",
        title="Nobody keeps the cluster's audit log",
        severity="medium",
        pillar="security",
        what="The audit log of a cluster is kept.",
        why="It is the only record of who did what in the cluster.",
        remedy="add a diagnosticSettings resource with kube-audit-admin and guard",
        docs="aks/monitor-aks",
        covers=("1.2#42", "AZR-000022", "AZP-245fc9df", "RC-AKS-07.02.15"),
        frameworks=("MCSB LT-3",),
        profiles=REGULATED,
    ),
    _cluster(
        _cheap_audit,
        id="MOOR-AKS-043",
        title="Audit log holds every read",
        severity="low",
        pillar="cost",
        what="The audit log that is kept leaves reads out.",
        why="Reads are nine tenths of it, and one pays for each gigabyte.",
        remedy="keep kube-audit-admin instead",
        docs="aks/monitor-aks",
        covers=("1.2#43", "AZR-000445"),
        where=(_has_settings,),
    ),
    _cluster(
        _platform_logs,
        id="MOOR-AKS-044",
        title="Nobody keeps the control plane's logs",
        severity="low",
        what="The logs of the control plane are kept.",
        why="They tell why a pod is not scheduled and why a node pool does not grow.",
        remedy="add the categories to the diagnostic setting, or configure categories",
        docs="aks/monitor-aks-reference",
        covers=("1.2#44", "AZR-000023"),
        profiles=OPT_IN,
        config=Categories,
    ),
    _cluster(
        all_of(name_is(CLUSTER_NAME), _pool_names),
        id="MOOR-AKS-045",
        title="Cluster's or pool's name is none that Azure takes",
        severity="low",
        what="Names of clusters, pools and DNS prefixes are such as Azure takes.",
        why="The service refuses others, late and after other resources exist.",
        remedy="take another name",
        docs="azure-resource-manager/management/resource-name-rules",
        covers=("1.2#45", "AZR-000039", "AZR-000040"),
    ),
    declare(
        follows_convention,
        types=(t.CLUSTER, t.AGENT_POOL),
        pillar="operations",
        id="MOOR-AKS-145",
        title="Cluster's or pool's name breaks the convention",
        severity="low",
        what="Names follow the convention, where one is configured.",
        why="The convention tells whose it is.",
        remedy="rename it before it is made, or change pattern",
        docs="cloud-adoption-framework/ready/azure-best-practices/resource-naming",
        covers=("1.2#45", "AZR-000498", "AZR-000499", "AZR-000500"),
        config=Pattern,
        where=(configured("pattern"),),
    ),
)
