"""Route tables, NAT gateways, peerings and security groups of a stack file: what they make, and what is refused where."""

from __future__ import annotations

import pytest

from tests.stacks.stack_files import FILE, Files, changed, line_here

SPACE = "address_space: [10.60.0.0/16]\n        peers: []\n"
WAYS = "    dns: {}\n"
NODES = "registry: {prefix: 10.60.0.0/24, purpose: private_endpoints}\n          nodes: {prefix: 10.60.1.0/24, %s}"
SUBNET = "registry: {prefix: 10.60.0.0/24, purpose: private_endpoints}"
TABLE = "    route_tables: {out: {location: westeurope, routes: {all: {prefix: 0.0.0.0/0, address: 10.60.9.4}}}}\n"
GATEWAY = "    nat_gateways: {out: {location: westeurope}}\n"


def nodes(subnet: str, ways: str = "", *more: tuple[str, str]) -> str:
    """The description with a subnet of nodes in westeurope, and ways out besides."""
    return changed((SUBNET, NODES % subnet), (WAYS, WAYS + ways), *more)


def test_subnets_name_the_ways_out_of_the_stack(files: Files) -> None:
    spec = files.load(nodes("route_table: out, nat_gateway: out", TABLE + GATEWAY)).spec
    subnet = spec.networks["westeurope"].subnets["nodes"]
    assert (subnet.route_table, subnet.nat_gateway) == ("out", "out")
    default = spec.route_tables["out"].default_route
    assert default is not None
    assert str(default.address) == "10.60.9.4"


def test_a_way_out_that_does_not_exist_is_refused(files: Files) -> None:
    text = nodes("route_table: other} # here\n          x: {prefix: 10.60.2.0/24", TABLE)
    assert files.refusals(text) == [
        f"{FILE}:{line_here(text)} networks.westeurope.subnets.nodes.route_table: there is no route table 'other'; there are: out"
    ]


@pytest.mark.parametrize(("field", "section"), [("route_table", "route_tables"), ("nat_gateway", "nat_gateways")])
def test_a_way_out_in_another_region_is_refused(files: Files, field: str, section: str) -> None:
    ways = (TABLE + GATEWAY).replace("westeurope", "eastus")
    text = nodes(f"{field}: out}} # here\n          x: {{prefix: 10.60.2.0/24", ways)
    (line,) = files.refusals(text)
    assert line == (
        f"{FILE}:{line_here(text)} networks.westeurope.subnets.nodes.{field}: out is in eastus and the network in westeurope; "
        f"state {section}.out.location: westeurope, or name another [NET-REFERENCE]"
    )
    files.load(
        text.replace("eastus, routes", "westeurope, routes").replace("{location: eastus}}", "{location: westeurope}}")
    )


@pytest.mark.parametrize(
    ("route", "message"),
    [
        ("{prefix: 0.0.0.0/0}", "VirtualAppliance needs the private address of the appliance; state it [RT-1]"),
        ("{prefix: 10.0.0.0/8, next_hop: Internet, address: 10.0.0.4}", "Internet has no address; remove it"),
        (
            "{prefix: 10.60.0.0/16, address: somewhere}",
            "'somewhere' is not an IPv4 address; write one such as 10.0.0.4",
        ),
    ],
)
def test_a_route_has_an_address_where_it_leads_to_an_appliance(files: Files, route: str, message: str) -> None:
    text = nodes(
        "route_table: out", f"    route_tables: {{out: {{location: westeurope, routes: {{all: {route}}}}}}} # here\n"
    )
    (line,) = files.refusals(text)
    assert line.startswith(f"{FILE}:{line_here(text)} route_tables.out.routes.all.address: {message}")


def test_two_routes_of_one_range_are_refused(files: Files) -> None:
    routes = "{a: {prefix: 10.0.0.0/8, next_hop: Internet}, b: {prefix: 10.0.0.0/8, next_hop: None}}"
    text = nodes("route_table: out", f"    route_tables: {{out: {{location: westeurope, routes: {routes}}}}} # here\n")
    assert any(
        "route_tables.out.routes.b.prefix: 10.0.0.0/8 is the range of a too" in line for line in files.refusals(text)
    )


def test_the_gateway_of_another_network_is_used_where_that_network_lets_it(files: Files) -> None:
    side = "peerings: {eastus: {use_remote_gateways: true}} # here\n"
    text = changed((SPACE, f"address_space: [10.60.0.0/16]\n        {side}"))
    assert files.refusals(text) == [
        f"{FILE}:{line_here(text)} networks.westeurope.peerings.eastus.use_remote_gateways: true, but eastus does not allow it; "
        "state networks.eastus.peerings.westeurope.gateway_transit: true [NET-GATEWAY]"
    ]
    lets = "[10.50.0.0/16]\n        peerings: {westeurope: {gateway_transit: true}}"
    plan = files.load(text.replace("[10.50.0.0/16]", lets)).plan
    assert plan.peerings == (("eastus", "westeurope"),)


def test_a_network_uses_the_gateway_of_one_other(files: Files) -> None:
    both = "{eastus: {use_remote_gateways: true}, hub: {use_remote_gateways: true}}"
    hub = "      hub:\n        location: westeurope\n        address_space: [10.70.0.0/16]\n        subnets: {a: {size: /24}}\n"
    text = changed(
        (SPACE, f"address_space: [10.60.0.0/16]\n        peerings: {both} # here\n"),
        ("    dns: {}\n", f"{hub}    dns: {{}}\n"),
    )
    assert any(
        f"{FILE}:{line_here(text)} networks.westeurope.peerings.hub.use_remote_gateways: true for eastus as well"
        in line
        for line in files.refusals(text)
    )


def test_a_peering_with_the_network_itself_is_refused(files: Files) -> None:
    text = changed((SPACE, "address_space: [10.60.0.0/16]\n        peerings: {westeurope: {}} # here\n"))
    assert files.refusals(text) == [
        f"{FILE}:{line_here(text)} networks.westeurope.peerings.westeurope: westeurope is the network itself; remove it"
    ]


RULE = "priority: 100, direction: Inbound, access: Allow, destination_ports: ['443']"


@pytest.mark.parametrize(
    ("sides", "message"),
    [
        ("destination: '*'", "expected one of source, sources and source_groups, none is stated; state one [NSG-1]"),
        ("source: '*', sources: [10.0.0.0/8], destination: '*'", "source and sources are stated; state one [NSG-1]"),
        ("source: '*', destinations: [Internet]", "'Internet' is no range, and a list takes ranges only"),
    ],
)
def test_each_side_of_a_rule_is_stated_once(files: Files, sides: str, message: str) -> None:
    text = nodes(f"security_rules: {{web: {{{RULE}, {sides}}}}}}} # here\n          x: {{prefix: 10.60.2.0/24")
    (line,) = files.refusals(text)
    assert line.startswith(f"{FILE}:{line_here(text)} networks.westeurope.subnets.nodes.security_rules.web.")
    assert message in line


def test_rules_without_a_group_of_the_stack_are_refused(files: Files) -> None:
    rule = f"security_rules: {{web: {{{RULE}, source: '*', destination: '*'}}}}"
    text = nodes(f"network_security_group: none, {rule}}} # here\n          x: {{prefix: 10.60.2.0/24")
    (line,) = files.refusals(text)
    assert "security_rules: are for a group that the stack makes; remove them, or network_security_group" in line


@pytest.mark.parametrize(
    "field",
    ["route_table: out", "nat_gateway: out", "service_endpoints: [Microsoft.Storage]", "network_security_group: none"],
)
def test_a_subnet_made_elsewhere_keeps_its_ways_out(files: Files, field: str) -> None:
    theirs = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/theirs"
    text = nodes(field, TABLE + GATEWAY, ("[10.60.0.0/16]", f"[10.60.0.0/16]\n        id: {theirs}"))
    assert any(
        f"nodes.{field.partition(':')[0]}: the network is made elsewhere (it has an id) and is not changed" in line
        for line in files.refusals(text)
    )


def test_a_group_that_is_made_elsewhere_is_named_by_its_id(files: Files) -> None:
    group = "/subscriptions/s/resourceGroups/hub/providers/Microsoft.Network/networkSecurityGroups/hub"
    spec = files.load(nodes(f"network_security_group: {group}")).spec
    assert spec.networks["westeurope"].subnets["nodes"].network_security_group == group


def test_a_group_that_is_neither_made_elsewhere_nor_none_is_refused(files: Files) -> None:
    text = nodes("network_security_group: theirs} # here\n          x: {prefix: 10.60.2.0/24")
    (line,) = files.refusals(text)
    assert "network_security_group: theirs is neither the ARM id of one made elsewhere nor none" in line
