"""Judging what the local Azure accepted by Azure's published types."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests import published
from tools.local_services import ROOT


def requests(store: Path) -> list[dict[str, object]]:
    """Every PUT that a local Azure accepted."""
    command = [sys.executable, "-m", "local_azure", "requests", "--store", str(store)]
    return json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout)


def violations(store: Path) -> list[str]:
    """What is wrong with the bodies, a line each."""
    bodies = requests(store)
    assert bodies, "the local Azure accepted no PUT: nothing to judge"
    return published.violations(bodies)
