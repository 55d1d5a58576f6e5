"""Two entry points: the engine runs this folder as a policy pack, `python -m policies` is the command line."""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent

if __name__ == "__main__" and not __package__:
    # The engine puts this folder on the path, where its modules would hide those of the standard library.
    sys.path[:] = [str(FOLDER.parent), *(entry for entry in sys.path if Path(entry).resolve() != FOLDER)]
    from policies.fronts.pack import serve
    from policies.rules import RULES

    serve(RULES, Path.cwd())
elif __name__ == "__main__":
    # In a short run, garbage collection and the search for pydantic plugins take a tenth of the time.
    gc.disable()
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    from policies.cli import app

    app(prog_name="python -m policies")
