"""A snapshot of everything that a pull depends on, indexed once so that each question is a few look-ups."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from ipaddress import IPv4Address

from local_azure.services.authorization import ASSIGNMENTS
from local_azure.services.identities import IDENTITIES
from local_azure.services.peerings import PEERINGS
from local_azure.services.private_dns import LINKS, ZONES
from local_azure.services.private_links import ENDPOINTS
from local_azure.services.registry_endpoints import REGISTRIES, REPLICATIONS, named, serving, split
from local_azure.store import Resource

_PROVIDERS = (
    "App",
    "Authorization",
    "ContainerInstance",
    "ContainerRegistry",
    "ContainerService",
    "ManagedIdentity",
    "Network",
)
_WITHIN = tuple(f"Microsoft.{name}/" for name in _PROVIDERS)


def matters(type_name: str) -> bool:
    """Tell whether a resource of a type may decide whether something can pull."""
    return type_name.startswith(_WITHIN)


@dataclass(frozen=True, slots=True)
class Host:
    """A host name of a registry: its kind (`global`, `regional` or `data`) and, but for the global one, its region."""

    registry: Resource
    kind: str
    region: str = ""

    @property
    def member(self) -> str:
        """Name of the private link member behind it [PE-2]."""
        return {
            "global": "registry",
            "regional": f"registry_{self.region}",
            "data": f"registry_data_{self.region}",
        }[self.kind]


class Estate:
    """Resources and private addresses at one moment."""

    def __init__(
        self,
        resources: Iterable[Resource],
        addresses: Iterable[tuple[str, int, str, str]],
        down: frozenset[str] = frozenset(),
    ) -> None:
        """Take a snapshot.

        Args:
            resources: every stored resource.
            addresses: subnet, number, owner and member of every private address in use, ids in lower case.
            down: regions in which the registry service is down.
        """
        self.down = down
        self.by_key: dict[str, Resource] = {}
        self._by_type: dict[str, list[Resource]] = defaultdict(list)
        self._children: dict[tuple[str, str], list[Resource]] = defaultdict(list)
        for resource in resources:
            self.by_key[resource.key] = resource
            self._by_type[resource.type].append(resource)
            self._children[resource.key.rsplit("/", 2)[0], resource.type].append(resource)
        self.addresses = tuple(addresses)

    def get(self, resource_id: str) -> Resource | None:
        """Return the resource of that id, whatever its case."""
        return self.by_key.get(resource_id.lower())

    def of_type(self, type_name: str) -> list[Resource]:
        """Return all resources of a type."""
        return self._by_type.get(type_name, [])

    def children(self, parent: str, type_name: str) -> list[Resource]:
        """Return the children of a resource that are of a type."""
        return self._children.get((parent.lower(), type_name), [])

    @cached_property
    def hosts(self) -> Mapping[str, Host]:
        """The host names at which a registry answers."""
        found: dict[str, Host] = {}
        for registry in self.of_type(REGISTRIES):
            places = serving(registry, self.children(registry.id, REPLICATIONS))
            data, regional = named(registry, places)
            found[registry.properties["loginServer"].lower()] = Host(registry, "global")
            found |= {host: Host(registry, "data", place) for host, place in zip(data, places, strict=False)}
            found |= {host: Host(registry, "regional", place) for host, place in zip(regional, places, strict=False)}
        return found

    @cached_property
    def data_hosts(self) -> Mapping[str, list[str]]:
        """The data hosts of each registry, by its key."""
        found: dict[str, list[str]] = defaultdict(list)
        for name, host in self.hosts.items():
            if host.kind == "data":
                found[host.registry.key].append(name)
        return found

    def registry_by_label(self, host: str) -> Resource | None:
        """Return the registry whose name a host begins with, whether the host exists or not."""
        return self._labels.get(host.partition(".")[0].lower())

    @cached_property
    def _labels(self) -> Mapping[str, Resource]:
        return {split(r.properties["loginServer"])[0]: r for r in self.of_type(REGISTRIES)}

    def routed(self, registry: Resource) -> list[str]:
        """Return the regions to which the global host name may lead [ACR-3].

        It leads away from regions that are down while there is another one [ACR-FAILOVER].
        """
        replicas = self.children(registry.id, REPLICATIONS)
        if not replicas:
            return [registry.location]
        on = [r for r in replicas if r.state.get("serving") and r.properties["regionEndpointEnabled"]]
        regions = sorted(replica.location for replica in on)
        return [region for region in regions if region not in self.down] or regions

    def endpoints_of(self, registry: Resource) -> list[Resource]:
        """Return the private endpoints that were made for a registry, connected or not."""
        return self._endpoints.get(registry.key, [])

    @cached_property
    def _endpoints(self) -> Mapping[str, list[Resource]]:
        found: dict[str, list[Resource]] = defaultdict(list)
        for endpoint in self.of_type(ENDPOINTS):
            found[str(endpoint.state["target"]).lower()].append(endpoint)
        return found

    def holders(self, address: str) -> list[tuple[Resource, str]]:
        """Return the private endpoints that hold an address, each with the member that it stands for."""
        return self._holders.get(address, [])

    @cached_property
    def _holders(self) -> Mapping[str, list[tuple[Resource, str]]]:
        found: dict[str, list[tuple[Resource, str]]] = defaultdict(list)
        for _, number, owner, member in self.addresses:
            endpoint = self.by_key.get(owner)
            if endpoint is not None and endpoint.type == ENDPOINTS:
                found[str(IPv4Address(number))].append((endpoint, member))
        return found

    def zones_of(self, network: str) -> Mapping[str, tuple[Resource, Resource]]:
        """Return zone and link by the zone's name, for the private DNS zones that a network is linked to."""
        return self._zones.get(network, {})

    @cached_property
    def _zones(self) -> Mapping[str, dict[str, tuple[Resource, Resource]]]:
        found: dict[str, dict[str, tuple[Resource, Resource]]] = defaultdict(dict)
        for link in self.of_type(LINKS):
            zone = self.by_key.get(link.key.rsplit("/", 2)[0])
            if zone is not None:
                found[link.properties["virtualNetwork"]["id"].lower()][zone.name.lower()] = (zone, link)
        return found

    def record(self, zone: Resource, name: str) -> Resource | None:
        """Return the A or CNAME record set of a name relative to a zone, `@` for the zone itself, or a wildcard's."""
        wild = f"*.{name.partition('.')[2]}".removesuffix(".")
        for shown in (name, wild, "*"):
            for kind in ("A", "CNAME"):
                found = self.by_key.get(f"{zone.key}/{kind.lower()}/{shown}")
                if found is not None:
                    return found
        return None

    def zones_with(self, name: str) -> list[Resource]:
        """Return the private DNS zones that have a record for a full name, linked to anything or not."""
        return [z for z in self.of_type(ZONES) if (short := relative(z.name, name)) and self.record(z, short)]

    def reachable(self, network: str) -> frozenset[str]:
        """Return a network and those that it is peered with, in both directions [DNS-5]."""
        return self._peers.get(network, frozenset()) | {network}

    @cached_property
    def _peers(self) -> Mapping[str, frozenset[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for peering in self.of_type(PEERINGS):
            properties = peering.properties
            if properties["peeringState"] == "Connected" and properties["allowVirtualNetworkAccess"]:
                found[network_of(peering.key)].add(properties["remoteVirtualNetwork"]["id"].lower())
        both = {one: {two for two in others if one in found.get(two, ())} for one, others in found.items()}
        return {one: frozenset(others) for one, others in both.items()}

    def grants(self, principal: str) -> list[Resource]:
        """Return the role assignments of a principal, at any scope."""
        return self._grants.get(principal.lower(), [])

    @cached_property
    def _grants(self) -> Mapping[str, list[Resource]]:
        found: dict[str, list[Resource]] = defaultdict(list)
        for assignment in self.of_type(ASSIGNMENTS):
            found[str(assignment.properties["principalId"]).lower()].append(assignment)
        return found

    def identity(self, identity_id: str) -> Resource | None:
        """Return a user-assigned identity that exists."""
        found = self.get(identity_id)
        return found if found is not None and found.type == IDENTITIES else None


def network_of(part: str) -> str:
    """Return the key of the virtual network of one of its subnets or peerings; nothing for no id."""
    return part.lower().rsplit("/", 2)[0] if part else ""


def relative(zone: str, name: str) -> str | None:
    """Return a name relative to a zone, `@` for the zone itself, None where the zone does not hold it."""
    zone = zone.lower()
    return "@" if name == zone else name.removesuffix(f".{zone}") if name.endswith(f".{zone}") else None
