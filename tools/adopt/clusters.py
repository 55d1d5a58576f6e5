"""Kubernetes clusters with their pools, logs and metrics."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from components.aks.pool_spec import PoolSpec
from components.aks.spec import DEFAULT_MAX_PODS, ClusterSpec
from local_azure.loading.listings import Listed
from planning.regions import zones_of
from planning.vm_sizes import ephemeral_room_gib
from tools.adopt.estate import Estate, Json, dig, keyed, region, stated

CLUSTERS: Final = "Microsoft.ContainerService/managedClusters"
POOLS: Final = f"{CLUSTERS}/agentPools"
WINDOWS: Final = f"{CLUSTERS}/maintenanceConfigurations"
_SETTINGS: Final = "Microsoft.Insights/diagnosticSettings"
_ASSOCIATIONS: Final = "Microsoft.Insights/dataCollectionRuleAssociations"


def read(estate: Estate) -> Json:
    """Return the section `clusters`; networks, identities and monitoring come first."""
    found: Json = {}
    for each in estate.owned(CLUSTERS):
        key, follows = keyed(each, estate.names.managed_cluster(""), found)
        described = _cluster(estate, each)
        if described is None:
            continue
        estate.describe(("clusters", key), each)
        prefix, nodes = each.properties.get("dnsPrefix"), each.properties.get("nodeResourceGroup")
        found[key] = {
            **stated(
                name=None if follows else each.name,
                dns_prefix=None if prefix == each.name else prefix,
                node_resource_group=None if nodes == estate.names.node_resource_group(key) else nodes,
            ),
            **described,
        }
    return found


def _cluster(estate: Estate, cluster: Listed) -> Json | None:
    shown = cluster.properties
    pools: list[Mapping[str, Any]] = list(shown.get("agentPoolProfiles") or ())
    # Pools without a subnet of their own are in that of the cluster; the first system pool is made with it [AKS-1].
    first = sorted(pools, key=lambda pool: pool.get("mode") != "System")
    subnet = str(next((pool.get("vnetSubnetID") for pool in first), "") or "")
    network = estate.key(subnet.rpartition("/subnets/")[0])
    control = next(iter(dig(cluster.body, "identity", "userAssignedIdentities") or {}), None)
    kubelet = dig(shown, "identityProfile", "kubeletidentity", "resourceId")
    if network is None or control is None or kubelet is None:
        reason = "needs nodes in a network of the stack, a user-assigned identity and a kubelet identity"
        estate.remark(cluster, "", f"a cluster of a stack {reason}; it stays as it is")
        return None
    name = subnet.rpartition("/")[2]
    return stated(
        network=network,
        subnet=name,
        identity=estate.reference(control),
        kubelet_identity=estate.reference(kubelet),
        tier=dig(cluster.body, "sku", "tier"),
        long_term_support=shown.get("supportPlan") == "AKSLongTermSupport",
        upgrade_channel=dig(shown, "autoUpgradeProfile", "upgradeChannel") or "none",
        node_os_upgrade_channel=dig(shown, "autoUpgradeProfile", "nodeOSUpgradeChannel"),
        admin_groups=list(dig(shown, "aadProfile", "adminGroupObjectIDs") or ()),
        local_accounts=not shown.get("disableLocalAccounts"),
        api_server=_api_server(shown.get("apiServerAccessProfile") or {}),
        azure_policy=bool(dig(shown, "addonProfiles", "azurepolicy", "enabled")),
        key_vault_secrets=bool(dig(shown, "addonProfiles", "azureKeyvaultSecretsProvider", "enabled")),
        workspace=_workspace(estate, cluster),
        metrics_workspace=_metrics(estate, cluster),
        pools={str(pool["name"]): _pool(pool, region(cluster), name, shown) for pool in pools},
        **_networking(shown.get("networkProfile") or {}),
        **_version(shown),
    )


def _api_server(shown: Mapping[str, Any]) -> Json:
    private = bool(shown.get("enablePrivateCluster"))
    return stated(
        private=private,
        private_dns_zone=shown.get("privateDNSZone") if private else None,
        authorized_ranges=list(shown.get("authorizedIPRanges") or ()),
        run_command=not shown.get("disableRunCommand"),
    )


def _networking(shown: Mapping[str, Any]) -> Json:
    usual = ClusterSpec.model_fields
    mode = (
        "overlay" if shown.get("networkPluginMode") == "overlay" or shown.get("networkPlugin") == "kubenet" else "flat"
    )
    plane = shown.get("networkDataplane") or "azure"
    policy = shown.get("networkPolicy")
    return stated(
        network_plugin=shown.get("networkPlugin"),
        network_plugin_mode=mode,
        network_dataplane=None if plane == "cilium" else plane,
        network_policy=None if policy == ("cilium" if plane == "cilium" else "calico") else policy,
        pod_cidr=None if shown.get("podCidr") in (None, "10.244.0.0/16") else shown["podCidr"],
        service_cidr=None
        if shown.get("serviceCidr") == str(usual["service_cidr"].default)
        else shown.get("serviceCidr"),
        outbound_type=shown.get("outboundType"),
    )


def _version(shown: Mapping[str, Any]) -> Json:
    """The Kubernetes version, where no channel changes it, and the interval of the image cleaner."""
    channel = dig(shown, "autoUpgradeProfile", "upgradeChannel")
    cleaner = dig(shown, "securityProfile", "imageCleaner") or {}
    version = None if channel in ("stable", "rapid") else shown.get("kubernetesVersion")
    hours = cleaner.get("intervalHours") if cleaner.get("enabled") else None
    return {**stated(kubernetes_version=version), "image_cleaner_hours": hours}


def _workspace(estate: Estate, cluster: Listed) -> str | None:
    for setting in estate.listing.below(cluster.id, _SETTINGS):
        if setting.properties.get("workspaceId"):
            return estate.reference(str(setting.properties["workspaceId"]))
    return None


def _metrics(estate: Estate, cluster: Listed) -> str | None:
    """The metrics workspace to which a rule of the cluster sends."""
    for association in estate.listing.below(cluster.id, _ASSOCIATIONS):
        rule = estate.listing.get(str(association.properties.get("dataCollectionRuleId") or ""))
        accounts = dig(rule.properties, "destinations", "monitoringAccounts") if rule else None
        for each in accounts or ():
            return estate.reference(str(each.get("accountResourceId")))
    return None


def _pool(pool: Mapping[str, Any], place: str, subnet: str, cluster: Mapping[str, Any]) -> Json:
    size, disk = str(pool.get("vmSize")), pool.get("osDiskSizeGB")
    own = str(pool.get("vnetSubnetID") or "").rpartition("/")[2]
    mode = "overlay" if dig(cluster, "networkProfile", "networkPluginMode") == "overlay" else "flat"
    room = ephemeral_room_gib(size) or 0
    usual = "Ephemeral" if isinstance(disk, int) and disk <= room else "Managed"
    scaled = bool(pool.get("enableAutoScaling"))
    zones = list(pool.get("availabilityZones") or ())
    typed = PoolSpec.model_fields["os_sku"].default
    return stated(
        mode=pool.get("mode"),
        vm_size=size,
        count=None if scaled else pool.get("count"),
        **(_scale(pool) if scaled else {}),
        max_surge=dig(pool, "upgradeSettings", "maxSurge"),
        max_pods=None if pool.get("maxPods") == DEFAULT_MAX_PODS[mode] else pool.get("maxPods"),
        zones=None if zones == list(zones_of(place)) else zones,
        subnet=None if own == subnet else own,
        pod_subnet=str(pool.get("podSubnetID") or "").rpartition("/")[2] or None,
        os_type=pool.get("osType"),
        os_sku=typed if pool.get("osSKU") in ("AzureLinux", None) else pool.get("osSKU"),
        os_disk_type=None if pool.get("osDiskType") == usual else pool.get("osDiskType"),
        os_disk_size_gb=disk,
        encryption_at_host=bool(pool.get("enableEncryptionAtHost")),
        priority=pool.get("scaleSetPriority"),
        labels=dict(pool.get("nodeLabels") or {}),
        taints=_taints(pool),
    )


def _scale(pool: Mapping[str, Any]) -> Json:
    """The counts of a pool that scales, where they are not those that one has by default."""
    least, most = pool.get("minCount"), pool.get("maxCount")
    usual = 3 if pool.get("mode") == "System" else 1
    return stated(
        minimum_count=None if least == usual else least, maximum_count=None if most == max(5, least or 0) else most
    )


def _taints(pool: Mapping[str, Any]) -> list[str]:
    own = {"CriticalAddonsOnly=true:NoSchedule"} if pool.get("mode") == "System" else set[str]()
    return [each for each in pool.get("nodeTaints") or () if each not in own]
