"""Artifact cache of a registry: which upstream repository is served under which name [ACR-CACHE]."""

from __future__ import annotations

import re
from collections.abc import Mapping

from planning.clouds import CLOUDS

DOCKER_HUB = "docker.io"
"""Login server of Docker Hub."""

KUBERNETES = "registry.k8s.io"
"""Login server of the images of the Kubernetes project."""

_GOOGLE = (".pkg.dev", ".gcr.io")
_CREDENTIALS_ONLY = frozenset({DOCKER_HUB, "dhi.io", "registry.redhat.io"})
_ANONYMOUS_ONLY = frozenset({"mcr.microsoft.com", "public.ecr.aws", "registry.access.redhat.com"})
_BOTH = frozenset({"ghcr.io", "quay.io", KUBERNETES, "gcr.io", "nvcr.io"})
"""Login servers of supported upstreams by how the service pulls from them [ACR-CACHE-UPSTREAM]."""

MOST_RULES = 1000
"""Cache rules that a registry has at most [ACR-CACHE-LIMITS]."""

_PATH = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
_REPOSITORY = rf"{_PATH}(?:/{_PATH})*"
_SOURCE = re.compile(rf"(?P<host>[a-z0-9-]+(?:\.[a-z0-9-]+)+)/(?:{_REPOSITORY}(?:/\*)?|\*)")
_TARGET = re.compile(rf"{_REPOSITORY}(?:/\*)?|\*")


def source_problem(source: str) -> str | None:
    """Return why a source is not an upstream repository in one line, or None [ACR-CACHE-WILDCARD]."""
    if _SOURCE.fullmatch(source):
        return None
    return (
        f"expected a login server and a repository such as mcr.microsoft.com/dotnet/sdk, or a prefix such as "
        f"mcr.microsoft.com/dotnet/*, got {source!r} [ACR-CACHE-WILDCARD]"
    )


def target_problem(target: str) -> str | None:
    """Return why a target is not a repository of the registry in one line, or None [ACR-CACHE-WILDCARD]."""
    if _TARGET.fullmatch(target):
        return None
    return (
        f"expected a repository such as dotnet/sdk, or a prefix such as dotnet/*, got {target!r} [ACR-CACHE-WILDCARD]"
    )


def is_azure(host: str) -> bool:
    """Return whether a host is the login server of a registry in Azure [CLOUD-1]."""
    return host.partition(".")[2] in {cloud.registry_suffix for cloud in CLOUDS.values()}


def needs_credentials(host: str) -> bool:
    """Return whether the service pulls from an upstream outside Azure with credentials only [ACR-CACHE-UPSTREAM]."""
    return host in _CREDENTIALS_ONLY or host.endswith(".pkg.dev")


def takes_no_credentials(host: str) -> bool:
    """Return whether the service pulls from an upstream without credentials only [ACR-CACHE-UPSTREAM]."""
    return host in _ANONYMOUS_ONLY


def is_supported(host: str) -> bool:
    """Return whether a host is an upstream that the service supports [ACR-CACHE-UPSTREAM]."""
    known = _CREDENTIALS_ONLY | _ANONYMOUS_ONLY | _BOTH
    return host in known or host.endswith(_GOOGLE) or is_azure(host)


def is_login_server_of(host: str, registry: str) -> bool:
    """Return whether a host is the login server of a registry of that name, with a hash or without [ACR-6]."""
    return is_azure(host) and host.partition(".")[0].partition("-")[0] == registry.lower()


def cached_as(image: str, rules: Mapping[str, tuple[str, str]]) -> str | None:
    """Return the image of this registry under which an image of an upstream is cached, or None if no rule covers it.

    A rule without a wildcard applies first, then the one with the longest prefix [ACR-CACHE-WILDCARD].

    Args:
        image: with its host; an image of Docker Hub without a namespace is one of library [IMAGE-1].
        rules: source and target of each rule.
    """
    host, _, rest = image.partition("/")
    name = re.split("[:@]", rest, maxsplit=1)[0]
    version = rest[len(name) :]
    repository = f"{host}/library/{name}" if host == DOCKER_HUB and "/" not in name else f"{host}/{name}"
    covering = [(source, target) for source, target in rules.values() if _covers(source, repository)]
    if not covering:
        return None
    source, target = max(covering, key=lambda pair: (not is_wildcard(pair[0]), len(pair[0])))
    below = repository.removeprefix(source.removesuffix("*")) if is_wildcard(source) else ""
    return f"{target.removesuffix('*')}{below}{version}"


def _covers(source: str, repository: str) -> bool:
    return repository.startswith(source.removesuffix("*")) if is_wildcard(source) else repository == source


def upstream(source: str) -> str:
    """Return the login server of a source."""
    return source.partition("/")[0]


def is_wildcard(repository: str) -> bool:
    """Return whether a source or a target stands for every repository below a prefix."""
    return repository.endswith("*")


def overlap(first: str, second: str) -> bool:
    """Return whether two targets are the same, or two wildcards of which one contains the other [ACR-CACHE-WILDCARD].

    A target without a wildcard may lie below a wildcard: the exact rule is used for it.
    """
    if first == second:
        return True
    if not (is_wildcard(first) and is_wildcard(second)):
        return False
    one, other = first.removesuffix("*"), second.removesuffix("*")
    return one.startswith(other) or other.startswith(one)
