"""Shared by `drain` and `undrain`: print the change, write the stack file, and apply it to the local Azure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tools import draining
from tools.stack import outputs_file, say
from tools.verbs.refusals import RefusedError
from tools.verbs.running import on_local_azure, workspace


def rotate(region: str, stack: str, *, out: bool, local: bool, manifests: Path | None, dry_run: bool) -> int:
    """Take a region out of use or back, and return the exit code of the verb.

    A run that is interrupted is completed by the same command: what is stated already is not stated again, and the rest is
    done as if for the first time.

    Raises:
        RefusedError: it cannot be done.
        SpecError: the stack file has problems.
    """
    here = workspace()
    change = draining.planned(here.stacks, stack, region, out=out)
    for line in draining.report(change):
        print(line)
    if dry_run:
        return 0
    store, spec = here.local / "azure", change.before.spec
    if local and draining.home_is_down(store, spec.registry_home):
        raise RefusedError(
            f"the home region {spec.registry_home} is down, so the registry cannot be changed [ACR-OUTAGE]; the global host "
            "leads elsewhere by itself, and consumers that are pinned to a region can state endpoint: global"
        )
    draining.carry_out(change, here.stacks, stack)
    if change.written:
        say(f"{change.path.name} states it already")
    broken = _applied(stack, store, outputs_file(here, stack)) if local else []
    if broken is None:
        return 1
    if manifests is not None:
        _write(stack, here.stacks, _outputs(outputs_file(here, stack)), manifests)
    _tell(region, stack, broken, out=out, local=local, manifests=manifests)
    return int(bool(broken))


def _applied(stack: str, store: Path, outputs: Path) -> list[str] | None:
    """Run `up` on the local Azure, and return the pulls that it broke; None if it failed."""
    watching = draining.watched(store, _outputs(outputs))
    code = on_local_azure("up", stack)
    broken = draining.lost(watching, _outputs(outputs))
    return None if code else broken


def _outputs(file: Path) -> Mapping[str, Any]:
    return json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}


def _write(stack: str, directory: Path, outputs: Mapping[str, Any], out: Path) -> None:
    from stacks.loader import load
    from stacks.manifests.render import render
    from stacks.manifests.write import write

    for path in write(render(load(stack, directory=directory), outputs), out):
        print(path)


def _tell(region: str, stack: str, broken: list[str] | None, *, out: bool, local: bool, manifests: Path | None) -> None:
    undo = f"./moorings {'undrain' if out else 'drain'} {region} {stack}{' --local' if local else ''}"
    for line in broken or ():
        say(line)
    if broken:
        say(f"pulls were lost; `{undo}` takes the change back")
        return
    if local:
        say("no pull was lost, after the change or during it")
    else:
        say(f"next: `pulumi up --stack {stack}`")
    if manifests is None:
        say(f"then `./moorings manifests {stack} --out DIR` and `kubectl apply -k` for each cluster")
        say("clients sign in to each host anew; the kubelet of AKS does it by itself")
    say(f"`{undo}` takes it back")
