"""Types without rules of their own: where each resource class of the installed SDK lives in ARM."""

from __future__ import annotations

from typing import Final

SHAPE_ONLY: Final = "ShapeCheckedOnly"
"""Capability by which the local Azure marks such a type among those of its provider (ours; Azure has others)."""


def no_rules(type_name: str) -> str:
    """The line that says what is known of such a type."""
    return f"no rules known for {type_name}: shape checked only"
