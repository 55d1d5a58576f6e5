"""Locks, role assignments and diagnostic settings on described resources become interfaces of their entries."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from planning.roles import ROLES
from tests.tools.adopt import estates
from tests.tools.adopt.test_adoption import adopted
from tools.adopt.adoption import Adoption
from tools.adopt.description import at

Json = dict[str, Any]

LOCK = f"{estates.REGISTRY}/providers/Microsoft.Authorization/locks"
SETTING = f"{estates.REGISTRY}/providers/Microsoft.Insights/diagnosticSettings"
ASSIGNMENT = "9e0963c1-b167-5ae9-94d5-1b61b041f941"


def on(parent: str, name: str, **properties: Any) -> Json:
    return {"id": f"{parent}/{name}", "properties": properties}


def found_with(tmp_path: Path, *bodies: Json) -> Adoption:
    return adopted({**estates.bodies(), **{each["id"]: each for each in bodies}}, tmp_path)


def test_a_lock_is_that_of_the_entry_and_a_second_one_is_listed(tmp_path: Path) -> None:
    first = on(LOCK, "keep", level="CanNotDelete", notes="Images")
    second = on(LOCK, "frozen", level="ReadOnly")
    found = found_with(tmp_path, first, second)
    assert at(found.described, ("registry", "lock")) == {"kind": "CanNotDelete", "name": "keep", "notes": "Images"}
    assert [each.id for each in found.remarks] == [second["id"]]
    assert (found.differences, found.missing) == ((), ())


def test_a_lock_with_the_usual_name_states_none(tmp_path: Path) -> None:
    found = found_with(tmp_path, on(LOCK, "lock-ReadOnly", level="ReadOnly"))
    assert at(found.described, ("registry", "lock")) == {"kind": "ReadOnly"}


def test_a_role_on_the_registry_as_a_resource_keeps_its_name(tmp_path: Path) -> None:
    definition = f"{estates.SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/{ROLES['Reader'].guid}"
    principal = "22222222-2222-2222-2222-222222222222"
    body = on(
        f"{estates.REGISTRY}/providers/Microsoft.Authorization/roleAssignments",
        ASSIGNMENT,
        roleDefinitionId=definition,
        principalId=principal,
        principalType="Group",
        scope=estates.REGISTRY,
    )
    found = found_with(tmp_path, body)
    assert at(found.described, ("registry", "role_assignments")) == {
        "group-22222222-reader": {
            "name": ASSIGNMENT,
            "role": "Reader",
            "principal_id": principal,
            "principal_type": "Group",
        }
    }
    assert (found.remarks, found.differences, found.missing) == ((), (), ())


def test_a_diagnostic_setting_states_what_is_not_usual(tmp_path: Path) -> None:
    account = f"{estates.GROUP}/providers/Microsoft.Storage/storageAccounts/logs"
    body = on(
        SETTING,
        "archive",
        storageAccountId=account,
        logs=[{"category": "ContainerRegistryLoginEvents", "enabled": True}, {"category": "Other", "enabled": False}],
        metrics=[{"category": "AllMetrics", "enabled": False}],
    )
    found = found_with(tmp_path, body)
    assert at(found.described, ("registry", "diagnostic_settings", "archive")) == {
        "storage_account_resource_id": account,
        "log_categories": ["ContainerRegistryLoginEvents"],
        "metric_categories": [],
    }


def test_the_setting_that_a_workspace_makes_is_not_stated_twice(tmp_path: Path) -> None:
    workspace = f"{estates.HUB}/providers/Microsoft.OperationalInsights/workspaces/central"
    body = on(
        SETTING,
        "workspace",
        workspaceId=workspace,
        logAnalyticsDestinationType="Dedicated",
        logs=[{"categoryGroup": "allLogs", "enabled": True}],
        metrics=[{"category": "AllMetrics", "enabled": True}],
    )
    found = found_with(tmp_path, body)
    assert at(found.described, ("registry", "workspace")) == workspace
    assert at(found.described, ("registry", "diagnostic_settings")) is None
