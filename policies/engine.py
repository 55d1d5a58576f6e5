"""Runs rules over a graph and turns their verdicts into findings. Knows neither Pulumi nor any output format.

An unknown value ends one rule on one resource with the verdict undetermined and affects nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from policies.baselines import Baseline
from policies.configuration import Active
from policies.exemptions import Exemptions
from policies.model import (
    Finding,
    Graph,
    Level,
    Resource,
    Rule,
    Status,
    Undetermined,
    Verdict,
    fail,
    undetermined,
)
from policies.report import Excuse, Report, RuleText, order
from policies.self_checks import EXEMPTION_EXPIRED, EXEMPTION_UNUSED, RULE_BROKEN, SELF_CHECKS


class NeedsGraph(Exception):  # noqa: N818 - it defers a rule and reports no error
    """A rule queried other resources while only its own is known."""


class NoGraph(Graph):
    """Graph of a resource that is judged while others are still being registered: every query raises NeedsGraph."""

    def __init__(self) -> None:
        """Hold nothing."""

    def __getattribute__(self, name: str) -> object:
        raise NeedsGraph(name)


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
        active: the rules that are enabled, from `configuration.select`.
        graph: all resources.
        stack: name of the stack.
        exemptions: findings that are excused.
        baseline: findings of an earlier run.
        decided: findings made earlier in the same run; their rules are not run again on their resources.
    """
    rules, held = list(active), exemptions or Exemptions()
    findings = list(decided)
    done = {(each.rule, each.urn) for each in findings}
    for each in rules:
        for resource in () if each.rule in SELF_CHECKS else _subjects(each.rule, graph):
            if (each.rule.id, resource.urn) not in done:
                findings += findings_on(each, resource, graph)
    return _report(rules, findings, graph, stack, held, baseline)


def judge_singly(
    active: Iterable[Active],
    graph: Graph,
    *,
    stack: str = "",
    exemptions: Exemptions | None = None,
    baseline: Baseline | None = None,
) -> Report:
    """Judge each resource by itself, where the graph may lack others because the plan was interrupted.

    Rules that ask for other resources are left out, and so is everything that only a whole run can tell: which exemptions
    are not needed, and which findings of the baseline are gone. Arguments as for `judge`.
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
    for resource in _subjects(active.rule, graph):
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
    """Apply exemptions and baseline to what the rules found, and sort it."""
    findings = [excuse(each, exemptions) for each in found]
    findings += _on_exemptions(rules, exemptions, graph)
    gone = baseline.gone(findings) if baseline else ()
    if baseline:
        findings = baseline.mark(findings)
    documented = [*(each.rule for each in rules), *SELF_CHECKS]
    idle = [each.id for each in documented if each.types and not graph.of(*each.types)]
    return Report(
        stack=stack,
        findings=tuple(sorted(findings, key=order)),
        rules={each.id: RuleText.of(each) for each in documented},
        excuses=tuple(_excuses(exemptions)),
        idle=tuple(sorted(idle)),
        gone=tuple(gone),
    )


def findings_on(active: Active, resource: Resource, graph: Graph) -> list[Finding]:
    """Run one rule on one resource.

    Raises:
        NeedsGraph: the graph is `NoGraph` and the rule asked it for something.
    """
    found: dict[tuple[str, Status, str], Finding] = {}

    def add(finding: Finding) -> None:
        found.setdefault((finding.urn, finding.status, finding.message), finding)

    try:
        for verdict in active.rule.verdicts(resource, graph, active.config):
            add(_finding(active, verdict, resource))
    except Undetermined as unknown:
        add(_finding(active, undetermined(str(unknown), unknown.path), resource))
    except NeedsGraph:
        raise
    except Exception as error:  # an error in one rule must not hide what all others find
        message = f"{active.rule.id} raised {type(error).__name__}: {error}"
        broken = Active(RULE_BROKEN, active.config, "mandatory", "mandatory")
        add(_finding(broken, fail(message), resource))
    return list(found.values())


def excuse(finding: Finding, exemptions: Exemptions) -> Finding:
    """Return a finding with the exemption that excuses it, if there is one."""
    if not finding.loud:
        return finding
    reason = exemptions.excuse(finding)
    return replace(finding, exemption=reason) if reason else finding


def _subjects(rule: Rule, graph: Graph) -> list[Resource]:
    if not rule.types:
        return [graph.stack]
    return [each for each in graph.of(*rule.types) if not each.external]


def _finding(active: Active, verdict: Verdict, checked: Resource) -> Finding:
    level: Level = "advisory"
    if verdict.status == "fail":
        level = active.level
    elif verdict.status == "undetermined":
        level = active.undetermined
    resource = verdict.resource or checked
    return Finding(
        rule=active.rule.id,
        urn=resource.urn,
        status=verdict.status,
        message=_without_secrets(verdict.message, checked),
        path=verdict.path,
        level=level,
        severity=active.rule.severity,
        resource=resource.name or resource.urn.rpartition("::")[2] or "program",
        type=resource.type or resource.token,
    )


def _without_secrets(message: str, resource: Resource) -> str:
    """Return a message without the secret values of a resource, whatever the rule has quoted."""
    for path in resource.secrets:
        try:
            value = resource.value(path)
        except Undetermined:
            continue
        if isinstance(value, str) and len(value) > 3:
            message = message.replace(value, "[secret]")
    return message


def _on_exemptions(rules: Sequence[Active], exemptions: Exemptions, graph: Graph) -> Iterator[Finding]:
    """Judge the exemptions themselves, by the self checks that are enabled."""
    on = {each.rule.id: each for each in rules}
    stack = graph.stack

    def found(active: Active, position: int, what: str) -> Finding:
        entry, place = exemptions.entries[position], exemptions.place(position)
        message = f"{place} exemption of {entry.rule} on {entry.resource} {what}: {entry}; {active.rule.remedy}"
        # The path distinguishes exemptions in a baseline.
        verdict = fail(message, f"exemptions.{entry.rule}.{entry.resource}")
        return replace(_finding(active, verdict, stack), source=exemptions.where(position))

    if EXEMPTION_EXPIRED.id in on:
        for position in exemptions.expired():
            ended = f"expired on {exemptions.entries[position].expires}"
            yield found(on[EXEMPTION_EXPIRED.id], position, ended)
    if EXEMPTION_UNUSED.id in on:
        for position in exemptions.unused(on):
            yield found(on[EXEMPTION_UNUSED.id], position, "matches no finding")


def _excuses(exemptions: Exemptions) -> Iterator[Excuse]:
    for position, entry in enumerate(exemptions.entries):
        state = "expired" if entry.expires < exemptions.today else "used" if position in exemptions.used else "unused"
        yield Excuse(
            entry.rule,
            entry.resource,
            entry.reason,
            entry.owner,
            str(entry.expires),
            exemptions.place(position),
            state,
            exemptions.where(position),
        )
