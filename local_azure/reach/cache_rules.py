"""Cache rules of a registry: whether what is not cached yet can be fetched from where it comes from [ACR-CACHE]."""

from __future__ import annotations

from collections.abc import Iterable

from local_azure.facts.container_registry import CACHE_RULES
from local_azure.reach.consumers import PULL
from local_azure.reach.estate import Estate
from local_azure.reach.links import CACHE_RULE, Break
from local_azure.reach.path import admits_trusted_services, is_open
from local_azure.reach.sign_in import role_problem
from local_azure.services.identities import users
from local_azure.store import Resource


def problem(estate: Estate, registry: Resource, repository: str) -> Break | None:
    """Return why the rule that covers a repository cannot fetch what is not cached; what is cached is still pulled."""
    rule = _covering(estate.children(registry.id, CACHE_RULES), repository)
    why = rule and (_network(registry, rule) or _credentials(estate, rule) or _identity(estate, rule, repository))
    if rule is None or why is None:
        return None
    source = rule.properties.get("sourceRepository")
    return Break(CACHE_RULE, rule.id, f"{why}, so only what is cached of {source} can be pulled", False)


def unfilled(estate: Estate, registry: Resource, repository: str, coming: Iterable[Resource]) -> Break | None:
    """Return the rule that a repository waits for: one that a change creates later, while no other covers the repository.

    Such a repository is assumed to have no image of its own: the registry fills it from the source [ACR-CACHE-FILL].
    """
    if _covering(estate.children(registry.id, CACHE_RULES), repository) is not None:
        return None
    rule = _covering([each for each in coming if each.key.startswith(f"{registry.key}/")], repository)
    if rule is None:
        return None
    message = f"{repository} is filled by cache rule {rule.name}, which does not exist yet"
    return Break(CACHE_RULE, registry.id, message)


def _covering(rules: Iterable[Resource], repository: str) -> Resource | None:
    """The rule of the repository itself, else the one whose wildcard contains it [ACR-CACHE-WILDCARD]."""
    covering = {
        target: rule
        for rule in rules
        if (target := str(rule.properties.get("targetRepository") or "")) == repository
        or (target.endswith("*") and repository.startswith(target[:-1]))
    }
    return covering.get(repository) or next(iter(covering.values()), None)


def _network(registry: Resource, rule: Resource) -> str | None:
    """Why artifact cache, a trusted service, cannot write what it fetches to the registry [ACR-CACHE-TRUSTED]."""
    if is_open(registry) or admits_trusted_services(registry):
        return None
    return f"cache rule {rule.name} cannot fill registry {registry.name}, whose network rules trusted services do not bypass"


def _credentials(estate: Estate, rule: Resource) -> str | None:
    credentials = str(rule.properties.get("credentialSetResourceId") or "")
    return (
        f"the credential set of cache rule {rule.name} is gone" if credentials and not estate.get(credentials) else None
    )


def _identity(estate: Estate, rule: Resource, repository: str) -> str | None:
    """Why the identity of a rule does not let it pull from a registry of this estate [ACR-CACHE-ACR]."""
    for identity_id in users(rule.body):
        identity = estate.identity(identity_id)
        if identity is None:
            return f"the identity of cache rule {rule.name} is gone"
        host, _, source = str(rule.properties.get("sourceRepository") or "").partition("/")
        upstream = estate.hosts.get(host.lower())
        if upstream is None:
            return None
        target = str(rule.properties.get("targetRepository") or "")
        pulled = (
            source.removesuffix("*") + repository.removeprefix(target.removesuffix("*")) if "*" in source else source
        )
        found = role_problem(estate, str(identity.properties["principalId"]), upstream.registry, PULL, pulled)
        if found is not None:
            return f"cache rule {rule.name} cannot pull from registry {upstream.registry.name}: {found.message}"
    return None
