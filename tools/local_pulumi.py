"""The Pulumi CLI on the local Azure: any command of it, for any program, with state in `.pulumi-local`.

`python -m tools.local_pulumi package get-schema azure-native` and the like. The command runs in the caller's folder;
the local Azure and the bridge last as long as it does.
"""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tools import provider_plugin
from tools.engine import Engine, EngineError, Workspace
from tools.local_services import ROOT, local_azure
from tools.processes import ServiceError
from tools.provision import cli
from tools.stack import BusyError, one_run
from tools.stack_file import StackFileError

_STACK = "local"


def main() -> int:
    """Run the CLI with the arguments of the command line; returns its exit code, or 1 after one line of what is wrong."""
    try:
        workspace = Workspace(ROOT, ROOT / "stacks", ROOT / ".pulumi-local", cli.chosen(ROOT))
        with one_run(workspace.local):
            return run(workspace, sys.argv[1:], Path.cwd())
    except EngineError as error:
        print(f"moorings: {error}", file=sys.stderr)
    except (BusyError, LookupError, ServiceError, StackFileError) as error:
        print(f"moorings: {error.args[0]}", file=sys.stderr)
    except KeyboardInterrupt:
        print("moorings: stopped", file=sys.stderr)
        return 130
    return 1


def run(workspace: Workspace, arguments: Sequence[str], folder: Path) -> int:
    """Run a command of the CLI in a folder, on the local Azure of a workspace, and return its exit code."""
    engine = Engine(workspace, _STACK)
    engine.prepare()
    provider_plugin.install(workspace.local / "home")
    with local_azure(workspace.local / "azure", workspace.local / "local-azure.log") as azure:
        engine.environment["PULUMI_DEBUG_PROVIDERS"] = azure.debug_providers
        command = [str(workspace.pulumi.absolute()), *arguments]
        # In our process group, so that it may ask at the terminal: a Ctrl-C reaches it there, and we wait for its end.
        process = subprocess.Popen(command, cwd=folder, env=engine.variables())
        handlers = {signal.SIGINT: lambda *_: None, signal.SIGTERM: lambda *_: process.send_signal(signal.SIGINT)}
        before = {number: signal.signal(number, handler) for number, handler in handlers.items()}
        try:
            return process.wait()
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


if __name__ == "__main__":
    sys.exit(main())
