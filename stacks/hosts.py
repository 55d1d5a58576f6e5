"""Host names of the registry while the stack is deployed: plain where they are known in advance, else outputs [ACR-6]."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi

from components.private_endpoint.private_endpoint import PrivateEndpoint
from components.registry.registry import Registry
from planning.endpoints import Endpoints, RegistryShape, endpoints, record_names
from planning.image_hosts import Choice, Rotation, image_host
from stacks.plan import Plan


class Hosts:
    """The host names of one registry, whose login server contains a hash where Azure generates one."""

    names: pulumi.Output[Endpoints]

    def __init__(self, plan: Plan, shape: RegistryShape, rotation: Rotation, registry: Registry) -> None:
        """Take the plan of the stack, the shape of its registry, which regions are drained, and the registry itself."""
        self._shape, self._rotation, self._server = shape, rotation, registry.login_server
        known = plan.endpoints
        self.names = (
            pulumi.Output.from_input(known)
            if known is not None
            else registry.login_server.apply(lambda server: endpoints(_label(server), shape))
        )

    def all(self) -> pulumi.Output[Mapping[str, object]]:
        """Return every host name by its kind, and under ``push`` by region the host that a pipeline there pushes to."""
        return self.names.apply(lambda names: {**names.as_dict(), "push": self._push(names)})

    def _push(self, names: Endpoints) -> Mapping[str, str]:
        """One replica for each region, so that a pull by tag from this host finds what was pushed [ACR-PUSH]."""
        return {region: image_host(names, region, "regional", self._rotation) for region in sorted(self._shape.regions)}

    def of(self, region: str, choice: Choice) -> pulumi.Output[str]:
        """Return the host of images for a region, as `planning.image_hosts.image_host` does."""
        return self.names.apply(lambda names: image_host(names, region, choice, self._rotation))

    def records(self, zone: str, private: Mapping[str, PrivateEndpoint]) -> pulumi.Output[Mapping[str, object]]:
        """Return the records that others write: by private endpoint the zone, and the address of each name in it.

        Args:
            zone: DNS name of the zone.
            private: the private endpoints by key.
        """
        shape = self._shape

        def records(found: Sequence[Any]) -> Mapping[str, object]:
            server, addresses = found
            names = record_names(_label(server), shape)
            return {
                key: {"zone": zone, "records": {names[member]: address for member, address in each.items()}}
                for key, each in addresses.items()
            }

        return pulumi.Output.all(self._server, addresses_of(private)).apply(records)


def addresses_of(private: Mapping[str, PrivateEndpoint]) -> pulumi.Output[Mapping[str, Mapping[str, str]]]:
    """Return the addresses of private endpoints by key and member."""
    return pulumi.Output.all(**{key: endpoint.addresses for key, endpoint in private.items()})


def _label(server: str) -> str:
    """The first label of a login server."""
    return server.partition(".")[0]
