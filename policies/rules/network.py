"""Rules on virtual networks and subnets; rules on their relations to other resources are in `domain_*`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from ipaddress import IPv4Address
from typing import Any

from planning import names
from planning.names import NameRule
from planning.networks import (
    BASTION_SUBNET,
    DELEGATED_WITHOUT_SECURITY_GROUP,
    FIREWALL_SUBNET,
    GATEWAY_SUBNET,
    WITHOUT_SECURITY_GROUP,
)
from policies.model import (
    OPT_IN,
    Graph,
    Problems,
    Resource,
    Rule,
    RuleConfig,
    Verdict,
    fail,
    not_applicable,
    undetermined,
)
from policies.rules import types as t
from policies.rules.forms import (
    all_of,
    must_be,
    must_be_set,
    name_is,
    naming_convention,
    only_with,
    settled,
    stated,
    valid_name,
)
from policies.rules.relations import Subnet, ipv4, is_outside, once_a_graph, peers_of, subnets_in

_network = partial(Rule, types=(t.NETWORK,))
_subnets = partial(Rule, types=(t.NETWORK, t.SUBNET))

_GATEWAY = GATEWAY_SUBNET.lower()
_BASTION = BASTION_SUBNET.lower()
_WITHOUT_GROUP = frozenset(each.lower() for each in WITHOUT_SECURITY_GROUP)
_WITHOUT_GROUP_DELEGATED = frozenset(each.lower() for each in DELEGATED_WITHOUT_SECURITY_GROUP)


class Exceptions(RuleConfig):
    """Names of subnets that are exempt, in addition to reserved ones."""

    except_subnets: tuple[str, ...] = ()


class Dns(RuleConfig):
    """Whether a DNS server outside the network and its peers is allowed, such as one on-premises."""

    outside: bool = False


def every_subnet(item: Callable[[Subnet, Graph, Any], Iterator[Verdict]]) -> Problems:
    """Check every subnet of a resource; one that cannot be judged yet affects no other."""

    def check(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
        if resource.type == t.NETWORK:
            resource.value("subnets", ())
        for subnet in subnets_in(resource, graph):
            yield from settled(item(subnet, graph, config))

    return check


def has_subnets(resource: Resource, graph: Graph, config: Any) -> str | None:
    """Return why a rule on subnets does not apply to a network: its subnets are separate resources."""
    if resource.type == t.NETWORK and not resource.value("subnets", ()):
        return "it has no inline subnets"
    return None


def _has_group(subnet: Subnet, graph: Graph, config: Exceptions) -> Iterator[Verdict]:
    special = subnet.name.lower() in {*_WITHOUT_GROUP, _BASTION} or subnet.name in config.except_subnets
    if special or set(subnet.delegations()) & _WITHOUT_GROUP_DELEGATED:
        return
    if not stated(subnet.resource, subnet.at("networkSecurityGroup")):
        path = subnet.at("networkSecurityGroup")
        yield fail(f"networkSecurityGroup of subnet {subnet.label} is not set, expected one", path)


def _bastion_has_group(subnet: Subnet, graph: Graph, config: Any) -> Iterator[Verdict]:
    path = subnet.at("networkSecurityGroup")
    if subnet.name.lower() == _BASTION and not stated(subnet.resource, path):
        yield fail(
            f"networkSecurityGroup of {subnet.label} is not set, expected one with the rules of Azure Bastion", path
        )


def _gateway_without_group(subnet: Subnet, graph: Graph, config: Any) -> Iterator[Verdict]:
    path = subnet.at("networkSecurityGroup")
    if subnet.name.lower() == _GATEWAY and stated(subnet.resource, path):
        yield fail(f"networkSecurityGroup of {subnet.label} is set, expected none", path)


def _is_private(subnet: Subnet, graph: Graph, config: Exceptions) -> Iterator[Verdict]:
    if subnet.name.lower() in _WITHOUT_GROUP or subnet.name in config.except_subnets:
        return
    path = subnet.at("defaultOutboundAccess")
    if subnet.resource.value(path) is not False:
        yield fail(f"defaultOutboundAccess of subnet {subnet.label} is not false, expected false", path)


def _servers(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    servers = [server for _, server in resource.each("dhcpOptions.dnsServers")]
    if len(servers) == 1:
        yield fail(f"dhcpOptions.dnsServers is {servers[0]}, expected none or at least two", "dhcpOptions.dnsServers")


def _local_dns(resource: Resource, graph: Graph, config: Dns) -> Iterator[Verdict]:
    first = str(resource.value("dhcpOptions.dnsServers.0"))
    networks = (resource, *peers_of(graph, resource))
    ranges = [ipv4(text) for each in networks for _, text in each.each("addressSpace.addressPrefixes")]
    try:
        address = IPv4Address(first)
    except ValueError:
        return
    if not config.outside and not any(space and address in space for space in ranges):
        yield fail(f"the first DNS server {first} is outside the network and its peers", "dhcpOptions.dnsServers")


def _both_ways(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    here = graph.arm_parent(resource)
    others = graph.references(resource, "remoteVirtualNetwork.id", t.NETWORK)
    if not others:
        if is_outside(graph, resource, "remoteVirtualNetwork.id", t.NETWORK):
            yield not_applicable("the remote network is not part of the program")
        else:
            yield undetermined("the remote network is not known yet", "remoteVirtualNetwork.id")
        return
    if here is not None and here not in peers_of(graph, others[0]):
        yield fail(f"{others[0].name} has no peering to {here.name}, expected one in each direction")


@once_a_graph
def _logged(graph: Graph) -> set[str]:
    logs = graph.of(t.FLOW_LOG)
    return {each.urn for log in logs for each in graph.references(log, "targetResourceId")}


def _flow_logs(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    if resource.urn not in _logged(graph):
        yield fail("no flow log has it as targetResourceId, expected one")


def _subnet_names(subnet: Subnet, graph: Graph, config: Any) -> Iterator[Verdict]:
    problem = names.SUBNET.problem(subnet.name)
    if problem:
        yield fail(problem, subnet.at("name"))


def _named(form: NameRule, arm_type: str, property_name: str, number: str, *covers: str) -> Rule:
    return valid_name(
        name_is(form),
        types=(arm_type,),
        id=f"MOOR-NET-{number}",
        title=f"Name of a {form.noun} is invalid",
        severity="low",
        what=f"The name of a {form.noun} has {form.shortest} to {form.longest} characters: {form.words}.",
        remedy=f"change {property_name} to a valid name",
        covers=("1.4#9", *covers),
    )


def _hub(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    apart = [subnet for each in graph.children(resource, t.SUBNET) for subnet in subnets_in(each, graph)]
    found = {subnet.name.lower() for subnet in (*subnets_in(resource, graph), *apart)}
    if _GATEWAY not in found:
        yield not_applicable(f"it is not a hub: it has no {GATEWAY_SUBNET}")
        return
    for name in (FIREWALL_SUBNET, BASTION_SUBNET):
        if name.lower() not in found:
            yield fail(f"it has a gateway and no subnet {name}, expected both")


def _over_service_endpoints(subnet: Subnet, graph: Graph, config: Any) -> Iterator[Verdict]:
    path = subnet.at("serviceEndpoints")
    count = len(subnet.resource.value(path, ()))
    services = [str(subnet.resource.value(f"{path}.{at}.service", "")) for at in range(count)]
    if services:
        yield fail(f"serviceEndpoints of {subnet.label} are {', '.join(services)}, expected none", path)


RULES: tuple[Rule, ...] = (
    _subnets(
        every_subnet(_has_group),
        id="MOOR-NET-001",
        title="Network security group is not associated with the subnet",
        severity="high",
        what="Every subnet has a network security group, except where Azure does not allow one. AzureBastionSubnet has "
        "a rule of its own.",
        why="Without a network security group, every resource in the network can reach every port in the subnet.",
        remedy="set networkSecurityGroup.id, or list the subnet in except_subnets",
        docs="virtual-network/network-security-groups-overview",
        covers=("1.4#1", "AZR-000263", "CKV2_AZURE_31", "APRL-f0bf9ae6", "AZP-e71308d3"),
        frameworks=("MCSB NS-1",),
        config=Exceptions,
        where=(has_subnets,),
    ),
    _subnets(
        every_subnet(_gateway_without_group),
        id="MOOR-NET-002",
        title="Network security group is associated with GatewaySubnet",
        severity="medium",
        pillar="reliability",
        what="GatewaySubnet has no network security group.",
        why="A network security group can stop the gateway, at once or at its next update.",
        remedy="remove networkSecurityGroup from GatewaySubnet",
        docs="vpn-gateway/vpn-gateway-about-vpn-gateway-settings",
        covers=("1.4#2", "AZP-35f9c03a"),
        where=(has_subnets,),
    ),
    _subnets(
        every_subnet(_bastion_has_group),
        id="MOOR-NET-026",
        title="Network security group is not associated with AzureBastionSubnet",
        severity="low",
        what="AzureBastionSubnet has a network security group.",
        why="Azure Bastion works without one. A group limits who reaches its public address, and is refused without the "
        "rules that Bastion needs.",
        remedy="set networkSecurityGroup.id to a group with the rules of Azure Bastion",
        docs="bastion/bastion-nsg",
        where=(has_subnets,),
    ),
    _subnets(
        every_subnet(_is_private),
        id="MOOR-NET-003",
        title="Default outbound access is enabled",
        severity="medium",
        what="Subnets have no default outbound access.",
        why="The outbound address belongs to Microsoft, changes without notice, and bypasses every firewall.",
        remedy="set defaultOutboundAccess: false, and add a NAT gateway or a route where outbound access is required",
        docs="virtual-network/ip-services/default-outbound-access",
        covers=("1.4#3", "PSR-VNET.PrivateSubnet", "AZP-7bca8353"),
        config=Exceptions,
        where=(has_subnets,),
    ),
    _network(
        _servers,
        id="MOOR-NET-004",
        title="Single DNS server is configured",
        severity="medium",
        pillar="reliability",
        what="A virtual network has no custom DNS servers, or at least two.",
        why="With one server, its restart interrupts name resolution in the whole network.",
        remedy="add a second address to dhcpOptions.dnsServers, or remove the list",
        docs="virtual-network/virtual-networks-name-resolution-for-vms-and-role-instances",
        covers=("1.4#4", "AZR-000264", "CKV_AZURE_182"),
        where=(only_with("dhcpOptions.dnsServers", "it uses the DNS of Azure"),),
    ),
    _network(
        _local_dns,
        id="MOOR-NET-005",
        title="First DNS server is outside the network and its peers",
        severity="low",
        pillar="reliability",
        what="The first DNS server is in the virtual network or in a peered network.",
        why="Otherwise every query depends on the connection to another location.",
        remedy="put a server of the network first in dhcpOptions.dnsServers, or configure outside: true",
        docs="architecture/networking/architecture/private-link-virtual-wan-dns-guide",
        covers=("1.4#5", "AZR-000265", "CKV_AZURE_183"),
        config=Dns,
        where=(only_with("dhcpOptions.dnsServers", "it uses the DNS of Azure"),),
    ),
    Rule(
        _both_ways,
        types=(t.PEERING,),
        pillar="reliability",
        id="MOOR-NET-006",
        title="Peering is configured in one direction only",
        severity="high",
        what="Virtual network peering is configured in both directions.",
        why="A peering in one direction stays in state Initiated and carries no traffic.",
        remedy="add a virtualNetworkPeerings resource to the remote network",
        docs="virtual-network/virtual-network-peering-overview",
        covers=("1.4#6", "D26", "AZR-000266"),
    ),
    _network(
        _flow_logs,
        id="MOOR-NET-007",
        title="Virtual network flow logs are not enabled",
        severity="low",
        pillar="operations",
        what="A virtual network has a flow log.",
        why="Flow logs show afterwards which addresses communicated. Opt-in, because a central team often configures "
        "them.",
        remedy="add a networkWatchers/flowLogs resource with the network as targetResourceId",
        docs="network-watcher/vnet-flow-logs-overview",
        covers=("1.4#7", "AZP-4c3c6c5f", "APRL-06b77be9", "TRV-AZU-0073", "TRV-AZU-0049"),
        frameworks=("MCSB LT-4",),
        profiles=OPT_IN,
    ),
    _network(
        all_of(must_be("enableDdosProtection", True, default=False), must_be_set("ddosProtectionPlan.id")),
        id="MOOR-NET-008",
        title="DDoS Network Protection is not enabled",
        severity="low",
        what="A virtual network has a DDoS protection plan.",
        why="The rule is for networks with public addresses. Opt-in, because of its price.",
        remedy="set enableDdosProtection: true and ddosProtectionPlan.id",
        docs="ddos-protection/ddos-protection-overview",
        covers=("1.4#8", "AZP-94de2ad3", "RC-AKS-06.07.08", "APRL-69ea1185"),
        frameworks=("MCSB NS-5",),
        profiles=OPT_IN,
    ),
    _named(names.VIRTUAL_NETWORK, t.NETWORK, "virtualNetworkName", "009", "PSR-VNET.Name"),
    _named(names.NETWORK_SECURITY_GROUP, t.SECURITY_GROUP, "networkSecurityGroupName", "109", "PSR-NSG.Name"),
    _named(names.PRIVATE_ENDPOINT, t.PRIVATE_ENDPOINT, "privateEndpointName", "209", "PSR-PrivateEndpoint.Name"),
    valid_name(
        every_subnet(_subnet_names),
        types=(t.NETWORK, t.SUBNET),
        id="MOOR-NET-309",
        title="Name of a subnet is invalid",
        severity="low",
        what="Names of subnets have 1 to 80 letters, digits, periods, underscores and hyphens.",
        remedy="change name of the subnet to a valid one",
        covers=("1.4#9", "AZR-000267"),
        where=(has_subnets,),
    ),
    naming_convention(
        types=(t.NETWORK, t.SUBNET, t.SECURITY_GROUP),
        id="MOOR-NET-409",
        title="Name of a network resource does not follow the naming convention",
        what="Names of networks, subnets and network security groups follow the configured naming convention.",
        why="The convention identifies the owner.",
        remedy="change the name before the resource is created, or change pattern",
        covers=("1.4#9", "PSR-VNET.Naming", "PSR-VNET.SubnetNaming", "PSR-NSG.Naming"),
    ),
    _network(
        _hub,
        id="MOOR-NET-010",
        title="Hub network has no firewall or bastion",
        severity="low",
        what="A virtual network with a gateway has a firewall and a bastion.",
        why="Otherwise traffic from the gateway reaches every spoke unfiltered. Opt-in.",
        remedy="add the subnets AzureFirewallSubnet and AzureBastionSubnet with their resources",
        docs="architecture/networking/architecture/hub-spoke",
        covers=("1.4#10", "PSR-VNET.FirewallSubnet", "PSR-VNET.FirewallSubnetNAT", "AZR-000314"),
        profiles=OPT_IN,
    ),
    _subnets(
        every_subnet(_over_service_endpoints),
        id="MOOR-NET-020",
        title="Service endpoint is enabled on the subnet",
        severity="low",
        what="Subnets connect to services by private endpoints.",
        why="A service endpoint allows traffic to every account of that service. Opt-in.",
        remedy="create private endpoints and remove serviceEndpoints",
        docs="private-link/private-endpoint-overview",
        covers=("1.4#20", "APRL-24ae3773"),
        profiles=OPT_IN,
        where=(has_subnets,),
    ),
)
