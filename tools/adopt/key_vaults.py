"""Key vaults with their keys and private endpoints, and the key by which the registry is encrypted."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final, get_args

from components.key_vaults.spec import KeySpec
from local_azure.loading.listings import Listed
from planning.clouds import CLOUDS
from planning.resource_ids import VAULT
from tools.adopt import identities
from tools.adopt.dns import zones_of_service
from tools.adopt.estate import Estate, Json, dig, identifier, keyed, region, stated
from tools.adopt.networks import ENDPOINTS

KEYS: Final = f"{VAULT}/keys"
_GROUP: Final = "vault"
_DAYS: Final = re.compile(r"P(\d+)([DMY])")
_IN_DAYS: Final = {"D": 1, "M": 30, "Y": 365}
_KEY_URL: Final = re.compile(r"https://([^./]+)\.[^/]+/keys/([^/]+)(?:/([0-9a-f]+))?/?")


def read(estate: Estate) -> Json:
    """Return the section `key_vaults`; networks and zones come first."""
    found: Json = {}
    for each in estate.owned(VAULT):
        if not each.properties.get("enableRbacAuthorization"):
            reason = "has access policies, and a vault of a stack has roles; it is named by its id, and stays as it is"
            estate.remark(each, "enableRbacAuthorization", reason)
            continue
        estate.describe(("key_vaults", each.name), each)
        found[each.name] = _vault(estate, each)
    return found


def _vault(estate: Estate, vault: Listed) -> Json:
    shown, rules = vault.properties, vault.properties.get("networkAcls") or {}
    return stated(
        location=None if region(vault) == estate.home else region(vault),
        sku=str(dig(shown, "sku", "name") or "standard").lower(),
        soft_delete_retention_days=shown.get("softDeleteRetentionInDays"),
        purge_protection=bool(shown.get("enablePurgeProtection")),
        public_network_access=str(shown.get("publicNetworkAccess") or "Enabled").capitalize(),
        default_action=rules.get("defaultAction", "Allow"),
        ip_rules=[each["value"] for each in rules.get("ipRules") or () if each.get("value")],
        trusted_services_bypass=rules.get("bypass", "AzureServices") == "AzureServices",
        keys=_keys(estate, vault),
        private_endpoints=_endpoints(estate, vault),
    )


def _keys(estate: Estate, vault: Listed) -> Json:
    """Keys that Azure Resource Manager shows; those that a stack does not make are noted."""
    types = get_args(KeySpec.model_fields["type"].annotation)
    sizes = get_args(KeySpec.model_fields["size"].annotation)
    found: Json = {}
    for each in estate.listing.below(vault.id, KEYS):
        kind, size = each.properties.get("kty"), each.properties.get("keySize")
        if kind not in types or size not in sizes:
            sized = f"{kind} of {size} bits" if size else str(kind)
            estate.remark(each, "kty", f"{sized}: a key of a stack is {' or '.join(types)}; it stays as it is")
            continue
        found[each.name] = {"type": kind, "size": size, "rotation": _rotation(each.properties.get("rotationPolicy"))}
    return found


def _rotation(policy: Any) -> Json | None:
    """When a new version is made; None for never."""
    actions = {
        str(dig(each, "action", "type")).lower(): each.get("trigger") or {}
        for each in dig(policy or {}, "lifetimeActions") or ()
    }
    rotate = _days(dig(actions, "rotate", "timeAfterCreate"))
    if rotate is None:
        return None
    return stated(
        rotate_after_days=rotate,
        expires_after_days=_days(dig(policy, "attributes", "expiryTime")),
        notify_before_days=_days(dig(actions, "notify", "timeBeforeExpiry")),
    )


def _days(duration: Any) -> int | None:
    match = _DAYS.fullmatch(str(duration or ""))
    return int(match.group(1)) * _IN_DAYS[match.group(2)] if match else None


def _endpoints(estate: Estate, vault: Listed) -> Json:
    """Private endpoints of a vault in networks of the stack."""
    found: Json = {}
    for each in estate.owned(ENDPOINTS):
        connections: list[Mapping[str, Any]] = list(each.properties.get("privateLinkServiceConnections") or ())
        if not any(str(dig(c, "properties", "privateLinkServiceId")).lower() == vault.key for c in connections):
            continue
        subnet = str(identifier(each.properties.get("subnet")))
        network = estate.key(subnet.rpartition("/subnets/")[0])
        key, follows = keyed(each, estate.names.private_endpoint(vault.name, ""), found)
        if network is None or not follows:
            usual = estate.names.private_endpoint(vault.name, "KEY")
            reason = (
                f"an endpoint of a vault of a stack is named {usual} and in a network of the stack; it stays as it is"
            )
            estate.remark(each, "name" if network else "subnet", reason)
            continue
        estate.describe(("key_vaults", vault.name, "private_endpoints", key), each)
        found[key] = stated(
            network=network,
            subnet=subnet.rpartition("/")[2],
            dns_zone=zones_of_service(estate, each, vault, CLOUDS["public"].vault_zone),
        )
    return found


def encryption(estate: Estate) -> Json | None:
    """Return the registry's customer-managed key; identities and vaults come first. None for keys of Microsoft."""
    shown = estate.registry.properties.get("encryption") or {}
    properties = shown.get("keyVaultProperties") or {}
    if str(shown.get("status")).lower() != "enabled":
        return None
    match = _KEY_URL.fullmatch(str(properties.get("keyIdentifier") or ""))
    client = str(properties.get("identity") or "").lower()
    identity = next(
        (
            estate.key(each.id)
            for each in estate.owned(identities.IDENTITIES)
            if str(each.properties.get("clientId")).lower() == client
        ),
        None,
    )
    if match is None or identity is None:
        reason = "the registry's key needs a user-assigned identity of the stack, and a key vault"
        estate.remark(estate.registry, "encryption", f"{properties.get('keyIdentifier')}: {reason}")
        return None
    vault, key, version = match.groups()
    versioned = None if properties.get("keyRotationEnabled") or not version else version
    return stated(key_vault=vault, key_name=key, key_version=versioned, identity=identity)


def elsewhere(estate: Estate, described: Json, used: str) -> Json:
    """Return the section with a vault that is used and made elsewhere, by its id.

    Args:
        estate: the resources.
        described: the section.
        used: name of the vault.
    """
    known = next((each for each in estate.listing.of_type(VAULT) if each.name.lower() == used.lower()), None)
    return described if used in described or known is None else {**described, used: {"id": known.id}}
