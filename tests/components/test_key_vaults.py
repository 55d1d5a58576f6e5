"""Key vaults: what their component sends, and what their spec refuses."""

from collections.abc import Callable
from typing import Any

import pytest
from pydantic import ValidationError

from components.key_vaults.private_endpoint import VaultEndpoint
from components.key_vaults.spec import KeyVaultSpec
from components.key_vaults.vault import Vault
from components.testing import Recording

Record = Callable[..., Recording]

PLACE = {"location": "eastus", "resource_group_name": "rg", "tags": {"environment": "test"}}


def vault(described: dict[str, Any]) -> Vault:
    return Vault("v", KeyVaultSpec.model_validate(described), vault_name="contosokv", **PLACE)


def test_a_vault_is_authorized_by_roles_and_closed_with_purge_protection_by_default(record: Record) -> None:
    found = record(lambda: vault({})).one("keyvault:Vault")
    assert found.protect
    assert found.inputs["vaultName"] == "contosokv"
    assert found.inputs["properties"] == {
        "tenantId": "00000000-0000-0000-0000-0000000000aa",
        "sku": {"family": "A", "name": "standard"},
        "enableRbacAuthorization": True,
        "softDeleteRetentionInDays": 90,
        "enablePurgeProtection": True,
        "publicNetworkAccess": "Disabled",
        "networkAcls": {"bypass": "AzureServices", "defaultAction": "Deny", "ipRules": []},
    }


def test_a_vault_without_purge_protection_sends_none(record: Record) -> None:
    found = record(lambda: vault({"purge_protection": False, "protect": False})).one("keyvault:Vault")
    assert "enablePurgeProtection" not in found.inputs["properties"]
    assert not found.protect


def test_network_rules_are_as_stated(record: Record) -> None:
    stated = {
        "public_network_access": "Enabled",
        "default_action": "Allow",
        "ip_rules": ["203.0.113.7"],
        "trusted_services_bypass": False,
    }
    properties = record(lambda: vault(stated)).one("keyvault:Vault").inputs["properties"]
    assert properties["publicNetworkAccess"] == "Enabled"
    assert properties["networkAcls"] == {
        "bypass": "None",
        "defaultAction": "Allow",
        "ipRules": [{"value": "203.0.113.7"}],
    }


def test_a_key_is_rotated_once_a_year_by_default(record: Record) -> None:
    found = record(lambda: vault({"keys": {"registry": {}}})).one("keyvault:Key")
    assert found.inputs["keyName"] == "registry"
    assert found.inputs["properties"] == {
        "kty": "RSA",
        "keySize": 3072,
        "rotationPolicy": {
            "lifetimeActions": [{"action": {"type": "rotate"}, "trigger": {"timeAfterCreate": "P365D"}}]
        },
    }


def test_a_key_expires_and_notifies_as_stated(record: Record) -> None:
    rotation = {"rotate_after_days": 60, "expires_after_days": 90, "notify_before_days": 20}
    keys = {"k": {"type": "RSA-HSM", "size": 4096, "rotation": rotation}}
    properties = record(lambda: vault({"sku": "premium", "keys": keys})).one("keyvault:Key").inputs["properties"]
    assert (properties["kty"], properties["keySize"]) == ("RSA-HSM", 4096)
    assert properties["rotationPolicy"] == {
        "attributes": {"expiryTime": "P90D"},
        "lifetimeActions": [
            {"action": {"type": "rotate"}, "trigger": {"timeAfterCreate": "P60D"}},
            {"action": {"type": "notify"}, "trigger": {"timeBeforeExpiry": "P20D"}},
        ],
    }


def test_a_key_that_is_never_rotated_has_no_policy(record: Record) -> None:
    found = record(lambda: vault({"keys": {"k": {"rotation": None}}})).one("keyvault:Key")
    assert "rotationPolicy" not in found.inputs["properties"]


@pytest.mark.parametrize(
    ("described", "problem"),
    [
        ({"keys": {"k": {"type": "RSA-HSM"}}}, "needs a vault with sku premium"),
        ({"keys": {"k": {"rotation": {"expires_after_days": 90}}}}, "after 83"),
        ({"keys": {"k": {"rotation": {"notify_before_days": 30}}}}, "versions do not expire"),
        ({"keys": {"k_1": {}}}, "is not a name for a key or secret of a key vault"),
        ({"keys": {"k": {"rotation": {"rotate_after_days": 6}}}}, "greater than or equal to 7"),
        ({"soft_delete_retention_days": 6}, "greater than or equal to 7"),
        (
            {"id": "/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/v", "keys": {"k": {}}},
            "made elsewhere",
        ),
    ],
)
def test_what_azure_refuses_is_refused(described: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValidationError, match=problem):
        KeyVaultSpec.model_validate(described)


def test_a_private_endpoint_reaches_the_vault_and_feeds_its_zone(record: Record) -> None:
    recording = record(
        lambda: VaultEndpoint(
            "p",
            endpoint_name="pe",
            interface_name="nic",
            service_id="/vault",
            subnet_id="/subnet",
            zone_id="/zone",
            **PLACE,
        )
    )
    connection = recording.one("network:PrivateEndpoint").inputs["privateLinkServiceConnections"]
    assert connection == [{"name": "pe", "privateLinkServiceId": "/vault", "groupIds": ["vault"]}]
    assert recording.one("network:PrivateDnsZoneGroup").inputs["privateDnsZoneConfigs"][0]["name"] == "vault"
