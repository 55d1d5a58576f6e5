"""Microsoft.App: Container Apps environments, apps, jobs, routes and session pools."""

from __future__ import annotations

from local_azure.arm_family import Action, Family, TypeRow

ENVIRONMENTS = "Microsoft.App/managedEnvironments"
CONNECTIONS = f"{ENVIRONMENTS}/privateEndpointConnections"
ROUTES = f"{ENVIRONMENTS}/httpRouteConfigs"
APPS = "Microsoft.App/containerApps"
JOBS = "Microsoft.App/jobs"
SESSION_POOLS = "Microsoft.App/sessionPools"

# Version that the management client 5.1.0 speaks [ARM-VERSIONS].
_CLIENT = frozenset({"2026-07-01"})

# Session pools of one preview, whose switch for MCP servers neither older nor later versions have [ACAS-2].
_POOL = "app/ContainerAppsSessionPool"
_MCP_POOL = "app~2025-10/ContainerAppsSessionPool"
_MCP = "app~2025-10:McpServerSettings"

FAMILY = Family(
    types=(
        TypeRow(ENVIRONMENTS, "app", "ManagedEnvironment", ("environmentName",)),
        TypeRow(ROUTES, "app", "HttpRouteConfig", ("environmentName", "httpRouteName")),
        TypeRow(
            CONNECTIONS,
            "app",
            "ManagedEnvironmentPrivateEndpointConnection",
            ("environmentName", "privateEndpointConnectionName"),
        ),
        TypeRow(APPS, "app", "ContainerApp", ("containerAppName",)),
        TypeRow(JOBS, "app", "Job", ("jobName",)),
        TypeRow(SESSION_POOLS, "app", "ContainerAppsSessionPool", ("sessionPoolName",)),
    ),
    required={
        f"app/{cls}": frozenset({"location"})
        for cls in ("ManagedEnvironment", "ContainerApp", "Job", "ContainerAppsSessionPool")
    },
    derived={
        _MCP: (
            "",
            {
                "isMcpServerEnabled": {"type": {"k": "bool"}, "wire": "isMcpServerEnabled"},
                "isMcpServerApiKeyDisabled": {"type": {"k": "bool"}, "wire": "isMcpServerApiKeyDisabled"},
                "mcpServerEndpoint": {"type": {"k": "string"}, "wire": "mcpServerEndpoint", "readOnly": True},
            },
        ),
        _MCP_POOL: (_POOL, {"mcpServerSettings": {"type": {"k": "ref", "ref": _MCP}}}),
    },
    variants={SESSION_POOLS: {"2025-10-02-preview": _MCP_POOL, "2026-01-01": _POOL}},
    extra_versions=dict.fromkeys((ENVIRONMENTS, APPS, JOBS, SESSION_POOLS), _CLIENT),
    force_new={
        ENVIRONMENTS: frozenset({"location"}),
        APPS: frozenset({"location", "environmentId", "managedEnvironmentId", "kind"}),
        JOBS: frozenset({"location", "environmentId"}),
        SESSION_POOLS: frozenset({"location", "environmentId"}),
    },
    actions={
        "app:getContainerAppAuthToken": Action(APPS, "getAuthtoken"),
        "app:getManagedEnvironmentAuthToken": Action(ENVIRONMENTS, "getAuthtoken"),
    },
)
