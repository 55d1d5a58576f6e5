"""The estimate as a section of the report, and of the comment on a pull request."""

from __future__ import annotations

import datetime

import pytest

from stacks.files import DIRECTORY
from stacks.loader import load
from tools.cost.costs import Costs, costs
from tools.pull_request import report
from tools.pull_request.rehearsal import Outcome
from tools.report.page import Base, page

TODAY = datetime.date(2026, 11, 29)


@pytest.fixture(scope="module")
def grown() -> Costs:
    """The cost of stack prod, which was stack dev before."""
    return costs("prod", load("prod"), load("dev"), DIRECTORY, TODAY)


def test_the_report_has_tables_of_the_cost(grown: Costs) -> None:
    text = page("prod", load("prod"), Base("dev", load("dev")), None, grown)
    assert '<a href="#cost">Cost</a>' in text
    for caption in ("What the change touches", "By region", "By resource"):
        assert f"<caption>{caption}</caption>" in text
    assert '<th scope="row">registry.replicas.southeastasia</th><td>southeastasia</td><td>replica</td>' in text
    assert "list prices in US dollars of 2026-06-18 to 2026-10-03" in text
    assert f"<summary>Not in this estimate: {len(grown.not_known())}</summary>" in text


def test_a_report_without_a_base_compares_nothing() -> None:
    text = page("prod", load("prod"), None, None, costs("prod", load("prod"), None, DIRECTORY, TODAY))
    assert "<caption>By region</caption>" in text
    assert "<caption>What the change touches</caption>" not in text


def test_a_report_without_an_estimate_says_so() -> None:
    assert "The cost was not estimated." in page("prod", load("prod"))


def test_a_comment_says_what_a_change_costs(grown: Costs) -> None:
    outcome = Outcome("prod", start="0123456789 of main", costs=grown)
    text = report.comment([outcome])
    assert "\nCost: **+$" in text
    assert "\n| resource | region | what | before | after | difference |\n|---|---|---|---|---|---|\n" in text
    assert "| registry.replicas.southeastasia | southeastasia | replica | $0.00 | $50.69 | +$50.69 |" in text
    assert text.count("<details>") == text.count("</details>")


def test_the_console_and_json_have_it_too(grown: Costs) -> None:
    outcome = Outcome("prod", costs=grown)
    (line,) = [line for line in report.console(outcome) if line.startswith("  cost ")]
    assert line.startswith("  cost     +$")
    assert report.as_json(outcome)["cost"]["total"]["least"] > 0


def test_without_a_base_a_rehearsal_has_no_cost() -> None:
    outcome = Outcome("prod")
    assert report.as_json(outcome)["cost"] is None
    assert "Cost:" not in report.comment([outcome])
