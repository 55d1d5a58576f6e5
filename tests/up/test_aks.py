"""Clusters on the real engine: made, left alone, guarded against replacement, replaced when that is asked for, destroyed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine import Rehearsal, rehearsal
from tests.up.judge import requests, violations

pytestmark = pytest.mark.engine

WEST = "contoso-aks-cluster-west-cluster"
FLAT = "        network_plugin_mode: flat\n"


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[Rehearsal]:
    with rehearsal(tmp_path, Path(__file__).parent / "aks", "") as running:
        yield running


def rewrite(stack: Rehearsal, *changes: tuple[str, str]) -> None:
    text = stack.stack_file.read_text(encoding="utf-8")
    for before, after in changes:
        assert text.count(before) == 1, before
        text = text.replace(before, after)
    stack.stack_file.write_text(text, encoding="utf-8")


def sent(stack: Rehearsal, cluster: str) -> list[object]:
    """Every body that was sent for a cluster, in order."""
    return [each["body"] for each in requests(stack.azure.store) if each["name"] == cluster]


def test_clusters_come_up_pull_from_the_replica_beside_them_stay_and_leave_nothing_behind(stack: Rehearsal) -> None:
    first = stack.up()
    assert (first.code, set(first.changes)) == (0, {"create"}), first.output
    assert violations(stack.azure.store) == []
    clusters = stack.outputs()["compute"]["clusters"]
    assert {key: told["image_host"] for key, told in clusters.items()} == {
        "east": "contosoaks.eastus.geo.azurecr.io",
        "west": "contosoaks.westeurope.geo.azurecr.io",
    }
    assert "kubeconfig" not in json.dumps(stack.export()).lower()

    again = stack.up()
    assert (again.code, again.steps) == (0, []), again.output

    # A refresh finds the pools that were added to a cluster in the cluster itself. What follows from it is an update in
    # place that sends what was sent before, so that nothing changes in Azure; and that only once.
    assert stack.refresh().code == 0
    after = stack.up()
    assert after.code == 0, after.output
    assert {(op, kind.rpartition(":")[2]) for op, kind, _ in after.steps} <= {("update", "ManagedCluster")}
    for key in ("east", "west"):
        bodies = sent(stack, f"aks-contoso-aks-{key}")
        assert all(body == bodies[0] for body in bodies)
    assert stack.refresh().code == 0
    assert stack.up().steps == []

    gone = stack.destroy()
    assert gone.code == 0, gone.output
    assert stack.ids() == []


def test_another_network_plugin_replaces_a_cluster_only_when_it_is_asked_for(stack: Rehearsal) -> None:
    text = stack.stack_file.read_text(encoding="utf-8")
    stack.stack_file.write_text(text.replace("protect: false", "protect: true"), encoding="utf-8")
    assert stack.up().code == 0
    overlay = ((FLAT, ""), (", pod_subnet: pods", ""))
    rewrite(stack, *overlay)

    preview = stack.preview()
    assert preview.code != 0
    assert WEST in preview.output
    assert "protect" in preview.output
    refused = stack.up()
    assert refused.code != 0
    (body,) = sent(stack, "aks-contoso-aks-west")
    assert "networkPluginMode" not in json.dumps(body)

    stack.stack_file.write_text(text, encoding="utf-8")
    assert stack.up().code == 0
    rewrite(stack, *overlay)
    shown = {(op, name) for op, _, name in stack.preview().steps if name == WEST}
    assert ("replace", WEST) in shown
    changed = stack.up()
    assert changed.code == 0, changed.output
    assert '"networkPluginMode": "overlay"' in json.dumps(sent(stack, "aks-contoso-aks-west")[-1])
