"""`make clean`: removes the local Azure, its state, and caches, unless a run is active. Standard library only."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
if __name__ == "__main__":
    sys.path[0] = str(ROOT)

from tools.run_lock import BusyError, one_run  # noqa: E402 - the package is on the path only after the line above

CACHES = (".pytest_cache", ".ruff_cache", ".hypothesis")


def main(root: Path = ROOT) -> int:
    """Remove the files of earlier runs; return 0, or 1 after one line with the reason."""
    local = root / ".pulumi-local"
    try:
        with contextlib.ExitStack() as locks:
            for folder in (local, local / "pr"):
                if folder.is_dir() and not folder.is_symlink():
                    locks.enter_context(one_run(folder))
            for path in (local, *(root / name for name in CACHES)):
                _remove(path)
        for folder, names, _ in os.walk(root):
            names[:] = [name for name in names if name != ".venv"]
            if "__pycache__" in names:
                names.remove("__pycache__")
                _remove(Path(folder) / "__pycache__")
    except BusyError as error:
        print(f"moorings: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"moorings: {error.filename} cannot be removed: {error.strerror}", file=sys.stderr)
        return 1
    return 0


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


if __name__ == "__main__":
    sys.exit(main())
