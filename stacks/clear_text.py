"""Detection of secrets in plain text in a stack file, by the name of a variable or the form of a value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from planning.problems import Path, Problem, Severity
from planning.secret_names import is_plain_secret, looks_secret, secrets_in_command
from stacks.plan import Plan
from stacks.spec import StackSpec

VARIABLES: Final = frozenset({"env", "environment", "settings", "metadata", "headers", "properties", "labels", "tags"})
"""Keys of maps with names chosen by the user and values that are readable in Azure."""

COMMANDS: Final = frozenset({"command", "args"})
"""Keys of lists of the words of a command line."""

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

_COMMAND: Final[tuple[str, Severity]] = (
    "pass it as a variable that refers to a secret, and write the variable here",
    "warning",
)
_ELSEWHERE: Final[tuple[str, Severity]] = (
    "remove it from the file, and read it from a key vault",
    "warning",
)


def secrets_in_clear(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """Values that are secrets by their name or form; the value itself is not reported."""
    del plan
    for (root, *below), why in _found(spec.model_dump(mode="python"), ()):
        path = (root, *below)
        section = next((key for key in path[::-1] if key in VARIABLES | COMMANDS), "")
        elsewhere = _COMMAND if section in COMMANDS else _ELSEWHERE
        instead, severity = _INSTEAD.get((root, section), elsewhere)
        yield Problem(path, f"is in plain text, and {why}; {instead}", severity)


def _found(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    """Yield the place of each secret, and why it is taken for one."""
    for place, text in texts(value, path):
        named = len(place) > 1 and place[-2] in VARIABLES and is_plain_secret(place[-1], text)
        if looks_secret(text):
            yield place, "has the form of a secret"
        elif named:
            yield place, "its name says that it is a secret"
    for place, words in _command_lines(value, path):
        for index in secrets_in_command(words):
            if not looks_secret(words[index]):
                yield (*place, str(index)), "the name of an option, variable or header says that it holds a secret"


def _command_lines(value: Any, path: Path) -> Iterator[tuple[Path, list[str]]]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            if key in COMMANDS and isinstance(item, list) and all(isinstance(word, str) for word in item):
                yield (*path, key), item
            else:
                yield from _command_lines(item, (*path, str(key)))


def may_hold_a_secret(path: Path, text: str) -> bool:
    """Return whether a message must omit the value at a path."""
    # Secret fields of a spec never repeat a value; fields such as tls_secret hold a name, not a secret.
    own = any(key in VARIABLES | COMMANDS for key in path[1:]) or "secrets" in path
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
