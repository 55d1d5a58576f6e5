"""The plan of a stack: sites, addresses, host names, zones and peerings, computed from its spec.

Plain values only, so that checks run in a preview without unknown values.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from components.access.spec import GrantSpec
from components.dns.spec import ResolutionPolicy
from components.elsewhere import parsed
from components.references import Edge
from planning.addresses import Ledger
from planning.endpoints import Endpoints, RegistryShape
from planning.image_hosts import Choice, Rotation, image_host
from planning.names import Names
from planning.problems import Path
from stacks.sites import Sites

Peering = tuple[str, str]
"""Keys of two peered networks, in sorted order."""


@dataclass(frozen=True, slots=True)
class Zone:
    """A private DNS zone of the plan, of this stack or made elsewhere.

    Attributes:
        key: its key in the stack file or the plan.
        name: its DNS name.
        network: key of the network whose resource group holds it; None for a zone made elsewhere.
        links: keys of the networks that this stack links to it.
        path: its path in the stack file.
        id: ARM id of a zone made elsewhere, or the output that holds it.
        link_names: names of links by the key of the network; the others are named by the key.
        resolution_policy: what linked networks do with a name that has no record [DNS-7].
    """

    key: str
    name: str
    network: str | None
    links: tuple[str, ...]
    path: Path
    id: str | None = None
    link_names: Mapping[str, str] = field(default_factory=dict, hash=False)
    resolution_policy: ResolutionPolicy = "Default"


@dataclass(frozen=True, slots=True)
class Puller:
    """A consumer that pulls images.

    Attributes:
        path: its path in the stack file.
        region: its region.
        identity: key of the identity that pulls; None if it pulls in another way, or not yet.
    """

    path: Path
    region: str
    identity: str | None


@dataclass(frozen=True, slots=True)
class Plan:
    """The values computed from one spec.

    Attributes:
        edges: every reference of the spec, with its path and target.
        subscription: the stack's own subscription; None if it is not known.
        sites: region, resource group and physical name of every entry.
        peerings: pairs of networks to peer.
        zones: zones to make, by key.
        fed: private endpoint key to the keys of the zones that it writes.
        shape: the settings that determine the registry's host names; None without a registry.
        endpoints: the registry's host names; None if its login server contains a hash that Azure generates, and without a
            registry.
        ledger: addresses of every subnet.
        pullers: all consumers that pull images, in the order of the systems.
        grants: grants on the registry, by key: those of the stack file, and a pull for every pulling identity without
            one.
    """

    edges: tuple[Edge, ...]
    subscription: str | None
    sites: Sites
    peerings: tuple[Peering, ...]
    zones: dict[str, Zone]
    fed: dict[str, tuple[str, ...]]
    shape: RegistryShape | None
    endpoints: Endpoints | None
    ledger: Ledger
    pullers: tuple[Puller, ...]
    grants: dict[str, GrantSpec]

    @property
    def names(self) -> Names:
        """Names of Azure resources."""
        return self.sites.names

    def subscription_of(self, resource_id: str | None) -> str | None:
        """Return the subscription of a resource made elsewhere if it is not the stack's own, else None."""
        there = parsed(resource_id)
        foreign = there and self.subscription and there.subscription.lower() != self.subscription.lower()
        return there.subscription if there and foreign else None

    def references(self, below: Path) -> Iterator[Edge]:
        """Yield the resolved references below a path."""
        return (edge for edge in self.edges if edge.path[: len(below)] == below and edge.target)

    def image_host(self, region: str, choice: Choice, rotation: Rotation) -> str | None:
        """Return the registry host of a consumer's images, as `planning.image_hosts.image_host` does.

        None if the registry's login server contains a hash that Azure generates, and without a registry.
        """
        return None if self.endpoints is None else image_host(self.endpoints, region, choice, rotation)


def app_key(environment: str, app: str) -> str:
    """Return the key of an app among the components of a stack, which is distinct from that of every environment."""
    return f"{environment}/{app}"
