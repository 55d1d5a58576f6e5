"""Names in Azure that a stack file states: they are used where the key would be, and checked by Azure's rules."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from components.testing import Recording, run_recorded
from planning.problems import SpecError
from stacks import program
from stacks.loader import load
from tests.components.azure_answers import addressed, answers
from tests.stacks.stack_files import Files

Record = Callable[..., Recording]

FILE = """\
config:
  moorings:stack:
    name: fabrikam
    environment: dev
    location: westeurope
    tag_environment: false
    protect: true
    route_tables: {out: {name: corp-routes, routes: {all: {prefix: 0.0.0.0/0, address: 10.1.0.100}}}}
    nat_gateways: {out: {name: corp-nat, public_prefix_name: corp-addresses, public_prefix: /31}}
    networks:
      westeurope:
        name: corp-net
        address_space: [10.1.0.0/16]
        subnets:
          registry: {prefix: 10.1.0.0/27, purpose: private_endpoints, security_group_name: corp-rules}
          machines: {prefix: 10.1.1.0/24, nat_gateway: out}
          apps: {prefix: 10.1.2.0/25, delegation: Microsoft.App/environments}
        peerings: {far: {name: corp-to-far}}
      far:
        location: northeurope
        address_space: [10.2.0.0/16]
        subnets: {machines: {prefix: 10.2.1.0/24}}
    dns: {zones: {own: {network: westeurope, link_names: {westeurope: corp-link}}}}
    registry:
      name: fabrikamdev
      private_endpoints:
        westeurope:
          name: corp-endpoint
          network_interface_name: INTERFACE
          connection_name: corp-connection
          network: westeurope
          subnet: registry
          dns_zones: [own]
    identities: {puller: {name: corp-identity}}
    monitoring: {workspaces: {logs: {name: corp-logs}}, metrics_workspaces: {metrics: {name: corp-metrics}}}
    access: {push: {name: 0c0ffee0-0000-4000-8000-000000000002, identity: puller, action: push}}
    container_apps: {west: {name: corp-apps, network: westeurope, subnet: apps}}
    session_pools: {west: {name: corpsessions, type: Python}}
    sandbox_groups: {west: {name: corp-sandboxes}}
"""
GENERATED = "corp-endpoint.nic.0c0ffee0-0000-4000-8000-000000000003"

NAMES = {
    "VirtualNetwork": ("virtualNetworkName", {"corp-net", "vnet-fabrikam-dev-far"}),
    "PrivateEndpoint": ("privateEndpointName", {"corp-endpoint"}),
    "VirtualNetworkLink": ("virtualNetworkLinkName", {"corp-link", "westeurope", "far"}),
    "UserAssignedIdentity": ("resourceName", {"corp-identity"}),
    "Workspace": ("workspaceName", {"corp-logs"}),
    "AzureMonitorWorkspace": ("azureMonitorWorkspaceName", {"corp-metrics"}),
    "RoleAssignment": ("roleAssignmentName", {"0c0ffee0-0000-4000-8000-000000000002"}),
    "RouteTable": ("routeTableName", {"corp-routes"}),
    "NatGateway": ("natGatewayName", {"corp-nat"}),
    "PublicIPPrefix": ("publicIpPrefixName", {"corp-addresses"}),
    "ManagedEnvironment": ("environmentName", {"corp-apps"}),
    "ContainerAppsSessionPool": ("sessionPoolName", {"corpsessions"}),
    "VirtualNetworkPeering": ("virtualNetworkPeeringName", {"corp-to-far", "far-to-westeurope"}),
}
"""Class → the input that is its name, and the names that the stack file above gives."""


def ran(record: Record, files: Files, interface: str) -> Recording:
    files.write(FILE.replace("INTERFACE", interface))
    stack = load("test", directory=files.directory)
    members = ["registry", "registry_data_westeurope"]
    return record(
        lambda: program.run(stack, {"MOORINGS_TIME_SCALE": "0"}),
        answers=answers([addressed(members)], "fabrikamdev.azurecr.io"),
    )


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Recording:
    return ran(run_recorded, Files(tmp_path_factory.mktemp("stacks")), "corp-interface")


@pytest.mark.parametrize("kind", NAMES)
def test_a_stated_name_takes_the_place_of_the_one_made_of_the_key(made: Recording, kind: str) -> None:
    member, names = NAMES[kind]
    assert {each.inputs[member] for each in made.of_type(kind) if each.custom} == names


def test_a_security_group_has_the_name_that_its_subnet_states(made: Recording) -> None:
    names = {each.inputs["networkSecurityGroupName"] for each in made.of_type("NetworkSecurityGroup")}
    assert "corp-rules" in names
    assert "nsg-fabrikam-dev-westeurope-machines" in names


def test_the_interface_and_the_connection_of_an_endpoint_have_the_stated_names(made: Recording) -> None:
    endpoint = next(each for each in made.of_type("PrivateEndpoint") if each.custom)
    assert endpoint.inputs["customNetworkInterfaceName"] == "corp-interface"
    assert [each["name"] for each in endpoint.inputs["privateLinkServiceConnections"]] == ["corp-connection"]


def test_an_interface_that_azure_named_is_read_and_not_sent(record: Record, files: Files) -> None:
    recording = ran(record, files, GENERATED)
    endpoint = next(each for each in recording.of_type("PrivateEndpoint") if each.custom)
    assert "customNetworkInterfaceName" not in endpoint.inputs
    read = [each for token, each in recording.invokes if token.endswith(":getNetworkInterface")]
    assert {each["networkInterfaceName"] for each in read} == {GENERATED}


def test_the_tag_of_the_environment_is_left_out(made: Recording) -> None:
    assert [each.inputs.get("tags") for each in made.of_type("VirtualNetwork")] == [{}, {}]


def test_every_resource_of_a_protected_stack_is_protected(made: Recording) -> None:
    assert {each.protect for each in made} == {True}


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("name: corp-net", "name: corp_net-", "is not a name for a virtual network"),
        ("security_group_name: corp-rules", "security_group_name: -x", "is not a name for a network security group"),
        ("name: corp-logs", "name: a_b", "is not a name for a Log Analytics workspace"),
        ("name: corpsessions", "name: Corp", "is not a name for a session pool"),
        ("name: 0c0ffee0-0000-4000-8000-000000000002", "name: push", "access.push.name"),
    ],
)
def test_a_name_that_azure_refuses_is_refused(files: Files, old: str, new: str, words: str) -> None:
    files.write(FILE.replace(old, new, 1).replace("INTERFACE", "corp-interface"))
    with pytest.raises(SpecError) as refused:
        load("test", directory=files.directory)
    assert any(words in line for line in refused.value.lines), refused.value.lines
