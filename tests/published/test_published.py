"""The judge itself: what it lets pass, and that it sees each kind of fault."""

from __future__ import annotations

from typing import Any

import pytest

from tests import published

REGISTRY: dict[str, Any] = {
    "location": "eastus",
    "sku": {"name": "Premium"},
    "tags": None,
    "properties": {
        "regionalEndpoints": "Enabled",
        "dataEndpointEnabled": True,
        "policies": {"retentionPolicy": {"days": 7}},
    },
}


def judged(body: dict[str, Any], name: str = "contoso", version: str = "2026-03-01-preview") -> list[str]:
    sent = {"type": "Microsoft.ContainerRegistry/registries", "apiVersion": version, "name": name, "body": body}
    return [line.split(": ", 1)[1] for line in published.violations([sent])]


def with_properties(**properties: Any) -> dict[str, Any]:
    return {**REGISTRY, "properties": {**REGISTRY["properties"], **properties}}


def test_a_right_body_passes_and_null_counts_as_absent() -> None:
    assert judged(REGISTRY) == []


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        (with_properties(adminUser=True), "'adminUser' was unexpected"),
        (
            with_properties(dataEndpointEnabled="true"),
            "properties.dataEndpointEnabled: 'true' is not of type 'boolean'",
        ),
        (with_properties(loginServer="contoso.azurecr.io"), "properties.loginServer: read-only property set"),
        ({"sku": {"name": "Premium"}}, "'location' is a required property"),
        ({"location": "eastus", "sku": {}}, "'name' is a required property"),
        (
            with_properties(encryption={"keyVaultProperties": 1}),
            "encryption.keyVaultProperties: 1 is not of type 'object'",
        ),
    ],
)
def test_a_fault_is_reported_with_its_place(body: dict[str, Any], fault: str) -> None:
    assert any(fault in line for line in judged(body)), judged(body)


def test_names_are_held_to_their_bounds() -> None:
    assert any("is too short" in line for line in judged(REGISTRY, name="abc"))


def test_an_enum_that_takes_other_strings_lets_one_pass() -> None:
    assert judged(with_properties(publicNetworkAccess="SecuredByPerimeter")) == []


def test_a_body_is_held_to_the_case_that_its_discriminator_names() -> None:
    sent = {
        "type": "Microsoft.EventGrid/systemTopics/eventSubscriptions",
        "apiVersion": "2025-02-15",
        "name": "registry/drift",
    }
    function = {"endpointType": "AzureFunction", "properties": {"resourceId": "/subscriptions/s"}}
    assert published.violations([{**sent, "body": {"properties": {"destination": function}}}]) == []
    for wrong in (
        {**function, "endpointType": "Pigeon"},
        {**function, "properties": {"endpointUrl": "https://a.example"}},
    ):
        assert published.violations([{**sent, "body": {"properties": {"destination": wrong}}}])


def test_a_type_that_nobody_publishes_is_no_pass() -> None:
    with pytest.raises(LookupError, match="1999-01-01 is not among the published types"):
        judged(REGISTRY, version="1999-01-01")
