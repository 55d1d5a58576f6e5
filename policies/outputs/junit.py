"""JUnit XML: a suite for each rule, a case for each resource.

A case fails when its finding fails the run, so that a pipeline that reads this file comes to the same result. Advisory,
undetermined, excused and not applicable findings are skipped, with the reason.
"""

from __future__ import annotations

import re
from collections import defaultdict
from xml.etree import ElementTree

from policies.model import Finding
from policies.report import Report

_NOT_IN_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(report: Report) -> str:
    """Return the run as JUnit text."""
    by_rule: dict[str, list[Finding]] = defaultdict(list)
    for each in report.findings:
        by_rule[each.rule].append(each)
    root = ElementTree.Element("testsuites", name=f"policies {report.stack}".strip(), time="0")
    for rule in sorted(by_rule):
        suite = ElementTree.SubElement(root, "testsuite", name=f"{rule} {_text(report.rules[rule].title)}", time="0")
        for each in by_rule[rule]:
            _case(suite, each)
        _count(suite, [suite])
    _count(root, list(root))
    ElementTree.indent(root, " ")
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _case(suite: ElementTree.Element, finding: Finding) -> None:
    name = f"{finding.rule} {finding.subject}"
    case = ElementTree.SubElement(
        suite, "testcase", name=_text(name), classname=_text(finding.type or "program"), time="0"
    )
    if finding.file:
        case.set("file", finding.file)
        case.set("line", str(finding.line))
    reason = _reason_to_skip(finding)
    if reason is not None:
        ElementTree.SubElement(case, "skipped", message=_text(reason))
    elif finding.loud:
        failure = ElementTree.SubElement(case, "failure", message=_text(finding.message), type=finding.status)
        failure.text = _text("\n".join(filter(None, (finding.message, finding.place, finding.urn))))


def _reason_to_skip(finding: Finding) -> str | None:
    """Return why a case neither passes nor fails the run; None for the others."""
    if finding.status == "not_applicable":
        return f"not applicable: {finding.message}"
    if not finding.loud or finding.stops:
        return None
    if finding.exemption is not None:
        return f"exempt: {finding.exemption}: {finding.message}"
    if finding.known:
        return f"in the baseline: {finding.message}"
    return f"{'undetermined' if finding.status == 'undetermined' else 'advisory'}: {finding.message}"


def _count(element: ElementTree.Element, suites: list[ElementTree.Element]) -> None:
    cases = [case for suite in suites for case in suite.iter("testcase")]
    element.set("tests", str(len(cases)))
    element.set("failures", str(sum(case.find("failure") is not None for case in cases)))
    element.set("errors", "0")
    element.set("skipped", str(sum(case.find("skipped") is not None for case in cases)))


def _text(text: str) -> str:
    """Return a text without the characters that XML cannot hold."""
    return _NOT_IN_XML.sub("\ufffd", text)
