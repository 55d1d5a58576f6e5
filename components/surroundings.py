"""What a workload finds around it: groups, networks, the registry, identities and workspaces of its environment.

Systems take from here what they need of one another, so that none reaches into another. The platform fills it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import pulumi
import pulumi_azure_native as azure_native

from components.identity.identity import UserAssignedIdentity
from components.monitoring.metrics_workspace import MetricsWorkspace
from components.monitoring.workspace import Workspace
from components.network.network import Network
from components.ordering import comes_after
from planning.names import Names
from planning.roles import Mode

Made = dict[str, pulumi.Input[object]]
"""What a system tells of one thing that it made: plain values or outputs by name, exported under the thing's key."""


@dataclass(frozen=True)
class RegistryAccess:
    """The registry as those see it who pull from it.

    Attributes:
        id: its ARM id.
        name: its physical name.
        mode: its role assignment mode.
        host: region to the host that is pulled from there: the co-located replica's own, else the global one.
        global_host: the host that Azure routes to a healthy replica.
        ready: what to wait for before pulling: replicas, private endpoints and the grants.
    """

    id: pulumi.Output[str]
    name: str
    mode: Mode
    host: Callable[[str], pulumi.Output[str]]
    global_host: pulumi.Output[str]
    ready: tuple[pulumi.Resource, ...]


@dataclass(frozen=True)
class Surroundings:
    """One environment around a workload.

    Attributes:
        name: what logical names start with.
        parent: the component that owns the systems.
        names: physical names.
        tags: set on everything that takes tags.
        location: home region.
        locations: network key to its region.
        networks: networks by key.
        resource_group: makes, or returns, the group of a role in a location; further parts tell groups of one role apart.
        registry: where images come from.
        identities: user-assigned identities by key.
        workspaces: Log Analytics workspaces by key.
        metrics_workspaces: Azure Monitor workspaces by key.
        made: what earlier systems made: section, then key, then what they tell.
    """

    name: str
    parent: pulumi.Resource
    names: Names
    tags: dict[str, str]
    location: str
    locations: Mapping[str, str]
    networks: Mapping[str, Network]
    resource_group: Callable[..., azure_native.resources.ResourceGroup]
    registry: RegistryAccess
    identities: Mapping[str, UserAssignedIdentity]
    workspaces: Mapping[str, Workspace]
    metrics_workspaces: Mapping[str, MetricsWorkspace]
    made: dict[str, dict[str, Made]] = field(default_factory=dict)

    def subnet_id(self, network: str, subnet: str) -> pulumi.Output[str]:
        """Return the id of a subnet by the keys of its network and itself."""
        return self.networks[network].subnet_ids.apply(lambda ids: ids[subnet])

    def options(
        self, *, after_pull_access: bool = False, after: Sequence[pulumi.Resource] = ()
    ) -> pulumi.ResourceOptions:
        """Return the options of a system's component.

        Args:
            after_pull_access: whether everything in it comes after what pulling needs.
            after: what everything in it comes after besides.
        """
        first = [*(self.registry.ready if after_pull_access else ()), *after]
        return pulumi.ResourceOptions(parent=self.parent, transformations=[comes_after(first)] if first else None)
