"""Rules on network security groups, whether a rule stands in its group or is a resource of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from ipaddress import ip_network
from typing import Any

from policies.model import Graph, Resource, Rule, Undetermined, Verdict, fail, undetermined
from policies.rules import types as t
from policies.rules.forms import EVERYWHERE, OPT_IN, Problems, declare, same

_group = partial(declare, types=(t.SECURITY_GROUP, t.SECURITY_RULE))

_ANYBODY = {"*", "internet", "any"}
_EXPOSED = {22: "SSH", 3389: "RDP", 80: "HTTP", 5985: "WinRM"}
_LATERAL = (22, 3389, 5985)


def _rule_paths(resource: Resource) -> list[str]:
    if resource.type == t.SECURITY_RULE:
        return [""]
    return [f"securityRules.{at}" for at in range(len(resource.value("securityRules", ())))]


class _Rule:
    """One security rule: its values, wherever it stands."""

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

    def from_anybody(self) -> bool:
        return any(_is_anybody(each) for each in self.several("sourceAddressPrefix", "sourceAddressPrefixes"))

    def to_anybody(self) -> bool:
        return any(_is_anybody(each) for each in self.several("destinationAddressPrefix", "destinationAddressPrefixes"))

    def reaches(self, port: int) -> bool:
        return any(
            _holds(each, port) for each in self.several("destinationPortRange", "destinationPortRanges") or ("*",)
        )

    def is_protocol(self, *protocols: str) -> bool:
        return any(same(self.text("protocol"), each) for each in (*protocols, "*"))


def _is_anybody(prefix: str) -> bool:
    if prefix.lower() in _ANYBODY:
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
    """Judge every security rule by what is wrong with it; one that cannot be judged yet hides no other."""

    def check(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
        for path in _rule_paths(resource):
            one = _Rule(resource, path)
            try:
                problem = item(one)
                if problem:
                    yield fail(f"rule {one.name} {problem}", one.at(member))
            except Undetermined as unknown:
                yield undetermined(str(unknown), unknown.path)

    return check


def _open(rule: _Rule) -> str | None:
    if rule.admits("Inbound") and rule.from_anybody() and rule.reaches(0) and rule.reaches(65535):
        return "admits anybody on every port, allowed are named sources or ports"
    return None


def _any_source(rule: _Rule) -> str | None:
    if not rule.admits("Inbound") or not rule.from_anybody():
        return None
    return "admits the source *, allowed are named sources, or a service tag"


def _exposed(rule: _Rule) -> str | None:
    if not (rule.admits("Inbound") and rule.from_anybody() and rule.is_protocol("Tcp")):
        return None
    found = [f"{port} ({name})" for port, name in _EXPOSED.items() if rule.reaches(port)]
    return f"admits anybody on {', '.join(found)}, allowed are named sources" if found else None


def _udp(rule: _Rule) -> str | None:
    if rule.admits("Inbound") and rule.from_anybody() and same(rule.text("protocol"), "Udp"):
        return "admits anybody by UDP, allowed are named sources"
    return None


def _egress(rule: _Rule) -> str | None:
    if rule.admits("Outbound") and rule.to_anybody() and rule.reaches(0) and rule.reaches(65535):
        return "lets everything out, allowed are named destinations"
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
        denies = same(each.text("access"), "Deny") and each.from_anybody() and each.reaches(0) and each.reaches(65535)
        if denies and each.is_protocol() and not probed:
            yield fail(
                f"rule {each.name} denies all, load balancers' probes too, allowed with a rule for AzureLoadBalancer"
            )


def _lateral(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    rules = [_Rule(resource, path) for path in _rule_paths(resource)]
    denying = [each for each in rules if same(each.text("direction"), "Outbound") and same(each.text("access"), "Deny")]
    for port in _LATERAL:
        if not any(each.reaches(port) for each in denying):
            yield fail(f"no rule denies outbound {port} ({_EXPOSED[port]})", "securityRules")


def _used(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    if not graph.referrers(resource, t.NETWORK, t.SUBNET, "Microsoft.Network/networkInterfaces"):
        yield fail("no subnet has it, allowed is at least one")


_SECURE = "virtual-network/network-security-groups-overview"

RULES: tuple[Rule, ...] = (
    _group(
        _every(_open, "sourceAddressPrefix"),
        id="MOOR-NET-011",
        title="Security group admits anybody on every port",
        severity="critical",
        what="No security group admits anybody on every port.",
        why="It is no group at all then.",
        remedy="name sources and ports",
        docs=_SECURE,
        covers=("1.4#11", "AZR-000137", "TRV-AZU-0047"),
        frameworks=("MCSB NS-1",),
        profiles=EVERYWHERE,
    ),
    _group(
        _every(_any_source, "sourceAddressPrefix"),
        id="MOOR-NET-111",
        title="Security group admits any source",
        severity="medium",
        what="Inbound rules name their sources.",
        why="Public services have a gateway or Front Door in front; then its service tag is the source.",
        remedy="name the sources, or exempt the rule of a public entry",
        docs=_SECURE,
        covers=("1.4#11", "AZR-000137"),
        frameworks=("MCSB NS-1",),
    ),
    _group(
        _every(_exposed, "sourceAddressPrefix"),
        id="MOOR-NET-012",
        title="Security group admits anybody to SSH, RDP or HTTP",
        severity="critical",
        what="Nobody reaches SSH, RDP, WinRM or HTTP from the internet.",
        why="These ports are tried within minutes.",
        remedy="name the sources, or use a bastion",
        docs=_SECURE,
        covers=("1.4#12", "CKV_AZURE_9", "CKV_AZURE_10", "CKV_AZURE_160", "TRV-AZU-0048", "TRV-AZU-0050"),
        frameworks=("MCSB NS-1",),
        profiles=EVERYWHERE,
    ),
    _group(
        _every(_udp, "sourceAddressPrefix"),
        id="MOOR-NET-013",
        title="Security group admits anybody by UDP",
        severity="high",
        what="Nobody reaches UDP ports from the internet.",
        why="UDP services are used to amplify attacks on others.",
        remedy="name the sources",
        docs=_SECURE,
        covers=("1.4#13", "CKV_AZURE_77"),
        frameworks=("MCSB NS-1",),
        profiles=EVERYWHERE,
    ),
    _group(
        _every(_egress, "destinationAddressPrefix"),
        id="MOOR-NET-014",
        title="Security group lets everything out",
        severity="low",
        what="Outbound rules name their destinations.",
        why="Off unless named: it clashes with what AKS needs where no firewall lists it.",
        remedy="name the destinations",
        docs=_SECURE,
        covers=("1.4#14", "TRV-AZU-0051"),
        profiles=OPT_IN,
    ),
    declare(
        _deny_all,
        types=(t.SECURITY_GROUP,),
        pillar="reliability",
        id="MOOR-NET-015",
        title="Security group keeps load balancers' probes out",
        severity="medium",
        what="A group that denies all inbound traffic admits the load balancers' probes.",
        why="Without probes a load balancer takes every member for dead.",
        remedy="add a rule that admits the tag AzureLoadBalancer, before the one that denies",
        docs=_SECURE,
        covers=("1.4#15", "AZR-000138"),
    ),
    declare(
        _lateral,
        types=(t.SECURITY_GROUP,),
        id="MOOR-NET-016",
        title="Machines may open shells on one another",
        severity="low",
        what="Outbound SSH, RDP and WinRM are denied.",
        why="It slows somebody down who is in already. Off unless named: subnets of platform services need no such rule.",
        remedy="add outbound rules that deny 22, 3389 and 5985",
        docs=_SECURE,
        covers=("1.4#16", "AZR-000139"),
        profiles=OPT_IN,
    ),
    declare(
        _used,
        types=(t.SECURITY_GROUP,),
        pillar="operations",
        id="MOOR-NET-017",
        title="Security group guards nothing",
        severity="low",
        what="Every security group is on a subnet.",
        why="Somebody believes that it protects something.",
        remedy="state it on a subnet, or remove it",
        docs=_SECURE,
        covers=("1.4#17", "AZR-000140", "APRL-8291c1fa"),
    ),
)
