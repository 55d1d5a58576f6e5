"""The pull-request check without an engine: what it compares, what it says, and what it refuses to start from."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from policies.model import Finding
from policies.report import Report
from tools.engine import Finished
from tools.local_services import ROOT
from tools.pull_request import check as command
from tools.pull_request import refusals, rehearsal, report
from tools.pull_request.base import BaseError
from tools.pull_request.check import Request
from tools.pull_request.ledger import Subnet, compared, ledger
from tools.pull_request.rehearsal import Outcome
from tools.pull_request.steps import Step
from tools.pull_request.verdicts import Verdicts, _failures
from tools.stack_file import NoStackFileError, StackFileError

SUBNET = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/vnet/subnets/registry"
PE = "/subscriptions/s/resourcegroups/rg/providers/microsoft.network/privateendpoints/pe"


def subnet(prefix: str = "10.0.0.0/29", usable: int = 3, **held: str) -> Subnet:
    addresses = {address.replace("_", "."): (PE, member) for address, member in held.items()}
    return Subnet(SUBNET, prefix, usable, {address.removeprefix("a"): who for address, who in addresses.items()})


def outcome(**more: Any) -> Outcome:
    given: dict[str, Any] = {
        "start": "0123456789 of origin/main",
        "changes": {"create": 1, "same": 36},
        "steps": [Step("create", "azure-native:network:VirtualNetwork", "contoso-vnet")],
        **more,
    }
    return Outcome("prod", **given)


def event(urn: str, message: str, severity: str = "error") -> dict[str, Any]:
    return {"diagnosticEvent": {"urn": urn, "message": message, "severity": severity}}


def test_two_ledgers_are_compared_by_subnet_and_address() -> None:
    before = {SUBNET.lower(): subnet(a10_0_0_4="registry", a10_0_0_5="registry_data_eastus")}
    after = {SUBNET.lower(): subnet("10.0.0.0/28", 11, a10_0_0_4="registry", a10_0_0_6="registry_data_westeurope")}
    row = compared(before, after)[0]
    assert (row.name, row.prefix, row.held, row.free) == ("vnet/registry", "10.0.0.0/29 → 10.0.0.0/28", (2, 2), (1, 9))
    assert row.changes == ("- 10.0.0.5 pe registry_data_eastus", "+ 10.0.0.6 pe registry_data_westeurope")


def test_a_subnet_that_is_new_or_gone_has_no_number_on_the_other_side() -> None:
    assert compared({}, {SUBNET.lower(): subnet()})[0].held == (None, 0)
    assert compared({SUBNET.lower(): subnet()}, {})[0].free == (3, None)


def test_a_store_that_does_not_exist_has_no_addresses(tmp_path: Path) -> None:
    assert ledger(tmp_path) == {}


def test_the_console_reports_start_changes_addresses_and_refusals() -> None:
    before, after = {SUBNET.lower(): subnet()}, {SUBNET.lower(): subnet(a10_0_0_4="registry")}
    reported = outcome(before=before, after=after, refusals=["no room"], notes=["a note"])
    lines = list(report.console(reported))
    assert lines[0] == "prod: red, 1 refused"
    assert "  from     0123456789 of origin/main" in lines
    assert "  changes  1 created, 36 unchanged" in lines
    assert "    +  VirtualNetwork contoso-vnet" in lines
    assert "  addresses before the change, which was not applied" in lines
    assert "    vnet/registry 10.0.0.0/29: taken 0 → 1, free 3 → 2" in lines
    assert lines[-1] == "  refused: no room"


@pytest.mark.parametrize(
    ("applied", "label"),
    [
        ("no", "before the change, which was not applied"),
        ("partly", "before the change → when it stopped"),
        ("yes", "before → after the change"),
    ],
)
def test_addresses_are_labelled_with_the_state_that_they_belong_to(applied: str, label: str) -> None:
    reported = outcome(before={SUBNET.lower(): subnet()}, after={SUBNET.lower(): subnet()}, applied=applied)
    assert f"  addresses {label}" in list(report.console(reported))
    assert f"\nAddresses {label}:\n\n| subnet |" in report.comment([reported])


def test_the_counts_are_those_of_the_listed_resources() -> None:
    kind = "azure-native:network:VirtualNetwork"
    steps = [Step(op, kind, op) for op in ("create", "update", "create-replacement", "delete", "delete", "import")]
    reported = outcome(steps=steps, changes={"create": 9, "same": 4})
    assert report.counts(reported) == "1 created, 1 imported, 1 updated, 1 replaced, 2 deleted, 4 unchanged"
    assert report.counts(outcome(steps=[], changes={})) == "none"


def test_new_and_resolved_findings_are_distinguished_from_those_of_before() -> None:
    verdicts = Verdicts(
        Report("prod", (), {}), (), new=("MOOR-X-1 a: bad",), resolved=("MOOR-X-2 b: bad", "MOOR-X-3 b: bad")
    )
    reported = outcome(verdicts=verdicts)
    lines = list(report.console(reported))
    assert lines[lines.index("  findings 1 new, 2 resolved") + 1] == "    new: MOOR-X-1 a: bad"
    text = report.comment([reported])
    assert "New findings (1)" in text
    assert "Resolved findings (2)" in text
    fresh = outcome(verdicts=verdicts, start=rehearsal.NOTHING)
    assert not [line for line in report.console(fresh) if "new" in line]
    assert "New findings" not in report.comment([fresh])


PLAN = '{\n "steps": [%s]\n}'
NOTHING_HELD: dict[str, Any] = {"deployment": {"resources": []}}
REGISTRY = "urn:pulumi:p::m::azure-native:containerregistry:Registry::registry"


def judged_outcome(
    tmp_path: Path,
    plan: str,
    *errors: dict[str, Any],
    pack: bool = True,
    state: dict[str, Any] = NOTHING_HELD,
    failed: bool = False,
) -> Outcome:
    rehearser = rehearsal.Rehearser(tmp_path, tmp_path, tmp_path, pack=tmp_path if pack else None)
    reported = Outcome("p")
    rehearser._judge(reported, Finished(1 if errors or failed else 0, plan, errors), state)
    return reported


def step(urn: str, **inputs: Any) -> str:
    state = {"urn": urn, "type": urn.split("::")[2], "custom": True, "inputs": {"location": "eastus", **inputs}}
    return json.dumps({"op": "create", "urn": urn, "newState": state})


def test_of_a_preview_that_broke_off_what_it_had_reached_is_evaluated_and_the_report_says_so(tmp_path: Path) -> None:
    broken = event("urn:pulumi:p::m::a:b:C::other", "Duplicate resource URN")
    reported = judged_outcome(tmp_path, PLAN % step(REGISTRY, adminUserEnabled=True), broken)
    assert reported.notes == [
        "evaluated 1 resource separately; the preview stopped at 'other': the cross-resource rules and the "
        "change rules were not evaluated"
    ]
    assert any(line.startswith("MOOR-ACR-001 registry: ") for line in reported.refusals)
    assert reported.verdicts is not None
    assert not reported.verdicts.whole
    assert reported.verdicts.report is not None
    assert not [
        row
        for row in reported.verdicts.report.findings
        if row.rule.startswith("MOOR-CHG") or row.rule == "MOOR-POL-002"
    ]
    findings = next(line for line in report.console(reported) if line.startswith("  findings "))
    assert findings.endswith(" new")


@pytest.mark.parametrize(
    ("plan", "pack", "note"),
    [
        ("error: no plan", True, "the policies were not evaluated: the preview has no plan"),
        (
            PLAN % "",
            True,
            "the policies were not evaluated: the preview stopped at 'other', before the first resource",
        ),
        (PLAN % step(REGISTRY), False, "the change rules were not evaluated: the preview stopped at 'other'"),
    ],
)
def test_where_the_policies_are_not_asked_the_report_says_why(
    tmp_path: Path, plan: str, note: str, *, pack: bool
) -> None:
    reported = judged_outcome(tmp_path, plan, event("urn:pulumi:p::m::a:b:C::other", "broken"), pack=pack)
    assert (reported.verdicts, reported.notes) == (None, [note])


def test_a_plan_that_stopped_only_at_what_is_protected_is_evaluated_whole_with_what_else_goes(tmp_path: Path) -> None:
    group = "urn:pulumi:p::m::azure-native:resources:ResourceGroup::group"
    provider = "urn:pulumi:p::m::pulumi:providers:azure-native::default"
    there = [
        {"urn": urn, "type": urn.split("::")[2], "custom": True, "inputs": {}} for urn in (group, REGISTRY, provider)
    ]
    going = json.dumps({"op": "delete", "urn": REGISTRY, "oldState": there[1]})
    kept = event(REGISTRY, "it cannot be deleted\nbecause it is protected")
    reported = judged_outcome(tmp_path, PLAN % going, kept, state={"deployment": {"resources": there}})
    assert reported.notes == ["the preview stopped at a protected resource; deletions that it did not reach: 1"]
    assert reported.steps == [Step("delete", "azure-native:resources:ResourceGroup", "group")]
    assert reported.verdicts is not None
    assert reported.verdicts.whole


def test_a_plan_that_a_finding_ended_before_its_deletions_is_evaluated_with_them(tmp_path: Path) -> None:
    there = [{"urn": REGISTRY, "type": REGISTRY.split("::")[2], "custom": True, "inputs": {}}]
    reported = judged_outcome(tmp_path, PLAN % "", state={"deployment": {"resources": there}}, failed=True)
    assert reported.notes == ["the preview stopped at a finding; deletions that it did not reach: 1"]
    assert [each.op for each in reported.steps] == ["delete"]
    assert reported.verdicts is not None
    assert reported.verdicts.whole
    assert [line for line in reported.verdicts.resolved if "registry" in line]


def test_a_stack_that_was_not_evaluated_whole_leaves_no_report_in_which_a_missing_finding_counts_as_resolved(
    tmp_path: Path,
) -> None:
    report = Report("prod", (), {})
    command.write_reports([outcome(verdicts=Verdicts(report, ()))], tmp_path)
    assert (tmp_path / "prod.sarif").exists()
    command.write_reports([outcome(verdicts=Verdicts(report, (), whole=False))], tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["comment.md"]


def test_the_comment_has_a_marker_an_overview_and_a_section_for_each_stack() -> None:
    text = report.comment([outcome(), Outcome("dev", start="nothing", refusals=["a|b <script>"])])
    assert text.startswith(f"{report.MARKER}\n## Rehearsal: red\n")
    assert "| prod | green | 1 created, 36 unchanged | 0123456789 of origin/main |" in text
    assert "* **dev** refused: a\\|b &lt;script>" in text
    assert "### prod" in text
    assert "### dev" in text


@pytest.mark.parametrize("limit", [report.COMMENT_LIMIT, 3_000])
def test_the_comment_never_passes_the_limit_and_closes_what_it_opens(limit: int) -> None:
    steps = [Step("create", "azure-native:network:VirtualNetwork", f"contoso-network-{n}-vnet") for n in range(1_000)]
    outcomes = [outcome(steps=steps, refusals=[f"refusal {n} " + "x" * 100 for n in range(10)]) for _ in range(9)]
    text = report.comment(outcomes, limit)
    assert len(text) <= limit
    assert text.count("<details>") == text.count("</details>")


def test_the_picture_of_a_change_is_in_the_section_of_its_stack_and_never_cut_in_the_middle() -> None:
    drawn = "flowchart TB\n" + "".join(f'  n{i}["new: network {i}"]\n' for i in range(200))
    section = "```mermaid\n" + drawn + "```\n"
    assert section in report.comment([outcome(picture=drawn)])
    for limit in range(400, 6000, 300):
        text = report.comment([outcome(picture=drawn)], limit)
        assert len(text) <= limit
        assert text.count("```") == (2 if section in text else 0)


def test_errors_are_lines_without_markup_and_without_those_that_say_nothing() -> None:
    stack = "urn:pulumi:p::m::pulumi:pulumi:Stack::m-p"
    replica = "urn:pulumi:p::m::x$y::replica"
    events = (
        event(stack, "<{%fg 1%}>error: stacks/Pulumi.p.yaml:3 a: one\nstacks/Pulumi.p.yaml:4 b: two<{%reset%}>\n"),
        event(replica, "ReplicationProvisioningFailed: try again\n"),
        event("", "update failed\n"),
        event(replica, "only a warning", "warning"),
        event(
            "", "Program failed with an unhandled exception:\nTraceback (most recent call last):\n  File\nKeyError: 1\n"
        ),
    )
    assert refusals.refusals(Finished(1, "", events)) == [
        "stacks/Pulumi.p.yaml:3 a: one",
        "stacks/Pulumi.p.yaml:4 b: two",
        "replica: ReplicationProvisioningFailed: try again",
        "the program ends with KeyError: 1",
    ]


@pytest.mark.parametrize(
    "said", ["context canceled", "rpc error: code = Canceled desc = context canceled", "PUT failed: context cancelled"]
)
def test_a_resource_that_was_cancelled_because_another_one_failed_is_not_refused(said: str) -> None:
    failed, cancelled = event("urn:pulumi:p::m::t::replica", "no room"), event("urn:pulumi:p::m::t::zone", said)
    assert refusals.refusals(Finished(1, "", (cancelled, failed))) == ["replica: no room"]
    assert refusals.refusals(Finished(1, "", (cancelled,))) == [f"zone: {said}"]
    violation = {"policyName": "MOOR-X-1", "resourceUrn": "urn:p::m::t::name", "message": "bad"}
    stopped = {"policyEvent": {**violation, "enforcementLevel": "mandatory"}}
    assert refusals.refusals(Finished(1, "", (cancelled, stopped))) == ["MOOR-X-1 name: bad"]


def test_warnings_are_lines_once_each_and_those_of_the_base_are_not_repeated() -> None:
    reported = "stacks/Pulumi.dev.yaml:{} clusters.main.kubernetes_version: the channel decides [AKS-9]"
    finished = Finished(0, "", tuple(event("stack", reported.format(12), "warning") for _ in range(2)))
    (line,) = refusals.warnings(finished)
    assert line == reported.format(12)
    assert refusals.further_warnings([line], [reported.format(9)]) == []
    assert refusals.further_warnings([line], ["stacks/Pulumi.dev.yaml:9 registry: another one"]) == [line]
    assert refusals.warnings(Finished(0, "", (event("stack", "it broke"),))) == []


def test_what_is_protected_is_one_refusal_with_the_houses_remedy() -> None:
    reported = (
        'unable to delete resource "urn:pulumi:p::m::t::cluster"\nas it is currently marked for protection. To unprotect the '
        "resource, remove the `protect` flag\nor use the command:\n`pulumi state unprotect 'urn:pulumi:p::m::t::cluster'`"
    )
    found = refusals.refusals(Finished(255, "", (event("urn:pulumi:p::m::t::cluster", reported),)))
    assert found == ["cluster: is protected, and would be replaced or deleted; state protect: false for it first"]


def test_a_mandatory_violation_refuses_even_where_the_engine_goes_on_and_an_advisory_one_does_not() -> None:
    def violation(level: str) -> dict[str, Any]:
        reported = {"policyName": "MOOR-X-1", "resourceUrn": "urn:p::m::t::name", "message": "bad\nvalue"}
        return {"policyEvent": {**reported, "enforcementLevel": level}}

    found = refusals.refusals(Finished(0, "", (violation("mandatory"), violation("advisory"))))
    assert found == ["MOOR-X-1 name: bad value"]
    assert refusals.further(found, ["MOOR-X-1 name: said in other words"]) == []


def test_an_engine_that_fails_without_an_error_still_refuses() -> None:
    assert refusals.refusals(Finished(255, "\nerror: no such stack\n")) == ["error: no such stack"]
    assert refusals.refusals(Finished(255, "")) == ["the engine ended with 255 without a message"]


def test_a_plan_is_found_among_what_the_program_prints() -> None:
    assert Finished(0, 'hello {x}\n{\n "steps": []\n}\nbye').plan == {"steps": []}
    assert Finished(0, "no plan at all").plan is None


def test_one_state_for_several_stacks_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BaseError, match="is the state of one stack"):
        command.check(Request(["a", "b"], from_state=tmp_path / "state.json"), tmp_path)


def test_reports_that_cannot_be_written_are_refused_before_anything_is_rehearsed(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BaseError, match="folder for the reports cannot be created"):
        command.check(Request(["local"], output=tmp_path / "file"), tmp_path)


def test_a_stack_file_that_cannot_be_read_is_one_stacks_outcome(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def rehearse(_: object, stack: str) -> Outcome:
        if stack == "dev":
            raise StackFileError("stacks/Pulumi.dev.yaml:3: not YAML")
        return Outcome(stack, start="nothing")

    for stack in ("dev", "prod"):
        (tmp_path / "root" / "stacks").mkdir(parents=True, exist_ok=True)
        (tmp_path / "root" / "stacks" / f"Pulumi.{stack}.yaml").write_text("config: {}\n")
    monkeypatch.setattr(command, "ROOT", tmp_path / "root")
    monkeypatch.setattr(command, "PACK", ROOT / "policies")
    monkeypatch.setattr(command, "_tree", lambda local, base: (None, "no base"))
    monkeypatch.setattr(command.cli, "chosen", lambda root: root / "pulumi")
    monkeypatch.setattr(command.Rehearser, "rehearse", rehearse)
    outcomes = command.check(Request(output=tmp_path / "out"), tmp_path / "local")
    assert [(outcome.stack, outcome.green) for outcome in outcomes] == [("dev", False), ("prod", True)]
    text = (tmp_path / "out" / "comment.md").read_text()
    assert "* **dev** refused: stacks/Pulumi.dev.yaml:3: not YAML" in text
    assert "| prod | green |" in text


def test_stacks_that_need_a_requested_one_are_rehearsed_too_and_say_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    enterprise = ROOT / "tests" / "up" / "enterprise" / "files"
    shutil.copytree(enterprise, tmp_path / "stacks")
    (tmp_path / "stacks" / "Pulumi.broken.yaml").write_text("config: {}\n")
    (tmp_path / "Pulumi.yaml").write_text("name: moorings\n")
    monkeypatch.setattr(command, "ROOT", tmp_path)
    monkeypatch.setattr(command, "PACK", ROOT / "policies")
    monkeypatch.setattr(command, "_tree", lambda local, base: (None, "no base"))
    monkeypatch.setattr(command.cli, "chosen", lambda root: root / "pulumi")
    monkeypatch.setattr(command.Rehearser, "rehearse", lambda _, stack: Outcome(stack, start="nothing"))
    dev, work = command.check(Request(["dev"], output=tmp_path / "out"), tmp_path / "local")
    assert (dev.stack, dev.notes) == ("dev", [])
    assert (work.stack, work.notes) == ("work", ["rehearsed too, because it uses outputs of dev, shared"])


def test_failures_are_distinguished_by_rule_resource_and_property() -> None:
    findings = [Finding("MOOR-X-1", "urn", "fail", path=path) for path in ("subnets.0", "subnets.1")]
    excused = [Finding("MOOR-X-1", "urn", "fail", path="subnets.2", exemption="why"), Finding("MOOR-X-1", "u", "pass")]
    assert list(_failures([*findings, *excused]).values()) == findings


def test_a_missing_pack_is_refused_and_the_way_around_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "PACK", tmp_path / "policies")
    with pytest.raises(BaseError, match="--no-policy"):
        command.check(Request(["local"]), tmp_path)


def test_a_name_that_leads_out_of_the_folder_is_no_stack_and_nothing_is_deleted(tmp_path: Path) -> None:
    local, mine = tmp_path / "local" / "pr", tmp_path / "mine"
    for folder in (local, mine):
        folder.mkdir(parents=True)
    (tmp_path / "stacks").mkdir()
    (mine / "file").write_text("kept")
    with pytest.raises(NoStackFileError, match=re.escape("no stack '../../mine'")):
        rehearsal.Rehearser(tmp_path, local, tmp_path).rehearse("../../mine")
    assert (mine / "file").read_text() == "kept"
