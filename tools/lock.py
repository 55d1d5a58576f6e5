"""The lock: exactly what `.venv` holds, one `name==version` a line and nothing else."""

from __future__ import annotations

import importlib.metadata
from pathlib import Path

_NOT_OURS = {"pip", "setuptools", "wheel", "moorings"}
_FORBIDDEN_MAJOR = "6"


def lines(installed: dict[str, str]) -> list[str]:
    """Return the lock's lines for name → version.

    Raises:
        ValueError: protobuf 6 has come in; the policy SDK needs 5.
    """
    if installed.get("protobuf", "").split(".")[0] == _FORBIDDEN_MAJOR:
        raise ValueError("protobuf 6 is installed, pulumi-policy needs 5.29: find the package that brought it")
    kept = [name for name in installed if name.lower() not in _NOT_OURS]
    return [f"{name}=={installed[name]}" for name in sorted(kept, key=str.lower)]


def write() -> tuple[Path, int]:
    """Write requirements.lock, and return its path and how many packages it lists.

    Raises:
        ValueError: protobuf 6 is installed.
    """
    listed = lines({found.name: found.version for found in importlib.metadata.distributions()})
    path = Path(__file__).resolve().parents[1] / "requirements.lock"
    path.write_text("\n".join(listed) + "\n", encoding="utf-8")
    return path, len(listed)
