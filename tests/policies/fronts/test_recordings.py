"""The rules under Pulumi's mocks."""

from __future__ import annotations

from collections.abc import Callable

from pulumi_azure_native import containerregistry, network, resources

from components.testing import Recording
from policies.fronts.recordings import judged
from tests.policies.builders import verdicts
from tests.policies.tiny_rules import TINY

Record = Callable[..., Recording]


def program() -> None:
    group = resources.ResourceGroup("group", location="eastus")
    registry = containerregistry.Registry(
        "registry",
        registry_name="contoso",
        resource_group_name=group.name,
        location="eastus",
        sku={"name": "Premium"},
        admin_user_enabled=True,
    )
    network.PrivateEndpoint(
        "endpoint",
        resource_group_name=group.name,
        location=group.location,
        private_link_service_connections=[{"private_link_service_id": registry.id, "group_ids": ["registry"]}],
    )


def test_a_program_is_evaluated_under_mocks_while_ids_are_unknown(record: Record) -> None:
    report = judged(record(program, preview=True), TINY, profile="regulated")
    assert {found for found in verdicts(report) if found[1] == "registry"} == {
        ("TINY-001", "registry", "fail"),
        ("TINY-002", "registry", "pass"),
        ("TINY-003", "registry", "pass"),
    }
