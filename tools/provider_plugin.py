"""Installs a plugin `azure-native` into a home folder of the Pulumi CLI, for the commands that start a plugin to read its schema.

`pulumi package get-schema`, `add` and `gen-sdk` require an installed plugin and ignore PULUMI_DEBUG_PROVIDERS. This plugin is
installed in the project's own home folder only, because in the user's it would shadow Pulumi's plugin.
"""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

from local_azure.arm_types_build import package_folder, package_version
from tools.engine import write
from tools.local_services import ROOT

_SCRIPT = """#!/bin/sh
PYTHONPATH={root}${{PYTHONPATH:+:$PYTHONPATH}} exec {python} -m local_azure.plugin.schema_server
"""


def install(home: Path) -> Path:
    """Install the plugin into a PULUMI_HOME, and return its path; idempotent."""
    name = "azure-native"
    folder = home / "plugins" / f"resource-{name}-v{package_version(package_folder())}"
    folder.mkdir(parents=True, exist_ok=True)
    script = folder / f"pulumi-resource-{name}"
    text = _SCRIPT.format(root=shlex.quote(str(ROOT)), python=shlex.quote(sys.executable))
    if not script.exists() or script.read_text(encoding="utf-8") != text:
        write(script, text, mode=0o755)
    return script
