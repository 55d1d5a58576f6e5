"""Zones and their links."""

from collections.abc import Callable

import pytest

from components.dns.spec import ZoneSpec
from components.dns.zone import Zone
from components.testing import Recording
from tests.components.azure_answers import answers

Record = Callable[..., Recording]
TAGS = {"owner": "platform"}


def zone() -> Zone:
    return Zone(
        "z",
        zone_name="privatelink.azurecr.io",
        networks={"eastus": "eastus-id", "westus3": "westus3-id"},
        resource_group_name="rg",
        tags=TAGS,
    )


@pytest.fixture
def recording(record: Record) -> Recording:
    return record(zone, answers=answers())


def test_a_zone_and_a_link_per_network_are_made_and_nothing_else(recording: Recording) -> None:
    assert {(found.type.rsplit(":", 1)[-1], found.name) for found in recording} == {
        ("Zone", "z"),
        ("PrivateZone", "z-zone"),
        ("VirtualNetworkLink", "z-link-eastus"),
        ("VirtualNetworkLink", "z-link-westus3"),
    }
    assert {found.parent for found in recording if found.custom} == {recording.urn_of(recording.named("z"))}


def test_a_zone_is_global(recording: Recording) -> None:
    assert recording.one("PrivateZone").inputs == {
        "privateZoneName": "privatelink.azurecr.io",
        "resourceGroupName": "rg",
        "location": "global",
        "tags": TAGS,
    }


def test_a_link_registers_no_machines(recording: Recording) -> None:
    assert recording.named("z-link-westus3").inputs == {
        "virtualNetworkLinkName": "westus3",
        "privateZoneName": "privatelink.azurecr.io",
        "virtualNetwork": {"id": "westus3-id"},
        "registrationEnabled": False,
        "resourceGroupName": "rg",
        "location": "global",
        "tags": TAGS,
    }


def test_the_outputs_are_the_zones_id_and_name(recording: Recording) -> None:
    assert recording.component_outputs("z") == {"id": "z-zone-id", "name": "privatelink.azurecr.io"}


@pytest.mark.parametrize(
    ("links", "linked"), [([], ("home",)), (["a", "b"], ("a", "b")), (["a", "home", "a"], ("a", "home"))]
)
def test_a_zone_is_linked_to_its_home_unless_links_are_stated_and_once_each(
    links: list[str], linked: tuple[str, ...]
) -> None:
    assert ZoneSpec(network="home", links=links).linked == linked
