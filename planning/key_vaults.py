"""Key vaults of referenced secrets: the role of readers, and the command that assigns it."""

from __future__ import annotations

from planning.role_actions import Need
from planning.roles import SECRET_READERS, Role

READER = next(iter(SECRET_READERS.values()))
"""The least role that reads the values of secrets [ROLE-SECRETS]."""

ENCRYPTION_USER = Role("Key Vault Crypto Service Encryption User", "e147488a-f6f5-4113-8e2d-b22465e65bf6")
"""Reads a key and wraps and unwraps with it: what an encryption with a customer-managed key needs [ACR-CMK]."""

NEEDS = (
    Need(
        "who reads a secret by reference",
        "Microsoft.KeyVault/vaults",
        data_actions=("Microsoft.KeyVault/vaults/secrets/getSecret/action",),
    ),
)
"""What an identity does with a secret that is referred to [KV-READ]."""


def vault_of(url: str) -> str:
    """Return the name of the vault in the address of a secret."""
    return url.removeprefix("https://").partition("/")[0].partition(".")[0].lower()


def grant_command(resource_group: str, identity: str, vault: str) -> str:
    """Return the command that lets a user-assigned identity read the secrets of a vault [KV-READ]."""
    principal = (
        f"$(az identity show --resource-group {resource_group} --name {identity} --query principalId --output tsv)"
    )
    scope = f"$(az keyvault show --name {vault} --query id --output tsv)"
    return (
        f'az role assignment create --assignee-object-id "{principal}" --assignee-principal-type ServicePrincipal '
        f'--role "{READER.name}" --scope "{scope}"'
    )
