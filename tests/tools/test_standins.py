"""Stand-ins in a store before the engine runs, and the outputs of other stacks on this machine."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from local_azure.clock import Clock
from local_azure.services import addresses, open_cloud
from local_azure.services.dispatch import handle
from local_azure.store import Store
from stacks.files import OUTPUTS_VARIABLE
from tests.stacks.test_without_registry import HUB as OWN_HUB
from tools.local_services import resource_ids
from tools.standins import RehearsalContext, lacking, place

THEIRS = "/subscriptions/00000000-0000-0000-0000-000000000002"
NETWORK = f"{THEIRS}/resourceGroups/rg-hub/providers/Microsoft.Network/virtualNetworks/vnet-hub"
ZONE = f"{THEIRS}/resourceGroups/rg-dns/providers/Microsoft.Network/privateDnsZones/privatelink.azurecr.io"
GROUP = f"{THEIRS}/resourceGroups/rg-hub/providers/Microsoft.Network/applicationSecurityGroups/web"
STACK = f"""\
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
          endpoints: {{prefix: 10.0.1.0/27, purpose: private_endpoints, free_addresses: 20}}
    registry:
      name: fabrikamdev
      private_endpoints:
        hub: {{network: hub, subnet: endpoints, dns_zones: ["{ZONE}"]}}
"""
OWN = f"""\
      own:
        location: westeurope
        address_space: [10.9.0.0/16]
        subnets:
          web:
            prefix: 10.9.0.0/24
            security_rules:
              web:
                priority: 100
                direction: Inbound
                access: Allow
                source_groups: [{GROUP}]
                destination: "*"
                destination_ports: ["443"]
"""
REFERRED = STACK.replace(f"id: {NETWORK}", "id: {stack: contoso/moorings/hub, output: networks.hub}")


@pytest.fixture
def here(tmp_path: Path) -> RehearsalContext:
    (tmp_path / "stacks").mkdir()
    (tmp_path / "stacks" / "Pulumi.dev.yaml").write_text(STACK, encoding="utf-8")
    return RehearsalContext("moorings", tmp_path / "stacks", tmp_path / "state")


def test_what_the_file_states_is_put_into_an_empty_store_and_reported_line_by_line(
    here: RehearsalContext, tmp_path: Path
) -> None:
    assert lacking(tmp_path / "azure", "dev", here)
    lines = place(tmp_path / "azure", "dev", here)
    assert lines == [
        "assumed: vnet-hub (resource group rg-hub, subscription 00000000-0000-0000-0000-000000000002): a network in "
        "westeurope with 10.0.1.0/27; subnet endpoints 10.0.1.0/27 with 20 free addresses",
        "assumed: privatelink.azurecr.io (resource group rg-dns, subscription 00000000-0000-0000-0000-000000000002): a zone "
        "without records and links",
    ]
    assert {NETWORK, ZONE} < set(resource_ids(tmp_path / "azure"))
    store = Store(tmp_path / "azure", serve=True)
    cloud = open_cloud(store, Clock(0))
    subnet = cloud.get(f"{NETWORK}/subnets/endpoints")
    assert subnet is not None
    assert len(addresses.taken(cloud, subnet)) == 27 - 20
    assert store.requests() == []
    store.close()
    assert not lacking(tmp_path / "azure", "dev", here)
    assert place(tmp_path / "azure", "dev", here) == []


def test_what_exists_is_left_alone(here: RehearsalContext, tmp_path: Path) -> None:
    store = Store(tmp_path / "azure", serve=True)
    cloud = open_cloud(store, Clock(0))
    group = NETWORK.partition("/providers/")[0]
    handle(cloud, "PUT", group, {"api-version": "2021-04-01"}, {"location": "northeurope"})
    space = {"addressSpace": {"addressPrefixes": ["10.7.0.0/16"]}}
    handle(cloud, "PUT", NETWORK, {"api-version": "2024-05-01"}, {"location": "northeurope", "properties": space})
    store.close()
    (line,) = place(tmp_path / "azure", "dev", here)
    assert line.startswith("assumed: privatelink.azurecr.io")
    network = Store(tmp_path / "azure").get(NETWORK)
    assert network is not None
    assert network.properties["addressSpace"] == {"addressPrefixes": ["10.7.0.0/16"]}


def test_a_saved_listing_comes_before_what_the_file_states(here: RehearsalContext, tmp_path: Path) -> None:
    subnet = {"name": "endpoints", "properties": {"addressPrefix": "10.4.1.0/24"}}
    properties = {"addressSpace": {"addressPrefixes": ["10.4.0.0/16"]}, "subnets": [subnet]}
    listing = tmp_path / "hub.json"
    body = {"id": NETWORK, "location": "westeurope", "properties": properties}
    listing.write_text(json.dumps({"data": [body]}), encoding="utf-8")
    given = RehearsalContext("moorings", here.directory, here.states, (listing,))
    first, second = place(tmp_path / "azure", "dev", given)
    assert first == "1 resources of hub.json stand in"
    assert second.startswith("assumed: privatelink.azurecr.io")
    network = Store(tmp_path / "azure").get(NETWORK)
    assert network is not None
    assert network.properties["addressSpace"] == {"addressPrefixes": ["10.4.0.0/16"]}


def test_a_type_that_the_local_azure_has_no_rules_for_is_reported(here: RehearsalContext, tmp_path: Path) -> None:
    text = STACK.replace("    registry:\n", f"{OWN}    registry:\n")
    (here.directory / "Pulumi.dev.yaml").write_text(text, encoding="utf-8")
    assert place(tmp_path / "azure", "dev", here)[-1] == (
        f"no stand-in: {GROUP}: the local Azure knows no Microsoft.Network/applicationSecurityGroups"
    )


def referring(here: RehearsalContext) -> None:
    (here.directory / "Pulumi.dev.yaml").write_text(REFERRED, encoding="utf-8")


def root(outputs: dict[str, Any]) -> dict[str, Any]:
    return {
        "urn": "urn:pulumi:hub::moorings::pulumi:pulumi:Stack::moorings-hub",
        "type": "pulumi:pulumi:Stack",
        "outputs": outputs,
    }


def passed(here: RehearsalContext, tmp_path: Path) -> Any:
    path = Path(here.variables("dev", tmp_path)[OUTPUTS_VARIABLE])
    return json.loads(path.read_text(encoding="utf-8"))["contoso/moorings/hub"]


def test_outputs_come_from_the_local_state_of_the_other_stack(here: RehearsalContext, tmp_path: Path) -> None:
    referring(here)
    state = here.states / ".pulumi" / "stacks" / "moorings" / "hub.json"
    state.parent.mkdir(parents=True)
    latest = {"resources": [root({"networks": {"hub": NETWORK}})]}
    state.write_text(json.dumps({"version": 3, "checkpoint": {"latest": latest}}), encoding="utf-8")
    assert passed(here, tmp_path) == {"networks": {"hub": NETWORK}}
    assert any("vnet-hub" in line for line in place(tmp_path / "azure", "dev", here))


def test_outputs_come_from_an_exported_state(here: RehearsalContext, tmp_path: Path) -> None:
    referring(here)
    exported = tmp_path / "hub-state.json"
    exported.write_text(
        json.dumps({"version": 3, "deployment": {"resources": [root({"networks": {"hub": NETWORK}})]}}),
        encoding="utf-8",
    )
    given = RehearsalContext("moorings", here.directory, here.states, (exported,))
    assert passed(given, tmp_path) == {"networks": {"hub": NETWORK}}


def test_a_stack_of_this_project_that_is_not_up_is_named_with_the_command(
    here: RehearsalContext, tmp_path: Path
) -> None:
    referring(here)
    (here.directory / "Pulumi.hub.yaml").write_text(OWN_HUB, encoding="utf-8")
    assert passed(here, tmp_path) == (
        "stack contoso/moorings/hub is not on this machine: run ./moorings up hub first [PUL-OUTPUTS]"
    )
    assert place(tmp_path / "azure", "dev", here) == []


def test_a_stack_of_another_project_is_exported_and_passed(here: RehearsalContext, tmp_path: Path) -> None:
    referring(here)
    assert passed(here, tmp_path) == (
        "stack contoso/moorings/hub is not on this machine: export it with pulumi stack export --stack "
        "contoso/moorings/hub > FILE, and pass --standins FILE [PUL-OUTPUTS]"
    )


def test_a_rehearsal_takes_the_outputs_that_the_file_of_the_other_stack_plans(
    here: RehearsalContext, tmp_path: Path
) -> None:
    referring(here)
    (here.directory / "Pulumi.hub.yaml").write_text(OWN_HUB, encoding="utf-8")
    planned = RehearsalContext("moorings", here.directory, here.states, planned=True)
    network = passed(planned, tmp_path)["networks"]["hub"]
    assert network.endswith("/virtualNetworks/vnet-contoso-hub-hub")
    assert any("vnet-contoso-hub-hub" in line for line in place(tmp_path / "azure", "dev", planned))


def had(here: RehearsalContext, outputs: dict[str, Any]) -> RehearsalContext:
    """A rehearsal in which the hub has a file, and these outputs from an earlier run."""
    referring(here)
    (here.directory / "Pulumi.hub.yaml").write_text(OWN_HUB, encoding="utf-8")
    state = here.states / ".pulumi" / "stacks" / "moorings" / "hub.json"
    state.parent.mkdir(parents=True)
    latest = {"resources": [root(outputs)]}
    state.write_text(json.dumps({"version": 3, "checkpoint": {"latest": latest}}), encoding="utf-8")
    return RehearsalContext("moorings", here.directory, here.states, planned=True)


@pytest.mark.parametrize("outputs", [{}, {"networks": {}}])
def test_a_stack_whose_first_run_was_interrupted_has_the_outputs_that_its_file_plans(
    here: RehearsalContext, tmp_path: Path, outputs: dict[str, Any]
) -> None:
    planned = had(here, outputs)
    assert passed(planned, tmp_path)["networks"]["hub"].endswith("/virtualNetworks/vnet-contoso-hub-hub")


def test_a_rehearsal_has_no_output_that_the_file_of_the_other_stack_no_longer_plans(
    here: RehearsalContext, tmp_path: Path
) -> None:
    planned = had(here, {"networks": {"hub": NETWORK, "gone": NETWORK}, "registry_id": NETWORK, "other": 1})
    outputs = passed(planned, tmp_path)
    assert list(outputs["networks"]) == ["hub"]
    assert outputs["networks"]["hub"] != NETWORK
    # Outputs that no file plans are those of the earlier run.
    assert ("registry_id" in outputs, outputs["other"]) == (False, 1)


def test_the_subscription_in_the_file_of_the_other_stack_is_that_of_its_ids(
    here: RehearsalContext, tmp_path: Path
) -> None:
    planned = had(here, {})
    file = here.directory / "Pulumi.hub.yaml"
    text = file.read_text(encoding="utf-8").replace("config:", f"config:\n  azure-native:subscriptionId: {'7' * 8}", 1)
    file.write_text(text, encoding="utf-8")
    assert passed(planned, tmp_path)["networks"]["hub"].startswith(f"/subscriptions/{'7' * 8}/")
