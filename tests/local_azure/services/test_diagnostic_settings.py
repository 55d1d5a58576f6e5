from __future__ import annotations

from typing import Any

import pytest
from app_requests import IDENTITY, PROVIDER, WORKSPACE, Apps
from arm_client import Arm, Reply

ENVIRONMENT = f"{PROVIDER}/managedEnvironments/cae"


@pytest.fixture
def apps(arm: Arm) -> Apps:
    created = Apps(arm)
    created.create()
    arm.put(WORKSPACE, {"location": "eastus", "properties": {}})
    return created


def setting(apps: Apps, name: str = "logs", *categories: str, **more: Any) -> Reply:
    logs = [{"category": category, "enabled": True} for category in categories]
    path = f"{ENVIRONMENT}/providers/Microsoft.Insights/diagnosticSettings/{name}"
    return apps.arm("PUT", path, {"properties": {"workspaceId": WORKSPACE, "logs": logs, **more}})


def test_a_setting_is_made_shown_listed_below_nothing_and_deleted_with_its_sender(apps: Apps) -> None:
    created = setting(apps, "logs", "ContainerAppHTTPLogs", "ContainerAppConsoleLogs")
    assert created.status == 200
    assert apps.arm.get(created.body["id"])["properties"]["workspaceId"] == WORKSPACE
    apps.arm.delete(ENVIRONMENT)
    assert not any("diagnosticSettings" in found for found in apps.arm.ids())


def test_a_category_that_the_sender_does_not_have_is_refused(apps: Apps) -> None:
    refused = setting(apps, "logs", "kube-audit")
    assert refused.status == 400
    assert "ContainerAppHTTPLogs" in refused.message


def test_a_workspace_that_does_not_exist_is_refused(apps: Apps) -> None:
    refused = setting(apps, workspaceId=f"{WORKSPACE}x")
    assert (refused.status, refused.code) == (400, "ResourceNotFound")


def test_a_setting_needs_a_destination(apps: Apps) -> None:
    assert "At least one data sink" in setting(apps, workspaceId=None).message


def test_a_sender_that_does_not_exist_is_a_404(apps: Apps) -> None:
    path = f"{ENVIRONMENT}x/providers/Microsoft.Insights/diagnosticSettings/logs"
    assert apps.arm("PUT", path, {"properties": {"workspaceId": WORKSPACE}}).status == 404


def test_a_category_goes_to_one_workspace_once(apps: Apps) -> None:
    setting(apps, "logs", "ContainerAppHTTPLogs")
    assert setting(apps, "logs", "ContainerAppHTTPLogs").status == 200
    refused = setting(apps, "more", "ContainerAppHTTPLogs")
    assert (refused.status, refused.code) == (409, "Conflict")
    assert setting(apps, "more", "ContainerAppSystemLogs").status == 200


def test_a_sender_has_five_settings_at_most(apps: Apps) -> None:
    for number in range(5):
        assert setting(apps, f"s{number}").status == 200
    assert setting(apps, "s5").status == 409


def test_a_category_group_and_a_category_are_refused_in_one_setting(apps: Apps) -> None:
    logs = [{"categoryGroup": "allLogs", "enabled": True}, {"category": "ContainerAppHTTPLogs", "enabled": True}]
    assert "cannot be used together" in setting(apps, "logs", logs=logs).message


def test_a_category_group_goes_to_one_workspace_once(apps: Apps) -> None:
    logs = [{"categoryGroup": "allLogs", "enabled": True}]
    assert setting(apps, "first", logs=logs).status == 200
    assert setting(apps, "second", logs=logs).code == "Conflict"


def test_a_type_without_logs_and_metrics_takes_no_setting(apps: Apps) -> None:
    apps.arm.put(IDENTITY, {"location": "eastus"})
    path = f"{IDENTITY}/providers/Microsoft.Insights/diagnosticSettings/logs"
    refused = apps.arm("PUT", path, {"properties": {"workspaceId": WORKSPACE, "logs": []}})
    assert refused.code == "ResourceTypeNotSupported"
