"""A stack of every template comes up on the local Azure without editing, passes the policies, and goes down again.

The tutorial does so with the template `three-regions`, from the questions on.
"""

from __future__ import annotations

import re

import pytest

from tests.docs.pages import Copy

pytestmark = pytest.mark.engine


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    """A project with one local Azure, which the stacks of all templates share."""
    return Copy(tmp_path_factory.mktemp("templates"))


def bring_up(copy: Copy, stack: str, *words: str, pulls: int) -> int:
    """Write a stack file, apply it twice, and return how many resources it has."""
    copy.run(f"./moorings init {stack} {' '.join(words)} --yes")
    assert copy.run(f"./moorings check {stack}") == f"{stack}: no problems\n"
    first, again = copy.run(f"./moorings up {stack}"), copy.run(f"./moorings up {stack}")
    created = re.search(r"\n    \+ (\d+) created\n", first)
    assert created, first
    assert f"\n    {created[1]} unchanged\n" in again
    assert (f"pulls: {pulls} of {pulls} work" in first) == bool(pulls), first
    return int(created[1])


def rehearse_and_delete(copy: Copy, stack: str, resources: int) -> None:
    """Rehearse the file as a pull request with the policies, and delete stack and file."""
    rehearsed = copy.run(f"./moorings pr {stack} --base main")
    assert f"{stack}: green" in rehearsed
    assert re.search(r"policies passed: 0 failed, 0 undetermined .*; 0 mandatory to fix", rehearsed), rehearsed
    assert f"- {resources} deleted" in copy.run(f"./moorings down {stack}")
    copy.run(f"./moorings remove {stack} --yes")


def test_a_workload_beside_a_registry_in_one_region(copy: Copy) -> None:
    registry = bring_up(copy, "images", "--from one-region --region swedencentral", pulls=0)
    workload = bring_up(copy, "shop", "--from workload --shared images", pulls=2)
    rehearse_and_delete(copy, "shop", workload)
    rehearse_and_delete(copy, "images", registry)


def test_a_hub_and_spokes(copy: Copy) -> None:
    rehearse_and_delete(copy, "hubs", bring_up(copy, "hubs", "--from hub-and-spoke", pulls=4))


def test_everything_in_three_regions(copy: Copy) -> None:
    # In each region: an app, a job, a container group and a sandbox group. A cluster pulls when workloads are applied to it.
    rehearse_and_delete(copy, "everything", bring_up(copy, "everything", "--from everything", pulls=12))
