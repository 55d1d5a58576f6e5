"""Microsoft.KeyVault: vaults, keys and secrets; no service here makes these."""

from __future__ import annotations

from local_azure.arm_family import Family, TypeRow

VAULTS = "Microsoft.KeyVault/vaults"

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
    },
    force_new={VAULTS: frozenset({"location"})},
)
