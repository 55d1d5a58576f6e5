"""Container groups and the fixer of their records on the real engine: made, kept, changed, read back, and gone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from azure.core.pipeline.policies import SansIOHTTPPolicy
from azure.mgmt.containerinstance import ContainerInstanceManagementClient

from tests.engine import rehearsal
from tests.up import findings
from tests.up.judge import violations

pytestmark = pytest.mark.engine

HERE = Path(__file__).parent
GROUP = "azure-native_containerinstance_v20260701:containerinstance:ContainerGroup"
RESOURCE_GROUP = "rg-contoso-cg-containers-westeurope"
SUBSCRIPTION = "00000000-0000-0000-0000-000000000001"
SIDE = """\
          side:
            image: team/side:2.0.0
            cpu: 0.5
            memory_gb: 0.5
"""


class _NoAuthentication(SansIOHTTPPolicy[Any, Any]):
    pass


def client(url: str) -> ContainerInstanceManagementClient:
    credential: Any = object()
    return ContainerInstanceManagementClient(
        credential, SUBSCRIPTION, base_url=url, authentication_policy=_NoAuthentication()
    )


def steps(found: list[tuple[str, str, str]], operation: str) -> set[str]:
    return {name for kind, _, name in found if kind == operation}


def test_container_groups_and_their_fixer_come_up_change_as_azure_lets_them_and_leave_nothing(tmp_path: Path) -> None:
    with rehearsal(tmp_path, HERE / "container_instances", "") as running:
        findings.check(running, "container_instances", "before")
        first = running.up()
        assert first.code == 0, first.output
        assert violations(running.azure.store) == []

        groups = client(running.azure.url).container_groups
        findings.check(running, "container_instances", "after")
        web = groups.get(RESOURCE_GROUP, "web")
        created = running.outputs()["compute"]["container_groups"]
        assert web.ip_address is not None
        assert (web.ip_address.ip, web.ip_address.type) == (created["web"]["address"], "Private")
        host = "contosocg.azurecr.io"
        assert [container.image for container in web.containers] == [
            f"{host}/team/web:1.4.2",
            f"{host}/team/side:2.0.0",
        ]
        assert [entry.server for entry in web.image_registry_credentials or []] == [host]
        large = groups.get(RESOURCE_GROUP, "large").containers[0].resources.requests
        assert (large.cpu, large.memory_in_gb) == (31, 240)
        assert groups.get(RESOURCE_GROUP, "sealed").sku == "Confidential"
        batch = groups.get(RESOURCE_GROUP, "batch")
        assert (batch.priority, batch.ip_address) == ("Spot", None)
        exported = json.dumps(running.export())
        assert (
            exported.count('"workspaceKey": {"4dabf18193072939515e22adb298388d"')
            == exported.count('"workspaceKey"')
            > 0
        )
        assert "InstrumentationKey=" not in exported

        assert running.up().steps == []
        groups.begin_restart(RESOURCE_GROUP, "web").result()
        refreshed = running.refresh()
        assert refreshed.code == 0, refreshed.output
        assert running.up().steps == []
        assert running.outputs()["compute"]["container_groups"]["web"]["address"] != created["web"]["address"]

        text = running.stack_file.read_text()
        changed = text.replace("restart_policy: Never", "restart_policy: OnFailure").replace(SIDE, "")
        running.stack_file.write_text(changed.replace("team/large:1.0.0", "team/large:1.0.1"))
        shown = running.preview()
        assert steps(shown.steps, "replace") == {
            "contoso-cg-container-group-batch-group",
            "contoso-cg-container-group-web-group",
        }
        assert steps(shown.steps, "update") == {"contoso-cg-container-group-large-group"}
        after = running.up()
        assert after.code == 0, after.output

        gone = running.destroy()
        assert gone.code == 0, gone.output
        assert running.ids() == []
