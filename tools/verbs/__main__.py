"""Entry point of `./moorings`, which runs this file with the Python of `.venv`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def run() -> int:
    """Run the verb on the command line, and return its exit code."""
    try:
        from tools.verbs.command import main

        return main()
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        if (ROOT / package).exists():
            raise
        print(f"error: .venv lacks the package {package}: remove .venv and run `make setup`", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    # The search for pydantic plugins in every installed package takes a tenth of a short run.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    sys.exit(run())
