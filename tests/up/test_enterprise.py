"""A hub that others made in another subscription, a stack with the shared registry on it, and a workload without a registry."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.engine import Rehearsal, rehearsal
from tests.up import findings
from tests.up.test_elsewhere import NETWORK, PROGRAM, ZONE, put_hub, records
from tools.engine import Engine

pytestmark = pytest.mark.engine

SHARED = f"""
config:
  moorings:stack:
    name: fabrikam
    environment: shared
    location: westeurope
    networks:
      hub:
        location: westeurope
        id: {NETWORK}
        subnets:
          endpoints: {{purpose: private_endpoints, free_addresses: 200}}
    registry:
      name: fabrikamshared
      protect: false
      replicas: {{}}
      private_endpoints:
        hub: {{network: hub, subnet: endpoints, dns_zones: ["{ZONE}"]}}
"""
WORK = """
config:
  moorings:stack:
    name: fabrikam
    environment: work
    location: westeurope
    networks:
      spoke:
        location: westeurope
        address_space: [10.2.0.0/16]
        subnets:
          registry: {prefix: 10.2.0.0/26, purpose: private_endpoints}
    identities:
      puller: {}
    access:
      pull: {identity: puller, action: pull}
    registry:
      id: {stack: organization/moorings/test, output: registry_id}
      name: fabrikamshared
      replicas: {}
      private_endpoints:
        spoke: {network: spoke, subnet: registry}
"""
REPLICA = ("      replicas: {}\n", "      replicas: {northeurope: {}}\n")


@pytest.fixture
def shared(tmp_path: Path) -> Iterator[Rehearsal]:
    with rehearsal(tmp_path, PROGRAM, SHARED) as running:
        put_hub(running)
        yield running


def second(first: Rehearsal, name: str, text: str) -> Rehearsal:
    """Another stack of the same project, on the same local Azure."""
    path = first.stack_file.with_name(f"Pulumi.{name}.yaml")
    path.write_text(text, encoding="utf-8")
    return replace(first, engine=Engine(first.engine.workspace, name, dict(first.engine.environment)), stack_file=path)


def grown(stack: Rehearsal) -> None:
    before, after = REPLICA
    text = stack.stack_file.read_text(encoding="utf-8")
    assert before in text
    stack.stack_file.write_text(text.replace(before, after), encoding="utf-8")


def test_a_shared_registry_and_a_workload_come_up_in_order_grow_and_leave_the_hub_as_it_was(shared: Rehearsal) -> None:
    before = shared.ids()
    work = second(shared, "work", WORK)
    for stack in (shared, work):
        findings.check(stack, "enterprise", "before")
        first = stack.up()
        assert first.code == 0, first.output
        findings.check(stack, "enterprise", "after")
    # The component of the registry is there, and nothing of Azure below it.
    assert [step[1] for step in first.steps if step[1].endswith((":Registry", ":Replication"))] == [
        "moorings:registry:Registry"
    ]
    assert records(shared) == {"fabrikamshared", "fabrikamshared.westeurope.data"}
    assert work.outputs()["registry_id"] == shared.outputs()["registry_id"]
    for stack in (shared, work):
        again = stack.up()
        assert (again.code, again.steps) == (0, []), again.output

    for stack in (shared, work):
        grown(stack)
        more = stack.up()
        assert more.code == 0, more.output
        created = [step for step in more.steps if step[0] == "create"]
        assert len(created) == (1 if stack is shared else 0), more.steps
        assert set(stack.outputs()["addresses"]["hub" if stack is shared else "spoke"]) == {
            "registry",
            "registry_data_northeurope",
            "registry_data_westeurope",
        }

    for stack in (work, shared):
        gone = stack.destroy()
        assert gone.code == 0, gone.output
    assert shared.ids() == before
    assert records(shared) == set()
