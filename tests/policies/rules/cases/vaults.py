"""Rules on key vaults, keys and secrets."""

from tests.policies.rules.cases.registries import endpoint, setting, zone, zone_group
from tests.policies.rules.programs import Made, U, azure, one, several

VAULT = azure("keyvault:Vault", vaultName="kv-contoso", resourceGroupName="rg", location="eastus")
KEY = azure("keyvault:Key", vaultName="kv-contoso", keyName="pulumi", resourceGroupName="rg")
SECRET = azure("keyvault:Secret", vaultName="kv-contoso", secretName="token", resourceGroupName="rg")
ZONE = "privatelink.vaultcore.azure.net"
DAY = 86_400


def having(**inputs: object) -> dict[str, object]:
    return {"properties": inputs}


def vault(**inputs: object) -> Made:
    return Made(VAULT.token, {**VAULT.inputs, "properties": inputs})


CLOSED = vault(publicNetworkAccess="Disabled")
WIRED = {"vault": CLOSED, "endpoint": endpoint("vault", "vault"), "records": zone_group()}
ALL_KEYS = [{"permissions": {"keys": ["All"]}}]

CASES = [
    one(
        "MOOR-KV-001",
        VAULT,
        fail=[having(), having(enablePurgeProtection=False)],
        ok=having(enablePurgeProtection=True),
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
                    "properties": {},
                },
            )
        },
        [],
    ),
    one("MOOR-KV-002", VAULT, fail=having(enableSoftDelete=False), ok=having(), later=having(enableSoftDelete=U)),
    one(
        "MOOR-KV-003",
        VAULT,
        fail=having(),
        ok=having(enableRbacAuthorization=True),
        later=having(enableRbacAuthorization=U),
    ),
    one(
        "MOOR-KV-004",
        VAULT,
        fail=having(accessPolicies=ALL_KEYS),
        ok=having(accessPolicies=[{"permissions": {"keys": ["get"]}}]),
        off=[having(enableRbacAuthorization=True, accessPolicies=ALL_KEYS), having()],
        later=having(accessPolicies=U),
    ),
    one(
        "MOOR-KV-005",
        VAULT,
        fail=having(),
        ok=having(networkAcls={"defaultAction": "Deny"}),
        off=having(publicNetworkAccess="Disabled"),
        later=having(networkAcls=U),
    ),
    one(
        "MOOR-KV-006",
        VAULT,
        fail=having(),
        ok=having(publicNetworkAccess="disabled"),
        later=having(publicNetworkAccess=U),
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
        azure("security:Pricing", pricingName="KeyVaults"),
        fail={"pricingTier": "Free"},
        ok={"pricingTier": "Standard"},
        off={"pricingName": "Containers", "pricingTier": "Free"},
        later={"pricingTier": U},
    ),
]
