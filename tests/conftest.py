"""Fixtures and settings of all tests."""

from __future__ import annotations

import gc

import hypothesis
import pytest

from components.testing import record

__all__ = ["record"]

# Other load on the machine must not fail a test.
hypothesis.settings.register_profile("unhurried", deadline=None)
hypothesis.settings.load_profile("unhurried")


@pytest.hookimpl(tryfirst=True)
def pytest_collection() -> None:
    """Disable garbage collection while pytest compiles the tests.

    CPython 3.11 loses track of its recursion depth ("AST constructor recursion depth mismatch") when a collection runs code
    in the middle of building a syntax tree.
    """
    gc.disable()


def pytest_collection_finish() -> None:
    """Enable garbage collection again."""
    gc.enable()
