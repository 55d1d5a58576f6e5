"""Which identity pulls images, and from which registry of the program."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from policies.model import Graph, Resource, Undetermined
from policies.rules import types as t
from policies.rules.images import image_paths, named_registry
from policies.rules.relations import once_a_graph


def kubelet(graph: Graph, cluster: Resource) -> list[Resource]:
    """Return the kubelet identity of a cluster: a stated identity, or the cluster itself, whose identity Azure creates."""
    stated = graph.references(cluster, "identityProfile", t.IDENTITY)
    return stated or [cluster]


@dataclass(frozen=True, slots=True)
class Pull:
    """A resource that pulls from a registry of the program.

    Attributes:
        consumer: the resource that pulls.
        registry: the registry.
        identities: the identities that it pulls with; empty where it names none.
        by_name: whether the registry is named; otherwise it is the only one of the program.
        hidden: whether the identity is unknown, rather than absent or not part of the program.
    """

    consumer: Resource
    registry: Resource
    identities: tuple[Resource, ...]
    by_name: bool
    hidden: bool = False


@once_a_graph
def pulls_of(graph: Graph) -> list[Pull]:
    """Return which resources pull from which registry of the program."""
    return [*_by_clusters(graph), *_by_apps(graph), *_by_pools(graph), *_by_sandboxes(graph), *_by_sets(graph)]


def _only_registry(graph: Graph) -> list[Resource]:
    registries = graph.of(t.REGISTRY)
    return registries if len(registries) == 1 else []


def _by_clusters(graph: Graph) -> Iterator[Pull]:
    for cluster in graph.of(t.CLUSTER):
        for registry in _only_registry(graph):
            yield Pull(cluster, registry, tuple(kubelet(graph, cluster)), by_name=False)


def _by_apps(graph: Graph) -> Iterator[Pull]:
    for app in graph.of(t.APP, t.JOB):
        try:
            count = len(app.value("configuration.registries", ()))
        except Undetermined:
            continue
        for at in range(count):
            path = f"configuration.registries.{at}"
            for registry in named_registry(graph, app, f"{path}.server"):
                yield _named_pull(graph, app, registry, f"{path}.identity")


def _named_pull(graph: Graph, consumer: Resource, registry: Resource, path: str) -> Pull:
    identities = tuple(_identity(graph, consumer, path))
    return Pull(consumer, registry, identities, by_name=True, hidden=consumer.has_unknown(path))


def _identity(graph: Graph, resource: Resource, path: str) -> list[Resource]:
    """Return the identity for a registry: `system` is the resource itself, `system-environment` its environment."""
    try:
        word = str(resource.value(path, "")).lower()
    except Undetermined:
        word = ""
    if word == "system":
        return [resource]
    if word == "system-environment":
        return graph.references(resource, "environmentId", t.ENVIRONMENT) or graph.references(
            resource, "managedEnvironmentId", t.ENVIRONMENT
        )
    return graph.references(resource, path, t.IDENTITY)


def _by_pools(graph: Graph) -> Iterator[Pull]:
    for pool in graph.of(t.SESSION_POOL):
        path = "customContainerTemplate.registryCredentials"
        for registry in named_registry(graph, pool, f"{path}.server"):
            yield _named_pull(graph, pool, registry, f"{path}.identity")


def _by_sandboxes(graph: Graph) -> Iterator[Pull]:
    for group in graph.of(t.SANDBOX_GROUP):
        identities = graph.references(group, "identity", t.IDENTITY)
        for registry in _only_registry(graph) if identities else []:
            yield Pull(group, registry, tuple(identities), by_name=False)


def _by_sets(graph: Graph) -> Iterator[Pull]:
    for group in graph.of(t.CONTAINER_GROUP):
        for path in image_paths(group):
            for registry in named_registry(graph, group, path):
                identities = tuple(graph.references(group, "imageRegistryCredentials", t.IDENTITY))
                hidden = group.has_unknown("imageRegistryCredentials")
                yield Pull(group, registry, identities, by_name=True, hidden=hidden)
