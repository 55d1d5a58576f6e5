"""Renders a new stack file, checks it beside the other files of the project, and writes it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from planning.problems import SpecError
from stacks.files import DIRECTORY
from stacks.loader import load
from stacks.neighbours import shared
from tools.adopt.files import write_all
from tools.new_stack.project import Project
from tools.new_stack.questions import TEMPLATES, Answers

_FOLDER = Path(__file__).parents[2] / "templates" / "stacks"


def render(answers: Answers) -> str:
    """Return the text of the stack file for the answers."""
    # The output is YAML, so nothing is escaped for HTML.
    environment = Environment(
        loader=FileSystemLoader(_FOLDER), undefined=StrictUndefined, autoescape=False, keep_trailing_newline=True
    )
    template = environment.get_template(f"{TEMPLATES[answers.template].file}.yaml.j2")
    return template.render(answers=answers)


def write(project: Project, answers: Answers) -> list[str]:
    """Write the stack file, unless it exists or has a problem, and return the warnings about it, one line each.

    Raises:
        SpecError: the answers describe a stack that a check refuses, such as one with the registry name of another stack.
        FileThereError: the file was created meanwhile.
    """
    text = render(answers)
    warnings = _checked(project, answers.stack, text)
    write_all({project.file(answers.stack): text}, force=False)
    return warnings


def _checked(project: Project, stack: str, text: str) -> list[str]:
    """Return the warnings about a stack file that is not written yet."""
    with tempfile.TemporaryDirectory(prefix="moorings-") as folder:
        directory = Path(folder) / DIRECTORY.name
        directory.mkdir()
        for file in project.directory.glob("*.yaml"):
            shutil.copy(file, directory)
        (directory / f"Pulumi.{stack}.yaml").write_text(text, encoding="utf-8")
        loaded = load(stack, directory=directory)
        found = [*loaded.problems, *shared({stack: loaded}, directory).get(stack, [])]
    errors = [problem for problem in found if problem.severity == "error"]
    if errors:
        raise SpecError(errors)
    return [problem.line() for problem in found]


def next_steps(answers: Answers, project: Project) -> Iterator[str]:
    """Yield what to type next, one line each."""
    stack = answers.stack
    origin = answers.shared.reference if answers.shared else ""
    creator = origin.partition(f"organization/{project.name}/")[2].partition(",")[0]
    first = {f"make up STACK={creator}": "the stack that creates the registry, if it is not up yet"} if creator else {}
    commands = first | {
        f"./moorings ledger {stack}": "the addresses that each subnet needs and has",
        f"make up STACK={stack}": "deploy it to the local Azure; no account is needed",
        f"./moorings preflight {stack}": f"compare Azure with it before the first `pulumi up -s {stack}`",
    }
    width = max(map(len, commands))
    for command, reason in commands.items():
        yield f"{command:<{width}}  # {reason}"
