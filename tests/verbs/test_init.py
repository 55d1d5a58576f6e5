"""`./moorings init`: what it asks, what it writes, and what it refuses."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from ipaddress import IPv4Network
from pathlib import Path

import pytest

from planning.names import SHORT_NAME
from planning.regions import REGIONS
from stacks.files import DIRECTORY
from stacks.loader import Stack, load
from tests.architecture.project import ROOT
from tests.docs.terminal import Terminal
from tests.verbs.asking import run
from tools.new_stack import project as project_module
from tools.new_stack.questions import QUESTIONS, SMALLEST_NETWORK, TEMPLATES, WHAT
from tools.verbs import init

REGISTRY_ID = (
    "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-images/providers"
    "/Microsoft.ContainerRegistry/registries/fabrikamimages"
)


@pytest.fixture
def stacks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the project's stack files, to which the verb writes."""
    folder = tmp_path / "stacks"
    folder.mkdir()
    for file in DIRECTORY.glob("*.yaml"):
        shutil.copy(file, folder)
    shutil.copy(ROOT / "Pulumi.yaml", tmp_path)
    monkeypatch.setattr(init, "ROOT", tmp_path)
    return folder


def written(stacks: Path, *words: str) -> Stack:
    """Write stack `test` without questions, and load it."""
    result = run("init", "test", *words, "--yes")
    assert (result.exit_code, result.stderr) == (0, "")
    return load("test", directory=stacks)


def test_the_options_offer_every_template_and_everything_that_can_run() -> None:
    assert [each.value for each in init.Start] == list(TEMPLATES)
    assert [each.value for each in init.What] == [*WHAT, "nothing"]
    assert set(init.OPTIONS) == {question.key for question in QUESTIONS}


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_file_of_every_template_has_no_problem_and_explains_itself(template: str, stacks: Path) -> None:
    stack = written(stacks, "--from", template)
    assert stack.problems == ()
    assert stack.spec.environment == "test"
    text = (stacks / "Pulumi.test.yaml").read_text(encoding="utf-8")
    assert text.startswith("# yaml-language-server: $schema=./schema.json\n# ")
    assert "stamp:\n" in text
    assert text.endswith("\n")
    assert not [line for line in text.splitlines() if line != line.rstrip() or not line]


@pytest.mark.parametrize("template", TEMPLATES)
def test_everything_fits_into_the_smallest_range(template: str, stacks: Path) -> None:
    words = ["--from", template, "--range", f"10.200.0.0/{SMALLEST_NETWORK - 2}"]
    words += [word for each in WHAT for word in ("--run", each)] if template != "everything" else []
    stack = written(stacks, *words)
    assert {row.verdict for row in stack.plan.ledger} == {"fits"}
    assert all(subnet.prefix for network in stack.spec.networks.values() for subnet in network.subnets.values())


@pytest.mark.parametrize("template", TEMPLATES)
def test_names_fit_with_the_longest_answers(template: str, stacks: Path) -> None:
    longest = sorted(REGIONS["public"], key=len)[-3:]
    words = ["--from", template, "--name", "n" * SHORT_NAME.longest]
    words += [word for region in longest for word in ("--region", region)]
    words += [word for each in WHAT for word in ("--run", each)] if template != "everything" else []
    words += ["--shared", REGISTRY_ID] if template == "workload" else []
    result = run("init", "s" * SHORT_NAME.longest, *words, "--yes")
    assert (result.exit_code, result.stderr) == (0, "")


def test_two_regions_have_a_network_an_endpoint_and_a_share_of_the_range_each(stacks: Path) -> None:
    stack = written(
        stacks,
        *[
            "--from",
            "three-regions",
            "--region",
            "swedencentral",
            "--region",
            "canadacentral",
            "--range",
            "10.200.0.0/19",
        ],
    )
    assert stack.spec.location == "swedencentral"
    assert list(stack.spec.replicas) == ["canadacentral"]
    spaces = {key: [str(each) for each in network.address_space] for key, network in stack.spec.networks.items()}
    assert spaces == {"swedencentral": ["10.200.0.0/20"], "canadacentral": ["10.200.16.0/20"]}
    assert set(stack.spec.private_endpoints) == {"swedencentral", "canadacentral"}


def test_a_hub_and_its_spokes_share_one_endpoint_and_a_firewall(stacks: Path) -> None:
    stack = written(stacks, "--from", "hub-and-spoke", "--region", "eastus", "--region", "westeurope")
    assert set(stack.plan.peerings) == {("eastus", "hub"), ("hub", "westeurope")}
    assert {endpoint.network for endpoint in stack.spec.private_endpoints.values()} == {"hub"}
    routed = {table.routes["default"].firewall for table in stack.spec.route_tables.values()}
    assert routed == {"hub"}


def test_a_workload_uses_the_registry_of_the_stack_that_creates_it(stacks: Path) -> None:
    stack = written(stacks, "--from", "workload", "--shared", "prod", "--region", "westeurope")
    registry = stack.spec.registry
    assert registry is not None
    assert registry.id == "output registry_id of stack organization/moorings/prod"
    assert (registry.name, registry.location) == ("contosoprod", "eastus")
    assert set(registry.replicas) == {"westeurope", "southeastasia"}
    assert list(stack.spec.networks) == ["westeurope"]


def test_a_workload_uses_a_registry_that_only_its_id_names(stacks: Path) -> None:
    stack = written(stacks, "--from", "workload", "--shared", REGISTRY_ID, "--region", "uksouth", "--region", "ukwest")
    registry = stack.spec.registry
    assert registry is not None
    assert (registry.id, registry.name, registry.location) == (REGISTRY_ID, "fabrikamimages", "uksouth")
    assert list(registry.replicas) == ["ukwest"]


def test_the_default_range_overlaps_no_network_of_another_stack(stacks: Path) -> None:
    first = written(stacks)
    (stacks / "Pulumi.test.yaml").rename(stacks / "Pulumi.other.yaml")
    second = written(stacks, "--registry", "contosotest2", "--name", "fabrikam")
    ranges = [each for stack in (first, second) for each in stack.spec.networks["eastus"].address_space]
    taken = [space for name in ("dev", "local", "prod") for space in spaces(load(name))]
    assert not any(one.overlaps(other) for one in ranges for other in taken)
    assert not ranges[0].overlaps(ranges[1])


def spaces(stack: Stack) -> Iterator[IPv4Network]:
    for network in stack.spec.networks.values():
        yield from network.address_space


def test_name_and_home_region_default_to_those_of_the_base(stacks: Path) -> None:
    (stacks / "_base.yaml").write_text("config: {moorings:stack: {name: fabrikam, location: norwayeast}}\n")
    stack = written(stacks)
    assert (stack.spec.name, stack.spec.location) == ("fabrikam", "norwayeast")
    assert stack.spec.registry is not None
    assert stack.spec.registry.name == "fabrikamtest"


def test_the_end_says_what_to_type_next_and_the_parser_takes_it(stacks: Path) -> None:
    result = run("init", "test", "--from", "workload", "--shared", "prod", "--yes")
    lines = [line.split("#")[0].split() for line in result.stdout.splitlines() if line.startswith("    ")]
    assert lines == [
        ["make", "up", "STACK=prod"],
        ["./moorings", "ledger", "test"],
        ["make", "up", "STACK=test"],
        ["./moorings", "preflight", "test"],
    ]


REFUSED = {
    ("prod",): "STACK: stacks/Pulumi.prod.yaml exists and is not overwritten; choose another name",
    ("Test",): "STACK: 'Test' is not a name",
    ("test", "--name", "a-b"): "--name: 'a-b' is not a name",
    ("test", "--region", "westeurop"): "--region: westeurop is not a known region; did you mean westeurope? [REGION-1]",
    (
        "test",
        "--region",
        "chinanorth3",
    ): "--region: chinanorth3 is a region of cloud china, and the templates are for the",
    ("test", "--region", "eastus", "--region", "East US"): "--region: eastus is named twice",
    ("test", "--registry", "x_y"): "--registry: 'x_y' is not a name for a container registry",
    ("test", "--range", "10.0.0.0/23"): "--range: 10.0.0.0/23 is too small for a network of /22 or larger; give /22",
    ("test", "--range", "20.0.0.0/16"): "--range: 20.0.0.0/16 is public address space",
    ("test", "--range", "10.0.0.1/16"): "--range: '10.0.0.1/16' has bits set after its prefix; write 10.0.0.0/16",
    ("test", "--shared", "prod"): "--shared: does not apply to template one-region",
    ("test", "--from", "everything", "--run", "apps"): "--run: does not apply to template everything",
    ("test", "--from", "workload", "--shared", "nowhere"): "--shared: 'nowhere' is no stack with a registry of its own",
    ("test", "--from", "workload", "--shared", "/x"): "--shared: '/x' is not",
    ("test", "--from", "workload", "--shared", "prod", "--region", "uksouth"): (
        "--region: registry contosoprod has no replica in uksouth; it is in eastus, westeurope, southeastasia"
    ),
}


@pytest.mark.parametrize(("words", "line"), REFUSED.items(), ids=lambda value: " ".join(value) if value else "")
def test_a_wrong_option_is_wrong_use_and_writes_nothing(words: tuple[str, ...], line: str, stacks: Path) -> None:
    before = {path: path.read_bytes() for path in stacks.iterdir()}
    result = run("init", *words, "--yes")
    assert (result.exit_code, result.stdout) == (2, "")
    assert line in " ".join(result.stderr.split())
    assert {path: path.read_bytes() for path in stacks.iterdir()} == before


def test_a_registry_name_of_another_stack_is_refused_before_anything_is_written(stacks: Path) -> None:
    result = run("init", "test", "--registry", "contosoprod", "--yes")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "contosoprod is the registry of stack prod too" in result.stderr
    assert not (stacks / "Pulumi.test.yaml").exists()


def test_a_workload_needs_a_stack_with_a_registry(stacks: Path) -> None:
    for file in stacks.glob("Pulumi.*.yaml"):
        file.unlink()
    result = run("init", "test", "--from", "workload", "--yes")
    assert (result.exit_code, "--shared: has no default here; state it" in result.stderr) == (2, True)


def test_a_range_is_free_for_as_many_stacks_as_fit(stacks: Path) -> None:
    (stacks / "Pulumi.all.yaml").write_text(
        "config: {moorings:stack: {networks: {eastus: {address_space: [10.0.0.0/8]}}}}\n"
    )
    assert project_module.Project(stacks, "moorings").free_range(16) is None
    result = run("init", "test", "--yes")
    assert (result.exit_code, "--range: has no default here; state it" in result.stderr) == (2, True)


def terminal(*words: str, folder: Path) -> Terminal:
    """Run the command of a copy on a terminal."""
    return Terminal([folder / "moorings", *words], folder, {**os.environ, "TERM": "dumb"})


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the project that shares its environment."""
    folder = tmp_path / "copy"
    folder.mkdir()
    for name in ("components", "planning", "stacks", "templates", "tools", "local_azure"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("moorings", "Pulumi.yaml", "pyproject.toml"):
        shutil.copy(ROOT / name, folder)
    (folder / ".venv").symlink_to(ROOT / ".venv")
    return folder


def test_a_terminal_is_asked_and_a_wrong_answer_is_asked_again(copy: Path) -> None:
    shown = terminal("init", folder=copy)
    for question, answer in [
        ("Name of the stack [test]: ", "prod"),
        ("is not overwritten", "meridian"),
        ("Start from [one-region]: ", "three-regions"),
        ("Name of the workload, part of every name [contoso]: ", ""),
        ("separated by commas [eastus, westeurope, southeastasia]: ", "swedencentral, canadacentral"),
        ("Name of the registry, unique in Azure [contosomeridian]: ", ""),
        ("separated by commas [nothing]: ", "apps"),
        ("divided among the networks [10.0.0.0/15]: ", "10.200.0.0/19"),
    ]:
        shown.until(question)
        shown.type(answer)
    assert shown.end() == 0
    assert "make up STACK=meridian" in shown.shown
    spec = load("meridian", directory=copy / "stacks").spec
    assert list(spec.networks) == ["swedencentral", "canadacentral"]
    assert list(spec.container_apps) == ["swedencentral", "canadacentral"]


def test_an_interrupt_leaves_nothing_behind(copy: Path) -> None:
    before = sorted((copy / "stacks").glob("*.*"))
    shown = terminal("init", "meridian", folder=copy)
    shown.until("Start from [one-region]: ")
    shown.interrupt(until="error: stopped; nothing is written")
    assert shown.end() == 1
    assert sorted((copy / "stacks").glob("*.*")) == before
