"""The Pulumi CLI that set-up chose, in the project's own environment: for real Azure, with the caller's login and backend."""

from __future__ import annotations

import os
import sys

from tools.local_services import ROOT
from tools.provision import cli


def main() -> None:
    """Become the CLI with the arguments of the command line; returns only when there is none to become."""
    try:
        pulumi = cli.chosen(ROOT).absolute()
    except LookupError as error:
        sys.exit(f"moorings: {error.args[0]}")
    # Beside the CLI may lie the language host that goes with it.
    path = os.pathsep.join([str(pulumi.parent), os.environ.get("PATH", "")])
    os.execve(pulumi, [str(pulumi), *sys.argv[1:]], {**os.environ, "PATH": path})


if __name__ == "__main__":
    main()
