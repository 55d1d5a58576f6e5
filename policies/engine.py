"""Runs rules over a graph and makes findings of their verdicts; knows neither Pulumi nor any output.

A value that is not known ends one rule on one resource with the verdict undetermined and touches nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from policies.baselines import Baseline
from policies.configuration import Active
from policies.exemptions import Exemptions
from policies.model import (
    SEVERITIES,
    Finding,
    Graph,
    Level,
    Resource,
    Rule,
    Severity,
    Status,
    Undetermined,
    Verdict,
    fail,
    not_applicable,
    undetermined,
)
from policies.self_checks import EXEMPTION_EXPIRED, EXEMPTION_UNUSED, RULE_BROKEN, SELF_CHECKS


class NeedsGraph(Exception):  # noqa: N818 - it says when to ask again, nothing is wrong
    """A rule asked for other resources where only its own is known yet."""


class NoGraph(Graph):
    """Stands for the graph while resources are still being registered: whatever is asked of it must wait."""

    def __init__(self) -> None:
        """Hold nothing."""

    def __getattribute__(self, name: str) -> object:
        raise NeedsGraph(name)


@dataclass(frozen=True)
class Report:
    """All that one run found.

    Attributes:
        findings: one for each verdict, the worst first.
        rules: every rule that was on, by id, the engine's own among them.
        graph: what was judged.
        stack: name of the stack, empty when it is not known.
        exemptions: those of the run.
        gone: rows of the saved baseline that no finding has any more.
    """

    findings: tuple[Finding, ...]
    rules: Mapping[str, Rule]
    graph: Graph
    stack: str = ""
    exemptions: Exemptions = field(default_factory=Exemptions)
    gone: Sequence[tuple[str, str, str]] = ()

    def of(self, *statuses: Status) -> list[Finding]:
        """Return the findings with some statuses."""
        return [each for each in self.findings if each.status in statuses]

    @property
    def open(self) -> list[Finding]:
        """Failures and undetermined verdicts that are neither excused nor known before."""
        return [each for each in self.of("fail", "undetermined") if each.exemption is None and not each.known]

    @property
    def idle(self) -> list[Rule]:
        """Rules that found no resource of their types: nothing of the kind is there, or a type is misspelt."""
        return [each for each in self.rules.values() if each.types and not self.graph.of(*each.types)]

    @property
    def stops(self) -> bool:
        """Whether the run is red."""
        return any(each.stops for each in self.findings)

    @property
    def undetermined_share(self) -> float:
        """Undetermined verdicts among those that apply, 0 to 1."""
        applying = self.of("pass", "fail", "undetermined")
        return len(self.of("undetermined")) / len(applying) if applying else 0.0


def judge(
    active: Iterable[Active],
    graph: Graph,
    *,
    stack: str = "",
    exemptions: Exemptions | None = None,
    baseline: Baseline | None = None,
    decided: Iterable[Finding] = (),
) -> Report:
    """Run rules over a graph.

    Args:
        active: the rules that are on, from `configuration.select`.
        graph: all resources.
        stack: name of the stack.
        exemptions: what is excused.
        baseline: what was there before.
        decided: findings made earlier in the same run; their rules are not run again on their resources.
    """
    rules, excused = list(active), exemptions or Exemptions()
    findings = list(decided)
    done = {(each.rule, each.urn) for each in findings}
    for each in rules:
        for resource in () if each.rule in SELF_CHECKS else _looked_at(each.rule, graph):
            if (each.rule.id, resource.urn) not in done:
                findings += findings_on(each, resource, graph)
    return _report(rules, findings, graph, stack, excused, baseline)


def judge_singly(
    active: Iterable[Active],
    graph: Graph,
    *,
    stack: str = "",
    exemptions: Exemptions | None = None,
    baseline: Baseline | None = None,
) -> Report:
    """Judge each resource by itself, where others may be missing from the graph because a plan broke off.

    Rules that ask for other resources are left out, and so is all that only a whole run can tell: which exemptions are
    not needed, and which findings of the baseline are gone. Arguments as for `judge`.
    """
    asked: list[Active] = []
    findings: list[Finding] = []
    for each in active:
        found = list(_on_single_resources(each, graph)) if each.rule.types else []
        if found or each.rule == EXEMPTION_EXPIRED:
            asked.append(each)
            findings += found
    report = _report(asked, findings, graph, stack, exemptions or Exemptions(), baseline)
    return replace(report, gone=())


def _on_single_resources(active: Active, graph: Graph) -> Iterator[Finding]:
    for resource in _looked_at(active.rule, graph):
        try:
            yield from findings_on(active, resource, NoGraph())
        except NeedsGraph:
            continue


def _report(
    rules: Sequence[Active],
    found: Iterable[Finding],
    graph: Graph,
    stack: str,
    exemptions: Exemptions,
    baseline: Baseline | None,
) -> Report:
    """Lay exemptions and baseline over what rules found, and put the worst first."""
    findings = [excuse(each, exemptions) for each in found]
    findings += _on_exemptions(rules, exemptions, graph)
    gone = baseline.gone(findings) if baseline else ()
    if baseline:
        findings = baseline.mark(findings)
    ordered = sorted(findings, key=_order)
    told = {each.id: each for each in (*(each.rule for each in rules), *SELF_CHECKS)}
    return Report(tuple(ordered), told, graph, stack, exemptions, gone)


def findings_on(active: Active, resource: Resource, graph: Graph) -> list[Finding]:
    """Run one rule on one resource.

    Raises:
        NeedsGraph: the graph is `NoGraph` and the rule asked something of it.
    """
    found: dict[tuple[str, Status, str], Finding] = {}

    def add(finding: Finding) -> None:
        found.setdefault((finding.urn, finding.status, finding.message), finding)

    try:
        for verdict in active.rule.check(resource, graph, active.config):
            add(_finding(active, verdict, resource))
    except Undetermined as unknown:
        add(_finding(active, undetermined(str(unknown), unknown.path), resource))
    except NeedsGraph:
        raise
    except Exception as error:  # one rule's own fault must not hide what all others find
        message = f"{active.rule.id} broke off: {type(error).__name__}: {error}"
        add(Finding(RULE_BROKEN.id, resource.urn, "fail", message, level="mandatory", severity=RULE_BROKEN.severity))
    if not found:
        add(_finding(active, not_applicable("the rule has nothing to say of it"), resource))
    return list(found.values())


def excuse(finding: Finding, exemptions: Exemptions) -> Finding:
    """Return a finding with its exemption, if one is valid."""
    if finding.status not in {"fail", "undetermined"}:
        return finding
    reason = exemptions.excuse(finding)
    return replace(finding, exemption=reason) if reason else finding


def _looked_at(rule: Rule, graph: Graph) -> list[Resource]:
    if not rule.types:
        return [graph.stack]
    return [each for each in graph.of(*rule.types) if not each.external]


def _finding(active: Active, verdict: Verdict, resource: Resource) -> Finding:
    level: Level = "advisory"
    if verdict.status == "fail":
        level = active.level
    elif verdict.status == "undetermined":
        level = active.undetermined
    return Finding(
        rule=active.rule.id,
        urn=verdict.urn or resource.urn,
        status=verdict.status,
        message=_without_secrets(verdict.message, resource),
        path=verdict.path,
        level=level,
        severity=active.rule.severity,
    )


def _without_secrets(message: str, resource: Resource) -> str:
    """Return a message in which no secret value of the resource stands, whatever the rule has quoted."""
    for path in resource.secrets:
        try:
            value = resource.value(path)
        except Undetermined:
            continue
        if isinstance(value, str) and len(value) > 3:
            message = message.replace(value, "[secret]")
    return message


def _on_exemptions(rules: Sequence[Active], exemptions: Exemptions, graph: Graph) -> Iterator[Finding]:
    """Judge the exemptions themselves, by the engine's own rules where they are on."""
    on = {each.rule.id: each for each in rules}
    stack = graph.stack

    def found(active: Active, position: int, what: str) -> Finding:
        entry, place = exemptions.entries[position], exemptions.place(position)
        told = f"{place} the exemption of {entry.rule} on {entry.resource} {what}: {entry}; {active.rule.remedy}"
        # A path of its own, by which a baseline tells one exemption from another.
        verdict = fail(told, f"exemptions.{entry.rule}.{entry.resource}")
        return replace(_finding(active, verdict, stack), place=exemptions.where(position))

    if EXEMPTION_EXPIRED.id in on:
        for position in exemptions.expired():
            ended = f"ended on {exemptions.entries[position].expires}"
            yield found(on[EXEMPTION_EXPIRED.id], position, ended)
    if EXEMPTION_UNUSED.id in on:
        for position in exemptions.unused(on):
            yield found(on[EXEMPTION_UNUSED.id], position, "excuses nothing")


_STATUSES: tuple[Status, ...] = ("fail", "undetermined", "pass", "not_applicable")
_BY_SEVERITY: Mapping[Severity, int] = {name: position for position, name in enumerate(SEVERITIES)}


def _order(finding: Finding) -> tuple[int, int, str, str, str]:
    return (
        _STATUSES.index(finding.status),
        _BY_SEVERITY[finding.severity],
        finding.rule,
        finding.urn,
        finding.path or "",
    )
