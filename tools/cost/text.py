"""The forms of a cost estimate: lines for the console, Markdown for a comment, and JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from planning.charges import Charge
from planning.estimates import NOTHING, Amount, Change, Line, added
from tools.cost.costs import Costs, unknown_lines

_MOST_ROWS = 40
_NOT_KNOWN = "not known"


def money(amount: Amount | None, *, signed: bool = False) -> str:
    """Return an amount in words: one value, or a range if the number of nodes or replicas varies.

    Args:
        amount: the amount; None if it is not known.
        signed: whether positive values have a sign, as differences have.
    """
    if amount is None:
        return _NOT_KNOWN
    values = sorted({round(amount.least, 2) + 0.0, round(amount.most, 2) + 0.0})
    return " to ".join(_dollars(value, signed=signed) for value in values)


def _dollars(value: float, *, signed: bool) -> str:
    sign = "-" if value < 0 else "+" if signed and value > 0 else ""
    return f"{sign}${abs(value):,.2f}"


def headline(found: Costs) -> str:
    """Return the total in one line: of the stack, or what the change adds to it."""
    total = found.now.total
    further = _further(len(found.not_known(changed=True)))
    if found.before is None:
        return f"{money(total)} a month{further}"
    before = found.before.total
    if not found.changes:
        return f"{money(total)} a month, unchanged{further}"
    return f"{money(total - before, signed=True)} a month: {money(before)} before, {money(total)} after{further}"


def _further(count: int) -> str:
    """What a total does not contain, in words."""
    if not count:
        return ""
    return f", and {count} kinds of charges that are not known" if count > 1 else ", and a charge that is not known"


def rows(found: Costs) -> list[list[str]]:
    """Return the table of all lines, with a heading; the parts without a price are listed apart."""
    heading = ["resource", "region", "what", "a month"]
    return [heading, *(_row(line) for line in found.now.lines if line.amount and not line.amount.is_zero)]


def _row(line: Line) -> list[str]:
    return [".".join(line.path), line.region, line.part, money(line.amount)]


def change_rows(found: Costs) -> list[list[str]]:
    """Return the table of what a change touches, with a heading."""
    heading = ["resource", "region", "what", "before", "after", "difference"]
    return [heading, *(_change_row(each) for each in found.changes)]


def _change_row(each: Change) -> list[str]:
    amounts = [money(each.before), money(each.after), money(each.difference, signed=True)]
    return [".".join(each.path), each.region, ", ".join(each.parts), *amounts]


def region_rows(found: Costs) -> list[list[str]]:
    """Return the totals of all regions, with a heading."""
    now = found.now.by_region()
    if found.before is None:
        return [["region", "a month"], *([region, money(amount)] for region, amount in now.items())]
    before = found.before.by_region()
    heading = ["region", "before", "after", "difference"]
    regions = sorted({*now, *before})
    return [heading, *(_region_row(each, before.get(each, NOTHING), now.get(each, NOTHING)) for each in regions)]


def _region_row(region: str, before: Amount | None, after: Amount | None) -> list[str]:
    return [region, money(before), money(after), money(added(before, after), signed=True)]


def markdown(found: Costs) -> Iterator[str]:
    """Yield the lines of a comment: what the change adds, the entries that it touches, and what is not known of them."""
    yield f"Cost: **{headline(found)}**, at {found.dated}."
    yield ""
    heading, *body = change_rows(found)
    if body:
        yield _cells(heading)
        yield "|" + "---|" * len(heading)
        yield from (_cells(row) for row in body[:_MOST_ROWS])
        if len(body) > _MOST_ROWS:
            yield _cells([f"and {len(body) - _MOST_ROWS} more", *[""] * (len(heading) - 1)])
        yield ""
    unknown = list(unknown_lines(found, changed=True))
    if unknown:
        yield f"<details><summary>Not in this estimate ({len(unknown)})</summary>"
        yield ""
        yield from (f"    {line}" for line in unknown[:_MOST_ROWS])
        yield ""
        yield "</details>"
        yield ""


def _cells(row: list[str]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |"


def section(found: Costs) -> dict[str, Any]:
    """Return the content of a report's section: headline, tables by title, and what is not known."""
    changed = {"What the change touches": change_rows(found)} if found.before else {}
    return {
        "headline": headline(found),
        "dated": found.dated,
        "assumed": found.assumed,
        "tables": {**changed, "By region": region_rows(found), "By resource": rows(found)},
        "unknown": list(unknown_lines(found)),
    }


def as_json(found: Costs) -> dict[str, Any]:
    """Return a cost estimate as JSON data."""
    before = found.before
    return {
        "currency": "USD",
        "prices": {"oldest": found.oldest, "newest": found.newest, "stale": found.stale},
        "usage": found.usage.model_dump(exclude_none=True),
        "total": _amount(found.now.total),
        "before": _amount(before.total) if before else None,
        "difference": _amount(found.now.total - before.total) if before else None,
        "regions": {region: _amount(amount) for region, amount in found.now.by_region().items()},
        "lines": [_line(line) for line in found.now.lines],
        "changes": [_change(each) for each in found.changes],
        "not_known": [
            {"resource": ".".join(each.path), "region": each.region, "what": each.part, "why": each.why}
            for each in found.now.open()
        ],
    }


def _amount(amount: Amount | None) -> dict[str, float] | None:
    return {"least": round(amount.least, 2), "most": round(amount.most, 2)} if amount else None


def _line(line: Line) -> dict[str, Any]:
    return {
        "resource": ".".join(line.path),
        "region": line.region,
        "what": line.part,
        "amount": _amount(line.amount),
        "charges": [_charge(each) for each in line.charges],
    }


def _charge(each: Charge) -> dict[str, Any]:
    return {"meter": str(each.meter), "unit": each.meter.unit, "least": each.least, "most": each.most}


def _change(each: Change) -> dict[str, Any]:
    return {
        "resource": ".".join(each.path),
        "region": each.region,
        "what": list(each.parts),
        "before": _amount(each.before),
        "after": _amount(each.after),
        "difference": _amount(each.difference),
    }
