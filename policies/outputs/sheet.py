"""A report as plain rows, which every output is written from and which JSON keeps whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

from policies.engine import Report
from policies.exemptions import Exemption
from policies.model import SEVERITIES, Finding, Level, Severity, Status
from policies.places import Places

STATUSES: Final[tuple[Status, ...]] = ("fail", "undetermined", "pass", "not_applicable")


@dataclass(frozen=True, slots=True)
class Row:
    """One finding with all that is shown of it.

    Attributes:
        rule: id of the rule.
        title: the rule's title.
        severity: how bad it is.
        status: the verdict.
        level: what it does.
        message: what was found.
        resource: logical name of the resource.
        type: its ARM type, or its token when it is none of Azure's.
        urn: the engine's name of it.
        path: the property that decided, or None.
        file: the file to mend, or None.
        line: the line in it.
        exemption: why and until when it is excused, or None.
        known: whether the saved baseline has it.
    """

    rule: str
    title: str
    severity: Severity
    status: Status
    level: Level
    message: str
    resource: str
    type: str
    urn: str
    path: str | None = None
    file: str | None = None
    line: int | None = None
    exemption: str | None = None
    known: bool = False

    @property
    def loud(self) -> bool:
        """Whether it is a failure or undetermined, excused or not."""
        return self.status in {"fail", "undetermined"}

    @property
    def open(self) -> bool:
        """Whether it is to be mended: neither excused nor known before."""
        return self.loud and self.exemption is None and not self.known

    @property
    def stops(self) -> bool:
        """Whether it turns the run red."""
        return self.open and self.level in {"mandatory", "remediate"}

    @property
    def place(self) -> str:
        """`file:line`, empty when nothing tells."""
        return f"{self.file}:{self.line}" if self.file else ""

    @property
    def subject(self) -> str:
        """The resource and the property, as one word for people."""
        return f"{self.resource}.{self.path}" if self.path else self.resource


@dataclass(frozen=True, slots=True)
class Excuse:
    """One exemption and what became of it: used, unused or expired.

    `file` and `line` are told from the program's folder, and None where the file is not in it.
    """

    rule: str
    resource: str
    reason: str
    owner: str
    expires: str
    place: str
    state: str
    file: str | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class RuleText:
    """What outputs tell of a rule."""

    id: str
    title: str
    what: str
    why: str
    remedy: str
    docs: str
    severity: Severity
    pillar: str
    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sheet:
    """A whole run.

    Attributes:
        stack: name of the stack.
        rows: every finding, the worst first.
        rules: what is told of each rule, by id.
        excuses: every exemption.
        idle: ids of the rules that found no resource of their types.
        gone: findings of the saved baseline that are no more, as (rule, urn, path).
    """

    stack: str
    rows: tuple[Row, ...]
    rules: Mapping[str, RuleText]
    excuses: tuple[Excuse, ...] = ()
    idle: tuple[str, ...] = ()
    gone: tuple[tuple[str, str, str], ...] = ()

    @classmethod
    def of(cls, report: Report, places: Places) -> Sheet:
        """Make the rows of a report; `places` tells files and lines."""
        rules = {
            each.id: RuleText(
                each.id,
                each.title,
                each.what,
                each.why,
                each.remedy,
                each.docs,
                each.severity,
                each.pillar,
                (*each.covers, *each.frameworks),
            )
            for each in report.rules.values()
        }
        return cls(
            stack=report.stack,
            rows=tuple(_row(each, report, places, rules) for each in report.findings),
            rules=rules,
            excuses=tuple(_excuses(report, places)),
            idle=tuple(sorted(each.id for each in report.idle)),
            gone=tuple(report.gone),
        )

    @property
    def counts(self) -> dict[Status, int]:
        """Findings by status."""
        found = Counter(row.status for row in self.rows)
        return {status: found[status] for status in STATUSES}

    @property
    def open(self) -> list[Row]:
        """What is to be mended."""
        return [row for row in self.rows if row.open]

    @property
    def excused(self) -> list[Row]:
        """What exemptions excuse."""
        return [row for row in self.rows if row.loud and row.exemption is not None]

    @property
    def known(self) -> list[Row]:
        """What the saved baseline has and no exemption excuses."""
        return [row for row in self.rows if row.loud and row.known and row.exemption is None]

    @property
    def stops(self) -> bool:
        """Whether the run is red."""
        return any(row.stops for row in self.rows)

    @property
    def undetermined_share(self) -> float:
        """Undetermined verdicts among those that apply, 0 to 1."""
        counts = self.counts
        applying = counts["pass"] + counts["fail"] + counts["undetermined"]
        return counts["undetermined"] / applying if applying else 0.0

    def summary(self) -> str:
        """Return the run in one sentence."""
        counts = self.counts
        red = sum(row.stops for row in self.rows)
        parts = [
            f"{counts['fail']} failed",
            f"{counts['undetermined']} undetermined ({self.undetermined_share:.1%})",
            f"{counts['pass']} passed",
            f"{counts['not_applicable']} not applicable",
            f"{len(self.excused)} exempt",
        ]
        if self.known or self.gone:
            parts.append(f"{len(self.known)} known before")
        return f"{'red' if red else 'green'}: {', '.join(parts)}; {red} must be mended"


def _row(finding: Finding, report: Report, places: Places, rules: Mapping[str, RuleText]) -> Row:
    resource = report.graph.get(finding.urn)
    place = places.of(finding) if finding.status in {"fail", "undetermined"} else None
    return Row(
        rule=finding.rule,
        title=rules[finding.rule].title,
        severity=finding.severity,
        status=finding.status,
        level=finding.level,
        message=finding.message,
        resource=resource.name if resource else finding.urn.rpartition("::")[2] or "program",
        type=(resource.type or resource.token) if resource else "",
        urn=finding.urn,
        path=finding.path,
        file=place[0] if place else None,
        line=place[1] if place else None,
        exemption=finding.exemption,
        known=finding.known,
    )


def _excuses(report: Report, places: Places) -> Iterable[Excuse]:
    held = report.exemptions
    for position, entry in enumerate(held.entries):
        file, line = places.told(*held.where(position)) or (None, None)
        yield Excuse(
            entry.rule,
            entry.resource,
            entry.reason,
            entry.owner,
            str(entry.expires),
            held.place(position),
            _state(entry, position in held.used, report),
            file,
            line,
        )


def _state(entry: Exemption, used: bool, report: Report) -> str:
    if entry.expires < report.exemptions.today:
        return "expired"
    return "used" if used else "unused"


def as_json(sheet: Sheet) -> dict[str, Any]:
    """Return a sheet as JSON data."""
    return {
        "stack": sheet.stack,
        "rows": [_members(row) for row in sheet.rows],
        "rules": {rule: _members(text) for rule, text in sheet.rules.items()},
        "excuses": [_members(each) for each in sheet.excuses],
        "idle": sheet.idle,
        "gone": sheet.gone,
    }


def _members(row: Row | RuleText | Excuse) -> dict[str, Any]:
    return {name: getattr(row, name) for name in row.__slots__}


def from_json(data: Mapping[str, Any]) -> Sheet:
    """Return the sheet that `as_json` wrote."""
    return Sheet(
        stack=data["stack"],
        rows=tuple(Row(**each) for each in data["rows"]),
        rules={key: RuleText(**{**each, "tags": tuple(each["tags"])}) for key, each in data["rules"].items()},
        excuses=tuple(Excuse(**each) for each in data["excuses"]),
        idle=tuple(data["idle"]),
        gone=tuple(cast(tuple[str, str, str], tuple(each)) for each in data["gone"]),
    )


def by_severity(rows: Iterable[Row]) -> list[tuple[Severity, Sequence[Row]]]:
    """Return rows by severity, the worst first, severities without rows left out."""
    found: dict[Severity, list[Row]] = {name: [] for name in SEVERITIES}
    for row in rows:
        found[row.severity].append(row)
    return [(name, each) for name, each in found.items() if each]
