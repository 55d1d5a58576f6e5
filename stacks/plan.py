"""What follows from a description before anything is made: sites, addresses, host names, zones and peerings.

Plain values throughout, so that checks run in a preview with nothing unknown and the program only carries them out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from components.access.spec import GrantSpec
from components.references import Edge
from planning.addresses import Ledger
from planning.endpoints import Endpoints, RegistryShape
from planning.names import Names
from planning.problems import Path
from stacks.sites import Sites

Peering = tuple[str, str]
"""Keys of two peered networks, in sorted order."""


@dataclass(frozen=True, slots=True)
class Zone:
    """A private DNS zone to be made, or one made elsewhere.

    Attributes:
        key: how the description or the plan calls it.
        name: its DNS name.
        network: key of the network whose resource group holds it; None for a zone made elsewhere.
        links: keys of the networks that this stack links to it.
        path: where the description asks for it.
        id: its ARM id where it is made elsewhere, or the output that holds the id.
    """

    key: str
    name: str
    network: str | None
    links: tuple[str, ...]
    path: Path
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Puller:
    """Something that pulls images.

    Attributes:
        path: where the description asks for it.
        region: where it runs.
        identity: key of the identity by which it pulls; None where it pulls in another way, or nothing yet.
    """

    path: Path
    region: str
    identity: str | None


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything computed from one description.

    Attributes:
        edges: every reference of the description: where it stands and what it leads to.
        subscription: the subscription that the stack works in; None where it is not known.
        sites: region, resource group and physical name of every entry.
        peerings: pairs of networks to peer.
        zones: zones to make, by key.
        fed: private endpoint key to the keys of the zones that it feeds.
        shape: what the registry's host names depend on.
        endpoints: the registry's host names; None where its login server carries a hash that Azure makes up.
        ledger: addresses of every subnet.
        pullers: everything that pulls images, in the order of the systems.
        grants: who may do what with the registry's content, by key: what the description states, and a pull for every
            identity that something pulls by and that no stated grant lets pull.
    """

    edges: tuple[Edge, ...]
    subscription: str | None
    sites: Sites
    peerings: tuple[Peering, ...]
    zones: dict[str, Zone]
    fed: dict[str, tuple[str, ...]]
    shape: RegistryShape
    endpoints: Endpoints | None
    ledger: Ledger
    pullers: tuple[Puller, ...]
    grants: dict[str, GrantSpec]

    @property
    def names(self) -> Names:
        """What physical names are made by."""
        return self.sites.names

    def references(self, below: Path) -> Iterator[Edge]:
        """Yield the references below a path that lead somewhere."""
        return (edge for edge in self.edges if edge.path[: len(below)] == below and edge.target)

    def image_host(self, region: str) -> str | None:
        """Return the host that what runs in a region pulls from: its own replica's, else the global one.

        None where the registry's login server carries a hash that Azure makes up.
        """
        return None if self.endpoints is None else self.endpoints.regional.get(region, self.endpoints.global_)
