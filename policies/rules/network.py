"""Rules on virtual networks, subnets, private endpoints and zones alone; what they share with others is in `domain_*`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from ipaddress import IPv4Address
from typing import Any

from planning import names
from planning.names import NameRule
from policies.model import Graph, Resource, Rule, RuleConfig, Undetermined, Verdict, fail, not_applicable, undetermined
from policies.rules import types as t
from policies.rules.forms import (
    OPT_IN,
    Pattern,
    Problems,
    all_of,
    configured,
    declare,
    follows_convention,
    must_be,
    must_be_set,
    name_is,
    only_with,
    stated,
)
from policies.rules.relations import (
    Subnet,
    ipv4,
    is_outside,
    once_a_graph,
    subnets_in,
)

_network = partial(declare, types=(t.NETWORK,))
_subnets = partial(declare, types=(t.NETWORK, t.SUBNET))

GATEWAY = "gatewaysubnet"
WITHOUT_GROUP = frozenset({GATEWAY, "azurefirewallsubnet", "azurefirewallmanagementsubnet", "routeserversubnet"})
"""Subnets that must have no security group, or where Azure ignores it [POL-SUBNETS]."""
_WITHOUT_GROUP_DELEGATED = frozenset({"microsoft.netapp/volumes", "microsoft.hardwaresecuritymodules/dedicatedhsms"})


class Exceptions(RuleConfig):
    """Names of subnets that are left out, beside those that Azure names."""

    except_subnets: tuple[str, ...] = ()


class Dns(RuleConfig):
    """Whether a DNS server outside the network and its peers is in order, as one on premises is."""

    outside: bool = False


def every_subnet(item: Callable[[Subnet, Graph, Any], Iterator[Verdict]]) -> Problems:
    """Judge every subnet that a resource states; one that cannot be judged yet hides no other."""

    def check(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
        if resource.type == t.NETWORK:
            resource.value("subnets", ())
        for subnet in subnets_in(resource, graph):
            try:
                yield from item(subnet, graph, config)
            except Undetermined as unknown:
                yield undetermined(str(unknown), unknown.path)

    return check


def has_subnets(resource: Resource, graph: Graph, config: Any) -> str | None:
    """Say why a rule on subnets has nothing to say of a network whose subnets are resources of their own."""
    if resource.type == t.NETWORK and not resource.value("subnets", ()):
        return "it states no subnets inline"
    return None


def _has_group(subnet: Subnet, graph: Graph, config: Exceptions) -> Iterator[Verdict]:
    special = subnet.name.lower() in WITHOUT_GROUP or subnet.name in config.except_subnets
    if special or set(subnet.delegations()) & _WITHOUT_GROUP_DELEGATED:
        return
    if not stated(subnet.resource, subnet.at("networkSecurityGroup")):
        path = subnet.at("networkSecurityGroup")
        yield fail(f"subnet {subnet.label} has no network security group, allowed is one", path)


def _gateway_without_group(subnet: Subnet, graph: Graph, config: Any) -> Iterator[Verdict]:
    path = subnet.at("networkSecurityGroup")
    if subnet.name.lower() == GATEWAY and stated(subnet.resource, path):
        yield fail(f"{subnet.label} has a network security group, allowed is none", path)


def _is_private(subnet: Subnet, graph: Graph, config: Exceptions) -> Iterator[Verdict]:
    if subnet.name.lower() in WITHOUT_GROUP or subnet.name in config.except_subnets:
        return
    path = subnet.at("defaultOutboundAccess")
    if subnet.resource.value(path) is not False:
        yield fail(f"{path} of {subnet.label} is not false, allowed is false", path)


def _servers(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    servers = [server for _, server in resource.each("dhcpOptions.dnsServers")]
    if len(servers) == 1:
        yield fail(f"dhcpOptions.dnsServers is {servers[0]}, allowed are none or two", "dhcpOptions.dnsServers")


def _spaces(resource: Resource) -> list[Any]:
    return [ipv4(text) for _, text in resource.each("addressSpace.addressPrefixes")]


def _local_dns(resource: Resource, graph: Graph, config: Dns) -> Iterator[Verdict]:
    first = str(resource.value("dhcpOptions.dnsServers.0"))
    peers = [
        network
        for peering in graph.children(resource, t.PEERING)
        for network in graph.references(peering, "remoteVirtualNetwork.id", t.NETWORK)
    ]
    ranges = [space for network in (resource, *peers) for space in _spaces(network) if space]
    try:
        address = IPv4Address(first)
    except ValueError:
        return
    if not config.outside and not any(address in space for space in ranges):
        yield fail(f"the first DNS server {first} is outside the network and its peers", "dhcpOptions.dnsServers")


def _both_ways(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    here = graph.arm_parent(resource)
    others = graph.references(resource, "remoteVirtualNetwork.id", t.NETWORK)
    if not others:
        if is_outside(graph, resource, "remoteVirtualNetwork.id", t.NETWORK):
            yield not_applicable("the other network is made elsewhere")
        else:
            yield undetermined("which network it leads to is not known yet", "remoteVirtualNetwork.id")
        return
    back = [
        network
        for peering in graph.children(others[0], t.PEERING)
        for network in graph.references(peering, "remoteVirtualNetwork.id", t.NETWORK)
    ]
    if here is not None and here not in back:
        yield fail(f"{others[0].name} has no peering back to {here.name}")


@once_a_graph
def _logged(graph: Graph) -> set[str]:
    logs = graph.of(t.FLOW_LOG)
    return {each.urn for log in logs for each in graph.references(log, "targetResourceId")}


def _flow_logs(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    if resource.urn not in _logged(graph):
        yield fail("no flow log has it as its target, allowed is one")


def _subnet_names(subnet: Subnet, graph: Graph, config: Any) -> Iterator[Verdict]:
    problem = names.SUBNET.problem(subnet.name)
    if problem:
        yield fail(problem, subnet.at("name"))


def _named(form: NameRule, arm_type: str, number: str, *covers: str) -> Rule:
    return declare(
        name_is(form),
        types=(arm_type,),
        pillar="operations",
        id=f"MOOR-NET-{number}",
        title=f"Name of a {form.noun} is none that Azure takes",
        severity="low",
        what=f"Names of a {form.noun} have {form.shortest} to {form.longest} characters: {form.words}.",
        why="The service refuses others, late and after other resources exist.",
        remedy="take another name",
        docs="azure-resource-manager/management/resource-name-rules",
        covers=("1.4#9", *covers),
    )


_HUB = {"azurefirewallsubnet": "AzureFirewallSubnet", "azurebastionsubnet": "AzureBastionSubnet"}


def _hub(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    apart = [subnet for each in graph.children(resource, t.SUBNET) for subnet in subnets_in(each, graph)]
    found = {subnet.name.lower() for subnet in (*subnets_in(resource, graph), *apart)}
    if GATEWAY not in found:
        yield not_applicable("it is no hub: it has no GatewaySubnet")
        return
    for name, shown in _HUB.items():
        if name not in found:
            yield fail(f"a hub with a gateway has no {shown}")


def _over_service_endpoints(subnet: Subnet, graph: Graph, config: Any) -> Iterator[Verdict]:
    path = subnet.at("serviceEndpoints")
    count = len(subnet.resource.value(path, ()))
    services = [str(subnet.resource.value(f"{path}.{at}.service", "")) for at in range(count)]
    if services:
        yield fail(f"{subnet.label} has service endpoints for {', '.join(services)}, allowed are none", path)


RULES: tuple[Rule, ...] = (
    _subnets(
        every_subnet(_has_group),
        id="MOOR-NET-001",
        title="Subnet has no security group",
        severity="high",
        what="Every subnet has a network security group, but those where Azure forbids it.",
        why="Whatever is in the network reaches whatever listens in the subnet.",
        remedy="state networkSecurityGroup.id, or name the subnet in except_subnets",
        docs="virtual-network/network-security-groups-overview",
        covers=("1.4#1", "AZR-000263", "CKV2_AZURE_31", "APRL-f0bf9ae6", "AZP-e71308d3"),
        frameworks=("MCSB NS-1",),
        config=Exceptions,
        where=(has_subnets,),
    ),
    _subnets(
        every_subnet(_gateway_without_group),
        id="MOOR-NET-002",
        title="Gateway's subnet has a security group",
        severity="medium",
        pillar="reliability",
        what="GatewaySubnet has no network security group.",
        why="A group there makes the gateway stop working, now or at its next update.",
        remedy="remove networkSecurityGroup",
        docs="vpn-gateway/vpn-gateway-about-vpn-gateway-settings",
        covers=("1.4#2", "AZP-35f9c03a"),
        where=(has_subnets,),
    ),
    _subnets(
        every_subnet(_is_private),
        id="MOOR-NET-003",
        title="Subnet has a hidden way out",
        severity="medium",
        what="Subnets have no default outbound access.",
        why="It is an address of Microsoft's that changes without notice and that no firewall sees.",
        remedy="set defaultOutboundAccess: false, and give the subnet a NAT gateway or a route where it must get out",
        docs="virtual-network/ip-services/default-outbound-access",
        covers=("1.4#3", "PSR-VNET.PrivateSubnet", "AZP-7bca8353"),
        config=Exceptions,
        where=(has_subnets,),
    ),
    _network(
        _servers,
        id="MOOR-NET-004",
        title="Network has one DNS server",
        severity="medium",
        pillar="reliability",
        what="A network has no DNS servers of its own, or two at least.",
        why="With one, its restart is an outage of everything.",
        remedy="state a second server, or none",
        docs="virtual-network/virtual-networks-name-resolution-for-vms-and-role-instances",
        covers=("1.4#4", "AZR-000264", "CKV_AZURE_182"),
        where=(only_with("dhcpOptions.dnsServers", "it has Azure's DNS"),),
    ),
    _network(
        _local_dns,
        id="MOOR-NET-005",
        title="First DNS server is far away",
        severity="low",
        pillar="reliability",
        what="The first DNS server is in the network or in a peer.",
        why="Each name otherwise waits for a line to somewhere else, and fails with it.",
        remedy="put a near server first, or configure outside: true",
        docs="architecture/networking/architecture/private-link-virtual-wan-dns-guide",
        covers=("1.4#5", "AZR-000265", "CKV_AZURE_183"),
        config=Dns,
        where=(only_with("dhcpOptions.dnsServers", "it has Azure's DNS"),),
    ),
    declare(
        _both_ways,
        types=(t.PEERING,),
        pillar="reliability",
        id="MOOR-NET-006",
        title="Peering goes one way",
        severity="high",
        what="A peering is declared from both sides.",
        why="One side alone stays Initiated, and nothing passes.",
        remedy="add the virtualNetworkPeerings of the other network",
        docs="virtual-network/virtual-network-peering-overview",
        covers=("1.4#6", "D26", "AZR-000266"),
    ),
    _network(
        _flow_logs,
        id="MOOR-NET-007",
        title="Nobody logs the network's flows",
        severity="low",
        pillar="operations",
        what="A network has a flow log.",
        why="It tells afterwards who spoke with whom. Off unless named: flow logs mostly lie with a central team.",
        remedy="add networkWatchers/flowLogs with the network as its target",
        docs="network-watcher/vnet-flow-logs-overview",
        covers=("1.4#7", "AZP-4c3c6c5f", "APRL-06b77be9", "TRV-AZU-0073", "TRV-AZU-0049"),
        frameworks=("MCSB LT-4",),
        profiles=OPT_IN,
    ),
    _network(
        all_of(must_be("enableDdosProtection", True, default=False), must_be_set("ddosProtectionPlan.id")),
        id="MOOR-NET-008",
        title="Network has no DDoS plan",
        severity="low",
        what="A network is in a DDoS protection plan.",
        why="For networks with public addresses. Off unless named: it costs as much as a small team.",
        remedy="set enableDdosProtection: true and ddosProtectionPlan",
        docs="ddos-protection/ddos-protection-overview",
        covers=("1.4#8", "AZP-94de2ad3", "RC-AKS-06.07.08", "APRL-69ea1185"),
        frameworks=("MCSB NS-5",),
        profiles=OPT_IN,
    ),
    _named(names.VIRTUAL_NETWORK, t.NETWORK, "009", "PSR-VNET.Name"),
    _named(names.NETWORK_SECURITY_GROUP, t.SECURITY_GROUP, "109", "PSR-NSG.Name"),
    _named(names.PRIVATE_ENDPOINT, t.PRIVATE_ENDPOINT, "209", "PSR-PrivateEndpoint.Name"),
    _subnets(
        every_subnet(_subnet_names),
        pillar="operations",
        id="MOOR-NET-309",
        title="Name of a subnet is none that Azure takes",
        severity="low",
        what="Names of subnets have 1 to 80 letters, digits, '.', '_' and '-'.",
        why="The service refuses others, late and after other resources exist.",
        remedy="take another name",
        docs="azure-resource-manager/management/resource-name-rules",
        covers=("1.4#9", "AZR-000267"),
        where=(has_subnets,),
    ),
    declare(
        follows_convention,
        types=(t.NETWORK, t.SUBNET, t.SECURITY_GROUP),
        pillar="operations",
        id="MOOR-NET-409",
        title="Name breaks the convention",
        severity="low",
        what="Names follow the convention, where one is configured.",
        why="The convention tells whose it is.",
        remedy="rename it before it is made, or change pattern",
        docs="cloud-adoption-framework/ready/azure-best-practices/resource-naming",
        covers=("1.4#9", "PSR-VNET.Naming", "PSR-VNET.SubnetNaming", "PSR-NSG.Naming"),
        config=Pattern,
        where=(configured("pattern"),),
    ),
    _network(
        _hub,
        id="MOOR-NET-010",
        title="Hub lacks a firewall or bastion",
        severity="low",
        what="A network with a gateway has a firewall and a bastion.",
        why="What comes through the gateway otherwise reaches every spoke. Off unless named.",
        remedy="add AzureFirewallSubnet and AzureBastionSubnet, and what lives there",
        docs="architecture/networking/architecture/hub-spoke",
        covers=("1.4#10", "PSR-VNET.FirewallSubnet", "PSR-VNET.FirewallSubnetNAT", "AZR-000314"),
        profiles=OPT_IN,
    ),
    _subnets(
        every_subnet(_over_service_endpoints),
        id="MOOR-NET-020",
        title="Subnet has service endpoints",
        severity="low",
        what="Subnets reach services by private endpoints.",
        why="A service endpoint opens the way to everybody's account of that service. Off unless named.",
        remedy="make private endpoints and remove serviceEndpoints",
        docs="private-link/private-endpoint-overview",
        covers=("1.4#20", "APRL-24ae3773"),
        profiles=OPT_IN,
        where=(has_subnets,),
    ),
)
