"""Fixtures for all tests: what people who build on the components get by installing them."""

from __future__ import annotations

import gc

import hypothesis
import pytest

from components.testing import record

__all__ = ["record"]

# A machine that is busy elsewhere is no fault of what is tested.
hypothesis.settings.register_profile("unhurried", deadline=None)
hypothesis.settings.load_profile("unhurried")


@pytest.hookimpl(tryfirst=True)
def pytest_collection() -> None:
    """Collect no garbage while pytest compiles the tests.

    CPython 3.11 loses count of its recursion ("AST constructor recursion depth mismatch") when a collection runs code
    in the middle of building a syntax tree.
    """
    gc.disable()


def pytest_collection_finish() -> None:
    """Collect again."""
    gc.enable()
