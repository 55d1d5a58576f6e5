"""A firewall on the engine: what a change of the registry needs is admitted before it, and closed after it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine import Rehearsal, rehearsal
from tests.up import findings
from tests.up.judge import violations

pytestmark = pytest.mark.engine

PROGRAM = Path(__file__).parent / "egress"


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rehearsal]:
    with rehearsal(tmp_path_factory.mktemp("egress"), PROGRAM, "") as running:
        findings.check(running, "egress", "before")
        first = running.up()
        assert first.code == 0, first.output
        findings.check(running, "egress", "after")
        yield running
        gone = running.destroy()
        assert gone.code == 0, gone.output
        assert running.ids() == []


def names(steps: list[tuple[str, str, str]]) -> list[tuple[str, str]]:
    return [(operation, name.removeprefix("contoso-egress-")) for operation, _, name in steps]


def test_a_firewall_comes_up_and_stays_as_it_is(program: Rehearsal) -> None:
    assert violations(program.azure.store) == []
    again = program.up()
    assert (again.code, again.steps) == (0, []), again.output
    assert program.refresh().code == 0
    after = program.up()
    assert (after.code, after.steps) == (0, []), after.output


def test_the_route_leads_to_the_address_that_the_firewall_got(program: Rehearsal) -> None:
    resources = program.export()["deployment"]["resources"]
    (table,) = [each["inputs"] for each in resources if each["type"].endswith(":RouteTable") and each["custom"]]
    (firewall,) = [each["outputs"] for each in resources if each["type"].endswith(":AzureFirewall")]
    assert table["routes"][0]["nextHopIpAddress"] == firewall["ipConfigurations"][0]["privateIPAddress"] == "10.0.0.4"


def test_a_replica_is_admitted_before_it_is_added_and_closed_after_it_is_removed(program: Rehearsal) -> None:
    before = program.stack_file.read_text(encoding="utf-8")
    program.stack_file.write_text(
        before.replace("name: contosoegress", "name: contosoegress\n      replicas: {westus3: {}}"), encoding="utf-8"
    )
    added = program.up()
    assert added.code == 0, added.output
    steps = names(added.steps)
    opened = ("create", "firewall-hub-rules-registry-layers-westus3")
    replica = ("create", "registry-replica-westus3")
    assert {opened, replica} <= set(steps)
    assert steps.index(opened) < steps.index(replica)

    program.stack_file.write_text(before, encoding="utf-8")
    removed = program.up()
    assert removed.code == 0, removed.output
    steps = names(removed.steps)
    assert steps.index(("delete", "registry-replica-westus3")) < steps.index(("delete", opened[1]))
