from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from pulumi.output import UNKNOWN
from pydantic import ValidationError

from components.sandboxes.sandbox_group import SandboxGroup
from components.sandboxes.spec import GatewaySpec, SandboxGroupSpec
from components.testing import Recording

Record = Callable[..., Recording]
ID = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.App/sandboxGroups/sbx"
# ARM answers identities as a map, the SDK takes them as a list.
ANSWERS = {"Resource": lambda inputs: {"id": ID, "name": inputs["resourceName"], "identity": {"type": "UserAssigned"}}}
ENVIRONMENT = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.App/managedEnvironments/e"


def group(spec: SandboxGroupSpec, **more: Any) -> SandboxGroup:
    wiring: dict[str, Any] = {"subnet_id": None, "environment_id": None, **more}
    return SandboxGroup(
        "boxes",
        spec,
        group_name="sbx",
        location="eastus",
        resource_group_name="rg",
        identity_ids={"puller": "/i/puller", "worker": "/i/worker"},
        principal_ids={"driver": "22222222-2222-2222-2222-222222222222"},
        tags={"team": "a"},
        **wiring,
    )


def create(record: Record, spec: SandboxGroupSpec, *, preview: bool = False, **more: Any) -> Recording:
    return record(lambda: group(spec, **more), answers=ANSWERS, preview=preview)


def test_the_preview_contract_carries_size_timeout_and_identity(record: Record) -> None:
    spec = SandboxGroupSpec(
        tier="L", maximum_sandboxes=9, idle_timeout_minutes=1, identity="puller", identities=["worker"]
    )
    inputs = create(record, spec).named("boxes-group").inputs
    assert (inputs["apiVersion"], inputs["resourceType"], inputs["parentResourcePath"]) == (
        "2026-02-01-preview",
        "sandboxGroups",
        "",
    )
    assert inputs["properties"] == {
        "defaultCpu": "2",
        "defaultMemory": "4Gi",
        "defaultDisk": "40Gi",
        "defaultTimeoutSeconds": 60,
        "maxSandboxCount": 9,
    }
    assert inputs["identity"] == {"type": "UserAssigned", "userAssignedIdentities": ["/i/puller", "/i/worker"]}


def test_the_stable_contract_carries_the_environment_and_nothing_else(record: Record) -> None:
    spec = SandboxGroupSpec(contract="2026-07-01", environment="e")
    inputs = create(record, spec, environment_id=ENVIRONMENT).named("boxes-group").inputs
    assert (inputs["apiVersion"], inputs["properties"]) == ("2026-07-01", {"environmentId": ENVIRONMENT})
    assert "identity" not in inputs


def test_a_connection_is_a_child_of_the_group_at_the_version_that_takes_a_location(record: Record) -> None:
    spec = SandboxGroupSpec(contract="2026-07-01", environment="e", network="n", subnet="s")
    inputs = create(record, spec, environment_id=ENVIRONMENT, subnet_id="/subnet").named("boxes-connection").inputs
    assert inputs["parentResourcePath"] == "sandboxGroups/sbx"
    assert (inputs["resourceType"], inputs["resourceName"], inputs["apiVersion"]) == (
        "vnetConnections",
        "default",
        "2026-02-01-preview",
    )
    assert inputs["properties"] == {"subnetId": "/subnet"}


def test_without_a_subnet_there_is_no_connection(record: Record) -> None:
    assert [found.name for found in create(record, SandboxGroupSpec()).of_type("Resource")] == ["boxes-group"]


def test_the_data_owner_is_assigned_on_the_group_only(record: Record) -> None:
    (assignment,) = create(record, SandboxGroupSpec(owners=["driver"])).of_type("RoleAssignment")
    assert assignment.inputs["scope"] == ID
    assert assignment.inputs["roleDefinitionId"].endswith("/c24cf47c-5077-412d-a19c-45202126392c")
    assert assignment.inputs["principalType"] == "ServicePrincipal"


@pytest.mark.parametrize("protect", [True, False])
def test_the_group_is_protected_unless_that_is_given_up(record: Record, protect: bool) -> None:
    assert create(record, SandboxGroupSpec(protect=protect)).named("boxes-group").protect is protect


def test_a_gateway_is_called_by_the_identity_that_it_names(record: Record) -> None:
    gateway = GatewaySpec(
        id="/subscriptions/s/resourceGroups/g/providers/Microsoft.Web/connectorGateways/c", identity="worker"
    )
    inputs = create(record, SandboxGroupSpec(gateways={"office": gateway})).named("boxes-group").inputs
    assert inputs["properties"]["gatewayConnections"] == [
        {"resourceId": gateway.id, "authentication": {"type": "ManagedIdentity", "identityResourceId": "/i/worker"}}
    ]


@pytest.mark.parametrize("port", ["0", "65536"])
def test_a_gateways_url_has_a_port_that_there_is(port: str) -> None:
    gateway = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Web/connectorGateways/c"
    url = "https://mcp.contoso.com:65535/mcp"
    assert GatewaySpec(id=gateway, mcp_runtime_url=url).mcp_runtime_url == url
    with pytest.raises(ValidationError, match=f"has port {port}; write one from 1 to 65535"):
        GatewaySpec(id=gateway, mcp_runtime_url=f"https://mcp.contoso.com:{port}/mcp")


def test_a_preview_knows_what_it_can_of_a_group_that_does_not_exist(record: Record) -> None:
    spec = SandboxGroupSpec(contract="2026-07-01", environment="e", network="n", subnet="s")
    found = create(record, spec, preview=True, environment_id=ENVIRONMENT, subnet_id="/subnet")
    assert found.named("boxes-group").inputs["resourceName"] == "sbx"
    assert found.component_outputs("boxes")["id"] is UNKNOWN
