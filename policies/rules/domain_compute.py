"""Domain rules on Container Apps environments, session pools, sandbox groups and agents."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from ipaddress import IPv4Network
from typing import Any, Final

from planning.addresses import usable
from planning.container_apps import (
    LONGEST_PREFIX,
    RESERVED_RANGES,
    Kind,
    Nodes,
    Replicas,
    environment_consumer,
    profile_type,
)
from policies.model import Graph, Resource, Rule, RuleConfig, Verdict, fail, not_applicable, undetermined
from policies.rules import types as t
from policies.rules.forms import agreed, declare, only_with, same, shown, stated
from policies.rules.occupants import endpoints_by_subnet, others_by_subnet
from policies.rules.relations import Subnet, is_outside, subnets_of

DELEGATION: Final = "microsoft.app/environments"
_SUBNET = "vnetConfiguration.infrastructureSubnetId"

TIERS: Final = {"XS": (0.25, 0.5, 5), "S": (0.5, 1, 10), "M": (1, 2, 20), "L": (2, 4, 40), "XL": (4, 8, 80)}
"""Cores, GiB of memory and GiB of disk of a sandbox's tiers [POL-SANDBOX]."""
TIMEOUTS: Final = (60, 120, 300, 600, 1800, 3600)
"""Idle times in seconds after which a sandbox can be suspended [POL-SANDBOX]."""


class Quota(RuleConfig):
    """Cores that all sandboxes of a group may have together; 0 leaves it open."""

    cores: float = 0


class Sessions(RuleConfig):
    """Bounds of a session pool, and whether sessions may reach the internet."""

    longest_cooldown_seconds: int = 3600
    egress: bool = False


class Egress(RuleConfig):
    """What agents may reach, by name: no API version publishes it. `unrestricted`, `limited` or `network`."""

    modes: dict[str, str] = {}


def _apps(graph: Graph, environment: Resource) -> list[Resource]:
    return [
        each
        for each in graph.of(t.APP, t.JOB)
        if environment in graph.references(each, "environmentId") + graph.references(each, "managedEnvironmentId")
    ]


def _replicas(graph: Graph, environment: Resource) -> Replicas:
    """Most replicas on consumption: those of single-revision apps double while a revision replaces another."""
    doubled = steady = 0
    for app in _apps(graph, environment):
        if not same(app.value("workloadProfileName", "Consumption"), "Consumption"):
            continue
        if app.type == t.JOB:
            steady += int(app.value("configuration.eventTriggerConfig.scale.maxExecutions", 1))
            continue
        most = int(app.value("template.scale.maxReplicas", 10))
        if same(app.value("configuration.activeRevisionsMode", "Single"), "Single"):
            doubled += most
        else:
            steady += most
    return Replicas(doubled, steady)


def _nodes(environment: Resource) -> Iterator[Nodes]:
    for path, _ in environment.each("workloadProfiles"):
        kind = profile_type(str(environment.value(f"{path}.workloadProfileType", "")))
        if kind and kind.has_nodes:
            yield Nodes(
                str(environment.value(f"{path}.name", path)), int(environment.value(f"{path}.maximumCount", 1)), True
            )


def _environment(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    subnets = subnets_of(graph, resource, _SUBNET)
    if not subnets:
        outside = is_outside(graph, resource, _SUBNET, t.SUBNET, t.NETWORK)
        yield (
            not_applicable("its subnet is made elsewhere")
            if outside
            else undetermined("its subnet is not known", _SUBNET)
        )
        return
    delegated = [each for each in subnets if DELEGATION in each.delegations()]
    fitting = subnets if len(subnets) == 1 else delegated or subnets
    kind: Kind = "workload_profiles" if stated(resource, "workloadProfiles") else "consumption_only"
    options = [[*_place(each, resource, graph, kind), *_capacity(each, resource, graph, kind)] for each in fitting]
    yield from agreed(options, "which of the network's subnets it takes is not known yet", _SUBNET)


def _place(subnet: Subnet, resource: Resource, graph: Graph, kind: Kind) -> Iterator[Verdict]:
    if kind == "workload_profiles" and DELEGATION not in subnet.delegations():
        yield fail(
            f"{subnet.label} is delegated to {', '.join(subnet.delegations()) or 'nothing'}, allowed is {DELEGATION}"
        )
    held = (endpoints_by_subnet(graph).get(subnet.key, []), others_by_subnet(graph).get(subnet.key, []))
    strangers = [
        each.resource.name for group in held for each in group if each.certain and each.resource is not resource
    ]
    if strangers:
        yield fail(f"{subnet.label} holds {', '.join(strangers)} too, allowed is the environment alone")
    prefix = subnet.prefix()
    for text in RESERVED_RANGES:
        if prefix and prefix.overlaps(IPv4Network(text)):
            yield fail(f"{prefix} of {subnet.label} meets {text} that environments keep")


def _capacity(subnet: Subnet, resource: Resource, graph: Graph, kind: Kind) -> Iterator[Verdict]:
    prefix = subnet.prefix()
    if prefix is None:
        return
    if prefix.prefixlen > LONGEST_PREFIX[kind]:
        yield fail(f"{prefix} of {subnet.label} is too small, allowed is /{LONGEST_PREFIX[kind]} or larger")
        return
    need = environment_consumer(
        subnet.key, resource.name, kind=kind, nodes=_nodes(resource), replicas=_replicas(graph, resource)
    )
    if need.need > usable(prefix.prefixlen):
        room = usable(prefix.prefixlen)
        yield fail(
            f"{prefix} of {subnet.label} has {room} addresses, {need.need} are needed at the most ({need.parts})"
        )


def _number(text: Any) -> float | None:
    digits = str(text).strip().lower().removesuffix("gib").removesuffix("gi").removesuffix("g")
    try:
        return float(digits)
    except ValueError:
        return None


def _tier(resource: Resource) -> Iterator[Verdict]:
    asked = [_number(resource.value(name)) for name in ("defaultCpu", "defaultMemory", "defaultDisk")]
    cores, memory, disk = asked
    if cores is None and memory is None and disk is None:
        return
    table = ", ".join(f"{name} {c:g} cores {m:g} GiB {d} GiB disk" for name, (c, m, d) in TIERS.items())
    fits = [
        name
        for name, (c, m, d) in TIERS.items()
        if cores in {None, c} and memory in {None, m} and (disk is None or disk <= d)
    ]
    if not fits:
        yield fail(f"defaults are {shown([each for each in asked if each])}, allowed is a tier: {table}", "defaultCpu")


def _sandboxes(resource: Resource, graph: Graph, config: Quota) -> Iterator[Verdict]:
    yield from _tier(resource)
    timeout = resource.value("defaultTimeoutSeconds")
    if resource.api_version == "2026-02-01-preview" and timeout not in TIMEOUTS:
        words = ", ".join(map(str, TIMEOUTS))
        yield fail(f"defaultTimeoutSeconds is {shown(timeout)}, allowed is one of {words}", "defaultTimeoutSeconds")
    most, cores = resource.value("maxSandboxCount"), _number(resource.value("defaultCpu", 1)) or 1
    if config.cores and most and most * cores > config.cores:
        yield fail(f"{most} sandboxes x {cores:g} cores pass the quota of {config.cores:g}", "maxSandboxCount")
    kind = str(resource.value("identity.type", "None")).replace(" ", "").lower()
    if resource.api_version == "2026-02-01-preview" and "userassigned" not in kind:
        yield fail(
            f"identity.type is {shown(resource.value('identity.type'))}, allowed is UserAssigned", "identity.type"
        )
    for link in graph.children(resource, t.SANDBOX_CONNECTION):
        yield from _sandbox_subnet(link, graph)


def _sandbox_subnet(link: Resource, graph: Graph) -> Iterator[Verdict]:
    subnets = subnets_of(graph, link, "subnetId")
    delegated = [each for each in subnets if DELEGATION in each.delegations()]
    if subnets and not delegated:
        yield fail(f"{subnets[0].label} is not delegated to Microsoft.App/environments", "subnetId", link)
    if len(delegated) == 1:
        strangers = [
            each.resource.name
            for group in (endpoints_by_subnet(graph), others_by_subnet(graph))
            for each in group.get(delegated[0].key, [])
            if each.certain and each.resource is not link
        ]
        if strangers:
            yield fail(
                f"{delegated[0].label} holds {', '.join(strangers)} too, allowed is the group alone", "subnetId", link
            )


def _sessions(resource: Resource, graph: Graph, config: Sessions) -> Iterator[Verdict]:
    dynamic = "dynamicPoolConfiguration"
    path = f"{dynamic}.lifecycleConfiguration.cooldownPeriodInSeconds"
    cooldown = resource.value(path, resource.value(f"{dynamic}.cooldownPeriodInSeconds"))
    alive = resource.value(f"{dynamic}.lifecycleConfiguration.maxAlivePeriodInSeconds")
    if alive is None and (cooldown is None or not 300 <= cooldown <= config.longest_cooldown_seconds):
        words = f"300 to {config.longest_cooldown_seconds}"
        yield fail(f"{path} is {shown(cooldown)}, allowed is {words}", path)
    if not stated(resource, "scaleConfiguration.maxConcurrentSessions"):
        yield fail("scaleConfiguration.maxConcurrentSessions is not stated, allowed is a bound")
    status = resource.value("sessionNetworkConfiguration.status", "EgressDisabled")
    if not config.egress and not same(status, "EgressDisabled"):
        place = "sessionNetworkConfiguration.status"
        yield fail(f"{place} is {status}, allowed is EgressDisabled, or egress: true in the configuration", place)
    if resource.value("mcpServerSettings.isMcpServerEnabled") is True:
        place = "mcpServerSettings.isMcpServerApiKeyDisabled"
        if resource.value(place) is not True:
            yield fail(f"{place} is {shown(resource.value(place))}, allowed is true", place)


def _agent(resource: Resource, graph: Graph, config: Egress) -> Iterator[Verdict]:
    name = str(graph.arm_name(resource) or resource.name)
    mode = config.modes.get(name)
    if mode is None:
        yield undetermined(f"what it may reach is published by no API version: declare it under modes.{name}")
    elif same(mode, "unrestricted"):
        yield fail(f"modes.{name} is unrestricted, allowed is limited or network")
    for key in resource.properties:
        for subnet in subnets_of(graph, resource, key) if "subnet" in key.lower() else []:
            prefix = subnet.prefix()
            if DELEGATION not in subnet.delegations() or (prefix and prefix.prefixlen > 28):
                yield fail(
                    f"{prefix} of {subnet.label}, allowed is /28 or larger, delegated to Microsoft.App/environments"
                )


_app = partial(declare, pillar="reliability")

RULES: tuple[Rule, ...] = (
    _app(
        _environment,
        types=(t.ENVIRONMENT,),
        id="MOOR-DOM-020",
        title="Environment's subnet does not fit",
        severity="high",
        what="An environment has a delegated subnet of its own that holds all replicas, twice while they are replaced.",
        why="A new revision that finds no address stays unhealthy, and no error names the subnet.",
        remedy="give the environment a larger subnet of its own, delegated to Microsoft.App/environments",
        docs="container-apps/custom-virtual-networks",
        covers=("D20",),
        where=(only_with("vnetConfiguration.infrastructureSubnetId", "it is in nobody's network"),),
    ),
    _app(
        _sandboxes,
        types=(t.SANDBOX_GROUP,),
        id="MOOR-DOM-021",
        title="Sandbox group's defaults do not fit",
        severity="high",
        what="A sandbox group's defaults are a tier, within the quota, with an idle time, an identity and a subnet of its own.",
        why="Each of them is refused or ignored when a sandbox starts, not when the group is made.",
        remedy="take a tier's values, an idle time, a user-assigned identity and a delegated subnet",
        docs="container-apps/sandboxes",
        covers=("D21",),
        config=Quota,
    ),
    _app(
        _sessions,
        types=(t.SESSION_POOL,),
        pillar="security",
        id="MOOR-DOM-022",
        title="Session pool is unbounded or open",
        severity="medium",
        what="A session pool ends idle sessions, bounds their number, and lets them reach nothing.",
        why="Code in a session is nobody's code: it must end, and must not call out.",
        remedy="state cooldownPeriodInSeconds and maxConcurrentSessions, and keep EgressDisabled",
        docs="container-apps/sessions",
        covers=("D22",),
        config=Sessions,
    ),
    _app(
        _agent,
        types=(t.AGENT,),
        pillar="security",
        id="MOOR-DOM-023",
        title="Agent may reach everything",
        severity="medium",
        what="An agent reaches what is listed, from a delegated subnet.",
        why="It acts on what it reads, and reads what it reaches.",
        remedy="restrict its network in the portal and declare it under modes",
        docs="sre-agent/network-requirements",
        covers=("D23",),
        config=Egress,
    ),
)
