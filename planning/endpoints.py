"""Host names and private-link members of a registry, all from one description.

Firewall lists, image names, DNS records and the address ledger are all derived from it, so they are consistent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from planning.clouds import CLOUDS, CloudName

GROUP_ID = "registry"
"""The private-link group of a registry [PE-1]."""


PREMIUM_PROPERTIES: Mapping[str, object] = {
    "regionalEndpoints": True,
    "dataEndpointEnabled": True,
    "endpointProtocol": "IPv4AndIPv6",
    "policies.exportPolicy.status": "disabled",
    "policies.quarantinePolicy.status": True,
    "policies.retentionPolicy.status": True,
}
"""Properties of a registry in ARM with the value that needs the Premium SKU; True stands for a switch that is on
[ACR-10]."""


@dataclass(frozen=True, slots=True)
class RegistryShape:
    """The settings that determine the host names of a registry.

    Attributes:
        regions: home and replica regions; the order does not matter, a region counts once.
        regional_endpoints: whether each replica has a host name of its own.
        data_endpoints: whether layers come from the registry's own data hosts: switched on, or implied by a private
            endpoint [ACR-4].
        cloud: decides the suffixes.
    """

    regions: frozenset[str]
    regional_endpoints: bool
    data_endpoints: bool
    cloud: CloudName = "public"

    @classmethod
    def of(
        cls,
        home: str,
        replicas: Iterable[str],
        *,
        regional_endpoints: bool,
        dedicated_data_endpoints: bool,
        private_endpoints: bool,
        cloud: CloudName = "public",
    ) -> RegistryShape:
        """Build the shape from what a person states about a registry."""
        return cls(
            regions=frozenset((home, *replicas)),
            regional_endpoints=regional_endpoints,
            data_endpoints=dedicated_data_endpoints or private_endpoints,
            cloud=cloud,
        )


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Host names of a registry, none with a scheme or a port.

    Attributes:
        global_: the login server that Azure routes to a healthy replica near the client.
        regional: region to the host that always reaches that region's replica; empty where switched off.
        data: region to the host that layers are downloaded from; empty where layers come from storage accounts.
        storage: the wildcard that stands for the storage accounts where there are no data hosts, else None.
    """

    global_: str
    regional: Mapping[str, str]
    data: Mapping[str, str]
    storage: str | None

    def hosts(self) -> tuple[str, ...]:
        """Every host that a client must reach over port 443, the global one first, then by region."""
        names = (self.global_, *self.regional.values(), *self.data.values())
        return (*names, self.storage) if self.storage else names

    def as_dict(self) -> dict[str, object]:
        """Return the names as plain data, the form in which a stack exports them."""
        return {
            "global": self.global_,
            "regional": dict(self.regional),
            "data": dict(self.data),
            "storage": self.storage,
        }


def endpoints(label: str, shape: RegistryShape) -> Endpoints:
    """Compute the host names of a registry [ACR-1].

    Args:
        label: the first label of the login server: the registry's name, or ``name-hash`` where a domain-name-label
            scope is set. The hash is known only after creation [ACR-6]. A host name is in lower case however the name
            is written.
        shape: regions and switches.
    """
    cloud, label = CLOUDS[shape.cloud], label.lower()
    regions = sorted(shape.regions)
    regional = {region: f"{label}.{region}.geo.{cloud.registry_suffix}" for region in regions}
    data = {region: f"{label}.{region}.data.{cloud.registry_suffix}" for region in regions}
    return Endpoints(
        global_=f"{label}.{cloud.registry_suffix}",
        regional=regional if shape.regional_endpoints else {},
        data=data if shape.data_endpoints else {},
        storage=None if shape.data_endpoints else f"*.{cloud.blob_suffix}",
    )


def record_names(label: str, shape: RegistryShape) -> dict[str, str]:
    """Return the name of each member's address record, relative to the registry's private-link zone [DNS-1].

    Args:
        label: the first label of the login server, as for `endpoints`.
        shape: regions and switches.
    """
    suffix = f".{CLOUDS[shape.cloud].registry_suffix}"
    names = endpoints(label, shape)
    return {
        "registry": names.global_.removesuffix(suffix),
        **{f"registry_data_{region}": host.removesuffix(suffix) for region, host in names.data.items()},
        **{f"registry_{region}": host.removesuffix(suffix) for region, host in names.regional.items()},
    }


def members(shape: RegistryShape) -> tuple[str, ...]:
    """Return the private-link members that a private endpoint of the registry serves, one address each [PE-2].

    ``registry`` for the global host, ``registry_data_<region>`` for each data host and, with regional endpoints,
    ``registry_<region>`` for each replica's host: 1 + N, or 1 + 2N, for N regions.
    """
    regions = sorted(shape.regions)
    regional = [f"registry_{region}" for region in regions] if shape.regional_endpoints else []
    return ("registry", *(f"registry_data_{region}" for region in regions), *regional)
