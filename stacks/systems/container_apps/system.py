"""Container Apps in a stack: sites, addresses, pulls and cross-system checks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from ipaddress import IPv4Network

from components.container_apps.spec import EnvironmentSpec
from components.container_apps.workload_spec import AppSpec, JobSpec, WorkloadSpec
from components.network.spec import SubnetSpec
from planning import container_apps as rules
from planning import names
from planning.addresses import Consumer, SubnetKey
from planning.problems import Path, Problem
from planning.regions import zone_problem
from planning.scalers import role_message
from stacks.plan import Plan, Puller
from stacks.sites import Group, Site, Sites
from stacks.spec import StackSpec
from stacks.system import System
from stacks.systems.container_apps.charges import charges
from stacks.systems.container_apps.zones import shared_zone_endpoints

DELEGATION = "Microsoft.App/environments"
"""Delegation of an environment's subnet [CAE-1]."""


def sites_of(spec: StackSpec, sites: Sites) -> Iterator[Site]:
    """Environments, in the region of their network unless they state one, their apps and their private endpoints."""
    for key, environment in spec.container_apps.items():
        path = ("container_apps", key)
        ours = sites.site(
            path,
            (names.MANAGED_ENVIRONMENT, sites.names.managed_environment(key)),
            group=("apps", key),
            stated=environment.location,
            follows=[("networks", environment.network)],
        )
        site = ours if environment.id is None else sites.elsewhere(path, environment.id, environment.location)
        yield site
        # Apps and jobs are in a resource group of this stack, whoever makes the environment.
        if environment.workloads:
            yield replace(ours, path=(*path, "apps"), names=(), stated=False)
        for name, endpoint in environment.private_endpoints.items():
            yield sites.site(
                (*path, "private_endpoints", name),
                (names.PRIVATE_ENDPOINT, sites.names.private_endpoint(site.name, name)),
                group=_endpoint_group(sites, endpoint.network, ours),
                follows=[("networks", endpoint.network)],
            )
        if shared_zone_endpoints(spec, key):
            zones_group(sites)


def zones_group(sites: Sites) -> Group:
    """Return the resource group of the zones that environments of a region share."""
    return sites.group(sites.home, "apps-dns")


def _endpoint_group(sites: Sites, network: str, environment: Site) -> Group:
    """The environment's group, but the network's where that is in another subscription [PE-SUBSCRIPTION]."""
    there = sites.within("networks").get(network)
    return there.group if there and there.group.subscription else environment.group


def consumers(spec: StackSpec) -> Iterator[Consumer]:
    """Addresses of environments and their private endpoints."""
    for key, environment in spec.container_apps.items():
        if environment.network and environment.subnet and environment.kind != "express":
            yield rules.environment_consumer(
                (environment.network, environment.subnet),
                f"environment {key}",
                kind=environment.kind,
                nodes=_nodes(environment),
                replicas=_replicas(environment),
                flex="Flex" in environment.profile_types.values(),
            )
        for name, endpoint in environment.private_endpoints.items():
            subnet = (endpoint.network, endpoint.subnet)
            yield rules.endpoint_consumer(subnet, f"private endpoint {name} of environment {key}")


def _nodes(environment: EnvironmentSpec) -> Iterator[rules.Nodes]:
    """Nodes of dedicated profiles; twice as many unless all workloads keep old revisions beside new ones."""
    for key, profile in environment.profiles.items():
        if profile.has_nodes:
            loads = [load for load in environment.workloads.values() if load.profile == key]
            doubled = not loads or any(_replaced(load) for load in loads)
            yield rules.Nodes(key, profile.most, doubled)


def _replicas(environment: EnvironmentSpec) -> rules.Replicas:
    """Replicas of apps and jobs on profiles without dedicated nodes."""
    without = {key for key in environment.profile_types if key not in environment.profiles}
    without |= {key for key, profile in environment.profiles.items() if not profile.has_nodes}
    loads = [load for load in environment.workloads.values() if load.profile in without]
    return rules.Replicas(
        doubled=sum(_most(load) for load in loads if _replaced(load)),
        steady=sum(_most(load) for load in loads if not _replaced(load)),
    )


def _replaced(load: WorkloadSpec) -> bool:
    """Whether a new revision runs beside the replaced one; a job has no revisions."""
    return isinstance(load, AppSpec) and load.revisions == "Single"


def _most(load: AppSpec | JobSpec) -> int:
    return load.most_replicas if isinstance(load, JobSpec) else load.scale.max_replicas


def pullers(spec: StackSpec, sites: Sites) -> Iterator[Puller]:
    """Every app and job."""
    for key, environment in spec.container_apps.items():
        for path, load in environment.workloads.items():
            yield Puller(("container_apps", key, *path), sites["container_apps", key].location, load.identity)


def places(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """Environments outside a dedicated subnet of their region [CAE-1, CAE-6]."""
    taken: dict[SubnetKey, str] = {}
    for key, environment in spec.container_apps.items():
        path = ("container_apps", key)
        if environment.network is None or environment.subnet is None:
            continue
        found = spec.subnet(environment.network, environment.subnet)
        if found is None:
            continue
        region = plan.sites["networks", environment.network].location
        if environment.location and environment.location != region:
            message = (
                f"{environment.location}, but its network {environment.network} is in {region}; leave it out [CAE-1]"
            )
            yield Problem((*path, "location"), message)
        # A network made elsewhere may omit the delegation of its subnet, which is then unknown rather than missing.
        if found.delegation or not spec.networks[environment.network].outside:
            yield from _delegation((*path, "subnet"), environment, found)
        if found.prefix is not None and environment.kind == "workload_profiles":
            yield from _reserved(environment, found.prefix)
        other = taken.setdefault((environment.network, environment.subnet), key)
        if other != key:
            message = (
                f"{environment.subnet} is environment {other}'s; give each environment a subnet of its own [CAE-1]"
            )
            yield Problem((*path, "subnet"), message)


def _delegation(path: Path, environment: EnvironmentSpec, subnet: SubnetSpec) -> Iterator[Problem]:
    """A consumption-only environment accepts a subnet with or without the delegation [CAE-3]."""
    fitting = {DELEGATION} if environment.kind == "workload_profiles" else {DELEGATION, None}
    if subnet.delegation not in fitting:
        given = f"is delegated to {subnet.delegation}" if subnet.delegation else "is delegated to no service"
        yield Problem(path, f"{environment.subnet} {given}; write delegation: {DELEGATION} at the subnet [CAE-1]")


def _reserved(environment: EnvironmentSpec, prefix: IPv4Network) -> Iterator[Problem]:
    for text in rules.RESERVED_RANGES:
        if prefix.overlaps(IPv4Network(text)):
            path = ("networks", environment.network or "", "subnets", environment.subnet or "", "prefix")
            yield Problem(path, f"{prefix} overlaps {text}, which Container Apps reserves; use another range [CAE-6]")


def endpoints(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """Private endpoints of environments in delegated subnets [CAE-9]."""
    for key, environment in spec.container_apps.items():
        for name, endpoint in environment.private_endpoints.items():
            path = ("container_apps", key, "private_endpoints", name)
            found = spec.subnet(endpoint.network, endpoint.subnet)
            if found is not None and found.delegation:
                message = f"{endpoint.subnet} is delegated to {found.delegation}, which excludes endpoints; name another [NET-7]"
                yield Problem((*path, "subnet"), message)


def names_of_apps(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """Networks that resolve the names of an internal environment but do not reach its address [CAE-26]."""
    for key, environment in spec.container_apps.items():
        path = ("container_apps", key, "dns_links")
        for index, link in enumerate(environment.dns_links or ()):
            if link != environment.network and not any(
                {link, environment.network} == {*pair} for pair in plan.peerings
            ):
                message = (
                    f"{link} resolves the names to an address in {environment.network}, but the two are not peered here"
                )
                yield Problem((*path, str(index)), f"{message}; peer them, or remove it [CAE-26]", "warning")
        if environment.dns_links == [] and any(app.ingress for app in environment.apps.values()):
            message = (
                "is empty: the names of the apps do not resolve unless another zone of the environment's default domain has "
                "records * and @ for its static_ip, both of which are outputs of the stack"
            )
            yield Problem(path, f"{message} [CAE-26]", "warning")


def zones(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """Zone redundancy in a region without availability zones [REGION-2]."""
    for key, environment in spec.container_apps.items():
        region = plan.sites["container_apps", key].location
        problem = zone_problem(region, "true", "write false, or leave it out") if environment.zone_redundant else None
        if problem:
            yield Problem(("container_apps", key, "zone_redundant"), problem)


def scalers(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """Roles by which scalers look under an identity, once for each identity and type: nothing of a stack grants them [KEDA-2]."""
    told: set[tuple[str, str]] = set()
    for key, environment in spec.container_apps.items():
        for place, load in environment.workloads.items():
            member, found = (
                (("events",), load.events) if isinstance(load, JobSpec) else (("scale", "rules"), load.scale.rules)
            )
            for name, rule in found.items():
                message = role_message(rule.type or "", rule.identity) if rule.identity else None
                if message and (rule.type or "", rule.identity or "") not in told:
                    told.add((rule.type or "", rule.identity or ""))
                    yield Problem(("container_apps", key, *place, *member, name, "identity"), message, "warning")


def tokens(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """Pulls by identity from a registry that does not accept ARM audience tokens [CAE-19]."""
    if spec.registry is None or spec.registry.policies.azure_ad_authentication_as_arm:
        return
    for puller in plan.pullers:
        if puller.path[0] not in {"container_apps", "session_pools"}:
            continue
        message = (
            f"pulls with identity {puller.identity}, which the registry refuses: its policies.azure_ad_authentication_as_arm is "
            "false; write true [CAE-19]"
        )
        yield Problem(puller.path, message)


CONTAINER_APPS = System(
    section="container_apps",
    charges=charges,
    sites=sites_of,
    consumers=consumers,
    pullers=pullers,
    checks=(places, endpoints, zones, names_of_apps, scalers, tokens),
    builder="stacks.systems.container_apps.build",
)
