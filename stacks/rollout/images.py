"""The order of cache rules and of the images that are pulled through them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from planning.artifact_cache import cached_as
from planning.images import host_of
from planning.problems import Path
from stacks.rollout.cut import ABSENT, Cut, Json, entries, value

_CACHE: Final = "artifact_cache"


def cache_rules_before_images(running: Json, wanted: Json) -> Cut | None:
    """A cache rule with its credentials exists before an image is pulled through it [ACR-CACHE].

    An image that states the host of the source is pulled through a rule as soon as the rule is in use. Another one states the
    target of the rule itself.
    """
    rules = {key: rule for key, rule in entries(wanted, _CACHE, "rules").items() if value(rule, "in_use") is not False}
    images = dict(_images(wanted, ()))
    held: dict[Path, Any] = {
        path: before
        for path, image in images.items()
        if (before := value(running, *path)) not in {ABSENT, image} and _is_target(image, rules)
    }
    late = [
        key for key in rules if _is_late(running, key) and any(_is_source(each, rules[key]) for each in images.values())
    ]
    held |= {(_CACHE, "rules", key, "in_use"): False for key in late}
    if late:
        direct = [value(document, _CACHE, "direct") for document in (running, wanted)]
        listed = dict.fromkeys(host for hosts in direct if isinstance(hosts, list) for host in hosts)
        held[_CACHE, "direct"] = list(listed)
    if not held:
        return None
    return Cut(
        held,
        {},
        (
            "cache rules, their credentials and the access to these exist before an image needs them [ACR-CACHE]",
            "images are pulled through the cache rules after these exist [ACR-CACHE]",
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


def _is_late(running: Json, key: str) -> bool:
    """Return whether a rule is not in use yet."""
    rule = value(running, _CACHE, "rules", key)
    return rule is ABSENT or value(rule, "in_use") is False


def _is_source(image: str, rule: Any) -> bool:
    """Return whether an image states the host of the source of a rule that covers it."""
    source = {"": (str(value(rule, "source")), str(value(rule, "target")))}
    return host_of(image) is not None and cached_as(image, source) is not None


def _is_target(image: str, rules: Json) -> bool:
    repository = image.partition("@")[0].partition(":")[0]
    targets = [str(value(rule, "target")) for rule in rules.values()]
    return any(
        repository.startswith(target[:-1]) if target.endswith("*") else repository == target for target in targets
    )
