"""Runs any command of the Pulumi CLI on the local Azure, for any program, with state in `.pulumi-local`.

The command runs in the caller's folder; the local Azure and the bridge run until it ends.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tools import provider_plugin
from tools.engine import Engine, Workspace
from tools.local_services import local_azure
from tools.pulumi import run_interactive

_STACK = "local"


def run(workspace: Workspace, arguments: Sequence[str], folder: Path) -> int:
    """Run a command of the CLI in a folder with the local Azure of a workspace, and return its exit code."""
    engine = Engine(workspace, _STACK)
    engine.prepare()
    provider_plugin.install(workspace.local / "home")
    with local_azure(workspace.local / "azure", workspace.local / "local-azure.log") as azure:
        engine.environment["PULUMI_DEBUG_PROVIDERS"] = azure.debug_providers
        return run_interactive(workspace.pulumi, arguments, folder, engine.variables())
