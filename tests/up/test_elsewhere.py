"""Networks and zones made elsewhere, in another subscription: used, and left as they were."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.engine import Rehearsal, rehearsal
from tests.up import findings

pytestmark = pytest.mark.engine

PROGRAM = "from pathlib import Path\nfrom stacks.program import main\nmain(Path.cwd() / 'stacks')\n"
HUB = "/subscriptions/00000000-0000-0000-0000-000000000002"
GROUP = f"{HUB}/resourceGroups/rg-hub"
ZONE = f"{GROUP}/providers/Microsoft.Network/privateDnsZones/privatelink.azurecr.io"
NETWORK = f"{GROUP}/providers/Microsoft.Network/virtualNetworks/vnet-hub"
OURS = f"{HUB}/resourceGroups/rg-fabrikam-dev-network-hub"
ENDPOINT = f"{OURS}/providers/Microsoft.Network/privateEndpoints/pe-fabrikamdev-hub"
STACK = f"""
config:
  moorings:stack:
    name: fabrikam
    environment: dev
    location: westeurope
    networks:
      hub:
        location: westeurope
        id: {NETWORK}
        subnets:
          endpoints: {{purpose: private_endpoints, free_addresses: 200}}
    registry:
      name: fabrikamdev
      protect: false
      private_endpoints:
        hub: {{network: hub, subnet: endpoints, dns_zones: ["{ZONE}"]}}
"""


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[Rehearsal]:
    with rehearsal(tmp_path, PROGRAM, STACK) as running:
        put_hub(running)
        yield running


def put_hub(stack: Rehearsal) -> None:
    """What another team has in another subscription: a group with a network and the central zone."""
    put(stack, GROUP, "2024-03-01", {"location": "westeurope"})
    put(stack, ZONE, "2024-06-01", {"location": "global"})
    space = {"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}}
    subnets = [{"name": "endpoints", "properties": {"addressPrefix": "10.0.1.0/24"}}]
    put(stack, NETWORK, "2024-05-01", {"location": "westeurope", "properties": {**space, "subnets": subnets}})


def put(stack: Rehearsal, path: str, version: str, body: Any) -> None:
    url = f"{stack.azure.url}{path}?api-version={version}"
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(url, json.dumps(body).encode(), headers, method="PUT")
    urllib.request.urlopen(request).close()


def records(stack: Rehearsal) -> set[str]:
    with urllib.request.urlopen(f"{stack.azure.url}{ZONE}/A?api-version=2024-06-01") as answer:
        return {record["name"] for record in json.load(answer)["value"]}


def test_an_endpoint_lies_in_its_networks_subscription_and_feeds_the_central_zone(stack: Rehearsal) -> None:
    before = stack.ids()
    findings.check(stack, "elsewhere", "before")
    first = stack.up()
    assert first.code == 0, first.output
    findings.check(stack, "elsewhere", "after")
    assert ENDPOINT in stack.ids()
    assert records(stack) == {"fabrikamdev", "fabrikamdev.westeurope.data"}
    again = stack.up()
    assert (again.code, again.steps) == (0, []), again.output
    refreshed = stack.refresh()
    assert refreshed.code == 0, refreshed.output
    after = stack.up()
    assert (after.code, after.steps) == (0, []), after.output
    gone = stack.destroy()
    assert gone.code == 0, gone.output
    assert stack.ids() == before
    assert records(stack) == set()


def test_a_zone_group_that_policy_writes_is_no_drift(stack: Rehearsal) -> None:
    text = stack.stack_file.read_text(encoding="utf-8").replace(f', dns_zones: ["{ZONE}"]', "")
    stack.stack_file.write_text(
        text.replace("    registry:", "    dns: {managed: policy}\n    registry:"), encoding="utf-8"
    )
    findings.check(stack, "elsewhere", "before")
    first = stack.up()
    assert first.code == 0, first.output
    group = {"privateDnsZoneConfigs": [{"name": "acr", "properties": {"privateDnsZoneId": ZONE}}]}
    put(stack, f"{ENDPOINT}/privateDnsZoneGroups/deployedByPolicy", "2024-05-01", {"properties": group})
    assert records(stack) == {"fabrikamdev", "fabrikamdev.westeurope.data"}
    refreshed = stack.refresh()
    assert refreshed.code == 0, refreshed.output
    findings.check(stack, "elsewhere", "after")
    again = stack.up()
    assert (again.code, again.steps) == (0, []), again.output
    assert f"{ENDPOINT}/privateDnsZoneGroups/deployedByPolicy" in stack.ids()
    gone = stack.destroy()
    assert gone.code == 0, gone.output


def test_an_own_zone_of_an_endpoint_lies_in_the_subscription_of_the_endpoint(stack: Rehearsal) -> None:
    text = stack.stack_file.read_text(encoding="utf-8").replace(f', dns_zones: ["{ZONE}"]', "")
    stack.stack_file.write_text(text, encoding="utf-8")
    first = stack.up()
    assert first.code == 0, first.output
    assert f"{OURS}/providers/Microsoft.Network/privateDnsZones/privatelink.azurecr.io" in stack.ids()
    again = stack.up()
    assert (again.code, again.steps) == (0, []), again.output
    gone = stack.destroy()
    assert gone.code == 0, gone.output
