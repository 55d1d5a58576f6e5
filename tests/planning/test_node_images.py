"""Node images that pull from regional hosts of a registry."""

import pytest

from planning.node_images import NODE_IMAGE_FLOOR, image_date, pulls_by_region


@pytest.mark.parametrize(
    ("image", "able"),
    [
        ("AKSUbuntu-2204gen2containerd-202607.29.0", True),
        ("AKSUbuntu-2204gen2containerd-202607.28.0", False),
        ("AKSAzureLinux-V3gen2-202608.5.0", True),
        ("AKSAzureLinux-V3gen2-202512.31.0", False),
        ("AKSWindows-2022-containerd-20348.5000.260729", True),
        ("AKSWindows-2022-containerd-20348.2700.240911", False),
        (NODE_IMAGE_FLOOR, True),
        ("AKSCustom-latest", False),
        ("", False),
    ],
)
def test_nodes_pull_by_region_from_a_certain_image_on(image: str, able: bool) -> None:
    assert pulls_by_region(image) is able


def test_an_image_without_a_date_has_none() -> None:
    assert image_date("AKSCustom-latest") is None
    assert image_date("AKSUbuntu-2204gen2containerd-202699.99.0") is None
    assert image_date("202613.01") is None
    assert image_date("202612.32") is None
    assert image_date("202612.31") == (202612, 31)
