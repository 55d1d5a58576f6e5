"""The order of cache rules and of the images that are pulled through them."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any

from planning.problems import Path
from stacks.rollout.cut import ABSENT, Cut, Json, entries, value


def cache_rules_before_images(running: Json, wanted: Json) -> Cut | None:
    """A cache rule with its credentials exists before an image is named that it fetches [ACR-CACHE]."""
    targets = [str(value(rule, "target")) for rule in entries(wanted, "artifact_cache", "rules").values()]
    held = {path: value(running, *path) for path, image in _images(wanted, ()) if _is_fetched(image, targets)}
    held = {path: image for path, image in held.items() if image not in {ABSENT, value(wanted, *path)}}
    if not held:
        return None
    return Cut(
        held,
        {},
        (
            "cache rules, their credentials and the access to these exist before an image needs them [ACR-CACHE]",
            "images are named that cache rules fetch from their source [ACR-CACHE]",
            "",
        ),
    )


def _images(part: Any, path: Path) -> Iterator[tuple[Path, str]]:
    """Yield every image of a description with its path."""
    for key, found in part.items() if isinstance(part, dict) else ():
        if key == "image" and isinstance(found, str):
            yield (*path, key), found
        else:
            yield from _images(found, (*path, key))


def _is_fetched(image: str, targets: list[str]) -> bool:
    repository = image.partition("@")[0].partition(":")[0]
    return any(fnmatchcase(repository, target) for target in targets)
