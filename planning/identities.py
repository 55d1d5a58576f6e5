"""Federated identity credentials: whose tokens an identity accepts [FIC-EXCHANGE]."""

from __future__ import annotations

from planning.clouds import CloudName

AUDIENCES: dict[CloudName, str] = {
    "public": "api://AzureADTokenExchange",
    "usgovernment": "api://AzureADTokenExchangeUSGov",
    "china": "api://AzureADTokenExchangeChina",
}
"""The audience that a token for an exchange has, by cloud [FIC-EXCHANGE]."""

_WILDCARDS = ("*", "?")


def audience_problem(audiences: list[str]) -> str | None:
    """Return the problem with the audiences of a credential in one line, or None: the one of its cloud, and no other."""
    if len(audiences) == 1 and audiences[0] in AUDIENCES.values():
        return None
    shown = ", ".join(audiences) or "none"
    return f"audiences are {shown}; expected only {AUDIENCES['public']}, or that of the identity's cloud [FIC-EXCHANGE]"


def subject_problem(subject: str) -> str | None:
    """Return the problem with the subject of a credential in one line, or None: Azure compares it as text."""
    found = [mark for mark in _WILDCARDS if mark in subject]
    if not found:
        return None
    return (
        f"subject {subject} contains {' and '.join(found)}, which Azure compares as text; expected one exact subject "
        "[FIC-EXCHANGE]"
    )
