"""Judging what the local Azure accepted by the published ARM types, where the judge is at hand."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tools.local_services import ROOT

JUDGE = ROOT.parent / "shared" / "facts" / "validate_bodies.py"


def requests(store: Path) -> list[dict[str, object]]:
    """Every PUT that a local Azure accepted."""
    command = [sys.executable, "-m", "local_azure", "requests", "--store", str(store)]
    return json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout)


def violations(store: Path) -> list[str]:
    """What the judge says of them, a line each; nothing where there is no judge beside the checkout."""
    bodies = requests(store)
    assert bodies, "the local Azure accepted no PUT: nothing to judge"
    if not JUDGE.exists():
        return []
    judged = subprocess.run(
        [sys.executable, str(JUDGE), "-"], input=json.dumps(bodies), check=False, capture_output=True, text=True
    )
    assert judged.returncode in {0, 1}, judged.stderr
    return judged.stdout.splitlines()
