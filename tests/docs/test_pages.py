"""The commands of the tutorial and of the how-to guides do what their pages show."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from tests.architecture.project import ROOT
from tests.docs.pages import Copy, matches, steps

TUTORIAL = [ROOT / "docs" / "tutorial" / f"first-{part}.md" for part in ("stack", "change", "pull-request")]
CHARACTERS_PER_MINUTE = 40 * 5
"""40 words of five characters, the unit of typing tests."""
GUIDES = sorted((ROOT / "docs" / "how-to").glob("*.md"))


@pytest.mark.parametrize(
    ("expected", "shown", "same"),
    [
        ("a\nb\n", "a\nb  \n\n", True),
        ("a\n…\nc\n", "a\nb\nb\nc\n", True),
        ("a\n…\nc\n", "a\nc\n", True),
        ("a\n…\n", "a\nb\n", True),
        ("…\nc\n", "a\nb\nc\n", True),
        ("took …s (+)\n", "took 4s (+)\n", True),
        ("took …s\n", "took 4s\nmore\n", False),
        ("a\n…\nc\n", "a\nb\n", False),
        ("a\n", "a\nb\n", False),
    ],
)
def test_an_output_is_compared_with_its_gaps(expected: str, shown: str, *, same: bool) -> None:
    assert matches(expected, shown) is same


def test_every_page_has_steps() -> None:
    assert all(steps(page) for page in TUTORIAL)
    assert len([page for page in GUIDES if steps(page)]) >= 5


def test_the_first_stack_takes_as_much_typing_as_the_tutorial_says() -> None:
    described = iter(steps(TUTORIAL[0]))
    before_up = itertools.takewhile(lambda step: not step.command.startswith("make up"), described)
    lines = [line for step in before_up if "ledger" not in step.command for line in step.typed]
    keys = sum(len(line) + 1 for line in [*lines, "make up STACK=meridian"])
    seconds = round(keys / CHARACTERS_PER_MINUTE * 60)
    assert (len(lines), seconds < 120) == (8, True)
    assert f"{keys} keys, or {seconds} seconds at 40 words a minute" in TUTORIAL[0].read_text(encoding="utf-8")


@pytest.mark.engine
def test_the_tutorial_is_followed_from_a_new_clone_to_its_end(tmp_path: Path) -> None:
    copy = Copy(tmp_path)
    for page in TUTORIAL:
        copy.follow(page)
    assert not (copy.root / "stacks" / "Pulumi.meridian.yaml").exists()


@pytest.mark.engine
@pytest.mark.parametrize("page", [page for page in GUIDES if steps(page)], ids=lambda page: page.stem)
def test_a_guide_is_followed(page: Path, tmp_path: Path) -> None:
    Copy(tmp_path).follow(page)
