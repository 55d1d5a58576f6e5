"""Graphs from saved states, previews and event logs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from planning.problems import SpecError
from policies.fronts.offline import load
from policies.model import Graph
from tests.policies.builders import ENDPOINT_TOKEN, REGISTRY_TOKEN, UNKNOWN_STRING, urn_of

REGISTRY = {
    "type": REGISTRY_TOKEN,
    "urn": urn_of("r"),
    "id": "/subscriptions/0/resourceGroups/rg/providers/Microsoft.ContainerRegistry/registries/contoso",
    "custom": True,
    "protect": True,
    "inputs": {"registryName": "contoso", "location": "eastus"},
    "outputs": {"location": "elsewhere"},
    "sourcePosition": "project:///__main__.py#7",
}
ENDPOINT = {
    "type": ENDPOINT_TOKEN,
    "urn": urn_of("e", ENDPOINT_TOKEN),
    "inputs": {"subnet": UNKNOWN_STRING},
    "dependencies": [urn_of("r"), urn_of("x")],
    "propertyDependencies": {"subnet": [urn_of("r")]},
}


def read(folder: Path, text: str) -> tuple[Graph, str]:
    path = folder / "file.json"
    path.write_text(text, encoding="utf-8")
    return load(path)


def state(*resources: Any) -> str:
    return json.dumps({"version": 3, "deployment": {"resources": resources}})


def test_a_state_gives_inputs_ids_and_relations(tmp_path: Path) -> None:
    graph, stack = read(tmp_path, state(REGISTRY, ENDPOINT))
    registry, endpoint = graph.resources
    assert stack == "test"
    assert registry.value("location") == "eastus"
    assert (registry.protect, registry.source, registry.id) == (True, "__main__.py#7", REGISTRY["id"])
    assert graph.references(endpoint, "subnet") == [registry]
    assert endpoint.dependencies[""] == (urn_of("x"),)


def test_what_is_only_read_is_marked_and_what_is_being_deleted_is_left_out(tmp_path: Path) -> None:
    graph, _ = read(tmp_path, state({**REGISTRY, "external": True}, {**ENDPOINT, "delete": True}))
    assert [(each.name, each.external) for each in graph.resources] == [("r", True)]


def test_a_checkpoint_is_a_state(tmp_path: Path) -> None:
    graph, _ = read(tmp_path, json.dumps({"version": 3, "checkpoint": {"latest": {"resources": [REGISTRY]}}}))
    assert len(graph.resources) == 1


def test_a_preview_gives_what_will_be(tmp_path: Path) -> None:
    steps = [
        {"op": "delete", "urn": urn_of("gone"), "oldState": {**REGISTRY, "urn": urn_of("gone")}},
        {"op": "create", "urn": urn_of("r"), "newState": REGISTRY},
        {"op": "create", "urn": ENDPOINT["urn"], "newState": ENDPOINT},
    ]
    graph, _ = read(tmp_path, "the program says hello\n" + json.dumps({"steps": steps}))
    assert [each.name for each in graph.resources] == ["r", "e"]
    assert graph.referrers(graph.resources[0]) == [graph.resources[1]]


def test_a_log_of_events_gives_what_will_be(tmp_path: Path) -> None:
    events = [
        {"sequence": 0, "preludeEvent": {}},
        {"sequence": 1, "resourcePreEvent": {"metadata": {"op": "create", "urn": urn_of("r"), "new": REGISTRY}}},
        {"sequence": 2, "resourcePreEvent": {"metadata": {"op": "delete", "urn": urn_of("e"), "old": ENDPOINT}}},
    ]
    graph, _ = read(tmp_path, "\n".join(map(json.dumps, events)))
    assert [each.name for each in graph.resources] == ["r"]


def test_a_resource_that_is_replaced_exists_once(tmp_path: Path) -> None:
    replaced = {**REGISTRY, "inputs": {"location": "westeurope"}}
    steps = [{"op": op, "newState": replaced} for op in ("create-replacement", "replace")]
    graph, _ = read(tmp_path, json.dumps({"steps": [*steps, {"op": "delete-replaced", "newState": REGISTRY}]}))
    assert [each.value("location") for each in graph.resources] == ["westeurope"]


def test_an_empty_state_has_no_resources(tmp_path: Path) -> None:
    graph, stack = read(tmp_path, state())
    assert (graph.resources, stack) == ((), "")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no json",
        "[]",
        "{}",
        '{"steps": 3}',
        '{"steps": [{"op": "create", "newState": {"type": "a:b:C"}}]}',
        '{"deployment": {"resources": [{"urn": "x"}]}}',
        '{"deployment": {"resources": [{"urn": "x", "type": "a:b:C", "propertyDependencies": [1]}]}}',
    ],
)
def test_a_file_of_another_kind_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(SpecError, match=r"cannot be judged: .*; expected the output of `pulumi stack export`"):
        read(tmp_path, text)


def test_a_file_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match="cannot be read"):
        load(tmp_path / "none.json")
