"""Adoption as a person does it: what Azure shows is saved, the state is thrown away, and the resources are imported."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from local_azure.loading.listings import Listing, read_listing
from local_azure.plugin.sessions import DEFAULT_SUBSCRIPTION
from tests.engine import Outcome, Rehearsal, outcome
from tools.adopt.adoption import Adoption, Wanted, adopt
from tools.adopt.reading import read
from tools.adopt.settling import settle
from tools.local_services import ROOT
from tools.preflight import arm

PROGRAM = "from pathlib import Path\nfrom stacks.program import main\nmain(Path('stacks'))\n"


def saved(running: Rehearsal, file: Path) -> Listing:
    """What the local Azure shows, through a file that holds nothing else."""
    shown = read(arm.local(running.azure.url, DEFAULT_SUBSCRIPTION))
    file.write_text(json.dumps({"value": [each.body for each in shown]}), encoding="utf-8")
    return read_listing([file])


def without_its_state(running: Rehearsal) -> None:
    """Throw away all that the engine knows of the stack."""
    shutil.rmtree(running.engine.workspace.local / "state")
    shutil.copy(ROOT / "stacks" / "_base.yaml", running.stack_file.with_name("_base.yaml"))
    (running.program / "__main__.py").write_text(PROGRAM, encoding="utf-8")


def described(running: Rehearsal, listing: Listing, wanted: Wanted) -> Adoption:
    """Describe what is shown, in the stack file of the stack."""
    found = adopt(listing, wanted)
    running.stack_file.write_text(found.stack_file(), encoding="utf-8")
    return found


def imported(running: Rehearsal, found: Adoption) -> Outcome:
    """Import the resources by the import file, and settle the state."""
    running.engine.prepare()
    file = running.engine.workspace.local / "imports.json"
    file.write_text(found.imports(running.engine.stack), encoding="utf-8")
    flags = ("--file", str(file), "--generate-code=false", "--skip-preview", "--color", "never")
    done = running.engine.operate("import", *flags, events=True)
    running.engine.replace_state(settle(running.export(), found.planned).state)
    return outcome(done)
