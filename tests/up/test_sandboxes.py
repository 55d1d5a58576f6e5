"""Sandbox groups on the real engine: made by generic resources, and replaced only when that is asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine import rehearsal
from tests.up import findings
from tests.up.judge import violations

pytestmark = pytest.mark.engine

HERE = Path(__file__).parent
LINKED = "contoso-boxes-sandboxes-linked-group"


def test_groups_stay_as_they_are_and_another_environment_replaces_only_when_asked(tmp_path: Path) -> None:
    with rehearsal(tmp_path, HERE / "sandboxes", "") as stack:
        findings.check(stack, "sandboxes", "before")
        first = stack.up()
        assert (first.code, set(first.changes)) == (0, {"create"}), first.output
        assert violations(stack.azure.store) == []
        findings.check(stack, "sandboxes", "after")
        assert any(
            found.endswith("/sandboxGroups/sbx-contoso-boxes-eastus/vnetConnections/default") for found in stack.ids()
        )
        groups = stack.outputs()["compute"]["sandbox_groups"]
        assert groups["eastus"]["profile"]["image"]["base"] == "contosoboxes.azurecr.io/agents/runner:1.4.2"

        assert stack.refresh().code == 0
        again = stack.up()
        assert (again.code, again.steps) == (0, []), again.output

        text = stack.stack_file.read_text(encoding="utf-8")
        stack.stack_file.write_text(text.replace("environment: one", "environment: other"), encoding="utf-8")
        refused = stack.up()
        assert refused.code != 0
        assert LINKED in refused.output
        assert "protect" in refused.output

        asked = text.replace("environment: one}", "environment: one, protect: false}")
        stack.stack_file.write_text(asked, encoding="utf-8")
        assert stack.up().code == 0
        stack.stack_file.write_text(asked.replace("environment: one,", "environment: other,"), encoding="utf-8")
        shown = stack.preview()
        assert ("replace", LINKED) in {(op, name) for op, _, name in shown.steps}, shown.output
        assert stack.up().code == 0

        gone = stack.destroy()
        assert gone.code == 0, gone.output
        assert stack.ids() == []
