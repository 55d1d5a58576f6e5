<<<<<<< HEAD
"""`make lock`: write down exactly what `.venv` holds, with a hash of each file that the index has of it, and no host."""
=======
"""The lock: exactly what `.venv` holds, one `name==version` a line and nothing else."""
>>>>>>> main

from __future__ import annotations

import importlib.metadata
import subprocess
import sys
import sysconfig
from pathlib import Path

from tools.provision.environment import pins

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


<<<<<<< HEAD
def hashed(pinned: list[str], path: Path) -> None:
    """Write a lock with the hashes of every wheel and archive that the index lists, for all platforms.

    Raises:
        CalledProcessError: the index does not answer, or has no such version.
        SetupError: what was written is not a lock that set-up takes.
    """
    draft = path.with_name(f"{path.name}.part")
    uv = Path(sysconfig.get_path("scripts")) / "uv"
    try:
        subprocess.run(
            [uv, *_COMPILE, draft], input="\n".join(pinned), text=True, check=True, stdout=subprocess.DEVNULL
        )
        pins(draft)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def main() -> int:
    """Write requirements.lock; returns 0, or uv's exit code after its own words."""
    installed = {found.name: found.version for found in importlib.metadata.distributions()}
    path = Path(__file__).resolve().parents[1] / "requirements.lock"
    try:
        hashed(lines(installed), path)
    except subprocess.CalledProcessError as error:
        return error.returncode
    print(f"{path.name}: {len(lines(installed))} packages")
    return 0


if __name__ == "__main__":
    sys.exit(main())
=======
def write() -> tuple[Path, int]:
    """Write requirements.lock, and return its path and how many packages it lists.

    Raises:
        ValueError: protobuf 6 is installed.
    """
    listed = lines({found.name: found.version for found in importlib.metadata.distributions()})
    path = Path(__file__).resolve().parents[1] / "requirements.lock"
    path.write_text("\n".join(listed) + "\n", encoding="utf-8")
    return path, len(listed)
>>>>>>> main
