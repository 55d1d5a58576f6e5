"""The pool that a cluster was made with: what would leave it behind is refused, and how it goes after all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.engine import Rehearsal, rehearsal
from tests.up.test_aks import client_of, sent

pytestmark = pytest.mark.engine

FIRST = "          system: {mode: System, count: 3}\n"
SECOND = "          second: {mode: System, count: 3}\n"
STACK = f"""config:
  moorings:stack:
    name: contoso
    environment: pool
    location: eastus
    networks:
      eastus:
        address_space: [10.50.0.0/16]
        subnets:
          nodes: {{prefix: 10.50.0.0/25}}
          more: {{prefix: 10.50.1.0/25}}
    registry: {{name: contosopool, public_network_access: Enabled}}
    identities: {{plane: {{}}, kubelet: {{}}}}
    clusters:
      east:
        network: eastus
        subnet: nodes
        identity: plane
        kubelet_identity: kubelet
        protect: false
        pools:
{FIRST}"""
CLUSTER = "aks-contoso-pool-east"


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[Rehearsal]:
    with rehearsal(tmp_path, Path(__file__).parent / "aks", STACK) as running:
        yield running


def pools(stack: Rehearsal, text: str) -> None:
    stack.stack_file.write_text(STACK.replace(FIRST, text), encoding="utf-8")


def refused(stack: Rehearsal, text: str, because: str) -> None:
    """Neither a preview nor an update goes through with these pools, and nothing is sent for the cluster."""
    before = sent(stack, CLUSTER)
    pools(stack, text)
    for done in (stack.preview(), stack.up()):
        assert done.code != 0
        assert because in " ".join(done.output.split()), done.output
    assert sent(stack, CLUSTER) == before


def test_a_first_pool_is_held_on_to_and_goes_by_hand(stack: Rehearsal) -> None:
    assert stack.up().code == 0
    refused(stack, SECOND, "the cluster was created with system: Azure would create second and keep system")
    refused(stack, SECOND + FIRST, "the cluster was created with system: Azure would create second and keep system")
    size = FIRST.replace("count: 3", "count: 3, vm_size: Standard_D8ds_v5")
    refused(stack, size, "Azure does not change its vmSize from Standard_D4ds_v5 to Standard_D8ds_v5")
    refused(stack, FIRST.replace("count: 3", "count: 3, subnet: more"), "Azure does not change its vnetSubnetID from")

    pools(stack, FIRST.replace("count: 3", "count: 2"))
    assert stack.up().changes["update"] == 1
    pools(stack, FIRST + SECOND)
    assert stack.up().code == 0
    assert stack.refresh().code == 0
    pools(stack, SECOND + FIRST)
    for done in (stack.preview(), stack.up()):
        assert done.code != 0
        assert "has a pool system that this program did not create" in " ".join(done.output.split()), done.output
    another = SECOND.replace("count: 3", "count: 3, vm_size: Standard_D8ds_v5")
    pools(stack, FIRST + another)
    replaced = stack.up()
    assert replaced.code == 0, replaced.output
    assert ("replace", "contoso-pool-cluster-east-second-pool") in {(op, name) for op, _, name in replaced.steps}
    pools(stack, FIRST + SECOND)
    assert stack.up().code == 0
    follow_the_page(stack)


def follow_the_page(stack: Rehearsal) -> None:
    """What docs/stack-file.md says under 'The first System pool', after the second pool has come."""
    client: Any = client_of(stack)
    group = stack.outputs()["compute"]["clusters"]["east"]["id"].split("/")[4]
    client.agent_pools.begin_delete(group, CLUSTER, "system").result()
    (urn,) = [
        each["urn"]
        for each in stack.export()["deployment"]["resources"]
        if each["type"].endswith(":AgentPool") and each["custom"]
    ]
    stack.engine.query("state", "delete", urn, "--yes", "--stack", stack.engine.stack)
    pools(stack, SECOND)
    assert stack.refresh().code == 0
    done = stack.up()
    assert done.code == 0, done.output
    assert [pool.name for pool in client.agent_pools.list(group, CLUSTER)] == ["second"]
    assert stack.up().steps == []
    gone = stack.destroy()
    assert gone.code == 0, gone.output
    assert stack.ids() == []
