"""Endpoints of one registry in two regional hubs that others made, each with a zone of its own."""

from __future__ import annotations

import json
import urllib.request
from pathlib import Path

import pytest

from tests.engine import Rehearsal, rehearsal
from tests.up.test_elsewhere import put

pytestmark = pytest.mark.engine

GROUPS = "/subscriptions/00000000-0000-0000-0000-000000000002/resourceGroups"
NAMES = {"fabrikamprod", "fabrikamprod.northeurope.data", "fabrikamprod.westeurope.data"}


def hub(stack: Rehearsal, name: str, region: str, prefix: str) -> None:
    group = f"{GROUPS}/rg-hub-{name}"
    put(stack, group, "2024-03-01", {"location": region})
    put(stack, zone(name), "2024-06-01", {"location": "global"})
    subnets = [{"name": "endpoints", "properties": {"addressPrefix": f"{prefix}.1.0/24"}}]
    properties = {"addressSpace": {"addressPrefixes": [f"{prefix}.0.0/16"]}, "subnets": subnets}
    network = f"{group}/providers/Microsoft.Network/virtualNetworks/vnet-hub"
    put(stack, network, "2024-05-01", {"location": region, "properties": properties})


def zone(name: str) -> str:
    return f"{GROUPS}/rg-hub-{name}/providers/Microsoft.Network/privateDnsZones/privatelink.azurecr.io"


def records(stack: Rehearsal, name: str) -> dict[str, str]:
    with urllib.request.urlopen(f"{stack.azure.url}{zone(name)}/A?api-version=2024-06-01") as answer:
        return {each["name"]: each["properties"]["aRecords"][0]["ipv4Address"] for each in json.load(answer)["value"]}


def test_each_hub_resolves_the_registry_to_its_own_endpoint_and_stays_when_the_stack_goes(tmp_path: Path) -> None:
    with rehearsal(tmp_path, Path(__file__).parent / "two_hubs", "") as stack:
        hub(stack, "west", "westeurope", "10.0")
        hub(stack, "north", "northeurope", "10.8")
        before = stack.ids()
        first = stack.up()
        assert first.code == 0, first.output
        for name, prefix in (("west", "10.0.1."), ("north", "10.8.1.")):
            found = records(stack, name)
            assert set(found) == NAMES
            assert all(address.startswith(prefix) for address in found.values())
        again = stack.up()
        assert (again.code, again.steps) == (0, []), again.output
        gone = stack.destroy()
        assert gone.code == 0, gone.output
        assert stack.ids() == before
        assert records(stack, "west") == records(stack, "north") == {}
