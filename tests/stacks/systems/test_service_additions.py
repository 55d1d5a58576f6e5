"""What services add by themselves, against what is sent: a refresh of it shows nothing."""

from typing import Any

import pytest

from components.testing import Recording, Registered
from planning.service_additions import ADDITIONS, Addition


def member(value: Any, path: str) -> Any:
    for key in path.split("."):
        value = value.get(key) if isinstance(value, dict) else None
    return value


def concerned(built: Recording, addition: Addition) -> list[Registered]:
    return [
        found
        for found in built.of_type(addition.type)
        if found.custom and all(member(found.inputs, path) == value for path, value in addition.when.items())
    ]


def holds(stated: Any, value: Any) -> bool:
    """Whether what is stated has what is added, among other things."""
    if isinstance(value, dict):
        return isinstance(stated, dict) and value.items() <= stated.items()
    return isinstance(stated, list) and all(each in stated for each in value)


@pytest.mark.parametrize("addition", ADDITIONS, ids=[f"{each.type}.{each.member}" for each in ADDITIONS])
def test_what_a_service_adds_is_stated_or_ignored(built: Recording, addition: Addition) -> None:
    resources = concerned(built, addition)
    assert resources
    for found in resources:
        if addition.handling == "stated":
            assert holds(member(found.inputs, addition.member), addition.value), found.name
        else:
            assert any(
                each == addition.member or addition.member.startswith(f"{each}.") for each in found.ignore_changes
            ), found.name
