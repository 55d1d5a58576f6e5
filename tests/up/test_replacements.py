"""What refers to a resource that is recreated, and what keeps its name in Azure under another key."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.engine import Rehearsal, rehearsal

pytestmark = pytest.mark.engine

PROGRAM = "from pathlib import Path\nfrom stacks.program import main\nmain(Path.cwd() / 'stacks')\n"
SUBSCRIPTION = "/subscriptions/00000000-0000-0000-0000-000000000001"
HUB = f"{SUBSCRIPTION}/resourceGroups/rg-fabrikam-prod-network-hub/providers/Microsoft.Network"
RECORDS = f"{HUB}/privateDnsZones/privatelink.azurecr.io/A"
PEERINGS = f"{HUB}/virtualNetworks/vnet-fabrikam-prod-hub/virtualNetworkPeerings"
REGISTRY = (
    f"{SUBSCRIPTION}/resourceGroups/rg-fabrikam-prod-registry/providers"
    "/Microsoft.ContainerRegistry/registries/fabrikamprod?api-version=2026-03-01-preview"
)
STACK = """
config:
  moorings:stack:
    name: fabrikam
    environment: prod
    location: eastus
    networks:
      hub:
        location: eastus
        address_space: [10.40.0.0/16]
        peers: [spoke]
        subnets:
          registry: {prefix: 10.40.0.0/27, purpose: private_endpoints}
      spoke:
        location: eastus
        address_space: [10.41.0.0/20]
        subnets:
          nodes: {prefix: 10.41.0.0/24}
    identities:
      puller: {location: eastus}
    dns:
      zones:
        shared: {network: hub, links: [hub, spoke]}
    registry:
      name: fabrikamprod
      protect: false
      private_endpoints:
        main: {network: hub, subnet: registry, dns_zones: [shared]}
"""


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[Rehearsal]:
    with rehearsal(tmp_path, PROGRAM, STACK) as running:
        yield running


def rewrite(stack: Rehearsal, *changes: tuple[str, str]) -> None:
    text = stack.stack_file.read_text(encoding="utf-8")
    for before, after in changes:
        assert before in text, before
        text = text.replace(before, after)
    stack.stack_file.write_text(text, encoding="utf-8")


def read(stack: Rehearsal, path: str, version: str = "2024-05-01") -> Any:
    with urllib.request.urlopen(f"{stack.azure.url}{path}?api-version={version}") as answer:
        return json.load(answer)


def records(stack: Rehearsal) -> set[str]:
    return {record["name"] for record in read(stack, RECORDS, "2024-06-01")["value"]}


def connection(stack: Rehearsal, key: str = "main") -> str:
    found = read(stack, f"{HUB}/privateEndpoints/pe-fabrikamprod-{key}")
    (only,) = found["properties"]["privateLinkServiceConnections"]
    return only["properties"]["privateLinkServiceConnectionState"]["status"]


def peerings(stack: Rehearsal) -> list[str]:
    return [each["properties"]["peeringState"] for each in read(stack, PEERINGS)["value"]]


def test_another_key_of_a_zone_changes_nothing_and_one_of_an_endpoint_loses_no_record(stack: Rehearsal) -> None:
    assert stack.up().code == 0
    before = records(stack)
    assert before == {"fabrikamprod", "fabrikamprod.eastus.data"}

    rewrite(stack, ("shared", "central"))
    assert stack.preview().steps == []
    same = stack.up()
    assert (same.code, same.steps) == (0, []), same.output

    rewrite(stack, ("        main: {", "        primary: {"))
    moved = stack.up()
    assert moved.code == 0, moved.output
    kinds = [(op, kind.rpartition(":")[2]) for op, kind, _ in moved.steps]
    assert kinds.index(("delete-replaced", "PrivateEndpoint")) < kinds.index(("create-replacement", "PrivateEndpoint"))
    assert records(stack) == before
    assert connection(stack, "primary") == "Approved"


def test_another_key_of_a_credential_and_of_a_grant_replaces_them_in_their_order(stack: Rehearsal) -> None:
    credential = (
        '{issuer: "https://token.actions.githubusercontent.com", subject: "repo:contoso/api:ref:refs/heads/main"}'
    )
    rewrite(
        stack,
        ("puller: {location: eastus}", f"puller: {{location: eastus, federated_credentials: {{main: {credential}}}}}"),
        ("    registry:\n", "    access: {push-images: {identity: puller, action: push}}\n    registry:\n"),
    )
    assert stack.up().code == 0
    rewrite(stack, ("{main: {issuer", "{trunk: {issuer"), ("push-images", "push"))
    moved = stack.up()
    assert (moved.code, moved.changes) == (0, {"replace": 2}), moved.output
    again = stack.up()
    assert (again.code, again.steps) == (0, []), again.output


def test_what_refers_to_a_registry_or_a_network_that_moves_is_recreated_with_it(stack: Rehearsal) -> None:
    assert stack.up().code == 0
    rewrite(
        stack,
        ("    location: eastus\n    networks", "    location: westus\n    networks"),
        ("hub:\n        location: eastus", "hub:\n        location: eastus2"),
    )
    moved = stack.up()
    assert moved.code == 0, moved.output
    assert connection(stack) == "Approved"
    assert peerings(stack) == ["Connected"]
    assert records(stack) == {"fabrikamprod", "fabrikamprod.westus.data"}
    # What states a region of its own stays where it is, with its group.
    assert [name for _, _, name in moved.steps if "identity" in name] == []
    again = stack.up()
    assert (again.code, again.steps) == (0, []), again.output


def test_an_endpoint_that_lost_its_registry_is_recreated_after_a_refresh(stack: Rehearsal) -> None:
    assert stack.up().code == 0
    gone = urllib.request.Request(f"{stack.azure.url}{REGISTRY}", method="DELETE")
    with urllib.request.urlopen(gone) as answer:
        assert answer.status in {200, 202, 204}
    # A refresh in the same run finds it too late: what the program read of the state is older.
    late = stack.up("--refresh")
    assert late.code != 0
    assert "the connection of private endpoint fabrikam-prod-endpoint-main-endpoint was removed" in late.output
    assert stack.refresh().code == 0
    assert connection(stack) == "Disconnected"

    mended = stack.up()
    assert mended.code == 0, mended.output
    assert connection(stack) == "Approved"
    again = stack.up()
    assert (again.code, again.steps) == (0, []), again.output


def levels(stack: Rehearsal) -> set[str]:
    shown = (read(stack, PEERINGS), read(stack, PEERINGS.replace("-hub", "-spoke")))
    return {each["properties"]["peeringSyncLevel"] for found in shown for each in found["value"]}


def send(stack: Rehearsal, method: str, path: str, body: Any = None, version: str = "2024-05-01") -> None:
    data = None if body is None else json.dumps(body).encode()
    headers = {"content-type": "application/json"}
    request = urllib.request.Request(f"{stack.azure.url}{path}?api-version={version}", data, headers, method=method)
    with urllib.request.urlopen(request) as answer:
        assert answer.status in {200, 201, 202, 204}


def test_both_ends_of_a_peering_follow_a_network_that_grows_also_by_hand(stack: Rehearsal) -> None:
    assert stack.up().code == 0
    rewrite(
        stack, ("[10.41.0.0/20]", "[10.41.0.0/20, 10.42.0.0/20]"), ("[10.40.0.0/16]", "[10.40.0.0/16, 10.44.0.0/16]")
    )
    grown = stack.up()
    assert grown.code == 0, grown.output
    assert levels(stack) == {"FullyInSync"}
    again = stack.up()
    assert (again.code, again.steps) == (0, []), again.output

    spoke = PEERINGS.replace("-hub", "-spoke").removesuffix("/virtualNetworkPeerings")
    space = {"addressPrefixes": ["10.41.0.0/20", "10.42.0.0/20", "10.43.0.0/20"]}
    send(stack, "PUT", spoke, {"location": "eastus", "properties": {"addressSpace": space}})
    assert levels(stack) == {"LocalNotInSync", "RemoteNotInSync"}
    mended = stack.up("--refresh")
    assert mended.code == 0, mended.output
    assert levels(stack) == {"FullyInSync"}


def test_an_environments_endpoint_whose_connection_was_removed_is_recreated_after_a_refresh(stack: Rehearsal) -> None:
    rewrite(
        stack,
        (
            "    registry:\n",
            "    container_apps:\n      apps:\n        location: eastus\n        public_network_access: Disabled\n"
            "        private_endpoints: {main: {network: hub, subnet: registry}}\n    registry:\n",
        ),
    )
    assert stack.up().code == 0
    groups = f"{SUBSCRIPTION}/resourceGroups/rg-fabrikam-prod-apps-apps/providers/Microsoft.App/managedEnvironments"
    (environment,) = read(stack, groups, "2025-07-01")["value"]
    (link,) = environment["properties"]["privateEndpointConnections"]
    send(stack, "DELETE", link["id"], version="2025-07-01")
    assert stack.refresh().code == 0

    mended = stack.up()
    assert mended.code == 0, mended.output
    replaced = [name for op, kind, name in mended.steps if op == "replace" and kind.endswith(":PrivateEndpoint")]
    assert replaced == ["fabrikam-prod-apps-apps-endpoint-main-endpoint"]
    again = stack.up()
    assert (again.code, again.steps) == (0, []), again.output


def test_a_subnet_that_others_made_stops_an_update_in_the_preview_until_the_network_is_exclusive(
    stack: Rehearsal,
) -> None:
    assert stack.up().code == 0
    theirs = f"{HUB}/virtualNetworks/vnet-fabrikam-prod-hub/subnets/bastion-team?api-version=2024-05-01"
    body = json.dumps({"properties": {"addressPrefix": "10.40.5.0/24"}}).encode()
    put = urllib.request.Request(f"{stack.azure.url}{theirs}", body, {"content-type": "application/json"}, method="PUT")
    with urllib.request.urlopen(put) as answer:
        assert answer.status in {200, 201}

    rewrite(
        stack, ("    location: eastus\n    networks", "    location: eastus\n    tags: {owner: platform}\n    networks")
    )
    refused = stack.preview()
    assert refused.code != 0
    assert (
        "networks.hub.subnets: subnet bastion-team of vnet-fabrikam-prod-hub was not made by this stack"
        in refused.output
    )
    rewrite(stack, ("        peers: [spoke]\n", "        peers: [spoke]\n        exclusive: true\n"))
    allowed = stack.preview()
    assert allowed.code == 0, allowed.output
