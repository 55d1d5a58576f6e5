"""Key vaults against real requests: what cannot be undone, names of deleted vaults, and who gets in [KV-ARM, VAULT-NET]."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import pytest
from arm_client import GROUP, NETWORK, ROOT

if TYPE_CHECKING:
    from arm_client import Arm, Reply

VAULT = f"{GROUP}/providers/Microsoft.KeyVault/vaults/kv-contoso"
DELETED = f"{ROOT}/providers/Microsoft.KeyVault/locations/eastus/deletedVaults/kv-contoso"
VERSION = "2024-11-01"


def body(location: str = "eastus", **properties: Any) -> dict[str, Any]:
    entry = {"tenantId": str(uuid.UUID(int=1)), "sku": {"family": "A", "name": "standard"}, **properties}
    return {"location": location, "properties": entry}


def put(arm: Arm, path: str = VAULT, version: str = VERSION, **properties: Any) -> Reply:
    return arm("PUT", path, body(**properties), version)


def test_a_vault_has_soft_delete_and_its_address(arm: Arm) -> None:
    assert put(arm).status == 200
    shown = arm("GET", VAULT, None, VERSION).body["properties"]
    assert shown["enableSoftDelete"] is True
    assert shown["softDeleteRetentionInDays"] == 90
    assert shown["vaultUri"] == "https://kv-contoso.vault.azure.net/"
    assert "enablePurgeProtection" not in shown


@pytest.mark.parametrize(("version", "rbac"), [("2024-11-01", False), ("2026-02-01", True)])
def test_roles_decide_by_default_from_one_api_version_on(arm: Arm, version: str, rbac: bool) -> None:
    assert put(arm, version=version).body["properties"]["enableRbacAuthorization"] is rbac


def test_a_newer_api_version_leaves_the_access_model_of_a_vault_as_it_is(arm: Arm) -> None:
    put(arm, version="2024-11-01")
    assert put(arm, version="2026-02-01").body["properties"]["enableRbacAuthorization"] is False


@pytest.mark.parametrize(
    ("properties", "words"),
    [
        ({"enablePurgeProtection": False}, 'The property "enablePurgeProtection" cannot be set to false'),
        ({"enableSoftDelete": False}, 'The property "enableSoftDelete" cannot be set to false'),
        ({"softDeleteRetentionInDays": 6}, "must be between 7 and 90"),
    ],
)
def test_what_cannot_be_switched_off_is_refused(arm: Arm, properties: dict[str, Any], words: str) -> None:
    refused = put(arm, **properties)
    assert (refused.status, refused.code) == (400, "BadRequest")
    assert words in refused.message


def test_purge_protection_stays_on_when_an_update_leaves_it_out_and_retention_is_fixed(arm: Arm) -> None:
    put(arm, enablePurgeProtection=True, softDeleteRetentionInDays=7)
    again = put(arm, softDeleteRetentionInDays=7)
    assert again.body["properties"]["enablePurgeProtection"] is True
    assert "can't be modified" in put(arm, softDeleteRetentionInDays=30).message


@pytest.mark.parametrize("name", ["kv", "1contoso", "kv--contoso", "kv-contoso-", "a" * 25])
def test_a_name_that_is_no_host_name_is_refused(arm: Arm, name: str) -> None:
    assert put(arm, VAULT.replace("kv-contoso", name)).status == 400


def test_the_name_of_a_vault_is_taken_everywhere(arm: Arm) -> None:
    arm.group("other")
    put(arm)
    refused = put(arm, VAULT.replace("/rg/", "/other/"))
    assert (refused.status, refused.code) == (409, "VaultAlreadyExists")
    check = arm("POST", f"{ROOT}/providers/Microsoft.KeyVault/checkNameAvailability", {"name": "kv-contoso"}, VERSION)
    assert (check.body["nameAvailable"], check.body["reason"]) == (False, "AlreadyExists")


def test_the_name_of_a_deleted_vault_is_taken_until_it_is_purged(arm: Arm) -> None:
    arm.group("other")
    put(arm)
    assert arm("DELETE", VAULT, None, VERSION).status == 200
    assert arm("GET", VAULT, None, VERSION).status == 404
    assert (put(arm).status, put(arm).code) == (409, "ConflictError")
    assert put(arm, VAULT.replace("/rg/", "/other/")).code == "VaultAlreadyExists"
    assert arm("GET", DELETED, None, VERSION).body["properties"]["vaultId"] == VAULT
    listed = arm("GET", f"{ROOT}/providers/Microsoft.KeyVault/deletedVaults", None, VERSION).body["value"]
    assert [each["name"] for each in listed] == ["kv-contoso"]

    assert arm("POST", f"{DELETED}/purge", None, VERSION).status == 200
    assert put(arm).status == 200


def test_the_vaults_of_a_group_that_is_deleted_are_kept_too(arm: Arm) -> None:
    put(arm)
    arm("DELETE", GROUP)
    arm.group("rg")
    assert put(arm).code == "ConflictError"


def test_purge_protection_keeps_a_deleted_vault_from_being_purged(arm: Arm) -> None:
    put(arm, enablePurgeProtection=True)
    arm("DELETE", VAULT, None, VERSION)
    refused = arm("POST", f"{DELETED}/purge", None, VERSION)
    assert refused.status == 405
    assert "DeletedVaultPurge" in refused.message


def test_a_deleted_vault_is_recovered_with_its_secrets(arm: Arm) -> None:
    put(arm, enablePurgeProtection=True)
    secret = arm("PUT", f"{VAULT}/secrets/pg", {"properties": {"value": "hunter2"}}, VERSION)
    assert "value" not in secret.body["properties"]
    arm("DELETE", VAULT, None, VERSION)
    assert put(arm, createMode="recover").status == 200
    assert arm("GET", VAULT, None, VERSION).body["properties"]["enablePurgeProtection"] is True
    kept = arm("GET", f"{VAULT}/secrets/pg", None, VERSION).body["properties"]
    assert kept == secret.body["properties"]
    assert arm("GET", DELETED, None, VERSION).status == 404


def test_nothing_is_recovered_where_nothing_was_deleted(arm: Arm) -> None:
    assert put(arm, createMode="recover").code == "SoftDeletedVaultDoesNotExist"


def test_a_secret_gets_another_version_with_another_value_and_a_key_stays(arm: Arm) -> None:
    put(arm)
    uris = [
        arm("PUT", f"{VAULT}/secrets/pg", {"properties": {"value": value}}, VERSION).body["properties"]
        for value in ("one", "one", "two")
    ]
    assert uris[0]["secretUri"] == "https://kv-contoso.vault.azure.net/secrets/pg"
    versions = [each["secretUriWithVersion"] for each in uris]
    assert versions[0] == versions[1] != versions[2]
    first, second = (
        arm("PUT", f"{VAULT}/keys/cmk", {"properties": {"kty": "RSA", "keySize": size}}, VERSION).body["properties"]
        for size in (2048, 4096)
    )
    assert first == second


def test_a_private_endpoint_connects_to_a_vault(arm: Arm) -> None:
    put(arm)
    space = {"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}}
    subnet = {"name": "pe", "properties": {"addressPrefix": "10.0.0.0/24"}}
    arm.put(f"{NETWORK}/virtualNetworks/vnet", {"location": "eastus", "properties": {**space, "subnets": [subnet]}})
    link = {"name": "kv", "properties": {"privateLinkServiceId": VAULT, "groupIds": ["vault"]}}
    entry = {
        "subnet": {"id": f"{NETWORK}/virtualNetworks/vnet/subnets/pe"},
        "privateLinkServiceConnections": [link],
    }
    arm.put(f"{NETWORK}/privateEndpoints/pe-kv", {"location": "eastus", "properties": entry})
    hosts = arm.get(f"{NETWORK}/privateEndpoints/pe-kv")["properties"]["customDnsConfigs"]
    assert hosts == [{"fqdn": "kv-contoso.vault.azure.net", "ipAddresses": ["10.0.0.4"]}]
    (connection,) = arm("GET", VAULT, None, VERSION).body["properties"]["privateEndpointConnections"]
    assert connection["properties"]["privateLinkServiceConnectionState"]["status"] == "Approved"


@pytest.mark.parametrize(
    ("location", "host"),
    [("usgovvirginia", "kv-contoso.vault.usgovcloudapi.net"), ("chinanorth3", "kv-contoso.vault.azure.cn")],
)
def test_the_region_says_in_which_cloud_a_vault_is(arm: Arm, location: str, host: str) -> None:
    assert put(arm, location=location).body["properties"]["vaultUri"] == f"https://{host}/"
