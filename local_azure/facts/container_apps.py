"""Microsoft.App: Container Apps environments, apps, jobs, routes and session pools."""

from __future__ import annotations

from local_azure.arm_family import Action, Family, Marks, TypeRow

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

_SPEC = "app/resource-manager/Microsoft.App/ContainerApps/preview/2025-02-02-preview"
_LOCATION = frozenset({"location"})
_VNET = ("internal", "infrastructureSubnetId", "dockerBridgeCidr", "platformReservedCidr", "platformReservedDnsIP")
_OTLP = "openTelemetryConfiguration.destinationsConfiguration.otlpConfigurations"


def _containers(place: str) -> dict[str, tuple[str, ...]]:
    """Keys of what the containers of an app or a job hold."""
    return {
        place: ("name",),
        f"{place}.env": ("name",),
        f"{place}.probes": ("type",),
        f"{place}.probes.httpGet.httpHeaders": ("name",),
    }


_TEMPLATE_KEYS: dict[str, tuple[str, ...]] = {
    **_containers("template.containers"),
    "template.containers.volumeMounts": ("volumeName",),
    "template.initContainers": ("name",),
    "template.initContainers.env": ("name",),
    "template.initContainers.volumeMounts": ("volumeName",),
    "template.volumes": ("name",),
    "template.volumes.secrets": ("secretRef",),
    "configuration.registries": ("server",),
    "configuration.identitySettings": ("identity",),
}
_APP_KEYS = {
    **_TEMPLATE_KEYS,
    "configuration.secrets": ("name",),
    "configuration.ingress.additionalPortMappings": ("targetPort",),
    "configuration.ingress.customDomains": ("name",),
    "configuration.ingress.ipSecurityRestrictions": ("name",),
    "configuration.ingress.traffic": ("revisionName",),
    "configuration.runtime.java.javaAgent.logging.loggerSettings": ("logger", "level"),
    "template.scale.rules": ("name",),
    **{f"template.scale.rules.{kind}.auth": ("triggerParameter",) for kind in ("azureQueue", "custom", "http", "tcp")},
    "template.serviceBinds": ("name",),
}
# The secrets of a job stand in a part of the specification that was not read: keyed as those of an app (chosen).
_JOB_KEYS = {**_TEMPLATE_KEYS, "configuration.secrets": ("name",)}
_POOL_KEYS: dict[str, tuple[str, ...]] = {
    **_containers("customContainerTemplate.containers"),
    "secrets": ("name",),
    "managedIdentitySettings": ("identity",),
}

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
    values={
        "app/ContainerApp": {"kind": frozenset({"functionapp"})},
        _POOL: {"containerType": frozenset({"NodeLTS", "Shell"})},
    },
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
    marks={
        ENVIRONMENTS: Marks(
            f"{_SPEC}/ManagedEnvironments.json",
            _LOCATION | {"zoneRedundant", "infrastructureResourceGroup"},
            nested=frozenset(
                {
                    "customDomainConfiguration.dnsSuffix",
                    *(f"vnetConfiguration.{member}" for member in _VNET),
                }
            ),
            keyed={
                "workloadProfiles": ("name",),
                _OTLP: ("name",),
                f"{_OTLP}.headers": ("key",),
            },
        ),
        # Rules and routes name a key, `name`, that they do not have.
        ROUTES: Marks(
            f"{_SPEC}/ManagedEnvironmentsHttpRouteConfig.json", keyed={"properties.customDomains": ("name",)}
        ),
        CONNECTIONS: Marks(f"{_SPEC}/CommonDefinitions.json"),
        APPS: Marks(
            f"{_SPEC}/ContainerApps.json",
            _LOCATION | {"environmentId", "managedEnvironmentId", "kind"},
            keyed=_APP_KEYS,
        ),
        JOBS: Marks(f"{_SPEC}/Jobs.json", _LOCATION | {"environmentId"}, keyed=_JOB_KEYS),
        SESSION_POOLS: Marks(f"{_SPEC}/SessionPools.json", _LOCATION | {"environmentId"}, keyed=_POOL_KEYS),
    },
    actions={
        "app:getContainerAppAuthToken": Action(APPS, "getAuthtoken"),
        "app:getManagedEnvironmentAuthToken": Action(ENVIRONMENTS, "getAuthtoken"),
    },
)
