from __future__ import annotations

import json
from typing import Any

import pytest
from arm_client import GROUP, NETWORK, ROOT, Arm, Clients

BOXES = f"{GROUP}/providers/Microsoft.App/sandboxGroups/boxes"
PREVIEW, STABLE = "2026-02-01-preview", "2026-07-01"
BODY: dict[str, Any] = {"location": "eastus", "properties": {}}
SUBNET = f"{NETWORK}/virtualNetworks/net/subnets"


def environment(arm: Arm, name: str) -> str:
    """A managed environment, as it is in the store."""
    place = f"{GROUP}/providers/Microsoft.App/managedEnvironments/{name}"
    arm.put(place, {"location": "eastus", "properties": {}}, "2025-02-02-preview")
    return place


def network(arm: Arm) -> None:
    subnets = [
        {"name": name, "properties": {"addressPrefix": f"10.0.{number}.0/27", "delegations": delegations}}
        for number, (name, delegations) in enumerate(
            [
                ("boxes", [{"name": "d", "properties": {"serviceName": "Microsoft.App/environments"}}]),
                ("plain", []),
                ("more", [{"name": "d", "properties": {"serviceName": "Microsoft.App/environments"}}]),
            ]
        )
    ]
    body = {
        "location": "eastus",
        "properties": {"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}, "subnets": subnets},
    }
    arm.put(f"{NETWORK}/virtualNetworks/net", body)


def test_the_preview_contract_fills_in_tier_m_and_reports_the_data_plane(arm: Arm) -> None:
    created = arm.put(BOXES, BODY, PREVIEW)["properties"]
    assert (created["defaultCpu"], created["defaultMemory"], created["defaultDisk"]) == ("1", "2Gi", "20Gi")
    assert created["managementEndpoint"] == "https://management.eastus.azuredevcompute.io"
    assert created["provisioningState"] == "Succeeded"


def test_a_group_is_made_asynchronously(arm: Arm) -> None:
    reply = arm("PUT", BOXES, BODY, PREVIEW)
    assert reply.status == 201
    assert reply.body["properties"]["provisioningState"] == "InProgress"
    assert "azure-asyncoperation" in reply.headers


def test_the_stable_contract_shows_neither_defaults_nor_identity(arm: Arm) -> None:
    arm.put(BOXES, {**BODY, "identity": {"type": "SystemAssigned"}}, PREVIEW)
    shown = arm.get(BOXES, STABLE)
    assert "identity" not in shown
    assert set(shown["properties"]) == {"provisioningState"}


@pytest.mark.parametrize(
    ("version", "body", "path"),
    [
        (STABLE, {**BODY, "identity": {"type": "SystemAssigned"}}, "identity"),
        (STABLE, {**BODY, "properties": {"maxSandboxCount": 3}}, "properties.maxSandboxCount"),
        (PREVIEW, {**BODY, "properties": {"maxSandboxCount": "3"}}, "properties.maxSandboxCount"),
        (PREVIEW, {"properties": {}}, "location"),
    ],
)
def test_what_a_contract_lacks_is_refused_with_its_path(arm: Arm, version: str, body: Any, path: str) -> None:
    reply = arm("PUT", BOXES, body, version)
    assert reply.status == 400
    assert path in json.dumps(reply.body)


def test_the_preview_contract_wants_properties_even_when_there_are_none(arm: Arm) -> None:
    reply = arm("PUT", BOXES, {"location": "eastus"}, PREVIEW)
    assert (reply.status, reply.code) == (400, "InvalidRequestContent")


@pytest.mark.parametrize("name", ["-boxes", "b" * 33, "box_es"])
def test_a_bad_name_is_refused(arm: Arm, name: str) -> None:
    assert arm("PUT", BOXES.replace("/boxes", f"/{name}"), BODY, PREVIEW).status == 400


def test_an_unknown_version_is_refused(arm: Arm) -> None:
    assert arm("PUT", BOXES, BODY, "2024-03-01").code in {"NoRegisteredProviderFound", "InvalidApiVersionParameter"}


def test_an_environment_is_linked_permanently(arm: Arm) -> None:
    first, second = environment(arm, "one"), environment(arm, "two")
    linked = {**BODY, "properties": {"environmentId": first}}
    created = arm.put(BOXES, linked, STABLE)
    assert created["properties"]["defaultDomain"].endswith(".eastus.azurecontainerapps.io")
    assert arm("PUT", BOXES, BODY, STABLE).status == 409
    assert arm("PUT", BOXES, {**BODY, "properties": {"environmentId": second}}, STABLE).status == 409
    assert arm("PATCH", BOXES, {"tags": {"a": "b"}}, STABLE).status in {200, 202}
    assert arm.put(BOXES, linked, STABLE)["properties"]["environmentId"] == first


def test_a_group_without_an_environment_can_be_linked_later(arm: Arm) -> None:
    arm.put(BOXES, BODY, STABLE)
    place = environment(arm, "one")
    assert (
        arm.put(BOXES, {**BODY, "properties": {"environmentId": place}}, STABLE)["properties"]["environmentId"] == place
    )


def test_an_environment_that_does_not_exist_is_refused(arm: Arm) -> None:
    reply = arm("PUT", BOXES, {**BODY, "properties": {"environmentId": f"{BOXES}x"}}, STABLE)
    assert (reply.status, reply.code) == (400, "InvalidResourceReference")


def test_an_identity_that_does_not_exist_is_refused(arm: Arm) -> None:
    place = f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/i"
    body = {**BODY, "identity": {"type": "UserAssigned", "userAssignedIdentities": {place: {}}}}
    assert arm("PUT", BOXES, body, PREVIEW).code == "FailedIdentityOperation"


def test_a_connection_takes_a_delegated_subnet_for_itself_and_keeps_it(arm: Arm) -> None:
    network(arm)
    arm.put(BOXES, BODY, PREVIEW)
    connection = f"{BOXES}/vnetConnections/default"
    missing = arm("PUT", connection, {"properties": {"subnetId": f"{SUBNET}/plain"}}, STABLE)
    assert missing.code == "SubnetMissingRequiredDelegation"
    arm.put(connection, {"location": "eastus", "properties": {"subnetId": f"{SUBNET}/boxes"}}, PREVIEW)
    assert (
        arm("PUT", connection, {"properties": {"subnetId": f"{SUBNET}/more"}}, STABLE).code
        == "PropertyChangeNotAllowed"
    )
    arm.put(BOXES.replace("/boxes", "/others"), BODY, PREVIEW)
    other = arm(
        "PUT",
        f"{BOXES.replace('/boxes', '/others')}/vnetConnections/default",
        {"properties": {"subnetId": f"{SUBNET}/boxes"}},
        STABLE,
    )
    assert (other.status, other.code) == (409, "SubnetAlreadyInUse")
    assert arm("DELETE", f"{SUBNET}/boxes").status == 400
    arm.delete(BOXES, PREVIEW)
    assert arm("GET", connection, version=PREVIEW).status == 404
    arm.delete(f"{SUBNET}/boxes")


def test_a_connection_has_a_location_in_the_preview_contract_only(arm: Arm) -> None:
    network(arm)
    arm.put(BOXES, BODY, PREVIEW)
    connection = f"{BOXES}/vnetConnections/default"
    body = {"location": "eastus", "properties": {"subnetId": f"{SUBNET}/boxes"}}
    assert arm("PUT", connection, body, STABLE).status == 400
    assert arm.put(connection, body, PREVIEW)["location"] == "eastus"
    assert "location" not in arm.get(connection, STABLE)


def test_the_management_client_reads_a_group_back(arm: Arm, clients: Clients) -> None:
    place = environment(arm, "one")
    arm.put(BOXES, {**BODY, "tags": {"a": "b"}, "properties": {"environmentId": place}}, STABLE)
    found = clients.apps.sandbox_groups.get("rg", "boxes")
    assert found.properties is not None
    assert (found.location, found.properties.environment_id) == ("eastus", place)


def test_groups_of_a_subscription_are_listed(arm: Arm) -> None:
    arm.put(BOXES, BODY, PREVIEW)
    listed = arm.get(f"{ROOT}/providers/Microsoft.App/sandboxGroups", PREVIEW)["value"]
    assert [found["name"] for found in listed] == ["boxes"]
