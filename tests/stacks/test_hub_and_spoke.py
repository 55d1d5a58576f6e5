"""Hub and spoke as people write it: refusals name the field that takes it, and what they name is taken."""

from __future__ import annotations

from tests.stacks.stack_files import Files

TABLE = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-hub/providers/Microsoft.Network/routeTables/rt"
STACK = """\
config:
  moorings:stack:
    name: fabrikam
    environment: prod
    location: westeurope
    networks:
      hub:
        location: westeurope
        address_space: [10.0.0.0/16]
        subnets:
          GatewaySubnet: {prefix: 10.0.0.0/27}
          registry: {prefix: 10.0.1.0/27, purpose: private_endpoints}
      spoke:
        location: westeurope
        address_space: [10.1.0.0/16]
        peers: [{network: hub, use_remote_gateways: true, allow_forwarded_traffic: true}]
        dns_servers: [10.0.2.4]
        subnets:
          nodes: {prefix: 10.1.0.0/24, route_table: TABLE, nat_gateway: x, service_endpoints: [Microsoft.Storage]}
    registry:
      name: fabrikamprod
      private_endpoints:
        hub: {network: hub, subnet: registry}
""".replace("TABLE", TABLE)
OPTIONS = "peers: [{network: hub, use_remote_gateways: true, allow_forwarded_traffic: true}]"


def test_options_of_a_peering_and_an_unknown_gateway_are_refused_until_what_is_named_is_written(files: Files) -> None:
    (line,) = files.refusals(STACK)
    assert "networks.spoke.peers.0: takes the key of a network; state options of a peering under peerings" in line

    by_key = STACK.replace(OPTIONS, "peerings: {hub: {use_remote_gateways: true, forwarded_traffic: true}}")
    lines = files.refusals(by_key)
    assert any("networks.spoke.subnets.nodes.nat_gateway: there is no NAT gateway 'x'" in each for each in lines)
    named = [each for each in lines if "state networks.hub.peerings.spoke.gateway_transit: true" in each]
    assert len(named) == 1

    both = by_key.replace(
        "      hub:\n        location: westeurope\n",
        "      hub:\n        location: westeurope\n        peerings: {spoke: {gateway_transit: true}}\n",
    ).replace("    registry:\n      name", "    nat_gateways: {x: {}}\n    registry:\n      name")
    stack = files.load(both)
    assert stack.plan.peerings == (("hub", "spoke"),)
    assert TABLE in stack.spec.route_tables
