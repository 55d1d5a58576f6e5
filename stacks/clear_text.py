"""Detection of secrets in plain text in a stack file, by the name of a variable or the form of a value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from planning.problems import Path, Problem, Severity
from planning.secret_names import is_plain_secret, looks_secret
from stacks.plan import Plan
from stacks.spec import StackSpec

VARIABLES: Final = frozenset({"env", "environment", "settings", "metadata", "headers"})
"""Keys of maps with names chosen by the user and values that are readable in Azure."""

_INSTEAD: Final[Mapping[tuple[str, str], tuple[str, Severity]]] = {
    ("container_apps", "env"): (
        "state it under the workload's secrets as {key_vault_url: URL}, and write {secret: NAME} here [CAE-11]",
        "error",
    ),
    ("container_groups", "environment"): (
        "move it to the container's secrets, as {key_vault: URI} or a secure: value [ACI-9]",
        "error",
    ),
    ("workloads", "env"): ("keep it in a key vault, and read it there with the workload's identity", "error"),
    ("session_pools", "env"): (
        "a pool supports no references: keep it in a key vault, and read it there with the pool's identity",
        "warning",
    ),
}
"""The remedy and the severity: an error where a reference is possible."""

_ELSEWHERE: Final[tuple[str, Severity]] = (
    "remove it from the file, and read it from a key vault",
    "warning",
)


def secrets_in_clear(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """Values that are secrets by their name or form; the value itself is not reported."""
    del plan
    for (root, *below), value in texts(spec.model_dump(mode="python"), ()):
        path = (root, *below)
        named = len(path) > 1 and path[-2] in VARIABLES and is_plain_secret(path[-1], value)
        if not named and not looks_secret(value):
            continue
        why = "has the form of a secret" if looks_secret(value) else "its name says that it is a secret"
        section = next((key for key in path[::-1] if key in VARIABLES), "")
        instead, severity = _INSTEAD.get((root, section), _ELSEWHERE)
        yield Problem(path, f"is in plain text, and {why}; {instead}", severity)


def may_hold_a_secret(path: Path, text: str) -> bool:
    """Return whether a message must omit the value at a path."""
    # Secret fields of a spec never repeat a value; fields such as tls_secret hold a name, not a secret.
    own = any(key in VARIABLES for key in path[1:]) or "secrets" in path
    return (own and path[-1] != "secret") or looks_secret(text)


def texts(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    """Yield every text below a value, with its path."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from texts(item, (*path, str(key)))
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            yield from texts(item, (*path, str(index)))
