"""Rules of which the first that matches decides, where it may not be known whether one matches."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Final, Generic, TypeVar

R = TypeVar("R")

PORT: Final = 443


@dataclass(frozen=True, slots=True)
class Decision(Generic[R]):
    """What rules decide.

    Attributes:
        rule: the first rule that certainly matches; None if none does.
        allows: whether it allows the traffic; what no rule matches is denied.
        unsure: the first rule before it that decides otherwise if it matches, which is not known; None if there is none.
    """

    rule: R | None
    allows: bool
    unsure: R | None


def decided(rules: Iterable[tuple[R, bool | None, bool]]) -> Decision[R]:
    """Return what rules decide.

    Args:
        rules: in their order, each with whether it matches (None if that is not known), and whether it allows.
    """
    unsure: dict[bool, R] = {}
    for rule, matches, allows in rules:
        if matches:
            return Decision(rule, allows, unsure.get(not allows))
        if matches is None:
            unsure.setdefault(allows, rule)
    return Decision(None, False, unsure.get(True))


def every(*parts: bool | None) -> bool | None:
    """Tell whether all parts of a condition hold; None if that depends on what is not known."""
    return False if False in parts else None if None in parts else True


def has_port(text: str) -> bool:
    """Tell whether a port or a range of ports contains that of HTTPS."""
    first, _, last = text.partition("-")
    return text == "*" or int(first) <= PORT <= int(last or first)


def within(own: Sequence[IPv4Network], ranges: Sequence[IPv4Network]) -> bool | None:
    """Tell whether ranges hold all prefixes of a subnet: wholly, in part (None, as for a subnet without any), or not."""
    if own and all(any(part.subnet_of(each) for each in ranges) for part in own):
        return True
    return None if not own or any(part.overlaps(each) for part in own for each in ranges) else False
