"""Reads the stack file of an environment, merges it over the base, checks it, and returns the typed description.

The engine rewrites its file and cannot merge files, so they are read here. The engine's own configuration only supplies
the ``secure:`` values, which it alone can decrypt; any other difference is an error.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path as FilePath
from typing import Any

from pydantic import SecretStr, ValidationError

from components.elsewhere import OUTPUTS, ReadOutputs
from planning.problems import Path, Problem, SpecError
from stacks.cached_images import through_the_cache
from stacks.checks import check
from stacks.document import Document, layer, located, read
from stacks.elsewhere import completed, uses_others
from stacks.expansion import expanded
from stacks.files import BASE, CONFIG_KEY, DIRECTORY, stack_names
from stacks.messages import problems_of
from stacks.plan import Plan
from stacks.spec import StackSpec
from stacks.systems.catalog import SYSTEMS

_EVERYWHERE = ("name", "environment", "location")
"""Keys whose values are part of every name, or the place of everything that states none."""

_TOP_LEVEL = ("config", "secretsprovider", "encryptionsalt", "encryptedkey", "environment")


@dataclass(frozen=True, slots=True)
class Stack:
    """A valid description and its warnings.

    Attributes:
        spec: the typed description.
        plan: the plan computed from it.
        problems: the warnings, each with its place.
        description: the merged description as the files state it, with encrypted secrets.
    """

    spec: StackSpec
    plan: Plan
    problems: tuple[Problem, ...]
    description: Mapping[str, Any] = field(default_factory=dict)

    @property
    def warnings(self) -> tuple[str, ...]:
        """The warnings, one printable line each."""
        return tuple(problem.line() for problem in self.problems)


@dataclass(frozen=True, slots=True)
class Session:
    """What no file says.

    Attributes:
        outputs: returns the outputs of another stack by its full name; None where no engine runs.
        subscription: returns the subscription of the run.
    """

    outputs: ReadOutputs | None
    subscription: Callable[[], str]


def load(
    name: str,
    *,
    directory: FilePath = DIRECTORY,
    engine: Mapping[str, Any] | None = None,
    session: Session | None = None,
) -> Stack:
    """Read, merge and check the description of one environment.

    Args:
        name: the stack's name, which is part of the file's name.
        directory: directory of the files.
        engine: the engine's configuration with decrypted secrets; None without an engine.
        session: what no file says; without it, outputs of other stacks are not resolved.

    Raises:
        SpecError: lists every problem, one line each.
    """
    document = written(name, directory=directory)
    found = checked(expanded(_sealed(document) if engine is None else with_secrets(document, engine)), session)
    return replace(found, description=document.data)


def checked(document: Document, session: Session | None) -> Stack:
    """Check a description in which everything is written out.

    Args:
        document: the description, with each secret as a `SecretStr`.
        session: what no file says; without it, outputs of other stacks are not resolved.

    Raises:
        SpecError: lists every problem, one line each.
    """
    try:
        spec = StackSpec.model_validate(
            document.data, context={OUTPUTS: session.outputs} if session and session.outputs else None
        )
    except ValidationError as error:
        raise _refusal(problems_of(error, StackSpec, document), document) from None
    spec = through_the_cache(completed(spec))
    plan, problems = check(spec, SYSTEMS, session.subscription() if session and uses_others(spec) else None)
    if any(problem.severity == "error" for problem in problems):
        raise _refusal(problems, document)
    return Stack(spec, plan, tuple(located(problems, document)))


def describe(name: str, *, directory: FilePath = DIRECTORY) -> Document:
    """Read the merged description of one environment, with the stamps of its regions written out, without checking it.

    Raises:
        SpecError: a file is missing, is not YAML, holds no description, or has a stamp that cannot be written out.
    """
    return expanded(written(name, directory=directory))


def written(name: str, *, directory: FilePath = DIRECTORY) -> Document:
    """Read the merged description of one environment as the files state it, without checking it.

    Raises:
        SpecError: a file is missing, is not YAML, or holds no description.
    """
    path = directory / f"Pulumi.{name}.yaml"
    shown = f"{directory.name}/"
    if not path.exists():
        known = ", ".join(stack_names(directory)) or "none"
        raise SpecError([Problem((), f"file not found; available stacks: {known}", place=(shown + path.name, None))])
    over = _description(read(path, shown + path.name), shown + path.name)
    base_path = directory / BASE
    if not base_path.exists():
        return over
    return layer(_description(read(base_path, shown + BASE), shown + BASE), over)


def inherited(name: str, *, directory: FilePath = DIRECTORY) -> str:
    """Return in words which of the values that every name and place is made of come from the base; empty for none.

    Raises:
        SpecError: as `describe`.
    """
    document = describe(name, directory=directory)
    base = f"{directory.name}/{BASE}"
    places = {key: document.places.get((key,)) for key in _EVERYWHERE}
    taken = [f"{key} {place.text}" for key, place in places.items() if place and place.file == base and place.text]
    if not taken:
        return ""
    *first, last = taken
    words = f"{', '.join(first)} and {last} come" if first else f"{last} comes"
    return f"{words} from {base}"


def _description(document: Document, shown: str) -> Document:
    """The description in a file, with paths relative to it."""
    data = document.data if isinstance(document.data, dict) else {}
    unknown = [key for key in data if key not in _TOP_LEVEL]
    if unknown:
        raise _refusal([Problem((key,), "is not a key of a stack file; remove it") for key in unknown], document)
    description = document.below(("config", CONFIG_KEY))
    if not isinstance(description.data, dict):
        place = document.place(("config",))
        where = (place.file, place.line) if place else (shown, None)
        raise SpecError([Problem((), f"has no mapping at config, {CONFIG_KEY}; add one", place=where)])
    return description


def _sealed(document: Document) -> Document:
    """The document with placeholders for secrets, so that problems are found without the engine."""
    return Document(_without_secrets(document.data), document.places)


def _without_secrets(data: Any) -> Any:
    if isinstance(data, dict):
        return (
            SecretStr("") if set(data) == {"secure"} else {key: _without_secrets(value) for key, value in data.items()}
        )
    return [_without_secrets(item) for item in data] if isinstance(data, list) else data


def with_secrets(document: Document, engine: Mapping[str, Any]) -> Document:
    """Return the document with each ``secure:`` value as the engine decrypted it.

    Raises:
        SpecError: the engine's configuration differs from the files, one line for each difference.
    """
    problems: list[Problem] = []
    data = _joined((), document.data, engine, problems, document)
    if problems:
        raise _refusal(problems, document)
    return Document(data, document.places)


def _joined(path: Path, ours: Any, engines: Any, problems: list[Problem], document: Document) -> Any:
    if isinstance(ours, dict) and set(ours) == {"secure"}:
        if not isinstance(engines, str):
            problems.append(
                Problem(path, "the engine has no decrypted value for it; set it with pulumi config set --secret")
            )
        return SecretStr(str(engines))
    if isinstance(ours, dict):
        theirs = engines if isinstance(engines, dict) else {}
        if engines is not None and not isinstance(engines, dict):
            problems.append(_otherwise(path, "a mapping"))
        for key in theirs:
            if key not in ours and theirs[key] is not None:
                problems.append(
                    Problem((*path, key), "is in the engine's configuration but not in a stack file; add it there")
                )
        return {key: _joined((*path, key), value, theirs.get(key), problems, document) for key, value in ours.items()}
    if isinstance(ours, list):
        if engines is not None and not (isinstance(engines, list) and len(engines) == len(ours)):
            problems.append(_otherwise(path, f"a list of {len(ours)}"))
        theirs = engines if isinstance(engines, list) else []
        # A list that is too short is reported above; the padding lets its items be compared as well.
        padded = [*theirs, *[None] * (len(ours) - len(theirs))]
        return [_joined((*path, str(i)), item, padded[i], problems, document) for i, item in enumerate(ours)]
    if engines is not None and not _same(ours, engines):
        place = document.places.get(path)
        written = place.text if place else ours
        problems.append(_otherwise(path, str(written)))
    return ours


def _otherwise(path: Path, ours: str) -> Problem:
    """A difference; the engine's value is not shown, because it may be a decrypted secret."""
    return Problem(
        path, f"is {ours} here but differs in the engine's configuration; use this file as the engine's configuration"
    )


def _same(ours: Any, engines: Any) -> bool:
    """Whether the engine's value is equal: it rewrites numbers, so ``1.30`` and ``1.3`` are equal."""
    if ours == engines or str(ours) == str(engines):
        return True
    if isinstance(ours, bool):
        return str(ours).lower() == str(engines).lower()
    if isinstance(ours, datetime.date):
        return str(engines).startswith(str(ours))
    try:
        return float(str(ours)) == float(str(engines))
    except ValueError:
        return False


def _refusal(problems: Sequence[Problem], document: Document) -> SpecError:
    return SpecError(located(problems, document))
