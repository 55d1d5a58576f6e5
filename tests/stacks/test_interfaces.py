"""The interfaces of resources: which entries have them, what is made, and in which order."""

import typing
from collections.abc import Iterator
from typing import Any

import pytest

from components.interfaces.spec import ResourceSpec
from components.spec import Spec
from components.testing import Recording, run_recorded
from planning.endpoints import members
from planning.problems import SpecError
from stacks import program
from stacks.interfaces.entries import KINDS
from stacks.loader import Stack
from stacks.spec import StackSpec
from tests.components.azure_answers import addressed, answers
from tests.stacks.stack_files import THEIRS, Files, changed

ON_REGISTRY = ("      headroom: 1\n", "      headroom: 1\n      lock: {kind: CanNotDelete, notes: keep it}\n")
ON_NETWORK = (
    "      westeurope:\n        address_space",
    "      westeurope:\n        lock: {kind: ReadOnly, name: frozen}\n        address_space",
)


def made(stack: Stack) -> Recording:
    known = answers([addressed(members(stack.plan.shape))])
    return run_recorded(lambda: program.run(stack, {"MOORINGS_TIME_SCALE": "0"}), answers=known)


@pytest.fixture
def locked(files: Files) -> Recording:
    return made(files.load(changed(ON_REGISTRY, ON_NETWORK)))


def patterns(model: type[Spec], path: tuple[str, ...] = ()) -> Iterator[tuple[str, type[ResourceSpec]]]:
    """Every path below a spec at which a resource with interfaces is described."""
    for name, field in model.model_fields.items():
        yield from of_annotation(field.annotation, (*path, name))


def of_annotation(annotation: Any, path: tuple[str, ...]) -> Iterator[tuple[str, type[ResourceSpec]]]:
    if isinstance(annotation, type) and issubclass(annotation, Spec):
        if issubclass(annotation, ResourceSpec):
            yield ".".join(path), annotation
        yield from patterns(annotation, path)
        return
    arguments = typing.get_args(annotation)
    if typing.get_origin(annotation) is dict:
        yield from of_annotation(arguments[1], (*path, "*"))
        return
    for each in arguments:
        yield from of_annotation(each, path)


def test_the_table_has_every_entry_with_interfaces_and_no_other() -> None:
    assert {path for path, _ in patterns(StackSpec)} == {kind.path for kind in KINDS}


def test_a_lock_names_the_resource_the_kind_and_the_notes(locked: Recording) -> None:
    lock = locked.named("contoso-test-registry-lock-lock")
    assert dict(lock.inputs) == {
        "lockName": "lock-CanNotDelete",
        "scope": "contoso-test-registry-registry-id",
        "level": "CanNotDelete",
        "notes": "keep it",
    }
    other = locked.named("contoso-test-network-westeurope-lock-lock")
    assert (other.inputs["lockName"], other.inputs["level"]) == ("frozen", "ReadOnly")


def test_a_lock_comes_after_every_other_resource(locked: Recording) -> None:
    locks = {urn for urn, found in locked.resources.items() if found.type.endswith("ManagementLockByScope")}
    others = {urn for urn, found in locked.resources.items() if found.custom} - locks
    assert len(locks) == 2
    for urn in locks:
        assert locked.resources[urn].depends_on >= others


def test_a_stack_without_locks_makes_none(files: Files) -> None:
    assert made(files.load(changed())).of_type("ManagementLockByScope") == []


def test_a_lock_on_what_is_made_elsewhere_is_refused(files: Files) -> None:
    theirs = (
        "      westeurope:\n        address_space: [10.60.0.0/16]",
        f"      westeurope:\n        lock: {{kind: ReadOnly}}\n        id: {THEIRS}",
    )
    with pytest.raises(SpecError, match=r"networks\.westeurope\.lock: is a setting of what is made elsewhere"):
        files.load(changed(theirs))


def test_a_lock_takes_azures_kinds_only(files: Files) -> None:
    with pytest.raises(SpecError, match="kind"):
        files.load(changed(("      headroom: 1\n", "      headroom: 1\n      lock: {kind: NoDelete}\n")))
