"""Takes a region of a registry out of use and back: what changes for whom, the stack file, and the check that pulls work."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local_azure import history, outages
from local_azure.store import Store, present
from planning.image_hosts import GLOBAL, Rotation
from stacks.image_pulls import ImagePull, image_pulls
from stacks.loader import Stack, load
from tools.engine import write
from tools.pull_request import pulls
from tools.stack_edit import NotEditableError, drained, with_drained
from tools.stack_file import find, text_of
from tools.verbs.refusals import RefusedError


@dataclass(frozen=True)
class Drain:
    """A change of which regions are drained.

    Attributes:
        before: the stack as it is.
        after: the rotation that the change leads to.
        path: the stack file.
        text: the file after the change.
    """

    before: Stack
    after: Rotation
    path: Path
    text: str

    @property
    def written(self) -> bool:
        """Whether the file states the change already, as after a run that was interrupted."""
        return self.after.drained == self.before.spec.rotation.drained


def planned(directory: Path, name: str, region: str, *, out: bool) -> Drain:
    """Return the change that takes a region out of use, or back.

    Args:
        directory: folder of the stack files.
        name: the stack.
        region: the region.
        out: whether it is drained; otherwise it returns.

    Raises:
        RefusedError: the stack has no such region, it would be the last in global routing, or another file states it.
        SpecError: the stack file has problems of its own.
    """
    path = find(directory, name)
    stack, text = load(name, directory=directory), text_of(path)
    spec = stack.spec
    regions = {spec.registry_home, *spec.replicas} if spec.registry else set()
    if region not in regions:
        there = ", ".join(sorted(regions)) or "no registry"
        raise RefusedError(f"the registry of stack {name} has no replica in {region}; there is: {there}")
    stated, known = drained(text), spec.rotation.drained
    if set(stated) != known:
        raise RefusedError(f"registry.drained is stated in another file than {path.name}; state it in {path.name} only")
    if out and not spec.routed - known - {region}:
        raise RefusedError(
            f"{region} is the last region in global routing, and the global host would lead nowhere; undrain another region "
            "first [ACR-DRAIN]"
        )
    wanted = [each for each in stated if each != region] + ([region] if out else [])
    wanted = stated if out and region in stated else wanted
    try:
        changed = with_drained(text, wanted)
    except NotEditableError as error:
        raise RefusedError(f"{path.name}: {error}") from None
    return Drain(stack, Rotation(frozenset(wanted), spec.rotation.fallbacks), path, changed)


def carry_out(drain: Drain, directory: Path, name: str) -> None:
    """Write the stack file; it is as before if the result has problems.

    Raises:
        SpecError: the stack that the change leads to is refused.
    """
    if drain.written:
        return
    before = drain.path.read_text(encoding="utf-8")
    mode = drain.path.stat().st_mode & 0o777
    write(drain.path, drain.text, mode)
    try:
        load(name, directory=directory)
    except BaseException:
        write(drain.path, before, mode)
        raise


def report(drain: Drain) -> Iterator[str]:
    """Yield who pulls from where after the change, what each region carries then, and what does not fail over."""
    spec, plan = drain.before.spec, drain.before.plan
    now, routed = spec.rotation, sorted(spec.routed - drain.after.drained)
    found = list(image_pulls(spec, plan))
    rows = [(pull, _place(drain, pull, now), _place(drain, pull, drain.after)) for pull in found]
    for pull, before, after in rows:
        yield f"{pull.name} ({pull.region}): {_host(drain, before)}{'' if after == before else f' -> {_host(drain, after)}'}"
    yield f"the global host leads to {', '.join(routed)}"
    for place in sorted({after for _, _, after in rows}):
        yield _load(place, [(pull, before) for pull, before, after in rows if after == place], routed)
    yield (
        "a regional host does not fail over, and no host does because of throttling (HTTP 429): limits are per replica "
        "[ACR-FAILOVER]"
    )


def _place(drain: Drain, pull: ImagePull, rotation: Rotation) -> str:
    """The region that a consumer is pinned to, or `global`."""
    spec = drain.before.spec
    if pull.choice == GLOBAL or not (spec.registry and spec.registry.regional_endpoints):
        return GLOBAL
    place = rotation.place(pull.region)
    return place if place in {spec.registry_home, *spec.replicas} else GLOBAL


def _host(drain: Drain, place: str) -> str:
    known = drain.before.plan.endpoints
    if known is None:
        return "the global host" if place == GLOBAL else f"the regional host of {place}"
    return known.regional.get(place, known.global_)


def _load(place: str, rows: list[tuple[ImagePull, str]], routed: list[str]) -> str:
    """What a place carries: its consumers, how many are new there, and how many instances may pull at once."""
    counted = [pull.instances for pull, _ in rows]
    most = sum(filter(None, counted))
    moved = sum(before != place for _, before in rows)
    where = f"the global host ({', '.join(routed)})" if place == GLOBAL else place
    uncounted = f", and {counted.count(None)} without a maximum" if None in counted else ""
    return f"{where} carries {len(rows)} consumers, {moved} of them moved there, of at most {most} instances{uncounted}"


def home_is_down(store: Path, home: str) -> bool:
    """Tell whether the home region of the registry is down on a local Azure; False without one."""
    if not present(store):
        return False
    opened = Store(store)
    try:
        return home in outages.down(opened.connection)
    finally:
        opened.close()


def watched(store: Path, outputs: Mapping[str, Any]) -> pulls.Watch:
    """Begin to record the local Azure, to tell afterwards which pulls a change broke."""
    opened = Store(store)
    try:
        history.forget(opened.connection)
    finally:
        opened.close()
    return pulls.watch(store, _state(outputs))


def lost(watching: pulls.Watch, outputs: Mapping[str, Any]) -> list[str]:
    """Return a line for each pull that the change broke, if only for a while, and end the recording."""
    found = [
        f"{each.consumer} cannot {each.action} {each.image}: {each.reason}{f' (until {each.ended})' if each.ended else ''}"
        for each in pulls.lost(watching, _state(outputs))
    ]
    opened = Store(watching.store)
    try:
        history.forget(opened.connection)
    finally:
        opened.close()
    return found


def _state(outputs: Mapping[str, Any]) -> Mapping[str, Any]:
    """The outputs of a stack in the form of an exported state."""
    return {"deployment": {"resources": [{"type": "pulumi:pulumi:Stack", "outputs": dict(outputs)}]}}
