"""Cache rules of a registry: whether what is not cached yet can be fetched from where it comes from [ACR-CACHE]."""

from __future__ import annotations

from fnmatch import fnmatchcase

from local_azure.facts.container_registry import CACHE_RULES
from local_azure.reach.estate import Estate
from local_azure.reach.links import CACHE_RULE, Break
from local_azure.store import Resource


def problem(estate: Estate, registry: Resource, repository: str) -> Break | None:
    """Return the rule that covers a repository and has lost its credentials; what is cached already is still pulled."""
    for rule in estate.children(registry.id, CACHE_RULES):
        if not fnmatchcase(repository, str(rule.properties.get("targetRepository") or "")):
            continue
        credentials = str(rule.properties.get("credentialSetResourceId") or "")
        if credentials and estate.get(credentials) is None:
            source = rule.properties.get("sourceRepository")
            message = f"the credential set of cache rule {rule.name} is gone, so only what is cached of {source} can be pulled"
            return Break(CACHE_RULE, rule.id, message, False)
    return None
