"""The engine runs this folder as a policy pack."""

from __future__ import annotations

import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent

if __name__ == "__main__":
    # The engine puts this folder on the path, where its modules would hide those of the standard library.
    sys.path[:] = [str(FOLDER.parent), *(entry for entry in sys.path if Path(entry).resolve() != FOLDER)]
    from policies.fronts.pack import serve
    from policies.rules import RULES

    serve(RULES, Path.cwd())
