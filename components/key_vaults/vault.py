"""A key vault with its keys.

It owns both. It deliberately does not own private endpoints, role assignments or secrets, whose values would be in the state.
[KV-ARM, KV-ROTATION]
"""

from collections.abc import Mapping
from typing import Any

import pulumi
import pulumi_azure_native as azure_native

from components.key_vaults.spec import KeySpec, KeyVaultSpec, RotationSpec


class Vault(pulumi.ComponentResource):
    """One vault. Makes Microsoft.KeyVault/vaults and one Microsoft.KeyVault/vaults/keys per key.

    ``key_urls`` are the identifiers of the keys without a version, by name. ``resource`` is the vault itself, for
    ``replace_with`` of private endpoints.
    """

    id: pulumi.Output[str]
    name: pulumi.Output[str]
    uri: pulumi.Output[str]
    """Address of the vault, such as https://contoso.vault.azure.net/."""
    key_urls: pulumi.Output[Mapping[str, str]]
    """Identifiers of the keys without a version, by name."""

    def __init__(
        self,
        name: str,
        spec: KeyVaultSpec,
        *,
        vault_name: str,
        location: str,
        resource_group_name: pulumi.Input[str],
        tags: dict[str, str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the vault.

        Args:
            name: logical name; children's names start with it.
            spec: the vault.
            vault_name: physical name.
            location: region.
            resource_group_name: where it goes.
            tags: set on vault and keys.
            opts: options of the component itself.
        """
        super().__init__("moorings:key_vaults:Vault", name, None, opts)
        self._group, self._tags, self._protect = resource_group_name, tags, spec.protect
        session = azure_native.authorization.get_client_config_output(opts=pulumi.InvokeOutputOptions(parent=self))
        self.resource = vault = azure_native.keyvault.Vault(
            f"{name}-vault",
            vault_name=vault_name,
            location=location,
            resource_group_name=resource_group_name,
            tags=tags,
            properties=_properties(spec, session.tenant_id),
            opts=pulumi.ResourceOptions(parent=self, protect=spec.protect),
        )
        keys = {key: self._key(vault, key, each) for key, each in spec.keys.items()}
        self.id, self.name = vault.id, vault.name
        self.uri = vault.properties.apply(lambda shown: shown.vault_uri or "")
        self.key_urls = pulumi.Output.all(**{key: each.key_uri for key, each in keys.items()})
        self.register_outputs({"id": self.id, "name": self.name, "uri": self.uri, "key_urls": self.key_urls})

    def _key(self, vault: "azure_native.keyvault.Vault", key: str, spec: KeySpec) -> "azure_native.keyvault.Key":
        properties: Any = {
            "kty": spec.type,
            "key_size": spec.size,
            **({"rotation_policy": _rotation(spec.rotation)} if spec.rotation else {}),
        }
        return azure_native.keyvault.Key(
            f"{self.pulumi_resource_name}-key-{key}",
            key_name=key,
            vault_name=vault.name,
            resource_group_name=self._group,
            tags=self._tags,
            properties=properties,
            opts=pulumi.ResourceOptions(parent=self, protect=self._protect),
        )


def _properties(spec: KeyVaultSpec, tenant_id: pulumi.Input[str]) -> Any:
    return {
        "tenant_id": tenant_id,
        "sku": {"family": "A", "name": spec.sku},
        "enable_rbac_authorization": True,
        "soft_delete_retention_in_days": spec.soft_delete_retention_days,
        # Azure refuses false, even where the vault never had it [KV-ARM].
        **({"enable_purge_protection": True} if spec.purge_protection else {}),
        "public_network_access": spec.public_network_access,
        "network_acls": {
            "bypass": "AzureServices" if spec.trusted_services_bypass else "None",
            "default_action": spec.default_action,
            "ip_rules": [{"value": rule} for rule in spec.ip_rules],
        },
    }


def _rotation(rotation: RotationSpec) -> dict[str, Any]:
    """ARM's rotation policy, with durations of ISO 8601."""
    actions: list[dict[str, Any]] = [
        {"action": {"type": "rotate"}, "trigger": {"time_after_create": f"P{rotation.rotate_after_days}D"}}
    ]
    if rotation.notify_before_days is not None:
        actions.append(
            {"action": {"type": "notify"}, "trigger": {"time_before_expiry": f"P{rotation.notify_before_days}D"}}
        )
    expiry = rotation.expires_after_days
    return {
        "lifetime_actions": actions,
        **({"attributes": {"expiry_time": f"P{expiry}D"}} if expiry is not None else {}),
    }
