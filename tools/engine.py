"""Runs the Pulumi engine in a separate workspace: one folder contains its state, its home and its copy of the stack file.

Nothing outside this folder is changed, neither the user's `~/.pulumi` nor the stack files of the project.
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
    """A command of the engine failed; `output` contains its output."""

    def __init__(self, command: str, output: str) -> None:
        lines = [line.strip() for line in output.splitlines() if line.strip()]
        errors = [line for line in lines if line.startswith("error:")] or lines[-1:]
        super().__init__(f"pulumi {command} failed: {errors[0] if errors else 'no output'}")
        self.output = output


class LostStateError(Exception):
    """The local state of a stack cannot be read; the message is one line that contains the remedy."""


START_OVER = "run `make clean`, which removes the local Azure with its state, and then `make up`"
"""Remedy for lost local state, which belongs to a rehearsal only."""


@dataclass(frozen=True)
class Workspace:
    """The folders of a project and of its local state.

    Attributes:
        project: folder of Pulumi.yaml.
        stacks: folder of the stack files.
        local: folder of all files that a run writes.
        pulumi: the CLI's executable.
    """

    project: Path
    stacks: Path
    local: Path
    pulumi: Path

    @property
    def name(self) -> str:
        """Name of the project in Pulumi.yaml."""
        return project_name(self.project)


def project_name(project: Path) -> str:
    """Return the name of a project in its Pulumi.yaml.

    Raises:
        ValueError: the file states none.
    """
    for line in (project / "Pulumi.yaml").read_text(encoding="utf-8").splitlines():
        if line.startswith("name:"):
            return line.removeprefix("name:").split("#")[0].strip(" \"'")
    raise ValueError(f"{project}/Pulumi.yaml states no name")


@dataclass(frozen=True)
class Finished:
    """Result of a command of the engine: its exit code, its output, and its events if they were requested."""

    code: int
    output: str
    events: tuple[Mapping[str, Any], ...] = ()

    @property
    def killed(self) -> bool:
        """Whether the engine, or the process that guards it, was ended by SIGKILL, for example because memory ran out."""
        return self.code in {128 + signal.SIGKILL, -signal.SIGKILL}

    @property
    def changes(self) -> dict[str, int]:
        """Number of resources by operation of the engine: create, update, delete, replace, same and others."""
        for event in reversed(self.events):
            if "summaryEvent" in event:
                return dict(event["summaryEvent"].get("resourceChanges") or {})
        return {}

    @property
    def plan(self) -> dict[str, Any] | None:
        """The document of `preview --json`, which other output may surround; None if there is none."""
        start = self.output.find("{\n")
        try:
            return json.JSONDecoder().raw_decode(self.output[start:])[0] if start >= 0 else None
        except ValueError:
            return None


@dataclass
class Engine:
    """One stack of a workspace, operated non-interactively through the CLI.

    Attributes:
        workspace: the workspace of the stack.
        stack: name of the stack.
        environment: additional variables for the engine and the program, such as `PULUMI_DEBUG_PROVIDERS`.
    """

    workspace: Workspace
    stack: str
    environment: dict[str, str] = field(default_factory=dict)
    _running: subprocess.Popen[str] | None = field(default=None, init=False)
    _interrupted: bool = field(default=False, init=False)

    @property
    def state_file(self) -> Path:
        """The file with the state of this stack."""
        return self.workspace.local / "state" / ".pulumi" / "stacks" / self.workspace.name / f"{self.stack}.json"

    @property
    def lock_folder(self) -> Path:
        """The folder with the locks of this stack, one file per lock."""
        locks = self.workspace.local / "state" / ".pulumi" / "locks"
        return locks / "organization" / self.workspace.name / self.stack

    @property
    def event_log(self) -> Path:
        """The events of the last operation that could change the stack; the recovery in the next run reads them."""
        return self.workspace.local / f"{self.stack}-events.json"

    @property
    def config_file(self) -> Path:
        """The copy of the stack file that the engine reads."""
        return self.workspace.local / f"Pulumi.{self.stack}.yaml"

    def prepare(self) -> tuple[int, ...]:
        """Create the local stack if it does not exist, and copy the stack file for this run.

        Returns:
            The lines of the stack file with secrets of another key, which are placeholders in the copy.

        Raises:
            StackFileError: the stack file does not exist or cannot be read.
            LostStateError: the stack exists, but cannot be read or decrypted.
            EngineError: the engine cannot create the stack.
        """
        text = stack_file.text_of(stack_file.find(self.workspace.stacks, self.stack))
        scratch = self.workspace.local / "scratch"
        for folder in (scratch, self.workspace.local / "home", self.workspace.local / "state"):
            folder.mkdir(parents=True, exist_ok=True)
        self._passphrase_file()
        if not self.state_file.exists():
            # `init` writes files beside the project, so it runs in a scratch project.
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
        """Run `up`, `preview`, `destroy` or `refresh`, and pass its output on line by line.

        Args:
            command: the engine's command.
            flags: additional flags.
            on_line: called with each line of output immediately.
            events: also collect the engine's event log.
        """
        extra: list[str] = []
        log = self.event_log if command != "preview" else self.workspace.local / f"{self.stack}-preview-events.json"
        if events:
            log.unlink(missing_ok=True)
            extra = ["--event-log", str(log)]
        # `preview` needs no confirmation, and local providers need no download.
        extra += [] if command == "preview" else ["--yes"]
        lines: list[str] = []
        common = ["--stack", self.stack, "--config-file", str(self.config_file), "--skip-plugin-pre-install"]
        with self._process([command, *common, *extra, *flags]) as process:
            assert process.stdout is not None
            for line in process.stdout:
                lines.append(line)
                on_line(line)
            code = process.wait()
        return Finished(code, "".join(lines), read_events(log) if events else ())

    def query(self, *arguments: str, cwd: Path | None = None) -> str:
        """Run a command and return its standard output.

        Raises:
            EngineError: the command failed.
            LostStateError: the passphrase does not decrypt the state.
        """
        self._raise_if_interrupted()
        answer = subprocess.run(
            [str(self.workspace.pulumi), *arguments, "--non-interactive", "--color", "never"],
            cwd=cwd or self.workspace.project,
            env=self.variables(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        self._raise_if_interrupted()
        if answer.returncode and WRONG_PASSPHRASE in answer.stderr:
            raise LostStateError(
                f"{self.workspace.local / 'passphrase'} does not decrypt stack {self.stack}: {START_OVER}"
            )
        if answer.returncode:
            raise EngineError(" ".join(arguments[:2]), answer.stderr + answer.stdout)
        return answer.stdout

    def outputs(self, *, secrets: bool = False) -> dict[str, Any]:
        """Return the outputs of the stack; without `secrets`, those are shown as `[secret]`."""
        shown = ("--show-secrets",) if secrets else ()
        return json.loads(self.query("stack", "output", "--json", *shown, "--stack", self.stack))

    def export(self) -> dict[str, Any]:
        """Return the exported state of the stack, with encrypted secrets."""
        return json.loads(self.query("stack", "export", "--stack", self.stack))

    def protected(self) -> int:
        """Return the number of protected resources of the stack."""
        return sum(bool(resource.get("protect")) for resource in self.resources())

    def resources(self) -> list[dict[str, Any]]:
        """Return the resources in the state file."""
        return self._saved().get("resources") or []

    def lift_protection(self) -> int:
        """Remove the protection of all resources of the stack, and return how many were protected."""
        protected = self.protected()
        if protected:
            self.query("state", "unprotect", "--all", "--yes", "--stack", self.stack)
        return protected

    def replace_state(self, state: Mapping[str, Any]) -> None:
        """Replace the state of the stack with an edited export.

        If the export has no secrets provider, its secrets are encrypted with the key of the stack.

        Raises:
            EngineError: the state is inconsistent; the previous state is kept.
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
        """Interrupt the running operation, which completes the steps that it has started and saves its state.

        No operation starts afterwards: the next operation or query raises KeyboardInterrupt.
        """
        self._interrupted = True
        if self._running is not None:
            processes.interrupt(self._running)

    @contextlib.contextmanager
    def _process(self, arguments: Sequence[str]) -> Iterator[subprocess.Popen[str]]:
        # Signals are blocked until the process exists, so that an interrupt is neither lost nor forwarded twice.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGINT, signal.SIGTERM))
        try:
            self._raise_if_interrupted()
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

    def _raise_if_interrupted(self) -> None:
        if self._interrupted:
            raise KeyboardInterrupt

    def variables(self) -> dict[str, str]:
        """Return the complete environment of the CLI, without references to the user's own backend."""
        # The user's settings of the engine (login, organization, options) apply to real Azure.
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("PULUMI_")}
        local = self.workspace.local.absolute()
        return {
            # The engine writes its complete state at every step, which produces much garbage on a small heap.
            "GOGC": "400",
            **without_proxies(inherited),
            "PATH": os.pathsep.join([str(self.workspace.pulumi.absolute().parent), os.environ.get("PATH", "")]),
            "PULUMI_HOME": str(local / "home"),
            # Without this, each of the engine's many writes adds a file of attributes that nothing reads.
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
                f"{path} is missing, and stack {self.stack} cannot be decrypted without it: restore it, or {START_OVER}"
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
        """Replace an unreadable state with the state before the last write, and return whether this was necessary.

        Raises:
            LostStateError: the previous state cannot be read either.
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
    """Return the deployment in a state file of the engine; empty if the file does not exist.

    Raises:
        LostStateError: the file cannot be read, or contains no state.
    """
    try:
        return json.loads(state_file.read_text(encoding="utf-8"))["checkpoint"].get("latest") or {}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is truncated or corrupt"
        raise LostStateError(f"{state_file} cannot be read ({reason}): {START_OVER}") from None


def read_events(log: Path) -> tuple[Mapping[str, Any], ...]:
    """Return the events of a log; an incomplete last line of a killed process is ignored."""
    found: list[Mapping[str, Any]] = []
    with contextlib.suppress(FileNotFoundError, ValueError), log.open(encoding="utf-8") as stream:
        for line in stream:
            found.append(json.loads(line))
    return tuple(found)


def write(path: Path, text: str, mode: int = 0o600) -> None:
    """Write a file atomically."""
    draft = path.with_name(f"{path.name}.part")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(text)
    draft.replace(path)
