"""Images of containers and their registries, in every type that has containers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from policies.model import Graph, Resource, Undetermined
from policies.rules import types as t
from policies.rules.relations import once_a_graph

CONTAINERS: Final[Mapping[str, tuple[str, ...]]] = {
    t.APP: ("template.containers", "template.initContainers"),
    t.JOB: ("template.containers", "template.initContainers"),
    t.SESSION_POOL: ("customContainerTemplate.containers",),
    t.CONTAINER_GROUP: ("containers", "initContainers"),
}
"""Dotted paths of the lists of containers, by type."""
_DOCKER_HUB = "docker.io"


def image_paths(resource: Resource) -> list[str]:
    """Return the dotted path of each image of a resource; none while the list of containers is unknown."""
    found = []
    for path in CONTAINERS.get(resource.type, ()):
        try:
            found += [f"{path}.{at}.image" for at in range(len(resource.value(path, ())))]
        except Undetermined:
            continue
    return found


def host_of(image: str) -> str:
    """Return the registry host in the name of an image, in lower case; that of Docker Hub where it has none."""
    first, slash, _ = image.partition("/")
    return first.lower() if slash and ("." in first or ":" in first or first == "localhost") else _DOCKER_HUB


def images_of(resource: Resource) -> Iterator[tuple[str, str | None]]:
    """Yield the path and the host of each image; None for an unknown one."""
    for path in image_paths(resource):
        try:
            image = resource.value(path)
        except Undetermined:
            yield path, None
            continue
        if image:
            yield path, host_of(str(image))


def named_registry(graph: Graph, resource: Resource, path: str) -> list[Resource]:
    """Return the registries of the program that a value names, by its dependencies or by its host."""
    found = graph.references(resource, path, t.REGISTRY)
    if found:
        return found
    try:
        host = host_of(f"{resource.value(path, '')}/")
    except Undetermined:
        return []
    return [each for each in graph.of(t.REGISTRY) if serves(graph, each, host)]


def serves(graph: Graph, registry: Resource, host: str) -> bool:
    """Return whether a host belongs to a registry of the program, whose name may be unknown."""
    try:
        return is_host_of(str(graph.arm_name(registry) or ""), host)
    except Undetermined:
        return False


def is_host_of(registry: str, host: str) -> bool:
    """Return whether a host is that of a registry: global, regional or data, with or without the hash of a label scope."""
    name = registry.lower()
    label, _, suffix = host.lower().partition(".")
    return "azurecr." in suffix and bool(name) and (label == name or label.startswith(f"{name}-"))


@once_a_graph
def images_named(graph: Graph) -> dict[str, list[tuple[Resource, str, str]]]:
    """Return resource, path and host of every image, by the first label of the host."""
    found: dict[str, list[tuple[Resource, str, str]]] = {}
    for consumer in graph.of(*CONTAINERS):
        for path, host in images_of(consumer):
            if host:
                found.setdefault(host.partition(".")[0], []).append((consumer, path, host))
    return found
