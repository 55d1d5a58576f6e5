"""The files of a fleet as text, by path."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from planning.problems import Problem, SpecError
from stacks.order import Order
from tools.fleet.github import workflow
from tools.fleet.operator import resources
from tools.fleet.settings import Settings, repository

MARK = "# Written by `./moorings fleet`; run it again instead of changing this file.\n"
"""First line of every file, which identifies files of an earlier run."""


_STACK_NAME = re.compile(r"[A-Za-z0-9_.-]{1,100}")
"""Names of stacks that Pulumi accepts [PUL-STACK-NAME]."""
_AMBIGUOUS = re.compile(r"(?i)(y|n|yes|no|on|off|true|false|null)|[-+.~=<\d].*")
"""Texts that a reader of YAML 1.1, such as that of Kubernetes, may take for another type [YAML-TYPES]."""


def text_of(documents: Sequence[Mapping[str, Any]]) -> str:
    """Return a file of YAML documents, in which every text remains a text for readers of YAML 1.1 and 1.2."""
    writer = YAML()
    writer.indent(mapping=2, sequence=4, offset=2)
    writer.width = 120
    parts = []
    for document in documents:
        stream = io.StringIO()
        writer.dump(_quoted(document), stream)
        parts.append(stream.getvalue())
    return MARK + "---\n".join(parts)


def _quoted(data: Any) -> Any:
    if isinstance(data, str):
        return DoubleQuotedScalarString(data) if _AMBIGUOUS.fullmatch(data) else data
    if isinstance(data, Mapping):
        return {_quoted(key): _quoted(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [_quoted(each) for each in data]
    return data


def files(
    form: Literal["operator", "github"],
    order: Order,
    project: str,
    settings: Settings,
    folder: Path,
    commit: str | None = None,
) -> dict[str, str]:
    """Return the files of a fleet by path.

    Args:
        form: resources of the operator, or a workflow of GitHub Actions.
        order: the stacks in order.
        project: name of the Pulumi project.
        settings: the settings.
        folder: the project, whose remote is the repository if the settings state none.
        commit: the commit that the operator deploys; None for the newest of the branch.

    Raises:
        SpecError: a stack cannot be deployed as its file names it or others, or there is no repository.
    """
    problems = list(_problems(form, order, settings))
    if problems:
        raise SpecError(problems)
    if form == "github":
        return {"deploy-all.yaml": text_of([workflow(order, settings.branch, settings.parallel)])}
    complete = settings.model_copy(update={"repository": repository(settings.repository, folder)})
    return {path: text_of(documents) for path, documents in resources(order, project, complete, commit).items()}


def _problems(form: Literal["operator", "github"], order: Order, settings: Settings) -> Iterator[Problem]:
    if form == "github" and not order.names:
        yield Problem((), "has no stack to deploy; ./moorings init makes one", place=("stacks", None))
    for name in order.names:
        place = (f"stacks/Pulumi.{name}.yaml", None)
        if not _STACK_NAME.fullmatch(name):
            yield Problem((), f"{name!r} is no name of a stack; rename the file [PUL-STACK-NAME]", place=place)
        others = [each for each in order.organizations.get(name, ()) if each != settings.organization]
        if form == "operator" and others:
            message = (
                f"refers to stacks of this project in the organization {others[0]}, and they are deployed in "
                f"{settings.organization}; state organization: {others[0]} in the settings, or change the references"
            )
            yield Problem((), f"{message} [PUL-OUTPUTS]", place=place)
