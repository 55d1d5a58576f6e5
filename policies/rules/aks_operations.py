"""Rules on networking, upgrades and monitoring of AKS clusters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from typing import Any

from planning import names
from planning.aks import Networking, networking, support_problem, version_problem
from policies.model import OPT_IN, REGULATED, Graph, Resource, Rule, RuleConfig, Verdict, fail
from policies.rules import types as t
from policies.rules.aks_access import addon
from policies.rules.aks_pools import all_pools, member, pool_name, pool_paths, preset_by_automatic
from policies.rules.diagnostics import AUDIT, keeps_logs, kept_of, settings_of
from policies.rules.forms import (
    all_of,
    must_be,
    must_not_be,
    must_satisfy,
    name_is,
    naming_convention,
    only_with,
    same,
    shown,
    unless,
    valid_name,
)

_cluster = partial(Rule, types=(t.CLUSTER,), pillar="operations")


class Version(RuleConfig):
    """Lowest Kubernetes version; by default the oldest one in support."""

    lowest: str = ""


class Egress(RuleConfig):
    """Outbound types that are allowed."""

    outbound_types: tuple[str, ...] = (
        "userDefinedRouting",
        "userAssignedNATGateway",
        "managedNATGateway",
        "managedNATGatewayV2",
        "none",
        "block",
    )


class Categories(RuleConfig):
    """Control plane logs to collect in addition to the audit log."""

    categories: tuple[str, ...] = ("cluster-autoscaler", "kube-apiserver", "kube-controller-manager", "kube-scheduler")


def _number(version: Any) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", str(version))[:3])


def _versions(resource: Resource, graph: Graph, config: Version) -> Iterator[Verdict]:
    version = str(resource.value("kubernetesVersion"))
    if config.lowest and _number(version) < _number(config.lowest)[: len(_number(version))]:
        yield fail(f"kubernetesVersion is {version}, expected {config.lowest} or later", "kubernetesVersion")
    elif not config.lowest and version_problem(version) is None:
        long_term = same(resource.value("supportPlan"), "AKSLongTermSupport")
        problem = support_problem(version, long_term=long_term)
        if problem:
            yield fail(f"kubernetesVersion {problem}", "kubernetesVersion")
    for owner, pool in all_pools(graph, resource):
        path = member(pool, "orchestratorVersion")
        own = owner.value(path)
        length = min(len(_number(own)), len(_number(version)))
        if own and _number(own)[:length] != _number(version)[:length]:
            yield fail(
                f"{path} of node pool {pool_name(owner, pool)} is {own}, expected that of the cluster, {version}",
                path,
                owner,
            )


def network_mode(cluster: Resource) -> Networking:
    """Return how pods of a cluster are networked, with Azure's defaults for what it does not state.

    Raises:
        Undetermined: it is not known yet.
    """
    plugin = cluster.value("networkProfile.networkPlugin")
    version = (
        cluster.value("kubernetesVersion") if plugin is None and not cluster.has_unknown("kubernetesVersion") else None
    )
    return networking(
        plugin,
        cluster.value("networkProfile.networkPluginMode"),
        version=version and str(version),
        automatic=same(cluster.value("sku.name", "Base"), "Automatic"),
    )


def _plugin(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    if network_mode(resource) == "kubenet":
        stated = shown(resource.value("networkProfile.networkPlugin"))
        yield fail(f"networkProfile.networkPlugin is {stated}, expected azure", "networkProfile.networkPlugin")


def _windows(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    configured = {str(graph.arm_name(each) or "").lower() for each in graph.children(resource, t.MAINTENANCE)}
    for name in ("aksManagedAutoUpgradeSchedule", "aksManagedNodeOSUpgradeSchedule"):
        if name.lower() not in configured:
            yield fail(f"maintenanceConfigurations are {shown(sorted(configured))}, expected {name}")


def _metrics(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    insights = resource.value(f"{addon(resource, 'omsagent')}.enabled") is True
    prometheus = resource.value("azureMonitorProfile.metrics.enabled") is True
    if not insights and not prometheus:
        yield fail("neither addonProfiles.omsagent nor azureMonitorProfile.metrics is enabled, expected one of them")


def _cheap_audit(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    kept = kept_of(graph, resource)
    if "kube-audit" in kept and "kube-audit-admin" not in kept:
        yield fail("kube-audit is collected, expected kube-audit-admin, which has a tenth of its size")


def _has_settings(resource: Resource, graph: Graph, config: Any) -> str | None:
    return None if settings_of(graph, resource) else "it has no diagnostic setting"


def _platform_logs(resource: Resource, graph: Graph, config: Categories) -> Iterator[Verdict]:
    yield from keeps_logs(*config.categories)(resource, graph, config)


def _pool_names(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    prefix = resource.value("dnsPrefix")
    problem = names.CLUSTER_DNS_PREFIX.problem(str(prefix)) if prefix else None
    if problem:
        yield fail(problem, "dnsPrefix")
    for pool in pool_paths(resource):
        problem = names.AGENT_POOL.problem(str(resource.value(f"{pool}.name", "pool")))
        if problem:
            yield fail(problem, f"{pool}.name")


def _not_basic_network(resource: Resource, graph: Graph, config: Any) -> str | None:
    plugin = resource.value("networkProfile.networkPlugin")
    return "networkPlugin is none: another CNI plugin is installed later" if same(plugin, "none") else None


RULES: tuple[Rule, ...] = (
    _cluster(
        all_of(
            *(
                must_not_be(f"storageProfile.{name}.enabled", False)
                for name in ("diskCSIDriver", "fileCSIDriver", "snapshotController")
            )
        ),
        id="MOOR-AKS-019",
        title="CSI storage driver is disabled",
        severity="low",
        pillar="reliability",
        what="The CSI storage drivers and the snapshot controller are enabled.",
        why="Without them, volumes cannot be attached or snapshotted. In-tree drivers have been removed.",
        remedy="remove enabled: false from diskCSIDriver, fileCSIDriver and snapshotController in storageProfile",
        docs="aks/csi-storage-drivers",
        covers=("1.2#19", "AZP-c5110b6e", "APRL-b002c030"),
    ),
    _cluster(
        must_be("networkProfile.networkPolicy", "azure", "calico", "cilium"),
        id="MOOR-AKS-022",
        title="Network policy is not enabled",
        severity="high",
        pillar="security",
        what="A cluster has a network policy engine.",
        why="Without an engine, NetworkPolicy objects are accepted and have no effect.",
        remedy="set networkProfile.networkPolicy: cilium, azure or calico",
        docs="aks/use-network-policies",
        covers=("1.2#22", "AZR-000027", "CKV_AZURE_7", "TRV-AZU-0043", "PUL-aks-network-policy"),
        frameworks=("CIS-AKS 5.4.4", "MCSB NS-2"),
        where=(preset_by_automatic("networkProfile.networkPolicy"), _not_basic_network),
    ),
    _cluster(
        _plugin,
        id="MOOR-AKS-023",
        title="Cluster uses kubenet",
        severity="medium",
        pillar="reliability",
        what="A cluster uses Azure CNI.",
        why="kubenet retires on 31 March 2028, supports at most 400 nodes, and supports neither Azure network "
        "policies nor virtual nodes.",
        remedy="set networkProfile.networkPlugin: azure, with networkPluginMode: overlay where addresses are scarce",
        docs="aks/azure-cni-overlay",
        covers=("1.2#23", "CKV2_AZURE_29", "AZP-46238e2f", "APRL-c22db132", "RC-AKS-06.04.01"),
        where=(preset_by_automatic("networkProfile.networkPlugin"),),
    ),
    _cluster(
        must_be("networkProfile.loadBalancerSku", "standard", default="standard"),
        id="MOOR-AKS-025",
        title="Load balancer SKU is Basic",
        severity="medium",
        pillar="performance",
        what="A cluster has a Standard load balancer.",
        why="Basic load balancers are retired and support neither availability zones nor network rules.",
        remedy="create the cluster with networkProfile.loadBalancerSku: standard",
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
        title="Outbound type is loadBalancer",
        severity="low",
        pillar="security",
        what="Nodes have a controlled outbound path.",
        why="A firewall or a NAT gateway provides one known address and more ports. Opt-in.",
        remedy="set networkProfile.outboundType, with the route table or NAT gateway that it requires",
        docs="aks/egress-outboundtype",
        covers=("1.2#27", "RC-AKS-06.07.01", "RC-AKS-06.06.02"),
        profiles=OPT_IN,
        config=Egress,
        where=(preset_by_automatic("networkProfile.outboundType"),),
    ),
    _cluster(
        must_be("sku.tier", "Standard", "Premium", default="Free"),
        id="MOOR-AKS-028",
        title="Cluster is in the Free tier",
        severity="high",
        pillar="reliability",
        what="A cluster is in the Standard or Premium tier.",
        why="The Free tier has no uptime SLA and is for experiments and small clusters.",
        remedy="set sku.tier: Standard",
        docs="aks/free-standard-pricing-tiers",
        covers=("1.2#28", "AZR-000285", "CKV_AZURE_170", "APRL-0611251f", "RC-AKS-02.02.03"),
        where=(preset_by_automatic("sku.tier"),),
    ),
    _cluster(
        _versions,
        id="MOOR-AKS-037",
        title="Kubernetes version is out of support",
        severity="high",
        pillar="reliability",
        what="The Kubernetes version of a cluster is supported, and its node pools have the same version.",
        why="An unsupported version gets no security fixes. A node pool with an older version blocks the next upgrade.",
        remedy="set kubernetesVersion and orchestratorVersion to one supported version, or set "
        "autoUpgradeProfile.upgradeChannel",
        docs="aks/supported-kubernetes-versions",
        covers=("1.2#37", "AZR-000015", "AZR-000016", "AZP-fb893a29"),
        config=Version,
        where=(
            only_with("kubernetesVersion", "kubernetesVersion is not set"),
            unless("autoUpgradeProfile.upgradeChannel", "rapid", "stable"),
        ),
    ),
    _cluster(
        must_be("autoUpgradeProfile.upgradeChannel", "stable", "rapid", "patch", "node-image", default="none"),
        id="MOOR-AKS-038",
        title="Auto-upgrade channel is not configured",
        severity="medium",
        pillar="security",
        what="A cluster has an auto-upgrade channel.",
        why="A minor version is supported for about one year, and patches are released every month.",
        remedy="set autoUpgradeProfile.upgradeChannel: stable or patch, with a planned maintenance window",
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
        title="Node OS auto-upgrade channel is not configured",
        severity="medium",
        pillar="security",
        what="Nodes receive new images or security patches automatically.",
        why="Node images are released weekly. Older ones have known vulnerabilities, and credential providers that do"
        " not support regional registry hosts.",
        remedy="set autoUpgradeProfile.nodeOSUpgradeChannel: NodeImage",
        docs="aks/auto-upgrade-node-os-image",
        covers=("1.2#39", "PSR-AKS.NodeAutoUpgrade", "AZP-04408ca5", "RC-AKS-07.02.06"),
        frameworks=("MCSB PV-6",),
    ),
    _cluster(
        _windows,
        id="MOOR-AKS-040",
        title="Planned maintenance window is not configured",
        severity="medium",
        pillar="reliability",
        what="Upgrades of a cluster and of its nodes have planned maintenance windows.",
        why="Without a window, Azure upgrades at any time.",
        remedy="add maintenanceConfigurations named aksManagedAutoUpgradeSchedule and aksManagedNodeOSUpgradeSchedule",
        docs="aks/planned-maintenance",
        covers=("1.2#40", "AZR-000446", "AZP-e1352e44"),
        profiles=REGULATED,
        where=(unless("autoUpgradeProfile.upgradeChannel", "none", reason="automatic upgrades are disabled"),),
    ),
    _cluster(
        _metrics,
        id="MOOR-AKS-041",
        title="Metrics of the cluster are not collected",
        severity="medium",
        what="Container insights or managed Prometheus is enabled.",
        why="Without metrics, a node that runs out of memory leaves no trace.",
        remedy="set azureMonitorProfile.metrics.enabled: true",
        docs="azure-monitor/containers/kubernetes-monitoring-enable",
        covers=("1.2#41", "AZR-000041", "CKV_AZURE_4", "TRV-AZU-0040", "APRL-dcaf8128"),
        frameworks=("MCSB LT-3",),
        profiles=REGULATED,
    ),
    _cluster(
        keeps_logs("kube-audit", "kube-audit-admin", group=AUDIT, any_of=True),
        id="MOOR-AKS-042",
        title="Audit logs of the cluster are not collected",
        severity="medium",
        pillar="security",
        what="A diagnostic setting collects the audit log of a cluster.",
        why="It is the only record of who did what in the cluster.",
        remedy="add a diagnosticSettings resource with kube-audit-admin and guard in logs",
        docs="aks/monitor-aks",
        covers=("1.2#42", "AZR-000022", "AZP-245fc9df", "RC-AKS-07.02.15"),
        frameworks=("MCSB LT-3",),
        profiles=REGULATED,
    ),
    _cluster(
        _cheap_audit,
        id="MOOR-AKS-043",
        title="Diagnostic setting collects kube-audit",
        severity="low",
        pillar="cost",
        what="A diagnostic setting collects kube-audit-admin instead of kube-audit.",
        why="Read requests are about nine tenths of kube-audit, and ingestion is billed by gigabyte.",
        remedy="replace the category kube-audit by kube-audit-admin in logs",
        docs="aks/monitor-aks",
        covers=("1.2#43", "AZR-000445"),
        where=(_has_settings,),
    ),
    _cluster(
        _platform_logs,
        id="MOOR-AKS-044",
        title="Control plane logs are not collected",
        severity="low",
        what="A diagnostic setting collects the logs of the control plane.",
        why="They show why a pod is not scheduled and why a node pool does not scale. Opt-in.",
        remedy="add the categories to logs of the diagnostic setting, or configure categories",
        docs="aks/monitor-aks-reference",
        covers=("1.2#44", "AZR-000023"),
        profiles=OPT_IN,
        config=Categories,
    ),
    valid_name(
        all_of(name_is(names.CLUSTER), _pool_names),
        types=(t.CLUSTER,),
        id="MOOR-AKS-045",
        title="Name of a cluster or node pool is invalid",
        severity="low",
        what="Names of clusters and node pools, and DNS prefixes, are valid.",
        remedy="change resourceName, dnsPrefix or the name of the node pool to a valid one",
        covers=("1.2#45", "AZR-000039", "AZR-000040"),
    ),
    naming_convention(
        types=(t.CLUSTER, t.AGENT_POOL),
        id="MOOR-AKS-145",
        title="Name of a cluster or node pool does not follow the naming convention",
        what="Names of clusters and node pools follow the configured naming convention.",
        why="The convention identifies the owner.",
        remedy="change the name before the resource is created, or change pattern",
        covers=("1.2#45", "AZR-000498", "AZR-000499", "AZR-000500"),
    ),
)
