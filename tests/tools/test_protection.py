"""Protected resources: left as they are unless asked for, and no hindrance when the local Azure is taken down."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools import stack
from tools.engine import Workspace
from tools.local_services import ROOT, resource_ids
from tools.provision import cli

pytestmark = pytest.mark.engine

PROGRAM = """
import pulumi
import pulumi_azure_native as azure_native

azure_native.resources.ResourceGroup(
    "group",
    resource_group_name="rg-kept",
    location=pulumi.Config().require("location"),
    opts=pulumi.ResourceOptions(protect=True, delete_before_replace=True),
)
azure_native.resources.ResourceGroup(
    "other", resource_group_name=f"rg-other-{pulumi.Config().require('location')}", location="eastus"
)
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    project = tmp_path / "project"
    (project / "stacks").mkdir(parents=True)
    (project / "__main__.py").write_text(PROGRAM)
    options = f"runtime: {{name: python, options: {{virtualenv: {ROOT / '.venv'}}}}}"
    (project / "Pulumi.yaml").write_text(f"name: kept\n{options}\nstackConfigDir: stacks\n")
    return Workspace(project, project / "stacks", tmp_path / "local", cli.chosen(ROOT))


def stay_in(workspace: Workspace, location: str) -> None:
    (workspace.stacks / "Pulumi.dev.yaml").write_text(f"config:\n  kept:location: {location}\n")


def test_a_replacement_is_refused_with_what_to_do_and_a_rehearsal_can_still_be_taken_down(
    workspace: Workspace, capfd: pytest.CaptureFixture[str]
) -> None:
    stay_in(workspace, "eastus")
    assert stack.run("up", workspace, "dev") == 0
    created = resource_ids(workspace.local / "azure")

    stay_in(workspace, "westeurope")
    capfd.readouterr()
    assert stack.run("preview", workspace, "dev") != 0
    preview = capfd.readouterr().out
    assert "replace" in preview
    assert "moorings: protected resources were not changed; to replace one, state protect: false" in preview
    assert stack.run("up", workspace, "dev") != 0
    assert resource_ids(workspace.local / "azure") == created

    capfd.readouterr()
    assert stack.run("down", workspace, "dev") == 0
    assert "moorings: 1 protected resource is deleted too" in capfd.readouterr().out
    assert resource_ids(workspace.local / "azure") == []
