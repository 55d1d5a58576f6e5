"""Microsoft.ContainerService: managed clusters, their agent pools and maintenance configurations."""

from __future__ import annotations

import re

from local_azure.arm_family import Action, Family, Marks, TypeRow

CLUSTERS = "Microsoft.ContainerService/managedClusters"
POOLS = f"{CLUSTERS}/agentPools"
MAINTENANCE = f"{CLUSTERS}/maintenanceConfigurations"

_KEBAB = (
    "balanceSimilarNodeGroups",
    "daemonsetEvictionForEmptyNodes",
    "daemonsetEvictionForOccupiedNodes",
    "ignoreDaemonsetsUtilization",
    "maxEmptyBulkDelete",
    "maxGracefulTerminationSec",
    "maxNodeProvisionTime",
    "maxTotalUnreadyPercentage",
    "newPodScaleUpDelay",
    "okTotalUnreadyCount",
    "scaleDownDelayAfterAdd",
    "scaleDownDelayAfterDelete",
    "scaleDownDelayAfterFailure",
    "scaleDownUnneededTime",
    "scaleDownUnreadyTime",
    "scaleDownUtilizationThreshold",
    "scanInterval",
    "skipNodesWithLocalStorage",
    "skipNodesWithSystemPods",
)
"""Members of the autoscaler's profile, which the wire spells as the autoscaler's flags."""

FIXED_NETWORK = (
    "dnsServiceIP",
    "ipFamilies[]",
    "networkDataplane",
    "networkMode",
    "networkPlugin",
    "networkPluginMode",
    "networkPolicy",
    "outboundType",
    "podCidr",
    "podCidrs[]",
    "serviceCidr",
    "serviceCidrs[]",
)
"""Members of the network profile whose change replaces the cluster; the others are updated [AN-FORCENEW]."""
_MODELS = "containerservice/resource-manager/Microsoft.ContainerService/aks/models.tsp"
_PACKAGE = "azure-mgmt-containerservice 41.8.0 (2026-08-01)"

FAMILY = Family(
    types=(
        TypeRow(CLUSTERS, "containerservice", "ManagedCluster", ("resourceName",)),
        TypeRow(POOLS, "containerservice", "AgentPool", ("resourceName", "agentPoolName")),
        TypeRow(MAINTENANCE, "containerservice", "MaintenanceConfiguration", ("resourceName", "configName")),
    ),
    required={"containerservice/ManagedCluster": frozenset({"location"})},
    # A pool is of a type of its own, beside the type of the resource [SDK-RENAME].
    renames={
        "containerservice/AgentPool": {"type": "properties.type", "tags": "properties.tags"},
        "containerservice/ManagedCluster": {"eTag": "eTag"},
        "containerservice:ManagedClusterPropertiesAutoScalerProfile": {
            name: re.sub(r"(?=[A-Z])", "-", name).lower() for name in _KEBAB
        },
    },
    # What Azure's own client speaks that is newer than the SDK's classes [ARM-VERSIONS].
    extra_versions={CLUSTERS: frozenset({"2026-08-01"})},
    # `agentPoolProfiles` have no identifiers: they are compared by position.
    marks={
        CLUSTERS: Marks(
            f"{_MODELS}; {_PACKAGE}",
            frozenset({"location"}),
            forced=frozenset(
                {
                    "location",
                    "dnsPrefix",
                    "fqdnSubdomain",
                    "diskEncryptionSetID",
                    "linuxProfile",
                    "windowsProfile",
                    "nodeResourceGroup",
                    *(f"networkProfile.{member}" for member in FIXED_NETWORK),
                }
            ),
            ignore_case=frozenset({"networkProfile.loadBalancerProfile.backendPoolType"}),
        ),
        POOLS: Marks(_PACKAGE, forced=frozenset({"vmSize", "gpuInstanceProfile", "networkProfile.nodePublicIPTags[]"})),
        MAINTENANCE: Marks(_PACKAGE),
    },
    synchronous_put=frozenset({MAINTENANCE}),
    synchronous_delete=frozenset({MAINTENANCE}),
    actions={
        f"containerservice:listManagedCluster{who}Credentials": Action(
            CLUSTERS, f"listCluster{who}Credential", query={"serverFqdn": "server-fqdn", "format": "format"}
        )
        for who in ("Admin", "MonitoringUser", "User")
    },
)
