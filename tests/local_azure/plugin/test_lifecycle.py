from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from fake_arm import Answer, FakeArm

from local_azure.arm_types import lookup_token
from local_azure.plugin.arm_client import ArmClient, ArmRequestError
from local_azure.plugin.lifecycle import AlreadyExistsError, ChildrenError, Lifecycle, PartialError
from local_azure.plugin.values import Secret
from local_azure.plugin.waits import Waits

VNET = "/subscriptions/sub/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v"
INPUTS: dict[str, Any] = {
    "resourceGroupName": "rg",
    "virtualNetworkName": "v",
    "location": "eastus",
    "addressSpace": {"addressPrefixes": ["10.0.0.0/16"]},
}
BUDGET = Waits().begin


@pytest.fixture
def arm() -> Iterator[FakeArm]:
    with FakeArm() as server:
        yield server


def life(arm: FakeArm, token: str = "azure-native:network:VirtualNetwork") -> Lifecycle:
    sdk = lookup_token(token)
    assert sdk is not None
    return Lifecycle(ArmClient(arm.url), sdk, "sub", lambda _: None)


def test_create_looks_first_puts_then_polls_then_reads(arm: FakeArm) -> None:
    live = life(arm).create(INPUTS, BUDGET())
    assert [method for method, _, _ in arm.log] == ["GET", "PUT", "GET", "GET"]
    assert arm.log[2][1].startswith("/operations/")
    assert live.arm_id == VNET
    assert live.outputs["addressSpace"] == {"addressPrefixes": ["10.0.0.0/16"]}
    assert live.outputs["azureApiVersion"] == "2024-05-01"


def test_create_refuses_what_exists_already(arm: FakeArm) -> None:
    life(arm).create(INPUTS, BUDGET())
    with pytest.raises(AlreadyExistsError, match=f"^cannot create already existing resource '{VNET}'$"):
        life(arm).create(INPUTS, BUDGET())


def test_create_sends_unset_child_arrays_as_empty(arm: FakeArm) -> None:
    life(arm).create(INPUTS, BUDGET())
    sent = next(body for method, _, body in arm.log if method == "PUT")
    assert sent["properties"]["subnets"] == []
    assert sent["properties"]["virtualNetworkPeerings"] == []


def test_update_sends_unset_child_arrays_as_they_are(arm: FakeArm) -> None:
    life(arm).create({**INPUTS, "subnets": [{"name": "a", "addressPrefix": "10.0.0.0/24"}]}, BUDGET())
    there = arm.resources[VNET.lower()]["properties"]["subnets"]
    life(arm).update({**INPUTS, "tags": {"a": "b"}}, INPUTS, {}, BUDGET())
    sent = [body for method, _, body in arm.log if method == "PUT"][-1]
    assert sent["properties"]["subnets"] == there


def test_update_leaves_out_child_arrays_that_a_read_does_not_show(arm: FakeArm) -> None:
    life(arm).create(INPUTS, BUDGET())
    del arm.resources[VNET.lower()]["properties"]["virtualNetworkPeerings"]
    life(arm).update({**INPUTS, "tags": {"a": "b"}}, INPUTS, {}, BUDGET())
    sent = [body for method, _, body in arm.log if method == "PUT"][-1]
    assert "virtualNetworkPeerings" not in sent["properties"]


def test_update_sends_child_arrays_that_the_program_owns(arm: FakeArm) -> None:
    owned = {**INPUTS, "subnets": [{"name": "a", "addressPrefix": "10.0.0.0/24"}]}
    life(arm).create(owned, BUDGET())
    life(arm).update({**owned, "subnets": []}, owned, {}, BUDGET())
    sent = [body for method, _, body in arm.log if method == "PUT"][-1]
    assert sent["properties"]["subnets"] == []


def test_a_refused_put_leaves_nothing(arm: FakeArm) -> None:
    arm.script = [Answer("PUT", VNET, 400, {"error": {"code": "InvalidAddress", "message": "no"}})]
    with pytest.raises(ArmRequestError, match="InvalidAddress"):
        life(arm).create(INPUTS, BUDGET())


def test_an_operation_that_fails_after_it_was_accepted_is_partial_with_the_state_read(arm: FakeArm) -> None:
    arm.final_state = "Failed"
    with pytest.raises(PartialError, match="SubnetFull") as raised:
        life(arm).create(INPUTS, BUDGET())
    assert raised.value.arm_id == VNET
    assert raised.value.outputs["location"] == "eastus"


def test_an_operation_that_failed_and_left_nothing_is_its_own_error(arm: FakeArm) -> None:
    arm.final_state = "Failed"
    gone = {"error": {"code": "ResourceNotFound", "message": "gone"}}
    arm.script = [Answer("GET", VNET, 404, gone), Answer("GET", VNET, 404, gone)]
    with pytest.raises(ArmRequestError, match="SubnetFull"):
        life(arm).create(INPUTS, BUDGET())


def test_a_failed_operation_after_which_nothing_can_be_read_keeps_the_id(arm: FakeArm) -> None:
    arm.final_state = "Failed"
    denied = {"error": {"code": "AuthorizationFailed", "message": "no"}}
    arm.script = [Answer("GET", VNET, 404, {"error": {"code": "NotFound"}}), Answer("GET", VNET, 403, denied)]
    with pytest.raises(PartialError) as raised:
        life(arm).create(INPUTS, BUDGET())
    assert str(raised.value) == (
        'resource created but read failed Status=403 Code="AuthorizationFailed" Message="no": '
        'Status=200 Code="SubnetFull" Message="no address is left"'
    )
    assert (raised.value.arm_id, raised.value.outputs) == (VNET, {})


def test_a_type_whose_put_is_synchronous_is_not_polled(arm: FakeArm) -> None:
    location = {"Location": "/subscriptions/relative"}
    arm.script = [Answer("PUT", "userAssignedIdentities", 201, {"location": "eastus"}, location, store=True)]
    token = "azure-native:managedidentity:UserAssignedIdentity"
    life(arm, token).create({"resourceGroupName": "rg", "resourceName": "i", "location": "eastus"}, BUDGET())
    assert not any("relative" in path for path in arm.calls("GET"))


def test_a_secret_input_stays_secret_in_the_outputs(arm: FakeArm) -> None:
    live = life(arm).create({**INPUTS, "tags": {"key": Secret("hunter2"), "plain": "x"}}, BUDGET())
    assert live.outputs["tags"] == {"key": Secret("hunter2"), "plain": "x"}
    sent = next(body for method, _, body in arm.log if method == "PUT")
    assert sent["tags"] == {"key": "hunter2", "plain": "x"}


def test_reading_what_was_deleted_gives_none(arm: FakeArm) -> None:
    assert life(arm).read(VNET, {}, INPUTS, BUDGET()) is None


def test_import_derives_the_inputs_from_id_and_answer(arm: FakeArm) -> None:
    life(arm).create(INPUTS, BUDGET())
    live = life(arm).read(VNET, {}, {}, BUDGET())
    assert live is not None
    assert {name: live.inputs[name] for name in INPUTS} == INPUTS
    assert "provisioningState" not in live.inputs


def test_refresh_without_drift_keeps_the_inputs(arm: FakeArm) -> None:
    created = life(arm).create(INPUTS, BUDGET())
    live = life(arm).read(VNET, created.outputs, INPUTS, BUDGET())
    assert live is not None
    assert live.inputs == INPUTS


def test_refresh_takes_over_only_what_changed_in_azure(arm: FakeArm) -> None:
    created = life(arm).create(INPUTS, BUDGET())
    stored = arm.resources[VNET.lower()]
    stored["tags"] = {"by": "hand"}
    stored["location"] = "East US"
    stored["properties"]["subnets"] = [{"name": "foreign", "properties": {}}]
    live = life(arm).read(VNET, created.outputs, INPUTS, BUDGET())
    assert live is not None
    assert live.inputs == {**INPUTS, "tags": {"by": "hand"}}


def test_an_update_that_cannot_read_the_children_it_keeps_is_an_error(arm: FakeArm) -> None:
    with pytest.raises(ChildrenError) as raised:
        life(arm).update(INPUTS, INPUTS, {}, BUDGET())
    assert str(raised.value) == (
        "failed maintaining unset sub-resource properties: reading cloud state: "
        f'Status=404 Code="ResourceNotFound" Message="{VNET} was not found."'
    )
    assert arm.calls("PUT") == []


def test_an_update_whose_program_states_all_children_reads_none(arm: FakeArm) -> None:
    life(arm).update({**INPUTS, "subnets": [], "virtualNetworkPeerings": []}, INPUTS, {}, BUDGET())
    assert arm.log[0][0] == "PUT"
