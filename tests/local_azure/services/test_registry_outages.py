"""Outages of a region: what of a registry's control plane fails, and what works on."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from arm_client import GROUP, NETWORK, REGISTRY, ROOT
from azure.core.exceptions import HttpResponseError
from typer.testing import CliRunner

from local_azure.__main__ import cli

if TYPE_CHECKING:
    from collections.abc import Callable

    from arm_client import Arm, Clients

RUN = CliRunner()
HUB = f"{NETWORK}/virtualNetworks/hub/subnets/endpoints"
REPLICA = f"{REGISTRY}/replications/westeurope"
EAST = {"location": "eastus"}


def switch(arm: Arm, *arguments: str) -> list[str]:
    done = RUN.invoke(cli, ["outage", "--store", str(arm.store), *arguments])
    assert done.exit_code == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture
def dark(arm: Arm) -> Arm:
    """A replicated registry whose home region is down."""
    arm.registry()
    arm.replica("westeurope")
    switch(arm, "--down", "eastus")
    return arm


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", REGISTRY, {**EAST, "sku": {"name": "Premium"}}),
        ("PATCH", REGISTRY, {"properties": {"publicNetworkAccess": "Disabled"}}),
        ("DELETE", REGISTRY, None),
        ("PUT", f"{REGISTRY}/replications/westus2", {"location": "westus2"}),
        ("PATCH", REPLICA, {"properties": {"regionEndpointEnabled": False}}),
        ("DELETE", REPLICA, None),
        ("PUT", f"{REGISTRY}/cacheRules/hub", {"properties": {}}),
        ("POST", f"{REGISTRY}/listCredentials", None),
        (
            "PUT",
            f"{GROUP}/providers/Microsoft.ContainerRegistry/registries/another",
            {**EAST, "sku": {"name": "Basic"}},
        ),
    ],
)
def test_the_control_plane_of_a_registry_refuses_writes_while_its_home_is_down(
    dark: Arm, method: str, path: str, body: object
) -> None:
    reply = dark(method, path, body)
    assert (reply.status, reply.code) == (503, "ServiceUnavailable")
    assert "home region 'eastus'" in reply.message


def test_a_private_endpoint_of_the_registry_is_refused_too(dark: Arm) -> None:
    dark.network("hub", endpoints="10.0.0.0/24")
    assert dark.endpoint("pe", HUB).status == 503


def test_reads_are_answered_and_show_the_state_of_the_replica(dark: Arm) -> None:
    assert dark.get(REGISTRY)["properties"]["provisioningState"] == "Succeeded"
    shown = {
        r["name"]: r["properties"]["status"]["displayStatus"] for r in dark.get(f"{REGISTRY}/replications")["value"]
    }
    assert shown == {"eastus": "Unavailable", "westeurope": "Ready"}


def test_writes_work_while_another_region_than_the_home_is_down(arm: Arm) -> None:
    arm.registry()
    arm.replica("westeurope")
    assert switch(arm, "--down", "West Europe") == ["westeurope"]
    assert arm("PATCH", REPLICA, {"properties": {"regionEndpointEnabled": False}}).status == 201


def test_registries_of_other_regions_and_names_are_not_concerned(dark: Arm) -> None:
    other = f"{GROUP}/providers/Microsoft.ContainerRegistry/registries/elsewhere"
    assert dark("PUT", other, {"location": "westus2", "sku": {"name": "Premium"}}).status == 200
    asked = {"name": "whatever", "type": "Microsoft.ContainerRegistry/registries"}
    path = f"{ROOT}/providers/Microsoft.ContainerRegistry/checkNameAvailability"
    assert dark("POST", path, asked).status == 200


def test_the_end_of_the_outage_lets_writes_in_and_shows_the_replica_ready(dark: Arm) -> None:
    assert switch(dark, "--up", "eastus") == []
    assert dark("DELETE", REPLICA).status == 202
    dark.registry()
    assert switch(dark) == []


def test_a_group_is_kept_that_holds_a_registry_whose_home_is_down(dark: Arm) -> None:
    reply = dark("DELETE", GROUP)
    ended = dark("GET", reply.headers["location"])
    assert (ended.status, ended.code) == (409, "ResourceGroupDeletionBlocked")
    assert REGISTRY in dark.ids()
    assert REPLICA in dark.ids()


def test_an_outage_outlives_the_server(dark: Arm, start: Callable[..., Arm]) -> None:
    again = start(folder=dark.store)
    assert again("DELETE", REPLICA).status == 503


def test_the_management_client_reports_the_service_as_unavailable(dark: Arm, clients: Clients) -> None:
    with clients.registry as client, pytest.raises(HttpResponseError) as refused:
        client.replications.begin_delete("rg", "contoso", "westeurope", retry_total=0)
    assert refused.value.status_code == 503
    assert refused.value.error is not None
    assert refused.value.error.code == "ServiceUnavailable"


def test_a_region_that_does_not_exist_is_a_wrong_command(arm: Arm) -> None:
    done = RUN.invoke(cli, ["outage", "--store", str(arm.store), "--down", "atlantis"])
    assert (done.exit_code, done.stderr.count("\n")) == (2, 1)
    assert switch(arm) == []
