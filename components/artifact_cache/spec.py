"""The shape of a registry's artifact cache: one section of a stack file, one argument of a component."""

from collections.abc import Iterator
from itertools import combinations
from typing import Annotated

from pydantic import Field

from components.references import Reference, dangling
from components.spec import Host, Spec, held_to
from planning import artifact_cache, names
from planning.key_vaults import vault_of
from planning.problems import Path

_VAULT_URL = r"^https://[A-Za-z0-9-]{3,24}\.vault\.[a-z.]+/secrets/[A-Za-z0-9-]{1,127}(/[0-9a-f]{32})?$"

_SecretUrl = Annotated[
    str, Field(pattern=_VAULT_URL, description="https://VAULT.vault.azure.net/secrets/NAME, or with a version.")
]
_CredentialSetKey = Annotated[str, Reference(".credential_sets", "credential set")]


class CredentialSetSpec(Spec):
    """How the registry signs in to an upstream: a user name and a password, both secrets of one key vault."""

    login_server: Annotated[Host, Field(description="Login server of the upstream, such as docker.io.")]
    username_secret: _SecretUrl
    password_secret: _SecretUrl


class CacheRuleSpec(Spec):
    """One cache rule: what is pulled under ``target`` is fetched from ``source`` when it is not cached yet."""

    source: Annotated[
        str,
        held_to(artifact_cache.source_problem),
        Field(description="Upstream repository, or a prefix that ends with /*."),
    ]
    target: Annotated[
        str,
        held_to(artifact_cache.target_problem),
        Field(description="Repository of this registry, or a prefix that ends with /*; fixed after creation."),
    ]
    credential_set: Annotated[
        _CredentialSetKey | None, Field(description="Key of the credential set. Docker Hub requires one.")
    ] = None


class ArtifactCacheSpec(Spec):
    """The artifact cache of the registry [ACR-CACHE]."""

    credential_sets: Annotated[
        dict[str, CredentialSetSpec], Field(description="Credentials for upstreams, by name.")
    ] = {}
    rules: Annotated[
        dict[str, CacheRuleSpec],
        Field(min_length=1, max_length=artifact_cache.MOST_RULES, description="Cache rules by name."),
    ]

    @property
    def vaults(self) -> tuple[tuple[str, str], ...]:
        """Every credential set with the name of each vault that it reads, once."""
        pairs = (
            (key, vault_of(url))
            for key, credentials in self.credential_sets.items()
            for url in (credentials.username_secret, credentials.password_secret)
        )
        return tuple(dict.fromkeys(pairs))

    def _problems(self) -> Iterator[tuple[Path, str]]:
        yield from (*self._names(), *dangling(self), *self._sources(), *self._overlaps())

    def _names(self) -> Iterator[tuple[Path, str]]:
        for section, rule, keys in (
            ("credential_sets", names.CREDENTIAL_SET, self.credential_sets),
            ("rules", names.CACHE_RULE, self.rules),
        ):
            for key in keys:
                problem = rule.problem(key)
                if problem:
                    yield (section, key), problem

    def _sources(self) -> Iterator[tuple[Path, str]]:
        for key, rule in self.rules.items():
            server = artifact_cache.upstream(rule.source)
            if artifact_cache.is_wildcard(rule.source) != artifact_cache.is_wildcard(rule.target):
                message = f"source {rule.source} and target {rule.target}: either both or neither end with * [ACR-CACHE-WILDCARD]"
                yield ("rules", key, "target"), message
            credentials = self.credential_sets.get(rule.credential_set or "")
            if server == artifact_cache.DOCKER_HUB and rule.credential_set is None:
                message = (
                    f"is missing: {server} is cached with credentials only; add a credential set [ACR-CACHE-UPSTREAM]"
                )
                yield ("rules", key, "credential_set"), message
            if credentials and credentials.login_server != server:
                message = (
                    f"{rule.credential_set} signs in to {credentials.login_server}, the source is on {server}; "
                    f"name a credential set for {server} [ACR-CACHE]"
                )
                yield ("rules", key, "credential_set"), message

    def _overlaps(self) -> Iterator[tuple[Path, str]]:
        for (first, one), (second, other) in combinations(self.rules.items(), 2):
            if artifact_cache.overlap(one.target, other.target):
                message = f"{other.target} overlaps with {one.target} of rule {first}; change one [ACR-CACHE-WILDCARD]"
                yield ("rules", second, "target"), message
