"""Networks and peerings: what is registered, under which names, in which order."""

from collections.abc import Callable

import pulumi
import pytest

from components.network.network import Network
from components.network.peering import Side, peer
from components.network.spec import NetworkSpec, PeeringSpec
from components.testing import Recording
from planning.names import Names
from tests.components.azure_answers import answers

Record = Callable[..., Recording]

THEIRS = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/theirs"
TAGS = {"owner": "platform"}

SPEC = NetworkSpec.model_validate(
    {
        "address_space": ["10.0.0.0/16", "10.1.0.0/16"],
        "subnets": {
            "registry": {"prefix": "10.0.0.0/27", "purpose": "private_endpoints"},
            "workloads": {
                "prefix": "10.1.0.0/24",
                "default_outbound_access": True,
                "private_endpoint_network_policies": "Enabled",
                "security_rules": {
                    "web": {
                        "priority": 100,
                        "direction": "Inbound",
                        "access": "Allow",
                        "source": "Internet",
                        "destination": "*",
                        "destination_ports": ["443", "8443"],
                    },
                    "none": {
                        "priority": 4096,
                        "direction": "Inbound",
                        "access": "Deny",
                        "protocol": "*",
                        "source": "*",
                        "destination": "*",
                        "destination_ports": ["*"],
                    },
                },
            },
        },
    }
)


def network(spec: NetworkSpec = SPEC) -> Network:
    return Network(
        "net",
        spec,
        key="eastus",
        names=Names("contoso", "test"),
        location="eastus",
        resource_group_name="rg",
        tags=TAGS,
    )


@pytest.fixture
def recording(record: Record) -> Recording:
    return record(network, answers=answers())


def test_a_network_and_a_security_group_per_subnet_are_made_and_nothing_else(recording: Recording) -> None:
    assert {(found.type.rsplit(":", 1)[-1], found.name) for found in recording} == {
        ("Network", "net"),
        ("VirtualNetwork", "net-vnet"),
        ("NetworkSecurityGroup", "net-nsg-registry"),
        ("NetworkSecurityGroup", "net-nsg-workloads"),
    }


def test_the_networks_children_are_its_own(recording: Recording) -> None:
    component = recording.urn_of(recording.named("net"))
    assert {found.parent for found in recording if found.custom} == {component}


def test_subnets_are_inline_with_their_groups(recording: Recording) -> None:
    inputs = recording.one("VirtualNetwork").inputs
    assert inputs == {
        "virtualNetworkName": "vnet-contoso-test-eastus",
        "resourceGroupName": "rg",
        "location": "eastus",
        "tags": TAGS,
        "addressSpace": {"addressPrefixes": ["10.0.0.0/16", "10.1.0.0/16"]},
        "enableDdosProtection": False,
        "enableVmProtection": False,
        "subnets": [
            {
                "name": "registry",
                "addressPrefix": "10.0.0.0/27",
                "defaultOutboundAccess": False,
                "networkSecurityGroup": {"id": "net-nsg-registry-id"},
                "privateEndpointNetworkPolicies": "Disabled",
            },
            {
                "name": "workloads",
                "addressPrefix": "10.1.0.0/24",
                "defaultOutboundAccess": True,
                "networkSecurityGroup": {"id": "net-nsg-workloads-id"},
                "privateEndpointNetworkPolicies": "Enabled",
            },
        ],
    }


def test_a_rule_states_one_port_range_or_several_never_both(recording: Recording) -> None:
    web, none = recording.named("net-nsg-workloads").inputs["securityRules"]
    assert web == {
        "name": "web",
        "priority": 100,
        "direction": "Inbound",
        "access": "Allow",
        "protocol": "Tcp",
        "sourceAddressPrefix": "Internet",
        "sourcePortRange": "*",
        "destinationAddressPrefix": "*",
        "destinationPortRanges": ["443", "8443"],
    }
    assert none["destinationPortRange"] == "*"
    assert "destinationPortRanges" not in none
    assert none["priority"] == 4096


def test_a_security_group_has_an_explicit_name_and_tags(recording: Recording) -> None:
    inputs = recording.named("net-nsg-registry").inputs
    assert inputs["networkSecurityGroupName"] == "nsg-contoso-test-eastus-registry"
    assert (inputs["tags"], inputs["location"], inputs["resourceGroupName"]) == (TAGS, "eastus", "rg")


def test_the_outputs_name_every_subnet(recording: Recording) -> None:
    assert recording.component_outputs("net") == {
        "id": "net-vnet-id",
        "name": "vnet-contoso-test-eastus",
        "subnet_ids": {
            "registry": "net-vnet-id/subnets/registry",
            "workloads": "net-vnet-id/subnets/workloads",
        },
    }


def test_for_a_network_made_elsewhere_nothing_is_made_and_the_outputs_point_at_it(record: Record) -> None:
    spec = NetworkSpec.model_validate({"id": THEIRS, "subnets": {"s": {}}})
    recording = record(lambda: network(spec))
    assert [found.name for found in recording] == ["net"]
    assert recording.component_outputs("net") == {
        "id": THEIRS,
        "name": "theirs",
        "subnet_ids": {"s": f"{THEIRS}/subnets/s"},
    }


def test_in_a_preview_the_networks_id_is_unknown_and_nothing_fails(record: Record) -> None:
    recording = record(network, preview=True)
    assert recording.component_outputs("net")["id"] is pulumi.output.UNKNOWN


def side(key: str, group: str | None = "rg") -> Side:
    return Side(key, f"{key}-id", f"vnet-{key}", group)


def test_a_peering_is_made_in_both_directions_one_after_the_other(record: Record) -> None:
    recording = record(lambda: peer("p", first=side("a"), second=side("b")))
    there, back = recording.named("p-a-to-b"), recording.named("p-b-to-a")
    assert there.inputs["virtualNetworkPeeringName"] == "a-to-b"
    assert there.inputs["virtualNetworkName"] == "vnet-a"
    assert there.inputs["remoteVirtualNetwork"] == {"id": "b-id"}
    assert back.inputs["virtualNetworkName"] == "vnet-b"
    assert back.inputs["remoteVirtualNetwork"] == {"id": "a-id"}
    assert back.depends_on == {recording.urn_of(there)}


def test_a_peering_opens_nothing_but_the_way_between_the_two(record: Record) -> None:
    inputs = record(lambda: peer("p", first=side("a"), second=side("b"))).named("p-a-to-b").inputs
    assert inputs["allowVirtualNetworkAccess"] is True
    assert not inputs["allowForwardedTraffic"]
    assert not inputs["allowGatewayTransit"]
    assert not inputs["useRemoteGateways"]


def test_a_peering_follows_the_address_space_of_the_other_network(record: Record) -> None:
    sides = [
        Side(key, key, key, "rg", address_space=[space]) for key, space in (("a", "10.1.0.0/16"), ("b", "10.2.0.0/16"))
    ]
    recording = record(lambda: peer("p", first=sides[0], second=sides[1]))
    for name, space in (("p-a-to-b", "10.2.0.0/16"), ("p-b-to-a", "10.1.0.0/16")):
        inputs = recording.named(name).inputs
        assert inputs["remoteVirtualNetworkAddressSpace"] == {"addressPrefixes": [space]}
        assert inputs["syncRemoteAddressSpace"] == "true"


def test_a_peering_states_no_address_space_that_is_not_known(record: Record) -> None:
    inputs = record(lambda: peer("p", first=side("a"), second=side("b"))).named("p-a-to-b").inputs
    assert "remoteVirtualNetworkAddressSpace" not in inputs
    assert inputs["syncRemoteAddressSpace"] == "true"


@pytest.mark.parametrize(("first", "second", "created"), [("rg", None, ["p-a-to-b"]), (None, "rg", ["p-b-to-a"])])
def test_the_side_of_a_network_made_elsewhere_is_not_made(
    record: Record, first: str | None, second: str | None, created: list[str]
) -> None:
    recording = record(lambda: peer("p", first=side("a", first), second=side("b", second)))
    assert [found.name for found in recording] == created


def test_between_two_networks_made_elsewhere_nothing_is_made() -> None:
    assert peer("p", first=side("a", None), second=side("b", None)) == []


def reserved(**bastion: object) -> Network:
    subnets = {
        "GatewaySubnet": {"prefix": "10.0.0.0/27"},
        "AzureFirewallSubnet": {"prefix": "10.0.1.0/26"},
        "RouteServerSubnet": {"prefix": "10.0.2.0/26"},
        "AzureBastionSubnet": {"prefix": "10.0.3.0/26", **bastion},
    }
    return network(NetworkSpec.model_validate({"address_space": ["10.0.0.0/16"], "subnets": subnets}))


def test_subnets_whose_names_azure_reserves_get_no_security_group(record: Record) -> None:
    recording = record(reserved, answers=answers())
    assert recording.of_type("NetworkSecurityGroup") == []
    assert all("networkSecurityGroup" not in subnet for subnet in recording.one("VirtualNetwork").inputs["subnets"])


def test_a_bastions_subnet_gets_a_group_for_rules_that_are_stated(record: Record) -> None:
    rule = {"priority": 100, "direction": "Inbound", "access": "Allow", "source": "Internet", "destination": "*"}
    rules = {"https": {**rule, "destination_ports": ["443"]}}
    recording = record(lambda: reserved(security_rules=rules), answers=answers())
    assert [found.name for found in recording.of_type("NetworkSecurityGroup")] == ["net-nsg-AzureBastionSubnet"]


def test_a_peering_is_replaced_with_either_network_and_deleted_first(record: Record) -> None:
    def program() -> None:
        here, there = (
            network(),
            Network(
                "far", SPEC, key="far", names=Names("c", "t"), location="eastus", resource_group_name="rg", tags=TAGS
            ),
        )
        sides = [Side(each, n.id, n.name, "rg", n.resource) for each, n in (("here", here), ("there", there))]
        peer("p", first=sides[0], second=sides[1], disconnected=["p-there-to-here"])

    recording = record(program, answers=answers())
    networks = {recording.urn_of(found) for found in recording.of_type("VirtualNetwork")}
    first, second = recording.named("p-there-to-here"), recording.named("p-here-to-there")
    assert set(first.replace_with) == networks
    assert set(second.replace_with) == networks | {recording.urn_of(first)}
    assert first.ignore_changes == ()
    assert "peeringState" in first.replace_on_changes
    assert second.ignore_changes == ("peeringState", "peeringSyncLevel")
    assert second.replace_on_changes == ("remoteVirtualNetwork",)


ROUTED = {
    "address_space": ["10.0.0.0/16"],
    "dns_servers": ["10.0.0.4"],
    "tags": {"cost-center": "7"},
    "subnets": {
        "nodes": {
            "prefix": "10.0.0.0/24",
            "route_table": "out",
            "nat_gateway": "out",
            "service_endpoints": ["Microsoft.Storage", "Microsoft.KeyVault"],
            "security_rules": {
                "web": {
                    "description": "Both offices.",
                    "priority": 100,
                    "direction": "Inbound",
                    "access": "Allow",
                    "sources": ["192.168.1.0/24", "192.168.2.0/24"],
                    "destination_groups": [f"{THEIRS.rpartition('/virtual')[0]}/applicationSecurityGroups/web"],
                    "destination_ports": ["443"],
                }
            },
        },
        "bare": {"prefix": "10.0.1.0/24", "network_security_group": "none"},
        "theirs": {
            "prefix": "10.0.2.0/24",
            "network_security_group": f"{THEIRS.rpartition('/virtual')[0]}/networkSecurityGroups/theirs",
        },
    },
}


def routed() -> Network:
    return Network(
        "net",
        NetworkSpec.model_validate(ROUTED),
        key="eastus",
        names=Names("contoso", "test"),
        location="eastus",
        resource_group_name="rg",
        tags=TAGS,
        route_table_ids={"out": "/rt"},
        nat_gateway_ids={"out": "/ng"},
    )


def test_subnets_have_the_ways_out_and_the_services_that_they_name(record: Record) -> None:
    vnet = record(routed, answers=answers()).one("VirtualNetwork")
    nodes, bare, theirs = vnet.inputs["subnets"]
    assert (nodes["routeTable"], nodes["natGateway"]) == ({"id": "/rt"}, {"id": "/ng"})
    assert nodes["serviceEndpoints"] == [{"service": "Microsoft.Storage"}, {"service": "Microsoft.KeyVault"}]
    assert not {"routeTable", "natGateway", "serviceEndpoints", "networkSecurityGroup"} & set(bare)
    assert theirs["networkSecurityGroup"]["id"].endswith("/networkSecurityGroups/theirs")
    assert vnet.inputs["dhcpOptions"] == {"dnsServers": ["10.0.0.4"]}
    assert vnet.inputs["tags"] == {**TAGS, "cost-center": "7"}


def test_a_group_is_made_for_a_subnet_that_states_none_of_its_own(record: Record) -> None:
    recording = record(routed, answers=answers())
    group = recording.one("NetworkSecurityGroup")
    assert (group.name, group.inputs["tags"]) == ("net-nsg-nodes", {**TAGS, "cost-center": "7"})
    (rule,) = group.inputs["securityRules"]
    assert rule["sourceAddressPrefixes"] == ["192.168.1.0/24", "192.168.2.0/24"]
    assert [each["id"].rpartition("/")[2] for each in rule["destinationApplicationSecurityGroups"]] == ["web"]
    assert rule["description"] == "Both offices."
    assert not {"sourceAddressPrefix", "destinationAddressPrefix", "sourceApplicationSecurityGroups"} & set(rule)


def test_each_side_of_a_peering_allows_what_its_own_network_states(record: Record) -> None:
    hub = Side("hub", "/hub", "hub", "rg", allows=PeeringSpec(gateway_transit=True, forwarded_traffic=True))
    spoke = Side("spoke", "/spoke", "spoke", "rg", allows=PeeringSpec(use_remote_gateways=True))

    def both() -> None:
        peer("peering", first=spoke, second=hub)

    recording = record(both, answers=answers())
    shown = {
        found.inputs["virtualNetworkPeeringName"]: (
            found.inputs["allowGatewayTransit"],
            found.inputs["allowForwardedTraffic"],
            found.inputs["useRemoteGateways"],
        )
        for found in recording.of_type("VirtualNetworkPeering")
    }
    assert shown == {"hub-to-spoke": (True, True, False), "spoke-to-hub": (False, False, True)}
    lets, uses = recording.named("peering-hub-to-spoke"), recording.named("peering-spoke-to-hub")
    assert recording.urn_of(lets) in uses.depends_on
