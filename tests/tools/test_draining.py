"""A region out of use and back: who is told what, and the engine on a local Azure."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from local_azure import outages
from local_azure.store import Store
from planning.problems import SpecError
from tests.tools.branches import project_of
from tests.verbs.asking import run
from tools import draining
from tools.engine import Workspace
from tools.local_services import ROOT
from tools.verbs import rotation, running
from tools.verbs.refusals import RefusedError

STACK = """\
# The registry of three regions, and what pulls from it.
config:
  moorings:stack:
    name: contoso
    environment: test
    location: eastus
    registry:
      name: contosodrain # with a comment
      regional_endpoints: true
      public_network_access: Enabled
      default_action: Allow
      protect: false
      fallbacks: {eastus: westeurope}
      replicas: {westeurope: {}, westus2: {global_routing: false}}
    identities: {puller: {}}
    container_groups:
      batch:
        location: eastus
        priority: Spot
        restart_policy: Never
        identity: puller
        endpoint: regional
        containers: {main: {image: "team/batch:1.0"}}
      other:
        location: westeurope
        priority: Spot
        restart_policy: Never
        identity: puller
        containers: {main: {image: "team/other:1.0"}}
"""
EAST, WEST = "contosodrain.eastus.geo.azurecr.io", "contosodrain.westeurope.geo.azurecr.io"


@pytest.fixture
def stacks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of stack files with the stack `test`, which the verbs work on."""
    folder = tmp_path / "stacks"
    folder.mkdir()
    (folder / "Pulumi.test.yaml").write_text(STACK, encoding="utf-8")
    here = Workspace(ROOT, folder, tmp_path / "local", tmp_path / "pulumi")
    monkeypatch.setattr(rotation, "workspace", lambda: here)
    monkeypatch.setattr(running, "workspace", lambda: here)
    return folder


def test_the_report_names_hosts_loads_and_what_does_not_fail_over(stacks: Path) -> None:
    lines = list(draining.report(draining.planned(stacks, "test", "eastus", out=True)))
    assert lines[0] == f"container group batch (eastus): {EAST} -> {WEST}"
    assert lines[1] == "container group other (westeurope): contosodrain.azurecr.io"
    assert "the global host leads to westeurope" in lines
    assert "westeurope carries 1 consumers, 1 of them moved there, of at most 1 instances" in lines
    assert "throttling (HTTP 429)" in lines[-1]


def test_the_last_region_in_global_routing_is_refused(stacks: Path) -> None:
    path = stacks / "Pulumi.test.yaml"
    path.write_text(STACK.replace("westeurope: {},", "westeurope: {global_routing: false},"), encoding="utf-8")
    with pytest.raises(RefusedError, match="last region in global routing"):
        draining.planned(stacks, "test", "eastus", out=True)


def test_a_region_without_replica_is_refused(stacks: Path) -> None:
    with pytest.raises(RefusedError, match="no replica in japaneast; there is: eastus, westeurope, westus2"):
        draining.planned(stacks, "test", "japaneast", out=True)


def test_drain_writes_one_line_and_undrain_restores_the_file(stacks: Path) -> None:
    path = stacks / "Pulumi.test.yaml"
    assert run("drain", "eastus", "test").exit_code == 0
    assert [line for line in path.read_text().splitlines() if line not in STACK.splitlines()] == [
        "      drained: [eastus]"
    ]
    again = run("drain", "eastus", "test")
    assert (again.exit_code, "states it already" in again.stdout) == (0, True)
    assert run("undrain", "eastus", "test").exit_code == 0
    assert path.read_text(encoding="utf-8") == STACK


def test_a_dry_run_changes_nothing(stacks: Path) -> None:
    assert run("drain", "eastus", "test", "--dry-run").exit_code == 0
    assert (stacks / "Pulumi.test.yaml").read_text(encoding="utf-8") == STACK


def test_a_file_whose_change_is_refused_stays_as_it_was(stacks: Path) -> None:
    path = stacks / "Pulumi.test.yaml"
    stated = STACK.replace("fallbacks: {eastus: westeurope}", "fallbacks: {eastus: westus2}\n      drained: [eastus]")
    path.write_text(stated, encoding="utf-8")
    change = draining.planned(stacks, "test", "westus2", out=True)
    with pytest.raises(SpecError):
        draining.carry_out(change, stacks, "test")
    assert path.read_text(encoding="utf-8") == stated


def test_nothing_is_drained_while_the_home_region_is_down(stacks: Path, tmp_path: Path) -> None:
    store = Store(tmp_path / "local" / "azure")
    outages.begin(store.connection, "eastus")
    store.close()
    refused = run("drain", "westeurope", "test", "--local")
    assert (refused.exit_code, "the home region eastus is down" in refused.stderr) == (1, True)
    assert (stacks / "Pulumi.test.yaml").read_text(encoding="utf-8") == STACK


@pytest.mark.engine
def test_the_home_region_is_drained_and_restored_without_a_lost_pull(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = project_of(tmp_path, "test", STACK)
    for module in (rotation, running):
        monkeypatch.setattr(module, "workspace", lambda: here)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    first = run("up", "test")
    assert first.exit_code == 0, first.output
    assert routing(here) == {"eastus": True, "westeurope": True, "westus2": False}

    # What a run that was killed after the file was written leaves behind.
    draining.carry_out(draining.planned(here.stacks, "test", "eastus", out=True), here.stacks, "test")
    drained = run("drain", "eastus", "test", "--local")
    assert drained.exit_code == 0, drained.output
    assert "no pull was lost" in drained.stdout
    assert routing(here) == {"eastus": False, "westeurope": True, "westus2": False}
    assert image(here) == f"{WEST}/team/batch:1.0"
    repeated = run("preview", "test", "--", "--expect-no-changes")
    assert repeated.exit_code == 0, repeated.output

    restored = run("undrain", "eastus", "test", "--local")
    assert restored.exit_code == 0, restored.output
    assert (here.stacks / "Pulumi.test.yaml").read_text(encoding="utf-8") == STACK
    assert routing(here) == {"eastus": True, "westeurope": True, "westus2": False}
    assert image(here) == f"{EAST}/team/batch:1.0"
    gone = run("down", "test")
    assert gone.exit_code == 0, gone.output
    assert held(here, "Microsoft.ContainerRegistry/registries") == []


def held(here: Workspace, kind: str) -> list[Any]:
    store = Store(here.local / "azure")
    try:
        return store.of_type(kind)
    finally:
        store.close()


def routing(here: Workspace) -> dict[str, bool]:
    found = held(here, "Microsoft.ContainerRegistry/registries/replications")
    return {each.name: each.properties["regionEndpointEnabled"] for each in found}


def image(here: Workspace) -> str:
    found = held(here, "Microsoft.ContainerInstance/containerGroups")
    (group,) = [json.loads(json.dumps(each.properties)) for each in found if each.name == "batch"]
    return group["containers"][0]["properties"]["image"]
