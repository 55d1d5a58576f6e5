"""Ways into a workspace: endpoints, rules, tables and Application Insights."""

from __future__ import annotations

from typing import Any

import pytest
from arm_client import GROUP, Arm

INSIGHTS = f"{GROUP}/providers/Microsoft.Insights"
WORKSPACE = f"{GROUP}/providers/Microsoft.OperationalInsights/workspaces/main"
TABLE = f"{WORKSPACE}/tables/Drift_CL"
ENDPOINT, RULE = f"{INSIGHTS}/dataCollectionEndpoints/dce", f"{INSIGHTS}/dataCollectionRules/dcr"
LAW, DCR = "2023-09-01", "2022-06-01"
COLUMNS = [{"name": "TimeGenerated", "type": "datetime"}, {"name": "Host", "type": "string"}]


def table(name: str = "Drift_CL", columns: list[dict[str, str]] = COLUMNS) -> dict[str, Any]:
    return {"properties": {"schema": {"name": name, "columns": columns}}}


def rule(stream: str = "Custom-Drift_CL", endpoint: str = ENDPOINT, workspace: str = WORKSPACE) -> dict[str, Any]:
    flow = {"streams": [stream], "destinations": ["main"], "outputStream": stream}
    return {
        "location": "eastus",
        "properties": {
            "dataCollectionEndpointId": endpoint,
            "streamDeclarations": {"Custom-Drift_CL": {"columns": COLUMNS}},
            "destinations": {"logAnalytics": [{"name": "main", "workspaceResourceId": workspace}]},
            "dataFlows": [flow],
        },
    }


def put_table(arm: Arm, body: dict[str, Any]) -> Any:
    reply = arm("PUT", TABLE, body, LAW)
    return arm("GET", reply.headers["location"]) if reply.status == 202 else reply


@pytest.fixture
def workspace(arm: Arm) -> Arm:
    arm.put(WORKSPACE, {"location": "eastus", "properties": {}}, LAW)
    arm.put(ENDPOINT, {"location": "eastus", "properties": {}}, DCR)
    return arm


def test_rows_come_in_by_an_endpoint_and_a_rule_into_a_table(workspace: Arm) -> None:
    assert put_table(workspace, table()).status == 200
    created = workspace.put(RULE, rule(), DCR)
    assert created["properties"]["immutableId"].startswith("dcr-")
    endpoint = workspace.get(ENDPOINT, DCR)["properties"]["logsIngestion"]["endpoint"]
    assert endpoint.startswith("https://dce-")
    assert workspace("DELETE", ENDPOINT, version=DCR).status == 409
    workspace.delete(RULE, DCR)
    workspace.delete(ENDPOINT, DCR)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (rule(), "InvalidOutputTable"),
        (rule("Custom-Other_CL"), "InvalidStream"),
        (rule(endpoint=f"{ENDPOINT}x"), "InvalidPayload"),
        (rule(workspace=f"{WORKSPACE}x"), "InvalidPayload"),
    ],
    ids=["table", "stream", "endpoint", "workspace"],
)
def test_a_rule_into_what_does_not_exist_is_refused(workspace: Arm, body: dict[str, Any], code: str) -> None:
    assert workspace("PUT", RULE, body, DCR).code == code


@pytest.mark.parametrize("body", [table("Other_CL"), table(columns=COLUMNS[1:])], ids=["name", "time"])
def test_a_table_has_its_schemas_name_and_a_time(workspace: Arm, body: dict[str, Any]) -> None:
    assert put_table(workspace, body).code == "InvalidParameter"


def test_application_insights_needs_a_workspace_and_answers_its_connection_string(workspace: Arm) -> None:
    path, version = f"{INSIGHTS}/components/app", "2020-02-02"
    body = {"location": "eastus", "kind": "web", "properties": {"Application_Type": "web"}}
    assert workspace("PUT", path, body, version).code == "InvalidWorkspace"
    body["properties"] = {"Application_Type": "web", "WorkspaceResourceId": WORKSPACE}
    created = workspace.put(path, body, version)
    assert created["properties"]["ConnectionString"].startswith("InstrumentationKey=")
