"""Every section in its least form: each optional field that can be left out is left out, and the program runs all the same.

An output that only a filled-in form has, or an attribute of something that does not exist, shows in no other test.
"""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest

from components.testing import Recording, run_recorded
from planning.endpoints import members
from planning.problems import SpecError
from stacks import loader, program
from stacks.loader import Stack, load, written
from stacks.messages import model_at
from stacks.spec import StackSpec
from tests.components.azure_answers import addressed, answers
from tests.stacks.systems import two_regions
from tests.stacks.test_sections_never_crash import at, document_of, steps


def accepted(data: dict[str, Any]) -> Stack | None:
    """Load plain data; None where it is refused."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loader, "written", lambda *_, **__: document_of(data))
        try:
            return load("test")
        except SpecError:
            return None


def optional(data: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    """Paths of the fields below the sections that a description need not state, the outer ones first."""
    for path in sorted(steps(data), key=len):
        owner = model_at(StackSpec, tuple(map(str, path[:-1]))) if len(path) > 1 else None
        field = owner.model_fields.get(str(path[-1])) if owner else None
        if field is not None and not field.is_required():
            yield path


def least(data: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Return a description with everything left out that may be, and what was."""
    out: list[str] = []
    for path in list(optional(data)):
        try:
            at(data, path)
        except (KeyError, IndexError):
            continue
        shorter = deepcopy(data)
        del at(shorter, path[:-1])[path[-1]]
        if accepted(shorter):
            data = shorter
            out.append(".".join(map(str, path)))
    return data, out


@pytest.fixture(scope="module")
def form() -> tuple[Stack, list[str]]:
    data, out = least(deepcopy(written("test", directory=two_regions.FOLDER).data))
    stack = accepted(data)
    assert stack is not None
    return stack, out


def built(stack: Stack) -> Recording:
    interface = answers([addressed(members(stack.plan.shape))])["getNetworkInterface"]
    return run_recorded(
        lambda: program.run(stack, {"MOORINGS_TIME_SCALE": "0"}),
        answers={**two_regions.azure(), "getNetworkInterface": interface},
    )


def test_the_least_form_of_every_section_runs_and_reports_every_entry(form: tuple[Stack, list[str]]) -> None:
    stack = form[0]
    reports = built(stack).exports["compute"]
    for section in ("clusters", "container_apps", "container_groups", "session_pools", "sandbox_groups", "agents"):
        assert reports[section].keys() == getattr(stack.spec, section).keys()


def test_a_good_deal_can_be_left_out(form: tuple[Stack, list[str]]) -> None:
    out = form[1]
    assert len(out) > 40
    assert "container_groups.api.containers.main.ports" in out
