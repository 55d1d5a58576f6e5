"""Zones and their links."""

from collections.abc import Callable

import pytest
from pydantic import ValidationError

from components.dns.spec import ResolutionPolicy, ZoneSpec
from components.dns.zone import Zone
from components.testing import Recording
from tests.components.azure_answers import answers

Record = Callable[..., Recording]
TAGS = {"owner": "platform"}


def zone(policy: ResolutionPolicy = "Default") -> Zone:
    return Zone(
        "z",
        resolution_policy=policy,
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


def test_a_network_falls_back_to_public_dns_only_where_that_is_stated(record: Record) -> None:
    def stated(policy: ResolutionPolicy) -> object:
        found = record(lambda: zone(policy), answers=answers())
        return found.named("z-link-westus3").inputs.get("resolutionPolicy")

    assert (stated("Default"), stated("NxDomainRedirect")) == (None, "NxDomainRedirect")


def test_the_fallback_is_refused_for_a_zone_that_is_not_of_private_link() -> None:
    with pytest.raises(ValidationError, match=r"applies to private-link zones only.*\[DNS-7\]"):
        ZoneSpec(name="internal.contoso.example", network="eastus", resolution_policy="NxDomainRedirect")
    assert ZoneSpec(network="eastus", resolution_policy="NxDomainRedirect").linked == ("eastus",)
