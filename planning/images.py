"""Images in a stack file: repository and tag; without a host, they are in the registry, at the co-located replica."""

from __future__ import annotations

import re

_IMAGE = re.compile(
    r"(?P<repository>[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*)"
    r"(?::(?P<tag>[A-Za-z0-9_][A-Za-z0-9._-]{0,127}))?(?:@(?P<digest>sha256:[0-9a-f]{64}))?"
)


LATEST = "latest"
"""The tag that an image without tag and digest has [IMAGE-1]."""


def moving_tag(image: str) -> str | None:
    """Return why an image, with or without its host, changes without notice, in one line; None where it has a version.

    A digest fixes the image, whatever its tag.
    """
    name, at, _ = image.partition("@")
    if at:
        return None
    tag = name.rpartition("/")[2].partition(":")[2]
    if tag and tag != LATEST:
        return None
    return f"the tag is {tag or 'not set'}, expected a version or a digest [IMAGE-1]"


def host_of(image: str) -> str | None:
    """Return the host that an image states, or None: its first part, if that has a dot or a port [IMAGE-1]."""
    first, slash, _ = image.partition("/")
    return first if slash and ("." in first or ":" in first or first == "localhost") else None


def with_host(image: str, host: str) -> str:
    """Return an image with the host of the registry, unless it states one."""
    return image if host_of(image) else f"{host}/{image}"


def image_problem(image: str) -> str | None:
    """Return the problem with an image, or None: ``repository:tag`` or with a digest, behind a host or not [IMAGE-1]."""
    host = host_of(image)
    match = _IMAGE.fullmatch(image.removeprefix(f"{host}/") if host else image)
    if match is None:
        return f"{image!r} is not an image; write repository:tag, such as team-a/api:1.4.2 [IMAGE-1]"
    if not match["tag"] and not match["digest"]:
        return f"{image!r} has neither a tag nor a digest, so it would mean latest; write repository:tag [IMAGE-1]"
    return None
