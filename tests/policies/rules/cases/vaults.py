"""Rules on key vaults, keys and secrets."""

from tests.policies.rules.cases.registries import endpoint, setting, zone, zone_group
from tests.policies.rules.programs import Made, U, azure, one, several

TENANT = "0c1b8d0e-6d5e-4f39-9df1-8a4f1a9f3c11"
BODY = {"sku": {"family": "A", "name": "standard"}, "tenantId": TENANT}
VAULT = azure("keyvault:Vault", vaultName="kv-contoso", resourceGroupName="rg", location="eastus", properties=BODY)
KEY = azure("keyvault:Key", vaultName="kv-contoso", keyName="pulumi", resourceGroupName="rg", properties={})
SECRET = azure("keyvault:Secret", vaultName="kv-contoso", secretName="token", resourceGroupName="rg")
ZONE = "privatelink.vaultcore.azure.net"
DAY = 86_400


def having(**inputs: object) -> dict[str, object]:
    return {"properties": inputs}


def set_to(**inputs: object) -> dict[str, object]:
    return {"properties": {**BODY, **inputs}}


def vault(**inputs: object) -> Made:
    return Made(VAULT.token, {**VAULT.inputs, **set_to(**inputs)})


CLOSED = vault(publicNetworkAccess="Disabled")
WIRED = {"vault": CLOSED, "endpoint": endpoint("vault", "vault"), "records": zone_group()}
ALL_KEYS, SOME_KEYS = (
    [{"tenantId": TENANT, "objectId": TENANT, "permissions": {"keys": keys}}] for keys in (["All"], ["get"])
)

CASES = [
    one(
        "MOOR-KV-001",
        VAULT,
        fail=[set_to(), set_to(enablePurgeProtection=False)],
        ok=set_to(enablePurgeProtection=True),
        later={"properties": U},
    ),
    several(
        "MOOR-KV-001",
        "vault",
        {
            "vault": Made(
                "azure-native:resources:Resource",
                {
                    "resourceProviderNamespace": "Microsoft.KeyVault",
                    "resourceType": "vaults",
                    "resourceName": "kv",
                    "parentResourcePath": "",
                    "resourceGroupName": "rg",
                    "apiVersion": "2024-11-01",
                    "properties": {},
                },
            )
        },
        [],
    ),
    one("MOOR-KV-002", VAULT, fail=set_to(enableSoftDelete=False), ok=set_to(), later=set_to(enableSoftDelete=U)),
    one(
        "MOOR-KV-003",
        VAULT,
        fail=set_to(),
        ok=set_to(enableRbacAuthorization=True),
        later=set_to(enableRbacAuthorization=U),
    ),
    one(
        "MOOR-KV-004",
        VAULT,
        fail=set_to(accessPolicies=ALL_KEYS),
        ok=set_to(accessPolicies=SOME_KEYS),
        off=[set_to(enableRbacAuthorization=True, accessPolicies=ALL_KEYS), set_to()],
        later=set_to(accessPolicies=U),
    ),
    one(
        "MOOR-KV-005",
        VAULT,
        fail=set_to(),
        ok=set_to(networkAcls={"defaultAction": "Deny"}),
        off=set_to(publicNetworkAccess="Disabled"),
        later=set_to(networkAcls=U),
    ),
    one(
        "MOOR-KV-006",
        VAULT,
        fail=set_to(),
        ok=set_to(publicNetworkAccess="disabled"),
        later=set_to(publicNetworkAccess=U),
    ),
    several(
        "MOOR-KV-007",
        "vault",
        [
            {"vault": CLOSED},
            {"vault": CLOSED, "endpoint": endpoint("vault", "vault")},
            {**WIRED, "zone": zone("contoso.local")},
        ],
        {**WIRED, "zone": zone(ZONE)},
        off={"vault": vault()},
        later={**WIRED, "zone": azure("privatedns:PrivateZone", privateZoneName=U)},
    ),
    several(
        "MOOR-KV-008",
        "vault",
        {"vault": vault()},
        [
            {"vault": vault(), "logs": setting("vault", "AuditEvent")},
            {"vault": vault(), "logs": setting("vault", logs=[{"categoryGroup": "audit", "enabled": True}])},
        ],
        later={"vault": vault(), "logs": setting("vault", logs=U)},
    ),
    one(
        "MOOR-KV-009",
        KEY,
        fail=having(),
        ok=[
            having(attributes={"expires": 1}),
            having(rotationPolicy={"lifetimeActions": [{"action": {"type": "Rotate"}}]}),
        ],
        later=having(rotationPolicy=U),
    ),
    one(
        "MOOR-KV-010",
        KEY,
        fail=[having(kty="oct"), having(kty="RSA", keySize=1024), having(kty="EC", curveName="P-256K")],
        ok=[having(), having(kty="EC")],
        later=having(kty=U),
    ),
    one(
        "MOOR-KV-011",
        SECRET,
        fail=having(),
        ok=[having(attributes={"expires": 1}), having(attributes={"expires": U})],
        later=having(attributes=U),
    ),
    one("MOOR-KV-111", SECRET, fail=having(), ok=[having(contentType="text/plain"), having(contentType=U)]),
    one(
        "MOOR-KV-012",
        SECRET,
        fail=[having(), having(attributes={"notBefore": 0, "expires": 900 * DAY})],
        ok=having(attributes={"notBefore": 0, "expires": 90 * DAY}),
        later=having(attributes={"notBefore": 0, "expires": U}),
    ),
    one("MOOR-KV-013", VAULT, fail=[{"vaultName": "kv--a"}, {"vaultName": "1kv"}], ok={}, later={"vaultName": U}),
    one("MOOR-KV-113", KEY, fail={"keyName": "a_b"}, ok={}, later={"keyName": U}),
    one(
        "MOOR-KV-014",
        azure("security:Pricing", scopeId="subscriptions/s", pricingName="KeyVaults"),
        fail={"pricingTier": "Free"},
        ok={"pricingTier": "Standard"},
        off={"pricingName": "Containers", "pricingTier": "Free"},
        later={"pricingTier": U},
    ),
]
