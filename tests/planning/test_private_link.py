"""Private DNS zones by service, as Learn's page on private endpoint DNS lists them."""

from __future__ import annotations

import pytest

from planning.private_link import is_private_link, is_registry_zone, serves, zone_of


@pytest.mark.parametrize(
    ("group", "region", "zone"),
    [
        ("registry", "", "privatelink.azurecr.io"),
        ("vault", "", "privatelink.vaultcore.azure.net"),
        ("blob", "", "privatelink.blob.core.windows.net"),
        ("managedEnvironments", "westeurope", "privatelink.westeurope.azurecontainerapps.io"),
        ("management", "eastus", "privatelink.eastus.azmk8s.io"),
        ("managedEnvironments", "", "privatelink.*.azurecontainerapps.io"),
    ],
)
def test_a_group_id_has_the_zone_of_its_service(group: str, region: str, zone: str) -> None:
    assert zone_of(group, region) == zone


def test_an_unknown_group_id_has_none() -> None:
    assert zone_of("aServiceOfTomorrow") is None


@pytest.mark.parametrize(
    ("zone", "group", "answer"),
    [
        ("privatelink.azurecr.io", "registry", True),
        ("PrivateLink.azurecr.us.", "registry", True),
        ("privatelink.azurecr.example", "registry", False),
        ("privatelink.eastus.azurecontainerapps.io", "managedEnvironments", True),
        ("privatelink..azurecontainerapps.io", "managedEnvironments", False),
        ("privatelink.blob.core.windows.net", "file", False),
        ("privatelink.openai.azure.com", "account", True),
        ("privatelink.table.cosmos.azure.com", "Table", True),
        ("privatelink.search.windows.net", "searchService", True),
        ("privatelink.vaultcore.usgovcloudapi.net", "vault", True),
        ("privatelink.blob.core.chinacloudapi.cn", "blob", True),
        ("privatelink.blob.core.chinacloudapi.cn", "file", False),
        ("privatelink.vaultcore.azure.cn", "blob", False),
        ("privatelink.tomorrow.azure.net", "aServiceOfTomorrow", True),
        ("contoso.local", "aServiceOfTomorrow", False),
    ],
)
def test_a_zone_serves_the_services_whose_names_it_contains(zone: str, group: str, *, answer: bool) -> None:
    assert serves(zone, group) is answer


def test_the_zone_of_registries_is_distinguished_from_others_and_from_that_of_a_region() -> None:
    assert is_registry_zone("privatelink.azurecr.cn")
    assert not is_registry_zone("eastus.data.privatelink.azurecr.io")
    assert is_private_link("privatelink.vaultcore.azure.net")
    assert not is_private_link("contoso.privatelink.local")
