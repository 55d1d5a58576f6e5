"""The result of one run as plain data: findings, the rules behind them, and the exemptions.

Every output is written from a report, and JSON keeps it whole.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

from policies.model import SEVERITIES, STATUSES, Finding, Rule, Severity, Status


@dataclass(frozen=True, slots=True)
class RuleText:
    """Documentation of a rule, as outputs show it."""

    id: str
    title: str
    what: str
    why: str
    remedy: str
    docs: str
    severity: Severity
    pillar: str
    tags: tuple[str, ...] = ()

    @classmethod
    def of(cls, rule: Rule) -> RuleText:
        """Return the documentation of a rule."""
        tags = (*rule.covers, *rule.frameworks)
        return cls(rule.id, rule.title, rule.what, rule.why, rule.remedy, rule.page, rule.severity, rule.pillar, tags)


@dataclass(frozen=True, slots=True)
class Excuse:
    """One exemption and whether it was needed: used, unused or expired.

    `place` is `file:line` as messages show it. `source` is the file and line; `file` and `line` are the same relative to the
    repository, or None where the file is outside it.
    """

    rule: str
    resource: str
    reason: str
    owner: str
    expires: str
    place: str
    state: str
    source: tuple[Path, int] | None = None
    file: str | None = None
    line: int | None = None


@dataclass(frozen=True)
class Report:
    """The result of one run.

    Attributes:
        stack: name of the stack, empty where it is not known.
        findings: one for each verdict, in the order of `STATUSES` and by severity.
        rules: documentation of every rule that was enabled, by id.
        excuses: every exemption of the run.
        idle: ids of the rules that found no resource of their types.
        gone: rows of the saved baseline that no finding matches any more, as (rule, urn, path).
    """

    stack: str
    findings: tuple[Finding, ...]
    rules: Mapping[str, RuleText]
    excuses: tuple[Excuse, ...] = ()
    idle: tuple[str, ...] = ()
    gone: Sequence[tuple[str, str, str]] = ()

    def of(self, *statuses: Status) -> list[Finding]:
        """Return the findings with some statuses."""
        return [each for each in self.findings if each.status in statuses]

    @property
    def counts(self) -> dict[Status, int]:
        """Number of findings by status."""
        found = Counter(each.status for each in self.findings)
        return {status: found[status] for status in STATUSES}

    @property
    def open(self) -> list[Finding]:
        """Failures and undetermined verdicts that are neither excused nor in the baseline."""
        return [each for each in self.findings if each.open]

    @property
    def excused(self) -> list[Finding]:
        """Failures and undetermined verdicts that an exemption excuses."""
        return [each for each in self.findings if each.loud and each.exemption is not None]

    @property
    def known(self) -> list[Finding]:
        """Failures and undetermined verdicts that the baseline contains and no exemption excuses."""
        return [each for each in self.findings if each.loud and each.known and each.exemption is None]

    @property
    def stops(self) -> bool:
        """Whether the run fails."""
        return any(each.stops for each in self.findings)

    @property
    def undetermined_share(self) -> float:
        """Share of undetermined verdicts among those that apply, 0 to 1."""
        counts = self.counts
        applying = counts["pass"] + counts["fail"] + counts["undetermined"]
        return counts["undetermined"] / applying if applying else 0.0

    def summary(self) -> str:
        """Return the result in one sentence."""
        counts = self.counts
        stopping = sum(each.stops for each in self.findings)
        parts = [
            f"{counts['fail']} failed",
            f"{counts['undetermined']} undetermined ({self.undetermined_share:.1%})",
            f"{counts['pass']} passed",
            f"{counts['not_applicable']} not applicable",
            f"{len(self.excused)} exempt",
        ]
        if self.known or self.gone:
            parts.append(f"{len(self.known)} in the baseline")
        return f"{'failed' if stopping else 'passed'}: {', '.join(parts)}; {stopping} mandatory to fix"


def joined(reports: Sequence[Report]) -> Report:
    """Return one report of several runs on the same stack, with the failures of all of them first."""
    findings = [finding for report in reports for finding in report.findings]
    return replace(
        reports[-1],
        findings=tuple(sorted(findings, key=order)),
        rules={name: text for report in reports for name, text in report.rules.items()},
        excuses=tuple(excuse for report in reports for excuse in report.excuses),
    )


_STATUS_ORDER = {status: position for position, status in enumerate(STATUSES)}
_SEVERITY_ORDER = {severity: position for position, severity in enumerate(SEVERITIES)}


def order(finding: Finding) -> tuple[int, int, str, str, str]:
    """Return what findings are sorted by: status, severity, rule, resource, property."""
    status, severity = _STATUS_ORDER[finding.status], _SEVERITY_ORDER[finding.severity]
    return status, severity, finding.rule, finding.urn, finding.path or ""


def by_severity(findings: Iterable[Finding]) -> list[tuple[Severity, Sequence[Finding]]]:
    """Return findings by severity, highest first; severities without findings are left out."""
    found: dict[Severity, list[Finding]] = {name: [] for name in SEVERITIES}
    for each in findings:
        found[each.severity].append(each)
    return [(name, each) for name, each in found.items() if each]


_NOT_KEPT = frozenset({"source"})
"""Members that name a path of this machine."""


def as_json(report: Report) -> dict[str, Any]:
    """Return a report as JSON data."""
    return {
        "stack": report.stack,
        "findings": [_members(each) for each in report.findings],
        "rules": {rule: _members(text) for rule, text in report.rules.items()},
        "excuses": [_members(each) for each in report.excuses],
        "idle": report.idle,
        "gone": report.gone,
    }


def _members(value: Finding | RuleText | Excuse) -> dict[str, Any]:
    return {name: getattr(value, name) for name in value.__slots__ if name not in _NOT_KEPT}


def from_json(data: Mapping[str, Any]) -> Report:
    """Return the report that `as_json` wrote."""
    return Report(
        stack=data["stack"],
        findings=tuple(Finding(**each) for each in data["findings"]),
        rules={key: RuleText(**{**each, "tags": tuple(each["tags"])}) for key, each in data["rules"].items()},
        excuses=tuple(Excuse(**each) for each in data["excuses"]),
        idle=tuple(data["idle"]),
        gone=tuple(cast(tuple[str, str, str], tuple(each)) for each in data["gone"]),
    )
