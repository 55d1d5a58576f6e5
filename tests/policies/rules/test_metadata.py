"""What every rule tells of itself, and that the rules cover what they say."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from typer.testing import CliRunner

from policies import pages
from policies.changes import CHANGE_RULES
from policies.cli import app
from policies.model import Rule
from policies.preparation import with_self_checks
from policies.rules import RULES
from policies.rules.not_rules import NOT_RULES

UNION = Path(__file__).resolve().parents[4] / "shared" / "facts" / "policy-rules.md"
EVERY = [*with_self_checks(RULES), *CHANGE_RULES]


def rows() -> list[str]:
    """Numbers of the rows of the union of what other tools test, such as `1.1#5`, and of the domain rules."""
    found, section = [], ""
    for line in UNION.read_text(encoding="utf-8").splitlines():
        heading = re.match(r"#+ (1\.\d|\d)\b", line)
        if heading:
            section = heading.group(1)
        row = re.match(r"\| (D?\d+) \|", line)
        if row and (section.startswith("1.") or section == "4"):
            found.append(row.group(1) if section == "4" else f"{section}#{row.group(1)}")
    return found


@pytest.mark.skipif(not UNION.exists(), reason="the union of what other tools test is not at hand")
def test_every_row_is_a_rule_or_is_left_out_for_a_reason() -> None:
    union = rows()
    assert len(union) == 175
    assert [each for each in union if each.startswith("D")] == [f"D{number}" for number in range(1, 31)]
    left_out = {each.row for each in NOT_RULES}
    covered = {each for rule in EVERY for each in rule.covers} | left_out
    assert [row for row in union if row not in covered] == []


@pytest.mark.skipif(not UNION.exists(), reason="the union of what other tools test is not at hand")
def test_nothing_claims_to_cover_a_row_that_is_not_there() -> None:
    claimed = {each for rule in EVERY for each in rule.covers if "#" in each or re.fullmatch(r"D\d+", each)}
    assert claimed | {each.row for each in NOT_RULES} <= set(rows())


def test_every_domain_rule_is_a_rule() -> None:
    covered = {each for rule in EVERY for each in rule.covers}
    assert [number for number in range(1, 31) if f"D{number}" not in covered] == []


def test_ids_are_given_once() -> None:
    assert [name for name, count in Counter(rule.id for rule in EVERY).items() if count > 1] == []
    assert [rule.id for rule in RULES if not re.fullmatch(r"MOOR-[A-Z]+-\d{3}", rule.id)] == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_tells_what_why_and_what_to_do(rule: Rule) -> None:
    assert rule.title
    assert rule.what.endswith(".")
    assert rule.why.endswith(".")
    assert rule.remedy[0].islower()
    assert not rule.remedy.endswith(".")
    assert rule.docs.startswith("https://")
    assert re.fullmatch(r"20\d\d_(03|06|09|12)", rule.since)
    assert rule.config().model_dump() is not None


def test_profiles_are_nested() -> None:
    for rule in RULES:
        assert "minimal" not in rule.profiles or "standard" in rule.profiles, rule.id
        assert "standard" not in rule.profiles or "regulated" in rule.profiles, rule.id


def test_what_is_wrong_today_is_left_out() -> None:
    wrong = {each.row for each in NOT_RULES if each.kind == "outdated"}
    assert wrong == {"1.1#11", "1.1#14", "1.1#18"}
    claimed = {each for rule in RULES for each in rule.covers}
    assert wrong & claimed == set()


def test_the_pages_are_fresh() -> None:
    assert pages.stale() == []


def test_a_page_of_a_rule_that_went_is_stale(tmp_path: Path) -> None:
    pages.write(tmp_path)
    (tmp_path / "MOOR-OLD-001.md").write_text("gone")
    (tmp_path / "MOOR-ACR-001.md").write_text("changed by hand")
    assert pages.stale(tmp_path) == ["MOOR-ACR-001.md", "MOOR-OLD-001.md"]
    pages.write(tmp_path)
    assert pages.stale(tmp_path) == []


def test_the_command_tells_which_pages_are_stale() -> None:
    result = CliRunner().invoke(app, ["docs", "--verify"])
    assert result.exit_code == 0, result.output


IMPERATIVE = re.compile(
    r"(add|allow|append|assign|change|configure|create|delegate|disable|enlarge|fix|grant|import|increase|keep|list|make|move"
    r"|purge|put|remove|replace|report|restrict|set|state|take|use|wrap)\b"
)
QUAINT = re.compile(
    r"\b(nobody|somebody|anybody|whoever|told|tells|hence|beside|lest|one's|mend|lets|quite|never mind|lies in)\b",
    re.IGNORECASE,
)


@pytest.mark.parametrize("rule", EVERY, ids=lambda rule: rule.id)
def test_a_rule_is_written_as_documentation_of_the_service_is(rule: Rule) -> None:
    assert IMPERATIVE.match(rule.remedy), rule.remedy
    for text in (rule.title, rule.what, rule.why, rule.remedy):
        assert not QUAINT.search(text), text
    assert len(rule.title) <= 90
    assert rule.title[0].isupper() or rule.title[0].isdigit()
    assert not rule.title.endswith(".")
