"""Where images come from, in every type that names one."""

from __future__ import annotations

from collections.abc import Iterator

from policies.model import Graph, Resource, Undetermined
from policies.rules import types as t
from policies.rules.relations import once_a_graph

_LISTS = {
    t.APP: ("template.containers", "template.initContainers"),
    t.JOB: ("template.containers", "template.initContainers"),
    t.SESSION_POOL: ("customContainerTemplate.containers",),
    t.CONTAINER_GROUP: ("containers", "initContainers"),
}
_DOCKER_HUB = "docker.io"


def image_paths(resource: Resource) -> list[str]:
    """Return the dotted path of each image that a resource names; none while the list of containers is unknown."""
    found = []
    for path in _LISTS.get(resource.type, ()):
        try:
            found += [f"{path}.{at}.image" for at in range(len(resource.value(path, ())))]
        except Undetermined:
            continue
    return found


def host_of(image: str) -> str:
    """Return the registry's host in an image's name, in lower case; Docker Hub's where it names none."""
    first, slash, _ = image.partition("/")
    return first.lower() if slash and ("." in first or ":" in first or first == "localhost") else _DOCKER_HUB


def images_of(resource: Resource) -> Iterator[tuple[str, str | None]]:
    """Yield the path and the host of each image; None for one that is not known yet."""
    for path in image_paths(resource):
        try:
            image = resource.value(path)
        except Undetermined:
            yield path, None
            continue
        if image:
            yield path, host_of(str(image))


def named_registry(graph: Graph, resource: Resource, path: str) -> list[Resource]:
    """Return the program's registries that a value names: by what it was made from, or by its host."""
    found = graph.references(resource, path, t.REGISTRY)
    if found:
        return found
    try:
        host = host_of(f"{resource.value(path, '')}/")
    except Undetermined:
        return []
    return [each for each in graph.of(t.REGISTRY) if serves(graph, each, host)]


def serves(graph: Graph, registry: Resource, host: str) -> bool:
    """Whether a host name is one of a registry's: global, regional or data, with or without a label's hash."""
    try:
        name = str(graph.arm_name(registry) or "").lower()
    except Undetermined:
        return False
    label, _, suffix = host.lower().partition(".")
    return "azurecr." in suffix and bool(name) and (label == name or label.startswith(f"{name}-"))


@once_a_graph
def images_named(graph: Graph) -> dict[str, list[tuple[Resource, str, str]]]:
    """Return who names an image at which path of which host, by the first label of the host."""
    found: dict[str, list[tuple[Resource, str, str]]] = {}
    for consumer in graph.of(*_LISTS):
        for path, host in images_of(consumer):
            if host:
                found.setdefault(host.partition(".")[0], []).append((consumer, path, host))
    return found
