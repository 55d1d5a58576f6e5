"""ARM types that rules check."""

from __future__ import annotations

from typing import Final

RESOURCE_GROUP: Final = "Microsoft.Resources/resourceGroups"

REGISTRY: Final = "Microsoft.ContainerRegistry/registries"
REPLICATION: Final = f"{REGISTRY}/replications"
TOKEN: Final = f"{REGISTRY}/tokens"
CACHE_RULE: Final = f"{REGISTRY}/cacheRules"
CREDENTIAL_SET: Final = f"{REGISTRY}/credentialSets"
WEBHOOK: Final = f"{REGISTRY}/webhooks"
TASK: Final = f"{REGISTRY}/tasks"

CLUSTER: Final = "Microsoft.ContainerService/managedClusters"
AGENT_POOL: Final = f"{CLUSTER}/agentPools"
MAINTENANCE: Final = f"{CLUSTER}/maintenanceConfigurations"

APP: Final = "Microsoft.App/containerApps"
AUTH_CONFIG: Final = f"{APP}/authConfigs"
JOB: Final = "Microsoft.App/jobs"
ENVIRONMENT: Final = "Microsoft.App/managedEnvironments"
SESSION_POOL: Final = "Microsoft.App/sessionPools"
SANDBOX_GROUP: Final = "Microsoft.App/sandboxGroups"
SANDBOX_CONNECTION: Final = f"{SANDBOX_GROUP}/vnetConnections"
AGENT: Final = "Microsoft.App/agents"
CONTAINER_GROUP: Final = "Microsoft.ContainerInstance/containerGroups"
SCHEDULER: Final = "Microsoft.DurableTask/schedulers"

NETWORK: Final = "Microsoft.Network/virtualNetworks"
SUBNET: Final = f"{NETWORK}/subnets"
PEERING: Final = f"{NETWORK}/virtualNetworkPeerings"
SECURITY_GROUP: Final = "Microsoft.Network/networkSecurityGroups"
SECURITY_RULE: Final = f"{SECURITY_GROUP}/securityRules"
PRIVATE_ENDPOINT: Final = "Microsoft.Network/privateEndpoints"
ZONE_GROUP: Final = f"{PRIVATE_ENDPOINT}/privateDnsZoneGroups"
ZONE: Final = "Microsoft.Network/privateDnsZones"
ZONE_LINK: Final = f"{ZONE}/virtualNetworkLinks"
VIRTUAL_NETWORK_GATEWAY: Final = "Microsoft.Network/virtualNetworkGateways"
NAT_GATEWAY: Final = "Microsoft.Network/natGateways"
ROUTE_TABLE: Final = "Microsoft.Network/routeTables"
NETWORK_INTERFACE: Final = "Microsoft.Network/networkInterfaces"
FLOW_LOG: Final = "Microsoft.Network/networkWatchers/flowLogs"
APPLICATION_GATEWAY: Final = "Microsoft.Network/applicationGateways"
TRAFFIC_CONTROLLER: Final = "Microsoft.ServiceNetworking/trafficControllers"
FIREWALL: Final = "Microsoft.Network/azureFirewalls"
RULE_COLLECTION_GROUP: Final = "Microsoft.Network/firewallPolicies/ruleCollectionGroups"

VAULT: Final = "Microsoft.KeyVault/vaults"
KEY: Final = f"{VAULT}/keys"
SECRET: Final = f"{VAULT}/secrets"

WORKSPACE: Final = "Microsoft.OperationalInsights/workspaces"
LOG_CLUSTER: Final = "Microsoft.OperationalInsights/clusters"
DIAGNOSTIC_SETTING: Final = "Microsoft.Insights/diagnosticSettings"
METRIC_ALERT: Final = "Microsoft.Insights/metricAlerts"
ACTIVITY_ALERT: Final = "Microsoft.Insights/activityLogAlerts"
QUERY_ALERT: Final = "Microsoft.Insights/scheduledQueryRules"
PRICING: Final = "Microsoft.Security/pricings"

IDENTITY: Final = "Microsoft.ManagedIdentity/userAssignedIdentities"
FEDERATED_CREDENTIAL: Final = f"{IDENTITY}/federatedIdentityCredentials"
ROLE_ASSIGNMENT: Final = "Microsoft.Authorization/roleAssignments"
LOCK: Final = "Microsoft.Authorization/locks"
STORAGE_ACCOUNT: Final = "Microsoft.Storage/storageAccounts"
ROUTE_PROFILE: Final = "Microsoft.Cdn/profiles"

COMPUTE: Final = (CLUSTER, ENVIRONMENT, SANDBOX_GROUP, CONTAINER_GROUP)
"""Types that run containers; their region pulls images."""

PULLING: Final = (CLUSTER, APP, JOB, SESSION_POOL, SANDBOX_GROUP, CONTAINER_GROUP)
"""Types that name an image or a registry."""
