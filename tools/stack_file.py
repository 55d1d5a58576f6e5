"""The engine's copy of a stack file: the same text without the keys that refer to another secrets provider.

The engine rewrites the stack file that it uses, and changes `1.30` to `1.3` and dates to timestamps. It therefore gets
a copy, which is created for each run by removing lines, not by parsing and serializing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from planning.problems import SpecError
from stacks.document import read
from stacks.files import stack_names

_BINDING = ("secretsprovider", "encryptionsalt", "encryptedkey")
PLACEHOLDER = "local-placeholder"
"""Placeholder in a local run for a secret that is encrypted with another key."""


class StackFileError(Exception):
    """A stack file cannot be used; the message has one line for each problem."""


class NoStackFileError(StackFileError):
    """The stack has no file; the message lists the existing stacks."""


@dataclass(frozen=True)
class LocalCopy:
    """Text of the copy, and the lines (from 1) of the original whose secrets were replaced by a placeholder."""

    text: str
    secret_lines: tuple[int, ...]


def find(stacks: Path, stack: str) -> Path:
    """Return the file of a stack.

    Raises:
        NoStackFileError: it does not exist.
    """
    path = stacks / f"Pulumi.{stack}.yaml"
    if path.is_file() and re.fullmatch(r"[A-Za-z0-9._-]+", stack):
        return path
    there = ", ".join(stack_names(stacks)) or "none"
    raise NoStackFileError(f"no stack '{stack}': {stacks.name}/Pulumi.{stack}.yaml is missing; there are: {there}")


def text_of(path: Path) -> str:
    """Return the text of a stack file that is valid YAML.

    The engine's own error would name neither the file nor, because of the copy, the right line.

    Raises:
        StackFileError: it cannot be read, or is not valid YAML.
    """
    try:
        read(path, f"{path.parent.name}/{path.name}")
        return path.read_text(encoding="utf-8")
    except SpecError as error:
        raise StackFileError(str(error)) from None


def local_copy(text: str, salt: str | None) -> LocalCopy:
    """Return the copy of a stack file for the local engine.

    Args:
        text: the stack file.
        salt: the salt of the local stack, added as first line; None if it has none yet.
    """
    kept: list[str] = [] if salt is None else [f"encryptionsalt: {salt}\n"]
    secrets: list[int] = []
    dropping = False
    for number, line in enumerate(text.splitlines(keepends=True), start=1):
        if dropping and (line[:1].isspace() and line.strip()):
            continue
        dropping = line.split(":")[0].strip("\"' ") in _BINDING and not line[:1].isspace()
        if dropping:
            continue
        inline = re.sub(r"\{\s*[\"']?secure[\"']?\s*:[^}]*\}", PLACEHOLDER, line)
        block = re.match(r"\s+secure:\s*\S", line)
        if inline != line or block:
            secrets.append(number)
        if block and kept:
            kept[-1] = kept[-1].rstrip("\n") + f" {PLACEHOLDER}\n"
            continue
        kept.append(inline)
    return LocalCopy("".join(kept), tuple(secrets))


def salt_in(path: Path) -> str | None:
    """Return the salt that the engine wrote to its own stack file, or None."""
    if not path.is_file():
        return None
    found = re.search(r"^encryptionsalt:\s*(\S+)\s*$", path.read_text(encoding="utf-8"), re.M)
    return found[1] if found else None
