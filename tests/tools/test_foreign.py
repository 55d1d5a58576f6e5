"""Programs of others: how they are found, configured and laid out, and how what stopped one is reported in a line."""

from __future__ import annotations

import io
import json
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from rich.console import Console

from tools.foreign import programs
from tools.foreign.report import show
from tools.foreign.trial import Trial, reason
from tools.local_services import local_azure
from tools.stack_file import text_of


def program(folder: Path, project: str = "name: shop\nruntime: python\n") -> programs.Program:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "Pulumi.yaml").write_text(project, encoding="utf-8")
    (folder / "__main__.py").write_text("", encoding="utf-8")
    (found,) = programs.find(folder)
    return found


def test_every_folder_with_a_project_file_is_a_program(tmp_path: Path) -> None:
    for name in ("b", "a/deep", "a/node_modules/c"):
        program(tmp_path / name)
    assert [each.name for each in programs.find(tmp_path)] == ["a/deep", "b"]


def test_a_folder_that_is_a_program_is_the_only_one(tmp_path: Path) -> None:
    program(tmp_path / "inner")
    assert program(tmp_path).name == tmp_path.name


def test_settings_of_a_file_and_of_the_command_line_are_joined(tmp_path: Path) -> None:
    file = tmp_path / "settings.yaml"
    file.write_text('"*": {azure-native:location: westus2}\nshop: {size: 3}\n', encoding="utf-8")
    found = programs.settings(file, ["shop:user=me", "shop:azure-native:location=eastus"])
    assert found == {
        "*": {"azure-native:location": "westus2"},
        "shop": {"size": 3, "user": "me", "azure-native:location": "eastus"},
    }


@pytest.mark.parametrize("given", ["shop", "shop:size", ":size=3", "shop:=3"])
def test_a_setting_of_another_form_is_refused(given: str) -> None:
    with pytest.raises(programs.SettingsError, match=f"--set {given}: expected program:key=value"):
        programs.settings(None, [given])


def test_a_file_of_another_form_is_refused(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text("shop: 3\n", encoding="utf-8")
    with pytest.raises(programs.SettingsError, match="shop: expected a mapping"):
        programs.settings(tmp_path / "s.yaml", [])


PLACEHOLDER = "$" + "{PROJECT}"
"""In two parts, because `pulumi new` replaces it in every file of this repository."""
TEMPLATE = f"""
name: {PLACEHOLDER}
runtime: {{name: python, options: {{virtualenv: venv}}}}
template: {{config: {{port: {{default: 80}}, user: {{description: Who}}, azure-native:location: {{default: WestUS}}}}}}
"""


def test_a_copy_gets_a_name_the_projects_python_and_its_configuration(tmp_path: Path) -> None:
    theirs = program(tmp_path / "shop", TEMPLATE)
    (theirs.folder / "venv").mkdir()
    copy = programs.copy_to(theirs, tmp_path / "copy", {"*": {"user": "all"}, "shop": {"user": "me"}})
    assert (copy / "Pulumi.yaml").read_text(encoding="utf-8").startswith("name: shop\n")
    assert "options" in programs.find(copy)[0].project["runtime"]
    assert not (copy / "venv").exists()
    stack = text_of(copy / "Pulumi.local.yaml")
    for line in ('"azure-native:location": "WestUS"', '"shop:port": 80', '"shop:user": "me"'):
        assert line in stack
    assert PLACEHOLDER in (theirs.folder / "Pulumi.yaml").read_text(encoding="utf-8")


STOPPED = {
    "a package": (
        "error: Program failed:\n  ModuleNotFoundError: No module named 'pulumi_docker'\n",
        "Python package pulumi_docker",
    ),
    "a provider": ("error: no resource plugin 'pulumi-resource-random' found", "needs the provider random"),
    "the first error that says something": (
        'error: update failed\nerror: Status=400 Code="X"\nerror: later',
        'error: Status=400 Code="X"',
    ),
    "an error beside a resource": (
        " +  azure-native:web:WebApp app creating (0s) error: Status=400",
        "azure-native:web:WebApp app error: Status=400",
    ),
    "an exception": (
        "Traceback:\nAttributeError: no attribute 'location'\n",
        "AttributeError: no attribute 'location'",
    ),
    "nothing": ("Previewing update\n", "no output"),
}


@pytest.mark.parametrize(("output", "reported"), STOPPED.values(), ids=STOPPED)
def test_what_stopped_a_program_is_reported_in_one_line(output: str, reported: str) -> None:
    said = reason(output)
    assert reported in said
    assert "\n" not in said


def test_a_long_reason_is_cut() -> None:
    assert len(reason(f"error: {'x' * 500}")) == 200


def test_the_table_counts_the_green_and_names_what_was_not_evaluated() -> None:
    steps = ("preview", "up", "up again", "destroy")
    green = Trial("shop", dict.fromkeys(steps, "ok"), 3, unruled={"Microsoft.Sql/servers"})
    stopped = Trial("docker", {"preview": "failed"}, stopped="needs the Python package pulumi_docker")
    changed = Trial("loop", {**dict.fromkeys(steps, "ok"), "up again": "1 update"}, 1, stopped="up again: 1 update")
    text = io.StringIO()
    show([green, stopped, changed], Console(file=text, width=160))
    shown = text.getvalue()
    assert "1 of 3 programs are green" in shown
    assert "shape checked only: Microsoft.Sql/servers (1 program)" in shown
    assert next(line for line in shown.splitlines() if "docker" in line).split()[1:4] == ["0", "failed", "-"]


@pytest.mark.parametrize(("generic", "status"), [(False, 404), (True, 200)])
def test_types_without_rules_are_served_only_on_request(tmp_path: Path, generic: bool, status: int) -> None:
    """What `make up` and `make pr` start does not ask for it."""
    with local_azure(tmp_path / "store", tmp_path / "log", generic=generic) as azure:
        try:
            url = f"{azure.url}/subscriptions/s/providers/Microsoft.Sql?api-version=2021-04-01"
            with urllib.request.urlopen(url) as answer:
                found, body = answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            found, body = error.code, json.load(error)
    assert found == status, body


@pytest.mark.parametrize("file", ["stack.py", "local_pulumi.py", "pull_request/rehearsal.py"])
def test_runs_of_this_projects_stacks_never_ask_for_it(file: str) -> None:
    assert "generic=" not in (Path(programs.ROOT) / "tools" / file).read_text(encoding="utf-8")
