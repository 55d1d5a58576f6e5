"""Rules on AKS clusters and their pools."""

from typing import Any

from tests.policies.rules.cases.registries import setting
from tests.policies.rules.programs import Case, Made, U, azure, one, several

CLUSTER = azure("containerservice:ManagedCluster", resourceName="aks", resourceGroupName="rg", location="eastus")
AUTOMATIC = {"sku": {"name": "Automatic"}}
SYSTEM = {"name": "system", "mode": "System", "count": 3}


def cluster(**inputs: object) -> Made:
    return Made(CLUSTER.token, {**CLUSTER.inputs, **inputs})


def switch(path: str, value: Any) -> dict[str, Any]:
    """Inputs with one value at a dotted path."""
    first, _, rest = path.partition(".")
    return {first: switch(rest, value) if rest else value}


def flag(
    rule: str, path: str, good: Any = True, bad: Any = None, *, automatic: bool = False, unset: bool = True
) -> Case:
    """A rule that a value at a path decides; `unset` says whether nothing stated fails."""
    statuses: dict[str, Any] = {"ok": switch(path, good), "later": switch(path, U)}
    wrong = [switch(path, bad)] if bad is not None else []
    statuses["fail"] = [*wrong, {}] if unset else wrong
    if automatic:
        statuses["off"] = AUTOMATIC
    return one(rule, CLUSTER, **statuses)


def pool(rule: str, member: str, good: Any, bad: Any, *, unset: bool, config: dict[str, Any] | None = None) -> Case:
    def of(value: Any) -> dict[str, Any]:
        return {"agentPoolProfiles": [{**SYSTEM, member: value}]}

    wrong = [of(bad), {"agentPoolProfiles": [{**SYSTEM, member: good}, {"name": "user", member: bad}]}]
    right = [of(good)] + ([] if unset else [{"agentPoolProfiles": [SYSTEM]}])
    failing = [*wrong, {"agentPoolProfiles": [SYSTEM]}] if unset else wrong
    return one(
        rule, CLUSTER, config, fail=failing, ok=right, off={}, later={"agentPoolProfiles": [{**SYSTEM, member: U}]}
    )


def pools(*given: dict[str, Any]) -> dict[str, Any]:
    return {"agentPoolProfiles": list(given)}


def window(name: str) -> Made:
    return azure(
        "containerservice:MaintenanceConfiguration",
        {"resourceName": ["cluster"]},
        resourceName="aks",
        configName=name,
        resourceGroupName="rg",
    )


APART = azure(
    "containerservice:AgentPool",
    {"resourceName": ["cluster"]},
    resourceName="aks",
    agentPoolName="user",
    resourceGroupName="rg",
)
UPGRADE, NODES = window("aksManagedAutoUpgradeSchedule"), window("aksManagedNodeOSUpgradeSchedule")
BOUNDS = {"enableAutoScaling": True, "minCount": 1, "maxCount": 5}
PRIVATE = {"apiServerAccessProfile": {"enablePrivateCluster": True}}
SECRETS = {"enabled": True, "config": {"enableSecretRotation": "true"}}

CASES = [
    flag("MOOR-AKS-001", "disableLocalAccounts", bad=False, automatic=True),
    flag("MOOR-AKS-002", "aadProfile.managed", bad=False, automatic=True),
    flag("MOOR-AKS-003", "aadProfile.enableAzureRBAC", bad=False, automatic=True),
    one(
        "MOOR-AKS-004",
        CLUSTER,
        fail={},
        ok={"aadProfile": {"adminGroupObjectIDs": ["1"]}},
        off=[AUTOMATIC, {"aadProfile": {"enableAzureRBAC": True}}],
        later={"aadProfile": U},
    ),
    flag("MOOR-AKS-005", "enableRBAC", bad=False, unset=False),
    flag("MOOR-AKS-006", "apiServerAccessProfile.enablePrivateCluster", bad=False),
    one(
        "MOOR-AKS-007",
        CLUSTER,
        fail=[{}, switch("apiServerAccessProfile.authorizedIPRanges", ["0.0.0.0/0"])],
        ok=switch("apiServerAccessProfile.authorizedIPRanges", ["203.0.113.0/24"]),
        off=PRIVATE,
        later=switch("apiServerAccessProfile.enablePrivateCluster", U),
    ),
    flag("MOOR-AKS-008", "apiServerAccessProfile.disableRunCommand", bad=False),
    pool("MOOR-AKS-009", "securityProfile", {"sshAccess": "Disabled"}, {"sshAccess": "LocalUser"}, unset=True),
    one(
        "MOOR-AKS-010",
        CLUSTER,
        fail=[{}, {"servicePrincipalProfile": {"clientId": "x"}, "identity": {"type": "SystemAssigned"}}],
        ok={"identity": {"type": "UserAssigned"}},
        later={"identity": U},
    ),
    one(
        "MOOR-AKS-011",
        CLUSTER,
        fail={"oidcIssuerProfile": {"enabled": True}},
        off=AUTOMATIC,
        ok={"oidcIssuerProfile": {"enabled": True}, "securityProfile": {"workloadIdentity": {"enabled": True}}},
        later={"oidcIssuerProfile": U, "securityProfile": {"workloadIdentity": {"enabled": True}}},
    ),
    one(
        "MOOR-AKS-012",
        CLUSTER,
        fail={},
        ok={"addonProfiles": {"azurePolicy": {"enabled": True}}},
        off=AUTOMATIC,
        later={"addonProfiles": U},
    ),
    flag("MOOR-AKS-013", "securityProfile.defender.securityMonitoring.enabled", bad=False),
    flag("MOOR-AKS-014", "securityProfile.azureKeyVaultKms.enabled", bad=False),
    one("MOOR-AKS-015", CLUSTER, fail={}, ok=[{"diskEncryptionSetID": "/x"}, {"diskEncryptionSetID": U}]),
    pool("MOOR-AKS-016", "enableEncryptionAtHost", True, False, unset=True),
    flag("MOOR-AKS-017", "securityProfile.imageCleaner.enabled", bad=False, automatic=True),
    flag("MOOR-AKS-018", "securityProfile.imageIntegrity.enabled", bad=False),
    flag("MOOR-AKS-019", "storageProfile.diskCSIDriver.enabled", bad=False, unset=False),
    one(
        "MOOR-AKS-020",
        CLUSTER,
        fail={},
        ok={"addonProfiles": {"azureKeyvaultSecretsProvider": SECRETS}},
        later={"addonProfiles": U},
    ),
    one(
        "MOOR-AKS-120",
        CLUSTER,
        fail={"addonProfiles": {"azureKeyvaultSecretsProvider": {"enabled": True}}},
        ok={"addonProfiles": {"azureKeyvaultSecretsProvider": SECRETS}},
        off={},
        later={"addonProfiles": U},
    ),
    one(
        "MOOR-AKS-021",
        CLUSTER,
        fail={"addonProfiles": {"KubeDashboard": {"enabled": True}}},
        ok={},
        later={"addonProfiles": U},
    ),
    one(
        "MOOR-AKS-022",
        CLUSTER,
        fail={},
        ok=switch("networkProfile.networkPolicy", "cilium"),
        off=[AUTOMATIC, switch("networkProfile.networkPlugin", "none")],
        later=switch("networkProfile.networkPolicy", U),
    ),
    one(
        "MOOR-AKS-023",
        CLUSTER,
        fail=[switch("networkProfile.networkPlugin", "kubenet"), {"kubernetesVersion": "1.29"}],
        ok=[{}, switch("networkProfile.networkPlugin", "azure"), {"kubernetesVersion": "1.30.2"}],
        off=AUTOMATIC,
        later=switch("networkProfile.networkPlugin", U),
    ),
    flag("MOOR-AKS-025", "networkProfile.loadBalancerSku", "standard", "basic", unset=False),
    pool("MOOR-AKS-026", "enableNodePublicIP", False, True, unset=False),
    flag("MOOR-AKS-027", "networkProfile.outboundType", "userDefinedRouting", "loadBalancer", automatic=True),
    flag("MOOR-AKS-028", "sku.tier", "Premium", "Free", automatic=True),
    pool("MOOR-AKS-029", "availabilityZones", ["1", "2", "3"], ["1"], unset=True),
    one("MOOR-AKS-029", CLUSTER, off={"location": "westus", **pools(SYSTEM)}),
    pool("MOOR-AKS-030", "type", "VirtualMachineScaleSets", "AvailabilitySet", unset=False),
    one(
        "MOOR-AKS-031",
        CLUSTER,
        fail=[pools(SYSTEM), pools({**SYSTEM, "enableAutoScaling": True})],
        ok=pools({**SYSTEM, **BOUNDS}),
        off={},
        later=pools({**SYSTEM, "enableAutoScaling": U}),
    ),
    several(
        "MOOR-AKS-032",
        "cluster",
        {"cluster": cluster(**pools({**SYSTEM, "count": 2}))},
        [
            {"cluster": cluster(**pools(SYSTEM))},
            {
                "cluster": cluster(**pools({**SYSTEM, "count": 2})),
                "apart": Made(APART.token, {**APART.inputs, **SYSTEM}, APART.made_from),
            },
        ],
        off={"cluster": cluster()},
        later={"cluster": cluster(**pools({**SYSTEM, "count": U}))},
    ),
    one(
        "MOOR-AKS-033",
        CLUSTER,
        fail=pools(SYSTEM, {"name": "web", "count": 2}),
        ok=[
            pools(SYSTEM, {"name": "web", "count": 3}),
            pools(SYSTEM, {"name": "spot", "count": 0, "scaleSetPriority": "Spot"}),
        ],
        off={},
        later=pools(SYSTEM, {"name": "web", "count": U}),
    ),
    one(
        "MOOR-AKS-034",
        CLUSTER,
        fail=pools(SYSTEM),
        ok=pools({**SYSTEM, "nodeTaints": ["CriticalAddonsOnly=true:NoSchedule"]}),
        off={},
        later=pools({**SYSTEM, "nodeTaints": U}),
    ),
    pool("MOOR-AKS-035", "maxPods", 60, 30, unset=False),
    pool("MOOR-AKS-036", "osDiskType", "Ephemeral", "Managed", unset=True),
    several(
        "MOOR-AKS-037",
        "cluster",
        {"cluster": cluster(kubernetesVersion="1.30.3")},
        {"cluster": cluster(kubernetesVersion="1.34")},
        off=[
            {"cluster": cluster()},
            {"cluster": cluster(kubernetesVersion="1.30", autoUpgradeProfile={"upgradeChannel": "stable"})},
        ],
        later={"cluster": cluster(kubernetesVersion=U)},
        config={"lowest": "1.33"},
    ),
    several(
        "MOOR-AKS-037",
        "cluster",
        [{"cluster": cluster(kubernetesVersion="1.33.9")}, {"cluster": cluster(kubernetesVersion="1.28")}],
        [
            {"cluster": cluster(kubernetesVersion="1.34")},
            {"cluster": cluster(kubernetesVersion="1.40")},
            {"cluster": cluster(kubernetesVersion="1.28", supportPlan="AKSLongTermSupport")},
        ],
    ),
    several(
        "MOOR-AKS-037",
        "apart",
        {
            "cluster": cluster(kubernetesVersion="1.34"),
            "apart": Made(APART.token, {**APART.inputs, "orchestratorVersion": "1.33"}, APART.made_from),
        },
        [],
    ),
    flag("MOOR-AKS-038", "autoUpgradeProfile.upgradeChannel", "patch", "none", automatic=True),
    flag("MOOR-AKS-039", "autoUpgradeProfile.nodeOSUpgradeChannel", "NodeImage", "None", unset=False),
    several(
        "MOOR-AKS-040",
        "cluster",
        [{"cluster": cluster()}, {"cluster": cluster(), "one": UPGRADE}],
        {"cluster": cluster(), "one": UPGRADE, "two": NODES},
        off={"cluster": cluster(autoUpgradeProfile={"upgradeChannel": "none"})},
        later={"cluster": cluster(autoUpgradeProfile=U)},
    ),
    one(
        "MOOR-AKS-041",
        CLUSTER,
        fail={},
        ok=[switch("azureMonitorProfile.metrics.enabled", True), {"addonProfiles": {"omsAgent": {"enabled": True}}}],
        later={"azureMonitorProfile": U},
    ),
    several(
        "MOOR-AKS-042",
        "cluster",
        {"cluster": cluster()},
        {"cluster": cluster(), "logs": setting("cluster", "kube-audit-admin")},
        later={"cluster": cluster(), "logs": setting("cluster", logs=U)},
    ),
    several(
        "MOOR-AKS-043",
        "cluster",
        {"cluster": cluster(), "logs": setting("cluster", "kube-audit")},
        {"cluster": cluster(), "logs": setting("cluster", "kube-audit-admin")},
        off={"cluster": cluster()},
        later={"cluster": cluster(), "logs": setting("cluster", logs=U)},
    ),
    several(
        "MOOR-AKS-044",
        "cluster",
        {"cluster": cluster()},
        {
            "cluster": cluster(),
            "logs": setting(
                "cluster", "cluster-autoscaler", "kube-apiserver", "kube-controller-manager", "kube-scheduler"
            ),
        },
        later={"cluster": cluster(), "logs": setting("cluster", logs=U)},
    ),
    one(
        "MOOR-AKS-045",
        CLUSTER,
        fail=[{"resourceName": "-aks"}, {"dnsPrefix": "a_b"}, pools({"name": "Nodes"})],
        ok={},
        later={"resourceName": U},
    ),
    one(
        "MOOR-AKS-145",
        CLUSTER,
        {"pattern": "aks-.*"},
        fail={},
        ok={"resourceName": "aks-web"},
        later={"resourceName": U},
    ),
    one("MOOR-AKS-145", CLUSTER, off={}),
]
