"""The host of a consumer's images: pinned, routed by Azure, or that of the fallback of a drained region."""

from __future__ import annotations

import pytest

from planning.endpoints import Endpoints, RegistryShape, endpoints
from planning.image_hosts import PROVEN, Choice, Rotation, image_host, mirror_regions, pull_hosts

REGIONS = frozenset({"eastus", "westeurope", "southeastasia"})
DRAINED = Rotation(frozenset({"eastus"}))
FALLING = Rotation(frozenset({"eastus"}), {"eastus": "westeurope", "westeurope": "eastus"})


def hosts(*, regional: bool = True, data: bool = True) -> Endpoints:
    return endpoints("contoso", RegistryShape(REGIONS, regional_endpoints=regional, data_endpoints=data))


@pytest.mark.parametrize(
    ("region", "choice", "rotation", "expected"),
    [
        ("eastus", "regional", Rotation(), "contoso.eastus.geo.azurecr.io"),
        ("westeurope", "regional", Rotation(), "contoso.westeurope.geo.azurecr.io"),
        ("eastus", "global", Rotation(), "contoso.azurecr.io"),
        ("northeurope", "regional", Rotation(), "contoso.azurecr.io"),
        ("eastus", "regional", DRAINED, "contoso.azurecr.io"),
        ("eastus", "regional", FALLING, "contoso.westeurope.geo.azurecr.io"),
        ("westeurope", "regional", FALLING, "contoso.westeurope.geo.azurecr.io"),
        ("eastus", "global", FALLING, "contoso.azurecr.io"),
    ],
)
def test_the_host_follows_the_choice_and_the_rotation(
    region: str, choice: Choice, rotation: Rotation, expected: str
) -> None:
    assert image_host(hosts(), region, choice, rotation) == expected


def test_without_regional_endpoints_every_image_has_the_global_host() -> None:
    assert image_host(hosts(regional=False), "eastus", "regional", FALLING) == "contoso.azurecr.io"


def test_a_pinned_consumer_needs_the_data_host_of_the_replica_that_it_pulls_from() -> None:
    own = ("contoso.eastus.geo.azurecr.io", "contoso.eastus.data.azurecr.io")
    assert pull_hosts(hosts(), "eastus", "regional", Rotation(), REGIONS) == own
    fallback = ("contoso.westeurope.geo.azurecr.io", "contoso.westeurope.data.azurecr.io")
    assert pull_hosts(hosts(), "eastus", "regional", FALLING, REGIONS) == fallback


def test_a_consumer_of_the_global_host_needs_the_data_host_of_every_routed_replica() -> None:
    routed = {"eastus", "westeurope"}
    assert pull_hosts(hosts(), "eastus", "global", Rotation(), routed) == (
        "contoso.azurecr.io",
        "contoso.eastus.data.azurecr.io",
        "contoso.westeurope.data.azurecr.io",
    )


@pytest.mark.parametrize(
    ("rotation", "routed", "expected"),
    [
        (Rotation(), REGIONS, ("southeastasia", "eastus", "westeurope")),
        (Rotation(), {"eastus", "westeurope"}, ("southeastasia", "eastus", "westeurope")),
        (Rotation(), {"eastus", "southeastasia"}, ("southeastasia", "eastus")),
        (DRAINED, REGIONS, ("southeastasia", "westeurope")),
        (Rotation(frozenset({"southeastasia"})), REGIONS, ()),
        (Rotation(frozenset({"southeastasia"}), {"southeastasia": "westeurope"}), REGIONS, ("westeurope", "eastus")),
    ],
    ids=["all", "own-not-routed", "other-not-routed", "other-drained", "own-drained", "own-drained-with-fallback"],
)
def test_mirrors_are_the_own_region_then_the_routed_ones_that_are_not_drained(
    rotation: Rotation, routed: frozenset[str], expected: tuple[str, ...]
) -> None:
    assert mirror_regions("southeastasia", rotation, routed) == expected


def test_layers_come_from_storage_accounts_without_data_hosts() -> None:
    found = pull_hosts(hosts(data=False), "eastus", "regional", Rotation(), REGIONS)
    assert found == ("contoso.eastus.geo.azurecr.io", "*.blob.core.windows.net")


def test_aks_alone_is_known_to_pull_from_regional_hosts_by_managed_identity() -> None:
    assert [service for service, choice in PROVEN.items() if choice == "regional"] == ["workloads"]
