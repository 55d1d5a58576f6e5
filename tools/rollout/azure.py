"""The running stack of a rollout on Azure, with the user's own backend of the engine."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from local_azure import loading
from stacks.files import DESCRIPTION
from tools.engine import Engine, Workspace, write
from tools.local_services import LocalAzure
from tools.preflight.arm import Arm
from tools.pull_request.base import importable
from tools.pulumi import environment_of, run_interactive
from tools.rollout import control_plane
from tools.rollout.errors import RolloutError
from tools.rollout.rehearsal import Rehearsal
from tools.stack import say

_STATE = "exported.json"


@dataclass(frozen=True)
class AzureDeployment:
    """A stack on Azure.

    Attributes:
        workspace: the folders of the project and of its local files.
        stack: name of the stack.
        arm: returns what reads a subscription of Azure.
        standins: saved listings and exported states of resources made elsewhere.
    """

    workspace: Workspace
    stack: str
    arm: Callable[[str], Arm]
    standins: Sequence[Path] = ()

    def description(self) -> str | None:
        """Return the description that was applied last, as the stack recorded it; None if it recorded none."""
        return json.loads(self._query("stack", "output", "--json", "--show-secrets")).get(DESCRIPTION)

    def rehearsal(self, folder: Path) -> Rehearsal:
        """Return a rehearsal in a folder, on a local Azure with the resources in the exported state."""
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        write(folder / _STATE, self._query("stack", "export"))
        state = loading.read_state(folder / _STATE)
        for line in loading.load_store(folder / "azure", state).missing:
            say(f"not in the rehearsal: {line}")
        here, subscription = self.workspace, loading.subscription(state)
        return Rehearsal(
            Workspace(here.project, here.stacks, folder, here.pulumi),
            self.stack,
            here.local / "state",
            self.standins,
            {"ARM_SUBSCRIPTION_ID": subscription} if subscription else {},
            say,
        )

    def start(self, engine: Engine, _azure: LocalAzure, /) -> None:
        """Bring the rehearsal to the exported state, if the control plane of the registry works.

        Raises:
            RolloutError: the home region of the registry is down.
        """
        file = engine.workspace.local / _STATE
        exported = json.loads(file.read_text(encoding="utf-8"))
        subscription = loading.subscription(loading.read_state(file))
        if subscription:
            control_plane.require(self.arm(subscription), exported["deployment"].get("resources") or [])
        engine.replace_state(importable(exported, engine.workspace.name, self.stack))

    def apply(self, directory: Path, variables: Mapping[str, str]) -> int:
        """Apply the stack file in a folder, and return the engine's exit code."""
        command = ["up", "--stack", self.stack, "--yes", "--skip-preview"]
        if variables:
            # The engine writes to the file that it reads, and would reformat what the program reads.
            config = directory / "engine.yaml"
            shutil.copy2(directory / f"Pulumi.{self.stack}.yaml", config)
            command += ["--config-file", str(config.absolute())]
        pulumi = self.workspace.pulumi
        return run_interactive(pulumi, command, self.workspace.project, {**environment_of(pulumi), **variables})

    def _query(self, *arguments: str) -> str:
        done = subprocess.run(
            [str(self.workspace.pulumi.absolute()), *arguments, "--stack", self.stack, "--non-interactive"],
            cwd=self.workspace.project,
            env=environment_of(self.workspace.pulumi),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            lines = [line.strip() for line in (done.stderr + done.stdout).splitlines() if line.strip()]
            reason = lines[-1] if lines else "no output"
            raise RolloutError(f"pulumi {' '.join(arguments[:2])} failed for stack {self.stack}: {reason}")
        return done.stdout
