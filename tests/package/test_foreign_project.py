"""A project of somebody else, with folders named as ours, in a virtual environment that has nothing of this project."""

from __future__ import annotations

import subprocess
import sysconfig
from pathlib import Path

import pytest

from package.schema import FILE
from tests.go_tools import generator
from tests.package.programs import example
from tools.local_services import ROOT

TEST = """\
import pulumi
import components
import policies
from pulumi_moorings.registry import Registry


def test_their_own_folders_still_import():
    assert (components.OWNER, policies.OWNER) == ("theirs", "theirs")


def test_a_component_is_registered_with_what_the_program_states(record):
    def program():
        Registry(
            "r",
            name="contoso",
            location="westeurope",
            resource_group_name="rg",
            replicas={"northeurope": {"global_routing": False}},
        )

    registry = record(program).one("moorings:registry:Registry")
    assert registry.inputs["replicas"] == {"northeurope": {"globalRouting": False}}
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("theirs")
    for name in ("components", "policies"):
        (folder / name).mkdir()
        (folder / name / "__init__.py").write_text('OWNER = "theirs"\n', encoding="utf-8")
    (folder / "test_program.py").write_text(TEST, encoding="utf-8")
    # The two lines of docs/package.md.
    (folder / "pytest.ini").write_text(
        f"[pytest]\npythonpath = . {ROOT}/package/testing\naddopts = -p moorings_testing\n", encoding="utf-8"
    )
    subprocess.run([str(generator()), str(FILE), str(folder / "sdks"), "python"], check=True)
    uv = str(Path(sysconfig.get_path("scripts")) / "uv")
    python = folder / ".venv" / "bin" / "python"
    subprocess.run([uv, "venv", "--quiet", str(folder / ".venv")], check=True)
    needed = ["pytest", str(folder / "sdks" / "python")]
    installed = subprocess.run(
        [uv, "pip", "install", "--quiet", "--python", str(python), *needed], capture_output=True, text=True, check=False
    )
    if installed.returncode:
        pytest.skip(f"the package index is not reachable here: {' '.join(installed.stderr.split())[:200]}")
    return folder


def test_the_fixture_and_a_component_are_used_beside_their_own_folders(project: Path) -> None:
    python = project / ".venv" / "bin" / "python"
    ran = subprocess.run(
        [str(python), "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=project,
        env={"PATH": "/usr/bin:/bin", "HOME": str(project)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "2 passed" in ran.stdout


@pytest.mark.engine
def test_a_program_in_python_is_applied_evaluated_and_destroyed(project: Path, tmp_path: Path) -> None:
    with example(tmp_path, "python-platform") as created:
        file = created.program / "Pulumi.yaml"
        text = file.read_text(encoding="utf-8")
        assert "virtualenv: .venv" in text
        file.write_text(text.replace("virtualenv: .venv", f"virtualenv: {project / '.venv'}"), encoding="utf-8")
        # Neither the provider nor the pack may import folders of the program that are named as theirs.
        for name in ("components", "package", "planning", "policies", "stacks", "tests", "tools"):
            (created.program / name).mkdir(exist_ok=True)
            (created.program / name / "__init__.py").write_text("raise ImportError(__name__)\n", encoding="utf-8")
        # The second line of docs/package.md for the policy pack, which finds its settings beside it.
        judged = created.preview("--policy-pack", str(ROOT / "policies"))
        assert judged.code == 0, judged.output
        assert "Loading policy packs...: done" in judged.output
        made = created.up()
        assert made.code == 0, made.output
        assert created.outputs()["endpoints"]["global"] == "contosoplatformpython.azurecr.io"
        again = created.up()
        assert (again.code, again.changes) == (0, {}), again.output
        assert created.destroy().changes == {"delete": made.changes["create"]}
        assert created.ids() == []
