"""A program on azure-native alone, as public ones are: keys by functions, singletons, and what is taken away again."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.engine import Rehearsal, rehearsal

pytestmark = pytest.mark.engine

PROGRAM = """
import pulumi
import pulumi_azure_native as azure

FULL = True
group = azure.resources.ResourceGroup("group", resource_group_name="rg-contoso", location="eastus")
near = azure.managedidentity.UserAssignedIdentity("near", resource_name_="near", resource_group_name=group.name)
far = azure.managedidentity.UserAssignedIdentity("far", resource_name_="far", resource_group_name=group.name)
logs = azure.operationalinsights.Workspace("logs", workspace_name="logs", resource_group_name=group.name)
keys = azure.operationalinsights.get_shared_keys_output(resource_group_name=group.name, workspace_name=logs.name)
environment = azure.app.ManagedEnvironment(
    "environment",
    environment_name="cae-contoso",
    resource_group_name=group.name,
    identity={
        "type": "UserAssigned",
        "user_assigned_identities": [near.id, far.id] if FULL else [near.id],
    },
    app_logs_configuration={
        "destination": "log-analytics",
        "log_analytics_configuration": {"customer_id": logs.customer_id, "shared_key": keys.primary_shared_key},
    },
)
account = azure.storage.StorageAccount(
    "account",
    account_name="stcontoso",
    resource_group_name=group.name,
    kind="StorageV2",
    sku={"name": "Standard_LRS"},
    network_rule_set={"default_action": "Deny"} if FULL else None,
)
if FULL:
    azure.storage.BlobServiceProperties(
        "blobs",
        account_name=account.name,
        blob_services_name="default",
        resource_group_name=group.name,
        is_versioning_enabled=True,
    )
listed = azure.storage.list_storage_account_keys_output(account_name=account.name, resource_group_name=group.name)
pulumi.export("storage_key", listed.keys[0].value)
pulumi.export("log_key", keys.primary_shared_key)
pulumi.export("environment", environment.id)
pulumi.export("account", account.id)
"""


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[Rehearsal]:
    with rehearsal(tmp_path, PROGRAM) as running:
        yield running


def _shown(stack: Rehearsal, arm_id: str, version: str) -> dict[str, Any]:
    with urllib.request.urlopen(f"{stack.azure.url}{arm_id}?api-version={version}", timeout=60) as answer:
        return json.load(answer)


def test_what_a_program_takes_away_is_taken_away_in_azure(stack: Rehearsal) -> None:
    first = stack.up()
    assert (first.code, set(first.changes)) == (0, {"create"}), first.output
    created = stack.outputs()
    # A key of a storage account is base64 of 64 bytes.
    assert (len(created["storage_key"]), len(created["log_key"])) == (88, 88)
    versioning = _shown(stack, f"{created['account']}/blobServices/default", "2024-01-01")["properties"]
    assert versioning["isVersioningEnabled"] is True

    program = stack.program / "__main__.py"
    program.write_text(program.read_text(encoding="utf-8").replace("FULL = True", "FULL = False"), encoding="utf-8")
    second = stack.up()
    assert second.code == 0, second.output
    changed = {(operation, name) for operation, _, name in second.steps}
    assert changed == {("update", "environment"), ("update", "account"), ("delete", "blobs")}
    users = _shown(stack, created["environment"], "2025-07-01")["identity"]["userAssignedIdentities"]
    assert [user.rpartition("/")[2] for user in users] == ["near"]
    rules = _shown(stack, created["account"], "2024-01-01")["properties"]["networkAcls"]
    assert rules["defaultAction"] == "Allow"
    blobs = _shown(stack, f"{created['account']}/blobServices/default", "2024-01-01")["properties"]
    assert not blobs.get("isVersioningEnabled")

    again = stack.up()
    assert (again.code, again.steps) == (0, []), again.output
    assert stack.refresh().code == 0
    after = stack.up()
    assert (after.code, after.steps) == (0, []), after.output
    assert stack.destroy().code == 0
    assert stack.ids() == []
