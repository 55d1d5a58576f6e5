"""The local Azure refuses the pairs of switches that docs/reference/combinations.md says that Azure refuses, and no others."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from arm_client import GROUP, NETWORK

from tests import registry_switches as switches

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arm_client import Arm

    from tests.registry_switches import Switch


_TASKS = "2025-03-01-preview"
_VERSIONS = {"agentPools": _TASKS, "tasks": _TASKS}


@pytest.fixture(name="cloud")
def _cloud(arm: Arm) -> Arm:
    """A local Azure with the subnet of private endpoints."""
    subnet = {"name": "endpoints", "properties": {"addressPrefix": "10.0.0.0/16"}}
    properties = {"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}, "subnets": [subnet]}
    arm.put(f"{NETWORK}/virtualNetworks/net", {"location": "eastus", "properties": properties})
    return arm


def refusal(arm: Arm, name: str, stated: tuple[Switch, ...]) -> str:
    """What the local Azure answers to the first request that it refuses; empty where it accepts all of them."""
    registry = f"{GROUP}/providers/Microsoft.ContainerRegistry/registries/{name}"
    reply = arm("PUT", registry, switches.body(stated))
    if reply.status >= 400:
        return reply.code
    for path, body in (each.part for each in stated if each.part):
        text = json.dumps(body).replace("{registry}", registry)
        sent: Any = json.loads(text)
        reply = arm("PUT", path.format(registry=registry, name=name), sent, _VERSIONS.get(path.split("/")[1]))
        if reply.status >= 400:
            return reply.code
    return ""


def names() -> Iterator[str]:
    """Names of registries."""
    return (f"contoso{number}" for number in range(10_000))


def test_each_switch_is_accepted_alone(cloud: Arm) -> None:
    refused = {each.name: refusal(cloud, name, (each,)) for name, each in zip(names(), switches.SWITCHES, strict=False)}
    assert {name: code for name, code in refused.items() if code} == {}


def test_the_pairs_of_the_table_are_refused_and_no_others(cloud: Arm) -> None:
    found = {
        frozenset((one.name, other.name))
        for name, (one, other) in zip(names(), switches.pairs(), strict=False)
        if refusal(cloud, name, (one, other))
    }
    assert found == {pair for pair, judges in switches.table().items() if switches.AZURE in judges}
