"""What Azure shows of resources, read from files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from local_azure.loading.listings import Listing, ListingError, listed, read_listing

SUBSCRIPTION = "/subscriptions/00000000-0000-0000-0000-000000000001"
GROUP = f"{SUBSCRIPTION}/resourceGroups/rg-contoso"
REGISTRY = f"{GROUP}/providers/Microsoft.ContainerRegistry/registries/contoso"
REPLICA = f"{REGISTRY}/replications/westeurope"
LOCK = f"{REGISTRY}/providers/Microsoft.Authorization/locks/keep"

GRAPH_ROW = {
    "id": REGISTRY,
    "name": "contoso",
    "type": "microsoft.containerregistry/registries",
    "tenantId": "00000000-0000-0000-0000-0000000000aa",
    "kind": "",
    "location": "eastus",
    "resourceGroup": "rg-contoso",
    "subscriptionId": "00000000-0000-0000-0000-000000000001",
    "managedBy": "",
    "sku": {"name": "Premium", "tier": "Premium"},
    "plan": None,
    "properties": {"adminUserEnabled": False},
    "tags": None,
    "identity": None,
    "zones": None,
    "extendedLocation": None,
}
"""A row as `az graph query -q resources` prints it: empty columns are there."""


def read(tmp_path: Path, text: str) -> Listing:
    file = tmp_path / "listing.json"
    file.write_text(text, encoding="utf-8")
    return read_listing([file])


@pytest.mark.parametrize(
    "answer",
    [
        {"count": 1, "data": [GRAPH_ROW], "skip_token": None, "total_records": 1},
        {"value": [GRAPH_ROW]},
        [GRAPH_ROW],
        [[GRAPH_ROW]],
        GRAPH_ROW,
    ],
    ids=["query", "list", "array", "arrays", "resource"],
)
def test_the_answers_of_a_query_a_list_and_a_get_are_read(answer: Any) -> None:
    (registry,) = listed([answer])
    assert (registry.id, registry.type, registry.name) == (
        REGISTRY,
        "microsoft.containerregistry/registries",
        "contoso",
    )


def test_columns_of_the_query_that_are_no_part_of_the_resource_are_left_out() -> None:
    (registry,) = listed([GRAPH_ROW])
    assert set(registry.body) == {"id", "name", "type", "location", "sku", "properties"}


def test_several_answers_in_one_file_are_read_one_after_the_other(tmp_path: Path) -> None:
    answers = [{"data": [GRAPH_ROW]}, [{"id": REPLICA}], {"id": LOCK, "properties": {"level": "CanNotDelete"}}]
    listing = read(tmp_path, "\n".join(json.dumps(each) for each in answers))
    assert [each.id for each in listing] == [REGISTRY, REPLICA, LOCK]


def test_a_get_completes_the_summary_of_a_list_whatever_the_letter_case_of_its_id(tmp_path: Path) -> None:
    summary = {"id": REGISTRY, "location": "eastus", "sku": {"name": "Premium"}}
    whole = {"id": REGISTRY.upper(), "sku": {"name": "Premium", "tier": "Premium"}, "properties": {"x": 1}}
    listing = read(tmp_path, json.dumps([summary, whole]))
    found = listing.get(REGISTRY.lower())
    assert len(listing) == 1
    assert found is not None
    assert found.id == REGISTRY
    assert found.body["location"] == "eastus"
    assert found.body["sku"] == {"name": "Premium", "tier": "Premium"}
    assert found.properties == {"x": 1}


def test_children_and_extensions_are_found_below_their_resource() -> None:
    listing = Listing(listed([[{"id": REGISTRY}, {"id": REPLICA}, {"id": LOCK}, {"id": f"{REGISTRY}2"}]]))
    assert [each.id for each in listing.below(REGISTRY)] == [REPLICA, LOCK]
    assert [each.id for each in listing.below(REGISTRY, "Microsoft.Authorization/locks")] == [LOCK]
    assert [each.name for each in listing.of_type("Microsoft.ContainerRegistry/registries")] == ["contoso", "contoso2"]


def test_a_resource_group_of_either_table_has_the_type_of_resource_groups() -> None:
    (group,) = listed([{"id": GROUP, "type": "microsoft.resources/subscriptions/resourcegroups"}])
    assert (group.type, group.name) == ("microsoft.resources/resourcegroups", "rg-contoso")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is empty"),
        ("{", "not JSON"),
        ("[1]", "1 is no resource"),
        ('{"data": [{"count": 7}]}', "an object with count is not the id of a resource"),
        ('{"id": "contoso"}', '"contoso" is not the id of a resource'),
        (json.dumps({"id": f"{REGISTRY}/replications"}), "is not the id of a resource"),
        (json.dumps({"data": [GRAPH_ROW], "skip_token": "abc"}), "is one page of several (it has skip_token)"),
        (json.dumps({"value": [GRAPH_ROW], "nextLink": "https://…"}), "is one page of several (it has nextLink)"),
    ],
)
def test_a_file_that_holds_something_else_is_refused(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(ListingError) as refused:
        read(tmp_path, text)
    assert words in str(refused.value)
    assert str(refused.value).startswith(f"{tmp_path / 'listing.json'}: ")


def test_a_file_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ListingError, match="No such file or directory"):
        read_listing([tmp_path / "nowhere.json"])
