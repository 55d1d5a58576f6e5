"""`refresh` and `drift` after somebody changed the local Azure by hand, on the real engine."""

from __future__ import annotations

from pathlib import Path

import pytest

from local_azure.clock import Clock
from local_azure.services import open_cloud
from local_azure.services.dispatch import handle
from local_azure.store import Store
from tools import stack
from tools.engine import Workspace
from tools.local_services import ROOT, resource_ids
from tools.provision import cli

pytestmark = pytest.mark.engine

DESCRIPTION = """\
config:
  moorings:stack:
    name: contoso
    environment: drift
    location: eastus
    registry: {name: contosodrift, protect: false}
    identities: {ci: {}}
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A stack that is up: a registry and an identity."""
    (tmp_path / "stacks").mkdir()
    (tmp_path / "stacks" / "Pulumi.drift.yaml").write_text(DESCRIPTION, encoding="utf-8")
    (tmp_path / "__main__.py").write_text(
        "from pathlib import Path\nfrom stacks.program import main\nmain(Path.cwd() / 'stacks')\n", encoding="utf-8"
    )
    python = f"runtime: {{name: python, options: {{virtualenv: {ROOT / '.venv'}}}}}"
    (tmp_path / "Pulumi.yaml").write_text(f"name: moorings\n{python}\nstackConfigDir: stacks\n", encoding="utf-8")
    return Workspace(tmp_path, tmp_path / "stacks", tmp_path / "local", cli.chosen(ROOT))


def delete_by_hand(store: Path, word: str) -> None:
    """Delete the resource whose id ends with a word, as somebody does in the portal."""
    (resource,) = (each for each in resource_ids(store) if each.endswith(word))
    opened = Store(store, serve=True)
    try:
        handle(open_cloud(opened, Clock()), "DELETE", resource, {"api-version": "2024-11-30"})
    finally:
        opened.close()


def test_drift_is_shown_and_taken_into_the_state_and_repaired(
    workspace: Workspace, capfd: pytest.CaptureFixture[str]
) -> None:
    variables = {"PYTHONPATH": str(ROOT)}
    assert stack.run("up", workspace, "drift", variables=variables) == 0
    assert stack.run("drift", workspace, "drift", variables=variables) == 0

    delete_by_hand(workspace.local / "azure", "id-contoso-drift-ci")
    capfd.readouterr()
    assert stack.run("drift", workspace, "drift", variables=variables) != 0
    assert "UserAssignedIdentity" in capfd.readouterr().out
    assert not [each for each in resource_ids(workspace.local / "azure") if each.endswith("-ci")]

    assert stack.run("refresh", workspace, "drift", variables=variables) == 0
    assert stack.run("up", workspace, "drift", variables=variables) == 0
    assert [each for each in resource_ids(workspace.local / "azure") if each.endswith("-ci")]
    assert stack.run("drift", workspace, "drift", variables=variables) == 0


def test_outputs_go_with_the_stack(workspace: Workspace) -> None:
    variables = {"PYTHONPATH": str(ROOT)}
    assert stack.run("up", workspace, "drift", variables=variables) == 0
    assert stack.outputs_file(workspace, "drift").exists()
    assert stack.run("down", workspace, "drift", variables=variables) == 0
    assert not stack.outputs_file(workspace, "drift").exists()
