"""A stated value changes something that is made or exported, or a message names it: each field of the small stacks is tried.

The fields of the larger sections are held by the tests of their components and by `test_fields_are_read`.
"""

from __future__ import annotations

import copy
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import pytest
from pydantic import ValidationError
from pydantic.fields import FieldInfo

from components.spec import Spec
from components.testing import run_recorded
from planning.endpoints import members
from stacks import program
from stacks.checks import check
from stacks.loader import Stack, describe
from stacks.spec import StackSpec
from stacks.systems.catalog import SYSTEMS
from tests.components.azure_answers import addressed, answers
from tests.stacks.test_fields_are_read import CHECKED, inside, name_of

UP = Path(__file__).parents[1] / "up"
STACKS = ("defaults", "access", "waf_aligned")
WITHOUT = CHECKED | {
    ("network.NetworkSpec", "exclusive"),
    ("routing.RouteTableSpec", "exclusive"),
    ("StackSpec", "version_aliases"),
    ("registry.RegistrySpec", "default_action"),
}
"""Fields that decide how a run goes, and not what it makes; and `Allow`, which is what Basic and Standard do anyway."""

Keys = tuple[str | int, ...]


def fields(value: Any, path: Keys = ()) -> Iterator[tuple[Keys, type[Spec], str, FieldInfo, Any]]:
    """Every field below a section, with its place in the file and its value."""
    if isinstance(value, Spec):
        for name, field in type(value).model_fields.items():
            stated = getattr(value, name)
            yield (*path, name), type(value), name, field, stated
            yield from fields(stated, (*path, name))
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from fields(each, (*path, str(key)))


def others(field: FieldInfo, value: Any) -> list[Any]:
    """Other values of a switch, a choice or a number; none for other fields."""
    found: list[Any] = []
    for annotation in inside(field.annotation):
        if annotation is bool:
            found += [each for each in (True, False) if each is not value]
        elif typing.get_origin(annotation) is Literal:
            found += [each for each in typing.get_args(annotation) if each != value]
        elif annotation is int and not isinstance(value, bool):
            found += [(value or 10) + 1, 30, 5]
    return found


def changed(data: Any, path: Keys, value: Any) -> Any:
    created = copy.deepcopy(data)
    place = created
    for key in path[:-1]:
        place = place.setdefault(key, {})
    place[path[-1]] = value
    return created


def loaded(data: Any) -> Stack:
    spec = StackSpec.model_validate(data)
    plan, problems = check(spec, SYSTEMS)
    return Stack(spec, plan, tuple(problems))


def create(stack: Stack) -> Any:
    known = answers([addressed(members(stack.plan.shape))])
    recording = run_recorded(lambda: program.run(stack, {"MOORINGS_TIME_SCALE": "0"}), answers=known)
    resources = {found.name: (found.type, repr(found.inputs), found.protect) for found in recording}
    return resources, repr(sorted(recording.exports.items(), key=str))


def has_effect(data: Any, path: Keys, values: list[Any], before: Stack, there: Any) -> bool:
    """Whether a value is refused, told or made; a field that takes none of the values is no field of silent ones."""
    accepted = False
    for value in values:
        try:
            after = loaded(changed(data, path, value))
        except ValidationError:
            # A number may be out of range; a switch or a choice that is refused is reported.
            if isinstance(value, int) and not isinstance(value, bool):
                continue
            return True
        accepted = True
        if set(after.problems) != set(before.problems) or create(after) != there:
            return True
    return not accepted


@pytest.mark.parametrize("name", STACKS)
def test_no_value_is_taken_in_silence(name: str) -> None:
    data = describe("test", directory=UP / name / "stacks").data
    before = loaded(data)
    there = create(before)
    silent = [
        (name_of(section), field)
        for path, section, field, info, value in fields(before.spec)
        if (name_of(section), field) not in WITHOUT and (values := others(info, value))
        if not has_effect(data, path, values, before, there)
    ]
    assert silent == [], silent


def test_a_field_without_effect_is_found() -> None:
    data = describe("test", directory=UP / "defaults" / "stacks").data
    before = loaded(data)
    assert not has_effect(data, ("version_aliases",), ["drop"], before, create(before))
