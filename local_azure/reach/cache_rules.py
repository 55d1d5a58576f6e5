"""Cache rules of a registry: whether what is not cached yet can be fetched from where it comes from [ACR-CACHE]."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase

from local_azure.facts.container_registry import CACHE_RULES
from local_azure.reach.estate import Estate
from local_azure.reach.links import CACHE_RULE, Break
from local_azure.store import Resource


def problem(estate: Estate, registry: Resource, repository: str) -> Break | None:
    """Return the rule that covers a repository and has lost its credentials; what is cached already is still pulled."""
    for rule in estate.children(registry.id, CACHE_RULES):
        if not _covers(rule, repository):
            continue
        credentials = str(rule.properties.get("credentialSetResourceId") or "")
        if credentials and estate.get(credentials) is None:
            source = rule.properties.get("sourceRepository")
            message = f"the credential set of cache rule {rule.name} is gone, so only what is cached of {source} can be pulled"
            return Break(CACHE_RULE, rule.id, message, False)
    return None


def unfilled(estate: Estate, registry: Resource, repository: str, coming: Iterable[Resource]) -> Break | None:
    """Return the rule that a repository waits for: one that a change creates later, while no other covers the repository.

    Such a repository is assumed to have no image of its own (chosen), since the registry fills it from the source of the rule.
    """
    if any(_covers(rule, repository) for rule in estate.children(registry.id, CACHE_RULES)):
        return None
    for rule in coming:
        if rule.key.startswith(f"{registry.key}/") and _covers(rule, repository):
            message = f"{repository} is filled by cache rule {rule.name}, which does not exist yet"
            return Break(CACHE_RULE, registry.id, message)
    return None


def _covers(rule: Resource, repository: str) -> bool:
    return fnmatchcase(repository, str(rule.properties.get("targetRepository") or ""))
