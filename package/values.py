"""The values that a program states, as the engine passes them to the provider."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pulumi
from pulumi.output import Unknown
from pulumi.runtime.sync_await import _sync_await

from planning.problems import Path


def plain(value: Any) -> Any:
    """Return a value without outputs, which are known by now or unknown during this preview; that stays `Unknown`."""
    if isinstance(value, pulumi.Output):
        return plain(_sync_await(value.future(with_unknowns=True)))
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list) else value


def unknown_paths(value: Any, path: Path = ()) -> Iterator[Path]:
    """Yield the path of each value that a preview does not know."""
    if isinstance(value, Unknown):
        yield path
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from unknown_paths(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from unknown_paths(item, (*path, str(index)))
