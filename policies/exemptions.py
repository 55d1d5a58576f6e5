"""Findings that are excused for a time: rule, resource, reason, owner and expiry, all of them required.

The file holds one list::

    exemptions:
      - rule: MOOR-ACR-003
        resource: contoso-registry            # logical name or urn; * stands for any text
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
    """One excuse.

    Attributes:
        rule: id of the rule.
        resource: logical name or urn of the resources meant; `*` stands for any text.
        reason: why the finding is accepted.
        owner: who answers for it.
        expires: the last day on which it holds.
        stack: the stack it holds for; None for every one.
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
        """Say whether a finding is of this rule on one of these resources."""
        text = finding.urn if "::" in self.resource else finding.urn.rpartition("::")[2]
        return finding.rule == self.rule and self._pattern.match(text) is not None

    def __str__(self) -> str:
        return f"{self.reason} ({self.owner}, until {self.expires})"


@dataclass
class Exemptions:
    """The exemptions of one run, and which of them were needed.

    Attributes:
        entries: all of the file that hold for this stack.
        today: the day on which expiry is judged.
        path: the file.
        lines: the line of each entry.
        used: positions of the entries that excused a finding.
        missed: positions of the expired ones that would have.
    """

    entries: Sequence[Exemption] = ()
    today: datetime.date = datetime.date.max
    path: Path = Path(FILE)
    lines: Sequence[int] = ()
    used: set[int] = field(default_factory=set)
    missed: set[int] = field(default_factory=set)

    def excuse(self, finding: Finding) -> str | None:
        """Return why and until when a finding is excused, or None; notes that the entry was needed."""
        for position, entry in enumerate(self.entries):
            if not entry.means(finding):
                continue
            if entry.expires >= self.today:
                self.used.add(position)
                return str(entry)
            self.missed.add(position)
        return None

    def expired(self) -> list[int]:
        """Return the positions of those whose day has passed."""
        return [at for at, each in enumerate(self.entries) if each.expires < self.today]

    def unused(self, judged: Iterable[str]) -> list[int]:
        """Return the positions of those still valid that no finding needed, of the rules that were judged."""
        rules = set(judged)
        return [
            at
            for at, each in enumerate(self.entries)
            if at not in self.used and each.expires >= self.today and each.rule in rules
        ]

    def where(self, position: int) -> tuple[Path, int]:
        """Return file and line of an entry; the file's first where no lines are known."""
        return self.path, self.lines[position] if position < len(self.lines) else 1

    def place(self, position: int) -> str:
        """Return file and line of an entry as messages name them."""
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
    """Read the exemptions file; one that is not there holds none.

    Args:
        path: the file.
        today: the day on which expiry is judged.
        known_rules: ids of all rules there are.
        stack: the stack that is judged.
        longest_days: how far ahead an exemption may expire.
        under: the key that holds the list; approvals of changes have the same form.
        elsewhere: id of a rule whose entries stand in another file, to that file.

    Raises:
        SpecError: an entry lacks something, names no rule of this file, or expires too far ahead.
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
                f"{path.name}:{line} rule: {entry.rule} is answered in {elsewhere[entry.rule]}; move it there"
            )
        elif entry.rule not in rules:
            problems.append(f"{path.name}:{line} rule: there is no rule {entry.rule}; remove the entry or mend it")
        if entry.expires > latest:
            problems.append(
                f"{path.name}:{line} expires: {entry.expires} is more than {longest_days} days ahead; {latest} at most"
            )
    if problems:
        raise SpecError((), problems)
    kept = [(each, line) for each, line in zip(entries, lines, strict=True) if each.stack in {None, stack}]
    return Exemptions([each for each, _ in kept], today, path, [line for _, line in kept])
