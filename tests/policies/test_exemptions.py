"""The exemptions file: all parts required, known rules, an end within reach."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from planning.problems import SpecError
from policies.exemptions import Exemption, Exemptions, load
from policies.model import Finding
from policies.preparation import prepare
from tests.policies.builders import urn_of
from tests.policies.tiny_rules import TINY

DAY = datetime.date(2026, 11, 21)
ENTRY = "{rule: TINY-001, resource: r, reason: scanner, owner: a@contoso.example, expires: 2026-12-01}"


def read(folder: Path, text: str, stack: str = "prod") -> Exemptions:
    path = folder / "exemptions.yaml"
    path.write_text(text, encoding="utf-8")
    return load(path, today=DAY, known_rules=["TINY-001"], stack=stack)


def refused(folder: Path, text: str) -> list[str]:
    with pytest.raises(SpecError) as raised:
        read(folder, text)
    return list(raised.value.lines)


def test_entries_are_read_with_their_lines(tmp_path: Path) -> None:
    held = read(tmp_path, f"exemptions:\n  - {ENTRY}\n")
    assert [entry.owner for entry in held.entries] == ["a@contoso.example"]
    assert held.place(0) == "exemptions.yaml:2"


@pytest.mark.parametrize("part", ["rule", "resource", "reason", "owner", "expires"])
def test_every_part_is_required(tmp_path: Path, part: str) -> None:
    entry = ", ".join(each for each in ENTRY.strip("{}").split(", ") if not each.startswith(part))
    assert refused(tmp_path, f"exemptions:\n  - {{{entry}}}\n") == [
        f"exemptions.yaml:2 exemptions.0.{part}: is required"
    ]


def test_a_reason_of_blanks_is_none(tmp_path: Path) -> None:
    lines = refused(tmp_path, f"exemptions:\n  - {ENTRY.replace('scanner', repr('  '))}\n")
    assert lines[0].startswith("exemptions.yaml:2 exemptions.0.reason: '  ':")


def test_a_rule_on_changes_is_sent_to_the_approvals(tmp_path: Path) -> None:
    (tmp_path / "exemptions.yaml").write_text(f"exemptions:\n  - {ENTRY.replace('TINY-001', 'MOOR-CHG-001')}\n")
    with pytest.raises(SpecError) as raised:
        prepare(tmp_path, stack="prod", rules=TINY, today=DAY)
    assert raised.value.lines == (
        "exemptions.yaml:2 rule: entries of MOOR-CHG-001 belong in approvals.yaml; move it there",
    )


def test_a_rule_that_there_is_not_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path, f"exemptions:\n  - {ENTRY.replace('001', '009')}\n") == [
        "exemptions.yaml:2 rule: unknown rule TINY-009; remove the entry or correct the id"
    ]


def test_an_end_more_than_a_year_ahead_is_refused(tmp_path: Path) -> None:
    lines = refused(tmp_path, f"exemptions:\n  - {ENTRY.replace('2026-12-01', '2027-11-23')}\n")
    assert lines == [
        "exemptions.yaml:2 expires: 2027-11-23 is more than 366 days ahead; the latest date is 2027-11-22",
    ]


def test_another_layout_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path, f"- {ENTRY}\n") == [
        "exemptions.yaml:1: expected one list under exemptions and nothing else; write exemptions: []"
    ]


def test_an_entry_for_another_stack_does_not_count(tmp_path: Path) -> None:
    text = f"exemptions:\n  - {ENTRY[:-1]}, stack: dev}}\n"
    assert read(tmp_path, text, "prod").entries == []
    assert len(read(tmp_path, text, "dev").entries) == 1


@pytest.mark.parametrize(
    ("resource", "means"),
    [
        ("r", True),
        ("*", True),
        ("r-*", False),
        ("urn:pulumi:test::moorings::azure-native:containerregistry:Registry::r", True),
        ("urn:pulumi:*::r", True),
        ("urn:pulumi:prod::*", False),
    ],
)
def test_a_resource_is_named_by_name_or_urn(resource: str, *, means: bool) -> None:
    entry = Exemption(rule="TINY-001", resource=resource, reason="x", owner="y", expires=DAY)
    assert entry.means(Finding("TINY-001", urn_of("r"), "fail")) is means


def test_another_rule_is_not_meant() -> None:
    entry = Exemption(rule="TINY-001", resource="*", reason="x", owner="y", expires=DAY)
    assert not entry.means(Finding("TINY-002", urn_of("r"), "fail"))


def test_a_file_that_does_not_exist_holds_none(tmp_path: Path) -> None:
    assert load(tmp_path / "none.yaml", today=DAY, known_rules=[]).entries == ()
