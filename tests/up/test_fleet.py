"""All stacks of the enterprise example in one run: in order, side by side, twice, with one that is refused, and deleted."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from stacks.files import stack_names
from stacks.order import order
from tools.engine import Workspace, read_state
from tools.fleet.deletion import deletion_order
from tools.fleet.events import Event
from tools.fleet.run import Request, down, up
from tools.local_services import ROOT, resource_ids
from tools.provision import cli

pytestmark = pytest.mark.engine

HERE = Path(__file__).parent


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    project = tmp_path / "project"
    shutil.copytree(HERE / "enterprise" / "files", project / "stacks")
    shutil.copy(HERE / "enterprise" / "__main__.py", project)
    options = f"runtime: {{name: python, options: {{virtualenv: {ROOT / '.venv'}}}}}"
    (project / "Pulumi.yaml").write_text(f"name: moorings\n{options}\nstackConfigDir: stacks\n", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    (tmp_path / "local").mkdir()
    return Workspace(project, project / "stacks", tmp_path / "local", cli.chosen(ROOT))


def run(workspace: Workspace) -> tuple[dict[str, str], dict[str, Event]]:
    """Run all stacks; return how each ended, and the last event of each."""
    found = order(stack_names(workspace.stacks), workspace.name, workspace.stacks)
    last: dict[str, Event] = {}
    said: list[str] = []
    request = Request(found, parallel=2, continue_on_error=True)
    ended = up(workspace, request, lambda event: last.update({event.stack: event}), said.append)
    # What another stack of the run makes is not assumed.
    assert said == []
    return dict(ended), last


def test_the_stacks_of_a_hub_come_up_in_one_run_stay_and_fail_alone(workspace: Workspace) -> None:
    names = ["dev", "hub", "shared", "test", "work"]
    ended, last = run(workspace)
    assert ended == dict.fromkeys(names, "succeeded"), last
    assert all(set(event.changes) == {"create"} for event in last.values())
    before = resource_ids(workspace.local / "azure")
    hub = read_state(workspace.local / "state" / ".pulumi" / "stacks" / "moorings" / "hub.json")["resources"]
    network = next(each["id"] for each in hub if each["type"].endswith(":VirtualNetwork"))
    # A spoke refers to the network that the hub has made in its own subscription.
    assert network.startswith("/subscriptions/00000000-0000-0000-0000-000000000002/")
    assert f"{network}/subnets/endpoints" in before

    dev = workspace.stacks / "Pulumi.dev.yaml"
    dev.write_text(dev.read_text(encoding="utf-8").replace("address_space:", "adress_space:"), "utf-8")
    ended, last = run(workspace)
    assert ended == {**dict.fromkeys(names, "succeeded"), "dev": "failed", "work": "skipped"}
    assert "adress_space" in last["dev"].reason
    assert all(set(last[name].changes) == {"same"} for name in ("hub", "shared", "test"))
    assert resource_ids(workspace.local / "azure") == before

    # The order is that of what is deployed: the file of a stack may be gone.
    dev.unlink()
    request = Request(deletion_order(workspace), parallel=2)
    assert down(workspace, request, lambda _: None) == dict.fromkeys(names, "succeeded")
    assert resource_ids(workspace.local / "azure") == []
