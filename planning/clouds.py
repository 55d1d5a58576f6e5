"""The Azure clouds and the DNS suffixes that each uses for a registry [CLOUD-1].

Regional endpoints are published for the public cloud only [ACR-2].
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

CloudName = Literal["public", "usgovernment", "china"]


@dataclass(frozen=True, slots=True)
class Cloud:
    """Suffixes of one cloud.

    Attributes:
        registry_suffix: what follows a registry's name in its global host name, without a leading dot.
        blob_suffix: what follows a storage account's name in its blob host name, without a leading dot.
        regional_endpoints: whether registries of this cloud can be given regional host names.
        vault_suffix: what follows a key vault's name in its host name, without a leading dot.
    """

    registry_suffix: str
    blob_suffix: str
    regional_endpoints: bool
    vault_suffix: str

    @property
    def private_link_zone(self) -> str:
        """The private DNS zone that a registry's private endpoint feeds [DNS-1]."""
        return f"privatelink.{self.registry_suffix}"

    @property
    def vault_zone(self) -> str:
        """The private DNS zone that a key vault's private endpoint feeds [PE-ZONES]."""
        return f"privatelink.{self.vault_suffix.replace('vault.', 'vaultcore.', 1)}"


CLOUDS: dict[CloudName, Cloud] = {
    "public": Cloud("azurecr.io", "blob.core.windows.net", regional_endpoints=True, vault_suffix="vault.azure.net"),
    "usgovernment": Cloud(
        "azurecr.us",
        "blob.core.usgovcloudapi.net",
        regional_endpoints=False,
        vault_suffix="vault.usgovcloudapi.net",
    ),
    "china": Cloud("azurecr.cn", "blob.core.chinacloudapi.cn", regional_endpoints=False, vault_suffix="vault.azure.cn"),
}
