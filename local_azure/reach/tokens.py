"""Tokens of a registry: whether one is enabled, and what its scope map lets it do [ACR-TOKEN]."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Final

from local_azure.facts.container_registry import SCOPE_MAPS, TOKENS
from local_azure.reach.estate import Estate
from local_azure.reach.links import CREDENTIALS, SCOPE_MAP, Break
from local_azure.store import Resource

_ACTIONS: Final = {"pull": "content/read", "push": "content/write"}


def problem(estate: Estate, registry: Resource, consumer: str, user: str, action: str, repository: str) -> Break | None:
    """Return why the name and password of a user do not let a consumer pull or push.

    Args:
        estate: the snapshot.
        registry: where it signs in.
        consumer: id of the consumer.
        user: the name, which is a token's or the id of a service principal's application.
        action: `pull` or `push`.
        repository: name of the repository.
    """
    token = next((each for each in estate.children(registry.id, TOKENS) if each.name.lower() == user.lower()), None)
    if token is None:
        message = (
            f"registry {registry.name} has no token {user}; what a service principal of that id may do is not known"
        )
        return Break(CREDENTIALS, consumer, message, False)
    if str(token.properties.get("status") or "enabled").lower() == "disabled":
        return Break(CREDENTIALS, token.id, f"token {token.name} is disabled")
    scope_map = estate.get(str(token.properties.get("scopeMapId") or ""))
    if scope_map is None or scope_map.type != SCOPE_MAPS:
        return Break(SCOPE_MAP, token.id, f"what the scope map of token {token.name} holds is not known", False)
    wanted = f"repositories/{repository}/{_ACTIONS[action]}"
    if any(fnmatchcase(wanted, granted) for granted in scope_map.properties.get("actions") or []):
        return None
    return Break(
        SCOPE_MAP, scope_map.id, f"scope map {scope_map.name} does not let token {token.name} {action} {repository}"
    )
