"""Images of other registries in a stack file: pulled through the cache rule that covers them, or directly [ACR-CACHE]."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from components.spec import Spec
from planning.artifact_cache import cached_as
from planning.images import host_of
from planning.problems import Path, Problem
from stacks.plan import Plan
from stacks.spec import StackSpec

Model = TypeVar("Model", bound=Spec)

PULLING = ("workloads", "container_apps", "container_groups", "session_pools", "sandbox_groups", "task_schedulers")
"""Sections whose entries state images."""

_FIELD = "image"


def through_the_cache(spec: StackSpec) -> StackSpec:
    """Return the description with each image that a cache rule covers under its name in the registry of the stack.

    From here on it is an image like any other of the registry, so that host, grants and checks apply to it.
    """
    sources = spec.artifact_cache.sources if spec.artifact_cache else {}
    if not sources:
        return spec
    changed = {section: _rewritten(getattr(spec, section), sources) for section in PULLING}
    return spec.model_copy(update={name: value for name, value in changed.items() if value != getattr(spec, name)})


def _rewritten(value: Any, sources: Mapping[str, tuple[str, str]]) -> Any:
    if isinstance(value, Spec):
        return _with(value, sources)
    if isinstance(value, dict):
        return {key: _rewritten(each, sources) for key, each in value.items()}
    return value


def _with(entry: Model, sources: Mapping[str, tuple[str, str]]) -> Model:
    fields = {name: getattr(entry, name) for name in type(entry).model_fields}
    changed = {name: _rewritten(value, sources) for name, value in fields.items()}
    image = fields.get(_FIELD)
    if isinstance(image, str) and host_of(image):
        changed[_FIELD] = cached_as(image, sources) or image
    changed = {name: value for name, value in changed.items() if value is not fields[name] and value != fields[name]}
    return entry.model_copy(update=changed) if changed else entry


def images_of(value: Any, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Yield path and text of each image that a section or an entry states."""
    if isinstance(value, Spec):
        for name in type(value).model_fields:
            field = getattr(value, name)
            if name == _FIELD and isinstance(field, str):
                yield (*path, name), field
            else:
                yield from images_of(field, (*path, name))
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from images_of(each, (*path, str(key)))


def direct_hosts(value: Any) -> tuple[str, ...]:
    """Return the hosts of other registries from which a section or an entry pulls directly, each once."""
    return tuple(dict.fromkeys(host for _, image in images_of(value) if (host := host_of(image))))


def uncovered(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """Images of other registries that no cache rule covers, and that are not to be pulled directly [ACR-CACHE]."""
    cache = spec.artifact_cache
    direct = cache.direct if cache else []
    ours = {host.lower() for host in plan.endpoints.hosts()} if plan.endpoints else set()
    for section in PULLING:
        for path, image in images_of(getattr(spec, section), (section,)):
            host = host_of(image)
            if host is None or host in direct:
                continue
            if host.lower() in ours:
                message = (
                    f"{image} states a host of the registry; write repository:tag, which gets the host of its region"
                )
                yield Problem(path, f"{message} [IMAGE-1]")
                continue
            repository = image.partition("@")[0].rpartition(":")[0] or image
            message = (
                f"{image} is covered by no cache rule; add artifact_cache.rules.KEY with source: {repository}, or add {host} to "
                "artifact_cache.direct to pull it without the registry"
            )
            yield Problem(path, f"{message} [ACR-CACHE]")
    for index, host in enumerate(direct):
        if not any(host in direct_hosts(getattr(spec, section)) for section in PULLING):
            message = f"no image of {host} is pulled directly; remove it"
            yield Problem(("artifact_cache", "direct", str(index)), message, "warning")
