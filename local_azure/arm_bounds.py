"""Limits of inputs that azure-native checks at preview: one table of what the specifications state [AN-BOUNDS].

Lengths, patterns and ranges of path parameters and body members, by ARM type and SDK path; `[]` stands for any element
of an array. Left out because azure-native does not check them: numbers of elements, formats such as `uuid`, and patterns
that Go's RE2 cannot compile (the name of a Microsoft.Monitor account has one).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from local_azure.arm_family import Bound
from local_azure.arm_types_catalogue import ArmType

SOURCE: Final = "Azure/bicep-types-az@1f896de2db96, generated/<provider>/<version>/types.json"
"""Where the limits were read, on the day of `arm_family.READ_ON`, at the version of the SDK's own class. Of
Microsoft.Web/sites 2025-03-01 was read; of clusters of Log Analytics, network interfaces, single security rules and
plans of Defender nothing was."""

_REGISTRY_CHILD = Bound(5, 50, "^[a-zA-Z0-9-]*$")
_REGISTRY_LIST = Bound(5, 50, "^[a-zA-Z0-9-_]*$")
_REGISTRY = Bound(5, 50, "^[a-zA-Z0-9]*$")
_SCHEDULER = Bound(pattern="^[a-zA-Z0-9-]{3,64}$")
_CONTROLLER = Bound(pattern=r"^[A-Za-z0-9]([A-Za-z0-9-_.]{0,62}[A-Za-z0-9])?$")
_RESOURCE = r"^[-\w\._\(\)]+$"
_CIDR = Bound(pattern=r"^([0-9]{1,3}\.){3}[0-9]{1,3}(\/([0-9]|[1-2][0-9]|3[0-2]))?$")
_PORT = Bound(minimum=1, maximum=65535)
_POSITIVE = Bound(minimum=0)
_PROBE = Bound(minimum=1, until="2026-07-01")
_RETENTION = Bound(minimum=1, maximum=365)
_LONG = Bound(minimum=1, maximum=146000)
_PROXY = Bound(minimum=0, maximum=64000)
_PRIORITY = Bound(minimum=100, maximum=65000)
_POOL: Mapping[str, Bound] = {
    "osDiskSizeGB": Bound(minimum=0, maximum=2048),
    "upgradeSettings.drainTimeoutInMinutes": Bound(minimum=1, maximum=1440),
    "upgradeSettings.nodeSoakDurationInMinutes": Bound(minimum=0, maximum=30),
    "kubeletConfig.containerLogMaxFiles": Bound(minimum=2),
    "linuxOSConfig.sysctls.netIpv4TcpkeepaliveIntvl": Bound(minimum=10, maximum=90),
    "linuxOSConfig.sysctls.netNetfilterNfConntrackMax": Bound(minimum=131072, maximum=2097152),
    "linuxOSConfig.sysctls.netNetfilterNfConntrackBuckets": Bound(minimum=65536, maximum=524288),
    "networkProfile.allowedHostPorts[].portStart": _PORT,
    "networkProfile.allowedHostPorts[].portEnd": _PORT,
    "gatewayProfile.publicIPPrefixSize": Bound(minimum=28, maximum=31),
}

BOUNDS: Mapping[str, Mapping[str, Bound]] = {
    "Microsoft.App/agents": {"agentName": Bound(pattern="^[A-Za-z]([-A-Za-z0-9]{0,30}[A-Za-z0-9])$")},
    "Microsoft.App/containerApps": {
        "configuration.dapr.appHealth.probeIntervalSeconds": _PROBE,
        "configuration.dapr.appHealth.probeTimeoutMilliseconds": _PROBE,
        "configuration.dapr.appHealth.threshold": _PROBE,
        "configuration.revisionTransitionThreshold": Bound(minimum=1, maximum=100, until="2026-01-01"),
    },
    "Microsoft.App/jobs": {"jobName": Bound(pattern=_RESOURCE, until="2026-07-01")},
    "Microsoft.App/managedEnvironments": {
        "environmentName": Bound(pattern=_RESOURCE, since="2025-10-02-preview", until="2026-07-01")
    },
    "Microsoft.App/managedEnvironments/httpRouteConfigs": {
        "httpRouteName": Bound(3, 63, "^[a-z][a-z0-9]*$", until="2026-07-01"),
        "properties.rules[].targets[].weight": Bound(minimum=0, maximum=100, until="2026-01-01"),
    },
    "Microsoft.App/sessionPools": {"sessionPoolName": Bound(3, 63, "^[a-z][a-z0-9]*$", until="2026-07-01")},
    "Microsoft.ContainerRegistry/registries": {"registryName": _REGISTRY},
    "Microsoft.ContainerRegistry/registries/cacheRules": {"cacheRuleName": _REGISTRY_CHILD},
    "Microsoft.ContainerRegistry/registries/credentialSets": {"credentialSetName": _REGISTRY_CHILD},
    "Microsoft.ContainerRegistry/registries/replications": {"replicationName": _REGISTRY},
    "Microsoft.ContainerRegistry/registries/scopeMaps": {"scopeMapName": _REGISTRY_LIST},
    "Microsoft.ContainerRegistry/registries/tasks": {
        "taskName": _REGISTRY_LIST,
        "timeout": Bound(minimum=300, maximum=28800),
    },
    "Microsoft.ContainerRegistry/registries/tokens": {"tokenName": _REGISTRY_CHILD},
    "Microsoft.ContainerRegistry/registries/webhooks": {"webhookName": _REGISTRY},
    "Microsoft.ContainerService/managedClusters": {
        "resourceName": Bound(1, 63, "^[a-zA-Z0-9]$|^[a-zA-Z0-9][-_a-zA-Z0-9]{0,61}[a-zA-Z0-9]$"),
        "agentPoolProfiles[].name": Bound(pattern="^[a-z][a-z0-9]{0,11}$"),
        **{f"agentPoolProfiles[].{name}": bound for name, bound in _POOL.items()},
        "linuxProfile.adminUsername": Bound(pattern="^[A-Za-z][-A-Za-z0-9_]*$"),
        "networkProfile.podCidr": _CIDR,
        "networkProfile.serviceCidr": _CIDR,
        "networkProfile.dnsServiceIP": Bound(
            pattern=r"^(?:(?:25[0-5]|2[0-4][0-9]|[01]?[0-9][0-9]?)\.){3}(?:25[0-5]|2[0-4][0-9]|[01]?[0-9][0-9]?)$"
        ),
        "networkProfile.loadBalancerProfile.allocatedOutboundPorts": Bound(minimum=0, maximum=64000),
        "networkProfile.loadBalancerProfile.idleTimeoutInMinutes": Bound(minimum=4, maximum=120),
        "networkProfile.loadBalancerProfile.managedOutboundIPs.count": Bound(minimum=1, maximum=100),
        "networkProfile.loadBalancerProfile.managedOutboundIPs.countIPv6": Bound(minimum=0, maximum=100),
        "networkProfile.natGatewayProfile.idleTimeoutInMinutes": Bound(minimum=4, maximum=120),
        "networkProfile.natGatewayProfile.managedOutboundIPProfile.count": Bound(minimum=1, maximum=16),
        "serviceMeshProfile.istio.components.egressGateways[].name": Bound(
            pattern=r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*"
        ),
    },
    "Microsoft.ContainerService/managedClusters/agentPools": {
        "agentPoolName": Bound(1, 12, "^[a-z][a-z0-9]{0,11}$"),
        **_POOL,
    },
    "Microsoft.ContainerService/managedClusters/maintenanceConfigurations": {
        "timeInWeek[].hourSlots[]": Bound(minimum=0, maximum=23),
        "maintenanceWindow.schedule.daily.intervalDays": Bound(minimum=1, maximum=7),
        "maintenanceWindow.schedule.weekly.intervalWeeks": Bound(minimum=1, maximum=4),
        "maintenanceWindow.schedule.absoluteMonthly.intervalMonths": Bound(minimum=1, maximum=6),
        "maintenanceWindow.schedule.absoluteMonthly.dayOfMonth": Bound(minimum=1, maximum=31),
        "maintenanceWindow.schedule.relativeMonthly.intervalMonths": Bound(minimum=1, maximum=6),
        "maintenanceWindow.durationHours": Bound(minimum=4, maximum=24),
        "maintenanceWindow.utcOffset": Bound(pattern=r"^(-|\+)[0-9]{2}:[0-9]{2}$"),
        "maintenanceWindow.startTime": Bound(pattern=r"^\d{2}:\d{2}$"),
    },
    "Microsoft.DurableTask/schedulers": {"schedulerName": _SCHEDULER},
    "Microsoft.DurableTask/schedulers/taskHubs": {"taskHubName": _SCHEDULER},
    "Microsoft.Insights/diagnosticSettings": {
        "logs[].retentionPolicy.days": _POSITIVE,
        "metrics[].retentionPolicy.days": _POSITIVE,
    },
    "Microsoft.KeyVault/vaults": {"vaultName": Bound(pattern="^[a-zA-Z0-9-]{3,24}$", until="2026-02-01")},
    "Microsoft.KeyVault/vaults/keys": {"keyName": Bound(pattern="^[a-zA-Z0-9-]{1,127}$")},
    "Microsoft.KeyVault/vaults/secrets": {"secretName": Bound(pattern="^[a-zA-Z0-9-]{1,127}$", until="2026-02-01")},
    "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials": {
        "federatedIdentityCredentialResourceName": Bound(pattern="^[a-zA-Z0-9]{1}[a-zA-Z0-9-_]{2,119}$")
    },
    "Microsoft.Network/ApplicationGatewayWebApplicationFirewallPolicies": {
        "policyName": Bound(max_length=128),
        "customRules[].name": Bound(max_length=128),
        "policySettings.customBlockResponseBody": Bound(
            max_length=32768,
            pattern="^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})$",
        ),
        "policySettings.customBlockResponseStatusCode": _POSITIVE,
        "policySettings.fileUploadLimitInMb": _POSITIVE,
        "policySettings.jsChallengeCookieExpirationInMins": Bound(minimum=5, maximum=1440),
        "policySettings.maxRequestBodySizeInKb": Bound(minimum=8),
    },
    "Microsoft.Network/firewallPolicies": {
        "explicitProxy.httpPort": _PROXY,
        "explicitProxy.httpsPort": _PROXY,
        "explicitProxy.pacFilePort": _PROXY,
    },
    "Microsoft.Network/firewallPolicies/ruleCollectionGroups": {
        "priority": _PRIORITY,
        "ruleCollections[].priority": _PRIORITY,
    },
    "Microsoft.OperationalInsights/workspaces": {
        "workspaceName": Bound(4, 63, "^[A-Za-z0-9][A-Za-z0-9-]+[A-Za-z0-9]$")
    },
    "Microsoft.Resources/resourceGroups": {"resourceGroupName": Bound(1, 90, _RESOURCE)},
    "Microsoft.ServiceNetworking/trafficControllers": {"trafficControllerName": _CONTROLLER},
    "Microsoft.ServiceNetworking/trafficControllers/associations": {"associationName": _CONTROLLER},
    "Microsoft.ServiceNetworking/trafficControllers/frontends": {"frontendName": _CONTROLLER},
    "Microsoft.ServiceNetworking/trafficControllers/securityPolicies": {"securityPolicyName": _CONTROLLER},
    "Microsoft.Storage/storageAccounts": {
        "accountName": Bound(3, 24, "^[a-z0-9]+$"),
        "immutableStorageWithVersioning.immutabilityPolicy.immutabilityPeriodSinceCreationInDays": _LONG,
    },
    "Microsoft.Storage/storageAccounts/blobServices": {
        "changeFeed.retentionInDays": _LONG,
        "containerDeleteRetentionPolicy.days": _RETENTION,
        "deleteRetentionPolicy.days": _RETENTION,
        "restorePolicy.days": _RETENTION,
    },
    "Microsoft.Storage/storageAccounts/blobServices/containers": {"containerName": Bound(3, 63)},
    "Microsoft.Web/sites": {
        "siteConfig.elasticWebAppScaleLimit": _POSITIVE,
        "siteConfig.functionAppScaleLimit": _POSITIVE,
        "siteConfig.minimumElasticInstanceCount": Bound(minimum=0, maximum=20),
        "siteConfig.preWarmedInstanceCount": Bound(minimum=0, maximum=10),
    },
}


def bounds(arm: ArmType, api_version: str) -> dict[str, Bound]:
    """The limits of a type's inputs at an API version, by SDK path.

    A child's path names its parents by the parameters by which they are made, whose limits it takes over (inferred).
    """
    found: dict[str, Bound] = {}
    for end in range(2, arm.name.count("/") + 1):
        parent = BOUNDS.get("/".join(arm.name.split("/")[:end]), {})
        found |= {name: bound for name, bound in parent.items() if name in arm.parameters}
    found |= BOUNDS.get(arm.name, {})
    return {path: bound for path, bound in found.items() if bound.holds(api_version)}
