"""The estimate as a section of the report, and of the comment on a pull request."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from stacks.files import DIRECTORY
from stacks.loader import load
from tools.bases import Base
from tools.cost import table
from tools.cost.costs import Costs, costs
from tools.pull_request import check as command
from tools.pull_request import report
from tools.pull_request.base import Tree
from tools.pull_request.rehearsal import Outcome
from tools.report.page import page

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
    assert ">registry.replicas.southeastasia</a></th><td>southeastasia</td><td>replica</td>" in text
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


def test_a_stack_that_the_base_lacks_is_drawn_and_has_a_cost(tmp_path: Path) -> None:
    (tmp_path / "stacks").mkdir()
    new, refused = Outcome("prod"), Outcome("nowhere")
    for each in (new, refused):
        command._compare(each, Tree(tmp_path, "abc1234 of main"))
    assert "new: cluster eastus" in new.picture
    assert new.costs is not None
    assert new.costs.before is None
    assert (refused.picture, refused.costs) == ("", None)


def test_a_cost_that_cannot_be_estimated_is_a_note(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "FILE", tmp_path / "prices.json")
    (tmp_path / "stacks").mkdir()
    found = Outcome("prod")
    command._compare(found, Tree(tmp_path, "abc1234 of main"))
    (note,) = found.notes
    assert note.startswith("the cost is not estimated: prices.json is not a table of prices")
    assert (found.costs, bool(found.picture)) == (None, True)
