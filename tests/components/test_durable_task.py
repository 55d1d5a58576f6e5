from __future__ import annotations

from collections.abc import Callable
from ipaddress import IPv4Network
from typing import Any

import pulumi

from components.durable_task.scheduler import PACKAGE, Scheduler
from components.durable_task.spec import TaskSchedulerSpec
from components.testing import Recording

Record = Callable[..., Recording]
ID = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.DurableTask/schedulers/dts"
ENDPOINT = "https://dts-1.eastus.durabletask.io"
ANSWERS = {
    "Scheduler": lambda inputs: {
        "id": ID,
        "name": "dts",
        "properties": {**inputs["properties"], "endpoint": ENDPOINT},
    },
    "TaskHub": lambda inputs: {"id": f"{ID}/taskHubs/{inputs['taskHubName']}", "name": inputs["taskHubName"]},
}
SANDBOXES: dict[str, Any] = {
    "preview_acknowledged": True,
    "identity": "worker",
    "orchestrator_host": "aks",
    "profiles": {"run": {"image": "a/worker:1", "task_hub": "jobs", "language": "dotnet", "activities": ["Run"]}},
}


def program(**more: Any) -> Scheduler:
    """A scheduler, which exports what its workers receive."""
    spec = {"ip_allow_list": [IPv4Network("10.0.0.0/8")], "task_hubs": {"jobs": {}}, **more}
    scheduler = Scheduler(
        "tasks",
        TaskSchedulerSpec.model_validate(spec),
        scheduler_name="dts",
        location="eastus",
        resource_group_name="rg",
        registry_host="contoso.eastus.geo.azurecr.io",
        identity_ids={"worker": "/i/worker"},
        client_ids={"worker": "client"},
        principal_ids={"worker": "principal"},
        tags={},
    )
    pulumi.export("workers", dict(scheduler.workers))
    return scheduler


def create(record: Record, **more: Any) -> Recording:
    return record(lambda: program(**more), answers=ANSWERS)


def test_a_plain_scheduler_is_made_by_the_stable_version(record: Record) -> None:
    scheduler = create(record).named("tasks-scheduler")
    assert scheduler.type == "azure-native:durabletask:Scheduler"
    assert scheduler.inputs["properties"] == {
        "ipAllowlist": ["10.0.0.0/8"],
        "sku": {"name": "Consumption"},
        "publicNetworkAccess": "Enabled",
    }


def test_one_with_sandboxes_is_made_by_the_preview_version_with_its_identity(record: Record) -> None:
    recording = create(record, on_demand_sandboxes=SANDBOXES)
    scheduler = recording.named("tasks-scheduler")
    assert scheduler.type == PACKAGE.token("Scheduler")
    assert scheduler.inputs["identity"] == {"type": "UserAssigned", "userAssignedIdentities": ["/i/worker"]}
    assert recording.named("tasks-hub-jobs").type == PACKAGE.token("TaskHub")


def test_retention_states_days_for_all_states_first(record: Record) -> None:
    inputs = create(record, retention={"failed_days": 60, "default_days": 10}).one("RetentionPolicy").inputs
    assert inputs["properties"] == {
        "retentionPolicies": [
            {"retentionPeriodInDays": 10},
            {"retentionPeriodInDays": 60, "orchestrationState": "Failed"},
        ]
    }


def test_a_role_is_on_the_hub_that_is_named_else_on_the_scheduler(record: Record) -> None:
    grants = {
        "hub": {"identity": "worker", "action": "worker", "task_hub": "jobs"},
        "all": {"identity": "worker", "action": "reader"},
    }
    found = {role.name: role.inputs for role in create(record, access=grants).of_type("RoleAssignment")}
    assert found["tasks-access-hub"]["scope"] == f"{ID}/taskHubs/jobs"
    assert found["tasks-access-hub"]["roleDefinitionId"].endswith("/80d0d6b0-f522-40a4-8886-a5a11720c375")
    assert found["tasks-access-all"]["scope"] == ID


def test_the_orchestrator_receives_endpoint_hub_and_image(record: Record) -> None:
    report = create(record, on_demand_sandboxes=SANDBOXES).exports["workers"]["run"]
    assert report["environment"] == {
        "DTS_ENDPOINT": ENDPOINT,
        "DTS_TASK_HUB": "jobs",
        "DTS_SANDBOX_IMAGE": "contoso.eastus.geo.azurecr.io/a/worker:1",
    }
    assert (report["cpu"], report["memory"], report["client_id"]) == ("1000m", "2048Mi", "client")


def test_everything_that_holds_data_is_protected_unless_that_is_given_up(record: Record) -> None:
    recording = create(record)
    assert (recording.named("tasks-scheduler").protect, recording.named("tasks-hub-jobs").protect) == (True, True)
    assert not create(record, protect=False).named("tasks-scheduler").protect
