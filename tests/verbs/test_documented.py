"""Every command line of the project's documents, workflows and messages is one that the command takes."""

from __future__ import annotations

import re
import shlex

import pytest
import typer
from typer.core import TyperGroup
from typer.main import get_command

from local_azure.__main__ import cli as local_azure
from tests.architecture.project import text_of, tracked
from tools.verbs.command import load

LINE = re.compile(r"\./moorings ([a-z][^`\n|#>\[]*)")
ARGUMENTS = "$${ARGS:+-- $$ARGS}"
"""The words that recipes of make pass on, if there are any."""
OLD = re.compile(r"-m (stacks|policies|bench|tools\.(?!provision\.official|language_host|guard|site))\b")


def texts(*suffixes: str) -> dict[str, str]:
    """Tracked text files that are not tests, with continued lines joined."""
    return {path: text_of(path).replace("\\\n", " ") for path in tracked(*suffixes) if not path.startswith("tests/")}


def command_lines() -> dict[str, str]:
    """Command lines of documents, of workflows and of the help, with the file that first names each."""
    found: dict[str, str] = {}
    for path, text in texts(".md", ".yaml", "Makefile").items():
        for match in LINE.finditer(text):
            line = match[1].split("   ")[0].rstrip(" ")
            found.setdefault(line, path)
    return found


def group(app: typer.Typer) -> TyperGroup:
    found = get_command(app)
    assert isinstance(found, TyperGroup)
    return found


def refusal(line: str) -> str:
    """Return how the parser refuses a command line, or nothing.

    A verb by itself is only named, and files of an example need not be there.
    """
    name, *words = shlex.split(line.replace(ARGUMENTS, "-- --refresh").replace("$$", "$"))
    verbs = group(load())
    if name == "azure" and words and words != ["--help"]:
        verbs, name, words = group(local_azure), words[0], words[1:]
    verb = verbs.get_command(typer.Context(verbs), name)
    if verb is None:
        return f"there is no verb {name}"
    if not words or "--help" in words:
        return ""
    try:
        verb.make_context(name, words)
    except Exception as error:
        if "does not exist" not in str(error):
            return f"{type(error).__name__}: {error}"
    return ""


def test_there_are_command_lines_in_documents_and_workflows() -> None:
    files = set(command_lines().values())
    assert {"README.md", "docs/policies.md", ".github/workflows/deploy.yaml", "Makefile"} <= files


@pytest.mark.parametrize("line", command_lines())
def test_a_command_line_is_one_that_the_command_takes(line: str) -> None:
    assert refusal(line) == "", command_lines()[line]


@pytest.mark.parametrize("line", ["fly", "check --loud", "azure fly", "pulumi preview", "azure serve --loud"])
def test_a_command_line_that_is_wrong_is_found(line: str) -> None:
    assert refusal(line) != ""


def test_nothing_but_the_changelog_names_a_command_of_before() -> None:
    assert [path for path, text in texts().items() if OLD.search(text) and path != "CHANGELOG.md"] == []
