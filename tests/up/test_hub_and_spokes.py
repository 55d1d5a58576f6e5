"""A hub in a subscription of its own, two spokes on it, a shared registry, and a workload without a registry of its own."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.engine import Rehearsal, rehearsal
from tests.up import pull_paths
from tests.up.judge import violations
from tools import pulls
from tools.engine import Engine

pytestmark = pytest.mark.engine

HERE = Path(__file__).parent
ORDER = ("hub", "shared", "dev", "test", "work")
SPOKES = "".join(
    f"""\
      {name}:
        location: westeurope
        id: {{stack: organization/moorings/{name}, output: networks.spoke}}
        peers: [hub]
        subnets:
          groups: {{prefix: {prefix}, free_addresses: 11}}
"""
    for name, prefix in (("dev", "10.1.1.0/28"), ("test", "10.2.1.0/28"))
)
"""What the hub states of the spokes once they exist: the far networks of its sides of the peerings."""
JOINED = (
    ("        peers: []\n", "        peers: [dev, test]\n"),
    ("    firewalls:\n", f"{SPOKES}    firewalls:\n"),
)
GROWN = (("      replicas: {}\n", "      replicas: {northeurope: {}}\n"),)


@pytest.fixture
def stacks(tmp_path: Path) -> Iterator[dict[str, Rehearsal]]:
    """The stacks by name, on one local Azure and with one state."""
    with rehearsal(tmp_path, HERE / "enterprise", stack="hub") as hub:
        # Only the engine resolves outputs of other stacks, so these files are no examples for tests without it.
        shutil.copytree(HERE / "enterprise" / "files", hub.stack_file.parent, dirs_exist_ok=True)
        yield {name: _stack(hub, name) for name in ORDER}


def _stack(hub: Rehearsal, name: str) -> Rehearsal:
    engine = Engine(hub.engine.workspace, name, dict(hub.engine.environment))
    return replace(hub, engine=engine, stack_file=hub.stack_file.with_name(f"Pulumi.{name}.yaml"))


def change(stack: Rehearsal, *changes: tuple[str, str]) -> None:
    text = stack.stack_file.read_text(encoding="utf-8")
    for before, after in changes:
        assert text.count(before) == 1, before
        text = text.replace(before, after)
    stack.stack_file.write_text(text, encoding="utf-8")


def up(stack: Rehearsal) -> list[tuple[str, str, str]]:
    """Apply a stack, and return what changed."""
    done = stack.up()
    assert done.code == 0, done.output
    return done.steps


def children(stack: Rehearsal, kind: str) -> list[str]:
    """Ids of the resources of a type, without what is common to all."""
    return sorted(each.partition("/providers/")[2] for each in stack.ids() if each.split("/")[-2] == kind)


def test_the_stacks_come_up_in_order_stay_grow_and_leave_nothing_behind(stacks: dict[str, Rehearsal]) -> None:
    hub, shared, work = stacks["hub"], stacks["shared"], stacks["work"]
    for name in ("hub", "shared", "dev", "test"):
        up(stacks[name])
    change(hub, *JOINED)
    up(hub)
    up(work)
    assert violations(hub.azure.store) == []
    subscriptions = {each.split("/")[2][-1] for each in hub.ids()}
    assert subscriptions == {"1", "2"}
    for stack in stacks.values():
        assert up(stack) == []

    # Two peerings with two sides each, a link of each network to the central zone, and one endpoint that writes it.
    sides = [each.rpartition("/")[2] for each in children(hub, "virtualNetworkPeerings")]
    assert sorted(sides) == ["hub-to-dev", "hub-to-test", "spoke-to-hub", "spoke-to-hub"]
    assert len(children(hub, "virtualNetworkLinks")) == 3
    assert len(children(hub, "privateEndpoints")) == 1
    assert list(pulls.lines(hub.azure.store, work.outputs())) == ["pulls: 1 of 1 work"]
    pull_paths.check(work)

    change(shared, *GROWN)
    assert [step[0] for step in up(shared) if step[1].endswith(":Replication")] == ["create"]
    change(work, *GROWN)
    assert [step for step in up(work) if step[0] != "update"] == []
    assert any(each.endswith("/A/contososhared.northeurope.data") for each in hub.ids())
    assert list(pulls.lines(hub.azure.store, work.outputs())) == ["pulls: 1 of 1 work"]

    # In reverse: the hub gives its sides of the peerings up before the spokes go.
    gone = work.destroy()
    assert gone.code == 0, gone.output
    change(hub, *((after, before) for before, after in JOINED))
    assert {step[0] for step in up(hub)} == {"delete"}
    for name in ("test", "dev", "shared", "hub"):
        gone = stacks[name].destroy()
        assert gone.code == 0, gone.output
    assert hub.ids() == []
