"""The generic resource: any ARM type, by inputs that name it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from fake_arm import FakeArm

from local_azure.arm_facts import FACTS
from local_azure.arm_types import lookup, violations
from local_azure.plugin import check, generic, translate
from local_azure.plugin.arm_client import ArmClient
from local_azure.plugin.diff import difference
from local_azure.plugin.lifecycle import Lifecycle
from local_azure.plugin.values import UNKNOWN
from local_azure.plugin.waits import Waits

GROUP = "/subscriptions/sub/resourceGroups/rg/providers/Microsoft.App"
INPUTS: dict[str, Any] = {
    "resourceGroupName": "rg",
    "resourceProviderNamespace": "Microsoft.App",
    "parentResourcePath": "",
    "resourceType": "sandboxGroups",
    "resourceName": "g",
    "apiVersion": "2026-02-01-preview",
    "location": "eastus",
    "identity": {"type": "UserAssigned", "userAssignedIdentities": ["/i"]},
    "properties": {"maxSandboxCount": 3, "anything": {"at": ["all"]}},
}
CHILD = {
    **INPUTS,
    "parentResourcePath": "/sandboxGroups/g/",
    "resourceType": "vnetConnections",
    "resourceName": "default",
}


@pytest.fixture
def arm() -> Iterator[FakeArm]:
    with FakeArm() as server:
        yield server


def test_inputs_name_the_type_the_version_and_the_id() -> None:
    top, child = generic.bound(INPUTS), generic.bound(CHILD)
    assert (top.arm.name, top.version) == ("Microsoft.App/sandboxGroups", "2026-02-01-preview")
    assert child.arm.name == "Microsoft.App/sandboxGroups/vnetConnections"
    assert translate.resource_id(top, INPUTS, "sub") == f"{GROUP}//sandboxGroups/g"
    assert translate.resource_id(child, CHILD, "sub") == f"{GROUP}/sandboxGroups/g/vnetConnections/default"


def test_the_body_is_the_envelope_and_properties_as_they_are() -> None:
    assert translate.to_body(generic.bound(INPUTS), INPUTS, "id") == {
        "location": "eastus",
        "identity": {"type": "UserAssigned", "userAssignedIdentities": {"/i": {}}},
        "properties": {"maxSandboxCount": 3, "anything": {"at": ["all"]}},
    }


@pytest.mark.parametrize("missing", ["apiVersion", "parentResourcePath", "resourceType", "resourceProviderNamespace"])
def test_what_names_the_type_is_required(missing: str) -> None:
    inputs = {name: value for name, value in INPUTS.items() if name != missing}
    assert check.failures(generic.bound(inputs), inputs) == [f"missing required property '{missing}'"]


def test_what_the_envelope_lacks_is_refused() -> None:
    inputs = {**INPUTS, "zones": ["1"]}
    assert check.failures(generic.bound(inputs), inputs) == ["unknown property 'zones'"]


def test_a_missing_name_is_generated_and_a_missing_location_is_the_groups() -> None:
    inputs = {name: value for name, value in CHILD.items() if name not in {"resourceName", "location"}}
    sdk = generic.bound(inputs)
    named = check.with_name(sdk, inputs, {}, "boxes", b"seed")
    assert named["resourceName"].startswith("boxes")
    assert len(named["resourceName"]) == len("boxes") + 8
    assert check.with_location(sdk, named, {}, None, lambda _: "westeurope")["location"] == "westeurope"


@pytest.mark.parametrize(
    ("change", "path", "kind"),
    [
        ({"resourceName": "h"}, "resourceName", "UPDATE_REPLACE"),
        ({"resourceType": "other"}, "resourceType", "UPDATE_REPLACE"),
        ({"parentResourcePath": "a/b"}, "parentResourcePath", "UPDATE_REPLACE"),
        ({"resourceProviderNamespace": "Microsoft.X"}, "resourceProviderNamespace", "UPDATE_REPLACE"),
        ({"apiVersion": "2026-07-01"}, "apiVersion", "UPDATE"),
        ({"location": "westeurope"}, "location", "UPDATE"),
        ({"properties": {**INPUTS["properties"], "maxSandboxCount": 4}}, "properties.maxSandboxCount", "UPDATE"),
    ],
)
def test_only_the_id_replaces(change: dict[str, Any], path: str, kind: str) -> None:
    new = {**INPUTS, **change}
    assert difference(generic.bound(new), INPUTS, new, {}).detailed == {path: kind}


def test_a_preview_knows_the_inputs_and_leaves_the_rest_open() -> None:
    inputs = {**INPUTS, "resourceGroupName": UNKNOWN, "parentResourcePath": UNKNOWN}
    outputs = translate.preview_outputs(generic.bound(inputs), inputs)
    assert generic.bound(inputs).arm.name == generic.UNNAMED
    assert outputs["properties"]["maxSandboxCount"] == 3
    assert outputs["name"] is UNKNOWN


def test_every_request_is_at_the_version_that_the_inputs_state(arm: FakeArm) -> None:
    budget = Waits().begin
    life = Lifecycle(ArmClient(arm.url), generic.bound(INPUTS), "sub", lambda _: None)
    created = life.create(INPUTS, budget())
    life.update({**INPUTS, "tags": {"a": "b"}}, INPUTS, created.outputs, budget())
    life.read(created.arm_id, created.outputs, INPUTS, budget())
    life.delete(created.arm_id, budget())
    assert set(arm.versions) == {"2026-02-01-preview"}


def test_an_id_alone_determines_the_type_but_not_its_version() -> None:
    sdk = generic.bound({}, f"{GROUP}/sandboxGroups/g/vnetConnections/default")
    assert (sdk.arm.name, sdk.version) == ("Microsoft.App/sandboxGroups/vnetConnections", "2024-03-01")
    assert sdk.arm.parts(f"{GROUP}/sandboxGroups/g") == {
        "resourceGroupName": "rg",
        "resourceProviderNamespace": "Microsoft.App",
        "parentResourcePath": "",
        "resourceType": "sandboxGroups",
        "resourceName": "g",
    }
    with pytest.raises(ValueError, match="is not the id of a resource in a resource group"):
        sdk.arm.parts("/subscriptions/sub/resourceGroups/rg")


@pytest.mark.parametrize("shape", FACTS.shapes, ids=lambda shape: shape.name)
def test_types_without_a_class_are_found_and_checked_at_each_version(shape: Any) -> None:
    known = lookup(shape.name.upper())
    assert known is not None
    # The SDK has a class of an agent, of the version that is not the preview.
    of_a_class = {"2026-01-01"} if shape.name == "Microsoft.App/agents" else set()
    assert known.versions == shape.versions.keys() | of_a_class
    for version in known.versions:
        assert [v.path for v in violations(known, version, {"nonsense": 1}) if v.problem == "unknown property"] == [
            "nonsense"
        ]
