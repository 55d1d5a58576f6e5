"""Tokens of a registry: whether one is enabled, and what its scope map lets it do [ACR-TOKEN]."""

from __future__ import annotations

from datetime import UTC, datetime
from fnmatch import fnmatchcase
from typing import Final

from local_azure.facts.container_registry import TOKENS
from local_azure.reach.estate import Estate
from local_azure.reach.links import CREDENTIALS, SCOPE_MAP, Break
from local_azure.services.registry_tokens import actions_of
from local_azure.store import Resource

_ACTIONS: Final = {"pull": ("content/read",), "push": ("content/read", "content/write")}


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
    if not _opens(token):
        message = f"token {token.name} has no password that has not expired, nor a certificate; generate one"
        return Break(CREDENTIALS, token.id, message)
    map_id = str(token.properties.get("scopeMapId") or "")
    actions = actions_of(estate.get(map_id), map_id)
    if actions is None:
        return Break(SCOPE_MAP, token.id, f"what the scope map of token {token.name} holds is not known", False)
    wanted = [f"repositories/{repository}/{each}" for each in _ACTIONS[action]]
    if all(any(fnmatchcase(each, granted) for granted in actions) for each in wanted):
        return None
    name = map_id.rpartition("/")[2]
    return Break(SCOPE_MAP, map_id, f"scope map {name} does not let token {token.name} {action} {repository}")


def _opens(token: Resource) -> bool:
    """Whether a token has something to sign in with: a password that has not expired, or a certificate."""
    held = token.properties.get("credentials") or {}
    ends = [password.get("expiry") for password in held.get("passwords") or []]
    now = datetime.now(UTC)
    return bool(held.get("certificates")) or any(not end or datetime.fromisoformat(str(end)) > now for end in ends)
