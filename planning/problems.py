"""Problems of a stack file, one line each.

SpecError            every problem found, raised before any resource is registered
  └─ Problem         where, what is wrong, the value, what is allowed, what to do
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

Path = tuple[str, ...]
"""Keys from the root of a description to the value at fault; a list's index is written as its decimal string."""

Severity = Literal["error", "warning"]

_LONG_WORD = re.compile(r"\S{1000,}")
_SHOWN = 80
_MOST_SLIPS = 2


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem.

    Attributes:
        path: keys from the root of the description to the value at fault.
        message: what is wrong, the value, what is allowed and what to do, in one line without a full stop.
        severity: an ``error`` stops the run, a ``warning`` is reported.
        place: file and line of what is at fault, the line None for a file as a whole; None where neither is known yet.
    """

    path: Path
    message: str
    severity: Severity = "error"
    place: tuple[str, int | None] | None = None

    def line(self) -> str:
        """Return the problem as one line: place, path, message."""
        file, number = self.place or ("", None)
        place = f"{file}:{number}" if number else file
        path = ".".join(self.path) or ("" if self.place else "(whole description)")
        return one_line(f"{' '.join(filter(None, (place, path)))}: {self.message}")


def one_line(text: str) -> str:
    """Return a text with escapes for characters that are not printable, and only the beginning of very long words."""
    text = _LONG_WORD.sub(lambda found: f"{found[0][:_SHOWN]}… ({len(found[0])} characters)", text)
    return text if text.isprintable() else "".join(each if each.isprintable() else repr(each)[1:-1] for each in text)


def unknown(what: str, key: str, known: Collection[str]) -> str:
    """Return the message for an unknown key, with the known keys and the closest spelling."""
    meant = closest(key, known)
    hint = f"; did you mean {meant}?" if meant else ""
    return f"there is no {what} {key!r}; there are: {', '.join(known) or 'none'}{hint}"


def closest(word: str, known: Collection[str]) -> str | None:
    """Return the known word that differs by a typing error only, or None.

    One slip is allowed in a word of four letters or more, two in a word of eight or more.
    """
    near = [each for each in known if abs(len(each) - len(word)) <= _MOST_SLIPS]
    slips, found = min(((_slips(word, each), each) for each in near), default=(len(word) + 1, ""))
    return found if slips <= (len(word) > 3) + (len(word) > 7) else None


def _slips(first: str, second: str) -> int:
    """The edit distance: letters missing, added, wrong, or swapped."""
    before: list[int] = []
    row = list(range(len(second) + 1))
    for i, letter in enumerate(first):
        before, above, row = row, before, [i + 1]
        for j, other in enumerate(second):
            least = min(before[j + 1] + 1, row[j] + 1, before[j] + (letter != other))
            if i and j and letter == second[j - 1] and first[i - 1] == other:
                least = min(least, above[j - 1] + 1)
            row.append(least)
    return row[-1]


class SpecError(ValueError):
    """A stack file is invalid; lists every problem.

    Attributes:
        problems: the problems, in the order of the file where the place is known; warnings too, which may be the cause
            of an error.
        lines: one printable line per error.
    """

    def __init__(self, problems: Sequence[Problem], lines: Sequence[str] | None = None) -> None:
        self.problems = tuple(problems)
        shown = lines if lines is not None else [each.line() for each in problems if each.severity == "error"]
        self.lines = tuple(one_line(line) for line in shown)
        super().__init__("\n".join(self.lines))
