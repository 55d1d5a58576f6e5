"""Writes requirements.lock: the packages in `.venv`, with a hash of each file in the package index, and without host names."""

from __future__ import annotations

import importlib.metadata
import subprocess
import sysconfig
from pathlib import Path

from tools.provision.environment import pins
from tools.provision.report import SetupError

ROOT = Path(__file__).resolve().parents[1]
SITE_LOCK = ROOT / "tools" / "site" / "requirements.lock"
"""The packages that build the documentation site."""
_NOT_OURS = {"pip", "wheel", "moorings"}
_FORBIDDEN_MAJOR = "6"
_COMPILE = (
    "pip", "compile", "--quiet", "--universal", "--python-version", "3.11", "--only-binary", ":all:",
    "--generate-hashes", "--no-header", "--no-annotate", "--output-file",
)  # fmt: skip
"""Arguments of uv; without `--emit-index-url` it writes no host name."""


def lines(installed: dict[str, str]) -> list[str]:
    """Return the entries of the lock for a mapping of name → version.

    Raises:
        ValueError: protobuf 6 is installed; the policy SDK needs 5.
    """
    if installed.get("protobuf", "").split(".")[0] == _FORBIDDEN_MAJOR:
        raise ValueError("protobuf 6 is installed, pulumi-policy needs 5.29: find the package that requires it")
    kept = [name for name in installed if name.lower() not in _NOT_OURS]
    return [f"{name}=={installed[name]}" for name in sorted(kept, key=str.lower)]


def write() -> tuple[Path, int]:
    """Write requirements.lock with the hashes of all files in the package index, and return its path and its number of packages.

    The lock of the documentation site is written too, with the newest packages that its group in pyproject.toml allows.

    Raises:
        ValueError: protobuf 6 is installed.
        SetupError: the index does not respond or lacks a version, or uv wrote a lock that set-up does not accept.
    """
    listed = lines({found.name: found.version for found in importlib.metadata.distributions()})
    path = ROOT / "requirements.lock"
    _compile(path, "-", "--no-deps", packages="\n".join(listed))
    _compile(SITE_LOCK, "--group", f"{ROOT / 'pyproject.toml'}:site")
    return path, len(listed)


def _compile(path: Path, *arguments: str, packages: str = "") -> None:
    draft = path.with_name(f"{path.name}.part")
    uv = Path(sysconfig.get_path("scripts")) / "uv"
    command = [uv, *_COMPILE, draft, *arguments]
    try:
        result = subprocess.run(command, input=packages, text=True, capture_output=True, check=False)
        if result.returncode:
            raise SetupError(f"uv found no hashes: {' '.join(result.stderr.split())}")
        pins(draft)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
