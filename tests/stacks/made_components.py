"""The components of the stacks prod and dev, and what their outputs and names are."""

from components.access.access import Access
from components.aks.cluster import Cluster
from components.aks.metrics import MetricsCollection
from components.aks.pools import AgentPool
from components.alerts.action_group import ActionGroup
from components.alerts.health import HealthAlerts
from components.alerts.metric_alert import MetricAlert
from components.container_apps.app import App
from components.container_apps.environment import Environment
from components.container_apps.environment_names import EnvironmentNames
from components.container_apps.job import Job
from components.dns.zone import Zone
from components.identity.identity import UserAssignedIdentity
from components.monitoring.metrics_workspace import MetricsWorkspace
from components.monitoring.workspace import Workspace
from components.network.network import Network
from components.permissions import Permissions
from components.private_endpoint.private_endpoint import PrivateEndpoint
from components.registry.registry import Registry
from components.sandboxes.sandbox_group import SandboxGroup
from components.session_pools.session_pool import SessionPool
from stacks.platform import Platform

COMPONENTS = {
    "moorings:access:Access": Access,
    "moorings:aks:AgentPool": AgentPool,
    "moorings:aks:Cluster": Cluster,
    "moorings:aks:MetricsCollection": MetricsCollection,
    "moorings:alerts:ActionGroup": ActionGroup,
    "moorings:alerts:HealthAlerts": HealthAlerts,
    "moorings:alerts:MetricAlert": MetricAlert,
    "moorings:permissions:Permissions": Permissions,
    "moorings:container_apps:App": App,
    "moorings:container_apps:Environment": Environment,
    "moorings:container_apps:EnvironmentNames": EnvironmentNames,
    "moorings:container_apps:Job": Job,
    "moorings:dns:Zone": Zone,
    "moorings:identity:UserAssignedIdentity": UserAssignedIdentity,
    "moorings:monitoring:MetricsWorkspace": MetricsWorkspace,
    "moorings:monitoring:Workspace": Workspace,
    "moorings:network:Network": Network,
    "moorings:platform:Platform": Platform,
    "moorings:private_endpoint:PrivateEndpoint": PrivateEndpoint,
    "moorings:registry:Registry": Registry,
    "moorings:sandboxes:SandboxGroup": SandboxGroup,
    "moorings:session_pools:SessionPool": SessionPool,
}

UNANSWERED = {
    "client_id",
    "compute",
    "customer_id",
    "default_domain",
    "dns_records",
    "endpoint",
    "fqdn",
    "image",
    "mcp_endpoint",
    "name",
    "node_resource_group",
    "oidc_issuer_url",
    "principal_id",
    "pulls",
    "registry_principal_id",
    "static_ip",
}
"""Outputs that Azure alone knows and nobody answers here, or that a stack may lack; None is left out on its way."""

NAMED_BY = {
    "MetricAlert": "ruleName",
    "UserAssignedIdentity": "resourceName",
    "MaintenanceConfiguration": "configName",
    "DiagnosticSetting": "name",
    "DataCollectionRuleAssociation": "associationName",
    "ManagedCluster": "resourceName",
    "ManagedEnvironment": "environmentName",
    "ContainerAppsSessionPool": "sessionPoolName",
    "Resource": "resourceName",
    "PrivateRecordSet": "relativeRecordSetName",
}
"""Input that names a type, where it is not the type's own name."""
