from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import pytest
from arm_client import GROUP, NETWORK, ROOT

if TYPE_CHECKING:
    from arm_client import Arm, Clients, Reply

SOMEONE = "33333333-3333-3333-3333-333333333333"
CONTRIBUTOR = "b24988ac-6180-42a0-ab88-20f7382dd24c"
READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7"
DNS = "b12aa53e-6015-4669-85d0-8515ebb3ae7f"
GROUP_PERMISSIONS = f"{GROUP}/providers/Microsoft.Authorization/permissions"


def _token(oid: str) -> dict[str, str]:
    claims = base64.urlsafe_b64encode(json.dumps({"oid": oid}).encode()).decode().rstrip("=")
    return {"Authorization": f"Bearer e30.{claims}."}


def _assign(arm: Arm, role: str, scope: str, name: str = "44444444-4444-4444-4444-444444444444") -> None:
    definition = f"/providers/Microsoft.Authorization/roleDefinitions/{role}"
    properties = {"roleDefinitionId": definition, "principalId": SOMEONE, "principalType": "User"}
    arm.put(f"{scope}/providers/Microsoft.Authorization/roleAssignments/{name}", {"properties": properties})


def _as(arm: Arm, method: str, path: str, body: Any = None) -> Reply:
    return arm(method, path, body, headers=_token(SOMEONE))


def test_a_reader_may_read_and_nothing_else(arm: Arm) -> None:
    _assign(arm, READER, ROOT)
    assert _as(arm, "GET", GROUP).status == 200
    refused = _as(arm, "PUT", GROUP, {"location": "eastus"})
    assert (refused.status, refused.code) == (403, "AuthorizationFailed")
    assert f"with object id '{SOMEONE}'" in refused.message
    assert "perform action 'Microsoft.Resources/subscriptions/resourceGroups/write'" in refused.message


def test_a_role_counts_at_its_scope_and_below(arm: Arm) -> None:
    _assign(arm, CONTRIBUTOR, GROUP)
    network = {"location": "eastus", "properties": {"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}}}
    assert _as(arm, "PUT", f"{NETWORK}/virtualNetworks/hub", network).status == 201
    assert _as(arm, "PUT", f"{ROOT}/resourceGroups/other", {"location": "eastus"}).status == 403
    assert _as(arm, "GET", f"{ROOT}/resourceGroups").status == 403


def test_a_contributor_assigns_no_roles(arm: Arm) -> None:
    _assign(arm, CONTRIBUTOR, ROOT)
    path = f"{GROUP}/providers/Microsoft.Authorization/roleAssignments/55555555-5555-5555-5555-555555555555"
    assert _as(arm, "PUT", path, {"properties": {}}).code == "AuthorizationFailed"


def test_an_action_is_a_permission_of_its_own(arm: Arm) -> None:
    _assign(arm, READER, ROOT)
    arm.registry()
    refused = _as(arm, "POST", f"{GROUP}/providers/Microsoft.ContainerRegistry/registries/contoso/listCredentials")
    assert "'Microsoft.ContainerRegistry/registries/listCredentials/action'" in refused.message


def test_the_permissions_of_the_caller_are_listed(arm: Arm) -> None:
    _assign(arm, READER, ROOT)
    _assign(arm, DNS, GROUP, "66666666-6666-6666-6666-666666666666")
    rows = _as(arm, "GET", GROUP_PERMISSIONS).body["value"]
    assert {"*/read"} in [set(row["actions"]) for row in rows]
    assert any("Microsoft.Network/privateDnsZones/*" in row["actions"] for row in rows)


@pytest.mark.parametrize(
    "headers", [{}, _token("77777777-7777-7777-7777-777777777777"), {"Authorization": "Bearer x.y"}]
)
def test_who_has_no_role_here_is_an_owner(arm: Arm, headers: dict[str, str]) -> None:
    _assign(arm, READER, ROOT)
    assert arm("GET", GROUP_PERMISSIONS, headers=headers).body["value"][0]["actions"] == ["*"]


def test_the_usage_of_each_subnet_counts_the_addresses_that_are_taken(arm: Arm, clients: Clients) -> None:
    arm.registry()
    network = arm.network("hub", endpoints="10.0.0.0/27")
    arm.endpoint("to-contoso", f"{network}/subnets/endpoints")
    (usage,) = clients.network.virtual_networks.list_usage("rg", "hub")
    # A registry without replicas takes one address for its global and one for its data endpoint [ACR-7].
    assert (usage.id, usage.current_value, usage.limit) == (f"{network}/subnets/endpoints", 2, 32 - 5)


def test_the_versions_of_kubernetes_are_listed_for_a_region(clients: Clients) -> None:
    versions = clients.clusters.managed_clusters.list_kubernetes_versions("eastus")["values"]
    assert [each.version for each in versions if each.is_default] == ["1.35"]
    plans = {each.version: set(each.capabilities.support_plan) for each in versions}
    assert plans["1.33"] == {"AKSLongTermSupport"}
    assert plans["1.34"] == plans["1.37"] == {"KubernetesOfficial", "AKSLongTermSupport"}


def test_the_real_client_reads_permissions(arm: Arm, clients: Clients) -> None:
    (shown,) = clients.authorization.permissions.list_for_resource_group("rg")
    assert shown.actions == ["*"]
