"""Host names and members, against tables written by hand from the service's announcements of regional endpoints."""

from collections.abc import Iterable

import pytest

from planning.clouds import CLOUDS, CloudName
from planning.endpoints import GROUP_ID, RegistryShape, endpoints, members

THREE = frozenset({"eastus", "westeurope", "southeastasia"})


def shape(
    regions: Iterable[str] = THREE, *, regional: bool = True, data: bool = True, cloud: CloudName = "public"
) -> RegistryShape:
    return RegistryShape(frozenset(regions), regional, data, cloud)


def test_three_regions_with_both_switches_have_one_global_three_data_and_three_regional_hosts() -> None:
    found = endpoints("contosoprod", shape())
    assert found.global_ == "contosoprod.azurecr.io"
    assert found.regional == {
        "eastus": "contosoprod.eastus.geo.azurecr.io",
        "southeastasia": "contosoprod.southeastasia.geo.azurecr.io",
        "westeurope": "contosoprod.westeurope.geo.azurecr.io",
    }
    assert found.data == {
        "eastus": "contosoprod.eastus.data.azurecr.io",
        "southeastasia": "contosoprod.southeastasia.data.azurecr.io",
        "westeurope": "contosoprod.westeurope.data.azurecr.io",
    }
    assert found.storage is None


@pytest.mark.parametrize(
    ("regional", "data", "counts", "storage"),
    [
        (True, True, (1, 3, 3), None),
        (False, True, (1, 0, 3), None),
        (True, False, (1, 3, 0), "*.blob.core.windows.net"),
        (False, False, (1, 0, 0), "*.blob.core.windows.net"),
    ],
)
def test_the_switches_decide_how_many_hosts_there_are(
    regional: bool, data: bool, counts: tuple[int, int, int], storage: str | None
) -> None:
    found = endpoints("contoso", shape(regional=regional, data=data))
    assert (1, len(found.regional), len(found.data)) == counts
    assert found.storage == storage
    assert len(found.hosts()) == sum(counts) + (storage is not None)


@pytest.mark.parametrize(
    ("cloud", "global_host", "data_host", "storage"),
    [
        ("public", "contoso.azurecr.io", "contoso.r1.data.azurecr.io", "*.blob.core.windows.net"),
        ("usgovernment", "contoso.azurecr.us", "contoso.r1.data.azurecr.us", "*.blob.core.usgovcloudapi.net"),
        ("china", "contoso.azurecr.cn", "contoso.r1.data.azurecr.cn", "*.blob.core.chinacloudapi.cn"),
    ],
)
def test_every_cloud_has_suffixes_of_its_own(
    cloud: CloudName, global_host: str, data_host: str, storage: str | None
) -> None:
    with_data = endpoints("contoso", shape({"r1"}, regional=False, cloud=cloud))
    without = endpoints("contoso", shape({"r1"}, regional=False, data=False, cloud=cloud))
    assert with_data.global_ == global_host
    assert with_data.data == {"r1": data_host}
    assert without.storage == storage


@pytest.mark.parametrize(
    ("cloud", "zone"),
    [
        ("public", "privatelink.azurecr.io"),
        ("usgovernment", "privatelink.azurecr.us"),
        ("china", "privatelink.azurecr.cn"),
    ],
)
def test_the_private_link_zone_is_the_clouds(cloud: CloudName, zone: str) -> None:
    assert CLOUDS[cloud].private_link_zone == zone


def test_only_the_public_cloud_has_regional_endpoints() -> None:
    assert [name for name, cloud in CLOUDS.items() if cloud.regional_endpoints] == ["public"]


def test_a_hashed_label_is_in_every_host() -> None:
    found = endpoints("contoso-ffb4cphwfsc2gbgg", shape({"eastus"}))
    assert found.hosts() == (
        "contoso-ffb4cphwfsc2gbgg.azurecr.io",
        "contoso-ffb4cphwfsc2gbgg.eastus.geo.azurecr.io",
        "contoso-ffb4cphwfsc2gbgg.eastus.data.azurecr.io",
    )


def test_host_names_are_in_lower_case_however_the_registry_is_written() -> None:
    assert endpoints("ContosoProd", shape({"eastus"})).regional == {"eastus": "contosoprod.eastus.geo.azurecr.io"}


def test_hosts_are_the_global_one_first_then_regional_then_data_then_storage() -> None:
    assert endpoints("c", shape({"b", "a"}, data=False)).hosts() == (
        "c.azurecr.io",
        "c.a.geo.azurecr.io",
        "c.b.geo.azurecr.io",
        "*.blob.core.windows.net",
    )


def test_exported_names_are_plain_data_under_the_four_kinds() -> None:
    assert endpoints("c", shape({"a"}, regional=False)).as_dict() == {
        "global": "c.azurecr.io",
        "regional": {},
        "data": {"a": "c.a.data.azurecr.io"},
        "storage": None,
    }


def of(
    replicas: tuple[str, ...] = ("westeurope",), *, regional: bool = False, data: bool = False, private: bool = False
) -> RegistryShape:
    return RegistryShape.of(
        "eastus",
        replicas,
        regional_endpoints=regional,
        dedicated_data_endpoints=data,
        private_endpoints=private,
    )


def test_a_private_endpoint_brings_data_hosts_although_nobody_switched_them_on() -> None:
    assert of(private=True).data_endpoints
    assert not of().data_endpoints


def test_home_and_replicas_are_regions_and_a_repeated_one_counts_once() -> None:
    assert of(("westeurope", "eastus", "westeurope")).regions == {"eastus", "westeurope"}


def test_members_of_three_regions_are_seven_with_regional_endpoints() -> None:
    assert members(shape()) == (
        "registry",
        "registry_data_eastus",
        "registry_data_southeastasia",
        "registry_data_westeurope",
        "registry_eastus",
        "registry_southeastasia",
        "registry_westeurope",
    )


@pytest.mark.parametrize(
    ("regions", "regional", "count"),
    [(1, False, 2), (1, True, 3), (2, False, 3), (2, True, 5), (3, False, 4), (3, True, 7), (5, True, 11)],
)
def test_members_are_one_and_n_and_n_more_with_regional_endpoints(regions: int, regional: bool, count: int) -> None:
    assert len(members(shape({f"r{i}" for i in range(regions)}, regional=regional))) == count


def test_every_member_is_counted_once() -> None:
    assert len(set(members(shape()))) == 7


def test_the_order_of_regions_does_not_change_members_or_hosts() -> None:
    one, other = shape(("b", "a", "c")), shape(("c", "b", "a"))
    assert members(one) == members(other)
    assert endpoints("c", one).hosts() == endpoints("c", other).hosts()


def test_regions_are_in_alphabetical_order() -> None:
    """A set has another order in each run, which would show as a change of every list that is made of it."""
    found = shape(set("hgfedcba"))
    assert list(endpoints("c", found).regional) == list("abcdefgh")
    assert list(endpoints("c", found).data) == list("abcdefgh")
    assert [name for name in members(found) if "_data_" in name] == [f"registry_data_{name}" for name in "abcdefgh"]


def test_the_private_link_group_is_called_registry() -> None:
    assert GROUP_ID == "registry"
