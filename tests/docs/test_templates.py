"""A stack of every template comes up on the local Azure without editing, passes the policies, and goes down again."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.docs.pages import Copy
from tools.new_stack.questions import TEMPLATES

pytestmark = pytest.mark.engine


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    """A project with one local Azure, which the stacks of all templates share."""
    return Copy(tmp_path_factory.mktemp("templates"))


@pytest.fixture(scope="module")
def images(copy: Copy) -> Iterator[str]:
    """A stack that creates the registry of workloads."""
    copy.run("./moorings init images --from one-region --region swedencentral --yes")
    copy.run("./moorings up images --quiet")
    yield "images"
    copy.run("./moorings down images --quiet")


def brought_up(copy: Copy, template: str, *words: str) -> None:
    """Follow a stack of a template from `init` to `down`."""
    stack = template.replace("-", "")[:12]
    copy.run(f"./moorings init {stack} --from {template} {' '.join(words)} --yes")
    assert copy.run(f"./moorings check {stack}") == f"{stack}: no problems\n"
    first = copy.run(f"./moorings up {stack}")
    created = re.search(r"\+ (\d+) created", first)
    assert created, first
    again = copy.run(f"./moorings up {stack}")
    assert f"\n    {created[1]} unchanged\n" in again
    for shown in (first, again):
        pulls = re.search(r"pulls: (\d+) of (\d+) work", shown)
        assert pulls is None or pulls[1] == pulls[2], shown
        assert (pulls is not None) == bool(words or TEMPLATES[template].what), shown
    rehearsed = copy.run(f"./moorings pr {stack} --base main")
    assert f"{stack}: green" in rehearsed
    assert re.search(r"policies passed: 0 failed, 0 undetermined .*; 0 mandatory to fix", rehearsed), rehearsed
    assert f"- {created[1]} deleted" in copy.run(f"./moorings down {stack}")
    (copy.root / "stacks" / f"Pulumi.{stack}.yaml").unlink()


def test_a_registry_in_one_region(copy: Copy) -> None:
    brought_up(copy, "one-region")


def test_three_regions_with_session_pools(copy: Copy) -> None:
    brought_up(copy, "three-regions", "--run", "apps", "--run", "sessions")


def test_a_hub_and_spokes(copy: Copy) -> None:
    brought_up(copy, "hub-and-spoke")


def test_everything_in_three_regions(copy: Copy) -> None:
    brought_up(copy, "everything")


def test_a_workload_beside_the_stack_of_its_registry(copy: Copy, images: str) -> None:
    brought_up(copy, "workload", "--shared", images)
