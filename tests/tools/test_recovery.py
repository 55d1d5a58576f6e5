"""What is done about a run that was killed."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tools import recovery
from tools.engine import Finished
from tools.recovery import Lock

HOST = socket.gethostname()
GROUP = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg"
NETWORK = {
    "urn": "urn:pulumi:s::p::azure-native:network:VirtualNetwork::net",
    "type": "azure-native:network:VirtualNetwork",
    "inputs": {"resourceGroupName": "rg", "virtualNetworkName": "net"},
}


def ended_process() -> int:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_a_lock_of_an_ended_process_is_dead() -> None:
    assert not recovery.is_alive(Lock(ended_process(), HOST))


def test_a_lock_whose_number_now_belongs_to_another_program_is_dead() -> None:
    assert not recovery.is_alive(Lock(os.getpid(), HOST))


def test_a_lock_of_a_running_cli_is_alive(tmp_path: Path) -> None:
    fake = tmp_path / "pulumi"
    fake.symlink_to("/bin/sleep")
    process = subprocess.Popen([fake, "60"])
    try:
        assert recovery.is_alive(Lock(process.pid, HOST))
    finally:
        process.kill()
        process.wait()


def test_a_lock_from_another_machine_is_never_taken_for_dead() -> None:
    assert recovery.is_alive(Lock(ended_process(), "another-machine"))


def test_a_lock_of_an_ended_process_that_nobody_has_fetched_is_dead() -> None:
    process = subprocess.Popen([sys.executable, "-c", ""])
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    assert not recovery.is_alive(Lock(process.pid, HOST))
    process.wait()


def test_locks_are_read_and_a_broken_one_counts_as_dead(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps({"pid": 7, "hostname": "h", "username": "u"}))
    (tmp_path / "b.json").write_text("{half")
    assert recovery.read_locks(tmp_path) == [Lock(7, "h"), Lock(0, HOST)]
    assert not recovery.is_alive(Lock(0, HOST))
    assert recovery.read_locks(tmp_path / "absent") == []


def test_a_live_lock_stops_the_run_in_one_line(tmp_path: Path) -> None:
    class LockedEngine:
        stack = "local"
        lock_folder = tmp_path

    (tmp_path / "a.json").write_text(json.dumps({"pid": 7, "hostname": "another-machine"}))
    engine: Any = LockedEngine()
    with pytest.raises(recovery.LockedError, match="process 7 on another-machine"):
        recovery.recover(engine, list, print)


def creating(resource: dict[str, Any]) -> dict[str, Any]:
    return {"resource": resource, "type": "creating"}


def test_a_creation_whose_resource_exists_is_found_in_any_letter_case() -> None:
    there = f"{GROUP}/providers/microsoft.network/VirtualNetworks/NET"
    assert recovery.sort_creations([creating(NETWORK)], [there]) == ([(NETWORK["urn"], there)], [])


@pytest.mark.parametrize(
    "other",
    [
        f"{GROUP}/providers/Microsoft.Network/virtualNetworks/net2",
        f"{GROUP}/providers/Microsoft.Network/virtualNetworks/net/subnets/net",
        f"{GROUP}2/providers/Microsoft.Network/virtualNetworks/net",
    ],
)
def test_a_creation_whose_resource_does_not_exist_was_deleted(other: str) -> None:
    assert recovery.sort_creations([creating(NETWORK)], [other]) == ([], [NETWORK["urn"]])


def test_a_creation_of_an_unknown_type_was_deleted() -> None:
    unknown = {"urn": "u", "type": "random:index:Thing", "inputs": {}}
    assert recovery.sort_creations([creating(unknown)], [GROUP]) == ([], ["u"])


def test_updates_and_deletions_are_not_creations() -> None:
    pending = [{"resource": NETWORK, "type": "updating"}, {"resource": NETWORK, "type": "deleting"}]
    assert recovery.sort_creations(pending, []) == ([], [])


def test_a_found_creation_becomes_a_resource_and_the_rest_is_forgotten() -> None:
    deployment: dict[str, Any] = {
        "resources": [{"urn": "stack"}],
        "pending_operations": [creating(NETWORK), creating({"urn": "gone", "type": "t"})],
    }
    assert recovery.settle(deployment, {NETWORK["urn"]: "the-id"}) == [NETWORK["urn"]]
    assert deployment == {"resources": [{"urn": "stack"}, {**NETWORK, "id": "the-id", "outputs": {}}]}


def test_a_replacement_under_way_takes_the_place_of_its_predecessor() -> None:
    old = {**NETWORK, "id": "old"}
    dependent = {"urn": "dependent"}
    deployment = {"resources": [old, dependent], "pending_operations": [creating(NETWORK)]}
    recovery.settle(deployment, {NETWORK["urn"]: "new"})
    assert [(held.get("id"), held.get("delete")) for held in deployment["resources"]] == [
        ("new", None),
        (None, None),
        ("old", True),
    ]


def test_an_update_under_way_is_read_again_and_a_deletion_of_nothing_is_not() -> None:
    deployment = {
        "resources": [{**NETWORK, "id": "i"}],
        "pending_operations": [
            {"resource": {**NETWORK, "id": "i"}, "type": "updating"},
            {"resource": {"urn": "away"}, "type": "deleting"},
        ],
    }
    assert recovery.settle(deployment, {}) == [NETWORK["urn"]]
    assert len(deployment["resources"]) == 1


def test_pending_operations_are_read_from_the_state_file(tmp_path: Path) -> None:
    state = tmp_path / "s.json"
    assert recovery.pending_operations(state) == []
    state.write_text(json.dumps({"version": 3, "checkpoint": {"stack": "s"}}))
    assert recovery.pending_operations(state) == []
    state.write_text(json.dumps({"checkpoint": {"latest": {"pending_operations": [{"type": "creating"}]}}}))
    assert recovery.pending_operations(state) == [{"type": "creating"}]


def event(kind: str, operation: str, resource: dict[str, Any]) -> dict[str, Any]:
    return {kind: {"metadata": {"op": operation, "urn": resource["urn"], "old": None, "new": resource}}}


LOGGED = {**NETWORK, "custom": True, "id": ""}


@pytest.mark.parametrize(
    ("operation", "begun"),
    [("create", "creating"), ("create-replacement", "creating"), ("update", "updating"), ("delete", "deleting")],
)
def test_what_an_event_log_sees_begin_and_not_end_is_unfinished(operation: str, begun: str) -> None:
    began = event("resourcePreEvent", operation, LOGGED)
    found = recovery.unfinished([began, event("resOpFailedEvent", operation, LOGGED)])
    assert [(each["type"], each["resource"]["urn"]) for each in found] == [(begun, NETWORK["urn"])]
    assert recovery.unfinished([began, event("resOutputsEvent", operation, LOGGED)]) == []


def test_components_and_unchanged_resources_are_never_unfinished() -> None:
    component = {"urn": "component", "type": "moorings:Thing", "custom": False}
    events = [event("resourcePreEvent", "create", component), event("resourcePreEvent", "same", LOGGED)]
    assert recovery.unfinished(events) == []


def test_a_creation_that_met_somebody_elses_resource_is_not_taken_over() -> None:
    there = f"{GROUP}/providers/Microsoft.Network/virtualNetworks/net"
    message = f"<{{%fg 1%}}>cannot create already existing resource '{there}'<{{%reset%}}>\n"
    refused = {"diagnosticEvent": {"severity": "error", "urn": NETWORK["urn"], "message": message}}
    assert recovery.unfinished([event("resourcePreEvent", "create", LOGGED), refused]) == []
    assert recovery.already_there([refused]) == {NETWORK["urn"]: there}


def test_a_creation_out_of_an_event_log_counts_as_made_after_all_that_exists() -> None:
    (found,) = recovery.unfinished([event("resourcePreEvent", "create", LOGGED)])
    deployment: dict[str, Any] = {"resources": [{"urn": "stack"}, {"urn": "group"}], "pending_operations": [found]}
    recovery.settle(deployment, {NETWORK["urn"]: "the-id"})
    assert deployment["resources"][-1]["dependencies"] == ["stack", "group"]
    assert deployment["resources"][-1]["id"] == "the-id"


def test_a_replacement_under_way_of_what_is_deleted_leaves_nothing_to_delete() -> None:
    old = {**NETWORK, "id": "same", "pendingReplacement": True}
    deployment = {"resources": [old, {"urn": "dependent"}], "pending_operations": [creating(NETWORK)]}
    recovery.settle(deployment, {NETWORK["urn"]: "same"})
    assert deployment["resources"] == [{**NETWORK, "id": "same", "outputs": {}}, {"urn": "dependent"}]


class RecordingEngine:
    """Stands for the engine: what recovery asks of it, and what it is left with."""

    stack = "local"

    def __init__(self, folder: Path, resources: list[dict[str, Any]], events: list[dict[str, Any]]) -> None:
        self.lock_folder = folder / "locks"
        self.state_file = folder / "state.json"
        self.event_log = folder / "events.json"
        self.event_log.write_text("".join(json.dumps(each) + "\n" for each in events) + '{"cut o')
        self.held = resources
        self.refreshed: list[str] = []
        self.commands: list[str] = []

    def resources(self) -> list[dict[str, Any]]:
        return self.held

    def export(self) -> dict[str, Any]:
        return {"version": 3, "deployment": {"resources": list(self.held)}}

    def replace_state(self, state: dict[str, Any]) -> None:
        self.held = state["deployment"]["resources"]

    def operate(self, command: str, *flags: str) -> Finished:
        self.commands.append(command)
        self.refreshed += [flag for flag in flags if not flag.startswith("--")]
        return Finished(0, "")


ID = f"{GROUP}/providers/Microsoft.Network/virtualNetworks/net"


def recovered(folder: Path, resources: list[dict[str, Any]], *operations: str) -> tuple[RecordingEngine, list[str]]:
    """Recover from a run that left operations on the network unfinished while the network is there."""
    events = [event("resourcePreEvent", operation, LOGGED) for operation in operations]
    fake, said = RecordingEngine(folder, resources, events), list[str]()
    engine: Any = fake
    recovery.recover(engine, lambda: [ID], said.append)
    return fake, said


def test_a_resource_whose_answer_was_lost_is_taken_over(tmp_path: Path) -> None:
    engine, said = recovered(tmp_path, [{"urn": "stack"}], "create")
    assert [held.get("id") for held in engine.held] == [None, ID]
    assert engine.refreshed == [NETWORK["urn"]]
    assert said == [
        "the last run was interrupted in 1 operations: 1 resources found on the local Azure and added to the "
        "state, 0 not found and removed"
    ]


def test_a_resource_that_the_state_holds_is_not_taken_over_again(tmp_path: Path) -> None:
    held = {**NETWORK, "id": ID.upper()}
    engine, said = recovered(tmp_path, [held], "create")
    assert (engine.held, engine.refreshed, said) == ([held], [], [])


@pytest.mark.parametrize("operation", ["update", "delete"])
def test_a_change_whose_answer_was_lost_is_read_again(tmp_path: Path, operation: str) -> None:
    engine, said = recovered(tmp_path, [{**NETWORK, "id": ID}], operation)
    assert engine.refreshed == [NETWORK["urn"]]
    assert said == ["the last run failed in 1 operations: their results are read from the local Azure"]


def test_what_was_recovered_is_not_recovered_again(tmp_path: Path) -> None:
    engine, _ = recovered(tmp_path, [{"urn": "stack"}], "create")
    assert not engine.event_log.exists()


def test_a_creation_that_azure_refused_is_nothing_to_report_of(tmp_path: Path) -> None:
    fake, said = RecordingEngine(tmp_path, [], [event("resourcePreEvent", "create", LOGGED)]), list[str]()
    engine: Any = fake
    recovery.recover(engine, list, said.append)
    assert (fake.held, fake.refreshed, said) == ([], [], [])


def test_what_an_emptied_local_azure_no_longer_holds_is_forgotten(tmp_path: Path) -> None:
    fake, said = RecordingEngine(tmp_path, [{"urn": "stack"}, {**NETWORK, "id": ID}], []), list[str]()
    engine: Any = fake
    recovery.recover(engine, list, said.append)
    assert fake.commands == ["refresh"]
    assert said == ["the local Azure is empty, so the resources in the state of stack local are removed from it"]
