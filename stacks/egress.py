"""What the compute of a stack reaches outside of its networks: clients by region, with their subnets and destinations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from ipaddress import IPv4Network
from urllib.parse import urlsplit

from components.aks.spec import ClusterSpec
from components.container_apps.spec import EnvironmentSpec
from planning.addresses import SubnetKey
from planning.clouds import CLOUDS
from planning.egress import (
    ClusterNeeds,
    Destination,
    cluster_destinations,
    environment_destinations,
    mirror_destinations,
    registry_destinations,
)
from planning.endpoints import Endpoints, endpoints
from planning.firewall_rules import Admission
from planning.problems import Path
from planning.vm_sizes import has_gpus
from stacks.cached_images import direct_hosts
from stacks.nouns import NOUNS
from stacks.plan import Plan
from stacks.spec import StackSpec


@dataclass(frozen=True, slots=True)
class Client:
    """Something that reaches outside.

    Attributes:
        path: where the description asks for it.
        name: what it is called, such as ``cluster eastus``.
        region: where it runs.
        subnets: the subnets that it is in; empty where it is in none of this description's.
        registry: the registry's hosts that it uses; empty where it pulls nothing.
        own: what it reaches besides.
        private: whether the registry's hosts lead to a private endpoint in its network.
    """

    path: Path
    name: str
    region: str
    subnets: tuple[SubnetKey, ...]
    registry: tuple[Destination, ...]
    own: tuple[Destination, ...]
    private: bool


def clients(spec: StackSpec, plan: Plan, hosts: Endpoints | None) -> tuple[Client, ...]:
    """Return everything that reaches outside, in the order of the sections, each once.

    Args:
        spec: the description.
        plan: what was computed from it.
        hosts: the registry's host names; None for a stack without a registry.
    """
    entries: dict[Path, str] = {}
    for section in ("clusters", "container_apps"):
        for key in getattr(spec, section):
            entries[section, key] = plan.sites[section, key].location
    for puller in plan.pullers:
        entries.setdefault(puller.path[:2], puller.region)
    return tuple(_client(spec, plan, hosts, path, region) for path, region in entries.items())


def _client(spec: StackSpec, plan: Plan, hosts: Endpoints | None, path: Path, region: str) -> Client:
    section, key = path
    entry = getattr(spec, section)[key]
    subnets = tuple(dict.fromkeys(_subnets(entry)))
    fed = {zone for zones in plan.fed.values() for zone in zones}
    linked = {link for zone in plan.zones.values() if zone.key in fed for link in zone.links}
    registry = registry_destinations(hosts, region, spec.routed, spec.rotation.fallbacks.get(region)) if hosts else ()
    mirrors = mirror_destinations(hosts, region, spec.routed) if hosts and isinstance(entry, ClusterSpec) else ()
    reached = {each.name for each in registry}
    return Client(
        path,
        f"{NOUNS.get(section, section)} {key}",
        region,
        subnets,
        registry,
        # Nodes of a cluster also use the mirrors that `./moorings manifests` writes.
        (
            *(each for each in mirrors if each.name not in reached),
            *_own(spec, entry, region),
            *_direct(spec, path, entry),
        ),
        any(network in linked for network, _ in subnets),
    )


def _subnets(entry: object) -> Iterator[SubnetKey]:
    """The subnets whose traffic leaves by their routes: of an entry, and of a cluster's pools."""
    network, subnet = getattr(entry, "network", None), getattr(entry, "subnet", None)
    if network is None:
        return
    if subnet:
        yield network, subnet
    for pool in entry.pools.values() if isinstance(entry, ClusterSpec) else ():
        yield from ((network, each) for each in (pool.subnet, pool.pod_subnet) if each)


def _direct(spec: StackSpec, path: Path, entry: object) -> Iterator[Destination]:
    """Hosts of other registries that images are pulled from directly: by an entry, or by the workloads of a cluster."""
    section, key = path
    pulling = [each for each in spec.workloads.values() if key in each.clusters] if section == "clusters" else [entry]
    for host in dict.fromkeys(host for each in pulling for host in direct_hosts(each)):
        yield Destination(host, "Https", 443, "images of another registry", "IMAGE-1", "direct-images")


def _own(spec: StackSpec, entry: object, region: str) -> tuple[Destination, ...]:
    if isinstance(entry, ClusterSpec):
        # What a cluster made elsewhere needs is admitted by the stack that makes it.
        return () if entry.id else cluster_destinations(_needs(entry, region), spec.cloud)
    if isinstance(entry, EnvironmentSpec):
        urls = [secret.key_vault_url for its in entry.workloads.values() for secret in its.secrets.values()]
        return environment_destinations(spec.cloud, sorted({urlsplit(url).hostname or url for url in urls}))
    return ()


def _needs(cluster: ClusterSpec, region: str) -> ClusterNeeds:
    pools = cluster.pools.values()
    return ClusterNeeds(
        region=region,
        private=cluster.api_server.private,
        windows=any(pool.os_type == "Windows" for pool in pools),
        ubuntu=any(pool.os_sku == "Ubuntu" for pool in pools),
        gpus=any(has_gpus(pool.vm_size) for pool in pools),
        policy=cluster.azure_policy,
        secrets=cluster.key_vault_secrets,
        defender=cluster.watched,
        metrics=cluster.metrics_workspace is not None,
    )


def by_region(found: Sequence[Client]) -> dict[str, tuple[Client, ...]]:
    """Return the clients by region, in the order in which the regions first appear."""
    regions = dict.fromkeys(client.region for client in found)
    return {region: tuple(client for client in found if client.region == region) for region in regions}


def groups(spec: StackSpec, found: Sequence[Client]) -> dict[str, list[Admission]]:
    """Return the admissions by rule collection group, each for one purpose.

    What a change of the registry opens or closes is a group of its own: its login servers, the layers of each replica, the
    storage accounts. Such a group is made before the registry changes, and deleted after it.
    """
    made: dict[str, list[Admission]] = {}
    for its in by_region(found).values():
        pulling = [client for client in its if client.registry]
        shared = [(pulling, pulling[0].registry)] if pulling else []
        for needing, destinations in (*shared, *(([client], client.own) for client in its)):
            names, ranges = tuple(client.name for client in needing), sources(spec, needing)
            for group in dict.fromkeys(each.group for each in destinations):
                admitted = tuple(each for each in destinations if each.group == group)
                made.setdefault(group, []).append(Admission(names, ranges, admitted))
    return made


def sources(spec: StackSpec, found: Sequence[Client]) -> tuple[IPv4Network, ...]:
    """Return the ranges that clients are in; nothing where one of them is not known, since its traffic may come from anywhere."""
    subnets = [key for client in found for key in client.subnets] if all(client.subnets for client in found) else []
    known = [its.prefix for network, key in dict.fromkeys(subnets) if (its := spec.subnet(network, key)) and its.prefix]
    return tuple(known) if len(known) == len(set(subnets)) else ()


def next_changes(plan: Plan, hosts: Endpoints) -> Iterator[str]:
    """Yield what the next changes of the registry open and close, in their order."""
    shape = plan.shape
    if shape is None:
        return
    label = hosts.global_.partition(".")[0]
    if not shape.data_endpoints:
        further = endpoints(label, replace(shape, data_endpoints=True)).data.values()
        yield f"data endpoints: open {', '.join(further)} before they are switched on; close {hosts.storage} after it"
    if not shape.regional_endpoints and CLOUDS[shape.cloud].regional_endpoints:
        further = endpoints(label, replace(shape, regional_endpoints=True)).regional.values()
        own = "each in its own region" + (", and all of them for clusters" if len(further) > 1 else "")
        yield f"regional endpoints: open {', '.join(further)}, {own}, before they are switched on"
    more = endpoints(label, replace(shape, regions=frozenset({"REGION"})))
    opened = [*more.data.values(), *more.regional.values()]
    if opened:
        yield f"a further replica: open {' and '.join(opened)} before it is added; close those of a replica after it is removed"
