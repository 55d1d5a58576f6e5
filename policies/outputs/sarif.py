"""SARIF 2.1.0 for code scanning: failures as results, undetermined verdicts as open ones, exemptions as suppressions.

A result that is not of kind `fail` has the level `none`, as the standard demands [SARIF-KIND].
"""

from __future__ import annotations

import json
from typing import Any, Final

from policies.model import Severity
from policies.outputs.sheet import Row, RuleText, Sheet

SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_HOME: Final = "https://learn.microsoft.com/azure/container-registry/"
_SCORES: Final[dict[Severity, str]] = {"critical": "9.5", "high": "8.0", "medium": "5.5", "low": "2.0"}
"""Scores by which code scanning sorts: 9.0 and more is critical, 7.0 high, 4.0 medium [GITHUB-SARIF]."""
_FALLBACK: Final = "Pulumi.yaml"


def render(sheet: Sheet) -> str:
    """Return the run as SARIF text."""
    rules = sorted({row.rule for row in sheet.rows if row.loud})
    index = {rule: position for position, rule in enumerate(rules)}
    compared = bool(sheet.known or sheet.gone)
    run = {
        "tool": {
            "driver": {
                "name": "Moorings",
                "informationUri": _HOME,
                "rules": [_descriptor(sheet.rules[rule]) for rule in rules],
            }
        },
        "automationDetails": {"id": f"moorings/{sheet.stack or 'stack'}/"},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {"SRCROOT": {"description": {"text": "the program's folder"}}},
        "results": [_result(row, index[row.rule], compared=compared) for row in sheet.rows if row.loud],
        "properties": {
            "summary": sheet.summary(),
            "exemptions": [
                {"rule": each.rule, "resource": each.resource, "state": each.state, "expires": each.expires}
                for each in sheet.excuses
            ],
        },
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=1) + "\n"


def _descriptor(rule: RuleText) -> dict[str, Any]:
    told: dict[str, Any] = {
        "id": rule.id,
        "name": rule.id.replace("-", ""),
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.what},
        "help": {"text": f"{rule.why}\n\nRemedy: {rule.remedy}".strip()},
        "defaultConfiguration": {"level": _level(rule.severity)},
        "properties": {
            "tags": list(dict.fromkeys((rule.pillar, *rule.tags))),
            "precision": "high",
            "security-severity": _SCORES[rule.severity],
            "problem.severity": "error" if rule.severity in {"critical", "high"} else "warning",
        },
    }
    if rule.docs:
        told["helpUri"] = rule.docs
    return told


def _level(severity: Severity) -> str:
    return {"critical": "error", "high": "error", "medium": "warning", "low": "note"}[severity]


def _result(row: Row, index: int, *, compared: bool) -> dict[str, Any]:
    failed = row.status == "fail"
    told: dict[str, Any] = {
        "ruleId": row.rule,
        "ruleIndex": index,
        "kind": "fail" if failed else "open",
        "level": _level(row.severity) if failed else "none",
        "message": {"text": f"{row.subject}: {'' if failed else 'undetermined: '}{row.message}"},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": row.file or _FALLBACK, "uriBaseId": "SRCROOT"},
                    "region": {"startLine": row.line or 1},
                },
                "logicalLocations": [{"name": row.resource, "fullyQualifiedName": row.urn, "kind": "resource"}],
            }
        ],
        "partialFingerprints": {"moorings/v1": f"{row.rule}|{row.urn}|{row.path or ''}"},
        "properties": {"level": row.level, "status": row.status},
    }
    if row.exemption is not None:
        told["suppressions"] = [{"kind": "external", "status": "accepted", "justification": row.exemption}]
    if compared:
        told["baselineState"] = "unchanged" if row.known else "new"
    return told
