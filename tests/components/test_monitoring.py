"""Workspaces: how long they keep logs, how many a day, who lets logs in, and where metrics are asked for."""

from collections.abc import Callable
from typing import Any

import pytest

from components.monitoring.metrics_workspace import MetricsWorkspace
from components.monitoring.spec import WorkspaceSpec
from components.monitoring.workspace import Workspace
from components.testing import Recording

Record = Callable[..., Recording]


def inputs(record: Record, **stated: Any) -> dict[str, Any]:
    spec = WorkspaceSpec.model_validate(stated)
    recording = record(
        lambda: Workspace("w", spec, workspace_name="log", location="eastus", resource_group_name="rg", tags={})
    )
    return dict(recording.named("w-workspace").inputs)


def test_a_workspace_keeps_logs_for_a_month_without_a_cap_by_default(record: Record) -> None:
    plain = inputs(record)
    assert (plain["retentionInDays"], plain["sku"], "workspaceCapping" in plain) == (30, {"name": "PerGB2018"}, False)
    stated = inputs(record, retention_days=90, daily_cap_gb=2.5)
    assert (stated["retentionInDays"], stated["workspaceCapping"]) == (90, {"dailyQuotaGb": 2.5})


@pytest.mark.parametrize("keys", [True, False])
def test_a_workspace_takes_keys_only_where_it_is_said(record: Record, keys: bool) -> None:
    assert inputs(record, shared_keys=keys)["features"]["disableLocalAuth"] is not keys
    assert inputs(record)["features"]["disableLocalAuth"] is True


def test_a_metrics_workspace_reports_its_query_endpoint(record: Record) -> None:
    asked = "https://amw-1a2b.westeurope.prometheus.monitor.azure.com"
    recording = record(
        lambda: MetricsWorkspace("m", workspace_name="amw", location="westeurope", resource_group_name="rg", tags={}),
        answers={"AzureMonitorWorkspace": {"name": "amw", "metrics": {"prometheusQueryEndpoint": asked}}},
    )
    stated = recording.one("AzureMonitorWorkspace").inputs
    assert (stated["azureMonitorWorkspaceName"], stated["location"]) == ("amw", "westeurope")
    assert recording.component_outputs("m") == {"id": "m-workspace-id", "name": "amw", "query_endpoint": asked}
