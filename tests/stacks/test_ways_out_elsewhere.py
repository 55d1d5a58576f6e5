"""Route tables, NAT gateways, firewalls and firewall policies made elsewhere: used by their ids, and never changed."""

from collections.abc import Callable

import pytest

from components.testing import Recording
from planning.problems import SpecError
from stacks import program
from tests.components.azure_answers import addressed, answers
from tests.stacks.stack_files import Files

Record = Callable[..., Recording]

NETWORK = "/subscriptions/s2/resourceGroups/rg-hub/providers/Microsoft.Network"
TABLE = f"{NETWORK}/routeTables/rt-spokes"
GATEWAY = f"{NETWORK}/natGateways/ng-spokes"
FIREWALL = f"{NETWORK}/azureFirewalls/afw-hub"
POLICY = f"{NETWORK}/firewallPolicies/afwp-central"

FILE = """\
config:
  moorings:stack:
    name: fabrikam
    environment: dev
    location: westeurope
{sections}
    networks:
      hub:
        location: westeurope
        address_space: [10.0.0.0/16]
        peers: [spoke]
        subnets:
          AzureFirewallSubnet: {{prefix: 10.0.0.0/26}}
      spoke:
        location: westeurope
        address_space: [10.1.0.0/16]
        subnets:
          registry: {{prefix: 10.1.0.0/27, purpose: private_endpoints}}
          apps: {{prefix: 10.1.2.0/24, delegation: Microsoft.App/environments{subnet}}}
    registry:
      name: fabrikamdev
      private_endpoints:
        spoke: {{network: spoke, subnet: registry}}
    container_apps:
      apps: {{network: spoke, subnet: apps}}
"""


def text(sections: str, subnet: str = "") -> str:
    return FILE.format(sections=sections, subnet=f", {subnet}" if subnet else "")


def ran(record: Record, files: Files, description: str) -> Recording:
    stack = files.load(description)
    members = ["registry", "registry_data_westeurope"]
    return record(
        lambda: program.run(stack, {"MOORINGS_TIME_SCALE": "0"}),
        answers=answers([addressed(members)], "fabrikamdev.azurecr.io"),
    )


def subnet_of(recording: Recording) -> dict[str, object]:
    (spoke,) = [
        each
        for each in recording.of_type("network:VirtualNetwork")
        if each.inputs["virtualNetworkName"].endswith("spoke")
    ]
    (apps,) = [each for each in spoke.inputs["subnets"] if each["name"] == "apps"]
    return apps


@pytest.mark.parametrize(
    ("sections", "value"),
    [
        pytest.param(f"    route_tables: {{spokes: {{id: {TABLE}, routes: {{}}}}}}", "spokes", id="key"),
        pytest.param("", TABLE, id="id"),
    ],
)
def test_a_subnet_takes_a_route_table_made_elsewhere(record: Record, files: Files, sections: str, value: str) -> None:
    created = ran(record, files, text(sections, f"route_table: {value}"))
    assert subnet_of(created)["routeTable"] == {"id": TABLE}
    assert created.of_type("network:RouteTable") == []


def test_a_subnet_takes_a_nat_gateway_made_elsewhere(record: Record, files: Files) -> None:
    created = ran(record, files, text("", f"nat_gateway: {GATEWAY}"))
    assert subnet_of(created)["natGateway"] == {"id": GATEWAY}
    assert created.of_type("network:NatGateway") == created.of_type("network:PublicIPPrefix") == []


def test_a_table_made_elsewhere_without_stated_routes_is_warned_of(files: Files) -> None:
    (warning,) = [line for line in files.warnings(text("", f"route_table: {TABLE}")) if "rt-spokes" in line]
    assert (
        "rt-spokes is made elsewhere and states no routes, so it is not known where what environment apps sends"
        in warning
    )
    assert warning.endswith("{} for none [FW-ORDER]")


def test_a_route_leads_to_the_address_of_a_firewall_made_elsewhere(record: Record, files: Files) -> None:
    sections = f"""\
    firewalls: {{hub: {{id: {FIREWALL}, address: 10.9.0.4}}}}
    route_tables: {{spoke: {{location: westeurope, routes: {{default: {{prefix: 0.0.0.0/0, firewall: hub}}}}}}}}"""
    description = text(sections, "route_table: spoke")
    created = ran(record, files, description)
    (route,) = created.one("network:RouteTable").inputs["routes"]
    assert route["nextHopIpAddress"] == "10.9.0.4"
    assert created.of_type("network:AzureFirewall") == created.of_type("network:FirewallPolicy") == []
    (warning,) = [line for line in files.warnings(description) if "FW-ORDER" in line]
    assert (
        "environment apps sends outside goes to firewall hub, whose rules are made elsewhere: admit there what"
        in warning
    )


def test_a_firewall_takes_a_policy_made_elsewhere_and_makes_no_rules(record: Record, files: Files) -> None:
    sections = f"""\
    firewalls: {{hub: {{network: hub, policy: {POLICY}}}}}
    route_tables: {{spoke: {{location: westeurope, routes: {{default: {{prefix: 0.0.0.0/0, firewall: hub}}}}}}}}"""
    created = ran(record, files, text(sections, "route_table: spoke"))
    assert created.one("network:AzureFirewall").inputs["firewallPolicy"] == {"id": POLICY}
    assert (
        created.of_type("network:FirewallPolicy") == created.of_type("network:FirewallPolicyRuleCollectionGroup") == []
    )


def test_a_policy_inherits_from_one_made_elsewhere(record: Record, files: Files) -> None:
    created = ran(record, files, text(f"    firewalls: {{hub: {{network: hub, base_policy: {POLICY}}}}}"))
    assert created.one("network:FirewallPolicy").inputs["basePolicy"] == {"id": POLICY}


@pytest.mark.parametrize(
    ("sections", "refusal"),
    [
        pytest.param(
            f"    firewalls: {{hub: {{id: {FIREWALL}}}}}",
            "firewalls.hub.address: is missing: state the private address of the firewall, to which routes lead",
            id="address is missing",
        ),
        pytest.param(
            f"    firewalls: {{hub: {{id: {FIREWALL}, address: 10.9.0.4, tier: Premium}}}}",
            "firewalls.hub.tier: is a setting of what is made elsewhere (it has an id) and is not changed; remove it",
            id="setting of a firewall made elsewhere",
        ),
        pytest.param(
            "    firewalls: {hub: {tier: Premium}}",
            "firewalls.hub: a firewall of this stack needs a network; state it, or give the id of a firewall made elsewhere",
            id="network is missing",
        ),
        pytest.param(
            f"    firewalls: {{hub: {{network: hub, policy: {POLICY}, dns_proxy: false}}}}",
            "firewalls.hub.dns_proxy: is a setting of the policy, which is made elsewhere and is not changed; remove it",
            id="setting of a policy made elsewhere",
        ),
        pytest.param(
            f"    nat_gateways: {{out: {{id: {GATEWAY}, public_prefix: /30}}}}",
            "nat_gateways.out.public_prefix: is a setting of what is made elsewhere (it has an id) and is not changed",
            id="setting of a NAT gateway made elsewhere",
        ),
        pytest.param(
            f"    route_tables: {{out: {{id: {GATEWAY}}}}}",
            "is the id of a resource of type Microsoft.Network/natGateways; write that of a resource of type "
            "Microsoft.Network/routeTables [ARM-ID]",
            id="id of another type",
        ),
    ],
)
def test_what_is_made_elsewhere_is_not_changed(files: Files, sections: str, refusal: str) -> None:
    with pytest.raises(SpecError) as refused:
        files.load(text(sections))
    assert refusal in str(refused.value)
