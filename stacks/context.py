"""The context of a builder: resource groups, the registry, and the components built before.

Systems get the components of other systems from here. The platform provides it.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Protocol, TypedDict, TypeVar

import pulumi
import pulumi_azure_native as azure_native

from components.artifact_cache.artifact_cache import ArtifactCache
from components.identity.identity import UserAssignedIdentity
from components.key_vaults.spec import KeyVaultSpec
from components.key_vaults.vault import Vault
from components.monitoring.workspace import Workspace
from components.network.network import Network
from components.ordering import comes_after
from components.permissions import Permissions
from components.registry.registry import Registry
from planning.image_hosts import Choice
from planning.problems import Path
from stacks.hosts import Hosts
from stacks.plan import Plan
from stacks.previous import Previous
from stacks.sites import Group, Site
from stacks.spec import StackSpec

Report = dict[str, pulumi.Input[object]]
"""Exports of one component: plain values or outputs by name."""

Component = TypeVar("Component", bound=pulumi.ComponentResource)


class Placement(TypedDict):
    """The arguments that place a component."""

    location: str
    resource_group_name: pulumi.Output[str]
    tags: dict[str, str]


class ResourceGroups:
    """The resource groups of an environment, created on first use."""

    def __init__(
        self,
        name: str,
        tags: dict[str, str],
        parent: pulumi.Resource,
        moving: Collection[tuple[str, ...]] = (),
        own_tags: Mapping[Path, Mapping[str, str]] = MappingProxyType({}),
    ) -> None:
        """Start without groups.

        Args:
            name: prefix of logical names.
            tags: set on every group, and on every resource that takes tags.
            parent: the component that owns the groups.
            moving: groups, by their parts, that change region with all their resources; others stay.
            own_tags: tags of entries of the stack file, by path.
        """
        self._own_tags = own_tags
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

    def options(self, subscription: str | None, *, after: Sequence[pulumi.Resource] = ()) -> pulumi.ResourceOptions:
        """Return the options of a component whose children lie in a subscription; None is the one of the stack.

        Args:
            subscription: where they lie.
            after: dependencies of all of them.
        """
        provider = self.provider(subscription)
        return pulumi.ResourceOptions(
            parent=self._parent,
            providers=[provider] if provider else None,
            transformations=[comes_after(after)] if after else None,
        )

    def name_of(self, group: Group) -> pulumi.Output[str]:
        """Return the name of a resource group, known once the group exists."""
        return pulumi.Output.from_input(group.name) if group.id is not None else self._of(group).name

    def id_of(self, group: Group) -> pulumi.Output[str]:
        """Return the ARM id of a resource group, known once the group exists."""
        return pulumi.Output.from_input(group.id) if group.id is not None else self._of(group).id

    def _of(self, group: Group) -> azure_native.resources.ResourceGroup:
        if group.parts not in self._made:
            self._made[group.parts] = azure_native.resources.ResourceGroup(
                "-".join((self._name, "rg", *group.parts)),
                resource_group_name=group.name,
                location=group.location,
                tags={**self._tags, **group.tags},
                # Azure does not move a group: a new region replaces it with all its resources, including those that
                # stay in place.
                opts=pulumi.ResourceOptions(
                    parent=self._parent,
                    provider=self.provider(group.subscription),
                    ignore_changes=None if group.parts in self._moving else ["location"],
                ),
            )
        return self._made[group.parts]

    def placement(self, site: Site, entry: Path | None = None) -> Placement:
        """Return the arguments that place a component at a site; what is made elsewhere needs no group of this stack.

        Args:
            site: region and resource group.
            entry: path of the entry, if it is not the one of the site.
        """
        group = pulumi.Output.from_input(site.group.name) if site.elsewhere else self.name_of(site.group)
        return {
            "location": site.location,
            "resource_group_name": group,
            "tags": self.tags_of(site.path if entry is None else entry),
        }

    def tags_of(self, entry: Path) -> dict[str, str]:
        """Return the tags of the resource of an entry: those of the stack and its own."""
        return {**self._tags, **self._own_tags.get(entry, {})}


class Placed(Protocol):
    """A private endpoint in a stack file."""

    @property
    def network(self) -> str:
        """Key of its network."""
        ...

    @property
    def subnet(self) -> str:
        """Key of its subnet."""
        ...


class Resources:
    """The components of an environment by class and key."""

    def __init__(self) -> None:
        self._by_class: dict[type[pulumi.ComponentResource], dict[str, pulumi.ComponentResource]] = {}
        self._last_endpoints: dict[tuple[str, str], pulumi.ComponentResource] = {}

    def before(self, spec: Placed) -> list[pulumi.Resource]:
        """Return what a private endpoint is made after: the one that was made in its subnet before [PE-TURNS]."""
        last = self._last_endpoints.get((spec.network, spec.subnet))
        return [last] if last is not None else []

    def took(self, spec: Placed, endpoint: Component) -> Component:
        """Return a private endpoint, after which the next one in its subnet is made [PE-TURNS]."""
        self._last_endpoints[spec.network, spec.subnet] = endpoint
        return endpoint

    def add(self, components: Mapping[str, pulumi.ComponentResource]) -> None:
        """Add components by their keys in the stack file."""
        for key, component in components.items():
            self._by_class.setdefault(type(component), {})[key] = component

    def of(self, kind: type[Component]) -> dict[str, Component]:
        """Return every component of a class, or of one below it, by key."""
        return {
            key: component
            for components in self._by_class.values()
            for key, component in components.items()
            if isinstance(component, kind)
        }


@dataclass(frozen=True)
class Built:
    """The result of a builder.

    Attributes:
        report: exports of each entry, by key.
        components: components for later systems, by key.
        pulls: consumers that pull images without a trace in ARM, as docs/reach.md describes.
    """

    report: Mapping[str, Report]
    components: Mapping[str, pulumi.ComponentResource] = field(default_factory=dict)
    pulls: Sequence[Report] = ()


@dataclass(frozen=True)
class BuildContext:
    """The context in which a section is built.

    Attributes:
        name: prefix of logical names.
        parent: the component that owns the systems.
        tags: set on every resource that takes tags.
        own_registry: the registry of all images; None for a stack without one.
        hosts: its host names.
        before_pulls: resources of the platform that must exist before anything is pulled: replicas, private endpoints and grants.
        groups: resource groups.
        resources: the components built before.
        previous: the resources that the stack had before this run.
    """

    name: str
    parent: pulumi.Resource
    tags: dict[str, str]
    own_registry: Registry | None
    hosts: Hosts | None
    before_pulls: tuple[pulumi.Resource, ...]
    groups: ResourceGroups
    resources: Resources
    previous: Previous

    @property
    def pull_access(self) -> tuple[pulumi.Resource, ...]:
        """Resources that must exist before anything is pulled: those of the platform, cache rules and their grants."""
        cached = self.resources.of(ArtifactCache)
        secrets = self.resources.of(Permissions)
        granted = [secrets[f"{key}-secrets"] for key in cached if f"{key}-secrets" in secrets]
        return (*self.before_pulls, *cached.values(), *granted)

    @property
    def registry(self) -> Registry:
        """The registry, for entries that need one, which `stacks.registries.needed` requires them to have."""
        if self.own_registry is None:
            raise LookupError("the stack has no registry")
        return self.own_registry

    def image_host(self, region: str, choice: Choice) -> pulumi.Output[str]:
        """Return the registry host of images in a region; empty without a registry, from which nothing pulls then."""
        return self.hosts.of(region, choice) if self.hosts else pulumi.Output.from_input("")

    def placement(self, site: Site, entry: Path | None = None) -> Placement:
        """Return the arguments that place a component at a site; the entry is stated if it is not the one of the site."""
        return self.groups.placement(site, entry)

    def identity(self, key: str) -> UserAssignedIdentity:
        """Return the user-assigned identity with a key."""
        return self.resources.of(UserAssignedIdentity)[key]

    def workspace(self, key: str) -> Workspace:
        """Return the Log Analytics workspace with a key."""
        return self.resources.of(Workspace)[key]

    def vault_id(self, key: str, vault: KeyVaultSpec) -> pulumi.Input[str]:
        """Return the ARM id of a key vault, made here or elsewhere."""
        return vault.id or self.resources.of(Vault)[key].id

    @property
    def secret_access(self) -> tuple[pulumi.Resource, ...]:
        """Resources that must exist before a secret reference is read: the grants on key vaults."""
        return tuple(self.resources.of(Permissions).values())

    def subnet_id(self, network: str, subnet: str) -> pulumi.Output[str]:
        """Return the id of a subnet by its network's key and its own."""
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
            site: its site, if it may be in a subscription other than the stack's own.
            after_pull_access: whether all its children depend on pull access.
            after: further dependencies of all its children.
        """
        first = [*(self.pull_access if after_pull_access else ()), *after]
        options = self.groups.options(site.group.subscription if site else None)
        order = pulumi.ResourceOptions(transformations=[comes_after(first)] if first else None)
        return pulumi.ResourceOptions.merge(options, order)


Builder = Callable[[StackSpec, Plan, BuildContext], Built]
"""Builds one section."""
