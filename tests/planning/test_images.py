"""Images as a description states them."""

import pytest

from planning.images import host_of, image_problem, moving_tag, with_host

DIGEST = "sha256:" + "a" * 64


@pytest.mark.parametrize("image", ["api:1", "team-a/api:1.4.2", f"team-a/api@{DIGEST}", f"a/b/c:v1@{DIGEST}", "a__b:x"])
def test_a_repository_with_a_tag_or_a_digest_is_an_image(image: str) -> None:
    assert image_problem(image) is None


@pytest.mark.parametrize("image", ["contoso.azurecr.io/api:1", "localhost:5000/api:1", "localhost/api:1"])
def test_an_image_may_state_the_host_of_another_registry(image: str) -> None:
    assert image_problem(image) is None
    assert host_of(image) == image.partition("/")[0]
    assert with_host(image, "contoso.eastus.geo.azurecr.io") == image


def test_an_image_without_a_host_is_in_the_registry() -> None:
    assert host_of("team-a/api:1") is None
    assert with_host("team-a/api:1", "contoso.azurecr.io") == "contoso.azurecr.io/team-a/api:1"


def test_an_image_without_tag_and_digest_is_refused() -> None:
    problem = image_problem("team-a/api")
    assert problem is not None
    assert "would mean latest" in problem


@pytest.mark.parametrize("image", ["", "Team/api:1", "api:", "api:v 1", "/api:1", "a//b:1", "api@sha256:12"])
def test_anything_else_is_no_image(image: str) -> None:
    problem = image_problem(image)
    assert problem is not None
    assert "is not an image" in problem


@pytest.mark.parametrize(
    ("image", "tag"),
    [
        ("team-a/api", "not set"),
        ("team-a/api:latest", "latest"),
        ("localhost:5000/api", "not set"),
        ("contoso.azurecr.io/api:latest", "latest"),
    ],
)
def test_an_image_without_a_version_changes_without_notice(image: str, tag: str) -> None:
    assert moving_tag(image) == f"the tag is {tag}, expected a version or a digest [IMAGE-1]"


@pytest.mark.parametrize("image", ["api:1", "localhost:5000/api:1.4.2", f"api@{DIGEST}", f"api:latest@{DIGEST}"])
def test_a_version_or_a_digest_fixes_an_image(image: str) -> None:
    assert moving_tag(image) is None
