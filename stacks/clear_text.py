"""Secrets that stand in clear in a stack file: by the name of a variable, or by the form of a value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from planning.problems import Path, Problem, Severity
from planning.secret_names import is_plain_secret, looks_secret
from stacks.plan import Plan
from stacks.spec import StackSpec

VARIABLES: Final = frozenset({"env", "environment", "settings", "metadata", "headers"})
"""Keys below which names are the user's own, and values go where others can read them."""

_INSTEAD: Final[Mapping[tuple[str, str], tuple[str, Severity]]] = {
    ("container_apps", "env"): (
        "state it under the workload's secrets as {key_vault_url: URL}, and write {secret: NAME} here [CAE-11]",
        "error",
    ),
    ("container_groups", "environment"): (
        "move it to the container's secrets, as {key_vault: URI} or a secure: value [ACI-9]",
        "error",
    ),
    ("workloads", "env"): ("keep it in a key vault, and read it there under the workload's identity", "error"),
    ("session_pools", "env"): (
        "a pool takes no reference: keep it in a key vault, and let the code read it there under the pool's identity",
        "warning",
    ),
}
"""What to write instead, and how much it weighs: an error where a reference is possible."""

_ELSEWHERE: Final[tuple[str, Severity]] = (
    "remove it from the file, and let what needs it read it from a key vault",
    "warning",
)


def secrets_in_clear(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """Values that are secrets by their name or form; the value itself is not told."""
    del plan
    for (root, *below), value in _texts(spec.model_dump(mode="python"), ()):
        path = (root, *below)
        named = len(path) > 1 and path[-2] in VARIABLES and is_plain_secret(path[-1], value)
        if not named and not looks_secret(value):
            continue
        why = "has the form of a secret" if looks_secret(value) else "its name says that it is a secret"
        section = next((key for key in path[::-1] if key in VARIABLES), "")
        instead, severity = _INSTEAD.get((root, section), _ELSEWHERE)
        yield Problem(path, f"stands in clear, and {why}; {instead}", severity)


def may_hold_a_secret(path: Path, text: str) -> bool:
    """Return whether a message should leave out the value at a path."""
    # Fields of our own that hold secrets refuse a text without repeating it; the names of others, as in tls_secret, refer.
    own = any(key in VARIABLES for key in path[1:]) or "secrets" in path
    return (own and path[-1] != "secret") or looks_secret(text)


def _texts(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _texts(item, (*path, str(key)))
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            yield from _texts(item, (*path, str(index)))
