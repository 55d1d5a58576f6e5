"""Reports on stack prod: compared with itself, and with a base that has a region less."""

from __future__ import annotations

from pathlib import Path

import pytest

from stacks.files import DIRECTORY
from stacks.loader import Stack, load
from tools.report.page import Base, page

LAST = "      southeastasia: {address_space: [10.70.0.0/16]}\n"


@pytest.fixture(scope="session")
def smaller(tmp_path_factory: pytest.TempPathFactory) -> Stack:
    """Stack prod without its last region."""
    folder = tmp_path_factory.mktemp("stacks")
    for name in ("_base.yaml", "Pulumi.prod.yaml"):
        text = (DIRECTORY / name).read_text(encoding="utf-8")
        (folder / name).write_text(text.replace(LAST, ""), encoding="utf-8")
    return load("prod", directory=Path(folder))


@pytest.fixture(scope="session")
def grown(smaller: Stack) -> str:
    """The report on prod, compared with the base that lacks a region."""
    return page("prod", load("prod"), Base("abc1234 of main", smaller))
