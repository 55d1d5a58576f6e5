"""SARIF 2.1.0 for code scanning: failures as results, undetermined verdicts as open ones, exemptions as suppressions.

A result that is not of kind `fail` has the level `none`, as the standard requires [SARIF-KIND]. Paths are relative to the
repository. Code scanning recognises a result across runs by `primaryLocationLineHash` [GITHUB-SARIF]: here it is made of rule,
resource and property, so that an alert stays the same when lines of the file move.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from typing import Any, Final

from policies.model import Finding, Severity
from policies.report import Report, RuleText

SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_HOME: Final = "https://learn.microsoft.com/azure/container-registry/"
_SCORES: Final[dict[Severity, str]] = {"critical": "9.5", "high": "8.0", "medium": "5.5", "low": "2.0"}
"""Scores that code scanning sorts by: 9.0 and more is critical, 7.0 high, 4.0 medium [GITHUB-SARIF]."""
_FALLBACK: Final = "Pulumi.yaml"


def render(report: Report) -> str:
    """Return the run as SARIF text."""
    loud = [each for each in report.findings if each.loud]
    rules = sorted({each.rule for each in loud})
    index = {rule: position for position, rule in enumerate(rules)}
    compared, seen, results = bool(report.known or report.gone), Counter[tuple[str, str, str | None]](), []
    for each in loud:
        seen[each.rule, each.urn, each.path] += 1
        ordinal = seen[each.rule, each.urn, each.path]
        results.append(_result(each, index[each.rule], fingerprint(each, ordinal), compared=compared))
    run = {
        "tool": {
            "driver": {
                "name": "Moorings",
                "informationUri": _HOME,
                "rules": [_descriptor(report.rules[rule]) for rule in rules],
            }
        },
        "automationDetails": {"id": f"moorings/{report.stack or 'stack'}/"},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {"SRCROOT": {"description": {"text": "the root of the repository"}}},
        "results": results,
        "properties": {
            "summary": report.summary(),
            "exemptions": [
                {"rule": each.rule, "resource": each.resource, "state": each.state, "expires": each.expires}
                for each in report.excuses
            ],
        },
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=1) + "\n"


def _descriptor(rule: RuleText) -> dict[str, Any]:
    found: dict[str, Any] = {
        "id": rule.id,
        "name": rule.id.replace("-", ""),
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.what},
        "help": {"text": f"{rule.why}\n\nRemediation: {rule.remedy}".strip()},
        "defaultConfiguration": {"level": _level(rule.severity)},
        "properties": {
            "tags": list(dict.fromkeys((rule.pillar, *rule.tags))),
            "precision": "high",
            "security-severity": _SCORES[rule.severity],
            "problem.severity": "error" if rule.severity in {"critical", "high"} else "warning",
        },
    }
    if rule.docs:
        found["helpUri"] = rule.docs
    return found


def _level(severity: Severity) -> str:
    return {"critical": "error", "high": "error", "medium": "warning", "low": "note"}[severity]


def _result(finding: Finding, index: int, hashed: str, *, compared: bool) -> dict[str, Any]:
    failed = finding.status == "fail"
    found: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": index,
        "kind": "fail" if failed else "open",
        "level": _level(finding.severity) if failed else "none",
        "message": {"text": f"{finding.subject}: {'' if failed else 'undetermined: '}{finding.message}"},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": finding.file or _FALLBACK, "uriBaseId": "SRCROOT"},
                    "region": {"startLine": finding.line or 1},
                },
                "logicalLocations": [{"name": finding.resource, "fullyQualifiedName": finding.urn, "kind": "resource"}],
            }
        ],
        "partialFingerprints": {"primaryLocationLineHash": hashed},
        "properties": {"level": finding.level, "status": finding.status},
    }
    if finding.exemption is not None:
        found["suppressions"] = [{"kind": "external", "status": "accepted", "justification": finding.exemption}]
    if compared:
        found["baselineState"] = "unchanged" if finding.known else "new"
    return found


def fingerprint(finding: Finding, ordinal: int = 1) -> str:
    """Return what identifies a finding across runs: 16 hexadecimal digits, and its number among findings on one property."""
    text = "|".join((finding.rule, finding.urn, finding.path or ""))
    return f"{hashlib.sha256(text.encode()).hexdigest()[:16]}:{ordinal}"
