"""Runs `up`, `preview`, `policy`, `refresh`, `drift` and `down` for one stack on the local Azure."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import FrameType

from local_azure.store import present
from tools import change_rules, pulls
from tools.destructive import destructive
from tools.engine import PROTECTED, START_OVER, WRONG_PASSPHRASE, Engine, Finished, LostStateError, Workspace, write
from tools.local_services import ROOT, LocalAzure, local_azure, resource_ids
from tools.pull_request.ledger import ledger
from tools.recovery import recover
from tools.stack_names import require_own_names
from tools.summary import summary

_COMMANDS: dict[str, tuple[str, ...]] = {
    "up": ("up", "--skip-preview", "--suppress-outputs"),
    "preview": ("preview",),
    "policy": ("preview", "--suppress-outputs", "--policy-pack", str(ROOT / "policies")),
    "refresh": ("refresh", "--skip-preview", "--suppress-outputs"),
    "drift": ("preview", "--refresh", "--expect-no-changes", "--diff", "--suppress-outputs"),
    "down": ("destroy", "--skip-preview"),
}
"""Command of the engine for each command, with its flags."""

_READ_ONLY = frozenset({"preview", "policy", "drift"})
IN_USE = ("InUsePrefixCannotBeDeleted", "InUseSubnetCannotBeDeleted")
"""Codes by which Azure refuses to change the range of a subnet in use, or to delete it."""

_COLORS = re.compile(r"\x1b\[[0-9;]*m")
_WARNING_OF_A_STEP = re.compile(r"\W*[^\s:]+:[^\s:]+:\S+ \S+ (?:.* )?warning: ")
"""A line of a step with a warning: the engine prints it immediately, and again in its diagnostics."""


Show = Callable[[str], None]
"""Prints a text as it is, with its line ends."""


def on_stdout(text: str) -> None:
    """Print a text on standard output immediately."""
    print(text, end="", flush=True)


def say(text: str, show: Show = on_stdout) -> None:
    """Print a line of the runner."""
    show(f"moorings: {text}\n")


def run(
    command: str,
    workspace: Workspace,
    stack: str,
    time_scale: float = 0.0,
    arguments: Sequence[str] = (),
    variables: Mapping[str, str] | None = None,
    standins: Sequence[Path] = (),
) -> int:
    """Run one command of the engine on a stack, with a local Azure that runs until it ends.

    Args:
        command: `up`, `preview`, `policy`, `refresh`, `drift` or `down`.
        workspace: the folders of the project and of its local state.
        stack: name of the stack.
        time_scale: multiplies every delay.
        arguments: additional arguments of the engine's command.
        variables: additional environment variables of the engine and the program.
        standins: saved listings and exported states of resources made elsewhere.

    Returns:
        The engine's exit code.
    """
    engine = Engine(workspace, stack, dict(variables or {}))
    if command != "down":
        require_own_names(workspace, stack)
    prepare(engine, without_file=command == "down")
    if command in _READ_ONLY:
        _require_store(engine)
    if command != "down":
        _surround(engine, standins)
    log = workspace.local / "local-azure.log"
    with (
        local_azure(workspace.local / "azure", log, time_scale=time_scale) as azure,
        interruptions(engine.interrupt),
    ):
        engine.environment |= variables_of(azure, time_scale)
        return operate(command, engine, azure, arguments).code


def prepare(engine: Engine, show: Show = on_stdout, *, without_file: bool = False) -> None:
    """Prepare a stack for a command: restore an unreadable state, create the stack, and copy its file.

    Args:
        engine: the stack.
        show: called with each line of output.
        without_file: whether the copy of the last run is enough if the stack has no file.
    """
    if engine.restore():
        say(f"{engine.state_file} could not be read: the state before the last write is restored", show)
    file = engine.workspace.stacks / f"Pulumi.{engine.stack}.yaml"
    if without_file and not file.exists() and engine.state_file.exists() and engine.config_file.exists():
        say(f"stacks/{file.name} is missing: what the last run deployed is deleted", show)
        return
    secret_lines = engine.prepare()
    if secret_lines:
        lines = ", ".join(str(line) for line in secret_lines)
        say(f"stacks/{file.name}:{lines}: secrets of another key, replaced by a placeholder for the local run", show)


def _require_store(engine: Engine) -> None:
    """Refuse to compare a state with a local Azure that is not there any more; other commands repair the state."""
    store = engine.workspace.local / "azure"
    if not present(store) and any(str(each.get("id")).startswith("/subscriptions/") for each in engine.resources()):
        raise LostStateError(
            f"{store} is missing, which had the resources of stack {engine.stack}: run ./moorings up {engine.stack}, which "
            "creates them again"
        )


def variables_of(azure: LocalAzure, time_scale: float) -> dict[str, str]:
    """Return the variables by which the engine and the program use a local Azure."""
    return {"PULUMI_DEBUG_PROVIDERS": azure.debug_providers, "MOORINGS_TIME_SCALE": f"{time_scale:g}"}


def _surround(engine: Engine, files: Sequence[Path]) -> None:
    """Put stand-ins for resources made elsewhere into the local Azure, and pass the outputs of other stacks to the program."""
    from tools.standins import context_of, place  # noqa: PLC0415 - reads the description, which `down` need not

    here = engine.workspace
    context = context_of(here, files)
    engine.environment |= context.variables(engine.stack, here.local)
    for line in place(here.local / "azure", engine.stack, context):
        say(line)


def operate(
    command: str, engine: Engine, azure: LocalAzure, arguments: Sequence[str] = (), show: Show = on_stdout
) -> Finished:
    """Run one command on a prepared stack whose environment has the variables of a local Azure.

    Args:
        command: a command of `run`.
        engine: the stack.
        azure: the local Azure.
        arguments: additional arguments of the engine's command.
        show: prints a text as it is.

    Returns:
        The engine's last operation; its exit code is that of the command.
    """
    # Recovery writes the state, which read-only commands must not do.
    if command not in _READ_ONLY:
        recover(engine, lambda: resource_ids(azure.store), lambda text: say(text, show))
    if command == "down":
        lifted = engine.lift_protection()
        if lifted:
            what = "1 protected resource is" if lifted == 1 else f"{lifted} protected resources are"
            say(f"{what} deleted too, because the local Azure is a rehearsal only", show)
    flags = ["--color", colors()]
    if command == "up" and engine.protected():
        # An update refuses to delete a protected resource only after it has deleted the resources that depend on it.
        preview = engine.operate("preview", *flags)
        if preview.code:
            show(preview.output)
            _report_end(preview, engine.stack, azure, show)
            return preview
    name, *own = _COMMANDS[command]
    # After a destroy, the engine suggests a command that would act on the user's own backend.
    tail = Tail(show, ends_with="Duration:" if command == "down" else "")
    # The events list what a preview would delete, and the recovery of the next run needs them.
    finished = engine.operate(name, *flags, *own, *arguments, on_line=tail.line, events=True)
    judged = _judge_change(engine, finished, azure, show) if command == "policy" else 0
    last = _outputs(engine, azure, show) if command == "up" and finished.code == 0 else []
    tail.release()
    if command == "down" and finished.code == 0:
        outputs_file(engine.workspace, engine.stack).unlink(missing_ok=True)
    if command in {"preview", "policy"} or (command == "up" and finished.code == 0):
        last = [*destructive(finished.events, done=command == "up"), *last]
    for line in last:
        say(line, show)
    _report_end(finished, engine.stack, azure, show)
    return replace(finished, code=finished.code or judged)


def _outputs(engine: Engine, azure: LocalAzure, show: Show) -> list[str]:
    """Save and show the outputs of a stack after `up`, and return the lines on what pulls from its registry."""
    outputs = engine.outputs()
    write(outputs_file(engine.workspace, engine.stack), json.dumps(outputs, indent=1, sort_keys=True) + "\n")
    show("".join(f"{line}\n" for line in [*summary(outputs), ""]))
    say(f"all outputs are in {outputs_file(engine.workspace, engine.stack)}", show)
    return list(pulls.lines(azure.store, outputs))


def _judge_change(engine: Engine, preview: Finished, azure: LocalAzure, show: Show) -> int:
    from policies.fronts.pack import REPORT_VARIABLE  # noqa: PLC0415 - importing the policy pack takes a second, and most verbs do not need it

    def held() -> change_rules.Held:
        return {key: dict(subnet.owners) for key, subnet in ledger(azure.store, azure.url).items()}

    file = engine.environment.get(REPORT_VARIABLE, "")
    return change_rules.evaluate(preview, engine.export(), held, engine.stack, file, lambda text: say(text, show))


def _report_end(finished: Finished, stack: str, azure: LocalAzure, show: Show) -> None:
    """Print after a failure which processes were killed from outside, and the remedies."""
    if not finished.code:
        return
    ended = [*(["the engine"] if finished.killed else []), *azure.ended()]
    for name in ended:
        say(f"{name} was killed, manually or for lack of memory (its log: {azure.log})", show)
    if ended:
        say("run the same command again to continue", show)
    for line in remedies(finished, stack):
        say(line, show)


def remedies(finished: Finished, stack: str) -> Iterator[str]:
    """Yield the remedy if a protected resource, a subnet in use or a changed passphrase stopped the run."""
    if finished.code and any(words in finished.output for words in IN_USE):
        yield "a subnet in use keeps its range and its name: restore the old one, add another,"
        yield "move its resources in one `up`, and remove the old subnet in the next"
    if finished.code and any(words in finished.output for words in PROTECTED):
        path = f"stacks/Pulumi.{stack}.yaml"
        yield f"protected resources were not changed; to replace one, state protect: false for it in {path} in the same change;"
        yield "to delete it, state that first, run `up`, and then remove it"
    if finished.code and WRONG_PASSPHRASE in finished.output:
        yield f"the passphrase of stack {stack} has changed: {START_OVER}"


def colors() -> str:
    """Return the engine's color option: colors on a terminal only, and not if NO_COLOR is set."""
    return "always" if sys.stdout.isatty() and not os.environ.get("NO_COLOR") else "never"


def outputs_file(workspace: Workspace, stack: str) -> Path:
    """Return the file that holds a stack's outputs after `up`."""
    return workspace.local / f"{stack}-outputs.json"


class Tail:
    """Passes lines on without duplicate warnings, and holds the engine's closing summary until it is released.

    `ends_with` is the beginning of the last line of the summary, after which lines are omitted; if empty, none is omitted.
    """

    def __init__(self, show: Callable[[str], None], ends_with: str = "") -> None:
        self._show = show
        self._ends_with = ends_with
        self._kept: list[str] = []

    def line(self, text: str) -> None:
        """Process one line of the engine's output."""
        plain = _COLORS.sub("", text)
        if self._kept or plain.rstrip() == "Resources:":
            self._kept.append(text)
        elif not _WARNING_OF_A_STEP.match(plain):
            self._show(text)

    def release(self) -> None:
        """Show the lines that were held."""
        for text in self._kept:
            self._show(text)
            if self._ends_with and _COLORS.sub("", text).startswith(self._ends_with):
                break
        self._kept = []


@contextlib.contextmanager
def interruptions(interrupt: Callable[[], None]) -> Iterator[None]:
    """Call a function on Ctrl-C instead of ending, so that the engine completes its pending steps and saves the state."""

    def forward(_number: int, _frame: FrameType | None) -> None:
        interrupt()

    before = {number: signal.signal(number, forward) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
