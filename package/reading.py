"""Notes which fields of a spec a component reads, so that a field without an effect is refused and not ignored."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel


def noting(model: type[BaseModel], read: set[str]) -> type[BaseModel]:
    """Return a model whose instances note the names of the attributes that are read.

    Args:
        model: the model of a spec.
        read: takes the names.
    """

    class Noting(model):
        """The model, which notes what is read."""

        def __getattribute__(self, name: str) -> Any:
            read.add(name)
            return super().__getattribute__(name)

    Noting.__name__ = model.__name__
    return Noting
