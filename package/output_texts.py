"""Descriptions of outputs: the docstrings of a component's attributes."""

from __future__ import annotations

import ast
import inspect
import textwrap

GENERAL = {"id": "ARM id.", "name": "Name in Azure."}
"""Descriptions of the outputs that most components have."""


def output_texts(component: type) -> dict[str, str]:
    """Return the description of each attribute of a class that has a docstring below it, inherited ones too."""
    found = dict(GENERAL)
    for each in reversed(component.__mro__):
        if each.__module__.partition(".")[0] in {"components", "package", "stacks"}:
            found |= _own(each)
    return found


def _own(component: type) -> dict[str, str]:
    [defined] = ast.parse(textwrap.dedent(inspect.getsource(component))).body
    assert isinstance(defined, ast.ClassDef)
    return {
        attribute.target.id: " ".join(text.value.value.split())
        for attribute, text in zip(defined.body, defined.body[1:], strict=False)
        if isinstance(attribute, ast.AnnAssign)
        and isinstance(attribute.target, ast.Name)
        and isinstance(text, ast.Expr)
        and isinstance(text.value, ast.Constant)
        and isinstance(text.value.value, str)
    }
