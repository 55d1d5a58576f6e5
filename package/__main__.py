"""The engine runs this folder as the provider of the package."""

from __future__ import annotations

import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent

if __name__ == "__main__":
    # The engine puts this folder on the path, where its modules would hide those of other packages.
    sys.path[:] = [str(FOLDER.parent), *(entry for entry in sys.path if Path(entry).resolve() != FOLDER)]
    from package.provider import serve

    serve()
