"""Exemptions: findings that are excused until a date. Rule, resource, reason, owner and expiry are required.

The file holds one list::

    exemptions:
      - rule: MOOR-ACR-003
        resource: contoso-registry            # logical name or URN; * matches any text
        reason: the partner's scanner reaches it from outside until it has moved
        owner: platform@contoso.example
        expires: 2027-03-31
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import translate
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from planning.problems import SpecError
from policies.documents import load as load_entries
from policies.model import Finding

FILE: Final = "exemptions.yaml"
"""Name of the exemptions file."""

Text = Annotated[str, Field(min_length=1, pattern=r"\S")]


class Exemption(BaseModel):
    """One exemption.

    Attributes:
        rule: id of the rule.
        resource: logical name or URN of the resources; `*` matches any text.
        reason: why the finding is accepted.
        owner: who is responsible for it.
        expires: the last day on which it is valid.
        stack: the stack that it is for; None for all stacks.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    rule: Text
    resource: Text
    reason: Text
    owner: Text
    expires: datetime.date
    stack: str | None = None

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return re.compile(translate(self.resource))

    def means(self, finding: Finding) -> bool:
        """Return whether a finding is of this rule on one of these resources."""
        text = finding.urn if "::" in self.resource else finding.urn.rpartition("::")[2]
        return finding.rule == self.rule and self._pattern.match(text) is not None

    def __str__(self) -> str:
        return f"{self.reason} ({self.owner}, until {self.expires})"


@dataclass
class Exemptions:
    """The exemptions of one run, and which of them were needed.

    Attributes:
        entries: the entries of the file for this stack.
        today: the date that expiry is compared with.
        path: the file.
        lines: the line of each entry.
        used: positions of the entries that excused a finding.
        missed: positions of expired entries that match a finding.
    """

    entries: Sequence[Exemption] = ()
    today: datetime.date = datetime.date.max
    path: Path = Path(FILE)
    lines: Sequence[int] = ()
    used: set[int] = field(default_factory=set)
    missed: set[int] = field(default_factory=set)

    def excuse(self, finding: Finding) -> str | None:
        """Return reason and expiry of the entry that excuses a finding, or None; records that the entry was needed."""
        for position, entry in enumerate(self.entries):
            if not entry.means(finding):
                continue
            if entry.expires >= self.today:
                self.used.add(position)
                return str(entry)
            self.missed.add(position)
        return None

    def expired(self) -> list[int]:
        """Return the positions of the entries that have expired."""
        return [at for at, each in enumerate(self.entries) if each.expires < self.today]

    def unused(self, judged: Iterable[str]) -> list[int]:
        """Return the positions of valid entries that no finding needed, among the rules that were judged."""
        rules = set(judged)
        return [
            at
            for at, each in enumerate(self.entries)
            if at not in self.used and each.expires >= self.today and each.rule in rules
        ]

    def where(self, position: int) -> tuple[Path, int]:
        """Return file and line of an entry; line 1 where lines are not known."""
        return self.path, self.lines[position] if position < len(self.lines) else 1

    def place(self, position: int) -> str:
        """Return file and line of an entry, as messages show them."""
        path, line = self.where(position)
        return f"{path.name}:{line}"


def load(
    path: Path,
    *,
    today: datetime.date,
    known_rules: Iterable[str],
    stack: str = "",
    longest_days: int = 366,
    under: str = "exemptions",
    elsewhere: Mapping[str, str] = MappingProxyType({}),
) -> Exemptions:
    """Read the exemptions file; without one, there are no exemptions.

    Args:
        path: the file.
        today: the date that expiry is compared with.
        known_rules: ids of all rules.
        stack: the stack that is judged.
        longest_days: longest time until an entry expires.
        under: the key that holds the list; approvals of changes have the same form.
        elsewhere: file that holds the entries of a rule, by the rule's id, where it is another one.

    Raises:
        SpecError: an entry is incomplete, names an unknown rule, or expires too late.
    """
    if not path.exists():
        return Exemptions(today=today, path=path)
    entries, lines = load_entries(path, Exemption, under)
    rules = set(known_rules)
    latest = today + datetime.timedelta(days=longest_days)
    problems = []
    for entry, line in zip(entries, lines, strict=True):
        if entry.rule in elsewhere:
            problems.append(
                f"{path.name}:{line} rule: entries of {entry.rule} belong in {elsewhere[entry.rule]}; move it there"
            )
        elif entry.rule not in rules:
            problems.append(f"{path.name}:{line} rule: unknown rule {entry.rule}; remove the entry or correct the id")
        if entry.expires > latest:
            problems.append(
                f"{path.name}:{line} expires: {entry.expires} is more than {longest_days} days ahead; the latest date is {latest}"
            )
    if problems:
        raise SpecError((), problems)
    kept = [(each, line) for each, line in zip(entries, lines, strict=True) if each.stack in {None, stack}]
    return Exemptions([each for each, _ in kept], today, path, [line for _, line in kept])
