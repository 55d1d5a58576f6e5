"""Two stack files of one project: the registry, the names and the ranges that they share are reported."""

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
HUB = (
    "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-hub/providers/Microsoft.Network"
    "/virtualNetworks/vnet-hub"
)
MOVED = (("10.50.0.0/24", "10.80.0.0/24"), ("10.60.0.0/24", "10.90.0.0/24"))


def report(files: Files, twin: str, *asked: str) -> list[str]:
    files.write(changed(NO_HEADROOM))
    files.write(twin, "Pulumi.twin.yaml")
    stacks = {name: load(name, directory=files.directory) for name in asked}
    found = shared(stacks, files.directory)
    return [f"{problem.severity} {problem.line()}" for problems in found.values() for problem in problems]


def test_a_copy_of_a_stack_file_is_refused_with_the_registry_that_both_name(files: Files) -> None:
    (line,) = report(files, changed(NO_HEADROOM), "test", "twin")
    assert line.startswith("error stacks/Pulumi.twin.yaml:19 registry.name: contosotest is the registry of stack test")


def test_one_stack_is_compared_with_those_that_were_not_asked_of(files: Files) -> None:
    (line,) = report(files, changed(NO_HEADROOM), "test")
    assert line.startswith("error stacks/Pulumi.test.yaml:19 registry.name: contosotest is the registry of stack twin")


def test_equal_names_and_overlapping_ranges_are_warnings(files: Files) -> None:
    lines = report(files, changed(*OTHER), "test", "twin")
    assert [line.split(":")[0] for line in lines] == ["warning stacks/Pulumi.twin.yaml"] * 3
    assert "more are in stack test too" in lines[0]
    assert (
        "networks.eastus.address_space.0: 10.50.0.0/16 overlaps 10.50.0.0/16 of networks.eastus in stack test"
        in lines[1]
    )
    assert "networks.westeurope" in lines[2]


def test_what_is_advised_leaves_nothing_to_tell(files: Files) -> None:
    assert report(files, changed(*APART, *MOVED), "test", "twin") == []


def test_a_network_made_elsewhere_is_created_by_none_of_the_stacks_that_use_it(files: Files) -> None:
    workload = """\
config:
  moorings:stack:
    name: {name}
    environment: prod
    location: westeurope
    resource_groups: {{registry: {{name: rg-shared}}}}
    networks:
      hub:
        id: {hub}
        location: westeurope
        address_space: [10.0.0.0/16]
        subnets: {{apps: {{prefix: 10.0.1.0/24}}}}
    registry: {{name: contoso{name}}}
"""
    for name in ("one", "two"):
        files.write(workload.format(name=name, hub=HUB), f"Pulumi.{name}.yaml")
    stacks = {name: load(name, directory=files.directory) for name in ("one", "two")}
    assert shared(stacks, files.directory) == {}


@pytest.mark.parametrize(
    "broken", ["config: {}", "config: [", changed(("eastus: {network: eastus, subnet: registry}", "x: 1"))]
)
def test_a_file_that_does_not_hold_is_left_out(files: Files, broken: str) -> None:
    assert report(files, broken, "test") == []


def test_the_stacks_of_this_project_share_nothing() -> None:
    stacks = {name: load(name) for name in ("dev", "local", "prod")}
    assert shared(stacks) == {}


USER = """
config:
  moorings:stack:
    name: fabrikam
    environment: work
    location: eastus
    networks:
      theirs:
        id: {stack: organization/moorings/test, output: networks.eastus}
        location: eastus
        subnets: {registry: {free_addresses: 100, purpose: private_endpoints}}
      own:
        address_space: [10.99.0.0/20]
        location: eastus
        peers: [theirs]
        subnets: {registry: {size: /26, purpose: private_endpoints}}
    registry:
      id: {stack: organization/moorings/test, output: registry_id}
      name: contosotest
      replicas: {westeurope: {}}
      regional_endpoints: true
      private_endpoints: {own: {network: own, subnet: registry}}
"""
"""A stack that uses the registry and a network of stack test."""


def test_a_stack_that_uses_the_registry_and_a_network_of_another_one_shares_nothing(files: Files) -> None:
    assert report(files, USER, "test", "twin") == []


def test_a_range_that_overlaps_that_of_the_network_it_is_peered_with_in_another_stack_is_refused(files: Files) -> None:
    (line,) = report(files, USER.replace("10.99.0.0/20", "10.50.16.0/20"), "test", "twin")
    assert line.startswith("error stacks/Pulumi.twin.yaml")
    assert "10.50.16.0/20 overlaps 10.50.0.0/16 of networks.eastus in stack test, and both are peered" in line


@pytest.mark.parametrize(
    ("change", "begins", "words"),
    [
        (("name: contosotest", "name: contosoold"), "error", "registry.name: is not contosotest, as stack test calls"),
        (("{westeurope: {}}", "{}"), "warning", "registry.replicas: is none here and westeurope in stack test"),
        (
            ("regional_endpoints: true", "regional_endpoints: false"),
            "warning",
            "registry.regional_endpoints: is false here and true in stack test",
        ),
    ],
)
def test_what_a_stack_states_of_the_registry_of_another_one_is_held_against_that(
    files: Files, change: tuple[str, str], begins: str, words: str
) -> None:
    (line,) = report(files, USER.replace(*change), "test", "twin")
    assert line.startswith(begins)
    assert words in line


def test_letter_case_makes_no_other_registry(files: Files) -> None:
    (line,) = report(files, changed(NO_HEADROOM, ("name: contosotest", "name: ContosoTest")), "test", "twin")
    assert "ContosoTest is the registry of stack test too" in line
