"""Node images of clusters, and whether their nodes can pull from regional hosts of a registry."""

from __future__ import annotations

import re

NODE_IMAGE_FLOOR = "202607.29"
"""First node image whose kubelet asks for credentials on regional hosts of a registry [AKS-8]."""

_IMAGE = re.compile(r"(20\d{4})\.(\d{1,2})(?:\.\d+)?$")
_WINDOWS_IMAGE = re.compile(r"AKSWindows-.*\.(\d{4})(\d{2})$")


def image_date(version: str) -> tuple[int, int] | None:
    """Return month and day of a node image's version, such as ``AKSUbuntu-2204gen2containerd-202607.29.0``; None if none.

    A Windows image ends with its date in six digits, ``AKSWindows-2022-containerd-20348.5000.260814``.
    """
    match = _IMAGE.search(version)
    if match:
        month, day = int(match[1]), int(match[2])
    else:
        match = _WINDOWS_IMAGE.fullmatch(version)
        if match is None:
            return None
        month, day = 200000 + int(match[1]), int(match[2])
    return (month, day) if 1 <= month % 100 <= 12 and 1 <= day <= 31 else None


def pulls_by_region(version: str) -> bool:
    """Whether nodes of that image can pull from a registry's regional hosts by their identity [AKS-8].

    An image whose version has no date counts as too old, because a false positive fails every pull.
    """
    date, floor = image_date(version), image_date(NODE_IMAGE_FLOOR)
    return date is not None and floor is not None and date >= floor
