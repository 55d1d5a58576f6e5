"""Runs the official installer with the environment's Python: `python -m tools.provision.official ROOT VERSION`.

It reports its progress to the parent process: `requested` before the first request, `received` when the installer's script
is downloaded and started. The parent stops it if `received` does not follow in time.
"""

from __future__ import annotations

import socket
import sys
from typing import Any

from pulumi.automation import PulumiCommand
from semver import VersionInfo

from tools.provision.download import CONNECT_SECONDS


class Progress:
    """An audit hook that reports the first request, and the first process that is started after it."""

    def __init__(self) -> None:
        self._requested = False
        self._received = False

    def __call__(self, event: str, _arguments: tuple[Any, ...]) -> None:
        """Process an event of the interpreter; all but two are ignored."""
        if event == "urllib.Request" and not self._requested:
            self._requested = True
            print("requested", flush=True)
        elif event == "subprocess.Popen" and self._requested and not self._received:
            self._received = True
            print("received", flush=True)


def main() -> None:
    """Install the CLI, or end with one line that contains the reason."""
    root, version = sys.argv[1:]
    socket.setdefaulttimeout(CONNECT_SECONDS)
    sys.addaudithook(Progress())
    try:
        PulumiCommand.install(root=root, version=VersionInfo.parse(version))
    except Exception as error:
        output = getattr(error, "output", b"") or b""
        lines = [line for line in output.decode(errors="replace").splitlines() if line.strip()]
        sys.exit(lines[-1].strip() if lines else str(error))


if __name__ == "__main__":
    main()
