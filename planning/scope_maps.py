"""Tokens of a registry and their scope maps: the actions on repositories that a token allows [ACR-TOKEN]."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from planning.names import NameRule
from planning.roles import repository_problem

TOKEN = NameRule("token", re.compile(r"[a-zA-Z0-9-]*"), 5, 50, "letters, digits and '-'", "ACR-TOKEN-NAMES")
SCOPE_MAP = NameRule(
    "scope map", re.compile(r"[a-zA-Z0-9_-]*"), 5, 50, "letters, digits, '-' and '_'", "ACR-TOKEN-NAMES"
)

EVERYTHING = "*"
"""The pattern of all repositories."""

SYSTEM_MAPS = (
    "_repositories_pull",
    "_repositories_pull_metadata_read",
    "_repositories_push",
    "_repositories_push_metadata_write",
    "_repositories_admin",
)
"""Scope maps that every registry has; each applies to all repositories [ACR-TOKEN-SYSTEM]."""

MOST = 20_000
"""Tokens, and scope maps, that a registry has at most [ACR-TOKEN-LIMITS]."""

MOST_PERMISSIONS = 500
"""Actions on repositories that a scope map has at most [ACR-TOKEN-LIMITS]."""


def pattern_problem(text: str) -> str | None:
    """Return the problem with a repository of a scope map in one line, or None: a name, ``prefix/*`` or ``*``."""
    return None if text == EVERYTHING else repository_problem(text)


def arm_actions(repositories: Mapping[str, Iterable[str]]) -> list[str]:
    """Return ARM's form of the actions of a scope map, sorted, so that their order in a file does not matter."""
    return sorted(f"repositories/{name}/{action}" for name, actions in repositories.items() for action in actions)
