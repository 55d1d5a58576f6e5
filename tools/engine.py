"""The Pulumi engine on a workspace of its own: its state, its home and its copy of the stack file lie in one folder.

Nothing outside that folder is written: neither the user's `~/.pulumi`, nor the project's stack files.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tools import processes, stack_file
from tools.local_services import without_proxies

_INTERRUPT_GRACE_SECONDS = 60.0
_LASTING = ("up", "destroy")

PROTECTED = ("is currently marked for protection", "because it is protected")
"""Messages of the engine for a protected resource that would be replaced or deleted."""

WRONG_PASSPHRASE = "incorrect passphrase"


class EngineError(Exception):
    """The engine refused or failed; `output` holds what it printed."""

    def __init__(self, command: str, output: str) -> None:
        said = [line.strip() for line in output.splitlines() if line.strip()]
        errors = [line for line in said if line.startswith("error:")] or said[-1:]
        super().__init__(f"pulumi {command} failed: {errors[0] if errors else 'no output'}")
        self.output = output


class LostStateError(Exception):
    """What the local engine keeps of a stack cannot be read any more; the message is one line and says what to do."""


ANEW = "run `make clean`, which removes the local Azure with its state, and then `make up`"
"""Remedy for lost local state, which is a rehearsal only."""


@dataclass(frozen=True)
class Workspace:
    """Where a project lies and where its local state goes.

    Attributes:
        project: folder of Pulumi.yaml.
        stacks: folder of the stack files.
        local: folder of everything that a run writes.
        pulumi: the CLI's executable.
    """

    project: Path
    stacks: Path
    local: Path
    pulumi: Path

    @property
    def name(self) -> str:
        """The project, as Pulumi.yaml names it."""
        for line in (self.project / "Pulumi.yaml").read_text(encoding="utf-8").splitlines():
            if line.startswith("name:"):
                return line.removeprefix("name:").split("#")[0].strip(" \"'")
        raise ValueError(f"{self.project}/Pulumi.yaml states no name")


@dataclass(frozen=True)
class Finished:
    """How a command of the engine ended: its exit code, what it printed, and its events if they were asked for."""

    code: int
    output: str
    events: tuple[Mapping[str, Any], ...] = ()

    @property
    def killed(self) -> bool:
        """Whether a SIGKILL ended the engine: the system does that when memory runs out."""
        return self.code == 128 + signal.SIGKILL

    @property
    def changes(self) -> dict[str, int]:
        """Resources by operation, as the engine counts them: create, update, delete, replace, same and more."""
        for event in reversed(self.events):
            if "summaryEvent" in event:
                return dict(event["summaryEvent"].get("resourceChanges") or {})
        return {}

    @property
    def plan(self) -> dict[str, Any] | None:
        """The document of `preview --json`, which other output may surround; None without one."""
        start = self.output.find("{\n")
        try:
            return json.JSONDecoder().raw_decode(self.output[start:])[0] if start >= 0 else None
        except ValueError:
            return None


@dataclass
class Engine:
    """One stack of a workspace, driven through the CLI without anybody at the keyboard.

    Attributes:
        workspace: where it lies.
        stack: name of the stack.
        environment: variables added to what the engine and the program see, such as `PULUMI_DEBUG_PROVIDERS`.
    """

    workspace: Workspace
    stack: str
    environment: dict[str, str] = field(default_factory=dict)
    _running: subprocess.Popen[str] | None = field(default=None, init=False)
    _interrupted: bool = field(default=False, init=False)

    @property
    def state_file(self) -> Path:
        """The file in which the engine keeps this stack's state."""
        return self.workspace.local / "state" / ".pulumi" / "stacks" / self.workspace.name / f"{self.stack}.json"

    @property
    def lock_folder(self) -> Path:
        """The folder in which the engine locks this stack, one file a lock."""
        locks = self.workspace.local / "state" / ".pulumi" / "locks"
        return locks / "organization" / self.workspace.name / self.stack

    @property
    def event_log(self) -> Path:
        """The events of the last operation that could change the stack, which the recovery of the next run reads."""
        return self.workspace.local / f"{self.stack}-events.json"

    @property
    def config_file(self) -> Path:
        """The copy of the stack file that the engine is given."""
        return self.workspace.local / f"Pulumi.{self.stack}.yaml"

    def prepare(self) -> tuple[int, ...]:
        """Make the local stack if it is not there, and copy the stack file for this run.

        Returns:
            The stack file's lines that hold secrets which only another key opens; the copy has a placeholder there.

        Raises:
            StackFileError: there is no such stack file, or it cannot be read.
            LostStateError: the stack is there, and cannot be read or opened.
            EngineError: the engine cannot make the stack.
        """
        text = stack_file.text_of(stack_file.find(self.workspace.stacks, self.stack))
        scratch = self.workspace.local / "scratch"
        for folder in (scratch, self.workspace.local / "home", self.workspace.local / "state"):
            folder.mkdir(parents=True, exist_ok=True)
        self._passphrase_file()
        if not self.state_file.exists():
            # The scratch project takes what the engine writes beside a project on `init`.
            project = f"name: {self.workspace.name}\nruntime: python\n"
            write(scratch / "Pulumi.yaml", project)
            (scratch / f"Pulumi.{self.stack}.yaml").unlink(missing_ok=True)
            self.query("stack", "init", self.stack, "--no-select", cwd=scratch)
        copy = stack_file.local_copy(text, self._salt(scratch))
        write(self.config_file, copy.text)
        return copy.secret_lines

    def operate(
        self, command: str, *flags: str, on_line: Callable[[str], None] = lambda _: None, events: bool = False
    ) -> Finished:
        """Run `up`, `preview`, `destroy` or `refresh` and hand on its output line by line.

        Args:
            command: the engine's command.
            flags: further flags.
            on_line: gets each line of what it prints, as it comes.
            events: also collect the engine's event log.
        """
        extra: list[str] = []
        log = self.event_log if command != "preview" else self.workspace.local / f"{self.stack}-preview-events.json"
        if events:
            log.unlink(missing_ok=True)
            extra = ["--event-log", str(log)]
        # `preview` has nothing to confirm; the local providers need no downloading ahead.
        extra += [] if command == "preview" else ["--yes"]
        lines: list[str] = []
        given = ["--stack", self.stack, "--config-file", str(self.config_file), "--skip-plugin-pre-install"]
        with self._process([command, *given, *extra, *flags]) as process:
            assert process.stdout is not None
            for line in process.stdout:
                lines.append(line)
                on_line(line)
            code = process.wait()
        return Finished(code, "".join(lines), read_events(log) if events else ())

    def query(self, *arguments: str, cwd: Path | None = None) -> str:
        """Run a command that answers on standard output, and return the answer.

        Raises:
            EngineError: it failed.
        """
        self._go_on()
        answer = subprocess.run(
            [str(self.workspace.pulumi), *arguments, "--non-interactive", "--color", "never"],
            cwd=cwd or self.workspace.project,
            env=self.variables(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        self._go_on()
        if answer.returncode and WRONG_PASSPHRASE in answer.stderr:
            raise LostStateError(f"{self.workspace.local / 'passphrase'} does not decrypt stack {self.stack}: {ANEW}")
        if answer.returncode:
            raise EngineError(" ".join(arguments[:2]), answer.stderr + answer.stdout)
        return answer.stdout

    def outputs(self) -> dict[str, Any]:
        """Return the stack's outputs; a secret one reads `[secret]`."""
        return json.loads(self.query("stack", "output", "--json", "--stack", self.stack))

    def export(self) -> dict[str, Any]:
        """Return the stack's state as the engine exports it; secrets stay encrypted."""
        return json.loads(self.query("stack", "export", "--stack", self.stack))

    def protected(self) -> int:
        """Return how many resources of the stack the engine refuses to delete."""
        return sum(bool(resource.get("protect")) for resource in self.resources())

    def resources(self) -> list[dict[str, Any]]:
        """Return the resources of the state as it lies on disk."""
        return self._saved().get("resources") or []

    def lift_protection(self) -> int:
        """Let every resource of the stack be deleted, and return how many were protected."""
        protected = self.protected()
        if protected:
            self.query("state", "unprotect", "--all", "--yes", "--stack", self.stack)
        return protected

    def replace_state(self, state: Mapping[str, Any]) -> None:
        """Put an edited export in the place of the stack's state.

        Secrets of a state that names no secrets provider are encrypted with the stack's own key.

        Raises:
            EngineError: the engine finds the state inconsistent; the old one stays.
        """
        own = {"type": "passphrase", "state": {"salt": stack_file.salt_in(self.config_file)}}
        deployment = {"secrets_providers": own, **state["deployment"]}
        edited = self.workspace.local / f"{self.stack}-state.json"
        write(edited, json.dumps({**state, "deployment": deployment}))
        try:
            self.query("stack", "import", "--stack", self.stack, "--file", str(edited.absolute()))
        finally:
            edited.unlink()

    def interrupt(self) -> None:
        """Pass a Ctrl-C on to a running operation, which then finishes what it has begun and saves its state.

        Nothing is begun afterwards: the next operation or question raises KeyboardInterrupt.
        """
        self._interrupted = True
        if self._running is not None:
            processes.interrupt(self._running)

    @contextlib.contextmanager
    def _process(self, arguments: Sequence[str]) -> Iterator[subprocess.Popen[str]]:
        # Blocked until there is somebody to hand it on to: an interrupt is neither lost nor handed on twice.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGINT, signal.SIGTERM))
        try:
            self._go_on()
            process = self._running = processes.start(
                [str(self.workspace.pulumi), *arguments, "--non-interactive"],
                cwd=self.workspace.project,
                environment=self.variables(),
                stop_signal=signal.SIGINT,
                grace_seconds=_INTERRUPT_GRACE_SECONDS,
            )
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
        try:
            yield process
        finally:
            self._running = None
            processes.stop(process)

    def _go_on(self) -> None:
        if self._interrupted:
            raise KeyboardInterrupt

    def variables(self) -> dict[str, str]:
        """Return the whole environment of the CLI, in which nothing points at the user's own backend."""
        # The user's own settings of the engine (login, organisation, options) belong to the real Azure.
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("PULUMI_")}
        local = self.workspace.local.absolute()
        return {
            # The engine's heap is small and its garbage much: it writes its whole state at every step.
            "GOGC": "400",
            **without_proxies(inherited),
            "PATH": os.pathsep.join([str(self.workspace.pulumi.absolute().parent), os.environ.get("PATH", "")]),
            "PULUMI_HOME": str(local / "home"),
            # Nobody reads the sidecar of attributes that each of the engine's many writes would bring.
            "PULUMI_BACKEND_URL": (local / "state").as_uri() + "?metadata=skip",
            "PULUMI_CONFIG_PASSPHRASE_FILE": str(local / "passphrase"),
            "PULUMI_DEBUG_COMMANDS": "true",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            "PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS": "true",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            **self.environment,
        }

    def _passphrase_file(self) -> None:
        path = self.workspace.local / "passphrase"
        if path.exists():
            return
        if self.state_file.exists():
            raise LostStateError(
                f"{path} is missing, and stack {self.stack} cannot be decrypted without it: restore it, or {ANEW}"
            )
        write(path, secrets.token_urlsafe(32))

    def _salt(self, scratch: Path) -> str | None:
        salt = stack_file.salt_in(scratch / f"Pulumi.{self.stack}.yaml")
        if salt is None:
            salt = ((self._saved().get("secrets_providers") or {}).get("state") or {}).get("salt")
        return salt

    def _saved(self) -> dict[str, Any]:
        return read_state(self.state_file)

    def restore(self) -> bool:
        """Put the state before the last write in the place of one that cannot be read; tell whether that was needed.

        Raises:
            LostStateError: that one cannot be read either.
        """
        try:
            self._saved()
        except LostStateError:
            kept = self.state_file.with_name(f"{self.state_file.name}.bak")
            if not kept.exists() or not read_state(kept):
                raise
            self.state_file.unlink()
            shutil.copy(kept, self.state_file)
            return True
        return False


def read_state(state_file: Path) -> dict[str, Any]:
    """Return the deployment in a state file of the engine's; empty where there is none yet.

    Raises:
        LostStateError: the file cannot be read, or holds no state.
    """
    try:
        return json.loads(state_file.read_text(encoding="utf-8"))["checkpoint"].get("latest") or {}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is truncated or corrupt"
        raise LostStateError(f"{state_file} cannot be read ({reason}): {ANEW}") from None


def read_events(log: Path) -> tuple[Mapping[str, Any], ...]:
    """Return the events of a log; of one whose writer was killed, those before the line that it did not finish."""
    found: list[Mapping[str, Any]] = []
    with contextlib.suppress(FileNotFoundError, ValueError), log.open(encoding="utf-8") as stream:
        for line in stream:
            found.append(json.loads(line))
    return tuple(found)


def write(path: Path, text: str, mode: int = 0o600) -> None:
    """Write a file whole or not at all."""
    draft = path.with_name(f"{path.name}.part")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(text)
    draft.replace(path)
