"""Rules on Container Apps, container instances, schedulers, session pools and agents, and on resources of every kind."""

from tests.policies.rules.cases.registries import (
    ELSEWHERE,
    ENVIRONMENT,
    setting,
)
from tests.policies.rules.programs import Made, U, azure, one, several

APP = azure("app:ContainerApp", containerAppName="web", resourceGroupName="rg", location="eastus")
INGRESS = {"configuration": {"ingress": {"external": True}}}
SECRET = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "value": "hidden"}
GROUP_OF_CONTAINERS = azure(
    "containerinstance:ContainerGroup",
    containerGroupName="import",
    resourceGroupName="rg",
    location="eastus",
    containers=[{"name": "main"}],
)
SESSIONS = azure("app:ContainerAppsSessionPool", sessionPoolName="pool", resourceGroupName="rg", location="eastus")
BOUND = {
    "dynamicPoolConfiguration": {"lifecycleConfiguration": {"cooldownPeriodInSeconds": 300}},
    "scaleConfiguration": {"maxConcurrentSessions": 5},
}
SANDBOXES = Made(
    "azure-native:resources:Resource",
    {
        "resourceName": "boxes",
        "resourceGroupName": "rg",
        "resourceProviderNamespace": "Microsoft.App",
        "parentResourcePath": "",
        "resourceType": "sandboxGroups",
        "apiVersion": "2026-02-01-preview",
        "location": "eastus",
        "identity": {"type": "UserAssigned"},
    },
)
AGENT = azure("app:Agent", agentName="helper", resourceGroupName="rg", location="eastus")
NEWER_AGENT = Made(
    "azure-native:resources:Resource",
    {
        "resourceName": "helper",
        "resourceGroupName": "rg",
        "resourceProviderNamespace": "Microsoft.App",
        "parentResourcePath": "",
        "resourceType": "agents",
        "apiVersion": "2025-05-01-preview",
        "location": "eastus",
    },
)
UNKNOWN_TYPE = Made(
    "azure-native:resources:Resource",
    {
        "resourceName": "x",
        "resourceGroupName": "rg",
        "resourceProviderNamespace": "Microsoft.App",
        "resourceType": U,
        "apiVersion": "2025-07-01",
        "parentResourcePath": "",
    },
)


def ingress(**inputs: object) -> dict[str, object]:
    return {"configuration": {"ingress": {"external": True, **inputs}}}


def restriction(action: str) -> dict[str, object]:
    return {"action": action, "name": "office", "ipAddressRange": "203.0.113.0/24"}


def registries(**inputs: object) -> dict[str, object]:
    return {"configuration": {"registries": [{"server": "contoso.azurecr.io", **inputs}]}}


def secret(**inputs: object) -> dict[str, object]:
    return {"configuration": {"secrets": [{"name": "a", **inputs}]}}


def container(**inputs: object) -> dict[str, object]:
    return {**INGRESS, "template": {"containers": [{"name": "main", "image": "x", **inputs}]}}


def variable(**inputs: object) -> dict[str, object]:
    return {"containers": [{"name": "main", "environmentVariables": [inputs]}]}


def environment(**inputs: object) -> Made:
    return Made(ENVIRONMENT.token, {**ENVIRONMENT.inputs, **inputs}, {"appLogsConfiguration": ["workspace"]})


def sandboxes(**inputs: object) -> dict[str, object]:
    return {"properties": {"defaultTimeoutSeconds": 300, **inputs}}


ALLOWED = ingress(ipSecurityRestrictions=[restriction("Allow")])
WITHIN = Made(APP.token, {**APP.inputs, **INGRESS, "environmentId": U}, {"environmentId": ["environment"]})
"""An external app of the program's own environment, as a first preview sees it."""

WORKSPACE = azure(
    "operationalinsights:Workspace", workspaceName="log-contoso", resourceGroupName="rg", location="eastus"
)
WITH_KEY = {"destination": "log-analytics", "logAnalyticsConfiguration": {"customerId": U, "sharedKey": U}}
SUBNET = {"vnetConfiguration": {"infrastructureSubnetId": "/subscriptions/s/resourceGroups/x"}}
FRONT_DOOR = azure("cdn:Profile", profileName="afd", resourceGroupName="rg", location="global")


def workspace(**inputs: object) -> Made:
    return Made(WORKSPACE.token, {**WORKSPACE.inputs, **inputs})


CASES = [
    one("MOOR-ACA-001", APP, fail=ingress(allowInsecure=True), ok=INGRESS, off={}, later=ingress(allowInsecure=U)),
    one(
        "MOOR-ACA-002",
        APP,
        fail=[{}, {"identity": {"type": "None"}}],
        ok={"identity": {"type": "SystemAssigned, UserAssigned"}},
        later={"identity": U},
    ),
    one(
        "MOOR-ACA-003",
        APP,
        fail=[registries(passwordSecretRef="p"), registries()],
        ok=[registries(identity="x"), registries(identity=U)],
        off={},
        later={"configuration": U},
    ),
    one(
        "MOOR-ACA-003",
        SESSIONS,
        fail={"customContainerTemplate": {"registryCredentials": {"passwordSecretRef": "p"}}},
        ok={"customContainerTemplate": {"registryCredentials": {"identity": "x"}}},
        off={},
    ),
    one("MOOR-ACA-004", APP, fail=INGRESS, ok=ingress(external=False), off={}, later=ingress(external=U)),
    one(
        "MOOR-ACA-005",
        APP,
        fail=[INGRESS, ingress(ipSecurityRestrictions=[restriction("Deny")])],
        ok=ingress(ipSecurityRestrictions=[restriction("Allow")]),
        off=[{}, ingress(external=False)],
        later=ingress(ipSecurityRestrictions=U),
    ),
    several(
        "MOOR-ACA-005",
        "app",
        [
            {"app": WITHIN, "environment": ENVIRONMENT},
            {"app": WITHIN, "environment": environment(vnetConfiguration={"internal": False})},
        ],
        {"app": Made(WITHIN.token, {**WITHIN.inputs, **ALLOWED}, WITHIN.made_from), "environment": ENVIRONMENT},
        off={"app": WITHIN, "environment": environment(vnetConfiguration={"internal": True})},
        later={"app": WITHIN, "environment": environment(vnetConfiguration={"internal": U})},
    ),
    one(
        "MOOR-ACA-006",
        APP,
        fail=ingress(stickySessions={"affinity": "sticky"}),
        ok=INGRESS,
        off={},
        later=ingress(stickySessions=U),
    ),
    one(
        "MOOR-ACA-007",
        APP,
        fail=[INGRESS, {**INGRESS, "template": {"scale": {"minReplicas": 1}}}],
        ok={**INGRESS, "template": {"scale": {"minReplicas": 2}}},
        off={},
        later={**INGRESS, "template": U},
    ),
    one("MOOR-ACA-007", APP, {"replicas": 0}, ok=INGRESS),
    one(
        "MOOR-ACA-008",
        APP,
        fail={"template": {"volumes": [{"name": "a"}]}},
        off={},
        later={"template": {"volumes": U}},
        ok={"template": {"volumes": [{"name": "a", "storageType": "AzureFile"}]}},
    ),
    several(
        "MOOR-ACA-009",
        "app",
        {"app": Made(APP.token, {**APP.inputs, **INGRESS})},
        {
            "app": Made(APP.token, {**APP.inputs, **INGRESS}),
            "auth": azure(
                "app:ContainerAppsAuthConfig",
                containerAppName="web",
                authConfigName="current",
                resourceGroupName="rg",
                platform={"enabled": True},
            ),
        },
        off={"app": APP},
        later={
            "app": Made(APP.token, {**APP.inputs, **INGRESS}),
            "auth": azure(
                "app:ContainerAppsAuthConfig",
                containerAppName="web",
                authConfigName="current",
                resourceGroupName="rg",
                platform=U,
            ),
        },
    ),
    one(
        "MOOR-ACA-010",
        ENVIRONMENT,
        fail={},
        ok=[{"vnetConfiguration": {"internal": True}}, {"publicNetworkAccess": "Disabled"}],
        later={"publicNetworkAccess": U},
    ),
    one(
        "MOOR-ACA-011",
        ENVIRONMENT,
        fail={},
        ok=[SUBNET, {"vnetConfiguration": {"infrastructureSubnetId": U}}],
        later={"vnetConfiguration": U},
    ),
    one(
        "MOOR-ACA-012",
        ENVIRONMENT,
        fail=SUBNET,
        ok={**SUBNET, "zoneRedundant": True},
        off=[{}, {**SUBNET, "location": "westus"}],
        later={**SUBNET, "zoneRedundant": U},
    ),
    several(
        "MOOR-ACA-013",
        "app",
        {"app": Made("azure-native_app_v20221101preview:app:ContainerApp", APP.inputs)},
        {"app": Made("azure-native_app_v20250101:app:ContainerApp", APP.inputs)},
        off={"app": APP},
    ),
    one(
        "MOOR-ACA-014",
        APP,
        fail=container(),
        ok=container(probes=[{"type": "Liveness"}]),
        off={},
        later={**INGRESS, "template": U},
    ),
    one(
        "MOOR-ACA-015",
        APP,
        fail=secret(value="plain"),
        ok=[secret(keyVaultUrl="https://x"), secret(value=SECRET)],
        off={},
        later={"configuration": U},
    ),
    one(
        "MOOR-ACA-019",
        APP,
        fail=[
            container(env=[{"name": "DB_PASSWORD", "value": "plain"}]),
            {"template": {"initContainers": [{"name": "a", "env": [{"name": "ConnectionString", "value": "plain"}]}]}},
            container(args=["--api-key", "plain"]),
        ],
        ok=[
            container(env=[{"name": "DB_PASSWORD", "secretRef": "db"}]),
            container(env=[{"name": "SECRET_NAME", "value": "db"}, {"name": "MODE", "value": "fast"}]),
            container(env=[{"name": "DB_PASSWORD", "value": SECRET}]),
            container(env=[{"name": "KEY", "secretRef": "db"}], args=["--api-key", "$(KEY)"]),
        ],
        off=container(),
        later=container(env=[{"name": U, "value": "plain"}]),
    ),
    one(
        "MOOR-ACA-019",
        SESSIONS,
        fail={
            "customContainerTemplate": {"containers": [{"name": "a", "env": [{"name": "API_KEY", "value": "plain"}]}]}
        },
        off={},
    ),
    one(
        "MOOR-ACA-016",
        APP,
        fail=[{"containerAppName": "Web"}, {"containerAppName": "a--b"}],
        ok={},
        later={"containerAppName": U},
    ),
    one(
        "MOOR-ACA-116",
        APP,
        {"pattern": "ca-.*"},
        fail={},
        ok={"containerAppName": "ca-web"},
        later={"containerAppName": U},
    ),
    one("MOOR-ACA-116", APP, off={}),
    several(
        "MOOR-ACA-017",
        "environment",
        [
            {"environment": ENVIRONMENT},
            {"environment": environment(appLogsConfiguration={"destination": "azure-monitor"})},
            {"environment": environment(appLogsConfiguration={"destination": "none"})},
        ],
        [
            {"environment": environment(appLogsConfiguration={"destination": "log-analytics"})},
            {
                "environment": environment(appLogsConfiguration={"destination": "azure-monitor"}),
                "logs": setting("environment", "x"),
            },
        ],
        later={"environment": environment(appLogsConfiguration=U)},
    ),
    several(
        "MOOR-ACA-018",
        "here",
        [{"here": ENVIRONMENT}, {"here": ENVIRONMENT, "there": ELSEWHERE}],
        {"here": ENVIRONMENT, "there": ELSEWHERE, "door": FRONT_DOOR},
        later={"here": environment(location=U)},
    ),
    one(
        "MOOR-ACI-001",
        GROUP_OF_CONTAINERS,
        fail=[{}, {"subnetIds": [{"id": "/x"}], "ipAddress": {"type": "Public", "ports": [{"port": 443}]}}],
        ok=[{"subnetIds": [{"id": "/x"}]}, {"subnetIds": U}, {"priority": "Spot"}],
        later={"subnetIds": [{"id": "/x"}], "ipAddress": U},
    ),
    one(
        "MOOR-ACI-002",
        GROUP_OF_CONTAINERS,
        fail=[
            variable(name="DB_PASSWORD", value="plain"),
            {
                "containers": [{"name": "main"}],
                "initContainers": variable(name="API_TOKEN", value="plain")["containers"],
            },
            {"containers": [{"name": "main", "command": ["sh", "-c", "export DB_PASSWORD=plain; exec run"]}]},
        ],
        ok=[
            variable(name="TOKEN_ENDPOINT", value="https://x"),
            variable(name="DB_PASSWORD", secureValue=U),
            variable(name="REGION", value="eastus"),
            variable(name="DB_PASSWORD", value=SECRET),
        ],
        off={"containers": []},
        later=variable(name=U, value="plain"),
    ),
    one(
        "MOOR-ACI-003",
        GROUP_OF_CONTAINERS,
        fail={},
        later={"encryptionProperties": U, "zones": ["1"], "diagnostics": {"logAnalytics": {"workspaceId": "x"}}},
        ok={
            "encryptionProperties": {"vaultBaseUrl": "x"},
            "zones": ["1"],
            "diagnostics": {"logAnalytics": {"workspaceId": "x"}},
        },
    ),
    one(
        "MOOR-DOM-021",
        SANDBOXES,
        {"cores": 10},
        fail=[
            sandboxes(defaultCpu="3"),
            sandboxes(defaultTimeoutSeconds=7),
            sandboxes(maxSandboxCount=20),
            {**sandboxes(), "identity": {"type": "SystemAssigned"}},
        ],
        ok=[sandboxes(), sandboxes(defaultCpu="0.5", defaultMemory="1Gi", defaultDisk="10Gi", maxSandboxCount=20)],
        later={"properties": U},
    ),
    one(
        "MOOR-DOM-022",
        SESSIONS,
        later={**BOUND, "scaleConfiguration": {"maxConcurrentSessions": 5}, "sessionNetworkConfiguration": U},
        fail=[
            {},
            {**BOUND, "sessionNetworkConfiguration": {"status": "EgressEnabled"}},
        ],
        ok=BOUND,
    ),
    one(
        "MOOR-DOM-022",
        Made("azure-native_app_v20251002preview:app:ContainerAppsSessionPool", {**SESSIONS.inputs, **BOUND}),
        fail={"mcpServerSettings": {"isMcpServerEnabled": True}},
        ok={"mcpServerSettings": {"isMcpServerEnabled": True, "isMcpServerApiKeyDisabled": True}},
    ),
    one(
        "MOOR-DOM-022",
        SESSIONS,
        {"egress": True},
        ok={**BOUND, "sessionNetworkConfiguration": {"status": "EgressEnabled"}},
    ),
    one("MOOR-DOM-023", AGENT, {"modes": {"helper": "unrestricted"}}, fail={}),
    one("MOOR-DOM-023", AGENT, {"modes": {"helper": "limited"}}, ok={}),
    one("MOOR-DOM-023", AGENT, later={}),
    one(
        "MOOR-DOM-023",
        NEWER_AGENT,
        fail={"properties": {"sandboxConfiguration": {"egress": {"mode": "Unrestricted"}}}},
        ok={"properties": {"sandboxConfiguration": {"egress": {"mode": "Limited"}}}},
        later={"properties": {"sandboxConfiguration": {"egress": U}}},
    ),
]
