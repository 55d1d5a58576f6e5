from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from http.client import HTTPException
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from arm_client import GROUP, NETWORK, REGISTRY, Arm, StandingClock

from local_azure.clock import Clock
from local_azure.operations import Lifecycle, Operations, Style, Transition
from local_azure.services.virtual_networks import VirtualNetworks
from local_azure.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HUB = f"{NETWORK}/virtualNetworks/hub"
SUBNET = f"{HUB}/subnets/endpoints"
VNET = {"location": "eastus", "properties": {"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}}}
PROJECT = Path(__file__).parents[2]


def test_an_operation_by_reads_ends_after_that_many_polls(arm: Arm, monkeypatch: pytest.MonkeyPatch) -> None:
    create = Transition(Style.STATUS, 201, "Updating", reads=2)
    usual = VirtualNetworks.lifecycle
    monkeypatch.setattr(VirtualNetworks, "lifecycle", Lifecycle(create, usual.update, usual.delete))
    url = arm("PUT", HUB, VNET).headers["azure-asyncoperation"]
    assert [arm("GET", url).body["status"] for _ in range(3)] == ["InProgress", "InProgress", "Succeeded"]


def test_an_operation_by_time_ends_when_its_time_has_come(start: Callable[..., Arm]) -> None:
    clock = StandingClock(0.1)
    arm = start(clock)
    arm("PUT", GROUP, {"location": "eastus"})
    url = arm("PUT", HUB, VNET).headers["azure-asyncoperation"]
    assert arm("GET", url).body["status"] == "InProgress"
    clock.go_on(3.5)
    assert arm("GET", url).body["status"] == "Succeeded"


def test_a_registry_status_repeats_the_state_of_the_replica(arm: Arm, start: Callable[..., Arm]) -> None:
    arm.registry()
    slow = start(StandingClock(10.0), folder=arm.store)
    reply = slow("PUT", f"{REGISTRY}/replications/westeurope", {"location": "westeurope", "properties": {}})
    assert slow("GET", reply.headers["azure-asyncoperation"]).body == {"status": "Creating"}
    assert reply.headers["retry-after"] == "100"


def test_a_result_url_answers_202_until_the_end(arm: Arm, start: Callable[..., Arm]) -> None:
    arm.registry()
    slow = start(StandingClock(10.0), folder=arm.store)
    reply = slow("DELETE", REGISTRY)
    pending = slow("GET", reply.headers["location"])
    assert (pending.status, pending.body) == (202, None)
    assert pending.headers["location"] != reply.headers["location"]
    again = slow("DELETE", REGISTRY)
    assert urlsplit(again.headers["location"]).path == urlsplit(reply.headers["location"]).path
    refused = slow("PUT", REGISTRY, {"location": "eastus", "sku": {"name": "Premium"}})
    assert (refused.status, refused.code) == (409, "Conflict")


def test_writes_into_a_group_that_is_being_deleted_are_refused(arm: Arm, start: Callable[..., Arm]) -> None:
    slow = start(StandingClock(10.0), folder=arm.store)
    slow("DELETE", GROUP)
    assert slow("PUT", HUB, VNET).code == "ResourceGroupBeingDeleted"


def test_an_earlier_write_that_ends_does_not_undo_a_delete(arm: Arm, start: Callable[..., Arm]) -> None:
    clock = StandingClock(0.1)
    slow = start(clock, folder=arm.store)
    assert slow("PUT", HUB, VNET).status == 201
    clock.go_on(3.5)
    slow("PUT", HUB, VNET)
    clock.go_on(3.5)
    slow("DELETE", HUB)
    clock.go_on(4)
    assert slow.get(HUB)["properties"]["provisioningState"] == "Deleting"


def test_a_clock_set_back_ends_operations_instead_of_prolonging_them(tmp_path: Path) -> None:
    store = Store(tmp_path)

    class Yesterday(Clock):
        def now(self) -> float:
            return time.time() - 86400

    Operations(store, Clock(1.0)).start("/x", "create", Transition(Style.STATUS, 201, "Creating", 60.0))
    assert Operations(store, Clock(1.0)).next_due() is None
    assert Operations(store, Yesterday(1.0)).next_due() is not None


class Served:
    """A server in a process of its own."""

    def __init__(self, store: Path, scale: float) -> None:
        command = [sys.executable, "-m", "local_azure", "serve", "--store", str(store), "--time-scale", str(scale)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=PROJECT, text=True)
        assert self.process.stdout is not None
        self.arm = Arm(json.loads(self.process.stdout.readline())["url"], store)

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., Served]]:
    running: list[Served] = []

    def begin(scale: float = 0.0) -> Served:
        running.append(Served(tmp_path / "store", scale))
        return running[-1]

    yield begin
    for served in running:
        if served.process.poll() is None:
            served.kill()


def _path(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}"


def _follow(arm: Arm, url: str) -> dict[str, Any]:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        body = arm("GET", _path(url), version="").body
        if body["status"] in {"Succeeded", "Failed", "Canceled"}:
            return body
        time.sleep(0.05)
    raise AssertionError(f"{url} never ended")


def test_an_operation_outlives_kill_9_under_the_same_poll_url(serve: Callable[..., Served]) -> None:
    first = serve(0.0)
    first.arm.group()
    first.arm.network("hub", endpoints="10.0.0.0/24")
    first.arm.registry()
    first.arm.endpoint("pe", SUBNET)
    first.arm.members("pe")
    first.process.terminate()
    assert first.process.wait() == 0
    second = serve(0.03)
    reply = second.arm("PUT", f"{REGISTRY}/replications/westeurope", {"location": "westeurope", "properties": {}})
    second.kill()
    third = serve(0.03)
    url = reply.headers["azure-asyncoperation"]
    assert _follow(third.arm, url)["status"] == "Succeeded"
    assert third.arm.get(f"{REGISTRY}/replications/westeurope")["properties"]["provisioningState"] == "Succeeded"
    time.sleep(0.2)
    assert len(third.arm.members("pe")) == 3


def _inconsistencies(store: Path) -> list[str]:
    """What must never be on disk, whenever the process died."""
    db = sqlite3.connect(store / "arm.sqlite3")
    rows = {key: json.loads(state) for key, state in db.execute("SELECT key, state FROM resources")}
    found = []
    for owner, subnet in db.execute("SELECT DISTINCT owner, subnet FROM addresses"):
        if owner not in rows or subnet not in rows:
            found.append(f"addresses of {owner} in {subnet}")
    for key, state in rows.items():
        if "/privateendpoints/" in key and "interface" in state:
            owned = [state["interface"]] + [state["connection"]] * (state["status"] != "Disconnected")
            found += [f"{key} lacks {o}" for o in owned if o.lower() not in rows]
            if not db.execute("SELECT 1 FROM addresses WHERE owner = ?", (key,)).fetchone():
                found.append(f"{key} has no address")
        if (
            key.rpartition("/providers/")[2].count("/") > 2
            and "/providers/" in key
            and key.rsplit("/", 2)[0] not in rows
        ):
            found.append(f"{key} has no parent")
    db.close()
    return found


def _work(arm: Arm, stop: threading.Event) -> None:
    """Make, change and delete without end, until the server is gone."""
    try:
        while not stop.is_set():
            arm.registry()
            for n in range(3):
                arm.endpoint(f"pe{n}", SUBNET)
            arm.replica("westeurope")
            arm("PATCH", REGISTRY, {"properties": {"regionalEndpoints": "Enabled"}})
            arm("DELETE", f"{NETWORK}/privateEndpoints/pe1")
            arm.members("pe0")
            arm("DELETE", f"{REGISTRY}/replications/westeurope")
            arm("DELETE", f"{NETWORK}/privateEndpoints/pe0")
            arm("DELETE", REGISTRY)
    except (OSError, HTTPException, AssertionError, LookupError, ValueError, TypeError):
        return


def test_kill_9_at_any_moment_leaves_a_consistent_store(serve: Callable[..., Served]) -> None:
    seed = random.randrange(10**6)
    chance = random.Random(seed)
    for at in range(4):
        served = serve(0.0)
        if at == 0:
            served.arm.group()
            served.arm.network("hub", endpoints="10.0.0.0/24")
        stop = threading.Event()
        worker = threading.Thread(target=_work, args=(served.arm, stop))
        worker.start()
        time.sleep(chance.uniform(0.02, 0.25))
        served.kill()
        stop.set()
        worker.join()
        assert _inconsistencies(served.arm.store) == [], f"seed {seed}"
    last = serve(0.0)
    last.arm.delete(GROUP)
    left = subprocess.run(
        [sys.executable, "-m", "local_azure", "list", "--store", str(last.arm.store)],
        capture_output=True,
        text=True,
        check=True,
        cwd=PROJECT,
        env=os.environ,
    )
    assert json.loads(left.stdout) == []
