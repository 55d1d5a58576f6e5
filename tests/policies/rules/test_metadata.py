"""The metadata of the rules: ids, wording, pages, and the checks of other tools that they cover."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from policies import pages
from policies.changes import CHANGE_RULES
from policies.model import Rule
from policies.preparation import with_self_checks
from policies.rules import RULES
from policies.rules.not_rules import NOT_RULES
from tests.verbs.asking import run

CHECKS = {"1.1": 31, "1.2": 46, "1.3": 18, "1.4": 21, "1.5": 14, "1.6": 15}
"""Checks that other tools have, by section: registries, clusters, Container Apps, networks, key vaults, and the rest."""
DOMAIN_RULES = 30
"""Rules across resources that no other tool has."""
EVERY = [*with_self_checks(RULES), *CHANGE_RULES]


def rows() -> set[str]:
    """Return the numbers of all checks and domain rules, such as `1.1#5` and `D7`."""
    checks = {f"{section}#{number}" for section, count in CHECKS.items() for number in range(1, count + 1)}
    return checks | {f"D{number}" for number in range(1, DOMAIN_RULES + 1)}


def test_every_check_of_other_tools_is_a_rule_or_is_left_out_for_a_reason() -> None:
    covered = {each for rule in EVERY for each in rule.covers}
    assert rows() - covered - {each.row for each in NOT_RULES} == set()


def test_no_rule_refers_to_a_check_that_does_not_exist() -> None:
    claimed = {each for rule in EVERY for each in rule.covers if "#" in each or re.fullmatch(r"D\d+", each)}
    assert (claimed | {each.row for each in NOT_RULES}) - rows() == set()


def test_every_domain_rule_is_a_rule() -> None:
    covered = {each for rule in EVERY for each in rule.covers}
    assert [number for number in range(1, DOMAIN_RULES + 1) if f"D{number}" not in covered] == []


def test_ids_are_given_once() -> None:
    assert [name for name, count in Counter(rule.id for rule in EVERY).items() if count > 1] == []
    assert [rule.id for rule in RULES if not re.fullmatch(r"MOOR-[A-Z]+-\d{3}", rule.id)] == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_states_what_it_checks_and_why_and_how_to_fix_it(rule: Rule) -> None:
    assert rule.title
    assert rule.what.endswith(".")
    assert rule.why.endswith(".")
    assert rule.remedy[0].islower()
    assert not rule.remedy.endswith(".")
    assert rule.page.startswith("https://")
    assert all(re.fullmatch(r"(MCSB|CIS-AKS) \S+", each) for each in rule.frameworks)
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


def test_the_command_reports_which_pages_are_stale() -> None:
    result = run("docs", "--verify")
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
