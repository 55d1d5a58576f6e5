"""What an entry of a stack is billed for: meters with quantities of a month, and what is not known."""

from __future__ import annotations

from dataclasses import dataclass

from planning.meters import Meter
from planning.problems import Path


@dataclass(frozen=True, slots=True)
class Charge:
    """A quantity of one meter in a month, for one part of an entry.

    Attributes:
        path: path of the entry in the stack file.
        region: region of the resource.
        part: what is billed, in words; the charges of one part of an entry are one line.
        meter: the meter.
        least: smallest quantity, in the unit of the meter.
        most: largest quantity.
    """

    path: Path
    region: str
    part: str
    meter: Meter
    least: float
    most: float


@dataclass(frozen=True, slots=True)
class NotKnown:
    """What an entry is billed for besides, and why no quantity is known.

    Attributes:
        path: path of the entry in the stack file.
        region: region of the resource.
        part: what is billed, in words.
        why: what it depends on, or what to state.
    """

    path: Path
    region: str
    part: str
    why: str


Item = Charge | NotKnown


@dataclass(frozen=True, slots=True)
class NoCharge:
    """The statement that nothing in a section is billed, or by which other entry.

    Attributes:
        why: the reason, in one line.
    """

    why: str


def charge(path: Path, region: str, part: str, meter: Meter, quantity: float) -> Charge:
    """Return a charge whose quantity is known."""
    return Charge(path, region, part, meter, quantity, quantity)
