"""Schedules of jobs: five cron fields, in UTC [CAE-24]."""

from __future__ import annotations

import re
from dataclasses import dataclass

_ELEMENT = re.compile(r"(?P<first>\*|[0-9]{1,2}|[A-Za-z]{3})(-(?P<last>[0-9]{1,2}|[A-Za-z]{3}))?(/(?P<step>[0-9]+))?")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")


@dataclass(frozen=True, slots=True)
class _Field:
    """One field: its name, the numbers that it takes, and the words that stand for them from the first on."""

    name: str
    least: int
    most: int
    words: tuple[str, ...] = ()

    @property
    def allowed(self) -> str:
        words = f", or {self.words[0].upper()} to {self.words[-1].upper()}" if self.words else ""
        return f"{self.least} to {self.most}{words}"

    def number(self, text: str) -> int | None:
        """Return the number that a text stands for, or None where the field takes no such thing."""
        number = int(text) if text.isdigit() else None
        if text.lower() in self.words:
            number = self.least + self.words.index(text.lower())
        return number if number is not None and self.least <= number <= self.most else None

    def problem(self, text: str) -> str | None:
        """Return the problem with one element of the field's list, or None."""
        match = _ELEMENT.fullmatch(text)
        if match is None or (match["first"] == "*" and match["last"]):
            return f"{text!r} is not a valid {self.name}; write {self.allowed}, *, a range such as 1-5, or a step such as */2"
        if match["step"] is not None and int(match["step"]) == 0:
            return f"{text!r} steps by 0; write a step of 1 or more"
        if match["first"] == "*":
            return None
        ends = [match["first"], *([match["last"]] if match["last"] else [])]
        numbers = [self.number(end) for end in ends]
        strange = next((end for end, number in zip(ends, numbers, strict=True) if number is None), None)
        if strange is not None:
            return f"{strange!r} is not a valid {self.name}; write {self.allowed}"
        known = [number for number in numbers if number is not None]
        return None if known == sorted(known) else f"{text!r} ends before it starts; write two ranges"


_FIELDS = (
    _Field("minute", 0, 59),
    _Field("hour", 0, 23),
    _Field("day of the month", 1, 31),
    _Field("month", 1, 12, _MONTHS),
    _Field("day of the week", 0, 6, _DAYS),
)


def schedule_problem(text: str) -> str | None:
    """Return the problem with a schedule such as ``0 3 * * 1-5`` in one line, or None [CAE-24].

    The fields are minute, hour, day of the month, month and day of the week, each a list of numbers or names, ranges
    and steps. A date that never occurs, such as 31 February, is accepted, as in Azure.
    """
    stated = text.split()
    if len(stated) != len(_FIELDS):
        return f"{text!r} is not a cron expression with five fields, such as '0 3 * * *' [CAE-24]"
    for field, elements in zip(_FIELDS, stated, strict=True):
        if elements == "?":
            continue
        for element in elements.split(","):
            problem = field.problem(element)
            if problem:
                return f"{text!r}: {problem} [CAE-24]"
    return None
