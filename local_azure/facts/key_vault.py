"""Microsoft.KeyVault: vaults, keys and secrets."""

from __future__ import annotations

from local_azure.arm_family import Family, Marks, TypeRow

VAULTS = "Microsoft.KeyVault/vaults"
CONNECTIONS = f"{VAULTS}/privateEndpointConnections"
DELETED = "Microsoft.KeyVault/locations/deletedVaults"

FAMILY = Family(
    types=(
        TypeRow(VAULTS, "keyvault", "Vault", ("vaultName",)),
        TypeRow(f"{VAULTS}/keys", "keyvault", "Key", ("vaultName", "keyName")),
        TypeRow(f"{VAULTS}/secrets", "keyvault", "Secret", ("vaultName", "secretName")),
    ),
    required={"keyvault/Vault": frozenset({"location"})},
    # The wire keeps the names of the first data plane [SDK-RENAME].
    renames={
        "keyvault:KeyAttributes": {"expires": "exp", "notBefore": "nbf"},
        "keyvault:SecretAttributes": {"expires": "exp", "notBefore": "nbf"},
        "keyvault:KeyProperties": {"releasePolicy": "release_policy"},
        "keyvault/Key": {"releasePolicy": "properties.release_policy"},
    },
    # The body that creates a vault is of its own, and its location is not marked.
    marks={
        VAULTS: Marks(
            "keyvault/resource-manager/Microsoft.KeyVault/stable/2024-11-01/keyvault.json",
            keyed={"properties.accessPolicies": ("tenantId", "objectId", "permissions")},
            ignore_case=frozenset({"properties.sku.name"}),
        ),
        **dict.fromkeys((f"{VAULTS}/keys", f"{VAULTS}/secrets"), Marks("azure-mgmt-keyvault 14.1.0 (2026-05-15)")),
    },
)
