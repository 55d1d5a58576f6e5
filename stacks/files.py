"""Where the stack files are and which there are; reads none of them, so that it costs nobody anything."""

from __future__ import annotations

from pathlib import Path

DIRECTORY = Path(__file__).parent
"""Where the stack files of this project are."""

BASE = "_base.yaml"
"""What every environment's file is laid over."""


CONFIG_KEY = "moorings:stack"
"""Key of the description in a stack file's ``config`` section."""


def stack_names(directory: Path = DIRECTORY) -> list[str]:
    """Return the names of the environments that have a file, sorted."""
    files = directory.glob("Pulumi.*.yaml")
    return sorted(file.name.removeprefix("Pulumi.").removesuffix(".yaml") for file in files)
