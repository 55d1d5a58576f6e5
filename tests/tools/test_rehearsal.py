"""The pull-request check on the real engine: a branch is rehearsed from the state that its base leaves behind."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.tools.branches import Branch
from tools.local_services import ROOT
from tools.pull_request.report import comment

pytestmark = pytest.mark.engine

SMALL = """\
config:
  moorings:stack:
    name: contoso
    environment: pr
    location: eastus
    networks:
      eastus:
        address_space: [10.50.0.0/16]
        subnets:
          registry: {prefix: 10.50.0.0/29, purpose: private_endpoints}
    registry:
      name: contosopr
      regional_endpoints: true
      headroom: 0
      replicas: {}
      private_endpoints:
        eastus: {network: eastus, subnet: registry}
"""
WIDE = (
    "          registry: {",
    "          wide: {prefix: 10.50.1.0/27, purpose: private_endpoints}\n          registry: {",
)
MOVED = ("subnet: registry}", "subnet: wide}")
REPLICA = ("      replicas: {}\n", "      replicas: {westeurope: {}}\n")
WARNED = ("    location: eastus\n", "    location: eastus\n    planning: {addresses: warn}\n")


@pytest.fixture(autouse=True)
def _toolkit_is_importable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))


def edited(text: str, *changes: tuple[str, str]) -> str:
    for before, after in changes:
        text = text.replace(before, after)
    return text


def test_a_replica_into_a_full_subnet_is_red_and_the_subnet_is_named(tmp_path: Path) -> None:
    branch = Branch(tmp_path, SMALL)
    branch.change(REPLICA, WARNED)
    outcome = branch.rehearse()
    assert not outcome.green
    refused = next(line for line in outcome.refusals if line.startswith("MOOR-CHG-004"))
    assert "registry: 10.50.0.0/29 leaves 3 addresses, 5 are needed after the change" in refused
    assert "vnet-contoso-pr-eastus" in refused or "contoso-pr-network-eastus" in refused
    assert outcome.start.endswith("of main")
    assert outcome.before == outcome.after
    assert "red" in comment([outcome])

    # Without the warning the program itself refuses, before there is a plan to judge.
    branch.change((WARNED[1], WARNED[0]))
    outcome = branch.rehearse()
    assert any("networks.eastus.subnets.registry: 10.50.0.0/29" in line for line in outcome.refusals), outcome.refusals


def test_the_same_replica_is_green_where_the_subnet_was_grown_first(tmp_path: Path) -> None:
    growing = Branch(tmp_path / "first", SMALL)
    growing.change(WIDE, MOVED)
    first = growing.rehearse()
    assert first.refusals == []
    assert {row: len(subnet.held) for row, subnet in first.after.items() if subnet.held} == {
        next(key for key in first.after if key.endswith("/wide")): 3
    }

    branch = Branch(tmp_path / "second", edited(SMALL, WIDE, MOVED))
    branch.change(REPLICA)
    second = branch.rehearse()
    assert second.refusals == []
    assert second.changes["create"] == 1
    wide = next(key for key in second.after if key.endswith("/wide"))
    assert (len(second.before[wide].held), len(second.after[wide].held)) == (3, 5)
    assert "| 3 → 5 | 24 → 22 |" in comment([second])


def test_a_base_that_cannot_be_provisioned_is_reported_and_the_branch_rehearsed_from_nothing(tmp_path: Path) -> None:
    branch = Branch(tmp_path, edited(SMALL, ("contosopr", "no")))
    branch.change(("name: no\n", "name: contosopr\n"))
    outcome = branch.rehearse()
    assert (outcome.refusals, outcome.start) == ([], "nothing")
    assert "cannot be provisioned" in outcome.notes[0]
    assert "registry.name" in outcome.notes[0]


def test_a_branch_is_rehearsed_from_the_state_of_the_real_stack(tmp_path: Path) -> None:
    branch = Branch(tmp_path / "first", edited(SMALL, WIDE, MOVED))
    first = branch.rehearse()
    assert (first.refusals, set(first.changes)) == ([], {"same"})
    checkpoint = tmp_path / "first" / "local" / "pr" / "state" / ".pulumi" / "stacks" / "moorings" / "pr.json"
    held = json.loads(checkpoint.read_text())["checkpoint"]["latest"]
    real = "11111111-2222-3333-4444-555555555555"
    text = json.dumps({"version": 3, "deployment": held})
    exported = tmp_path / "state.json"
    exported.write_text(text.replace("00000000-0000-0000-0000-000000000001", real))

    other = Branch(tmp_path / "second", SMALL)
    other.change(WIDE, MOVED, REPLICA)
    outcome = other.rehearse(exported)
    assert outcome.refusals == []
    assert (outcome.changes["create"], outcome.changes.get("replace", 0)) == (1, 0)
    assert all(key.startswith(f"/subscriptions/{real}/") for key in outcome.after)
    wide = next(key for key in outcome.after if key.endswith("/wide"))
    before, after = outcome.before[wide].held, outcome.after[wide].held
    assert {address: after[address] for address in before} == before


def test_the_policy_pack_is_mandatory_and_refuses_before_anything_is_made(tmp_path: Path) -> None:
    branch = Branch(tmp_path, edited(SMALL, WIDE, MOVED))
    branch.change(("      headroom: 0\n", "      headroom: 0\n      public_network_access: Enabled\n"))
    outcome = branch.rehearse(pack=ROOT / "policies")
    assert [line.split()[0] for line in outcome.refusals] == ["MOOR-ACR-003"]
    assert "publicNetworkAccess is Enabled" in outcome.refusals[0]
    assert outcome.before == outcome.after
    assert outcome.verdicts is not None
    assert [line.split()[0] for line in outcome.verdicts.new] == ["MOOR-ACR-003"]
    text = comment([outcome])
    assert "MOOR-ACR-003" in text
    assert "New findings" in text
    assert "stacks/Pulumi.pr.yaml:" in text


def test_the_replacement_of_something_protected_is_refused_by_the_engine_and_evaluated_all_the_same(
    tmp_path: Path,
) -> None:
    protected = ("      headroom: 0\n", "      headroom: 0\n      protect: true\n")
    branch = Branch(tmp_path, edited(SMALL, WIDE, MOVED, protected))
    branch.change(("      name: contosopr\n", "      name: contosoother\n"))
    outcome = branch.rehearse(pack=ROOT / "policies")
    assert [line.split(":")[0] for line in outcome.refusals] == [
        "MOOR-CHG-001 contoso-pr-registry-registry",
        "contoso-pr-registry-registry",
    ]
    assert "is protected, and would be replaced or deleted" in outcome.refusals[1]
    assert outcome.verdicts is not None
    assert (outcome.verdicts.whole, outcome.notes) == (True, [])


def test_a_program_that_breaks_off_is_evaluated_as_far_as_it_came(tmp_path: Path) -> None:
    branch = Branch(tmp_path, edited(SMALL, WIDE, MOVED))
    program = branch.root / "__main__.py"
    program.write_text(program.read_text() + "\nraise ValueError('too early')\n")
    branch.change(("      headroom: 0\n", "      headroom: 0\n      public_network_access: Enabled\n"))
    outcome = branch.rehearse(pack=ROOT / "policies")
    assert "the program ends with ValueError: too early" in outcome.refusals
    note = outcome.notes[-1]
    assert "the preview stopped at 'the program ends with ValueError'" in note
    assert note.startswith(("evaluated ", "the policies were not evaluated: "))
    assert outcome.verdicts is None or not outcome.verdicts.whole


def test_what_failed_before_is_not_new_and_what_a_branch_mends_is_reported(tmp_path: Path) -> None:
    opened = ("      headroom: 0\n", "      headroom: 0\n      public_network_access: Enabled\n")
    branch = Branch(tmp_path, edited(SMALL, WIDE, MOVED, opened))
    branch.change(("    location: eastus\n", "    location: eastus\n    tags: {team: a}\n"))
    outcome = branch.rehearse(pack=ROOT / "policies")
    assert [line.split()[0] for line in outcome.refusals] == ["MOOR-ACR-003"]
    assert outcome.verdicts is not None
    assert (outcome.verdicts.new, outcome.verdicts.resolved) == ((), ())

    branch.change((opened[1], opened[0]))
    outcome = branch.rehearse(pack=ROOT / "policies")
    assert outcome.refusals == []
    assert outcome.verdicts is not None
    assert outcome.verdicts.new == ()
    assert "MOOR-ACR-003" in {line.split()[0] for line in outcome.verdicts.resolved}
