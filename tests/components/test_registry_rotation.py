"""Regions of a registry that are drained: what is sent for its replicas, the home region's among them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from components.registry.registry import Registry
from components.registry.spec import RegistrySpec
from components.testing import Recording
from tests.components.azure_answers import answers

Record = Callable[..., Recording]
REPLICAS = {"westeurope": {}, "southeastasia": {"global_routing": False}}
HOME = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.ContainerRegistry/registries/contosotest/replications/eastus"


def routing(record: Record, home: str | None = None, **stated: Any) -> dict[str, bool]:
    spec = RegistrySpec.model_validate({"name": "contosotest", "replicas": REPLICAS, **stated})

    def make() -> None:
        Registry("r", spec, location="eastus", resource_group_name="rg", tags={}, home_replica_id=home)

    recording = record(make, answers=answers())
    return {
        found.name.removeprefix("r-replica-"): found.inputs["regionEndpointEnabled"]
        for found in recording
        if found.type.endswith(":Replication")
    }


def test_a_drained_replica_leaves_global_routing_and_the_others_stay(record: Record) -> None:
    assert routing(record, drained=["westeurope"]) == {"westeurope": False, "southeastasia": False}
    assert routing(record) == {"westeurope": True, "southeastasia": False}


def test_the_home_replica_is_sent_only_where_the_stack_manages_it(record: Record) -> None:
    assert "eastus" not in routing(record, drained=["eastus"])
    assert routing(record, HOME, drained=["eastus"])["eastus"] is False
    assert routing(record, HOME)["eastus"] is True


def test_a_registry_without_replicas_has_no_home_replica(record: Record) -> None:
    assert routing(record, HOME, replicas={}) == {}
