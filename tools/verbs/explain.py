"""`./moorings explain`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tools.verbs.arguments import Json, StackName
from tools.verbs.command import verb
from tools.verbs.printing import show_columns, show_json
from tools.verbs.refusals import RefusedError

if TYPE_CHECKING:
    from stacks.document import Document

Keys = tuple[str, ...]


@verb("./moorings explain prod", "./moorings explain prod registry.replicas --json")
def explain(
    stack: StackName,
    path: Annotated[str, typer.Argument(help="Only values below this path, such as registry.replicas.")] = "",
    json: Json = False,
) -> None:
    """Show the file and line of each value.

    Values from the stamp of a region are shown for each region, with their path in the file.
    """
    from stacks.loader import describe

    document = describe(stack)
    prefix = tuple(path.split(".")) if path else ()
    values = [(at, value) for at, value in _leaves((), document.data) if at[: len(prefix)] == prefix]
    if not values:
        raise RefusedError(f"{stack}: there is no value at {path}")
    if json:
        show_json([_as_json(document, at, value) for at, value in values])
    else:
        show_columns([_row(document, at, value) for at, value in values])


def _row(document: Document, path: Keys, value: Any) -> tuple[str, str, str, str]:
    return ".".join(path), _shown(document, path, value), document.locate(path), ".".join(_origin(document, path) or ())


def _origin(document: Document, path: Keys) -> Keys | None:
    place = document.place(path)
    return place.origin.path if place and place.origin else None


def _leaves(path: Keys, data: Any) -> Iterator[tuple[Keys, Any]]:
    if isinstance(data, dict) and data and set(data) != {"secure"}:
        for key, value in data.items():
            yield from _leaves((*path, key), value)
    else:
        yield path, data


def _shown(document: Document, path: Keys, value: Any) -> str:
    if isinstance(value, dict):
        return "[secret]" if value else "{}"
    place = document.places.get(path)
    return place.text if place and place.text is not None else str(value)


def _as_json(document: Document, path: Keys, value: Any) -> dict[str, Any]:
    place = document.place(path)
    stated = "[secret]" if isinstance(value, dict) and value else value
    file, line = (place.file, place.line) if place else (None, None)
    origin = _origin(document, path)
    stated_at = ".".join(origin or path)
    return {"path": ".".join(path), "value": stated, "file": file, "line": line, "stated_at": stated_at}
