"""The files of a fleet as text, by path."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from ruamel.yaml import YAML

from stacks.order import Order
from tools.fleet.github import workflow
from tools.fleet.operator import resources
from tools.fleet.settings import Settings, repository

MARK = "# Written by `./moorings fleet`; run it again instead of changing this file.\n"
"""First line of every file, which identifies files of an earlier run."""


def text_of(documents: Sequence[Mapping[str, Any]]) -> str:
    """Return a file of YAML documents."""
    writer = YAML()
    writer.indent(mapping=2, sequence=4, offset=2)
    writer.width = 120
    parts = []
    for document in documents:
        stream = io.StringIO()
        writer.dump(dict(document), stream)
        parts.append(stream.getvalue())
    return MARK + "---\n".join(parts)


def files(
    form: Literal["operator", "github"], order: Order, project: str, settings: Settings, folder: Path
) -> dict[str, str]:
    """Return the files of a fleet by path.

    Args:
        form: resources of the operator, or a workflow of GitHub Actions.
        order: the stacks in order.
        project: name of the Pulumi project.
        settings: the settings.
        folder: the project, whose remote is the repository if the settings state none.
    """
    if form == "github":
        return {"deploy-all.yaml": text_of([workflow(order, settings.branch, settings.parallel)])}
    complete = settings.model_copy(update={"repository": repository(settings.repository, folder)})
    return {path: text_of(documents) for path, documents in resources(order, project, complete).items()}
