"""Fixtures for the tests of stack files."""

from pathlib import Path

import pytest

from tests.stacks.stack_files import Files


@pytest.fixture
def files(tmp_path: Path) -> Files:
    """A directory for stack files."""
    return Files(tmp_path / "stacks")
