"""Who may know whom."""

import pytest

from tests.architecture.project import ROOT, Module, product, within


def imports(module: Module, *packages: str) -> set[str]:
    """Return what a module imports of some packages."""
    return {name for name in module.imported if name.split(".")[0] in packages}


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


def test_components_but_the_platform_and_its_builders_know_no_stack_file() -> None:
    knowing = {module.path for module in within("components") if imports(module, "stacks")}
    joining = {"components/platform.py", "components/systems.py"}
    assert {path for path in knowing - joining if not path.endswith("/build.py")} == set()


def test_no_system_knows_another_systems_component() -> None:
    systems = {folder.name for folder in (ROOT / "components").iterdir() if (folder / "__init__.py").is_file()}
    for module in within(*(f"components/{system}" for system in systems)):
        if module.path.endswith("/build.py"):
            continue
        own = module.path.split("/")[1]
        others = {
            name
            for name in module.imported
            if name.startswith("components.")
            and (parts := name.split("."))[1] in systems - {own}
            and parts[2:3] != ["spec"]
        }
        assert others == set(), module.path


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
