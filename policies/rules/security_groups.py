"""Rules on network security groups, whether their security rules are inline or separate resources."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from ipaddress import ip_network
from typing import Any

from policies.model import EVERYWHERE, OPT_IN, Graph, Problems, Resource, Rule, Verdict, fail
from policies.rules import types as t
from policies.rules.forms import same, settled

_group = partial(Rule, types=(t.SECURITY_GROUP, t.SECURITY_RULE))

_ANY_SOURCE = {"*", "internet", "any"}
_EXPOSED = {22: "SSH", 3389: "RDP", 80: "HTTP", 5985: "WinRM"}
_LATERAL = (22, 3389, 5985)


def _rule_paths(resource: Resource) -> list[str]:
    if resource.type == t.SECURITY_RULE:
        return [""]
    return [f"securityRules.{at}" for at in range(len(resource.value("securityRules", ())))]


class _Rule:
    """One security rule, inline or a separate resource."""

    def __init__(self, resource: Resource, path: str) -> None:
        self.resource, self.path = resource, path

    def at(self, member: str) -> str:
        return f"{self.path}.{member}" if self.path else member

    def text(self, member: str) -> str:
        return str(self.resource.value(self.at(member), ""))

    @property
    def name(self) -> str:
        return self.text("name") or self.text("securityRuleName") or self.resource.name

    def several(self, one: str, many: str) -> list[str]:
        single = self.resource.value(self.at(one))
        return [str(each) for each in ([single] if single else self.resource.value(self.at(many), ()))]

    def admits(self, direction: str) -> bool:
        return same(self.text("direction"), direction) and same(self.text("access"), "Allow")

    def from_any_source(self) -> bool:
        return any(_is_any_source(each) for each in self.several("sourceAddressPrefix", "sourceAddressPrefixes"))

    def to_any_destination(self) -> bool:
        return any(
            _is_any_source(each) for each in self.several("destinationAddressPrefix", "destinationAddressPrefixes")
        )

    def reaches(self, port: int) -> bool:
        return any(
            _holds(each, port) for each in self.several("destinationPortRange", "destinationPortRanges") or ("*",)
        )

    def on_all_ports(self) -> bool:
        return self.reaches(0) and self.reaches(65535)

    def is_protocol(self, *protocols: str) -> bool:
        return any(same(self.text("protocol"), each) for each in (*protocols, "*"))


def _is_any_source(prefix: str) -> bool:
    if prefix.lower() in _ANY_SOURCE:
        return True
    try:
        network = ip_network(prefix, strict=False)
    except ValueError:
        return False
    return network.prefixlen == 0


def _holds(ports: str, port: int) -> bool:
    low, _, high = ports.partition("-")
    return ports == "*" or (low.isdigit() and int(low) <= port <= int(high if high.isdigit() else low))


def _every(item: Callable[[_Rule], str | None], member: str) -> Problems:
    """Check every security rule; one that cannot be judged yet affects no other."""

    def check(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
        for path in _rule_paths(resource):
            yield from settled(problems(_Rule(resource, path)))

    def problems(rule: _Rule) -> Iterator[Verdict]:
        problem = item(rule)
        if problem:
            yield fail(f"rule {rule.name} {problem}", rule.at(member))

    return check


def _open(rule: _Rule) -> str | None:
    if rule.admits("Inbound") and rule.from_any_source() and rule.on_all_ports():
        return "allows any source on all ports, expected specific sources or ports"
    return None


def _any_source(rule: _Rule) -> str | None:
    if not rule.admits("Inbound") or not rule.from_any_source():
        return None
    return "allows any source, expected specific sources or a service tag"


def _exposed(rule: _Rule) -> str | None:
    if not (rule.admits("Inbound") and rule.from_any_source() and rule.is_protocol("Tcp")):
        return None
    found = [f"{port} ({name})" for port, name in _EXPOSED.items() if rule.reaches(port)]
    return f"allows any source on {', '.join(found)}, expected specific sources" if found else None


def _udp(rule: _Rule) -> str | None:
    if rule.admits("Inbound") and rule.from_any_source() and same(rule.text("protocol"), "Udp"):
        return "allows UDP from any source, expected specific sources"
    return None


def _egress(rule: _Rule) -> str | None:
    if rule.admits("Outbound") and rule.to_any_destination() and rule.on_all_ports():
        return "allows any destination on all ports, expected specific destinations"
    return None


def _deny_all(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    rules = [_Rule(resource, path) for path in _rule_paths(resource)]
    inbound = [each for each in rules if same(each.text("direction"), "Inbound")]
    probed = any(
        same(each.text("access"), "Allow")
        and "azureloadbalancer" in [s.lower() for s in each.several("sourceAddressPrefix", "sourceAddressPrefixes")]
        for each in inbound
    )
    for each in inbound:
        denies = same(each.text("access"), "Deny") and each.from_any_source() and each.on_all_ports()
        if denies and each.is_protocol() and not probed:
            yield fail(
                f"rule {each.name} denies all inbound traffic, expected an Allow rule for AzureLoadBalancer before it"
            )


def _lateral(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    rules = [_Rule(resource, path) for path in _rule_paths(resource)]
    denying = [each for each in rules if same(each.text("direction"), "Outbound") and same(each.text("access"), "Deny")]
    for port in _LATERAL:
        if not any(each.reaches(port) for each in denying):
            yield fail(f"no rule denies outbound port {port} ({_EXPOSED[port]}), expected one", "securityRules")


def _used(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    if not graph.referrers(resource, t.NETWORK, t.SUBNET, "Microsoft.Network/networkInterfaces"):
        yield fail("it is associated with no subnet, expected at least one")


_SECURE = "virtual-network/network-security-groups-overview"

RULES: tuple[Rule, ...] = (
    _group(
        _every(_open, "sourceAddressPrefix"),
        id="MOOR-NET-011",
        title="Inbound traffic from any source to any port is allowed",
        severity="critical",
        what="No network security group allows traffic from any source to all ports.",
        why="Such a rule disables the network security group.",
        remedy="restrict sourceAddressPrefix and destinationPortRange",
        docs=_SECURE,
        covers=("1.4#11", "AZR-000137", "TRV-AZU-0047"),
        frameworks=("MCSB NS-1",),
        profiles=EVERYWHERE,
    ),
    _group(
        _every(_any_source, "sourceAddressPrefix"),
        id="MOOR-NET-111",
        title="Inbound traffic from any source is allowed",
        severity="medium",
        what="Inbound rules restrict their sources.",
        why="Public services have a gateway or Azure Front Door in front, whose service tag is the source.",
        remedy="set sourceAddressPrefix to the sources, or exempt the rule of a public entry point",
        docs=_SECURE,
        covers=("1.4#11", "AZR-000137"),
        frameworks=("MCSB NS-1",),
    ),
    _group(
        _every(_exposed, "sourceAddressPrefix"),
        id="MOOR-NET-012",
        title="SSH, RDP, WinRM or HTTP is open to the internet",
        severity="critical",
        what="SSH, RDP, WinRM and HTTP ports cannot be reached from the internet.",
        why="Attackers scan these ports within minutes.",
        remedy="restrict sourceAddressPrefix, or use Azure Bastion",
        docs=_SECURE,
        covers=("1.4#12", "CKV_AZURE_9", "CKV_AZURE_10", "CKV_AZURE_160", "TRV-AZU-0048", "TRV-AZU-0050"),
        frameworks=("MCSB NS-1",),
        profiles=EVERYWHERE,
    ),
    _group(
        _every(_udp, "sourceAddressPrefix"),
        id="MOOR-NET-013",
        title="UDP is open to the internet",
        severity="high",
        what="UDP ports cannot be reached from the internet.",
        why="UDP services are used for amplification attacks.",
        remedy="restrict sourceAddressPrefix",
        docs=_SECURE,
        covers=("1.4#13", "CKV_AZURE_77"),
        frameworks=("MCSB NS-1",),
        profiles=EVERYWHERE,
    ),
    _group(
        _every(_egress, "destinationAddressPrefix"),
        id="MOOR-NET-014",
        title="Outbound traffic to any destination is allowed",
        severity="low",
        what="Outbound rules restrict their destinations.",
        why="Opt-in, because the rule conflicts with the outbound requirements of AKS where no firewall filters them.",
        remedy="restrict destinationAddressPrefix",
        docs=_SECURE,
        covers=("1.4#14", "TRV-AZU-0051"),
        profiles=OPT_IN,
    ),
    Rule(
        _deny_all,
        types=(t.SECURITY_GROUP,),
        pillar="reliability",
        id="MOOR-NET-015",
        title="Load balancer health probes are denied",
        severity="medium",
        what="A network security group that denies all inbound traffic allows health probes of load balancers.",
        why="Without probes, a load balancer treats every backend as unhealthy.",
        remedy="add an Allow rule with sourceAddressPrefix: AzureLoadBalancer and a lower priority number",
        docs=_SECURE,
        covers=("1.4#15", "AZR-000138"),
    ),
    Rule(
        _lateral,
        types=(t.SECURITY_GROUP,),
        id="MOOR-NET-016",
        title="Outbound SSH, RDP and WinRM are not denied",
        severity="low",
        what="Outbound SSH, RDP and WinRM are denied.",
        why="It limits lateral movement. Opt-in, because subnets of platform services do not need it.",
        remedy="add outbound Deny rules for the ports 22, 3389 and 5985 to securityRules",
        docs=_SECURE,
        covers=("1.4#16", "AZR-000139"),
        profiles=OPT_IN,
    ),
    Rule(
        _used,
        types=(t.SECURITY_GROUP,),
        pillar="operations",
        id="MOOR-NET-017",
        title="Network security group is not associated",
        severity="low",
        what="Every network security group is associated with a subnet or a network interface.",
        why="An unused network security group is mistaken for protection.",
        remedy="set networkSecurityGroup of a subnet to it, or remove it",
        docs=_SECURE,
        covers=("1.4#17", "AZR-000140", "APRL-8291c1fa"),
    ),
)
