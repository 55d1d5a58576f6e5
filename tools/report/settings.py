"""What a change of a description states otherwise: every setting by its path, with the value before and after."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pydantic import SecretStr

from planning.problems import Path, one_line
from stacks.clear_text import may_hold_a_secret
from stacks.loader import Stack

HIDDEN: Final = "(not shown)"
_LONGEST: Final = 120


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting that a change adds, changes or removes.

    Attributes:
        path: its path in the stack file.
        mark: `new`, `changed` or `removed`.
        before: the value before the change as text; empty if there is none.
        after: the value after it.
    """

    path: Path
    mark: str
    before: str
    after: str


def differences(now: Stack, base: Stack | None) -> list[Setting]:
    """Return what one description states otherwise than another, in the order of the sections.

    The value of a setting that may contain a secret is never part of it, and neither is a change of an encrypted value.

    Args:
        now: the description after the change.
        base: the description before it; None if the stack is new.
    """
    if base is None:
        return []
    return list(_differences((), _stated(base), _stated(now)))


def _stated(stack: Stack) -> dict[str, Any]:
    return stack.spec.model_dump(mode="python", exclude_unset=True)


def _differences(path: Path, before: Any, after: Any) -> Iterator[Setting]:
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in dict.fromkeys([*before, *after]):
            below = (*path, str(key))
            if key not in before:
                yield Setting(below, "new", "", _shown(below, after[key]))
            elif key not in after:
                yield Setting(below, "removed", _shown(below, before[key]), "")
            else:
                yield from _differences(below, before[key], after[key])
    elif before != after:
        yield Setting(path, "changed", _shown(path, before), _shown(path, after))


def _shown(path: Path, value: Any) -> str:
    """Return a value as text: a mapping by the number of its entries, and nothing that may be a secret."""
    if isinstance(value, SecretStr):
        return HIDDEN
    if isinstance(value, Mapping):
        return f"{len(value)} setting{'' if len(value) == 1 else 's'}" if value else "defaults"
    if isinstance(value, list | tuple):
        if any(isinstance(each, Mapping) for each in value):
            return f"{len(value)} entr{'y' if len(value) == 1 else 'ies'}"
        return ", ".join(_shown((*path, str(index)), each) for index, each in enumerate(value)) or "none"
    text = "null" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
    # Messages may show values of the top level, such as tags of all resources; a report is sent to more people.
    if may_hold_a_secret(("", *path), text):
        return HIDDEN
    text = one_line(text)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
