"""A registry's customer-managed key: its key vault, its identity, and what cannot be undone [ACR-CMK]."""

from __future__ import annotations

import re
from typing import Final

from local_azure.clock import timestamp
from local_azure.errors import ArmError, bad_request
from local_azure.facts.key_vault import VAULTS
from local_azure.services.cloud import Cloud, Json
from local_azure.services.identities import users
from local_azure.services.vault_secrets import authorized
from local_azure.store import Resource

_KEY: Final = re.compile(r"https://([A-Za-z0-9-]+)\.[^/]+/keys/([A-Za-z0-9-]+)(?:/([0-9a-fA-F]{32}))?")
_ROLES: Final = frozenset(
    {
        "Key Vault Crypto Service Encryption User",
        "Key Vault Crypto User",
        "Key Vault Crypto Officer",
        "Key Vault Administrator",
    }
)
"""Roles that read a key and wrap and unwrap with it [ACR-CMK-VAULT]."""

_PERMISSIONS: Final = frozenset({"get", "wrapkey", "unwrapkey"})
_SYSTEM: Final = "system"


def settled(cloud: Cloud, registry: str, properties: Json, identity: Json, before: Json | None) -> None:
    """Check the encryption of a registry and add what the service shows of its key; raises ArmError (codes chosen).

    Args:
        cloud: where vaults and roles are.
        registry: id of the registry.
        properties: what is written; the encryption is completed in place.
        identity: the identities of the registry, as `identities.assigned` returns them.
        before: its properties before; None for a new registry.
    """
    encryption = properties["encryption"]
    on = encryption.get("status") == "enabled"
    if before is not None and on != (before["encryption"].get("status") == "enabled"):
        message = (
            "Encryption with a customer-managed key is set when a registry is created and cannot be changed afterwards."
        )
        raise bad_request("EncryptionCannotBeChanged", message, "properties.encryption.status")
    if not on:
        return
    stated = encryption.get("keyVaultProperties") or {}
    identifier = str(stated.get("keyIdentifier") or "")
    found = _KEY.fullmatch(identifier.rstrip("/"))
    if found is None:
        raise _invalid(
            f"The identifier '{identifier}' of the customer-managed key is not the URL of a key.", "keyIdentifier"
        )
    if properties["policies"]["trustPolicy"].get("status") == "enabled":
        message = "Content trust is not supported on a registry that is encrypted with a customer-managed key."
        raise bad_request("InvalidEncryption", message, "properties.policies.trustPolicy.status")
    principal = _principal(registry, identity, str(stated.get("identity") or ""), known=before is not None)
    held = (before or {}).get("encryption", {}).get("keyVaultProperties") or {}
    same = all(held.get(member) == stated.get(member) for member in ("keyIdentifier", "identity"))
    key = _key(cloud, found, principal, check=not same)
    version = found[3] or (key.state["version"] if key else "0" * 32)
    versioned = f"{identifier.partition('/keys/')[0]}/keys/{found[2]}/{version}"
    moved = held.get("versionedKeyIdentifier") != versioned
    encryption["keyVaultProperties"] = {
        **{member: stated[member] for member in ("keyIdentifier", "identity") if member in stated},
        "versionedKeyIdentifier": versioned,
        "keyRotationEnabled": found[3] is None,
        "lastKeyRotationTimestamp": timestamp(cloud.clock.now()) if moved else held["lastKeyRotationTimestamp"],
    }


def _principal(registry: str, identity: Json, client: str, *, known: bool) -> str | None:
    """Return the principal of the identity that uses the key; None for the system-assigned one, which is not looked at."""
    assigned = list(users(identity).values())
    mine = [user for user in assigned if not client or user.get("clientId") == client]
    if client == _SYSTEM and assigned:
        return None
    if mine:
        return str(mine[0].get("principalId"))
    if known:
        # The sentence as documented, with its missing stop.
        message = (
            f"Azure resource '{registry}' does not have access to identity '{client}' Try forcibly adding the identity to the "
            f"registry {registry.rpartition('/')[2]}. For more information on bring your own key, please visit "
            "'https://aka.ms/acr/cmk'."
        )
    else:
        message = (
            "Encryption with a customer-managed key needs a user-assigned identity that is assigned to the registry."
        )
    raise bad_request("InvalidEncryption", message, "identity")


def _key(cloud: Cloud, found: re.Match[str], principal: str | None, *, check: bool) -> Resource | None:
    """Return the key, where its vault is known here; raises ArmError for one that the registry cannot use [ACR-CMK-VAULT]."""
    vault = next(iter(cloud.store.named(VAULTS, found[1])), None)
    if vault is None:
        return None
    keys = cloud.store.children(vault.id, f"{VAULTS}/keys")
    key = next((each for each in keys if each.name.lower() == found[2].lower()), None)
    if not check:
        return key
    if key is None:
        raise _invalid(f"The key '{found[2]}' was not found in key vault '{vault.name}'.", "keyIdentifier")
    kind = str(key.properties.get("kty", "RSA"))
    if not kind.startswith("RSA"):
        raise _invalid(f"The key '{key.name}' is of type {kind}; RSA or RSA-HSM is expected.", "keyIdentifier")
    rules = vault.properties.get("networkAcls") or {}
    open_to_all = (
        rules.get("defaultAction", "Allow") == "Allow" and vault.properties["publicNetworkAccess"] == "Enabled"
    )
    if not open_to_all and str(rules.get("bypass", "AzureServices")) == "None":
        message = (
            f"Client address is not authorized and trusted services do not bypass the firewall of vault '{vault.name}'."
        )
        raise ArmError(403, "Forbidden", message, target="properties.encryption.keyVaultProperties.keyIdentifier")
    if principal is not None and not authorized(cloud, (vault, key), principal, _ROLES, "keys", _PERMISSIONS):
        message = (
            f"The identity with principal '{principal}' does not have permissions get, unwrapKey and wrapKey on key vault "
            f"'{vault.name}'."
        )
        raise ArmError(403, "Forbidden", message, target="properties.encryption.keyVaultProperties.identity")
    return key


def _invalid(message: str, member: str) -> ArmError:
    return bad_request("InvalidEncryption", message, f"properties.encryption.keyVaultProperties.{member}")
