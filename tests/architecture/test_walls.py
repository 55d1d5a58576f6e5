"""Who may know whom."""

import ast
import re
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter

import pytest

from stacks.systems.catalog import SYSTEMS
from tests.architecture.project import ROOT, Module, blocks, modules, product, within

PACKAGES = sorted({module.path.split("/")[0] for module in product() if "/" in module.path} - {"examples"})
"""Every package of the product; examples are programs of their own."""


def imports(module: Module, *packages: str) -> set[str]:
    """Return what a module imports of some packages."""
    return {name for name in module.imported if name.split(".")[0] in packages}


def module_at(path: str) -> Module:
    """Return the module of a file."""
    (found,) = (module for module in modules() if module.path == path)
    return found


def dotted(path: str) -> str:
    """Return the name by which a file is imported."""
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def imports_within(package: str) -> dict[str, set[str]]:
    """Return which module of a package imports which, wherever in the file; a package by itself only for what it
    defines."""
    found = {dotted(module.path): module for module in within(package)}

    def imported(module: Module) -> Iterator[str]:
        for node in blocks(module.tree):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                parent = module.path.split("/")[: -node.level] if node.level else []
                source = ".".join([*parent, *filter(None, [node.module])])
                members = (f"{source}.{alias.name}" for alias in node.names)
                yield from (member if member in found else source for member in members)

    return {name: {each for each in imported(module) if each in found} - {name} for name, module in found.items()}


def circle(graph: dict[str, set[str]]) -> list[str] | None:
    """Return the modules of a circle, or None if it does not exist."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return None


@pytest.mark.parametrize("folder", ["planning", "stacks", "components", "local_azure"])
def test_there_is_something_behind_every_wall(folder: str) -> None:
    assert within(folder)


INPUT_AND_OUTPUT = [
    "asyncio",
    "http",
    "io",
    "logging",
    "os",
    "pathlib",
    "random",
    "shutil",
    "socket",
    "subprocess",
    "tempfile",
    "time",
    "urllib",
    "uuid",
]


def test_planning_knows_no_pulumi_and_no_other_part_of_the_project() -> None:
    outside = ("pulumi", "pulumi_azure_native", "pydantic", "ruamel", "components", "stacks", "local_azure", "tools")
    assert {module.path: imports(module, *outside) for module in within("planning") if imports(module, *outside)} == {}


def test_planning_does_no_input_or_output() -> None:
    found = {
        module.path: imports(module, *INPUT_AND_OUTPUT) | module.used & {"open", "print", "input"}
        for module in within("planning")
    }
    assert {path: names for path, names in found.items() if names} == {}


def test_the_local_azure_knows_nothing_of_what_it_judges() -> None:
    judged = ("components", "planning", "stacks", "__main__")
    assert {module.path: imports(module, *judged) for module in within("local_azure") if imports(module, *judged)} == {}


def test_nothing_but_tests_and_tools_knows_the_local_azure() -> None:
    knowing = [module.path for module in product() if imports(module, "local_azure")]
    assert [path for path in knowing if not path.startswith(("local_azure/", "tools/", "bench/"))] == []


READS = {
    "pulumi.Config",
    "Config",
    "pulumi.get_stack",
    "pulumi.get_project",
    "os.environ",
    "os.getenv",
    "datetime.now",
    "datetime.datetime.now",
    "datetime.utcnow",
    "datetime.today",
    "date.today",
    "time.time",
    "time.monotonic",
    "open",
}


DEPLOYED = "components/address_drift/function/"
"""Code that runs in Azure and not in the program."""


def test_deployed_code_knows_nothing_of_the_toolkit() -> None:
    ours = ("components", "planning", "stacks", "local_azure", "tools", "pulumi", "pydantic")
    for module in within(DEPLOYED.rstrip("/")):
        assert imports(module, *ours) == set(), module.path


def test_components_read_no_configuration_and_no_clock() -> None:
    found = {
        module.path: module.used & READS | imports(module, "time", "datetime", "os", "random", "uuid")
        for module in within("components")
        if not module.path.startswith(DEPLOYED)
    }
    assert {path: names for path, names in found.items() if names} == {}


def test_components_know_no_stack_file_and_nothing_of_composition() -> None:
    assert {
        module.path: imports(module, "stacks") for module in within("components") if imports(module, "stacks")
    } == {}


def test_no_system_knows_another_systems_component() -> None:
    systems = {folder.name for folder in (ROOT / "components").iterdir() if (folder / "__init__.py").is_file()}
    for module in within(*(f"components/{system}" for system in systems)):
        own = module.path.split("/")[1]
        others = {
            name
            for name in module.imported
            if name.startswith("components.")
            and (parts := name.split("."))[1] in systems - {own}
            and parts[2:3] != ["spec"]
        }
        assert others == set(), module.path


def test_no_system_of_a_stack_knows_another() -> None:
    for module in within("stacks/systems"):
        own = module.path.removeprefix("stacks/systems/").split("/")[0]
        others = {name for name in module.imported if re.fullmatch(r"stacks\.systems\.\w+(\.\w+)*", name)}
        shared = {name for name in others if name.split(".")[2] in {own, "delegated"}}
        if own != "catalog.py":
            assert others == shared, module.path


def test_every_system_is_in_the_one_list_and_builds_what_it_says() -> None:
    packages = {path.parent.name for path in (ROOT / "stacks" / "systems").glob("*/system.py")}
    listed = re.findall(
        r"^from stacks\.systems\.(\w+)\.system import", module_at("stacks/systems/catalog.py").text, re.MULTILINE
    )
    assert set(listed) == packages
    assert len(SYSTEMS) == len(packages) == len({system.section for system in SYSTEMS})
    builders = {f"stacks/systems/{package}/build.py" for package in packages}
    found = {system.builder.replace(".", "/") + ".py" for system in SYSTEMS if system.builder}
    assert found == {path for path in builders if (ROOT / path).is_file()}
    elsewhere = [
        module.path
        for module in product()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "System" and not module.path.endswith("/system.py")
    ]
    assert elsewhere == []


def test_what_is_planned_and_checked_knows_no_pulumi() -> None:
    """A refused description does not pay for the SDK's import."""
    making = (
        "/build.py",
        "stacks/context.py",
        "stacks/platform.py",
        "stacks/program.py",
        "stacks/providers.py",
        "stacks/routing.py",
        "stacks/hosts.py",
    )
    knowing = {module.path for module in within("stacks") if imports(module, "pulumi", "pulumi_azure_native")}
    assert {path for path in knowing if not path.endswith(making)} == set()


@pytest.mark.parametrize("package", PACKAGES)
def test_no_package_has_a_circle_of_imports(package: str) -> None:
    graph = imports_within(package)
    assert any(graph.values()), "no import was found, so nothing was checked"
    assert circle(graph) is None


def test_a_circle_of_imports_is_found() -> None:
    assert circle({"a": {"b"}, "b": {"c"}, "c": {"a"}}) is not None


def test_only_deployed_code_has_relative_imports() -> None:
    """The walls read absolute names only."""
    relative = {
        module.path
        for module in modules()
        for node in blocks(module.tree)
        if isinstance(node, ast.ImportFrom) and node.level
    }
    assert {path for path in relative if not path.startswith(DEPLOYED)} == set()


def test_nothing_is_imported_for_annotations_alone() -> None:
    found = [module.path for module in product() if "TYPE_CHECKING" in module.used]
    packages = ("components/", "stacks/", "planning/", "policies/", "local_azure/")
    assert [path for path in found if path.startswith(packages)] == []


def test_components_annotations_are_read_at_run_time() -> None:
    assert [module.path for module in within("components") if "__future__.annotations" in module.imported] == []


def test_policies_know_no_azure_sdk() -> None:
    for module in within("policies"):
        assert imports(module, "pulumi_azure_native", "azure") == set(), module.path


def test_policies_know_no_components_and_nothing_of_the_local_azure() -> None:
    for module in within("policies"):
        assert imports(module, "components", "local_azure", "tools") == set(), module.path


def test_rules_and_the_engine_that_runs_them_know_no_pulumi() -> None:
    knowing = {
        module.path for module in within("policies") if imports(module, "pulumi", "pulumi_policy", "grpc", "google")
    }
    assert {path for path in knowing if not path.startswith("policies/fronts/")} == set()
