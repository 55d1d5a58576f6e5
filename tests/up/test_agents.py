"""SRE agents and Durable Task schedulers on the real engine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.engine import Rehearsal, rehearsal
from tests.up import findings
from tests.up.judge import requests, violations

pytestmark = pytest.mark.engine

HERE = Path(__file__).parent


def environment_of(stack: Rehearsal, app: str) -> dict[str, str]:
    """Variables of the one container of an app, as they were sent."""
    bodies: list[Any] = [each["body"] for each in requests(stack.azure.store) if each["name"] == app]
    (body,) = bodies
    (container,) = body["properties"]["template"]["containers"]
    return {each["name"]: each["value"] for each in container["env"]}


def test_agents_and_schedulers_stay_as_they_are_and_go_without_a_trace(tmp_path: Path) -> None:
    with rehearsal(tmp_path, HERE / "agents", "") as stack:
        findings.check(stack, "agents", "before")
        first = stack.up()
        assert (first.code, set(first.changes)) == (0, {"create"}), first.output
        assert violations(stack.azure.store) == []
        findings.check(stack, "agents", "after")
        assert "connectors" in first.output
        created = stack.outputs()["compute"]
        report = created["task_schedulers"]["isolated"]["workers"]["execute"]["environment"]
        assert report["DTS_ENDPOINT"] == created["task_schedulers"]["isolated"]["endpoint"]
        assert report["DTS_ENDPOINT"].startswith("https://dts-contoso-agents-isolated-")
        assert (report["DTS_TASK_HUB"], report["DTS_SANDBOX_IMAGE"]) == (
            "code",
            "contosoagents.azurecr.io/agents/worker:2.0.1",
        )
        assert environment_of(stack, "orchestrator") == report
        assert created["agents"]["main"]["policy"]["toolPolicy"]["global"]["deny"] == ["bash(az * delete *)"]

        assert stack.refresh().code == 0
        again = stack.up()
        assert (again.code, again.steps) == (0, []), again.output

        gone = stack.destroy()
        assert gone.code == 0, gone.output
        assert stack.ids() == []
