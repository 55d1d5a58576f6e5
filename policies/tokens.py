"""Maps the type tokens of a program to ARM types, for each of the four forms in which a resource can be written.

`azure-native:containerregistry:Registry`                                     the SDK's default version
`azure-native:containerregistry/v20260301preview:Registry`                    a version of the SDK's own
`azure-native_containerregistry_v20260301preview:containerregistry:Registry`  a parameterized package
`azure-native:resources:Resource`                                             generic, the type in its properties

The table is maintained by hand and imports no SDK, so that a policy pack starts quickly. A class that is missing gets a derived
type (`Microsoft.Web/appServicePlan`), which is used by rules on all resources only.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from policies.resource import UNKNOWN

GENERIC = "resources:Resource"

_PATHS: dict[str, dict[str, str]] = {
    "app Microsoft.App": {
        "Agent": "agents/{agentName}",
        "Certificate": "managedEnvironments/{environmentName}/certificates/{certificateName}",
        "ContainerApp": "containerApps/{containerAppName}",
        "ContainerAppsAuthConfig": "containerApps/{containerAppName}/authConfigs/{authConfigName}",
        "ContainerAppsSessionPool": "sessionPools/{sessionPoolName}",
        "DaprComponent": "managedEnvironments/{environmentName}/daprComponents/{componentName}",
        "HttpRouteConfig": "managedEnvironments/{environmentName}/httpRouteConfigs/{httpRouteName}",
        "Job": "jobs/{jobName}",
        "ManagedCertificate": "managedEnvironments/{environmentName}/managedCertificates/{managedCertificateName}",
        "ManagedEnvironment": "managedEnvironments/{environmentName}",
        "ManagedEnvironmentsStorage": "managedEnvironments/{environmentName}/storages/{storageName}",
        # The SDK has no class for these, so programs use the generic one.
        " sandboxGroups": "sandboxGroups/{sandboxGroupName}",
        " sandboxes": "sandboxGroups/{sandboxGroupName}/sandboxes/{sandboxName}",
        " vnetConnections": "sandboxGroups/{sandboxGroupName}/vnetConnections/{vnetConnectionName}",
    },
    "authorization Microsoft.Authorization": {
        "ManagementLockAtResourceGroupLevel": "locks/{lockName}",
        "ManagementLockAtResourceLevel": "locks/{lockName}",
        "ManagementLockAtSubscriptionLevel": "locks/{lockName}",
        "ManagementLockByScope": "locks/{lockName}",
        "PolicyAssignment": "policyAssignments/{policyAssignmentName}",
        "RoleAssignment": "roleAssignments/{roleAssignmentName}",
        "RoleDefinition": "roleDefinitions/{roleDefinitionId}",
    },
    "cdn Microsoft.Cdn": {
        "AFDEndpoint": "profiles/{profileName}/afdEndpoints/{endpointName}",
        "AFDOrigin": "profiles/{profileName}/originGroups/{originGroupName}/origins/{originName}",
        "AFDOriginGroup": "profiles/{profileName}/originGroups/{originGroupName}",
        "Profile": "profiles/{profileName}",
        "Route": "profiles/{profileName}/afdEndpoints/{endpointName}/routes/{routeName}",
    },
    "compute Microsoft.Compute": {
        "Disk": "disks/{diskName}",
        "DiskEncryptionSet": "diskEncryptionSets/{diskEncryptionSetName}",
        "VirtualMachine": "virtualMachines/{vmName}",
        "VirtualMachineScaleSet": "virtualMachineScaleSets/{vmScaleSetName}",
    },
    "containerinstance Microsoft.ContainerInstance": {
        "ContainerGroup": "containerGroups/{containerGroupName}",
        "ContainerGroupProfile": "containerGroupProfiles/{containerGroupProfileName}",
    },
    "containerregistry Microsoft.ContainerRegistry": {
        "AgentPool": "registries/{registryName}/agentPools/{agentPoolName}",
        "CacheRule": "registries/{registryName}/cacheRules/{cacheRuleName}",
        "ConnectedRegistry": "registries/{registryName}/connectedRegistries/{connectedRegistryName}",
        "CredentialSet": "registries/{registryName}/credentialSets/{credentialSetName}",
        "ExportPipeline": "registries/{registryName}/exportPipelines/{exportPipelineName}",
        "ImportPipeline": "registries/{registryName}/importPipelines/{importPipelineName}",
        "PipelineRun": "registries/{registryName}/pipelineRuns/{pipelineRunName}",
        "PrivateEndpointConnection": (
            "registries/{registryName}/privateEndpointConnections/{privateEndpointConnectionName}"
        ),
        "Registry": "registries/{registryName}",
        "Replication": "registries/{registryName}/replications/{replicationName}",
        "ScopeMap": "registries/{registryName}/scopeMaps/{scopeMapName}",
        "Task": "registries/{registryName}/tasks/{taskName}",
        "TaskRun": "registries/{registryName}/taskRuns/{taskRunName}",
        "Token": "registries/{registryName}/tokens/{tokenName}",
        "Webhook": "registries/{registryName}/webhooks/{webhookName}",
    },
    "containerservice Microsoft.ContainerService": {
        "AgentPool": "managedClusters/{resourceName}/agentPools/{agentPoolName}",
        "Fleet": "fleets/{fleetName}",
        "FleetMember": "fleets/{fleetName}/members/{fleetMemberName}",
        "MaintenanceConfiguration": "managedClusters/{resourceName}/maintenanceConfigurations/{configName}",
        "ManagedCluster": "managedClusters/{resourceName}",
        "TrustedAccessRoleBinding": (
            "managedClusters/{resourceName}/trustedAccessRoleBindings/{trustedAccessRoleBindingName}"
        ),
    },
    "durabletask Microsoft.DurableTask": {
        "RetentionPolicy": "schedulers/{schedulerName}/retentionPolicies",
        "Scheduler": "schedulers/{schedulerName}",
        "TaskHub": "schedulers/{schedulerName}/taskHubs/{taskHubName}",
    },
    "keyvault Microsoft.KeyVault": {
        "AccessPolicy": "vaults/{vaultName}/accessPolicies",
        "Key": "vaults/{vaultName}/keys/{keyName}",
        "ManagedHsm": "managedHSMs/{name}",
        "PrivateEndpointConnection": "vaults/{vaultName}/privateEndpointConnections/{privateEndpointConnectionName}",
        "Secret": "vaults/{vaultName}/secrets/{secretName}",
        "Vault": "vaults/{vaultName}",
    },
    "managedidentity Microsoft.ManagedIdentity": {
        "FederatedIdentityCredential": (
            "userAssignedIdentities/{resourceName}/federatedIdentityCredentials/{federatedIdentityCredentialResourceName}"
        ),
        "UserAssignedIdentity": "userAssignedIdentities/{resourceName}",
    },
    "monitor Microsoft.Insights": {
        "ActionGroup": "actionGroups/{actionGroupName}",
        "ActivityLogAlert": "activityLogAlerts/{activityLogAlertName}",
        "AutoscaleSetting": "autoscaleSettings/{autoscaleSettingName}",
        "DataCollectionEndpoint": "dataCollectionEndpoints/{dataCollectionEndpointName}",
        "DataCollectionRule": "dataCollectionRules/{dataCollectionRuleName}",
        "DataCollectionRuleAssociation": "dataCollectionRuleAssociations/{associationName}",
        "DiagnosticSetting": "diagnosticSettings/{name}",
        "MetricAlert": "metricAlerts/{ruleName}",
        "PrivateLinkScope": "privateLinkScopes/{scopeName}",
        "ScheduledQueryRule": "scheduledQueryRules/{ruleName}",
    },
    "monitor Microsoft.Monitor": {"AzureMonitorWorkspace": "accounts/{azureMonitorWorkspaceName}"},
    "insights Microsoft.Insights": {
        "ActionGroup": "actionGroups/{actionGroupName}",
        "ActivityLogAlert": "activityLogAlerts/{activityLogAlertName}",
        "DiagnosticSetting": "diagnosticSettings/{name}",
        "MetricAlert": "metricAlerts/{ruleName}",
    },
    "network Microsoft.Network": {
        "ApplicationGateway": "applicationGateways/{applicationGatewayName}",
        "AzureFirewall": "azureFirewalls/{azureFirewallName}",
        "BastionHost": "bastionHosts/{bastionHostName}",
        "DdosProtectionPlan": "ddosProtectionPlans/{ddosProtectionPlanName}",
        "FirewallPolicy": "firewallPolicies/{firewallPolicyName}",
        "FirewallPolicyRuleCollectionGroup": (
            "firewallPolicies/{firewallPolicyName}/ruleCollectionGroups/{ruleCollectionGroupName}"
        ),
        "FlowLog": "networkWatchers/{networkWatcherName}/flowLogs/{flowLogName}",
        "IpGroup": "ipGroups/{ipGroupsName}",
        "LoadBalancer": "loadBalancers/{loadBalancerName}",
        "NatGateway": "natGateways/{natGatewayName}",
        "NetworkInterface": "networkInterfaces/{networkInterfaceName}",
        "NetworkSecurityGroup": "networkSecurityGroups/{networkSecurityGroupName}",
        "NetworkSecurityPerimeter": "networkSecurityPerimeters/{networkSecurityPerimeterName}",
        "NetworkWatcher": "networkWatchers/{networkWatcherName}",
        "PrivateDnsZoneGroup": "privateEndpoints/{privateEndpointName}/privateDnsZoneGroups/{privateDnsZoneGroupName}",
        "PrivateEndpoint": "privateEndpoints/{privateEndpointName}",
        "PrivateLinkService": "privateLinkServices/{serviceName}",
        "PublicIPAddress": "publicIPAddresses/{publicIpAddressName}",
        "PublicIPPrefix": "publicIPPrefixes/{publicIpPrefixName}",
        "Route": "routeTables/{routeTableName}/routes/{routeName}",
        "RouteTable": "routeTables/{routeTableName}",
        "SecurityRule": "networkSecurityGroups/{networkSecurityGroupName}/securityRules/{securityRuleName}",
        "Subnet": "virtualNetworks/{virtualNetworkName}/subnets/{subnetName}",
        "VirtualNetwork": "virtualNetworks/{virtualNetworkName}",
        "VirtualNetworkGateway": "virtualNetworkGateways/{virtualNetworkGatewayName}",
        "VirtualNetworkPeering": (
            "virtualNetworks/{virtualNetworkName}/virtualNetworkPeerings/{virtualNetworkPeeringName}"
        ),
        "WebApplicationFirewallPolicy": "applicationGatewayWebApplicationFirewallPolicies/{policyName}",
    },
    "operationalinsights Microsoft.OperationalInsights": {
        "Cluster": "clusters/{clusterName}",
        "DataExport": "workspaces/{workspaceName}/dataExports/{dataExportName}",
        "LinkedService": "workspaces/{workspaceName}/linkedServices/{linkedServiceName}",
        "Table": "workspaces/{workspaceName}/tables/{tableName}",
        "Workspace": "workspaces/{workspaceName}",
    },
    "privatedns Microsoft.Network": {
        "PrivateRecordSet": "privateDnsZones/{privateZoneName}/{recordType}/{relativeRecordSetName}",
        "PrivateZone": "privateDnsZones/{privateZoneName}",
        "VirtualNetworkLink": "privateDnsZones/{privateZoneName}/virtualNetworkLinks/{virtualNetworkLinkName}",
    },
    "resources Microsoft.Resources": {
        "Deployment": "deployments/{deploymentName}",
        "ResourceGroup": "resourceGroups/{resourceGroupName}",
    },
    "security Microsoft.Security": {"Pricing": "pricings/{pricingName}"},
    "storage Microsoft.Storage": {
        "BlobContainer": "storageAccounts/{accountName}/blobServices/default/containers/{containerName}",
        "FileShare": "storageAccounts/{accountName}/fileServices/default/shares/{shareName}",
        "StorageAccount": "storageAccounts/{accountName}",
    },
}
"""Path below the provider by class, by SDK module and ARM namespace; names in braces are inputs of the SDK."""


@dataclass(frozen=True, slots=True)
class Shape:
    """Type and path of resources of one ARM type.

    Attributes:
        type: ARM type; `{recordType}` in it is replaced by the value of that property.
        names: the inputs with the names along the path; the last one is the name of the resource.
    """

    type: str
    names: tuple[str, ...]


def _shape(namespace: str, path: str) -> Shape:
    steps = path.split("/")
    kinds = [steps[at] for at in range(0, len(steps), 2)]
    return Shape("/".join([namespace, *kinds]), tuple(step[1:-1] for step in steps[1::2] if step.startswith("{")))


_SHAPES: dict[str, Shape] = {
    f"{heading.split()[0]}:{cls}": _shape(heading.split()[1], path)
    for heading, classes in _PATHS.items()
    for cls, path in classes.items()
}
_BY_TYPE: dict[str, Shape] = {shape.type.lower(): shape for shape in reversed(_SHAPES.values())}
_NAMESPACES = {heading.split()[0]: heading.split()[1] for heading in reversed(_PATHS)}
_VERSION = re.compile(r"v(\d{4})(\d\d)(\d\d)(\w*)$")


@dataclass(frozen=True, slots=True)
class Token:
    """A parsed type token.

    Attributes:
        key: `module:Class`, without version.
        api_version: its API version, or None.
    """

    key: str
    api_version: str | None


@cache
def parse(token: str) -> Token | None:
    """Parse a type token of azure-native; None for other packages and for providers."""
    package, _, rest = token.partition(":")
    module, _, cls = rest.partition(":")
    if not cls or not (package == "azure-native" or package.startswith("azure-native_")):
        return None
    module, _, own = module.partition("/")
    return Token(f"{module}:{cls}", _api_version(own or package.rpartition("_")[2]))


@cache
def _api_version(text: str) -> str | None:
    match = _VERSION.match(text)
    if match is None:
        return None
    year, month, day, tail = match.groups()
    return f"{year}-{month}-{day}" + (f"-{tail}" if tail else "")


@cache
def shape_of_class(key: str) -> Shape:
    """Return the shape of an SDK class by `module:Class`, derived where the table lacks it."""
    found = _SHAPES.get(key)
    if found:
        return found
    module, _, cls = key.partition(":")
    namespace = _NAMESPACES.get(module, f"Microsoft.{module[:1].upper()}{module[1:]}")
    return Shape(f"{namespace}/{cls[:1].lower()}{cls[1:]}", ())


@cache
def shape_of_type(arm_type: str) -> Shape | None:
    """Return the shape of an ARM type in any letter case; None where the table lacks it."""
    lowered = arm_type.lower()
    found = _BY_TYPE.get(lowered)
    if found is None and lowered.startswith("microsoft.network/privatednszones/"):
        return Shape(arm_type, _BY_TYPE["microsoft.network/privatednszones/{recordtype}"].names)
    return found


def generic_type(properties: Mapping[str, Any]) -> str:
    """Return the ARM type of a generic resource, in the case of the table where it has it; empty where it is not known."""
    namespace, parent, kind = (
        properties.get(name) for name in ("resourceProviderNamespace", "parentResourcePath", "resourceType")
    )
    if not isinstance(namespace, str) or not isinstance(kind, str):
        return ""
    namespace, kind = namespace.strip("/"), kind.strip("/")
    if parent is UNKNOWN:
        return _nested(namespace, kind)
    above = str(parent or "").strip("/").split("/")[0::2]
    full = "/".join([namespace, *filter(None, above), kind])
    shape = shape_of_type(full)
    return shape.type if shape else full


def _nested(namespace: str, kind: str) -> str:
    """Return the only nested type of the table with that ending, for a parent whose path is unknown."""
    start, end = f"{namespace.lower()}/", f"/{kind.lower()}"
    found = [shape.type for name, shape in _BY_TYPE.items() if name.startswith(start) and name.endswith(end)]
    found = [each for each in found if each.count("/") > 1]
    return found[0] if len(found) == 1 else ""


def names_along(steps: Sequence[str], names: Sequence[str]) -> dict[str, str]:
    """Return the path inputs in a parent's path such as `registries/contoso`, by their typed names."""
    return dict(zip(names, steps[1::2], strict=False))
