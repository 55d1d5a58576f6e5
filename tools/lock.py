"""The lock: exactly what `.venv` holds, with a hash of each file that the index has of it, and no host."""

from __future__ import annotations

import importlib.metadata
import subprocess
import sysconfig
from pathlib import Path

from tools.provision.environment import pins
from tools.provision.report import SetupError

_NOT_OURS = {"pip", "wheel", "moorings"}
_FORBIDDEN_MAJOR = "6"
_COMPILE = (
    "pip", "compile", "-", "--quiet", "--no-deps", "--universal", "--python-version", "3.11", "--only-binary", ":all:",
    "--generate-hashes", "--no-header", "--no-annotate", "--output-file",
)  # fmt: skip
"""Arguments of uv; without `--emit-index-url` it writes no host."""


def lines(installed: dict[str, str]) -> list[str]:
    """Return the lock's pins for name → version.

    Raises:
        ValueError: protobuf 6 has come in; the policy SDK needs 5.
    """
    if installed.get("protobuf", "").split(".")[0] == _FORBIDDEN_MAJOR:
        raise ValueError("protobuf 6 is installed, pulumi-policy needs 5.29: find the package that brought it")
    kept = [name for name in installed if name.lower() not in _NOT_OURS]
    return [f"{name}=={installed[name]}" for name in sorted(kept, key=str.lower)]


def write() -> tuple[Path, int]:
    """Write requirements.lock with the hashes of every file that the index lists, and return its path and the packages in it.

    Raises:
        ValueError: protobuf 6 is installed.
        SetupError: the index does not answer or has no such version, or what uv wrote is not a lock that set-up takes.
    """
    listed = lines({found.name: found.version for found in importlib.metadata.distributions()})
    path = Path(__file__).resolve().parents[1] / "requirements.lock"
    draft = path.with_name(f"{path.name}.part")
    uv = Path(sysconfig.get_path("scripts")) / "uv"
    try:
        asked = subprocess.run(
            [uv, *_COMPILE, draft], input="\n".join(listed), text=True, capture_output=True, check=False
        )
        if asked.returncode:
            raise SetupError(f"uv found no hashes: {' '.join(asked.stderr.split())}")
        pins(draft)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return path, len(listed)
