"""Rules on registries alone and on what stands around them."""

from tests.policies.rules.programs import Made, U, azure, one, several

REGISTRY = azure(
    "containerregistry:Registry",
    registryName="contoso",
    resourceGroupName="rg",
    location="eastus",
    sku={"name": "Premium"},
)
BASIC = {"sku": {"name": "Basic"}}
REPLICA = azure(
    "containerregistry:Replication",
    {"registryName": ["registry"]},
    registryName=U,
    replicationName="westeurope",
    location="westeurope",
    resourceGroupName="rg",
)


NEWER = frozenset({"endpointProtocol", "networkRuleBypassAllowedForTasks", "regionalEndpoints", "roleAssignmentMode"})
"""Members that the SDK's own class does not have."""
NEWEST = "azure-native_containerregistry_v20260301preview:containerregistry:Registry"


def registry(**inputs: object) -> Made:
    token = NEWEST if NEWER & inputs.keys() else REGISTRY.token
    return Made(token, {**REGISTRY.inputs, **inputs}, {"resourceGroupName": ["group"]})


def child(kind: str, **inputs: object) -> Made:
    return azure(
        f"containerregistry:{kind}", {"registryName": ["registry"]}, registryName=U, resourceGroupName="rg", **inputs
    )


def endpoint(target: str = "registry", group: str = "registry", **inputs: object) -> Made:
    connection = {"name": "it", "privateLinkServiceId": U, "groupIds": [group]}
    given = {"privateLinkServiceConnections": [connection], "location": "eastus", **inputs}
    return azure(
        "network:PrivateEndpoint",
        {"privateLinkServiceConnections": [target], "subnet": ["network"]},
        privateEndpointName="pe-contoso",
        resourceGroupName="rg",
        **given,
    )


def zone_group(zone: str = "zone") -> Made:
    return azure(
        "network:PrivateDnsZoneGroup",
        {"privateEndpointName": ["endpoint"], "privateDnsZoneConfigs": [zone]},
        privateEndpointName="pe-contoso",
        privateDnsZoneGroupName="default",
        resourceGroupName="rg",
        privateDnsZoneConfigs=[{"name": "registry", "privateDnsZoneId": U}],
    )


def zone(name: str = "privatelink.azurecr.io") -> Made:
    return azure("privatedns:PrivateZone", privateZoneName=name, resourceGroupName="rg", location="global")


NAMELESS = azure("privatedns:PrivateZone", privateZoneName=U, resourceGroupName="rg", location="global")
OF_AN_ENVIRONMENT = Made(NAMELESS.token, NAMELESS.inputs, {"privateZoneName": ["environment"]})
"""The zone of an internal environment's default domain, which is known once the environment is there."""


def setting(of: str, *categories: str, **inputs: object) -> Made:
    logs = [{"category": each, "enabled": True} for each in categories]
    given = {"logs": logs, **inputs}
    return azure("monitor:DiagnosticSetting", {"resourceUri": [of]}, name="all", resourceUri=U, **given)


def assignment(
    role: str, scope: str = "registry", principal: str = "identity", scope_id: object = U, **inputs: object
) -> Made:
    definition = f"/subscriptions/s/providers/Microsoft.Authorization/roleDefinitions/{role}"
    return azure(
        "authorization:RoleAssignment",
        {"scope": [scope], "principalId": [principal]},
        **{
            "roleAssignmentName": "0c1b8d0e-6d5e-4f39-9df1-8a4f1a9f3c11",
            "scope": scope_id,
            "principalId": U,
            "principalType": "ServicePrincipal",
            "roleDefinitionId": definition,
            **inputs,
        },
    )


IDENTITY = azure(
    "managedidentity:UserAssignedIdentity", resourceName="id-contoso", resourceGroupName="rg", location="eastus"
)
GROUP = azure("resources:ResourceGroup", resourceGroupName="rg", location="eastus")
ACR_PULL = "7f951dda-4ed3-4680-a7ca-43fe172d538d"
CONTRIBUTOR = "b24988ac-6180-42a0-ab88-20f7382dd24c"

ENVIRONMENT = azure("app:ManagedEnvironment", environmentName="cae", resourceGroupName="rg", location="eastus")
IN_ENVIRONMENT = {"environment": ENVIRONMENT, "zone": OF_AN_ENVIRONMENT}
ELSEWHERE = azure("app:ManagedEnvironment", environmentName="cae2", resourceGroupName="rg", location="westeurope")


def app(image: str, **inputs: object) -> Made:
    return azure(
        "app:ContainerApp",
        containerAppName="web",
        resourceGroupName="rg",
        location="eastus",
        template={"containers": [{"name": "main", "image": image}]},
        **inputs,
    )


def policies(name: str, status: str) -> dict[str, object]:
    return {"policies": {name: {"status": status}}}


LOGS = ("ContainerRegistryLoginEvents", "ContainerRegistryRepositoryEvents")
WEBHOOK = azure(
    "containerregistry:Webhook",
    registryName="contoso",
    webhookName="builds",
    resourceGroupName="rg",
    location="eastus",
    actions=["push"],
)
CONTAINERS_PLAN = azure("security:Pricing", scopeId="subscriptions/s", pricingName="Containers")

CASES = [
    one(
        "MOOR-ACR-001",
        REGISTRY,
        fail={"adminUserEnabled": True},
        ok=[{}, {"adminUserEnabled": False}],
        later={"adminUserEnabled": U},
    ),
    one(
        "MOOR-ACR-002",
        REGISTRY,
        fail={"anonymousPullEnabled": True},
        ok={},
        off={**BASIC, "anonymousPullEnabled": True},
        later={"anonymousPullEnabled": U},
    ),
    one(
        "MOOR-ACR-003",
        REGISTRY,
        fail=[{}, {"publicNetworkAccess": "Enabled"}],
        ok={"publicNetworkAccess": "disabled"},
        off=BASIC,
        later={"publicNetworkAccess": U},
    ),
    one(
        "MOOR-ACR-004",
        REGISTRY,
        fail={},
        ok={"networkRuleSet": {"defaultAction": "Deny"}},
        off={"publicNetworkAccess": "Disabled"},
        later={"networkRuleSet": U},
    ),
    one(
        "MOOR-ACR-005",
        REGISTRY,
        fail={},
        ok=policies("exportPolicy", "disabled"),
        off=BASIC,
        later=policies("exportPolicy", U),
    ),
    several(
        "MOOR-ACR-006",
        "registry",
        fail=[
            {"registry": registry(publicNetworkAccess="Disabled")},
            {"registry": registry(publicNetworkAccess="Disabled"), "endpoint": endpoint(group="azurecr")},
        ],
        ok={"registry": registry(publicNetworkAccess="Disabled"), "endpoint": endpoint()},
        off={"registry": registry()},
        later={"registry": registry(publicNetworkAccess=U)},
    ),
    several(
        "MOOR-ACR-007",
        "endpoint",
        fail=[
            {"registry": registry(), "endpoint": endpoint()},
            {"registry": registry(), "endpoint": endpoint(), "zone": zone("contoso.local"), "records": zone_group()},
        ],
        ok={"registry": registry(), "endpoint": endpoint(), "zone": zone(), "records": zone_group()},
        off={"vault": REGISTRY, "endpoint": endpoint("vault", "vault")},
        later={"registry": registry(), "endpoint": endpoint(), "records": zone_group("nothing")},
    ),
    several(
        "MOOR-ACR-007",
        "endpoint",
        [],
        [],
        off={"registry": registry(), "endpoint": endpoint()},
        config={"managed_by_policy": True},
    ),
    one("MOOR-ACR-008", REGISTRY, fail=BASIC, ok={}, later={"sku": U}),
    several(
        "MOOR-ACR-009",
        "registry",
        fail={"registry": registry(), "here": ENVIRONMENT, "there": ELSEWHERE},
        ok={"registry": registry(), "replica": REPLICA, "here": ENVIRONMENT, "there": ELSEWHERE},
        off={"registry": registry(), "here": ENVIRONMENT},
        later={"registry": registry(sku=U), "here": ENVIRONMENT, "there": ELSEWHERE},
    ),
    several(
        "MOOR-ACR-010",
        "replica",
        {"registry": registry(), "replica": child("Replication", replicationName="uksouth", location="uksouth")},
        {"registry": registry(), "replica": REPLICA},
        later={"registry": registry(), "replica": child("Replication", replicationName="uksouth", location=U)},
        config={"regions": ["westeurope"]},
    ),
    several("MOOR-ACR-010", "replica", [], [], off={"registry": registry(), "replica": REPLICA}),
    one(
        "MOOR-ACR-012", REGISTRY, fail={}, ok={"dataEndpointEnabled": True}, off=BASIC, later={"dataEndpointEnabled": U}
    ),
    one(
        "MOOR-ACR-013",
        REGISTRY,
        fail={},
        ok=policies("quarantinePolicy", "enabled"),
        off=BASIC,
        later=policies("quarantinePolicy", U),
    ),
    one(
        "MOOR-ACR-015",
        REGISTRY,
        fail={},
        ok=policies("retentionPolicy", "enabled"),
        off=[BASIC, policies("softDeletePolicy", "enabled")],
        later=policies("retentionPolicy", U),
    ),
    several(
        "MOOR-ACR-016",
        "registry",
        {"registry": registry()},
        {"registry": registry(**policies("softDeletePolicy", "enabled"))},
        off=[
            {"registry": registry(), "replica": REPLICA},
            {"registry": registry(**policies("retentionPolicy", "enabled"))},
        ],
        later={"registry": registry(**policies("softDeletePolicy", U))},
    ),
    one(
        "MOOR-ACR-017", REGISTRY, fail={}, ok={"encryption": {"status": "enabled"}}, off=BASIC, later={"encryption": U}
    ),
    one(
        "MOOR-ACR-019",
        azure("containerregistry:Token", registryName="contoso", tokenName="builds", resourceGroupName="rg"),
        fail={},
        ok={"status": "disabled"},
        later={"status": U},
    ),
    one(
        "MOOR-ACR-020",
        azure("containerregistry:CacheRule", registryName="contoso", cacheRuleName="upstream", resourceGroupName="rg"),
        fail={"sourceRepository": "evil.example/tools/*"},
        ok=[{"sourceRepository": "mcr.microsoft.com/dotnet/*"}, {"sourceRepository": "other.azurecr.io/base"}],
        later={"sourceRepository": U},
    ),
    one(
        "MOOR-ACR-032",
        azure("containerregistry:CacheRule", registryName="contoso", cacheRuleName="upstream", resourceGroupName="rg"),
        fail=[{"sourceRepository": "docker.io/library/*"}, {"sourceRepository": "registry.redhat.io/ubi9/*"}],
        ok=[
            {
                "sourceRepository": "docker.io/library/*",
                "credentialSetResourceId": "/registries/contoso/credentialSets/hub",
            },
            {"sourceRepository": "mcr.microsoft.com/dotnet/*"},
        ],
        later={"sourceRepository": U},
    ),
    one(
        "MOOR-ACR-021",
        CONTAINERS_PLAN,
        fail={"pricingTier": "Free"},
        ok={"pricingTier": "Standard"},
        off={"pricingName": "KeyVaults", "pricingTier": "Free"},
        later={"pricingTier": U},
    ),
    one(
        "MOOR-ACR-024",
        REGISTRY,
        fail=[{"registryName": "con-toso"}, {"registryName": "abc"}],
        ok={},
        later={"registryName": U},
    ),
    one(
        "MOOR-ACR-025",
        REGISTRY,
        config={"pattern": "cr.*"},
        fail={},
        ok={"registryName": "crcontoso"},
        later={"registryName": U},
    ),
    one("MOOR-ACR-025", REGISTRY, off={}),
    several(
        "MOOR-ACR-026",
        "registry",
        fail=[{"registry": registry()}, {"registry": registry(), "logs": setting("registry", LOGS[0])}],
        ok=[
            {"registry": registry(), "logs": setting("registry", *LOGS)},
            {"registry": registry(), "logs": setting("registry", logs=[{"categoryGroup": "allLogs", "enabled": True}])},
        ],
        later={"registry": registry(), "logs": setting("registry", logs=U)},
    ),
    one(
        "MOOR-ACR-027",
        WEBHOOK,
        fail={"serviceUri": "http://ci.example"},
        ok={"serviceUri": "https://ci.example"},
        later={"serviceUri": U},
    ),
    several(
        "MOOR-ACR-028",
        "assignment",
        {"registry": registry(), "identity": IDENTITY, "assignment": assignment(CONTRIBUTOR)},
        [],
        later={"registry": registry(), "identity": IDENTITY, "assignment": assignment("", roleDefinitionId=U)},
        also={"fail": set(), "undetermined": set()},
    ),
    several(
        "MOOR-ACR-028",
        "registry",
        [],
        [
            {"registry": registry(), "identity": IDENTITY, "assignment": assignment(ACR_PULL)},
            {
                "group": GROUP,
                "registry": registry(),
                "identity": IDENTITY,
                "assignment": assignment(CONTRIBUTOR, "group"),
            },
        ],
    ),
    several(
        "MOOR-ACR-029",
        "app",
        {"app": app("nginx:1")},
        [
            {"app": app("mcr.microsoft.com/dotnet/runtime:8.0")},
            {"registry": registry(), "app": app("contoso.azurecr.io/web:1")},
            {"registry": registry(), "app": app("contoso-x1y2.westeurope.geo.azurecr.io/web:1")},
        ],
        later={"app": app(U)},
    ),
    several(
        "MOOR-ACR-029",
        "app",
        {"app": app("contosoother.azurecr.io/web:1")},
        [{"app": app(f"{host}/web:1")} for host in ("contosoelse.azurecr.io", "contosoelse.eastus.geo.azurecr.io")],
        config={"registries": ["contosoElse"]},
    ),
    several(
        "MOOR-ACR-031",
        "app",
        [{"app": app(image)} for image in ("nginx", "contoso.azurecr.io/web:latest", "localhost:5000/web")],
        [{"app": app(image)} for image in ("nginx:1.27", f"contoso.azurecr.io/web:latest@sha256:{'0' * 64}")],
        off={
            "app": azure(
                "app:ContainerApp", containerAppName="web", resourceGroupName="rg", template={"containers": []}
            )
        },
        later={"app": app(U)},
    ),
]
