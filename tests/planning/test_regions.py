"""Region names: their form, the table, and what a mistyped one was meant to be."""

import pytest

from planning.regions import REGIONS, ZONED, is_known, is_well_formed, normalise, suggestion, zone_problem, zones_of


@pytest.mark.parametrize("name", ["eastus", "eastus2", "westeurope", "chinanorth3", "notopenedyet"])
def test_arms_form_is_well_formed_known_or_not(name: str) -> None:
    assert is_well_formed(name)


@pytest.mark.parametrize("name", ["West Europe", "EastUS", "east-us", "2eastus", "eastus22", "", "eastus\n", "ostüste"])
def test_any_other_form_is_not(name: str) -> None:
    assert not is_well_formed(name)


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("West Europe", "westeurope"),
        ("East US 2", "eastus2"),
        ("westeurop", "westeurope"),
        ("southeast-asia", "southeastasia"),
        ("swedencentrl", "swedencentral"),
        ("atlantis", None),
    ],
)
def test_a_mistyped_region_is_reported_with_a_suggestion(name: str, meant: str | None) -> None:
    assert suggestion(name) == meant


def test_a_suggestion_stays_within_the_cloud() -> None:
    assert suggestion("usgov virginia", "usgovernment") == "usgovvirginia"
    assert suggestion("chinanorth 3", "china") == "chinanorth3"


def test_clouds_share_no_region() -> None:
    assert is_known("eastus")
    assert not is_known("eastus", "china")
    assert not REGIONS["public"] & REGIONS["usgovernment"]
    assert not REGIONS["public"] & REGIONS["china"]


def test_every_region_of_the_table_is_in_arms_form_and_normal() -> None:
    for names in REGIONS.values():
        assert all(is_well_formed(name) and normalise(name) == name for name in names)


@pytest.mark.parametrize(("region", "zones"), [("westeurope", 3), ("westus", 0), ("nowhere", 0)])
def test_a_region_has_three_zones_or_none(region: str, zones: int) -> None:
    assert len(zones_of(region)) == zones


def test_every_region_with_zones_is_a_region() -> None:
    assert set().union(*REGIONS.values()) >= ZONED


@pytest.mark.parametrize("region", ["westus", "usgovtexas", "chinanorth2"])
def test_zones_are_refused_where_a_region_is_known_to_have_none(region: str) -> None:
    assert zone_problem(region, "1, 2", "remove them") == (
        f"1, 2: {region} has no availability zones; remove them [REGION-2]"
    )


@pytest.mark.parametrize("region", ["westeurope", "usgovvirginia", "notopenedyet"])
def test_zones_are_let_through_where_a_region_has_them_or_is_not_known(region: str) -> None:
    assert zone_problem(region, "1", "remove it") is None
