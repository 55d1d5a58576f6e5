"""What becomes of the resources that Azure shows: the description, the differences, and what is not expressed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from local_azure.loading.listings import Listing, listed
from tests.tools.adopt import estates
from tools.adopt.adoption import Adoption, Wanted, adopt
from tools.adopt.description import at
from tools.adopt.estate import AdoptionError

Json = dict[str, Any]


def adopted(bodies: Mapping[str, Json], tmp_path: Path, **wanted: Any) -> Adoption:
    return adopt(Listing(listed([list(bodies.values())])), Wanted("corp", directory=tmp_path, **wanted))


def test_a_resource_with_another_name_states_it(tmp_path: Path) -> None:
    found = adopted(estates.bodies(), tmp_path)
    network = at(found.described, ("networks", "westeurope"))
    assert network["name"] == "corp-net"
    assert network["subnets"]["endpoints"]["security_group_name"] == "corp-endpoints"
    assert at(found.described, ("registry", "private_endpoints")) == {
        "corpimages-endpoint": {
            "name": "corpimages-endpoint",
            "network_interface_name": estates.INTERFACE.rpartition("/")[2],
            "connection_name": "to-registry",
            "network": "westeurope",
            "subnet": "endpoints",
            "dns_zones": ["privatelink-azurecr-io"],
        }
    }


def test_a_rule_of_a_security_group_is_described(tmp_path: Path) -> None:
    found = adopted(estates.bodies(), tmp_path)
    assert at(found.described, ("networks", "westeurope", "subnets", "endpoints", "security_rules")) == {
        "from-office": {
            "priority": 200,
            "direction": "Inbound",
            "access": "Allow",
            "source": "192.168.0.0/16",
            "destination": "*",
            "destination_ports": ["443"],
        }
    }


def test_a_zone_that_is_not_shown_is_made_elsewhere(tmp_path: Path) -> None:
    found = adopted(estates.bodies(), tmp_path)
    assert at(found.described, ("dns", "zones")) == {"privatelink-azurecr-io": {"id": estates.ZONE}}


def test_a_resource_group_that_is_not_shown_is_made_elsewhere(tmp_path: Path) -> None:
    found = adopted(estates.bodies(), tmp_path)
    assert at(found.described, ("resource_groups",)) == {
        "network-westeurope": {"id": estates.GROUP},
        "registry": {"id": estates.GROUP},
    }
    assert not [each for each in found.planned if each.type.endswith(":ResourceGroup")]


def test_a_resource_group_that_is_shown_is_named(tmp_path: Path) -> None:
    group = {"id": estates.GROUP, "location": "northeurope"}
    found = adopted({**estates.bodies(), estates.GROUP: group}, tmp_path)
    assert at(found.described, ("resource_groups", "registry")) == {"name": "Images", "location": "northeurope"}
    made = [each for each in found.planned if each.type.endswith(":ResourceGroup")]
    assert [each.arm_id for each in made] == [estates.GROUP]


def test_everything_of_the_estate_is_planned_under_its_own_id_and_nothing_would_change(tmp_path: Path) -> None:
    found = adopted(estates.bodies(), tmp_path)
    assert {each.arm_id.lower() for each in found.planned if each.custom} == {
        each.lower() for each in estates.bodies() if each != estates.INTERFACE
    }
    assert (found.differences, found.missing, found.remarks) == ((), (), ())


def test_a_setting_that_the_description_cannot_express_would_change(tmp_path: Path) -> None:
    bodies = estates.bodies()
    bodies[estates.NETWORK]["properties"]["enableDdosProtection"] = True
    (found,) = adopted(bodies, tmp_path).differences
    assert (found.id, found.property, found.have, found.want) == (estates.NETWORK, "enableDdosProtection", True, False)


def test_tags_that_most_resources_have_are_the_stacks_and_another_tag_is_the_entrys(tmp_path: Path) -> None:
    bodies = estates.bodies()
    for body in bodies.values():
        if "location" in body and body["id"] != estates.INTERFACE:
            body["tags"] = {"owner": "images"}
    bodies[estates.REGISTRY]["tags"]["reviewed"] = "2026"
    found = adopted(bodies, tmp_path)
    assert at(found.described, ("tags",)) == {"owner": "images"}
    assert at(found.described, ("registry", "tags")) == {"reviewed": "2026"}
    assert found.differences == ()


def test_a_tag_of_a_network_that_its_security_groups_do_not_have_would_be_added_there(tmp_path: Path) -> None:
    bodies = estates.bodies()
    bodies[estates.NETWORK]["tags"] = {"reviewed": "2026"}
    found = adopted(bodies, tmp_path)
    assert at(found.described, ("networks", "westeurope", "tags")) == {"reviewed": "2026"}
    assert [(each.id, each.property, each.want) for each in found.differences] == [
        (estates.SECURITY, "tags", {"reviewed": "2026"})
    ]


def test_a_resource_of_another_kind_is_listed_and_left_alone(tmp_path: Path) -> None:
    other = f"{estates.GROUP}/providers/Microsoft.Compute/virtualMachines/build"
    found = adopted({**estates.bodies(), other: {"id": other, "location": "westeurope"}}, tmp_path)
    assert [(each.id, each.property) for each in found.remarks] == [(other, "")]


def test_a_peering_with_a_network_made_elsewhere_is_listed_with_its_id(tmp_path: Path) -> None:
    bodies = estates.bodies()
    far = f"{estates.HUB}/providers/Microsoft.Network/virtualNetworks/hub"
    bodies[estates.NETWORK]["properties"]["virtualNetworkPeerings"] = [
        {"name": "to-hub", "properties": {"remoteVirtualNetwork": {"id": far}}}
    ]
    found = adopted(bodies, tmp_path)
    assert [(each.id, far in each.reason) for each in found.remarks] == [
        (f"{estates.NETWORK}/virtualNetworkPeerings/to-hub", True)
    ]


def test_what_the_registrys_api_version_does_not_show_is_asked_for(tmp_path: Path) -> None:
    bodies = estates.bodies()
    del bodies[estates.REGISTRY]["properties"]["regionalEndpoints"]
    remark = next(each for each in adopted(bodies, tmp_path).remarks if each.property == "regionalEndpoints")
    assert "az rest --method get" in remark.reason
    assert "api-version=2026-03-01-preview" in remark.reason


def test_groups_of_others_are_left_out(tmp_path: Path) -> None:
    zone = (
        f"{estates.SUBSCRIPTION}/resourceGroups/dns/providers/Microsoft.Network/privateDnsZones/privatelink.azurecr.io"
    )
    bodies = {**estates.bodies(), zone: {"id": zone, "location": "global"}}
    group = bodies[f"{estates.ENDPOINT}/privateDnsZoneGroups/default"]
    group["properties"]["privateDnsZoneConfigs"][0]["properties"]["privateDnsZoneId"] = zone
    found = adopted(bodies, tmp_path, elsewhere=["DNS"])
    assert at(found.described, ("dns", "zones", "privatelink-azurecr-io")) == {"id": zone}


@pytest.mark.parametrize(("names", "words"), [((), "none is shown"), (("one", "two"), "one, two are shown")])
def test_a_stack_adopts_one_registry(names: tuple[str, ...], words: str, tmp_path: Path) -> None:
    ids = [f"{estates.GROUP}/providers/Microsoft.ContainerRegistry/registries/{name}" for name in names]
    with pytest.raises(AdoptionError, match=words):
        adopted({each: {"id": each} for each in ids}, tmp_path)
