"""The official installer, run by the environment's Python: `python -m tools.provision.official ROOT VERSION`.

It tells its parent how far it is, one word a line: `asking` before the first request, `answered` when the installer's
script has come and is being run. The parent gives up when `answered` stays out.
"""

from __future__ import annotations

import socket
import sys
from typing import Any

from pulumi.automation import PulumiCommand
from semver import VersionInfo

from tools.provision.download import CONNECT_SECONDS


class HowFar:
    """An audit hook that says once that a request goes out, and once that a process is started after it."""

    def __init__(self) -> None:
        self._asking = False
        self._answered = False

    def __call__(self, event: str, _arguments: tuple[Any, ...]) -> None:
        """Take one of the interpreter's events; all but two are of no interest."""
        if event == "urllib.Request" and not self._asking:
            self._asking = True
            print("asking", flush=True)
        elif event == "subprocess.Popen" and self._asking and not self._answered:
            self._answered = True
            print("answered", flush=True)


def main() -> None:
    """Install the CLI, or end with one line that says why it could not be."""
    root, version = sys.argv[1:]
    socket.setdefaulttimeout(CONNECT_SECONDS)
    sys.addaudithook(HowFar())
    try:
        PulumiCommand.install(root=root, version=VersionInfo.parse(version))
    except Exception as error:
        output = getattr(error, "output", b"") or b""
        said = [line for line in output.decode(errors="replace").splitlines() if line.strip()]
        sys.exit(said[-1].strip() if said else str(error))


if __name__ == "__main__":
    main()
