"""Domain rules on who pulls, as whom, and with which role."""

from tests.policies.rules.cases.registries import ACR_PULL, ENVIRONMENT, GROUP, IDENTITY, assignment, child, registry
from tests.policies.rules.cases.vaults import VAULT
from tests.policies.rules.programs import Made, Program, U, azure, several

READER = "b93aa761-3e63-49ed-ac28-beffa264f7ac"
CONTROL_PLANE_READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7"
LISTER = "bfdb9389-c9a5-478a-bb2f-ba9ca092c3c7"
SECRETS_USER = "4633458b-17de-408a-b874-0445c86b69e6"
ABAC = {"roleAssignmentMode": "AbacRepositoryPermissions"}
OTHER = Made(IDENTITY.token, {**IDENTITY.inputs, "resourceName": "id-other"})
CLUSTER = azure(
    "containerservice:ManagedCluster",
    {"identityProfile": ["identity"]},
    resourceName="aks",
    resourceGroupName="rg",
    location="eastus",
    identityProfile={"kubeletidentity": {"resourceId": U}},
)


def access(role: str = ACR_PULL, mode: dict[str, str] | None = None, **inputs: object) -> dict[str, Made]:
    return {"registry": registry(**(mode or {})), "identity": IDENTITY, "grant": assignment(role, **inputs)}


def app(*before: str, identity: object = U, server: str = "contoso.azurecr.io", who: str = "identity") -> Made:
    return azure(
        "app:ContainerApp",
        {"configuration": [who], "": list(before)},
        containerAppName="web",
        resourceGroupName="rg",
        location="eastus",
        configuration={"registries": [{"server": server, "identity": identity}]},
    )


def cached(**inputs: object) -> Program:
    return {
        "registry": registry(),
        "identity": IDENTITY,
        "rule": Made(
            child("CacheRule").token,
            {**child("CacheRule").inputs, "cacheRuleName": "first", "targetRepository": "cache/a", **inputs},
            {"registryName": ["registry"], "identity": ["identity"], "credentialSetResourceId": ["set"]},
        ),
    }


def credentials(kind: str = "SystemAssigned", grant: bool = True) -> Program:
    created = azure(
        "containerregistry:CredentialSet",
        {"registryName": ["registry"], "authCredentials": ["vault"]},
        registryName=U,
        credentialSetName="hub-login",
        resourceGroupName="rg",
        identity={"type": kind},
        authCredentials=[{"name": "Credential1", "usernameSecretIdentifier": U}],
    )
    role = {"grant": assignment(SECRETS_USER, "vault", "set")} if grant else {}
    return {
        **cached(sourceRepository="docker.io/library/*", credentialSetResourceId=U),
        "vault": VAULT,
        "set": created,
        **role,
    }


CASES = [
    several(
        "MOOR-DOM-010",
        "grant",
        [access(ACR_PULL, ABAC), access(READER), access(LISTER, ABAC, condition="@Request[x]")],
        [],
        later=access(roleDefinitionId=U),
    ),
    several(
        "MOOR-DOM-010",
        "registry",
        [],
        [
            access(),
            access(READER, ABAC),
            access(SECRETS_USER),
            # A scope that depends on the registry may be its resource group, where Reader counts on the control plane.
            access(CONTROL_PLANE_READER, ABAC),
            {**access(CONTROL_PLANE_READER, ABAC, scope_id="/subscriptions/s/resourceGroups/rg"), "group": GROUP},
        ],
        off={"registry": registry()},
        later=access(ACR_PULL, {"roleAssignmentMode": U}),
    ),
    several(
        "MOOR-DOM-011",
        "app",
        [
            {**access(), "app": app()},
            {**access(READER), "app": app("grant")},
            {**access(), "other": OTHER, "app": app("grant", who="other")},
            {**access(), "grant": assignment(ACR_PULL, principal="app"), "app": app(identity="system")},
        ],
        [
            {**access(), "app": app("grant")},
            {**access(READER, ABAC), "app": app("grant")},
        ],
        off=[
            {**access(), "app": app("grant", server="docker.io")},
            {**access(), "app": app(identity="/subscriptions/s/elsewhere")},
        ],
        later=[{**access(roleDefinitionId=U), "app": app("grant")}, {**access(), "app": app("grant", who="nobody")}],
    ),
    several("MOOR-DOM-011", "app", [], [], off={**access(), "app": app()}, config={"granted_elsewhere": ["app"]}),
    several(
        "MOOR-DOM-011",
        "cluster",
        [
            {"registry": registry(), "identity": IDENTITY, "cluster": CLUSTER},
            {
                **access(),
                "other": OTHER,
                "cluster": Made(CLUSTER.token, CLUSTER.inputs, {"identityProfile": ["other"]}),
            },
        ],
        [
            {**access(), "cluster": CLUSTER},
            {
                "registry": registry(),
                "cluster": Made(CLUSTER.token, {"resourceName": "aks", "resourceGroupName": "rg"}),
                "grant": assignment(ACR_PULL, principal="cluster"),
            },
        ],
        off={"cluster": CLUSTER},
    ),
    several(
        "MOOR-DOM-012",
        "registry",
        {
            **access(),
            "environment": ENVIRONMENT,
            "registry": registry(policies={"azureADAuthenticationAsArmPolicy": {"status": "disabled"}}),
            "app": app("grant"),
        },
        {"registry": registry(policies={"azureADAuthenticationAsArmPolicy": {"status": "disabled"}})},
        off={**access(), "app": app("grant")},
        later={"registry": registry(policies={"azureADAuthenticationAsArmPolicy": {"status": U}})},
    ),
    several(
        "MOOR-DOM-013",
        "rule",
        [
            cached(sourceRepository="other.azurecr.io/base"),
            credentials(grant=False),
            {
                **cached(sourceRepository="mcr.microsoft.com/a"),
                "wide": child("CacheRule", cacheRuleName="second", targetRepository="cache/*"),
            },
        ],
        [
            cached(sourceRepository="mcr.microsoft.com/dotnet"),
            cached(sourceRepository="other.azurecr.io/base", identity=U),
            credentials(),
            {
                **cached(sourceRepository="mcr.microsoft.com/a"),
                "apart": child("CacheRule", cacheRuleName="second", targetRepository="cache/ab"),
            },
        ],
        later=cached(sourceRepository=U),
    ),
    several("MOOR-DOM-013", "set", credentials("None"), []),
]
