"""Peerings with one side made elsewhere, and subnets whose names Azure reserves."""

from __future__ import annotations

from pathlib import Path

import pytest

from planning.problems import SpecError
from stacks.loader import Session, Stack, load
from stacks.network_checks import far_sides_behind
from stacks.previous import Previous, parse
from stacks.sites import Group

TEXT = """
config:
  moorings:stack:
    name: fabrikam
    environment: dev
    location: westeurope
    networks:
      hub:
        location: westeurope
        id: /subscriptions/sub-2/resourceGroups/rg-hub/providers/Microsoft.Network/virtualNetworks/vnet-hub
        address_space: [10.0.0.0/16]
        subnets:
          runners: {prefix: 10.0.1.0/24}
      spoke:
        location: westeurope
        address_space: [10.1.0.0/16]
        peers: [hub]
        subnets:
          registry: {prefix: 10.1.0.0/27, purpose: private_endpoints}
    dns:
      zones:
        shared: {network: spoke, links: [spoke, hub]}
    registry:
      name: fabrikamdev
      private_endpoints:
        spoke: {network: spoke, subnet: registry, dns_zones: [shared]}
"""


def warnings(tmp_path: Path, text: str) -> list[str]:
    (tmp_path / "Pulumi.dev.yaml").write_text(text, encoding="utf-8")
    return [str(warning) for warning in load("dev", directory=tmp_path).warnings]


def test_a_peering_whose_far_side_nobody_makes_is_reported_with_the_command_for_it(tmp_path: Path) -> None:
    found = "\n".join(warnings(tmp_path, TEXT))
    assert (
        "run az network vnet peering create --subscription sub-2 -g rg-hub --vnet-name vnet-hub -n hub-to-spoke "
        '--remote-vnet "$(az network vnet show -g rg-fabrikam-dev-network-spoke -n vnet-fabrikam-dev-spoke --query id -o tsv)" '
        "--allow-vnet-access, then add spoke to networks.hub.peers [NET-4]"
    ) in found
    assert (
        "hub resolves zone shared to addresses in spoke, but only one side of their peering is known to exist" in found
    )


def test_a_far_side_that_its_network_states_counts(tmp_path: Path) -> None:
    advised = TEXT.replace(
        "        address_space: [10.0.0.0/16]\n", "        address_space: [10.0.0.0/16]\n        peers: [spoke]\n"
    )
    assert advised != TEXT
    assert warnings(tmp_path, advised) == []


def test_nothing_takes_addresses_in_a_reserved_subnet(tmp_path: Path) -> None:
    taken = TEXT.replace(
        "          registry: {prefix: 10.1.0.0/27, purpose: private_endpoints}",
        "          GatewaySubnet: {prefix: 10.1.0.0/27}",
    )
    with pytest.raises(SpecError, match="is reserved for VPN and ExpressRoute gateways, and private endpoint spoke"):
        load_text(tmp_path, taken.replace("subnet: registry", "subnet: GatewaySubnet"))


@pytest.mark.parametrize(
    ("stated", "report"),
    [
        (
            "delegation: Microsoft.App/environments",
            "GatewaySubnet is reserved for VPN and ExpressRoute gateways; remove it",
        ),
        ("purpose: private_endpoints", "cannot have private endpoints; remove it"),
        (
            'security_rules: {a: {priority: 100, direction: Inbound, access: Allow, source: "*", destination: "*", '
            'destination_ports: ["443"]}}',
            "GatewaySubnet supports no network security group; remove them",
        ),
    ],
)
def test_a_reserved_subnet_takes_nothing_else_and_passes_once_it_is_removed(
    tmp_path: Path, stated: str, report: str
) -> None:
    line = "          registry: {prefix: 10.1.0.0/27, purpose: private_endpoints}\n"
    with pytest.raises(SpecError, match=report):
        load_text(tmp_path, TEXT.replace(line, f"{line}          GatewaySubnet: {{prefix: 10.1.2.0/27, {stated}}}\n"))
    load_text(tmp_path, TEXT.replace(line, f"{line}          GatewaySubnet: {{prefix: 10.1.2.0/27}}\n"))


def load_text(tmp_path: Path, text: str) -> Stack:
    (tmp_path / "Pulumi.dev.yaml").write_text(text, encoding="utf-8")
    return load("dev", directory=tmp_path)


def test_an_endpoint_lies_in_the_subscription_of_its_network(tmp_path: Path) -> None:
    there = TEXT.replace(
        "spoke: {network: spoke, subnet: registry, dns_zones: [shared]}",
        "hub: {network: hub, subnet: runners, dns_zones: [shared]}",
    )
    (tmp_path / "Pulumi.dev.yaml").write_text(there, encoding="utf-8")

    def group(subscription: str) -> Group:
        session = Session(lambda stack: {}, lambda: subscription)
        plan = load("dev", directory=tmp_path, session=session).plan
        return plan.sites["registry", "private_endpoints", "hub"].group

    assert group("sub-1").subscription == "sub-2"
    assert group("sub-1").name == "rg-fabrikam-dev-network-hub"
    # In the subscription of the stack it goes beside the registry.
    assert group("SUB-2").subscription is None
    assert group("SUB-2").name == "rg-fabrikam-dev-registry"


def held(*prefixes: str) -> Previous:
    """The state with the spoke's network of these prefixes."""
    kind = "azure-native:network:VirtualNetwork"
    outputs = {"addressSpace": {"addressPrefixes": list(prefixes)}}
    return parse({f"urn:pulumi:dev::m::{kind}::p-network-spoke-vnet": {"type": kind, "outputs": outputs}})


def test_a_network_that_grows_beside_one_made_elsewhere_reports_the_command_that_synchronises_it(
    tmp_path: Path,
) -> None:
    stack = load_text(tmp_path, TEXT)
    (warning,) = far_sides_behind("p", stack.spec, stack.plan, held("10.1.0.0/17"))
    assert (warning.path, warning.severity) == (("networks", "spoke", "address_space"), "warning")
    assert (
        "run az network vnet peering sync --subscription sub-2 -g rg-hub --vnet-name vnet-hub -n hub-to-spoke"
        in warning.message
    )


def test_a_network_that_keeps_its_address_space_or_is_new_needs_no_synchronising(tmp_path: Path) -> None:
    stack = load_text(tmp_path, TEXT)
    for previous in (held("10.1.0.0/16"), Previous()):
        assert list(far_sides_behind("p", stack.spec, stack.plan, previous)) == []


SMALL = """
config:
  moorings:stack:
    name: fabrikam
    environment: dev
    location: westeurope
    registry: {name: fabrikamdev, sku: Standard, public_network_access: Enabled, headroom: 5}
    dns: {managed: policy}
    image_policy: {effect: audit}
"""


def test_settings_of_what_the_stack_does_not_have_are_reported_and_nothing_is_reported_once_they_go(
    tmp_path: Path,
) -> None:
    report = [warning.rpartition("dev.yaml:")[2].partition(" ")[2] for warning in warnings(tmp_path, SMALL)]
    assert sorted(line.partition(":")[0] for line in report) == ["dns.managed", "image_policy", "registry.headroom"]
    assert all("has no effect without" in line for line in report)
    mended = SMALL.replace(", headroom: 5", "").replace("    dns: {managed: policy}\n", "")
    assert warnings(tmp_path, mended.replace("    image_policy: {effect: audit}\n", "")) == []


def test_the_command_for_a_network_that_is_an_output_of_another_stack_names_the_output(tmp_path: Path) -> None:
    theirs = "/subscriptions/sub-2/resourceGroups/rg-hub/providers/Microsoft.Network/virtualNetworks/vnet-hub"
    found = warnings(tmp_path, TEXT.replace(theirs, "{stack: contoso/hub/prod, output: networks.hub}"))
    (report,) = [each for each in found if "peering create" in each]
    assert "-g GROUP --vnet-name NAME (the network of output networks.hub of stack contoso/hub/prod)" in report
