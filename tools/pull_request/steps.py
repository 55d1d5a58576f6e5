"""Formats the steps of a change: operations, and properties that differ or force a replacement."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import takewhile
from typing import Any, Final

from planning.secret_names import is_sensitive, looks_secret, secrets_in_command

Json = Mapping[str, Any]

WORDS: Final = {
    "create": "created",
    "import": "imported",
    "update": "updated",
    "create-replacement": "replaced",
    "delete": "deleted",
    "discard": "deleted",
}
"""Operations of the engine that change a resource, and their names; of the three of a replacement, one is counted."""

_ABSENT: Final = object()
_UNKNOWN: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
_SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
_SEGMENT: Final = re.compile(r'\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|([^.\[\]]+)')
_LONGEST_VALUE: Final = 60
_WITHIN: Final = "/ ,"
_LEAST_LEFT_OUT: Final = 20
_MOST_DIFFERENCES: Final = 8


@dataclass(frozen=True)
class Step:
    """The operation on one resource.

    Attributes:
        op: the engine's operation, a key of `WORDS`.
        type: its type token.
        name: its logical name.
        differences: one line for each property that differs, those that force a replacement first.
    """

    op: str
    type: str
    name: str
    differences: tuple[str, ...] = ()


def steps_of(events: Iterable[Json]) -> list[Step]:
    """Return the steps of a preview or an update in its event log, without unchanged and read resources."""
    planned = (event["resourcePreEvent"]["metadata"] for event in events if "resourcePreEvent" in event)
    return [
        Step(each["op"], each["type"], each["urn"].rpartition("::")[2], tuple(_shortened(_differences(each))))
        for each in planned
        if each["op"] in WORDS
    ]


def counts(steps: Iterable[Step], unchanged: int) -> str:
    """Return the number of steps by operation, in words."""
    numbers = Counter(WORDS[step.op] for step in steps)
    numbers["unchanged"] = unchanged
    return (
        ", ".join(f"{numbers[word]} {word}" for word in (*dict.fromkeys(WORDS.values()), "unchanged") if numbers[word])
        or "none"
    )


def _shortened(lines: list[str]) -> Iterator[str]:
    yield from lines[:_MOST_DIFFERENCES]
    if len(lines) > _MOST_DIFFERENCES:
        yield f"and {len(lines) - _MOST_DIFFERENCES} more properties"


def _differences(metadata: Json) -> list[str]:
    """Return a line for each property in the provider's detailed diff, or otherwise in the engine's diff."""
    if metadata["op"] not in {"update", "create-replacement"}:
        return []
    old, new = metadata.get("old") or {}, metadata.get("new") or {}
    replacing = set(metadata.get("keys") or ())
    detailed = metadata.get("detailedDiff") or {
        key: {"diffKind": "update-replace" if key in replacing else "update", "inputDiff": True}
        for key in dict.fromkeys([*replacing, *(metadata.get("diffs") or ())])
    }
    lines: list[tuple[bool, str]] = []
    for path, each in detailed.items():
        forces = metadata["op"] == "create-replacement" and str(each.get("diffKind", "")).endswith("-replace")
        before = _at(old.get("inputs" if each.get("inputDiff") else "outputs"), path)
        if before is _ABSENT:
            before = _at(old.get("inputs"), path)
        after = _at(new.get("inputs"), path)
        secret = _is_secret(path) or any(_in_command(side.get("inputs"), path) for side in (old, new))
        change = _change(before, after, secret=secret)
        lines.append((not forces, f"{path}: {change}{' (forces replacement)' if forces else ''}"))
    return [line for _, line in sorted(lines, key=lambda line: line[0])]


def _at(inputs: Any, path: str) -> Any:
    found: Any = inputs
    for quoted, number, plain in _SEGMENT.findall(path):
        if isinstance(found, Mapping) and _SIGNATURE in found:
            return found
        if number and isinstance(found, list):
            found = found[int(number)] if int(number) < len(found) else _ABSENT
        elif isinstance(found, Mapping):
            found = found.get(quoted or plain or number, _ABSENT)
        elif found == _UNKNOWN:
            return found
        else:
            return _ABSENT
    return found


def _is_secret(path: str) -> bool:
    return any(is_sensitive("".join(names)) for names in _SEGMENT.findall(path))


def _in_command(inputs: Any, path: str) -> bool:
    """Return whether a path leads to a word of a command line that is the value of an option for a secret."""
    line, _, index = path.removesuffix("]").rpartition("[")
    words = _at(inputs, line) if index.isdigit() else None
    if not isinstance(words, list):
        return False
    return int(index) in secrets_in_command([word if isinstance(word, str) else "" for word in words])


def _change(before: Any, after: Any, *, secret: bool) -> str:
    if before is _ABSENT and after is _ABSENT:
        return "changes"
    if before is _ABSENT:
        return f"added, {_shown(after, secret=secret)}"
    if after is _ABSENT:
        return f"removed, was {_shown(before, secret=secret)}"
    texts = (_text(before, secret=secret), _text(after, secret=secret))
    if max(map(len, texts)) > _LONGEST_VALUE:
        texts = _from_the_difference(*texts)
    return " → ".join(map(_cut, texts))


def _from_the_difference(before: str, after: str) -> tuple[str, str]:
    """Return two long texts without the beginning that they share, so that what differs is shown."""
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(before, after, strict=False)))
    start = max(before.rfind(mark, 0, same) + 1 for mark in _WITHIN)
    if start < _LEAST_LEFT_OUT:
        return before, after
    return f"…{before[start:]}", f"…{after[start:]}"


def _shown(value: Any, *, secret: bool) -> str:
    return _cut(_text(value, secret=secret))


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_VALUE else f"{text[: _LONGEST_VALUE - 1]}…"


def _text(value: Any, *, secret: bool) -> str:
    if value == _UNKNOWN:
        return "known after apply"
    if secret:
        return "[secret]"
    return json.dumps(_masked(value), ensure_ascii=False)


def _masked(value: Any) -> Any:
    """Return a value without secrets: those of the engine, and values that look like secrets by name or format."""
    if isinstance(value, list):
        words = [item if isinstance(item, str) else "" for item in value]
        held = set(secrets_in_command(words))
        return ["[secret]" if at in held else _masked(item) for at, item in enumerate(value)]
    if isinstance(value, Mapping):
        if _SIGNATURE in value:
            return "[secret]"
        named_secret = is_sensitive(str(value.get("name", "")))
        return {
            key: "[secret]" if is_sensitive(key) or (named_secret and key == "value") else _masked(item)
            for key, item in value.items()
        }
    if value == _UNKNOWN:
        return "known after apply"
    return "[secret]" if isinstance(value, str) and looks_secret(value) else value
