"""Relations by id, by name, and by dependencies while nothing has an id."""

from __future__ import annotations

import pytest

from policies.model import Graph, Undetermined
from tests.policies.builders import (
    ENDPOINT_TOKEN,
    GROUP_TOKEN,
    NETWORK_TOKEN,
    REPLICATION_TOKEN,
    SUBNET_TOKEN,
    UNKNOWN_STRING,
    make,
    urn_of,
)

REGISTRY = "Microsoft.ContainerRegistry/registries"
ENDPOINT = "Microsoft.Network/privateEndpoints"


def registry_id(name: str, group: str = "rg") -> str:
    return f"/subscriptions/0/resourceGroups/{group}/providers/Microsoft.ContainerRegistry/registries/{name}"


def endpoint(target: str, **more: object) -> dict[str, object]:
    return {"privateLinkServiceConnections": [{"privateLinkServiceId": target}], **more}


def test_resources_are_found_by_type_in_any_case() -> None:
    graph = Graph([make("r", registryName="contoso"), make("v", NETWORK_TOKEN)])
    assert [each.name for each in graph.of("microsoft.containerregistry/REGISTRIES")] == ["r"]


def test_a_known_id_points_at_a_resource() -> None:
    graph = Graph(
        [
            make("r", registryName="contoso", resourceGroupName="rg"),
            make("e", ENDPOINT_TOKEN, **endpoint(registry_id("CONTOSO", "RG"))),
        ]
    )
    found = graph.references(graph.of(ENDPOINT)[0], "privateLinkServiceConnections")
    assert [each.name for each in found] == ["r"]
    assert [each.name for each in graph.referrers(graph.of(REGISTRY)[0])] == ["e"]


def test_an_id_in_another_group_points_outside_the_program() -> None:
    graph = Graph(
        [
            make("r", registryName="contoso", resourceGroupName="rg"),
            make("e", ENDPOINT_TOKEN, **endpoint(registry_id("contoso", "other"))),
        ]
    )
    assert graph.references(graph.of(ENDPOINT)[0], "privateLinkServiceConnections") == []


def test_an_unknown_id_points_at_what_it_was_made_from() -> None:
    graph = Graph(
        [
            make("r", registryName="contoso"),
            make(
                "e",
                ENDPOINT_TOKEN,
                {"privateLinkServiceConnections": [urn_of("r")]},
                **endpoint(UNKNOWN_STRING),
            ),
        ]
    )
    found = graph.references(graph.of(ENDPOINT)[0], "privateLinkServiceConnections.0.privateLinkServiceId", REGISTRY)
    assert [each.name for each in found] == ["r"]


def test_an_id_of_a_subnet_inside_its_network_points_at_the_network() -> None:
    network = "/subscriptions/0/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v"
    graph = Graph(
        [
            make("v", NETWORK_TOKEN, virtualNetworkName="v", resourceGroupName="rg"),
            make("e", ENDPOINT_TOKEN, subnet={"id": f"{network}/subnets/registry"}),
        ]
    )
    assert [each.name for each in graph.references(graph.of(ENDPOINT)[0], "subnet.id")] == ["v"]


def test_an_id_of_a_subnet_of_its_own_points_at_the_subnet() -> None:
    network = "/subscriptions/0/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v"
    graph = Graph(
        [
            make("v", NETWORK_TOKEN, virtualNetworkName="v", resourceGroupName="rg"),
            make("w", NETWORK_TOKEN, virtualNetworkName="w", resourceGroupName="rg"),
            make("ws", SUBNET_TOKEN, virtualNetworkName="w", subnetName="registry", resourceGroupName="rg"),
            make("vs", SUBNET_TOKEN, virtualNetworkName="v", subnetName="registry", resourceGroupName="rg"),
            make("e", ENDPOINT_TOKEN, subnet={"id": f"{network}/subnets/registry"}),
        ]
    )
    assert [each.name for each in graph.references(graph.of(ENDPOINT)[0], "subnet")] == ["vs"]
    assert [each.name for each in graph.children(graph.resources[0])] == ["vs"]


def test_children_are_found_by_name_and_by_dependency() -> None:
    graph = Graph(
        [
            make("r", registryName="contoso"),
            make("named", REPLICATION_TOKEN, registryName="Contoso", replicationName="a"),
            make("made", REPLICATION_TOKEN, {"registryName": [urn_of("r")]}, registryName=UNKNOWN_STRING),
            make("other", REPLICATION_TOKEN, registryName="fabrikam", replicationName="b"),
        ]
    )
    assert [each.name for each in graph.children(graph.resources[0])] == ["named", "made"]


def test_the_same_name_in_two_groups_are_distinguished_by_the_group_while_that_is_unknown() -> None:
    zone, link = "azure-native:privatedns:PrivateZone", "azure-native:privatedns:VirtualNetworkLink"
    groups = [make(f"g{i}", GROUP_TOKEN, resourceGroupName=f"rg{i}", location="eastus") for i in "ab"]
    zones = [
        make(
            f"z{i}",
            zone,
            {"resourceGroupName": [urn_of(f"g{i}", GROUP_TOKEN)]},
            privateZoneName="privatelink.azurecr.io",
            resourceGroupName=UNKNOWN_STRING,
        )
        for i in "ab"
    ]
    linked = make(
        "l",
        link,
        {"resourceGroupName": [urn_of("gb", GROUP_TOKEN)]},
        privateZoneName="privatelink.azurecr.io",
        resourceGroupName=UNKNOWN_STRING,
    )
    graph = Graph([*groups, *zones, linked])
    parent = graph.arm_parent(linked)
    assert parent is zones[1]


def test_a_resource_without_a_location_is_where_its_group_is() -> None:
    group = make("g", GROUP_TOKEN, resourceGroupName="rg", location="West Europe")
    registry = make("r", registryName="contoso", resourceGroupName="rg")
    assert Graph([group, registry]).location(registry) == "westeurope"


def test_a_location_made_from_the_groups_is_the_groups() -> None:
    group = make("g", GROUP_TOKEN, resourceGroupName="rg", location="eastus")
    registry = make("r", made_from={"location": [group.urn]}, location=UNKNOWN_STRING)
    assert Graph([group, registry]).location(registry) == "eastus"


def test_a_location_of_unknown_making_is_undetermined() -> None:
    registry = make("r", location=UNKNOWN_STRING)
    with pytest.raises(Undetermined):
        Graph([registry]).location(registry)


def test_a_dependency_on_a_component_means_what_it_holds() -> None:
    component = make("c", "moorings:registry:Registry")
    registry = make("r", registryName="contoso")
    object.__setattr__(registry, "parent", component.urn)
    pointing = make("e", ENDPOINT_TOKEN, {"subnet": [component.urn]}, subnet=UNKNOWN_STRING)
    graph = Graph([component, registry, pointing])
    assert [each.name for each in graph.references(pointing, "subnet")] == ["r"]
