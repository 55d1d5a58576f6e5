"""Rules on resources of every kind, and on workspaces."""

from tests.policies.rules.cases.compute import (
    GROUP_OF_CONTAINERS,
    SECRET,
    UNKNOWN_TYPE,
    WITH_KEY,
    WORKSPACE,
    environment,
    workspace,
)
from tests.policies.rules.cases.domain_addresses import GROUPS, cluster, net, pool, subnet
from tests.policies.rules.cases.registries import (
    ACR_PULL,
    CONTRIBUTOR,
    GROUP,
    IDENTITY,
    REGISTRY,
    app,
    assignment,
    registry,
    setting,
)
from tests.policies.rules.programs import STACK, Made, U, azure, one, several

RG = "/subscriptions/s/resourceGroups/rg"
NODES = "/subscriptions/s/resourceGroups/rg-nodes"
VIRTUAL_NODES = {
    "network": net(subnet("nodes", "10.0.0.0/24"), subnet("cg", "10.0.1.0/24", **GROUPS)),
    "cluster": Made(
        cluster(pool()).token, {**cluster(pool()).inputs, "nodeResourceGroup": "rg-nodes"}, cluster(pool()).made_from
    ),
}
"""A cluster whose network has a subnet for virtual nodes."""


def pulling(password: object) -> Made:
    login = {"server": "contoso.azurecr.io", "username": "contoso", "password": password}
    return Made(GROUP_OF_CONTAINERS.token, {**GROUP_OF_CONTAINERS.inputs, "imageRegistryCredentials": [login]})


LISTED = {
    "allowed": [
        {
            "type": "Microsoft.ContainerRegistry/registries",
            "api_version": "2026-03-01-preview",
            "reason": "regional endpoints exist in no stable version",
            "review": "9999-12-31",
        }
    ]
}
"""What MOOR-DOM-029 lets through on whatever day it is asked."""


CASES = [
    several(
        "MOOR-GEN-009",
        "registry",
        {"registry": registry(location="uksouth")},
        [],
        later={"registry": registry(location=U)},
        config={"regions": ["eastus"]},
    ),
    several("MOOR-GEN-009", STACK, [], {"registry": registry()}, config={"regions": ["East US"]}),
    several("MOOR-GEN-009", STACK, [], [], off={"registry": registry()}),
    several(
        "MOOR-GEN-010",
        "registry",
        {"registry": registry(tags={"a": "b"})},
        [],
        later={"registry": registry(tags=U)},
        config={"required": ["owner"]},
    ),
    several(
        "MOOR-GEN-010",
        STACK,
        [],
        {"registry": registry(tags={"owner": "web"}), "assignment": assignment(ACR_PULL)},
        config={"required": ["owner"]},
    ),
    several("MOOR-GEN-010", STACK, [], [], off={"registry": registry()}),
    several("MOOR-GEN-011", "group", {"group": pulling("plain")}, []),
    several(
        "MOOR-GEN-011",
        STACK,
        [],
        [
            {"group": pulling(SECRET)},
            {"group": pulling(U)},
            {
                "cluster": Made(
                    cluster(pool()).token, {"addonProfiles": {"kv": {"config": {"enableSecretRotation": "true"}}}}
                )
            },
            {"app": app("x", configuration={"registries": [{"passwordSecretRef": "name"}]})},
        ],
    ),
    several(
        "MOOR-GEN-012",
        "assignment",
        {"group": GROUP, "identity": IDENTITY, "assignment": assignment(CONTRIBUTOR, "group")},
        [
            {
                "registry": registry(),
                "identity": IDENTITY,
                "assignment": assignment(
                    CONTRIBUTOR, scope_id=f"{RG}/providers/Microsoft.ContainerRegistry/registries/contoso"
                ),
            },
            {**VIRTUAL_NODES, "assignment": assignment(CONTRIBUTOR, "cluster", "cluster", scope_id=f"{NODES}")},
            {"group": GROUP, "identity": IDENTITY, "assignment": assignment(ACR_PULL, "group")},
        ],
        later=[
            {"group": GROUP, "identity": IDENTITY, "assignment": assignment("", "group", roleDefinitionId=U)},
            # The scope may be the registry, or a group or subscription that is cut out of its id.
            {"registry": registry(), "identity": IDENTITY, "assignment": assignment(CONTRIBUTOR)},
            {**VIRTUAL_NODES, "assignment": assignment(CONTRIBUTOR, "cluster", "cluster")},
        ],
    ),
    several(
        "MOOR-GEN-012",
        "assignment",
        [
            {"identity": IDENTITY, "assignment": assignment(CONTRIBUTOR, "nothing", scope_id="/subscriptions/s")},
            {**VIRTUAL_NODES, "identity": IDENTITY, "assignment": assignment(CONTRIBUTOR, "cluster", scope_id=NODES)},
        ],
        [],
    ),
    several(
        "MOOR-GEN-112",
        "assignment",
        [
            {"identity": IDENTITY, "assignment": assignment(ACR_PULL, principalType="User")},
            {"identity": IDENTITY, "assignment": assignment(ACR_PULL, principalType=None)},
        ],
        {"identity": IDENTITY, "assignment": assignment(ACR_PULL)},
        later={"identity": IDENTITY, "assignment": assignment(ACR_PULL, principalType=U)},
    ),
    several("MOOR-GEN-013", "registry", {"registry": registry()}, [], config={"types": ["Microsoft.App/jobs"]}),
    several(
        "MOOR-GEN-013",
        STACK,
        [],
        {"registry": registry()},
        config={"types": ["Microsoft.ContainerRegistry/registries"]},
    ),
    several("MOOR-GEN-013", STACK, [], [], off={"registry": registry()}),
    one(
        "MOOR-GEN-015",
        azure("durabletask:Scheduler", schedulerName="dts", resourceGroupName="rg", location="eastus"),
        fail=[
            {"properties": {"sku": {"name": "Consumption"}, "ipAllowlist": [everybody]}}
            for everybody in ("0.0.0.0/0", "::/0")
        ],
        ok={"ipAllowlist": ["203.0.113.0/24"]},
        later={"properties": U},
    ),
    several(
        "MOOR-DOM-029",
        "registry",
        {
            "registry": Made(
                "azure-native_containerregistry_v20241101preview:containerregistry:Registry", REGISTRY.inputs
            )
        },
        [],
        config=LISTED,
    ),
    several(
        "MOOR-DOM-029",
        STACK,
        [],
        {
            "registry": Made(
                "azure-native_containerregistry_v20260301preview:containerregistry:Registry", REGISTRY.inputs
            )
        },
        off={"registry": registry()},
        config=LISTED,
    ),
    several("MOOR-DOM-030", "thing", {"thing": UNKNOWN_TYPE}, []),
    several("MOOR-DOM-030", STACK, [], {"registry": registry()}),
    one(
        "MOOR-LOG-001",
        WORKSPACE,
        {"regions": ["westeurope"]},
        fail=[{}, {"replication": {"enabled": True, "location": "uksouth"}}],
        ok={"replication": {"enabled": True, "location": "westeurope"}},
        later={"replication": U},
    ),
    several(
        "MOOR-LOG-002",
        "workspace",
        {"workspace": WORKSPACE},
        {"workspace": workspace(features={"disableLocalAuth": True})},
        off={"workspace": WORKSPACE, "environment": environment(appLogsConfiguration=WITH_KEY)},
        later={"workspace": workspace(features=U)},
    ),
    one(
        "MOOR-LOG-003",
        WORKSPACE,
        fail={},
        later={"publicNetworkAccessForIngestion": U, "publicNetworkAccessForQuery": "Disabled"},
        ok={"publicNetworkAccessForIngestion": "Disabled", "publicNetworkAccessForQuery": "Disabled"},
    ),
    one(
        "MOOR-LOG-004",
        WORKSPACE,
        fail=[{"workspaceName": "a_b"}, {"retentionInDays": 7}],
        ok=[{}, {"retentionInDays": 90}],
        later={"retentionInDays": U},
    ),
    one(
        "MOOR-LOG-104",
        WORKSPACE,
        {"pattern": "law-.*"},
        fail={},
        ok={"workspaceName": "law-web"},
        later={"workspaceName": U},
    ),
    one("MOOR-LOG-104", WORKSPACE, off={}),
    one(
        "MOOR-LOG-005",
        azure("operationalinsights:Cluster", clusterName="c", resourceGroupName="rg", location="eastus"),
        fail={},
        ok={"keyVaultProperties": {"keyVaultUri": "https://x"}},
        later={"keyVaultProperties": U},
    ),
    several(
        "MOOR-DOM-027",
        "workspace",
        {
            "workspace": workspace(features={"disableLocalAuth": True}),
            "environment": environment(appLogsConfiguration=WITH_KEY),
        },
        {"workspace": WORKSPACE, "environment": environment(appLogsConfiguration=WITH_KEY)},
        off={"workspace": workspace(features={"disableLocalAuth": True})},
        later={"workspace": workspace(features=U), "environment": environment(appLogsConfiguration=WITH_KEY)},
    ),
    several(
        "MOOR-DOM-127",
        "setting",
        {
            "registry": registry(),
            "workspace": WORKSPACE,
            "setting": Made(
                "azure-native:monitor:DiagnosticSetting",
                {"name": "a", "resourceUri": U, "workspaceId": U},
                {"resourceUri": ["registry"], "workspaceId": ["workspace"]},
            ),
        },
        {
            "registry": registry(),
            "workspace": workspace(location="westeurope"),
            "setting": Made(
                "azure-native:monitor:DiagnosticSetting",
                {"name": "a", "resourceUri": U, "workspaceId": U},
                {"resourceUri": ["registry"], "workspaceId": ["workspace"]},
            ),
        },
        later={
            "registry": registry(),
            "workspace": workspace(location=U),
            "setting": Made(
                "azure-native:monitor:DiagnosticSetting",
                {"name": "a", "resourceUri": U, "workspaceId": U},
                {"resourceUri": ["registry"], "workspaceId": ["workspace"]},
            ),
        },
        config={"regions": ["westeurope"]},
    ),
    several("MOOR-DOM-127", "setting", [], [], off={"registry": registry(), "setting": setting("registry", "x")}),
]
