"""The running stack of a rollout on the local Azure of the project."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from local_azure.plugin.sessions import DEFAULT_SUBSCRIPTION
from stacks.files import DESCRIPTION
from tools import stack as runner
from tools.engine import Engine, Workspace
from tools.local_services import LocalAzure
from tools.preflight import arm
from tools.rollout import control_plane
from tools.rollout.rehearsal import Rehearsal

_COPIED = ("azure", "state", "scratch", "passphrase")
"""What a rehearsal copies of the folder of a run: the local Azure, the engine's state, and the key of its secrets."""


@dataclass(frozen=True)
class LocalDeployment:
    """A stack on the local Azure.

    Attributes:
        workspace: the folders of the project and of its local state.
        stack: name of the stack.
        time_scale: multiplies every delay.
        standins: saved listings and exported states of resources made elsewhere.
    """

    workspace: Workspace
    stack: str
    time_scale: float = 0.0
    standins: Sequence[Path] = ()

    def description(self) -> str | None:
        """Return the description that was applied last, as the stack recorded it; None if it recorded none."""
        engine = Engine(self.workspace, self.stack)
        if engine.restore():
            runner.say(f"{engine.state_file} could not be read: the state before the last write is restored")
        engine.prepare()
        return engine.outputs(secrets=True).get(DESCRIPTION)

    def rehearsal(self, folder: Path) -> Rehearsal:
        """Return a rehearsal in a folder, which gets a copy of the stack and of its Azure."""
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        here = self.workspace
        for name in (*_COPIED, f"{self.stack}-events.json"):
            source = here.local / name
            if source.is_dir():
                shutil.copytree(source, folder / name)
            elif source.exists():
                shutil.copy2(source, folder / name)
        workspace = Workspace(here.project, here.stacks, folder, here.pulumi)
        return Rehearsal(workspace, self.stack, here.local / "state", self.standins, say=runner.say)

    def start(self, engine: Engine, azure: LocalAzure, /) -> None:
        """Check that the control plane of the registry works; the rehearsal has the state of the stack already.

        Raises:
            RolloutError: the home region of the registry is down.
        """
        control_plane.require(arm.local(azure.url, DEFAULT_SUBSCRIPTION, ""), engine.resources())

    def apply(self, directory: Path, variables: Mapping[str, str]) -> int:
        """Apply the stack file in a folder, and return the engine's exit code."""
        here = self.workspace
        workspace = Workspace(here.project, directory, here.local, here.pulumi)
        return runner.run("up", workspace, self.stack, self.time_scale, (), dict(variables), self.standins)
