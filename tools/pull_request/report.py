"""Formats the results: lines for the console, JSON, and Markdown for a comment on the pull request."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from policies.outputs import markdown
from tools.cost import text as cost
from tools.pull_request import steps
from tools.pull_request.azure import Preflight
from tools.pull_request.ledger import Row, compared
from tools.pull_request.rehearsal import Outcome

COMMENT_LIMIT = 65_536
"""Maximum number of characters in a comment on GitHub."""

MARKER = "<!-- moorings: rehearsal -->"
"""First line of the comment, with which the next run finds and replaces it."""

_SIGNS = {"create": "+", "import": "=", "update": "~", "create-replacement": "+-", "delete": "-", "discard": "-"}
_ADDRESSES = {
    "no": "before the change, which was not applied",
    "partly": "before the change → when it stopped",
    "yes": "before → after the change",
}
_STEPS = 200
_FENCE = "```"
_LEAST_ROOM = 4_000
_TOO_LONG = "\n\n*The rest is omitted because of the size limit of comments. The run's log is complete.*\n"


def console(outcome: Outcome) -> Iterator[str]:
    """Yield the lines for the outcome of one stack."""
    yield f"{outcome.stack}: {verdict(outcome)}"
    yield f"  from     {outcome.start}"
    yield f"  changes  {counts(outcome)}"
    for step in outcome.steps:
        yield f"    {_sign(step.op):<2} {step.type.rpartition(':')[2]} {step.name}"
        yield from (f"         {line}" for line in step.differences)
    for note in outcome.notes:
        yield f"  note: {note}"
    rows = compared(outcome.before, outcome.after)
    if rows:
        yield f"  addresses {_ADDRESSES[outcome.applied]}"
    for row in rows:
        yield f"    {row.name} {row.prefix}: taken {_pair(row.held)}, free {_pair(row.free)}"
        for line in row.changes:
            yield f"      {line}"
    if outcome.costs:
        yield f"  cost     {cost.headline(outcome.costs)}"
    if outcome.pulls:
        yield f"  {outcome.pulls} after the change"
    if outcome.verdicts and outcome.verdicts.report:
        yield f"  policies {outcome.verdicts.report.summary()}"
        yield from _findings(outcome)
    if outcome.preflight:
        yield f"  Azure    {preflight_counts(outcome.preflight)}"
        yield from (f"    {line}" for line in _open(outcome.preflight))
    for line in outcome.refusals:
        yield f"  refused: {line}"


def as_json(outcome: Outcome) -> dict[str, Any]:
    """Return the outcome of one stack as JSON data."""
    verdicts = outcome.verdicts
    return {
        "stack": outcome.stack,
        "green": outcome.green,
        "from": outcome.start,
        "changes": outcome.changes,
        "applied": outcome.applied,
        "steps": [
            {"op": step.op, "type": step.type, "name": step.name, "differences": step.differences}
            for step in outcome.steps
        ],
        "addresses": [
            {"subnet": row.name, "prefix": row.prefix, "taken": row.held, "free": row.free, "changes": row.changes}
            for row in compared(outcome.before, outcome.after)
        ],
        "findings": {"new": verdicts.new, "resolved": verdicts.resolved} if verdicts else None,
        "preflight": [each.as_dict() for each in outcome.preflight.findings] if outcome.preflight else None,
        "cost": cost.as_json(outcome.costs) if outcome.costs else None,
        "notes": outcome.notes,
        "refusals": outcome.refusals,
    }


def preflight_counts(found: Preflight) -> str:
    """Return the number of findings by verdict, or why Azure was not read."""
    if found.reason:
        return f"not read: {found.reason}"
    counted = Counter(each.verdict for each in found.findings)
    return ", ".join(f"{counted[verdict]} {verdict}" for verdict in ("passed", "failed", "undetermined"))


def _open(found: Preflight) -> Iterator[str]:
    """Yield what has to be settled before the deployment: failed and undetermined findings."""
    yield from (each.line() for each in found.findings if each.verdict != "passed")


def _findings(outcome: Outcome) -> Iterator[str]:
    """Yield new findings, and the numbers of new and resolved findings; nothing if every resource is new."""
    if outcome.from_nothing or not outcome.verdicts:
        return
    new, resolved = outcome.verdicts.new, outcome.verdicts.resolved
    yield f"  findings {len(new)} new" + (f", {len(resolved)} resolved" if outcome.verdicts.whole else "")
    yield from (f"    new: {line}" for line in new if line not in outcome.refusals)


def verdict(outcome: Outcome) -> str:
    """Return the result in a few words."""
    return "green" if outcome.green else f"red, {len(outcome.refusals)} refused"


def counts(outcome: Outcome) -> str:
    """Return the number of resources by operation, in words."""
    return steps.counts(outcome.steps, outcome.changes.get("same", 0))


def comment(outcomes: Sequence[Outcome], limit: int = COMMENT_LIMIT) -> str:
    """Return the comment on a pull request for all stacks, within the limit."""
    red = [each for each in outcomes if not each.green]
    head = [MARKER, f"## Rehearsal: {'red' if red else 'green'}", "", *_overview(outcomes), ""]
    for outcome in outcomes:
        head += [f"* **{outcome.stack}** refused: {_inline(line)}" for line in outcome.refusals]
    parts = ["\n".join(head)]
    parts += ["\n".join(_section(outcome)) for outcome in outcomes]
    room = limit - sum(len(part) + 2 for part in parts) - len(_TOO_LONG)
    reports = [each.verdicts.report for each in outcomes if each.verdicts and each.verdicts.report]
    parts += [markdown.render(report, max(_LEAST_ROOM, room // len(reports) - 2)) for report in reports]
    text = ""
    for part in parts:
        left = limit - len(text) - len(_TOO_LONG) - 2
        if len(part) > left:
            return text + _cut(part, left) + _TOO_LONG
        text += part + "\n\n"
    return text.rstrip() + "\n"


def _cut(part: str, left: int) -> str:
    """Return the lines of a part that fit, and close an open block."""
    kept: list[str] = []
    size = len("</details>\n")
    for line in part.splitlines():
        size += len(line) + 1
        if size > left:
            break
        kept.append(line)
    # A picture that is cut in the middle could not be drawn.
    fences = [index for index, line in enumerate(kept) if line.startswith(_FENCE)]
    if len(fences) % 2:
        kept = kept[: fences[-1]]
    still_open = sum(line.startswith("<details") for line in kept) - sum(line == "</details>" for line in kept)
    return "\n".join(kept + ["</details>"] * min(still_open, 1))


def _overview(outcomes: Sequence[Outcome]) -> Iterator[str]:
    yield "| stack | result | changes | from |"
    yield "|---|---|---|---|"
    for outcome in outcomes:
        yield f"| {outcome.stack} | {verdict(outcome)} | {counts(outcome)} | {_inline(outcome.start)} |"


def _section(outcome: Outcome) -> Iterator[str]:
    yield f"### {outcome.stack}"
    yield ""
    for note in outcome.notes:
        yield f"> {_inline(note)}"
        yield ""
    if outcome.picture:
        yield "What the change touches:"
        yield ""
        yield from (_FENCE + "mermaid", *outcome.picture.splitlines(), _FENCE, "")
    rows = compared(outcome.before, outcome.after)
    if rows:
        yield f"Addresses {_ADDRESSES[outcome.applied]}:"
        yield ""
        yield "| subnet | range | taken | free |"
        yield "|---|---|---|---|"
        for row in rows:
            yield f"| {row.name} | {row.prefix} | {_pair(row.held)} | {_pair(row.free)} |"
        yield ""
    if outcome.costs:
        yield from cost.markdown(outcome.costs)
    if outcome.pulls:
        yield f"After the change, {outcome.pulls}."
        yield ""
    if outcome.preflight:
        yield f"Azure before the deployment: {_inline(preflight_counts(outcome.preflight))}."
        yield ""
        yield from (f"* {_inline(line)}" for line in _open(outcome.preflight))
        yield ""
    if outcome.verdicts and not outcome.from_nothing:
        yield from _details("New findings", [_inline(line) for line in outcome.verdicts.new])
        yield from _details("Resolved findings", [_inline(line) for line in outcome.verdicts.resolved])
    yield from _details("Resources that change", list(_step_lines(outcome.steps)), len(outcome.steps))
    yield from _details("Addresses that change", _moves(rows))


def _step_lines(changes: Sequence[steps.Step]) -> Iterator[str]:
    """Yield the lines for each resource and its properties."""
    for each in changes:
        yield f"{_sign(each.op):<2} {each.type} {each.name}"
        yield from (f"     {line}" for line in each.differences)


def _details(title: str, lines: Sequence[str], count: int | None = None) -> Iterator[str]:
    """Yield a collapsed block, whose title has the count or the number of lines."""
    if not lines:
        return
    yield f"<details><summary>{title} ({len(lines) if count is None else count})</summary>"
    yield ""
    # Indented, not fenced, because a truncated comment would leave a fence open.
    yield from (f"    {line}" for line in lines[:_STEPS])
    if len(lines) > _STEPS:
        yield f"    … and {len(lines) - _STEPS} more"
    yield ""
    yield "</details>"
    yield ""


def _moves(rows: Sequence[Row]) -> list[str]:
    return [f"{row.name} {line}" for row in rows for line in row.changes]


def _pair(both: tuple[int | None, int | None]) -> str:
    before, after = ("-" if value is None else str(value) for value in both)
    return before if before == after else f"{before} → {after}"


def _sign(op: str) -> str:
    return _SIGNS.get(op, op)


def _inline(text: str) -> str:
    """Return a text that is safe in a line or table cell."""
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")
