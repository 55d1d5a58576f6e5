"""Rules on Container Apps environments, session pools, sandbox groups and SRE agents, and on their subnets."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from ipaddress import IPv4Network
from typing import Any

from planning import agents, sandboxes
from planning.addresses import usable
from planning.container_apps import DELEGATION, LONGEST_PREFIX, RESERVED_RANGES, SESSION_COOLDOWN_SECONDS, Kind
from policies.model import Graph, Resource, Rule, RuleConfig, Verdict, fail, not_applicable, undetermined
from policies.rules import types as t
from policies.rules.consumers import environment_kind, environment_need, neighbours, subnets_taken
from policies.rules.forms import agreed, only_with, same, shown, stated
from policies.rules.relations import Subnet, is_outside, subnets_of

_SUBNET = "vnetConfiguration.infrastructureSubnetId"
_SHORTEST_COOLDOWN, _LONGEST_COOLDOWN = SESSION_COOLDOWN_SECONDS


class Quota(RuleConfig):
    """vCPUs that all sandboxes of a group may use together; 0 is unlimited."""

    cores: float = 0


class Sessions(RuleConfig):
    """Longest cooldown period of a session pool, and whether sessions may reach the internet."""

    longest_cooldown_seconds: int = _LONGEST_COOLDOWN
    egress: bool = False


class Egress(RuleConfig):
    """Egress mode of agents by name, for API versions without egress settings: `unrestricted`, `limited` or `network`."""

    modes: dict[str, str] = {}


def _environment(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    subnets = subnets_taken(graph, resource, _SUBNET)
    if not subnets:
        outside = is_outside(graph, resource, _SUBNET, t.SUBNET, t.NETWORK)
        yield (
            not_applicable("its subnet is not part of the program")
            if outside
            else undetermined("its subnet is not known yet", _SUBNET)
        )
        return
    kind = environment_kind(resource)
    options = [[*_place(each, resource, graph, kind), *_capacity(each, resource, graph, kind)] for each in subnets]
    yield from agreed(options, "which subnet of the network it uses is not known yet", _SUBNET)


def _place(subnet: Subnet, resource: Resource, graph: Graph, kind: Kind) -> Iterator[Verdict]:
    delegations = subnet.delegations()
    if kind == "workload_profiles" and DELEGATION.lower() not in delegations:
        found = ", ".join(delegations) or "no service"
        yield fail(f"{subnet.label} is delegated to {found}, expected {DELEGATION} [CAE-1]", _SUBNET)
    strangers = neighbours(graph, subnet, resource)
    if strangers:
        yield fail(
            f"{subnet.label} also contains {', '.join(strangers)}, expected the environment only [CAE-1]", _SUBNET
        )
    prefix = subnet.prefix()
    for text in RESERVED_RANGES if kind == "workload_profiles" else ():
        if prefix and prefix.overlaps(IPv4Network(text)):
            yield fail(f"{prefix} of {subnet.label} overlaps {text}, which environments reserve [CAE-6]", _SUBNET)


def _capacity(subnet: Subnet, resource: Resource, graph: Graph, kind: Kind) -> Iterator[Verdict]:
    prefix = subnet.prefix()
    if prefix is None:
        return
    if prefix.prefixlen > LONGEST_PREFIX[kind]:
        smallest = LONGEST_PREFIX[kind]
        yield fail(f"{prefix} of {subnet.label} is too small, expected /{smallest} or larger [CAE-1]", _SUBNET)
        return
    consumer, room = environment_need(graph, resource, subnet), usable(prefix.prefixlen)
    if consumer.need > room:
        need = f"{consumer.need} are needed at most ({consumer.parts})"
        yield fail(f"{prefix} of {subnet.label} has {room} addresses, {need} [{consumer.source}]", _SUBNET)


def _number(text: Any) -> float | None:
    digits = str(text).strip().lower().removesuffix("gib").removesuffix("gi").removesuffix("g")
    try:
        return float(digits)
    except ValueError:
        return None


def _tier(resource: Resource) -> Iterator[Verdict]:
    vcpu, memory, disk = (_number(resource.value(name)) for name in ("defaultCpu", "defaultMemory", "defaultDisk"))
    if sandboxes.fitting_tier(vcpu, memory, disk) is None:
        found = shown([f"{each:g}" for each in (vcpu, memory, disk) if each])
        tiers = ", ".join(
            f"{name} ({tier.vcpu:g} vCPU, {tier.memory_gib:g} GiB, {tier.disk_gib} GiB disk)"
            for name, tier in sandboxes.TIERS.items()
        )
        yield fail(
            f"defaultCpu, defaultMemory and defaultDisk are {found}, expected a tier: {tiers} [SBX-4]", "defaultCpu"
        )


def _sandboxes(resource: Resource, graph: Graph, config: Quota) -> Iterator[Verdict]:
    yield from _tier(resource)
    contract = next((each for name, each in sandboxes.CONTRACTS.items() if name == resource.api_version), None)
    timeout = resource.value("defaultTimeoutSeconds")
    if contract and contract.defaults and timeout not in sandboxes.IDLE_SECONDS:
        words = ", ".join(map(str, sandboxes.IDLE_SECONDS))
        path = "defaultTimeoutSeconds"
        yield fail(f"{path} is {shown(timeout)}, expected one of {words} [SBX-11]", path)
    most, cores = resource.value("maxSandboxCount"), _number(resource.value("defaultCpu", 1)) or 1
    if config.cores and most and most * cores > config.cores:
        found = f"maxSandboxCount {most} x {cores:g} vCPU exceed the quota"
        yield fail(f"{found}, expected {config.cores:g} at most", "maxSandboxCount")
    kind = resource.value("identity.type", "None")
    if contract and contract.identity and "userassigned" not in str(kind).replace(" ", "").lower():
        yield fail(f"identity.type is {shown(kind)}, expected UserAssigned", "identity.type")
    for link in graph.children(resource, t.SANDBOX_CONNECTION):
        options = [list(_sandbox_subnet(each, link, graph)) for each in subnets_taken(graph, link, "subnetId")]
        yield from agreed(options, "which subnet of the network it uses is not known yet", "subnetId")


def _sandbox_subnet(subnet: Subnet, link: Resource, graph: Graph) -> Iterator[Verdict]:
    if sandboxes.DELEGATION.lower() not in subnet.delegations():
        yield fail(f"{subnet.label} is not delegated, expected {sandboxes.DELEGATION} [SBX-5]", "subnetId", link)
    strangers = neighbours(graph, subnet, link)
    if strangers:
        words = f"{subnet.label} also contains {', '.join(strangers)}, expected the sandbox group only [SBX-5]"
        yield fail(words, "subnetId", link)


def _sessions(resource: Resource, graph: Graph, config: Sessions) -> Iterator[Verdict]:
    dynamic = "dynamicPoolConfiguration"
    path = f"{dynamic}.lifecycleConfiguration.cooldownPeriodInSeconds"
    cooldown = resource.value(path, resource.value(f"{dynamic}.cooldownPeriodInSeconds"))
    alive = resource.value(f"{dynamic}.lifecycleConfiguration.maxAlivePeriodInSeconds")
    longest = config.longest_cooldown_seconds
    if alive is None and (cooldown is None or not _SHORTEST_COOLDOWN <= cooldown <= longest):
        yield fail(f"{path} is {shown(cooldown)}, expected {_SHORTEST_COOLDOWN} to {longest} [ACAS-3]", path)
    if not stated(resource, "scaleConfiguration.maxConcurrentSessions"):
        yield fail("scaleConfiguration.maxConcurrentSessions is not set, expected a number", "scaleConfiguration")
    status = resource.value("sessionNetworkConfiguration.status", "EgressDisabled")
    if not config.egress and not same(status, "EgressDisabled"):
        place = "sessionNetworkConfiguration.status"
        yield fail(f"{place} is {status}, expected EgressDisabled, or egress: true in the configuration", place)
    if resource.value("mcpServerSettings.isMcpServerEnabled") is True:
        place = "mcpServerSettings.isMcpServerApiKeyDisabled"
        if resource.value(place) is not True:
            yield fail(f"{place} is {shown(resource.value(place))}, expected true", place)


def _agent(resource: Resource, graph: Graph, config: Egress) -> Iterator[Verdict]:
    name = str(graph.arm_name(resource) or resource.name)
    path = "sandboxConfiguration.egress.mode"
    stated_mode = resource.value(path)
    mode = stated_mode or config.modes.get(name)
    if mode is None:
        yield undetermined(f"{path} is not set and modes.{name} is not configured")
    elif same(mode, "unrestricted"):
        found = path if stated_mode else f"modes.{name}"
        yield fail(f"{found} is {mode}, expected limited or a virtual network", path if stated_mode else None)
    for key in ("vnetConfiguration.subnetResourceId", *(key for key in resource.properties if "subnet" in key.lower())):
        for subnet in subnets_of(graph, resource, key):
            prefix, longest = subnet.prefix(), agents.LONGEST_PREFIX
            if agents.DELEGATION.lower() not in subnet.delegations() or (prefix and prefix.prefixlen > longest):
                expected = f"expected /{longest} or larger, delegated to {agents.DELEGATION}"
                yield fail(f"{prefix} of {subnet.label}: {expected} [SRE-4]", key)


_app = partial(Rule, pillar="reliability")

RULES: tuple[Rule, ...] = (
    _app(
        _environment,
        types=(t.ENVIRONMENT,),
        id="MOOR-DOM-020",
        title="Subnet of the Container Apps environment is unsuitable",
        severity="high",
        what="A Container Apps environment has a subnet of its own, with the required delegation and addresses for all replicas, "
        "twice during revision updates.",
        why="A new revision that gets no address stays unhealthy, and no error names the subnet. A consumption-only environment "
        "requires no delegation.",
        remedy="set vnetConfiguration.infrastructureSubnetId to a larger separate subnet, delegated to "
        "Microsoft.App/environments",
        docs="container-apps/custom-virtual-networks",
        covers=("D20",),
        where=(only_with("vnetConfiguration.infrastructureSubnetId", "it is not in a virtual network"),),
    ),
    _app(
        _sandboxes,
        types=(t.SANDBOX_GROUP,),
        id="MOOR-DOM-021",
        title="Defaults of the sandbox group are invalid",
        severity="high",
        what="The defaults of a sandbox group are a tier within the quota, with an idle timeout, a user-assigned identity and a "
        "separate subnet.",
        why="Invalid values are refused or ignored when a sandbox starts, not when the group is created.",
        remedy="set defaultCpu, defaultMemory and defaultDisk to a tier, defaultTimeoutSeconds, identity.type and a "
        "delegated subnet",
        docs="container-apps/sandboxes",
        covers=("D21",),
        config=Quota,
    ),
    _app(
        _sessions,
        types=(t.SESSION_POOL,),
        pillar="security",
        id="MOOR-DOM-022",
        title="Session pool has no limits or has outbound access",
        severity="medium",
        what="A session pool ends idle sessions, limits their number, and has no outbound network access.",
        why="Sessions run untrusted code, which must end and must not reach other systems.",
        remedy="set cooldownPeriodInSeconds and maxConcurrentSessions, and sessionNetworkConfiguration.status: EgressDisabled",
        docs="container-apps/sessions",
        covers=("D22",),
        config=Sessions,
    ),
    _app(
        _agent,
        types=(t.AGENT,),
        pillar="security",
        id="MOOR-DOM-023",
        title="SRE Agent has unrestricted outbound access",
        severity="medium",
        what="An SRE Agent has outbound access to listed hosts only, or through a delegated subnet.",
        why="An agent acts on what it reads, and could send it anywhere.",
        remedy="set sandboxConfiguration.egress.mode: Limited or AzureVNet, or configure modes for API versions without it",
        docs="sre-agent/network-requirements",
        covers=("D23",),
        config=Egress,
    ),
)
