"""Rollouts on the real engine: one update breaks pulls, the planned steps do not, also when each of them is killed."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from stacks.rollout.steps import Step
from tests.tools.branches import project_of
from tools import stack
from tools.engine import Engine, Workspace
from tools.local_services import ROOT
from tools.provision import cli
from tools.pull_request import pulls
from tools.rollout import run
from tools.rollout.local import LocalDeployment
from tools.rollout.report import sentence
from tools.rollout.step_files import wanted

pytestmark = pytest.mark.engine

VAULT = (
    "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/g/providers/Microsoft.KeyVault/vaults/contosokv"
)
BASE = f"""\
config:
  moorings:stack:
    name: contoso
    environment: pr
    location: eastus
    networks:
      eastus:
        address_space: [10.50.0.0/16]
        subnets:
          registry: {{prefix: 10.50.0.0/27, purpose: private_endpoints}}
          AzureFirewallSubnet: {{prefix: 10.50.4.0/26}}
          apps: {{prefix: 10.50.2.0/25, delegation: Microsoft.App/environments}}
      westeurope:
        address_space: [10.60.0.0/16]
        subnets:
          registry: {{prefix: 10.60.0.0/27, purpose: private_endpoints}}
          apps: {{prefix: 10.60.2.0/25, delegation: Microsoft.App/environments}}
    registry:
      name: contosopr
      role_assignment_mode: LegacyRegistryPermissions
      public_network_access: Enabled
      default_action: Allow
      regional_endpoints: true
      replicas: {{westeurope: {{}}}}
    image_endpoints: {{container_apps: regional}}
    artifact_cache:
      direct: [docker.io]
    key_vaults:
      contosokv: {{id: {VAULT}}}
    identities:
      puller: {{location: eastus}}
    container_apps:
      eastus:
        network: eastus
        subnet: apps
        apps:
          web:
            identity: puller
            containers: {{web: {{image: "team-a/web:1"}}}}
          proxy:
            identity: puller
            containers: {{proxy: {{image: "docker.io/library/nginx:1.29"}}}}
      westeurope:
        network: westeurope
        subnet: apps
        apps:
          far:
            identity: puller
            containers: {{far: {{image: "team-a/far:1"}}}}
"""
Change = tuple[tuple[str, str], ...]
# One update deletes a replica after it has updated the apps, and creates a cache rule before them: nothing breaks there.
CHANGES: dict[str, tuple[Change, str]] = {
    "legacy to ABAC": (
        (("LegacyRegistryPermissions", "AbacRepositoryPermissions"),),
        "its identity has AcrPull, which lets nobody pull while the registry is in AbacRepositoryPermissions",
    ),
    "regional endpoints off": (
        (
            ("      regional_endpoints: true\n", ""),
            ("    image_endpoints: {container_apps: regional}\n", ""),
        ),
        "regional endpoints are disabled",
    ),
    "a replica removed": (
        (
            ("      replicas: {westeurope: {}}\n", ""),
            (
                "    key_vaults:\n",
                "    colocation: {exceptions: {westeurope: the replica is removed}}\n    key_vaults:\n",
            ),
        ),
        "",
    ),
    "public access off": (
        (
            (
                "      public_network_access: Enabled\n      default_action: Allow\n",
                "      private_endpoints:\n"
                "        eastus: {network: eastus, subnet: registry}\n"
                "        westeurope: {network: westeurope, subnet: registry}\n",
            ),
        ),
        "public network access is disabled",
    ),
    "a firewall in front": (
        (
            (
                "    identities:\n",
                "    firewalls:\n"
                "      hub: {network: eastus, protect: false}\n"
                "    route_tables:\n"
                "      out: {routes: {default: {prefix: 0.0.0.0/0, firewall: hub}}}\n"
                "    identities:\n",
            ),
            ("10.50.2.0/25, delegation", "10.50.2.0/25, route_table: out, delegation"),
        ),
        "where there is no firewall",
    ),
    "a cache rule for Docker Hub": (
        (
            (
                "      direct: [docker.io]\n",
                "      credential_sets:\n"
                "        docker-hub:\n"
                "          login_server: docker.io\n"
                "          username_secret: https://contosokv.vault.azure.net/secrets/hub-user\n"
                "          password_secret: https://contosokv.vault.azure.net/secrets/hub-token\n"
                "      rules:\n"
                "        library: {source: docker.io/library/*, target: hub/*, credential_set: docker-hub}\n",
            ),
        ),
        "",
    ),
}

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
"""What `./moorings plan pr --local --apply` does, for a project of a test."""


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of a project whose stack is provisioned."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("PYTHONPATH", str(ROOT))
        folder = tmp_path_factory.mktemp("rollout")
        assert stack.run("up", project_of(folder, "pr", BASE), "pr") == 0
        yield folder


def changed(base: Path, folder: Path, *changes: Change) -> Workspace:
    """Copy the provisioned project, and change its stack file."""
    shutil.copytree(base, folder, dirs_exist_ok=True, symlinks=True)
    project = folder / "project"
    here = Workspace(project, project / "stacks", folder / "local", cli.chosen(ROOT))
    text = BASE
    for before, after in (pair for change in changes for pair in change):
        assert text.count(before) == 1, before
        text = text.replace(before, after)
    (here.stacks / "Pulumi.pr.yaml").write_text(text)
    return here


def killed(here: Workspace, number: int, seconds: float) -> None:
    """Apply the plan in a process of its own, and kill it some seconds after it began with a step of what is left."""
    paths = map(str, (here.project, here.stacks, here.local, here.pulumi))
    process = subprocess.Popen([sys.executable, "-u", "-c", APPLY, *paths], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert any(line.startswith(f"moorings: applying step {number} ") for line in process.stdout)
    time.sleep(seconds)
    process.kill()
    assert process.wait() != 0


PARTS = {
    "engine": ("pulumi", "up"),
    "local Azure": ("local_azure", "serve"),
    "provider plugin": ("local_azure", "plugin"),
}
"""What takes part in a step, by two words of its command line."""


def descendants(pid: int) -> Iterator[int]:
    """Yield the processes below one."""
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, task.read_text(encoding="ascii").split()):
            yield child
            yield from descendants(child)


def part_of(pid: int, part: str) -> int | None:
    """Return the process of a part of a step, below the process that applies it; None where it does not run."""
    for child in descendants(pid):
        with contextlib.suppress(FileNotFoundError):
            words = [Path(word).name for word in Path(f"/proc/{child}/cmdline").read_text("utf-8").split("\0")]
            if "guard.py" not in words and set(PARTS[part]) <= set(words):
                return child
    return None


def killed_in_part(here: Workspace, part: str) -> str:
    """Apply the plan in a process of its own, kill a part of its first step, and return what it printed."""
    paths = map(str, (here.project, here.stacks, here.local, here.pulumi))
    command = [sys.executable, "-u", "-c", APPLY, *paths]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert process.stdout is not None
    assert any(line.startswith("moorings: applying step 1 ") for line in process.stdout)
    found = waited(lambda: part_of(process.pid, part), 60.0)
    time.sleep(2.0)
    os.kill(found, signal.SIGKILL)
    printed, _ = process.communicate(timeout=300)
    assert process.returncode != 0, printed
    return printed


def waited(find: Callable[[], int | None], seconds: float) -> int:
    """Return what is found within some seconds."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = find()
        if found is not None:
            return found
        time.sleep(0.05)
    raise AssertionError("it was not found")


@pytest.mark.parametrize("part", PARTS)
def test_a_step_in_which_a_part_dies_is_completed_by_the_next_run(base: Path, tmp_path: Path, part: str) -> None:
    here = changed(base, tmp_path, CHANGES["legacy to ABAC"][0])
    deployment, engine = LocalDeployment(here, "pr"), Engine(here, "pr")
    engine.prepare()
    watching = pulls.watch(here.local / "azure", engine.export())
    killed_in_part(here, part)
    planned = run.plan(deployment, "pr", here.stacks, here.local / "plan")
    assert planned.is_safe, planned.lines()
    assert run.apply(planned, deployment, "pr", here.stacks, here.local / "plan" / "step") == 0
    assert pulls.lost(watching, engine.export()) == []
    assert pulls.summary(watching, engine.export()) == "pulls: 3 of 3 work"


@pytest.mark.parametrize("name", [name for name, (_, reason) in CHANGES.items() if reason])
def test_one_update_breaks_a_pull_and_the_consumer_and_the_moment_are_named(
    base: Path, tmp_path: Path, name: str
) -> None:
    change, reason = CHANGES[name]
    here = changed(base, tmp_path, change)
    deployment = LocalDeployment(here, "pr")
    (found,) = deployment.rehearsal(tmp_path / "plan").run([Step(wanted("pr", here.stacks), ())], deployment.start)
    assert found.refusals == ()
    lines = [sentence(pull) for pull in found.lost]
    assert any(
        (line.startswith("container app ") and " from PUT " in line) or " from DELETE " in line for line in lines
    )
    assert any(reason in line for line in lines), lines


def test_all_changes_at_once_keep_every_pull_working_although_every_step_is_killed(base: Path, tmp_path: Path) -> None:
    here = changed(base, tmp_path, *(change for change, _ in CHANGES.values()))
    deployment, engine = LocalDeployment(here, "pr"), Engine(here, "pr")
    engine.prepare()
    watching = pulls.watch(here.local / "azure", engine.export())
    killed(here, 1, 3.0)
    killed(here, 2, 0.0)
    killed(here, 2, 1.0)
    planned = run.plan(deployment, "pr", here.stacks, here.local / "plan")
    assert planned.is_safe, planned.lines()
    assert run.apply(planned, deployment, "pr", here.stacks, here.local / "plan" / "step") == 0
    assert pulls.lost(watching, engine.export()) == []
    assert pulls.summary(watching, engine.export()) == "pulls: 3 of 3 work"
    again = run.plan(deployment, "pr", here.stacks, here.local / "plan")
    assert again.lines() == ["nothing to change: the stack is as its file describes"]
