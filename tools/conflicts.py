"""What to do about a resource that an `up` was to make and that is there already: the command that imports it.

It is there because an earlier run made it and was cut off before it could note that, or because somebody else made it.
On the local Azure `tools.recovery` takes over the former; on real Azure only the user can tell the two apart.
"""

from __future__ import annotations

import contextlib
import shlex
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from tools.engine import read_events
from tools.recovery import already_there

_STACK_TYPE = "pulumi:pulumi:Stack"
_TAKE_A_VALUE = frozenset(
    ["-C", "--cwd", "--color", "--memprofilerate", "--otel-traces", "--profiling", "--tracing", "-v", "--verbose"]
)
"""Flags of the CLI that may stand before the command and whose value is the next word (`pulumi --help` of 3.250)."""


def import_commands(events: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Return ARM id → `pulumi import …` for each creation that an event log sees fail because the resource is there.

    The command names the parent and the provider of the resource, which are part of its URN and of its state.
    """
    events = tuple(events)
    found: dict[str, str] = {}
    made = {data["urn"]: data.get("new") or {} for each in events if (data := _metadata(each))}
    for urn, arm_id in already_there(events).items():
        stack, _, types, name = urn.removeprefix("urn:pulumi:").split("::", 3)
        words = ["pulumi", "import", types.rpartition("$")[2], name, arm_id, "--stack", stack]
        parent, provider = made.get(urn, {}).get("parent", ""), made.get(urn, {}).get("provider", "")
        if parent and parent.split("::")[2] != _STACK_TYPE:
            words += ["--parent", f"parent={parent}"]
        if provider:
            words += ["--provider", f"provider={provider.rpartition('::')[0]}"]
        # What is imported is protected unless one says otherwise, and the code is there.
        found[arm_id] = shlex.join([*words, "--protect=false", "--generate-code=false"])
    return found


def _metadata(event: Mapping[str, Any]) -> Mapping[str, Any] | None:
    return (event.get("resourcePreEvent") or {}).get("metadata")


@contextlib.contextmanager
def advice(arguments: Sequence[str], say: Callable[[str], None]) -> Iterator[tuple[list[str], dict[str, str]]]:
    """Give the arguments and the environment by which an `up` logs its events; afterwards say what to import.

    Another command of the CLI gets its arguments as they are.

    Args:
        arguments: of the CLI.
        say: gets a line for each resource that was there already.
    """
    place = _command(arguments)
    logs = any(word == "--event-log" or word.startswith("--event-log=") for word in arguments)
    if place is None or arguments[place] not in {"up", "update"} or logs:
        yield list(arguments), {}
        return
    with tempfile.TemporaryDirectory(prefix="moorings-") as folder:
        log = Path(folder) / "events.json"
        extra = ["--event-log", str(log)]
        # The flag is one of those for looking into the engine, and hidden without this.
        yield [*arguments[: place + 1], *extra, *arguments[place + 1 :]], {"PULUMI_DEBUG_COMMANDS": "true"}
        for arm_id, command in import_commands(read_events(log)).items():
            say(f"{arm_id} is there and not in the state; if a run that was cut off made it: {command}")


def _command(arguments: Sequence[str]) -> int | None:
    """Return the place of the first word that is neither a flag nor the value of one."""
    is_value = False
    for place, word in enumerate(arguments):
        if not is_value and not word.startswith("-"):
            return place
        is_value = not is_value and word in _TAKE_A_VALUE
    return None
