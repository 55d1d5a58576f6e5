"""Images with the tag latest, in every section that names one [IMAGE-1]."""

import pytest

from tests.stacks.cluster_files import clusters
from tests.stacks.stack_files import Files
from tests.stacks.test_container_apps import with_apps
from tests.stacks.test_container_instances import stack

STACKS = {
    "container_apps.west.apps.web.containers.web": with_apps(("team-a/web:1", "team-a/web:latest")),
    "container_apps.west.jobs.tidy.containers.tidy": with_apps(("team-a/tidy:1", "team-a/tidy:latest")),
    "session_pools.box.container": with_apps(("team-a/box:1", "team-a/box:latest")),
    "container_groups.web.containers.main": stack(("team/web:1", "team/web:latest")),
    "workloads.api": clusters(("shop/api:2.0.1", "shop/api:latest")),
}


@pytest.mark.parametrize("place", STACKS)
def test_an_image_that_changes_without_notice_is_reported_with_its_place(files: Files, place: str) -> None:
    report = [line for line in files.load(STACKS[place]).warnings if "IMAGE-1" in line]
    assert [line.partition(" ")[2].partition(":")[0] for line in report] == [f"{place}.image"]
    assert "the tag is latest, expected a version or a digest [IMAGE-1]; state one" in report[0]


def test_versions_and_digests_are_not_reported(files: Files) -> None:
    pinned = with_apps(("team-a/web:1", f"team-a/web:latest@sha256:{'a' * 64}"))
    assert not [line for line in files.load(pinned).warnings if "IMAGE-1" in line]


def test_a_variable_named_image_is_no_image(files: Files) -> None:
    named = with_apps(('web: {image: "team-a/web:1"}', 'web: {image: "team-a/web:1", env: {image: "x:latest"}}'))
    assert not [line for line in files.load(named).warnings if "IMAGE-1" in line]
