"""Entry of two: the engine runs this folder as its policy pack, `python -m policies` is the command line."""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent

if __name__ == "__main__" and not __package__:
    # The engine puts this folder on the path, where its modules would hide the standard library's.
    sys.path[:] = [str(FOLDER.parent), *(entry for entry in sys.path if Path(entry).resolve() != FOLDER)]
    from policies.fronts.pack import serve
    from policies.rules import RULES

    serve(RULES, Path.cwd())
elif __name__ == "__main__":
    # A short run whose objects live to the end: collections and pydantic's look for plugins are a tenth of it.
    gc.disable()
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    from policies.cli import app

    app(prog_name="python -m policies")
