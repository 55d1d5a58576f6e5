"""Stack files of the steps of a rollout, which the engine and the program read instead of the project's."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from stacks.document import Document, read
from stacks.expansion import expanded
from stacks.files import CONFIG_KEY, STACKS_VARIABLE
from stacks.loader import describe
from tools.engine import write


def wanted(stack: str, directory: Path) -> dict[str, Any]:
    """Return the description of a stack file, written out.

    Raises:
        SpecError: the file cannot be read.
    """
    return _plain(describe(stack, directory=directory).data)


def parsed(recorded: str) -> dict[str, Any]:
    """Return a description that a stack recorded as its output, written out."""
    return _plain(expanded(Document(json.loads(recorded))).data)


def _plain(data: Any) -> dict[str, Any]:
    """Return a description in the form that a file of a step can contain: dates as text."""
    return json.loads(json.dumps(data, default=str))


def write_step(directory: Path, stack: str, description: Mapping[str, Any], project: Path) -> dict[str, str]:
    """Write the stack file of a step, and return the variable with which the program reads it.

    Args:
        directory: folder for the file; it is emptied first, because the description is complete without a base.
        stack: name of the stack.
        description: the description of the step.
        project: folder of the project's stack files, from which the keys of the secrets provider are copied.
    """
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)
    own = read(project / f"Pulumi.{stack}.yaml", f"{project.name}/Pulumi.{stack}.yaml").data
    lines = [f"{key}: {json.dumps(value)}" for key, value in own.items() if key != "config"]
    # JSON is YAML, in which no parser changes a value that is text.
    lines += ["config:", f"  {CONFIG_KEY}: {json.dumps(description)}"]
    write(directory / f"Pulumi.{stack}.yaml", "\n".join(lines) + "\n")
    return {STACKS_VARIABLE: str(directory.absolute())}
