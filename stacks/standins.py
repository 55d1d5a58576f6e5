"""What a description assumes of the resources made elsewhere that it names: each as Azure would show it.

A rehearsal needs something in their place. What the file states of a resource is taken; the rest is chosen, and said in words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Any, Final

from pydantic import BaseModel

from components.elsewhere import parsed
from components.network.spec import NetworkSpec, SubnetSpec
from components.registry.spec import RegistrySpec
from components.routing.spec import RouteSpec
from planning import agents, container_apps, container_instances, resource_ids, sandboxes
from planning.addresses import SubnetKey, fitting_prefix, usable
from planning.resource_ids import ResourceId
from stacks.firewalls import address_of
from stacks.plan import Plan
from stacks.spec import StackSpec

Json = dict[str, Any]

_POOL: Final = IPv4Network("172.16.0.0/12")
"""Where the address space of a network is chosen that states none; it is private."""
_UNSTATED_PREFIX: Final = 24
"""Prefix length of a subnet that states neither a range nor free addresses (chosen)."""
_LARGEST_PREFIX: Final = 18
"""Shortest prefix length of a chosen range, so that several fit into the chosen address space."""
_GLOBAL: Final = frozenset({resource_ids.ZONE})
_SKUS: Final[Mapping[str, Json]] = {
    resource_ids.NAT_GATEWAY: {"sku": {"name": "Standard"}},
    resource_ids.VAULT: {
        "properties": {
            "sku": {"family": "A", "name": "standard"},
            "tenantId": "00000000-0000-0000-0000-0000000000aa",
            # The grants of this toolkit are role assignments.
            "enableRbacAuthorization": True,
        }
    },
}
"""What the body of a type must have."""


@dataclass(frozen=True, slots=True)
class StandIn:
    """A resource that stands in for one that is made elsewhere.

    Attributes:
        shown: the resource as a GET would show it, with its id.
        words: what is assumed of it, in words; empty for a part of another one, whose words say it.
    """

    shown: Json
    words: str

    @property
    def id(self) -> str:
        """The ARM id."""
        return str(self.shown["id"])

    def line(self) -> str:
        """Return in one line which resource it is and what is assumed of it."""
        there = ResourceId.parse(self.id)
        place = f" (resource group {there.resource_group}, subscription {there.subscription})" if there else ""
        return f"{self.id.rpartition('/')[2]}{place}: {self.words}"


def standins(spec: StackSpec, plan: Plan) -> list[StandIn]:
    """Return a stand-in for every resource made elsewhere that a description names, each once.

    Outputs of other stacks that are not resolved have none.

    Args:
        spec: the description.
        plan: what was computed from it.
    """
    found = [*_networks(spec, plan), *_registry(spec), *_described(spec, plan), *_compute(spec, plan)]
    known = {each.id.lower() for each in found}
    made = {site.group.name.lower() for site in plan.sites if not site.elsewhere and site.group.id is None}
    for text in dict.fromkeys(texts(spec)):
        there = parsed(text)
        if there is None or text.lower() in known or there.resource_group.lower() in made:
            continue
        known.add(text.lower())
        found.append(_plain(text, spec.location, f"a {there.type} without settings"))
    return found


def texts(value: object) -> Iterator[str]:
    """Yield every text of a description: values and keys, which may be ids."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from texts(getattr(value, name))
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from texts(key)
            yield from texts(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from texts(item)


def _plain(text: str, location: str, words: str, **more: Any) -> StandIn:
    there = parsed(text)
    kind = there.type if there else ""
    known = next((name for name in _SKUS if name.lower() == kind.lower()), "")
    place = "global" if kind.lower() in {each.lower() for each in _GLOBAL} else location
    return StandIn({"id": text, "location": place, **_SKUS.get(known, {}), **more}, words)


def _described(spec: StackSpec, plan: Plan) -> Iterator[StandIn]:
    """Zones, identities, workspaces, vaults and route tables, of which the file may say more than the id."""
    for zone in spec.dns.zones.values():
        if parsed(zone.id):
            yield _plain(str(zone.id), "global", "a zone without records and links")
    for key, identity in spec.identities.items():
        if parsed(identity.id):
            stated = {"principalId": identity.principal_id, "clientId": identity.client_id}
            known = {name: value for name, value in stated.items() if value}
            words = "an identity with the stated ids" if known else "an identity whose principal is made up"
            yield _plain(
                str(identity.id),
                plan.sites["identities", key].location,
                words,
                **({"properties": known} if known else {}),
            )
    for section, noun in (("workspaces", "workspace"), ("metrics_workspaces", "metrics workspace")):
        for key, workspace in getattr(spec.monitoring, section).items():
            if parsed(workspace.id):
                place = plan.sites["monitoring", section, key].location
                yield _plain(str(workspace.id), place, f"a {noun} in {place}")
    for vault in spec.key_vaults.values():
        if parsed(vault.id):
            yield _plain(str(vault.id), spec.location, "a vault that is authorized by roles and open to every network")
    for key, table in spec.route_tables.items():
        if parsed(table.id):
            routes = [_route(spec, name, route) for name, route in table.routes.items()]
            words = f"a route table with the stated routes ({', '.join(table.routes) or 'none'})"
            place = plan.sites["route_tables", key].location
            yield _plain(str(table.id), place, words, properties={"routes": routes})


def _compute(spec: StackSpec, plan: Plan) -> Iterator[StandIn]:
    """Environments with the stated profiles, and clusters with the stated pools."""
    for key, environment in spec.container_apps.items():
        if parsed(environment.id):
            profiles = [{"name": container_apps.CONSUMPTION, "workloadProfileType": container_apps.CONSUMPTION}]
            profiles += [
                {
                    "name": name,
                    "workloadProfileType": profile.type,
                    "minimumCount": profile.least,
                    "maximumCount": profile.most,
                }
                for name, profile in environment.profiles.items()
            ]
            place = plan.sites["container_apps", key].location
            words = f"an environment in {place} with profiles {', '.join(environment.profile_types)}"
            yield _plain(str(environment.id), place, words, properties={"workloadProfiles": profiles})
    for key, cluster in spec.clusters.items():
        if parsed(cluster.id):
            site = plan.sites["clusters", key]
            pools = [
                {"name": name, "mode": pool.mode, "osType": pool.os_type, "count": 1, "vmSize": pool.vm_size}
                for name, pool in cluster.pools.items()
            ]
            properties = {
                "dnsPrefix": site.name,
                "agentPoolProfiles": pools,
                "oidcIssuerProfile": {"enabled": True},
                "securityProfile": {"workloadIdentity": {"enabled": True}},
            }
            words = f"a cluster in {site.location} with workload identity and pools {', '.join(cluster.pools)}"
            identity = {"type": "SystemAssigned"}
            yield _plain(str(cluster.id), site.location, words, identity=identity, properties=properties)


def _route(spec: StackSpec, name: str, route: RouteSpec) -> Json:
    address = route.address or (address_of(spec, route.firewall) if route.firewall else None)
    properties = {"addressPrefix": str(route.prefix), "nextHopType": route.next_hop}
    return {"name": name, "properties": {**properties, **({"nextHopIpAddress": str(address)} if address else {})}}


def _registry(spec: StackSpec) -> Iterator[StandIn]:
    registry = spec.registry
    if registry is None or parsed(registry.id) is None:
        return
    home, replicas = spec.registry_home, registry.replicas
    words = (
        f"a registry with its home in {home}, replicas in {', '.join(replicas) or 'no other region'}, and the switches that the "
        "file states or leaves at their defaults"
    )
    properties = {
        "adminUserEnabled": False,
        "dataEndpointEnabled": registry.data_endpoints,
        "publicNetworkAccess": registry.public_network_access,
        "roleAssignmentMode": registry.role_assignment_mode,
        **_of_premium(registry),
    }
    yield StandIn({"id": registry.id, "location": home, "sku": {"name": registry.sku}, "properties": properties}, words)
    for region, replica in replicas.items():
        shown = {
            "id": f"{registry.id}/replications/{region}",
            "location": region,
            "properties": {"regionEndpointEnabled": replica.global_routing},
        }
        yield StandIn(shown, "")


def _of_premium(registry: RegistrySpec) -> Json:
    if registry.sku != "Premium":
        return {}
    switched = {"regionalEndpoints": "Enabled"} if registry.regional_endpoints else {}
    hashed = {"autoGeneratedDomainNameLabelScope": registry.domain_name_label_scope} if registry.hashed else {}
    return {"networkRuleSet": {"defaultAction": registry.default_action}, **switched, **hashed}


def _networks(spec: StackSpec, plan: Plan) -> Iterator[StandIn]:
    taken = [prefix for network in spec.networks.values() for prefix in network.address_space]
    taken += [each.prefix for network in spec.networks.values() for each in network.subnets.values() if each.prefix]
    delegated = _delegations(spec)
    for key, network in spec.networks.items():
        if parsed(network.id) is None:
            continue
        space, prefixes = _ranges(network, taken)
        taken += space
        subnets, told = [], []
        for name, subnet in network.subnets.items():
            prefix = prefixes[name]
            subnets.append(_subnet(f"{network.id}/subnets/{name}", name, subnet, prefix, delegated.get((key, name))))
            chosen = "" if subnet.prefix else " (range chosen)"
            told.append(f"{name} {prefix}{chosen} with {_room(subnet)}")
        location = plan.sites["networks", key].location
        properties = {"addressSpace": {"addressPrefixes": [str(each) for each in space]}, "subnets": subnets}
        words = f"a network in {location} with {', '.join(map(str, space))}; subnet {', '.join(told)}"
        yield StandIn({"id": network.id, "location": location, "properties": properties}, words)


def _ranges(network: NetworkSpec, taken: Sequence[IPv4Network]) -> tuple[list[IPv4Network], dict[str, IPv4Network]]:
    """The address space of a network and the range of each subnet: as stated, else a free one, if need be of a chosen space."""
    found = {name: subnet.prefix for name, subnet in network.subnets.items() if subnet.prefix}
    space = list(network.address_space or found.values())
    chosen = next(each for each in _POOL.subnets(new_prefix=16) if not any(each.overlaps(other) for other in taken))
    for name, subnet in network.subnets.items():
        if name not in found:
            held = list(found.values())
            length = _length(subnet)
            fitting = (within for within in (*network.address_space, chosen) if within.prefixlen <= length)
            every = (each for within in fitting for each in within.subnets(new_prefix=length))
            found[name] = next(each for each in every if not any(each.overlaps(other) for other in held))
    uses_chosen = any(prefix.subnet_of(chosen) for prefix in found.values())
    return [*space, *([chosen] if uses_chosen else [])], found


def _length(subnet: SubnetSpec) -> int:
    """Prefix length of a subnet that states no range: with room for its free addresses, where these are stated."""
    free = subnet.free_addresses
    return _UNSTATED_PREFIX if free is None else max(_LARGEST_PREFIX, fitting_prefix(free))


def _room(subnet: SubnetSpec) -> str:
    if subnet.free_addresses is None:
        return "all addresses free, since free_addresses is not stated"
    return f"{subnet.free_addresses} free addresses"


def _subnet(subnet_id: str, name: str, subnet: SubnetSpec, prefix: IPv4Network, delegation: str | None) -> Json:
    """A subnet, with as many addresses in use as leaves those that are stated to be free."""
    held = 0 if subnet.free_addresses is None else max(0, usable(prefix.prefixlen) - subnet.free_addresses)
    used = [{"id": f"{subnet_id}#others/ipConfigurations/{number}"} for number in range(held)]
    service = subnet.delegation or delegation
    delegations = [{"name": "delegation", "properties": {"serviceName": service}}] if service else []
    properties = {"addressPrefix": str(prefix), "delegations": delegations, "ipConfigurations": used}
    return {"id": subnet_id, "name": name, "properties": properties}


def _delegations(spec: StackSpec) -> dict[SubnetKey, str]:
    """The delegation that each subnet needs for what this stack puts into it."""
    found: dict[SubnetKey, str] = {}
    sections: tuple[tuple[Mapping[str, Any], str], ...] = (
        (spec.container_apps, container_apps.DELEGATION),
        (spec.sandbox_groups, sandboxes.DELEGATION),
        (spec.container_groups, container_instances.DELEGATION),
    )
    for entries, delegation in sections:
        for entry in entries.values():
            if entry.network and entry.subnet and getattr(entry, "kind", "") != "consumption_only":
                found[entry.network, entry.subnet] = delegation
    for agent in spec.agents.values():
        if agent.egress.network and agent.egress.subnet:
            found[agent.egress.network, agent.egress.subnet] = agents.DELEGATION
    return found
