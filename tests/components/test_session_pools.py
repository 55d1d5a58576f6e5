"""Session pools: types, the MCP switch, lifecycle, egress, and who may run code."""

from collections.abc import Callable
from typing import Any

import pytest
from pydantic import ValidationError

from components.session_pools.session_pool import PACKAGE, SessionPool
from components.session_pools.spec import SessionPoolSpec
from components.testing import Recording

Record = Callable[..., Recording]

CUSTOM: dict[str, Any] = {
    "type": "Custom",
    "environment": "main",
    "identity": "puller",
    "container": {"image": "team-a/box:3", "port": 8080},
}
POOL_ID = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.App/sessionPools/pool"


def recorded(record: Record, **stated: Any) -> Recording:
    spec = SessionPoolSpec.model_validate(stated)
    custom = spec.container is not None
    return record(
        lambda: SessionPool(
            "p",
            spec,
            pool_name="pool",
            location="westeurope",
            resource_group_name="rg",
            environment_id="/env" if custom else None,
            registry_host="contoso.westeurope.geo.azurecr.io",
            identity_id="/puller" if custom else None,
            principal_ids={"worker": "0000"},
            after=(),
            tags={},
        ),
        answers={
            "ContainerAppsSessionPool": {
                "id": POOL_ID,
                "poolManagementEndpoint": "https://pool",
                "mcpServerSettings": {"mcpServerEndpoint": "https://pool/mcp"},
            }
        },
    )


def body(record: Record, **stated: Any) -> dict[str, Any]:
    return dict(recorded(record, **stated).one("app:ContainerAppsSessionPool").inputs)


@pytest.mark.parametrize(("kind", "arm"), [("Python", "PythonLTS"), ("Node", "NodeLTS"), ("Shell", "Shell")])
def test_an_interpreters_pool_is_closed_and_idles_out_by_default(record: Record, kind: str, arm: str) -> None:
    assert body(record, type=kind) == {
        "sessionPoolName": "pool",
        "resourceGroupName": "rg",
        "location": "westeurope",
        "tags": {},
        "containerType": arm,
        "poolManagementType": "Dynamic",
        "scaleConfiguration": {"maxConcurrentSessions": 20},
        "dynamicPoolConfiguration": {
            "lifecycleConfiguration": {"lifecycleType": "Timed", "cooldownPeriodInSeconds": 300}
        },
        "sessionNetworkConfiguration": {"status": "EgressDisabled"},
    }


def test_every_pool_is_of_the_version_that_knows_mcp_so_that_the_switch_is_no_replacement(record: Record) -> None:
    for stated in ({"type": "Python"}, {"type": "Python", "mcp": True}, CUSTOM):
        found = recorded(record, **stated).one("app:ContainerAppsSessionPool")
        assert found.type == PACKAGE.token("ContainerAppsSessionPool")
        assert found.package


@pytest.mark.parametrize("kind", ["Python", "Shell"])
def test_an_mcp_server_takes_tokens_only_by_default(record: Record, kind: str) -> None:
    found = body(record, type=kind, mcp=True)["mcpServerSettings"]
    assert found == {"isMcpServerEnabled": True, "isMcpServerApiKeyDisabled": True}
    with_key = body(record, type=kind, mcp=True, mcp_api_key=True)["mcpServerSettings"]
    assert with_key["isMcpServerApiKeyDisabled"] is False


def test_a_custom_pool_pulls_from_the_co_located_host_by_an_identity_kept_from_the_code(record: Record) -> None:
    found = body(record, **CUSTOM, ready_sessions=2, egress=True)
    template = found["customContainerTemplate"]
    assert template["containers"][0]["image"] == "contoso.westeurope.geo.azurecr.io/team-a/box:3"
    assert template["registryCredentials"] == {"server": "contoso.westeurope.geo.azurecr.io", "identity": "/puller"}
    assert found["managedIdentitySettings"] == [{"identity": "/puller", "lifecycle": "None"}]
    assert found["scaleConfiguration"]["readySessionInstances"] == 2
    assert found["sessionNetworkConfiguration"] == {"status": "EgressEnabled"}


def test_a_custom_pools_sessions_may_end_with_their_container(record: Record) -> None:
    found = body(record, **CUSTOM, max_alive_seconds=1200)["dynamicPoolConfiguration"]["lifecycleConfiguration"]
    assert found == {"lifecycleType": "OnContainerExit", "maxAlivePeriodInSeconds": 1200}


def test_an_executor_is_granted_the_pool_and_nothing_else(record: Record) -> None:
    found = recorded(record, type="Python", executors=["worker"]).one("authorization:RoleAssignment").inputs
    assert found["scope"] == POOL_ID
    assert found["principalId"] == "0000"
    assert found["principalType"] == "ServicePrincipal"
    assert found["roleDefinitionId"].endswith("/0fb8eba5-a2bb-4abe-b1c1-49dfad359bb0")


def test_a_pool_reports_endpoint_and_audience(record: Record) -> None:
    found = recorded(record, type="Python", mcp=True).component_outputs("p")
    assert (found["endpoint"], found["audience"]) == ("https://pool", "https://dynamicsessions.io")
    assert found["mcp_endpoint"] == "https://pool/mcp"


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "MCP on Node": ({"type": "Node", "mcp": True}, "a Node pool cannot be an MCP server"),
    "MCP on a container": ({**CUSTOM, "mcp": True}, "a Custom pool cannot be an MCP server"),
    "an API key without MCP": ({"type": "Shell", "mcp_api_key": True}, "true without mcp"),
    "a container without a place": ({"type": "Custom"}, "environment: is missing"),
    "an interpreter with a container": ({**CUSTOM, "type": "Python"}, "Python runs a container of Azure's"),
    "too short a cooldown": ({"type": "Python", "cooldown_seconds": 299}, "greater than or equal to 300"),
    "too long a cooldown": ({"type": "Python", "cooldown_seconds": 3601}, "less than or equal to 3600"),
    "more ready than at most": ({**CUSTOM, "ready_sessions": 21}, "21 is more than max_sessions, 20"),
    "a size that does not fit": (
        {**CUSTOM, "container": {"image": "a:1", "port": 1, "cpu": 1, "memory_gib": 1}},
        "give 1 vCPU and 2 GiB",
    ),
    "a variable's name": (
        {**CUSTOM, "container": {"image": "a:1", "port": 1, "env": {"A:B": "x"}}},
        "container.env.A:B: 'A:B' is not an environment variable name",
    ),
}


@pytest.mark.parametrize(("stated", "message"), REFUSED.values(), ids=REFUSED)
def test_a_pool_refuses(stated: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        SessionPoolSpec.model_validate(stated)
    assert message in str(refusal.value)
