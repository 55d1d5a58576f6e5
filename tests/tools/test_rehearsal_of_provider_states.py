"""The pull-request check from a state that azure-native 3.29 wrote, on the real engine."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.tools.branches import Branch
from tests.tools.provider_states import (
    created_before_deleted,
    last_written_at,
    without_version_inputs,
    written_by_azure_native,
)
from tools.local_services import ROOT
from tools.provision import cli
from tools.pull_request.rehearsal import Outcome, Rehearser

pytestmark = pytest.mark.engine

ENDPOINT = "contoso-local-endpoint-eastus-endpoint"
PLAIN = """\
import pulumi
import pulumi_azure_native as azure_native

group = azure_native.resources.ResourceGroup("group")
place = pulumi.Config().get("place") or "eastus"
identity = azure_native.managedidentity.UserAssignedIdentity(
    "identity", resource_group_name=group.name, location=place
)
network = azure_native.network.VirtualNetwork(
    "network", resource_group_name=group.name, address_space={"address_prefixes": ["10.0.0.0/16"]}
)
azure_native.network.Subnet(
    "subnet", resource_group_name=group.name, virtual_network_name=network.name, address_prefix="10.0.0.0/24"
)
azure_native.authorization.RoleAssignment(
    "reader",
    scope=group.id,
    principal_id=identity.principal_id,
    principal_type="ServicePrincipal",
    role_definition_id="/subscriptions/11111111-2222-3333-4444-555555555555/providers/Microsoft.Authorization/"
    "roleDefinitions/acdd72a7-3385-48ef-bd42-f606fba81ae7",
)
"""
FILLED_IN = {
    "group": {"resourceGroupName": "name", "location": "location"},
    "identity": {"resourceName": "name"},
    "network": {"virtualNetworkName": "name", "location": "location"},
    "subnet": {"subnetName": "name"},
    "reader": {"roleAssignmentName": "name"},
}
"""What azure-native adds to the inputs of that program, and the outputs that have the same value."""
RANDOM = ("group", "identity", "network", "reader")
"""The resources of that program that azure-native names at random; a subnet takes its logical name."""


def checkpoint(folder: Path) -> Path:
    return next(folder.rglob(".pulumi/stacks/moorings/*.json"))


def rehearsed(folder: Path, document: dict[str, Any]) -> Outcome:
    """The outcome of `./moorings pr local --from-state …` on this tree."""
    folder.mkdir()
    state = folder / "state.json"
    state.write_text(json.dumps(document), encoding="utf-8")
    return Rehearser(ROOT, folder, cli.chosen(ROOT), state=state).rehearse("local")


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The state of stack local, had azure-native made it."""
    folder = tmp_path_factory.mktemp("made")
    created = Rehearser(ROOT, folder, cli.chosen(ROOT)).rehearse("local")
    assert created.refusals == []
    return written_by_azure_native(checkpoint(folder))


def test_an_unchanged_tree_changes_nothing_of_the_providers_state(tmp_path: Path, state: dict[str, Any]) -> None:
    outcome = rehearsed(tmp_path / "same", state)
    assert (outcome.refusals, outcome.steps) == ([], [])
    kinds = [resource["type"] for resource in state["deployment"]["resources"]]
    assert outcome.changes == {"same": sum(not kind.startswith("pulumi:providers:") for kind in kinds)}


@pytest.mark.parametrize("written", [lambda state: state, without_version_inputs], ids=["version 3", "version 2"])
def test_a_moved_api_version_is_one_update(tmp_path: Path, state: dict[str, Any], written: Any) -> None:
    outcome = rehearsed(tmp_path / "moved", written(last_written_at("2023-11-01", ENDPOINT, state)))
    assert outcome.refusals == []
    assert [(each.op, each.type, each.name) for each in outcome.steps] == [
        ("update", "azure-native:network:PrivateEndpoint", ENDPOINT)
    ]
    after = json.loads(checkpoint(tmp_path / "moved").read_text(encoding="utf-8"))["checkpoint"]["latest"]["resources"]
    endpoint = next(each for each in after if each["urn"].endswith(f"::{ENDPOINT}"))
    assert endpoint["inputs"]["azureApiVersion"] == endpoint["outputs"]["azureApiVersion"] == "2024-05-01"


def test_names_that_the_provider_made_are_kept_and_a_replacement_comes_before_the_deletion(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    created = Branch(tmp_path / "made", "config: {azure-native:location: eastus}\n", PLAIN)
    assert Rehearser(created.root, created.local, cli.chosen(ROOT)).rehearse("pr").refusals == []
    document = created_before_deleted(RANDOM, written_by_azure_native(checkpoint(created.local), FILLED_IN))
    exported = tmp_path / "state.json"
    exported.write_text(json.dumps(document), encoding="utf-8")

    moved = Branch(tmp_path / "moved", "config: {azure-native:location: eastus, moorings:place: westus}\n", PLAIN)
    outcome = moved.rehearse(exported)
    assert (outcome.refusals, outcome.changes) == ([], {"replace": 2, "same": 4})
    log = (moved.local / "pr" / "pr-events.json").read_text(encoding="utf-8")
    events = (json.loads(line).get("resourcePreEvent", {}).get("metadata", {}) for line in log.splitlines())
    done = [each["op"] for each in events if each.get("urn", "").endswith("::identity")]
    assert [op for op in done if op != "replace"] == ["create-replacement", "delete-replaced"]
