"""Two stack files of one project: the registry, the names and the ranges that they share are told."""

import pytest

from stacks.loader import load
from stacks.neighbours import shared
from tests.stacks.stack_files import NO_HEADROOM, Files, changed

OTHER = (("name: contosotest", "name: contosoother"), NO_HEADROOM)
APART = (
    *OTHER,
    ("environment: test", "environment: other"),
    ("[10.50.0.0/16]", "[10.80.0.0/16]"),
    ("[10.60.0.0/16]", "[10.90.0.0/16]"),
)
MOVED = (("10.50.0.0/24", "10.80.0.0/24"), ("10.60.0.0/24", "10.90.0.0/24"))


def told(files: Files, twin: str, *asked: str) -> list[str]:
    files.write(changed(NO_HEADROOM))
    files.write(twin, "Pulumi.twin.yaml")
    stacks = {name: load(name, directory=files.directory) for name in asked}
    found = shared(stacks, files.directory)
    return [f"{problem.severity} {problem.line()}" for problems in found.values() for problem in problems]


def test_a_copy_of_a_stack_file_is_refused_with_the_registry_that_both_name(files: Files) -> None:
    (line,) = told(files, changed(NO_HEADROOM), "test", "twin")
    assert line.startswith("error stacks/Pulumi.twin.yaml:19 registry.name: contosotest is the registry of stack test")


def test_one_stack_is_compared_with_those_that_were_not_asked_of(files: Files) -> None:
    (line,) = told(files, changed(NO_HEADROOM), "test")
    assert line.startswith("error stacks/Pulumi.test.yaml:19 registry.name: contosotest is the registry of stack twin")


def test_equal_names_and_overlapping_ranges_are_warnings(files: Files) -> None:
    lines = told(files, changed(*OTHER), "test", "twin")
    assert [line.split(":")[0] for line in lines] == ["warning stacks/Pulumi.twin.yaml"] * 3
    assert "more are in stack test too" in lines[0]
    assert (
        "networks.eastus.address_space.0: 10.50.0.0/16 overlaps 10.50.0.0/16 of networks.eastus in stack test"
        in lines[1]
    )
    assert "networks.westeurope" in lines[2]


def test_what_is_advised_leaves_nothing_to_tell(files: Files) -> None:
    assert told(files, changed(*APART, *MOVED), "test", "twin") == []


@pytest.mark.parametrize(
    "broken", ["config: {}", "config: [", changed(("eastus: {network: eastus, subnet: registry}", "x: 1"))]
)
def test_a_file_that_does_not_hold_is_left_out(files: Files, broken: str) -> None:
    assert told(files, broken, "test") == []


def test_the_stacks_of_this_project_share_nothing() -> None:
    stacks = {name: load(name) for name in ("dev", "local", "prod")}
    assert shared(stacks) == {}
