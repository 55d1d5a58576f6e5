"""What an update would change of what exists: the provider's own comparison of what the program states and Azure shows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from local_azure.plugin import translate
from local_azure.plugin.diff import difference
from tools.adopt.azures_own import respelled, shows_by_itself
from tools.adopt.planned import Json, Planned

_STEP = re.compile(r"\[(\d+)\]|\.?([^.\[\]]+)")
_MISSING = object()


@dataclass(frozen=True, slots=True)
class Difference:
    """A property of a resource that the first update would change.

    Attributes:
        id: the resource's ARM id.
        property: its path, by the SDK's names.
        have: what Azure shows; None for nothing.
        want: what the program states; None for nothing.
        replaces: whether the change replaces the resource.
    """

    id: str
    property: str
    have: Any
    want: Any
    replaces: bool

    def line(self) -> str:
        """Return the difference in one line."""
        verb = "replaces the resource" if self.replaces else "is changed"
        return f"{self.id}: {self.property}: {_shown(self.have)}, the description makes it {_shown(self.want)}; this {verb}"


def imported(planned: Planned) -> Json:
    """Return the inputs that `pulumi import` reads of a resource; empty for one that does not exist."""
    sdk = planned.sdk
    if sdk is None or planned.shown is None:
        return {}
    return translate.imported_inputs(sdk, planned.shown.id, translate.to_outputs(sdk, planned.shown.body))


def differences(planned: Planned, old: Mapping[str, Any] | None = None) -> list[Difference]:
    """Return what an update would change of a resource that exists, without what Azure shows by itself.

    Args:
        planned: the resource as the program registers it.
        old: the inputs of the state; by default those that `pulumi import` reads.
    """
    return [each for each in _all(planned, old) if not _by_itself(planned, each)]


def settled(planned: Planned, old: Mapping[str, Any]) -> Json:
    """Return the inputs of an imported resource as an update leaves them, but for what an update would change.

    What Azure shows by itself is left out, as a program that made the resource leaves it out. A real difference stays, so
    that a preview shows it.

    Args:
        planned: the resource as the program registers it.
        old: the inputs that were imported.
    """
    result: Json = respelled(old, planned.inputs)
    own = [each for each in _all(planned, old) if _by_itself(planned, each)]
    # The last element of a list first, so that the places of those before it stay.
    for each in sorted(
        own, key=lambda found: [(isinstance(s, int), str(s).zfill(6)) for s in _steps(found.property)], reverse=True
    ):
        result = _put(result, _steps(each.property), each.want)
    return result


def _by_itself(planned: Planned, found: Difference) -> bool:
    return shows_by_itself(planned.type, found.property, found.have, found.want)


def _all(planned: Planned, old: Mapping[str, Any] | None) -> Iterator[Difference]:
    sdk = planned.sdk
    if sdk is None or planned.shown is None:
        return
    before: Json = respelled(imported(planned) if old is None else old, planned.inputs)
    outputs = translate.to_outputs(sdk, planned.shown.body)
    aside = {*planned.unknown, *_ignored(planned)}
    after = {
        **{name: value for name, value in before.items() if name in aside},
        **{name: value for name, value in planned.inputs.items() if name not in aside},
    }
    found = difference(sdk, before, after, outputs)
    for path in sorted(found.inputs):
        have, want = _at(before, _steps(path)), _at(after, _steps(path))
        yield Difference(planned.shown.id, path, have, want, path in found.replaces)


def _ignored(planned: Planned) -> set[str]:
    return {_top(name) for name in planned.ignored}


def _top(path: str) -> str:
    return re.split(r"[.\[]", path, maxsplit=1)[0]


def _steps(path: str) -> list[str | int]:
    return [int(index) if index else name for index, name in _STEP.findall(path)]


def _at(value: Any, steps: list[str | int]) -> Any:
    for step in steps:
        if isinstance(step, int):
            value = value[step] if isinstance(value, list) and step < len(value) else None
        else:
            value = value.get(step) if isinstance(value, Mapping) else None
    return value


def _put(value: Any, steps: list[str | int], want: Any) -> Any:
    """The value with another one at a path; None removes what is there."""
    step, *rest = steps
    if isinstance(step, int):
        if not isinstance(value, list) or step >= len(value):
            return value
        item = _put(value[step], rest, want) if rest else want
        return [*value[:step], *([] if item is None and not rest else [item]), *value[step + 1 :]]
    if not isinstance(value, Mapping):
        return value
    item = _put(value.get(step), rest, want) if rest else want
    others = {name: each for name, each in value.items() if name != step}
    return others if item is None else {**value, step: item}


def _shown(value: Any) -> str:
    return "nothing" if value is None else str(value)
