"""The cost of a stack, before and after a change, at one table of prices and for one usage."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from planning.charges import NotKnown
from planning.estimates import Change, Estimate, changes, estimate
from planning.prices import PriceTable
from stacks.charges import charges
from stacks.loader import Stack
from stacks.usage import FILE, Usage, usage
from tools.cost import table as prices


@dataclass(frozen=True, slots=True)
class Costs:
    """What a stack costs in a month.

    Attributes:
        usage: the usage that both sides assume.
        now: the estimate.
        before: that of the base, at the same prices and for the same usage; None without a base.
        oldest: the oldest date of a price in the table.
        newest: the newest one.
        stale: whether prices are so old that it has to be said.
    """

    usage: Usage
    now: Estimate
    before: Estimate | None
    oldest: datetime.date
    newest: datetime.date
    stale: bool

    @property
    def changes(self) -> tuple[Change, ...]:
        """The entries that the change touches; none without a base."""
        return tuple(changes(self.now, self.before)) if self.before else ()

    @property
    def dated(self) -> str:
        """Which prices they are, in words."""
        when = str(self.newest) if self.oldest == self.newest else f"{self.oldest} to {self.newest}"
        old = "; they are old: run ./moorings cost --refresh" if self.stale else ""
        return f"list prices in US dollars of {when}{old}"

    @property
    def assumed(self) -> str:
        """The stated usage, in words."""
        stated = {name: value for name, value in self.usage.model_dump().items() if value is not None}
        return ", ".join(f"{name} {value:g}" for name, value in stated.items())

    def not_known(self, *, changed: bool = False) -> dict[tuple[str, str], tuple[NotKnown, ...]]:
        """Return what no total contains, by part and reason.

        Args:
            changed: only what the base does not have.
        """
        known = set(self.before.open()) if changed and self.before else set()
        found: dict[tuple[str, str], tuple[NotKnown, ...]] = {}
        for each in self.now.open():
            if each not in known:
                found[each.part, each.why] = (*found.get((each.part, each.why), ()), each)
        return found


def costs(
    name: str,
    stack: Stack,
    base: Stack | None,
    directory: Path,
    today: datetime.date | None = None,
    table: PriceTable | None = None,
) -> Costs:
    """Return what a stack costs.

    Args:
        name: name of the stack, for which usage may be stated.
        stack: the description.
        base: the description before the change; None to compare nothing.
        directory: directory of the stack files, with the stated usage.
        today: the date, from which the age of prices is counted. Default: that of the clock, in UTC.
        table: the prices. Default: those of the project.

    Raises:
        SpecError: the stated usage has problems.
        TableError: the file with the prices is not one.
    """
    at = table or prices.load()
    assumed = usage(name, directory / FILE)
    now = estimate(charges(stack, assumed), at)
    before = estimate(charges(base, assumed), at) if base else None
    date = today or datetime.datetime.now(tz=datetime.UTC).date()
    return Costs(assumed, now, before, *at.dates(), prices.is_stale(at, date))


def places(found: tuple[NotKnown, ...], most: int = 3) -> str:
    """Return the entries to which something applies, in words: the first ones and the number of the others."""
    paths = [".".join(each.path) for each in found]
    further = len(paths) - most
    return ", ".join(paths[:most]) + (f" and {further} more" if further > 0 else "")


def unknown_lines(found: Costs, *, changed: bool = False) -> Iterator[str]:
    """Yield a line for each part that no total contains."""
    for (part, why), its in found.not_known(changed=changed).items():
        yield f"{part}: {why} ({places(its)})"
