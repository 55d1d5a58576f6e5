"""What a field of the stack file means, where neither the field nor the section that it holds says so.

Editors show these texts beside each key. A field with a longer story states it where it is declared.
"""

from __future__ import annotations

from typing import Final

_CONTAINER: Final = {
    "command": "Command that replaces the entry point of the image.",
    "args": "Arguments of the command.",
}
_PLACE: Final = {
    "network": "Key of the network that holds the private endpoint.",
    "subnet": "Key of the subnet that gives its address.",
}
_MEMORY: Final = "Memory in GiB."
_CPU: Final = "Number of vCPUs; parts of one are allowed."
_RUNS: Final = {
    "containers": "Containers by name.",
    "init_containers": "Containers that run one after the other before the others start, by name.",
    "secrets": "Secrets by name, which variables, registries and scale rules refer to.",
}

DESCRIPTIONS: Final[dict[str, dict[str, str]]] = {
    "StackSpec": {
        "planning": "What the checks of addresses and ranges refuse.",
        "dns": "Private DNS zones that several endpoints or networks share.",
        "monitoring": "Workspaces for logs and metrics.",
        "image_policy": "Which images clusters admit.",
        "image_endpoints": "How images are named where an entry states no endpoint, by service.",
        "colocation": "Regions whose compute may pull from another region.",
    },
    "agents.AgentEgressSpec": {"network": "Key of the network that the agent works in; left out, it has no network."},
    "agents.AgentSpec": {
        "access_level": "How far the agent may go in the resources that it manages.",
        "upgrade_channel": "Channel of new versions of the agent.",
        "egress": "What the agent reaches, and from which subnet.",
        "logs": "Application Insights resource that the agent reads.",
        "incidents": "Platform that sends incidents to the agent.",
        "tools": "Which tools the agent may call.",
    },
    "agents.HookSpec": {
        "kind": "Whether the hook is a command or a prompt.",
        "event": "Event that calls the hook.",
        "timeout_seconds": "Time after which the hook counts as failed.",
    },
    "agents.IncidentsSpec": {
        "connection_name": "Name of the connection to the incident platform.",
        "connection_url": "Address of the incident platform, where it has one of its own.",
    },
    "agents.LogsSpec": {"app_id": "Application ID of the Application Insights resource."},
    "agents.ScopeSpec": {"roles": "Built-in roles that the agent is granted in the scope."},
    "agents.ToolRulesSpec": {
        "allow": "Tools that the agent calls without asking.",
        "ask": "Tools that the agent calls once somebody has agreed.",
        "deny": "Tools that the agent never calls.",
    },
    "aks.ClusterSpec": {
        "api_server": "Whether the API server is private, and who reaches a public one.",
        "maintenance": "Windows for upgrades and node images.",
        "azure_policy": "Whether the Azure Policy add-on is installed.",
    },
    "aks.MaintenanceSpec": {
        "upgrades": "Window for upgrades of Kubernetes.",
        "node_images": "Window for new node images.",
    },
    "aks.PoolSpec": {
        "count": "Fixed number of nodes; left out, the pool scales.",
        "minimum_count": "Fewest nodes of a pool that scales.",
        "maximum_count": "Most nodes of a pool that scales.",
        "max_pods": "Most pods on a node; fixed after creation.",
        "zones": "Availability zones of the nodes; left out, those that region and VM size have.",
        "os_type": "Operating system of the nodes.",
        "os_disk_size_gb": "Size of the OS disk in GB.",
    },
    "aks.DailySpec": {"interval_days": "Days from one window to the next."},
    "aks.DatesSpec": {"start": "First date without maintenance.", "end": "Last date without maintenance."},
    "aks.MonthlySpec": {
        "day_of_month": "Day of the month.",
        "week": "Week of the month.",
        "interval_months": "Months from one window to the next.",
    },
    "aks.WindowSpec": {
        "day": "Day of the week on which the window opens.",
        "duration_hours": "Length of the window in hours.",
        "interval_weeks": "Weeks from one window to the next.",
    },
    "aks.WorkloadIdentitySpec": {
        "namespace": "Namespace of the service account.",
        "service_account": "Name of the service account.",
    },
    "container_apps.DiagnosticsSpec": {
        "categories": "Categories of logs that are sent.",
        "metrics": "Whether metrics are sent too.",
    },
    "container_apps.EndpointSpec": _PLACE,
    "container_apps.EnvironmentSpec": {
        "diagnostics": "Logs that go to a workspace by a diagnostic setting.",
        "telemetry": "Destinations of OpenTelemetry data.",
    },
    "container_apps.RouteMatchSpec": {
        "prefix": "Start of the path.",
        "path": "The whole path.",
        "path_separated_prefix": "Start of the path up to a slash or its end.",
        "case_sensitive": "Whether upper and lower case differ.",
    },
    "container_apps.RouteRuleSpec": {
        "description": "Text that explains the rule.",
        "matches": "Paths that the rule applies to.",
        "targets": "Apps that the requests go to.",
    },
    "container_apps.RouteTargetSpec": {
        "app": "Key of the app.",
        "revision": "Revision of the app; left out, its traffic rules decide.",
        "label": "Label of a revision.",
        "weight": "Share of the requests in percent.",
    },
    "container_apps.RoutesSpec": {"rules": "Rules in their order; the first that matches applies."},
    "container_apps.TelemetrySpec": {
        "datadog": "A Datadog account.",
        "otlp": "OTLP endpoints by key.",
        "traces": "Destinations of traces.",
        "logs": "Destinations of logs.",
        "metrics": "Destinations of metrics.",
        "dapr_traces": "Whether traces of Dapr are sent too.",
        "keda_metrics": "Whether metrics of KEDA are sent too.",
    },
    "container_apps.AppSpec": {
        **_RUNS,
        "scale": "How many replicas run, and what adds more.",
        "revision_suffix": "Ending of the revision's name; left out, Azure makes one.",
        "max_inactive_revisions": "Inactive revisions that are kept.",
        "termination_grace_seconds": "Time that a replica gets to end.",
        "dapr": "The Dapr sidecar.",
    },
    "container_apps.ContainerSpec": {
        **_CONTAINER,
        "memory_gib": _MEMORY,
        "probes": "Health probes by kind.",
    },
    "container_apps.DaprSpec": {
        "app_port": "Port that Dapr calls the app on.",
        "protocol": "Protocol that Dapr calls the app by.",
        "log_level": "Least severity that the sidecar logs.",
        "max_concurrency": "Most calls of the app at one time.",
    },
    "container_apps.IngressSpec": {
        "target_port": "Port that the container listens on.",
        "transport": "Protocol between ingress and container.",
        "sticky_sessions": "Whether a client stays with one replica.",
        "client_certificates": "Whether clients present a certificate.",
        "ip_rules": "Address ranges that are allowed or denied, by name.",
        "traffic": "Shares of the requests by revision.",
    },
    "container_apps.IpRuleSpec": {"action": "Whether the range is allowed or denied; one environment has one kind."},
    "container_apps.JobSpec": {
        **_RUNS,
        "timeout_seconds": "Time after which an execution is stopped.",
        "retries": "Further attempts of an execution that failed.",
        "polling_interval_seconds": "Time between two looks at the event source.",
    },
    "container_apps.ProbeSpec": {
        "port": "Port that is probed.",
        "path": "Path of an HTTP probe; left out, the probe opens a TCP connection.",
        "scheme": "Scheme of an HTTP probe.",
        "initial_delay_seconds": "Time before the first probe.",
        "period_seconds": "Time from one probe to the next.",
        "timeout_seconds": "Time that an answer may take.",
        "failure_threshold": "Failures in a row after which the container counts as failed.",
    },
    "container_apps.ScaleRuleSpec": {
        "http_concurrent_requests": "Requests at one time for each replica.",
        "tcp_concurrent_connections": "Connections at one time for each replica.",
        "metadata": "Settings of the scaler, as KEDA names them.",
    },
    "container_apps.ScaleSpec": {
        "min_replicas": "Fewest replicas.",
        "max_replicas": "Most replicas.",
        "cooldown_seconds": "Time before the last replica is removed.",
        "polling_interval_seconds": "Time between two looks at the event source.",
        "rules": "What adds replicas, by name.",
    },
    "container_apps.SecretVariableSpec": {"secret": "Name of the secret that gives the value."},
    "container_apps.TrafficSpec": {
        "weight": "Share of the requests in percent.",
        "label": "Label by which the revision is reached directly.",
    },
    "container_groups.ContainerGroupSpec": {
        "containers": "Containers by name; they share addresses, ports and volumes.",
        "volumes": "Volumes by name.",
        "restart_policy": "When a container that ended starts again.",
    },
    "container_groups.ContainerSpec": {"command": _CONTAINER["command"], "memory_gb": "Memory in GB."},
    "container_groups.QuotaSpec": {
        "cpu": "Number of vCPUs of all groups in the region.",
        "memory_gb": "Memory of all groups in GB.",
    },
    "durable_task.RetentionSpec": {
        "completed_days": "Days that completed orchestrations are kept.",
        "failed_days": "Days that failed orchestrations are kept.",
        "canceled_days": "Days that canceled orchestrations are kept.",
        "terminated_days": "Days that terminated orchestrations are kept.",
    },
    "durable_task.TaskSchedulerSpec": {
        "public_network_access": "Whether the scheduler is reached from the internet.",
        "retention": "How long ended orchestrations are kept.",
    },
    "durable_task.WorkerProfileSpec": {
        "task_hub": "Key of the task hub that the workers serve.",
        "cpu_millicores": "CPU of a worker in thousandths of a core.",
        "memory_mib": "Memory of a worker in MiB.",
    },
    "network.NetworkSpec": {
        "location": "Region; left out, the key of the network.",
        "id": "ARM id of a virtual network made elsewhere.",
        "address_space": "Ranges of the network.",
        "subnets": "Subnets by name.",
    },
    "network.SecurityRuleSpec": {
        "direction": "Whether the rule applies to traffic in or out.",
        "access": "Whether the traffic is allowed or denied.",
        "protocol": "Protocol; `*` for every one.",
        "source_ports": "Ports and ranges of the source; `*` for every one.",
        "destination_ports": "Ports and ranges of the destination; `*` for every one.",
    },
    "network.SubnetSpec": {
        "prefix": "Range of the subnet.",
        "purpose": "`private_endpoints` for a subnet that private endpoints get addresses from.",
        "free_addresses": "Free addresses of a subnet made elsewhere.",
    },
    "registry.ManagedIdentitiesSpec": {
        "system_assigned": "Whether the registry has an identity of its own.",
        "user_assigned_resource_ids": "ARM ids of user-assigned identities.",
    },
    "registry.PoliciesSpec": {
        "quarantine": "Whether images stay hidden until a scanner releases them.",
        "soft_delete": "Deleted artifacts can be restored for so many days.",
    },
    "registry.RegistrySpec": {
        "sku": "Tier; replicas, private endpoints and network rules need Premium.",
        "endpoint_protocol": "Protocols of the host names.",
        "public_network_access": "Whether the registry is reached from outside its private endpoints.",
        "managed_identities": "Identities of the registry itself.",
        "role_assignment_mode": "Whether roles apply to the registry or to single repositories.",
        "admin_user": "Whether the admin user, one password for all, is enabled.",
        "anonymous_pull": "Whether everybody pulls without signing in.",
        "policies": "What the registry does with its content.",
    },
    "registry.RetentionSpec": {"days": "Days that untagged manifests are kept."},
    "registry.SoftDeleteSpec": {"days": "Days that deleted artifacts can be restored."},
    "sandboxes.CidrRuleSpec": {"range": "Address range.", "action": "Whether traffic to the range is allowed."},
    "sandboxes.EgressSpec": {
        "allow_hosts": "Hosts that are reached.",
        "deny_hosts": "Hosts that are not reached.",
        "cidr_rules": "Address ranges that are allowed or denied.",
        "headers": "Headers that are added to requests.",
    },
    "sandboxes.GatewaySpec": {"mcp_runtime_url": "Address of the MCP runtime behind the gateway."},
    "sandboxes.HeaderSpec": {"name": "Name of the header."},
    "sandboxes.ProfileSpec": {"egress": "What sandboxes reach."},
    "sandboxes.QuotaSpec": {
        "vcpu": "Number of vCPUs of all sandboxes.",
        "memory_gib": "Memory of all sandboxes in GiB.",
    },
    "sandboxes.SandboxGroupSpec": {"profile": "What the sandboxes of the group are like."},
    "sandboxes.VolumeSpec": {"kind": "What the volume is made of.", "read_only": "Whether sandboxes may only read it."},
    "session_pools.SessionContainerSpec": {**_CONTAINER, "cpu": _CPU, "memory_gib": _MEMORY},
    "session_pools.SessionPoolSpec": {
        "container": "The container that each session runs in, for pools of custom containers."
    },
    "virtual_nodes.StandbySpec": {"cpu": _CPU, "memory_gb": "Memory in GB."},
    "virtual_nodes.VirtualNodesSpec": {"standby": "Containers that are kept ready."},
    "workloads.ImagePolicySpec": {"excluded_namespaces": "Namespaces whose images are not judged."},
    "workloads.ResourcesSpec": {
        "cpu": "CPU that is requested.",
        "memory": "Memory that is requested, which is the limit too.",
        "cpu_limit": "Most CPU; left out, there is no limit.",
    },
    "workloads.WorkloadSpec": {
        **_CONTAINER,
        "resources": "CPU and memory of a pod.",
        "os_type": "Operating system of the nodes that the pods run on.",
        "ip_families": "IP families of the service.",
    },
}
"""Text by section, named by its package and class, and by field."""


def description(module: str, section: str, field: str) -> str | None:
    """Return the text of a field, None where there is none.

    Args:
        module: the module of the section's class.
        section: the name of the class.
        field: the name of the field.
    """
    package = module.split(".")
    name = f"{package[1]}.{section}" if package[0] == "components" and len(package) > 2 else section
    return DESCRIPTIONS.get(name, {}).get(field)
