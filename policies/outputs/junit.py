"""JUnit XML: a suite for each rule, a case for each resource.

A case fails when it turns the run red, so that a pipeline that reads this file comes to the same end. What is advice,
undetermined, excused or does not apply is skipped, with why.
"""

from __future__ import annotations

import re
from collections import defaultdict
from xml.etree import ElementTree

from policies.outputs.sheet import Row, Sheet

_NOT_IN_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(sheet: Sheet) -> str:
    """Return the run as JUnit text."""
    by_rule: dict[str, list[Row]] = defaultdict(list)
    for row in sheet.rows:
        by_rule[row.rule].append(row)
    root = ElementTree.Element("testsuites", name=f"policies {sheet.stack}".strip(), time="0")
    for rule in sorted(by_rule):
        rows = by_rule[rule]
        suite = ElementTree.SubElement(root, "testsuite", name=f"{rule} {_text(sheet.rules[rule].title)}", time="0")
        for row in rows:
            _case(suite, row)
        _count(suite, [suite])
    _count(root, list(root))
    ElementTree.indent(root, " ")
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _case(suite: ElementTree.Element, row: Row) -> None:
    name = f"{row.rule} {row.subject}"
    case = ElementTree.SubElement(suite, "testcase", name=_text(name), classname=_text(row.type or "program"), time="0")
    if row.file:
        case.set("file", row.file)
        case.set("line", str(row.line))
    reason = _reason_to_skip(row)
    if reason is not None:
        ElementTree.SubElement(case, "skipped", message=_text(reason))
    elif row.loud:
        failure = ElementTree.SubElement(case, "failure", message=_text(row.message), type=row.status)
        failure.text = _text("\n".join(filter(None, (row.message, row.place, row.urn))))


def _reason_to_skip(row: Row) -> str | None:
    """Return why a case neither passes nor turns the run red; None for the others."""
    if row.status == "not_applicable":
        return f"not applicable: {row.message}"
    if not row.loud or row.stops:
        return None
    if row.exemption is not None:
        return f"exempt: {row.exemption}: {row.message}"
    if row.known:
        return f"known before: {row.message}"
    return f"{'undetermined' if row.status == 'undetermined' else 'advice'}: {row.message}"


def _count(element: ElementTree.Element, suites: list[ElementTree.Element]) -> None:
    cases = [case for suite in suites for case in suite.iter("testcase")]
    element.set("tests", str(len(cases)))
    element.set("failures", str(sum(case.find("failure") is not None for case in cases)))
    element.set("errors", "0")
    element.set("skipped", str(sum(case.find("skipped") is not None for case in cases)))


def _text(text: str) -> str:
    """Return a text without the characters that XML cannot hold."""
    return _NOT_IN_XML.sub("\ufffd", text)
