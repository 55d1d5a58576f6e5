"""The shape of a registry's artifact cache: one section of a stack file, one argument of a component."""

from collections.abc import Iterator
from itertools import combinations
from typing import Annotated

from pydantic import Field

from components.access.spec import GrantSpec
from components.elsewhere import MadeElsewhere, parsed
from components.references import IdentityKey, Reference, dangling
from components.spec import Host, Spec, held_to
from planning import artifact_cache, names
from planning.key_vaults import vault_of
from planning.problems import Path
from planning.resource_ids import REGISTRY

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
        _CredentialSetKey | None,
        Field(description="Key of the credential set. Docker Hub and some other upstreams require one."),
    ] = None
    identity: Annotated[
        IdentityKey | None,
        Field(description="Key of the identity that pulls from an upstream that is a registry in Azure."),
    ] = None
    upstream_id: Annotated[
        Annotated[str, MadeElsewhere(REGISTRY)] | None,
        Field(description="Id of that registry, on which the identity is granted pulls of the source."),
    ] = None

    in_use: Annotated[
        bool,
        Field(
            description="Whether images that state the host of the source are pulled through the rule. `./moorings plan` "
            "states false while the rule is created first."
        ),
    ] = True

    def _problems(self) -> Iterator[tuple[Path, str]]:
        if self.identity is not None and self.credential_set is not None:
            yield ("identity",), "excludes credential_set: a rule signs in by one of them; remove one [ACR-CACHE-ACR]"
        host = artifact_cache.upstream(self.source)
        if self.identity is not None and not artifact_cache.is_azure(host):
            message = f"is for registries in Azure, the source is on {host}; remove it, or name a credential set"
            yield ("identity",), f"{message} [ACR-CACHE-ACR]"
        if self.upstream_id is not None and self.identity is None:
            yield ("upstream_id",), "is without effect: state the identity that pulls from it [ACR-CACHE-ACR]"
        there = parsed(self.upstream_id)
        if there and not artifact_cache.is_login_server_of(host, there.name):
            message = f"is the id of registry {there.name}, the source is on {host}; change one"
            yield ("upstream_id",), f"{message} [ACR-CACHE-ACR]"


def _pull(identity: str, repositories: list[str]) -> GrantSpec:
    """The grant of an identity; a rule for a whole registry needs all its repositories."""
    narrowed = [] if "*" in repositories else sorted(set(repositories))
    return GrantSpec(identity=identity, action="pull", repositories=narrowed)


class ArtifactCacheSpec(Spec):
    """The artifact cache of the registry [ACR-CACHE]."""

    credential_sets: Annotated[
        dict[str, CredentialSetSpec], Field(description="Credentials for upstreams, by name.")
    ] = {}
    rules: Annotated[
        dict[str, CacheRuleSpec], Field(max_length=artifact_cache.MOST_RULES, description="Cache rules by name.")
    ] = {}
    direct: Annotated[
        list[Host],
        Field(
            description="Hosts of other registries whose images are pulled directly where no cache rule covers them."
        ),
    ] = []

    @property
    def sources(self) -> dict[str, tuple[str, str]]:
        """Source and target of each rule that is in use."""
        return {key: (rule.source, rule.target) for key, rule in self.rules.items() if rule.in_use}

    @property
    def identities(self) -> tuple[str, ...]:
        """Keys of the identities with which rules sign in to registries in Azure."""
        return tuple(dict.fromkeys(rule.identity for rule in self.rules.values() if rule.identity))

    @property
    def upstream_grants(self) -> dict[str, dict[str, GrantSpec]]:
        """For each upstream registry by its id, what each identity pulls from it, by the identity's key [ACR-CACHE-ACR]."""
        repositories: dict[str, dict[str, list[str]]] = {}
        for rule in self.rules.values():
            if rule.identity and rule.upstream_id:
                pulled = repositories.setdefault(rule.upstream_id, {}).setdefault(rule.identity, [])
                pulled.append(rule.source.partition("/")[2])
        return {
            upstream: {key: _pull(key, names) for key, names in each.items()} for upstream, each in repositories.items()
        }

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
        if not self.rules and not self.direct:
            yield (), "states neither rules nor direct; state one, or remove the section [ACR-CACHE]"
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
            if artifact_cache.needs_credentials(server) and rule.credential_set is None:
                message = (
                    f"is missing: {server} is cached with credentials only; add a credential set [ACR-CACHE-UPSTREAM]"
                )
                yield ("rules", key, "credential_set"), message
            if artifact_cache.is_azure(server) and rule.credential_set is None and rule.identity is None:
                message = f"is missing: {server} is cached with credentials only; name an identity [ACR-CACHE-UPSTREAM]"
                yield ("rules", key, "identity"), message
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
