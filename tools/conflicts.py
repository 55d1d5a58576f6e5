"""Prints the `pulumi import` command for a resource that an `up` tried to create and that already exists.

Either an earlier run created it and was interrupted before it saved its state, or it was created outside the stack.
On the local Azure, `tools.recovery` imports the former; on real Azure, only the user can distinguish the two.
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
"""Flags of the CLI that are allowed before the command and take the next word as value (`pulumi --help` of 3.250)."""


def import_commands(events: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Return ARM id → `pulumi import …` for each creation in an event log that failed because the resource exists.

    The command names the parent and the provider of the resource, which are part of its URN and of its state.
    """
    events = tuple(events)
    found: dict[str, str] = {}
    registered = {data["urn"]: data.get("new") or {} for each in events if (data := _metadata(each))}
    for urn, arm_id in already_there(events).items():
        stack, _, types, name = urn.removeprefix("urn:pulumi:").split("::", 3)
        words = ["pulumi", "import", types.rpartition("$")[2], name, arm_id, "--stack", stack]
        parent, provider = registered.get(urn, {}).get("parent", ""), registered.get(urn, {}).get("provider", "")
        if parent and parent.split("::")[2] != _STACK_TYPE:
            words += ["--parent", f"parent={parent}"]
        if provider:
            words += ["--provider", f"provider={provider.rpartition('::')[0]}"]
        # Imported resources are protected by default, and the program already contains the code.
        found[arm_id] = shlex.join([*words, "--protect=false", "--generate-code=false"])
    return found


def _metadata(event: Mapping[str, Any]) -> Mapping[str, Any] | None:
    return (event.get("resourcePreEvent") or {}).get("metadata")


@contextlib.contextmanager
def advice(arguments: Sequence[str], say: Callable[[str], None]) -> Iterator[tuple[list[str], dict[str, str]]]:
    """Yield arguments and environment variables with which an `up` logs its events; then print what to import.

    The arguments of other commands are unchanged.

    Args:
        arguments: arguments of the CLI.
        say: called with a line for each resource that already exists.
    """
    place = _command(arguments)
    logs = any(word == "--event-log" or word.startswith("--event-log=") for word in arguments)
    if place is None or arguments[place] not in {"up", "update"} or logs:
        yield list(arguments), {}
        return
    with tempfile.TemporaryDirectory(prefix="moorings-") as folder:
        log = Path(folder) / "events.json"
        extra = ["--event-log", str(log)]
        # The flag is available only with this variable.
        yield [*arguments[: place + 1], *extra, *arguments[place + 1 :]], {"PULUMI_DEBUG_COMMANDS": "true"}
        for arm_id, command in import_commands(read_events(log)).items():
            say(f"{arm_id} already exists and is not in the state; if an interrupted run created it, run: {command}")


def _command(arguments: Sequence[str]) -> int | None:
    """Return the index of the first word that is neither a flag nor the value of one."""
    is_value = False
    for place, word in enumerate(arguments):
        if not is_value and not word.startswith("-"):
            return place
        is_value = not is_value and word in _TAKE_A_VALUE
    return None
