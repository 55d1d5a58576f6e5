"""Locations and names of the stack files. It reads none of them, so importing it is cheap."""

from __future__ import annotations

from pathlib import Path

DIRECTORY = Path(__file__).parent
"""Directory of this project's stack files."""

OUTPUTS_VARIABLE = "MOORINGS_STACK_OUTPUTS"
"""Environment variable: a file with the outputs of other stacks for a run on the local Azure, which asks no backend."""

STACKS_VARIABLE = "MOORINGS_STACKS"
"""Environment variable: a directory of stack files to read instead of the project's. `plan` applies a step from one."""

DESCRIPTION = "description"
"""Output of a stack: the description that was applied last, as JSON. It is secret, as it contains all values of the file."""

BASE = "_base.yaml"
"""The base of every stack file."""


CONFIG_KEY = "moorings:stack"
"""Key of the description in a stack file's ``config`` section."""


def stack_names(directory: Path = DIRECTORY) -> list[str]:
    """Return the names of the environments that have a file, sorted."""
    files = directory.glob("Pulumi.*.yaml")
    return sorted(file.name.removeprefix("Pulumi.").removesuffix(".yaml") for file in files)
