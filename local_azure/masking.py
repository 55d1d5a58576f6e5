"""Secrets in request bodies: what the journal does not keep."""

from __future__ import annotations

from typing import Any

SECRETS = frozenset(
    [
        "password",
        "passwords",
        "administratorloginpassword",
        "clientsecret",
        "secret",
        "secretvalue",
        "connectionstring",
        "sharedkey",
        "primarysharedkey",
        "secondarysharedkey",
        "accesskey",
        "primarykey",
        "secondarykey",
        "accountkey",
        "sastoken",
        "privatekey",
        "securevalue",
        "storageaccountkey",
        "workspacekey",
        "dapraiinstrumentationkey",
        "dapraiconnectionstring",
    ]
)
"""Names, in lower case, of body members whose value the journal masks."""

SECRETS_OF = frozenset([("datadogconfiguration", "key"), ("headers", "value"), ("secrets", "value")])
"""Further ones that are secret below the member named first: an object, or the items of a list."""


def masked(value: Any, owner: str = "") -> Any:
    """Return a body with the values of known secret members replaced; `owner` is the member that holds it."""
    if isinstance(value, dict):
        return {k: _masked_member(owner, k, v) for k, v in value.items()}
    return [masked(v, owner) for v in value] if isinstance(value, list) else value


def _masked_member(owner: str, name: str, value: Any) -> Any:
    known = name.lower() in SECRETS or (owner.lower(), name.lower()) in SECRETS_OF
    if known and isinstance(value, str | list):
        return "***"
    # The files of a secret volume, by name.
    return dict.fromkeys(value, "***") if name == "secret" and isinstance(value, dict) else masked(value, name)
