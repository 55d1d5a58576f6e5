"""PATCH: members are merged, a null takes one away, and some types change nothing but their tags."""

from __future__ import annotations

from typing import Any

import pytest
from app_requests import PROVIDER, WORKSPACE, Apps
from arm_client import GROUP, NETWORK, REGISTRY, Arm

IDENTITIES = f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities"
ONE, TWO = f"{IDENTITIES}/one", f"{IDENTITIES}/two"
STORAGE = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/acmestore"
INSIGHTS = f"{GROUP}/providers/Microsoft.Insights"
PLAN = f"{GROUP}/providers/Microsoft.Web/serverfarms/plan"

SIMPLE: dict[str, tuple[dict[str, Any], str]] = {
    REGISTRY: ({"sku": {"name": "Premium"}}, "2026-03-01-preview"),
    WORKSPACE: ({"properties": {}}, "2023-09-01"),
    f"{PROVIDER}/managedEnvironments/cae": ({"properties": {}}, "2025-02-02-preview"),
    STORAGE: ({"kind": "StorageV2", "sku": {"name": "Standard_LRS"}}, "2024-01-01"),
    f"{INSIGHTS}/dataCollectionEndpoints/dce": ({"properties": {}}, "2022-06-01"),
    PLAN: ({"sku": {"name": "B1"}, "properties": {}}, "2025-03-01"),
}
"""Types with identities that stand by themselves: body and API version by address."""


def users(**identities: Any) -> dict[str, Any]:
    places = {"one": ONE, "two": TWO}
    return {"type": "UserAssigned", "userAssignedIdentities": {places[name]: v for name, v in identities.items()}}


def shown(arm: Arm, path: str, version: str) -> list[str]:
    return sorted(arm.get(path, version)["identity"]["userAssignedIdentities"])


@pytest.fixture(autouse=True)
def identities(arm: Arm) -> None:
    for identity in (ONE, TWO):
        arm.put(identity, {"location": "eastus"})


def ended(arm: Arm, method: str, path: str, body: dict[str, Any], version: str) -> None:
    reply = arm(method, path, body, version)
    assert reply.status in {200, 201, 202}, reply.body
    if "location" in reply.headers:
        assert arm("GET", reply.headers["location"]).status == 200


@pytest.mark.parametrize("path", SIMPLE, ids=lambda path: path.rpartition("/providers/")[2].split("/")[1])
def test_a_null_takes_an_identity_away_and_what_is_not_named_stays(arm: Arm, path: str) -> None:
    body, version = SIMPLE[path]
    whole = {"location": "eastus", **body, "identity": users(one={}, two={})}
    ended(arm, "PUT", path, whole, version)
    ended(arm, "PATCH", path, {**whole, "identity": users(one=None, two={})}, version)
    assert shown(arm, path, version) == [TWO]
    ended(arm, "PATCH", path, {"identity": users(one={})}, version)
    assert shown(arm, path, version) == [ONE, TWO]


def test_an_identity_is_taken_away_by_its_id_in_any_case(arm: Arm) -> None:
    body, version = SIMPLE[WORKSPACE]
    ended(arm, "PUT", WORKSPACE, {"location": "eastus", **body, "identity": users(one={}, two={})}, version)
    change = {"type": "UserAssigned", "userAssignedIdentities": {ONE.upper(): None}}
    ended(arm, "PATCH", WORKSPACE, {"identity": change}, version)
    assert shown(arm, WORKSPACE, version) == [TWO]


def test_an_app_loses_an_identity_by_a_patch_of_its_whole_body(arm: Arm) -> None:
    apps = Apps(arm)
    apps.registry()
    apps.create()
    body = apps.app_body()
    body["identity"]["userAssignedIdentities"] |= {ONE: {}}
    apps.finished(apps.app(body))
    body["identity"]["userAssignedIdentities"] |= {ONE: None}
    ended(arm, "PATCH", f"{PROVIDER}/containerApps/web", body, "2025-02-02-preview")
    assert ONE not in shown(arm, f"{PROVIDER}/containerApps/web", "2025-02-02-preview")


def test_a_null_takes_any_member_back_to_its_default(arm: Arm) -> None:
    arm.put(WORKSPACE, {"location": "eastus", "properties": {"retentionInDays": 90}})
    ended(arm, "PATCH", WORKSPACE, {"properties": {"retentionInDays": None}}, "2023-09-01")
    assert arm.get(WORKSPACE)["properties"]["retentionInDays"] == 30


def test_tags_are_replaced_as_a_whole(arm: Arm) -> None:
    arm.put(WORKSPACE, {"location": "eastus", "tags": {"a": "1", "b": "2"}, "properties": {}})
    ended(arm, "PATCH", WORKSPACE, {"tags": {"c": "3", "d": None}}, "2023-09-01")
    assert arm.get(WORKSPACE)["tags"] == {"c": "3"}


def test_a_type_whose_patch_knows_only_tags_changes_nothing_else(arm: Arm) -> None:
    network = arm.network("hub", a="10.0.0.0/24")
    change = {"tags": {"a": "b"}, "properties": {"addressSpace": {"addressPrefixes": ["10.1.0.0/16"]}}}
    ended(arm, "PATCH", network, change, "2024-05-01")
    after = arm.get(network)
    assert after["tags"] == {"a": "b"}
    assert after["properties"]["addressSpace"] == {"addressPrefixes": ["10.0.0.0/16"]}


def test_a_type_without_patch_says_so(arm: Arm) -> None:
    policy = f"{NETWORK}/ApplicationGatewayWebApplicationFirewallPolicies/waf"
    assert arm("PATCH", policy, {"tags": {}}, "2024-05-01").status == 405
