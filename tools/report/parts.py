"""All that is known of each part of the picture: facts, pull paths, findings that name it, and what a change states otherwise."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from planning.problems import Path
from policies.model import Finding
from stacks.document import Document
from stacks.files import CONFIG_KEY
from stacks.loader import Stack
from stacks.origins import ROOT, origins
from tools.cost.costs import Costs
from tools.cost.text import money
from tools.report.changes import AddressRow, Key, owner, owners
from tools.report.picture import Consumer, Network, Picture, Replica
from tools.report.settings import Setting


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a fact; `key` is the part that it names, if any."""

    text: str
    key: Key | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the picture.

    Attributes:
        key: its kind and key.
        name: what it is called.
        region: its region; empty for the registry.
        mark: `new`, `changed` or empty.
        facts: what is known of it, by term.
        path: the parts of the pull paths through it, in order.
        settings: what a change of the description states otherwise for it.
        findings: open findings of the policies that name it.
        costs: what it costs in a month, a line for each charge.
    """

    key: Key
    name: str
    region: str
    mark: str
    facts: tuple[tuple[str, tuple[Value, ...]], ...]
    path: tuple[Key, ...] = ()
    settings: tuple[Setting, ...] = ()
    findings: tuple[Finding, ...] = ()
    costs: tuple[str, ...] = ()

    @property
    def lists(self) -> Iterator[tuple[str, list[str]]]:
        """What it costs, what changes, and what the policies find, as lines by heading."""
        if self.costs:
            yield "Cost a month", list(self.costs)
        if self.settings:
            yield "Changes", [f"{e.mark}: {'.'.join(e.path)} {_difference(e)}".rstrip() for e in self.settings]
        if self.findings:
            yield "Findings", [f"{e.rule}, {e.severity}: {e.message}" for e in self.findings]


def _difference(setting: Setting) -> str:
    return f"{setting.before} → {setting.after}" if setting.mark == "changed" else setting.before or setting.after


@dataclass(slots=True)
class Ids:
    """Fragments of a page by part: stable, so that a link to a part can be sent, and each of one part."""

    _found: dict[Key, str] = field(default_factory=dict)
    _taken: set[str] = field(default_factory=set)

    def __call__(self, key: Key) -> str:
        """Return the id of the element that describes a part."""
        if key not in self._found:
            plain = "part-" + re.sub(r"[^a-z0-9]+", "-", "-".join(key).lower()).strip("-")
            name, count = plain, 1
            while name in self._taken:
                count += 1
                name = f"{plain}-{count}"
            self._taken.add(name)
            self._found[key] = name
        return self._found[key]


@dataclass(frozen=True, slots=True)
class Known:
    """What the parts of a report are made of: the picture, its marks, and what belongs to which part."""

    stack: Stack
    shown: Picture
    marks: Mapping[Key, str]
    addresses: Mapping[tuple[str, str], AddressRow]
    settings: Mapping[Key, Sequence[Setting]]
    findings: Mapping[Key, Sequence[Finding]]
    costs: Mapping[Key, Sequence[str]]
    paths: Mapping[Path, Key]
    names: Mapping[str, Path]

    def owner(self, path: Path) -> Key | None:
        """Return the part that a path of the stack file belongs to."""
        return owner(path, self.paths)

    def owner_of(self, finding: Finding) -> Key | None:
        """Return the part that a finding names."""
        return self.owner(_described(finding.resource, self.names))


def known(
    stack: Stack,
    shown: Picture,
    marks: Mapping[Key, str],
    addresses: Iterable[AddressRow],
    settings: Iterable[Setting],
    findings: Iterable[Finding],
    costs: Costs | None = None,
) -> Known:
    """Assign rows of addresses, changed settings, findings and costs to the parts of a picture."""
    rows = {(row.network, row.subnet): row for row in addresses}
    by_key, found = defaultdict[Key, list[Setting]](list), defaultdict[Key, list[Finding]](list)
    charged = defaultdict[Key, list[str]](list)
    given = Known(stack, shown, marks, rows, by_key, found, charged, owners(shown), _origins(stack))
    for setting in settings:
        if key := given.owner(setting.path):
            by_key[key].append(setting)
    for finding in findings:
        if key := given.owner_of(finding):
            found[key].append(finding)
    for line in costs.now.lines if costs else ():
        if (key := given.owner(line.path)) and line.amount and not line.amount.is_zero:
            charged[key].append(f"{line.part}: {money(line.amount)}")
    return given


def _origins(stack: Stack) -> Mapping[str, Path]:
    section: object = stack.spec.model_dump(mode="python")
    return origins(Document({"config": {CONFIG_KEY: section}}, {}))


def _described(name: str, names: Mapping[str, Path]) -> Path:
    """Return the path that made a resource: that of the longest start of its logical name."""
    while name:
        if found := names.get(name):
            return found[len(ROOT) :]
        name = name.rpartition("-")[0]
    return ()


def all_parts(given: Known) -> Iterator[Part]:
    """Yield every part of a picture, in the order of the picture."""
    shown = given.shown
    if shown.registry:
        yield _part(given, ("registry", shown.registry), f"registry {shown.registry}", "", _of_registry(given))
    for replica in shown.replicas:
        name = f"{replica.title} {replica.region}" if replica.home else f"replica {replica.region}"
        yield _part(given, ("replica", replica.region), name, replica.region, _of_replica(given, replica))
    for network in shown.networks:
        key = ("network", network.key)
        yield _part(given, key, f"network {network.key}", network.region, _of_network(given, network))
        for row in network.subnets:
            subnet = row.subnet.name
            key = ("subnet", f"{network.key}/{subnet}")
            name = f"subnet {network.key} / {subnet}"
            yield _part(given, key, name, network.region, _of_subnet(given, network, subnet))
            for endpoint in network.endpoints.get(subnet, ()):
                key = ("endpoint", endpoint)
                name = f"private endpoint {endpoint}"
                yield _part(given, key, name, network.region, _of_endpoint(given, network, subnet, endpoint))
    for consumer in shown.consumers:
        key = ("consumer", consumer.name)
        yield _part(given, key, consumer.name, consumer.region, _of_consumer(consumer), pull_path(consumer, shown))


Facts = Iterator[tuple[str, Iterable[Value]]]


def _part(given: Known, key: Key, name: str, region: str, facts: Facts, path: tuple[Key, ...] = ()) -> Part:
    listed = tuple((term, tuple(values)) for term, values in facts)
    facts_with_values = tuple((term, values) for term, values in listed if any(value.text for value in values))
    settings, findings = tuple(given.settings.get(key, ())), tuple(given.findings.get(key, ()))
    costs = tuple(given.costs.get(key, ()))
    return Part(key, name, region, given.marks.get(key, ""), facts_with_values, path, settings, findings, costs)


def pull_path(consumer: Consumer, shown: Picture) -> tuple[Key, ...]:
    """Return the parts of the pull paths of a consumer, from the consumer to the registry."""
    subnets = (("subnet", f"{network}/{subnet}") for network, subnet in consumer.subnets)
    endpoint = _endpoint(consumer.endpoint, shown) if consumer.endpoint else []
    replicas = (("replica", source.replica) for source in consumer.sources if source.replica)
    any_of = [("replica", each.region) for each in shown.replicas if each.global_routing]
    nearest = any_of if any(source.replica is None for source in consumer.sources) else []
    networks = (("network", each) for each in consumer.networks)
    found = [("consumer", consumer.name), *subnets, *networks, *endpoint, *replicas, *nearest]
    found += [("registry", shown.registry)]
    return tuple(dict.fromkeys(key for key in found if key[1]))


def _endpoint(name: str, shown: Picture) -> list[Key]:
    """A private endpoint, and the subnet and the network that it is in."""
    for network in shown.networks:
        for subnet, endpoints in network.endpoints.items():
            if name in endpoints:
                return [("network", network.key), ("subnet", f"{network.key}/{subnet}"), ("endpoint", name)]
    return []


def _of_registry(given: Known) -> Facts:
    spec, plan = given.stack.spec, given.stack.plan
    its = spec.registry
    if its is None:
        return
    yield "Resource", [Value(str(its.id) if its.id else "made by this stack")]
    yield "SKU", [Value(its.sku)]
    yield "Public network access", [Value(its.public_network_access)]
    yield "Roles apply to", [Value(its.role_assignment_mode)]
    yield "Replicas", [Value(each.region, ("replica", each.region)) for each in given.shown.replicas]
    yield "Private endpoints", [Value(key, ("endpoint", key)) for key in spec.private_endpoints]
    yield "Global host", [Value(plan.endpoints.global_ if plan.endpoints else "known after the first deployment")]
    yield "Pulled from by", _consumers(given.shown.consumers)


def _of_replica(given: Known, replica: Replica) -> Facts:
    yield "Role", [Value(replica.title)]
    yield "Regional host", [Value(replica.host)]
    yield "Data host", [Value(replica.data)]
    own = [each for each in given.shown.consumers if any(s.replica == replica.region for s in each.sources)]
    yield "Pinned to it", _consumers(own)
    if replica.global_routing:
        routed = [each for each in given.shown.consumers if any(s.replica is None for s in each.sources)]
        yield "May be routed to it", _consumers(routed)


def _of_network(given: Known, network: Network) -> Facts:
    spec, plan = given.stack.spec, given.stack.plan
    yield "Name in Azure", [Value(network.name)]
    if network.elsewhere:
        yield "Resource", [Value(str(spec.networks[network.key].id))]
    yield "Ranges", [Value(network.ranges)]
    peers = [set(pair) - {network.key} for pair in plan.peerings if network.key in pair]
    yield "Peered with", [Value(each, ("network", each)) for pair in peers for each in sorted(pair)]
    subnets = [row.subnet.name for row in network.subnets]
    yield "Subnets", [Value(each, ("subnet", f"{network.key}/{each}")) for each in subnets]
    yield "Linked DNS zones", [Value(zone.name) for zone in plan.zones.values() if network.key in zone.links]
    yield "Consumers", _consumers(each for each in given.shown.consumers if network.key in each.networks)


def _of_subnet(given: Known, network: Network, subnet: str) -> Facts:
    row = given.addresses[network.key, subnet]
    line = next(each for each in network.subnets if each.subnet.name == subnet)
    yield "Network", [Value(network.key, ("network", network.key))]
    yield "Range", [Value(row.prefix)]
    if row.before is not None and row.before != row.need:
        yield "Addresses before the change", [Value(str(row.before))]
    yield "Addresses needed", [Value(str(row.need))]
    yield "With headroom", [Value(str(row.wanted))]
    yield "Free", [Value("unknown" if row.free is None else str(row.free))]
    yield "Verdict", [Value(row.verdict)]
    yield "Smallest range that fits", [Value(f"/{line.fitting_prefix}")]
    yield "Used by", [Value(f"{each.name}: {each.need} ({each.parts})") for each in line.consumers]
    endpoints = network.endpoints.get(subnet, ())
    yield "Private endpoints", [Value(each, ("endpoint", each)) for each in endpoints]
    yield "Consumers", _consumers(each for each in given.shown.consumers if (network.key, subnet) in each.subnets)


def _of_endpoint(given: Known, network: Network, subnet: str, endpoint: str) -> Facts:
    plan = given.stack.plan
    yield "Subnet", [Value(f"{network.key} / {subnet}", ("subnet", f"{network.key}/{subnet}"))]
    zones = [plan.zones[key] for key in plan.fed.get(endpoint, ()) if key in plan.zones]
    yield "Writes DNS zones", [Value(zone.name) for zone in zones]
    links = dict.fromkeys(link for zone in zones for link in zone.links)
    yield "Resolved from networks", [Value(link, ("network", link)) for link in links]
    yield "Hosts", [Value(host) for host in (plan.endpoints.hosts() if plan.endpoints else ())]
    yield "Consumers", _consumers(each for each in given.shown.consumers if each.endpoint == endpoint)


def _of_consumer(consumer: Consumer) -> Facts:
    yield "Networks", [Value(each, ("network", each)) for each in consumer.networks]
    subnets = consumer.subnets
    yield "Subnets", [Value(f"{network} / {name}", ("subnet", f"{network}/{name}")) for network, name in subnets]
    key = ("endpoint", consumer.endpoint) if consumer.endpoint else None
    yield "Reaches the registry by", [Value(consumer.way_in_words, key)]
    for source in consumer.sources:
        who = f" for {', '.join(source.pulled_by)}" if source.pulled_by else ""
        yield f"Image host{who}", [Value(source.host or "known after the first deployment")]
        replica = ("replica", source.replica) if source.replica else None
        yield "Answered by", [Value(source.replica or "the nearest replica in global routing", replica)]
        yield "Layers from", [Value(each) for each in source.layers]


def _consumers(found: Iterable[Consumer]) -> list[Value]:
    return [Value(each.name, ("consumer", each.name)) for each in found]
