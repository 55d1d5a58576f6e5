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


LEAST_EXPIRY_DAYS = 28
"""Days after which a version of a key that is rotated may expire at the earliest [KV-ROTATION]."""

LEAST_ROTATION_DAYS = 7
"""Days from the creation of a version to its rotation, and from there to its expiry, at least [KV-ROTATION]."""


def rotation_problem(rotate: int, expires: int | None, notify: int | None) -> str | None:
    """Return what is wrong with a rotation policy in one line, or None; all in days [KV-ROTATION]."""
    if expires is not None and rotate > expires - LEAST_ROTATION_DAYS:
        return (
            f"rotates after {rotate} days what expires after {expires}; rotate {LEAST_ROTATION_DAYS} days before the expiry "
            f"at the latest, after {expires - LEAST_ROTATION_DAYS} [KV-ROTATION]"
        )
    if notify is not None and expires is None:
        return "notifies before an expiry, but versions do not expire; state expires_after_days, or remove it [KV-ROTATION]"
    return None


def key_url(vault: str, suffix: str, key: str, version: str | None) -> str:
    """Return the identifier of a key; without a version, it stands for the current one."""
    return f"https://{vault.lower()}.{suffix}/keys/{key}{f'/{version}' if version else ''}"


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
