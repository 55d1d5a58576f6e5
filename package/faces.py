"""The components of the package.

Most are offered as they are. A function adapts one whose constructor takes what only a program in Python has.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import pulumi

from components.private_endpoint.members import Patience
from components.private_endpoint.private_endpoint import PrivateEndpoint
from components.private_endpoint.spec import PrivateEndpointSpec
from components.registry.registry import Registry
from package.face import Face
from planning.endpoints import RegistryShape

_NO_ZONES: Mapping[str, pulumi.Input[str]] = MappingProxyType({})


def private_endpoint(
    name: str,
    spec: PrivateEndpointSpec,
    *,
    endpoint_name: str,
    regions: list[str],
    location: str,
    resource_group_name: pulumi.Input[str],
    subnet_id: pulumi.Input[str],
    registry_id: pulumi.Input[str],
    tags: dict[str, str],
    regional_endpoints: bool = False,
    zone_ids: Mapping[str, pulumi.Input[str]] = _NO_ZONES,
    opts: pulumi.ResourceOptions | None = None,
) -> PrivateEndpoint:
    """Make a private endpoint of a registry that is known by its id.

    Args:
        name: logical name; children's names start with it.
        spec: static addresses and names, if any.
        endpoint_name: name of the endpoint in Azure; that of its network interface is made of it.
        regions: the home region of the registry, and the regions of its replicas; each has a data host.
        location: region of the subnet's network.
        resource_group_name: where the endpoint goes.
        subnet_id: ARM id of the subnet of its addresses.
        registry_id: ARM id of the registry, such as output registryId of a Registry.
        tags: set on the endpoint.
        regional_endpoints: whether each replica of the registry has its own host name.
        zone_ids: ARM ids of private DNS zones that receive its records, by the name of each configuration; at most 5.
        opts: options of the component itself.
    """
    return PrivateEndpoint(
        name,
        spec,
        endpoint_name=endpoint_name,
        interface_name=spec.network_interface_name or f"nic-{endpoint_name}",
        location=location,
        resource_group_name=resource_group_name,
        subnet_id=subnet_id,
        registry_id=registry_id,
        shape=RegistryShape(frozenset(regions), regional_endpoints, data_endpoints=True),
        zone_ids=zone_ids,
        tags=tags,
        patience=Patience(),
        opts=opts,
    )


def _after_the_replicas(registry: Registry) -> pulumi.Output[str]:
    """The id of a registry once its replicas exist: an endpoint made while one is being created fails [PE-4]."""
    return pulumi.Output.all(registry.id, registry.replica_ids).apply(lambda known: str(known[0]))


FACES: tuple[Face, ...] = (
    Face("moorings:registry:Registry", Registry, Registry, outputs_of={"id": _after_the_replicas}),
    Face(
        "moorings:private_endpoint:PrivateEndpoint",
        private_endpoint,
        PrivateEndpoint,
        hidden=frozenset({"name", "dns_zones"}),
    ),
)
"""Every component that takes a spec."""
