"""What a builder finds in its environment: resource groups, the registry, and the components that were made before.

Systems take from here what they need of one another, so that none reaches into another. The platform provides it.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypedDict, TypeVar

import pulumi
import pulumi_azure_native as azure_native

from components.identity.identity import UserAssignedIdentity
from components.monitoring.workspace import Workspace
from components.network.network import Network
from components.ordering import comes_after
from components.permissions import Permissions
from components.registry.registry import Registry
from stacks.plan import Plan
from stacks.sites import Group, Site
from stacks.spec import StackSpec

Report = dict[str, pulumi.Input[object]]
"""What the stack exports of one component: plain values or outputs by name."""

Component = TypeVar("Component", bound=pulumi.ComponentResource)


class Placement(TypedDict):
    """The arguments by which every component is placed."""

    location: str
    resource_group_name: pulumi.Output[str]
    tags: dict[str, str]


class ResourceGroups:
    """The resource groups of an environment, each made when something is first placed in it."""

    def __init__(
        self, name: str, tags: dict[str, str], parent: pulumi.Resource, moving: Collection[tuple[str, ...]] = ()
    ) -> None:
        """Start without any group.

        Args:
            name: what logical names start with.
            tags: set on every group, and on everything that takes tags.
            parent: the component that owns the groups.
            moving: groups, by their parts, that move to another region with all that is in them; others stay where they are.
        """
        self._name, self._tags, self._parent, self._moving = name, tags, parent, moving
        self._made: dict[tuple[str, ...], azure_native.resources.ResourceGroup] = {}
        self._providers: dict[str, azure_native.Provider] = {}

    def provider(self, subscription: str | None) -> azure_native.Provider | None:
        """Return what deploys to a subscription other than the one that the stack works in; None for that one."""
        if subscription is None:
            return None
        key = subscription.lower()
        if key not in self._providers:
            self._providers[key] = azure_native.Provider(
                f"{self._name}-subscription-{key}",
                subscription_id=subscription,
                opts=pulumi.ResourceOptions(parent=self._parent),
            )
        return self._providers[key]

    def options(self, subscription: str | None) -> pulumi.ResourceOptions:
        """Return the options of a component whose children lie in a subscription; None is the one of the stack."""
        provider = self.provider(subscription)
        return pulumi.ResourceOptions(parent=self._parent, providers=[provider] if provider else None)

    def of(self, group: Group) -> azure_native.resources.ResourceGroup:
        """Return a resource group."""
        if group.parts not in self._made:
            self._made[group.parts] = azure_native.resources.ResourceGroup(
                "-".join((self._name, "rg", *group.parts)),
                resource_group_name=group.name,
                location=group.location,
                tags=self._tags,
                # Azure moves no group: another region replaces it with all that is in it, also with what stays where it is.
                opts=pulumi.ResourceOptions(
                    parent=self._parent,
                    provider=self.provider(group.subscription),
                    ignore_changes=None if group.parts in self._moving else ["location"],
                ),
            )
        return self._made[group.parts]

    def placement(self, site: Site) -> Placement:
        """Return the arguments that place a component at a site; what is made elsewhere needs no group of this stack."""
        group = pulumi.Output.from_input(site.group.name) if site.elsewhere else self.of(site.group).name
        return {"location": site.location, "resource_group_name": group, "tags": self._tags}


class Resources:
    """The components of an environment by class and key."""

    def __init__(self) -> None:
        self._by_class: dict[type[pulumi.ComponentResource], dict[str, pulumi.ComponentResource]] = {}

    def add(self, components: Mapping[str, pulumi.ComponentResource]) -> None:
        """Add components by the keys of the description."""
        for key, component in components.items():
            self._by_class.setdefault(type(component), {})[key] = component

    def of(self, kind: type[Component]) -> dict[str, Component]:
        """Return every component of a class by key."""
        found = self._by_class.get(kind, {})
        return {key: component for key, component in found.items() if isinstance(component, kind)}


@dataclass(frozen=True)
class Built:
    """What a builder made of its section.

    Attributes:
        report: what the stack exports of each entry, by key.
        components: what later systems may use, by key.
        pulls: what pulls images without saying so in ARM, as docs/reach.md describes it.
    """

    report: Mapping[str, Report]
    components: Mapping[str, pulumi.ComponentResource] = field(default_factory=dict)
    pulls: Sequence[Report] = ()


@dataclass(frozen=True)
class BuildContext:
    """The environment that a section is built in.

    Attributes:
        name: what logical names start with.
        parent: the component that owns the systems.
        tags: set on everything that takes tags.
        registry: where images come from.
        image_host: region to the host that is pulled from there: the co-located replica's own, else the global one.
        pull_access: what has to be there before anything is pulled: replicas, private endpoints and grants.
        groups: resource groups.
        resources: the components that were made before.
    """

    name: str
    parent: pulumi.Resource
    tags: dict[str, str]
    registry: Registry
    image_host: Callable[[str], pulumi.Output[str]]
    pull_access: tuple[pulumi.Resource, ...]
    groups: ResourceGroups
    resources: Resources

    def placement(self, site: Site) -> Placement:
        """Return the arguments that place a component at a site."""
        return self.groups.placement(site)

    def identity(self, key: str) -> UserAssignedIdentity:
        """Return the user-assigned identity with a key."""
        return self.resources.of(UserAssignedIdentity)[key]

    def workspace(self, key: str) -> Workspace:
        """Return the Log Analytics workspace with a key."""
        return self.resources.of(Workspace)[key]

    @property
    def secret_access(self) -> tuple[pulumi.Resource, ...]:
        """What has to be there before a secret is read by reference: the grants on key vaults."""
        return tuple(self.resources.of(Permissions).values())

    def subnet_id(self, network: str, subnet: str) -> pulumi.Output[str]:
        """Return the id of a subnet by the keys of its network and itself."""
        return self.resources.of(Network)[network].subnet_ids.apply(lambda ids: ids[subnet])

    def options(
        self,
        *,
        site: Site | None = None,
        after_pull_access: bool = False,
        after: Sequence[pulumi.Resource] = (),
    ) -> pulumi.ResourceOptions:
        """Return the options of a system's component.

        Args:
            site: where it is deployed, if that may be in another subscription than the stack works in.
            after_pull_access: whether everything in it comes after what pulling needs.
            after: what everything in it comes after besides.
        """
        first = [*(self.pull_access if after_pull_access else ()), *after]
        options = self.groups.options(site.group.subscription if site else None)
        order = pulumi.ResourceOptions(transformations=[comes_after(first)] if first else None)
        return pulumi.ResourceOptions.merge(options, order)


Builder = Callable[[StackSpec, Plan, BuildContext], Built]
"""Makes everything of one section."""
