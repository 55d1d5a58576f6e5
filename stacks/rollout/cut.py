"""What an ordering contributes to a rollout: values that the intermediate descriptions have instead of the new ones."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from components.registry.spec import RegistrySpec
from planning.problems import Path

Json = dict[str, Any]

ABSENT: Final[Any] = object()
"""The value of a path that a description does not state."""

Values = Mapping[Path, Any]
"""Values by path; `ABSENT` removes the path."""


@dataclass(frozen=True)
class Cut:
    """The part of one ordering in a rollout of up to three steps: prepare, move, finish.

    Attributes:
        prepare: values of the first description, in which everything new exists and nothing old is given up.
        move: values of the second description, in which everything uses what is new.
        reasons: why each step comes when it does; empty for a step that the ordering does not need.
    """

    prepare: Values = field(default_factory=dict)
    move: Values = field(default_factory=dict)
    reasons: tuple[str, str, str] = ("", "", "")


def value(document: Any, *path: str) -> Any:
    """Return the value of a description at a path, or `ABSENT`."""
    for key in path:
        if not isinstance(document, Mapping) or key not in document:
            return ABSENT
        document = document[key]
    return document


def entries(document: Any, *path: str) -> dict[str, Any]:
    """Return the entries of a section; none if the description does not state it."""
    found = value(document, *path)
    return found if isinstance(found, dict) else {}


def with_values(document: Json, values: Values) -> Json:
    """Return a copy of a description with other values; sections on the way to a value are added."""
    result = copy.deepcopy(document)
    for path, new in values.items():
        *above, last = path
        section: Any = result
        for key in above:
            section = section.setdefault(key, {}) if new is not ABSENT else section.get(key, {})
            if not isinstance(section, dict):
                break
        else:
            if new is ABSENT:
                section.pop(last, None)
            else:
                section[last] = copy.deepcopy(new)
    return result


def setting(document: Any, name: str) -> Any:
    """Return a setting of the registry in a description, as stated or by default."""
    stated = value(document, "registry", name)
    return RegistrySpec.model_fields[name].get_default() if stated is ABSENT else stated
