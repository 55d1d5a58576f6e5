"""Rollouts on the real engine: one update breaks pulls, the planned steps do not, also when they are interrupted."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from stacks.rollout.steps import Step
from tests.tools.branches import project_of
from tools import stack
from tools.engine import Engine, Workspace
from tools.local_services import ROOT
from tools.pull_request import pulls
from tools.rollout import run
from tools.rollout.local import LocalDeployment
from tools.rollout.report import sentence
from tools.rollout.step_files import wanted

pytestmark = pytest.mark.engine

ACCESS = """\
config:
  moorings:stack:
    name: contoso
    environment: pr
    location: eastus
    networks:
      eastus:
        address_space: [10.50.0.0/16]
        subnets:
          registry: {prefix: 10.50.0.0/27, purpose: private_endpoints}
          apps: {prefix: 10.50.2.0/25, delegation: Microsoft.App/environments}
    registry:
      name: contosopr
      role_assignment_mode: LegacyRegistryPermissions
      public_network_access: Enabled
      default_action: Allow
    identities:
      puller: {location: eastus}
    container_apps:
      eastus:
        network: eastus
        subnet: apps
        apps:
          web:
            identity: puller
            containers: {web: {image: "team-a/web:1"}}
            ingress: {target_port: 8080}
"""
ABAC = ("LegacyRegistryPermissions", "AbacRepositoryPermissions")
CLOSED = (
    "      public_network_access: Enabled\n      default_action: Allow\n",
    "      private_endpoints:\n        eastus: {network: eastus, subnet: registry}\n",
)

APPLY = """\
import sys
from pathlib import Path
from tools.engine import Workspace
from tools.rollout import run
from tools.rollout.local import LocalDeployment
here = Workspace(*map(Path, sys.argv[1:]))
deployment = LocalDeployment(here, "pr")
planned = run.plan(deployment, "pr", here.stacks, here.local / "plan")
sys.exit(run.apply(planned, deployment, "pr", here.stacks, here.local / "plan" / "step"))
"""
"""What `./moorings plan pr --apply` does, for a project of a test."""


@pytest.fixture(autouse=True)
def _toolkit_is_importable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))


def changed(folder: Path, text: str, *changes: tuple[str, str]) -> Workspace:
    """Provision a stack, and then change its file."""
    here = project_of(folder, "pr", text)
    assert stack.run("up", here, "pr") == 0
    for before, after in changes:
        assert text.count(before) == 1, before
        text = text.replace(before, after)
    (here.stacks / "Pulumi.pr.yaml").write_text(text)
    return here


def broken_by_one_update(here: Workspace) -> list[str]:
    """Rehearse the whole change as one step, and return the pulls that it breaks."""
    deployment = LocalDeployment(here, "pr")
    (found,) = deployment.rehearsal(here.local / "plan").run([Step(wanted("pr", here.stacks), ())], deployment.start)
    return [sentence(pull) for pull in found.lost]


def killed_in_step(here: Workspace, number: int) -> None:
    """Apply the plan in a process of its own, and kill it when the engine works on a step."""
    paths = map(str, (here.project, here.stacks, here.local, here.pulumi))
    command = [sys.executable, "-u", "-c", APPLY, *paths]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith(f"moorings: applying step {number} "):
            break
    time.sleep(2)
    process.kill()
    assert process.wait() != 0


def applied(here: Workspace) -> run.Rollout:
    """Plan what is left and apply it."""
    deployment = LocalDeployment(here, "pr")
    planned = run.plan(deployment, "pr", here.stacks, here.local / "plan")
    assert planned.is_safe, planned.lines()
    assert run.apply(planned, deployment, "pr", here.stacks, here.local / "plan" / "step") == 0
    return planned


def test_the_mode_and_public_access_change_without_a_moment_in_which_an_app_cannot_pull(tmp_path: Path) -> None:
    here = changed(tmp_path, ACCESS, ABAC, CLOSED)
    (broken,) = broken_by_one_update(here)
    assert broken.startswith("container app web cannot pull contosopr.azurecr.io/team-a/web:1 from PUT "), broken
    assert " until " in broken

    engine = Engine(here, "pr")
    engine.prepare()
    watching = pulls.watch(here.local / "azure", engine.export())
    killed_in_step(here, 2)
    planned = applied(here)
    assert 1 <= len(planned.planned) <= 3
    assert pulls.lost(watching, engine.export()) == []
    assert pulls.summary(watching, engine.export()) == "pulls: 1 of 1 work"
    again = run.plan(LocalDeployment(here, "pr"), "pr", here.stacks, here.local / "plan")
    assert again.lines() == ["nothing to change: the stack is as its file describes"]
