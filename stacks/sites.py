"""The site of each entry of a stack: region, resource group and physical names.

A site is computed once, in the plan. Checks validate its names by ARM's rules, and builders deploy to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from components.elsewhere import name_of, parsed
from components.resource_groups.spec import ResourceGroupSpec
from planning.names import NameRule, Names
from planning.problems import Path


@dataclass(frozen=True, slots=True)
class Group:
    """A resource group of this stack.

    Attributes:
        parts: its role, and what distinguishes groups of one role; the logical name ends with them.
        name: physical name.
        location: region.
        subscription: the subscription in which this stack makes it; None for the one that it works in.
        id: ARM id of a group made elsewhere; None for a group that this stack makes.
        tags: tags of the group alone.
    """

    parts: tuple[str, ...]
    name: str
    location: str
    subscription: str | None = None
    id: str | None = None
    tags: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Site:
    """The deployment target of one entry.

    Attributes:
        path: the entry's path.
        name: physical name.
        location: region.
        group: resource group.
        names: every name derived from the entry's key, with its naming rule in ARM.
        stated: whether the entry states its location.
        elsewhere: whether the resource is made elsewhere, so that its name and group are not this stack's.
    """

    path: Path
    name: str
    location: str
    group: Group
    names: tuple[tuple[NameRule, str], ...] = field(default=())
    stated: bool = False
    elsewhere: bool = False

    def named(self, rule: NameRule) -> str:
        """Return the name with a naming rule."""
        return dict(self.names)[rule]


class Sites:
    """The sites of a stack by path; a later entry may use the site of an earlier one."""

    def __init__(self, names: Names, home: str, groups: Mapping[str, ResourceGroupSpec] = MappingProxyType({})) -> None:
        """Start without sites.

        Args:
            names: names of Azure resources.
            home: region of entries without a location of their own or of another entry.
            groups: the stated resource groups, by the parts of a group joined with hyphens.
        """
        self.names = names
        self.home = home
        self.roles: set[str] = set()
        """Roles of the resource groups of all sites: the parts of each, joined with hyphens."""
        self._groups = groups
        self._by_path: dict[Path, Site] = {}

    def __iter__(self) -> Iterator[Site]:
        return iter(self._by_path.values())

    def __getitem__(self, path: Path) -> Site:
        return self._by_path[path]

    def add(self, sites: Iterable[Site]) -> None:
        """Add sites one by one, so that each may use those before it."""
        for site in sites:
            self._by_path[site.path] = site

    def within(self, *section: str) -> Mapping[str, Site]:
        """Return the sites of a section by key."""
        return {path[-1]: site for path, site in self._by_path.items() if path[:-1] == section}

    def of_one_region(self) -> frozenset[tuple[str, ...]]:
        """Return the resource groups, by their parts, whose sites are all in the group's region."""
        ours = [site for site in self if not site.elsewhere]
        spread = {site.group.parts for site in ours if site.location != site.group.location}
        return frozenset(site.group.parts for site in ours if site.group.parts not in spread)

    def location(self, stated: str | None, *follows: tuple[str, str | None]) -> str:
        """Return a region: the stated one, else that of the first entry in `follows` that exists, else the home region.

        Args:
            stated: the entry's own location.
            follows: section and key of the entries whose region it inherits.
        """
        found = (self._by_path.get((section, key)) for section, key in follows if key is not None)
        return stated or next((site.location for site in found if site), self.home)

    def group(self, location: str, *parts: str, subscription: str | None = None) -> Group:
        """Return the resource group of a role in a region; further parts distinguish groups of one role.

        A stated name takes the place of the parts, so that roles with one name share one group.
        """
        role = "-".join(parts)
        self.roles.add(role)
        stated = self._groups.get(role, ResourceGroupSpec())
        if stated.id is not None:
            return Group((name_of(stated.id),), name_of(stated.id), location, subscription, stated.id)
        if stated.name is not None:
            return Group(
                ("named", stated.name.lower()),
                stated.name,
                stated.location or self.home,
                subscription,
                None,
                stated.tags,
            )
        return Group(
            parts, self.names.resource_group(*parts), stated.location or location, subscription, None, stated.tags
        )

    def site(
        self,
        path: Path,
        *names: tuple[NameRule, str],
        group: Group | tuple[str, ...],
        stated: str | None = None,
        follows: Iterable[tuple[str, str | None]] = (),
        elsewhere: bool = False,
    ) -> Site:
        """Return the site of an entry.

        Args:
            path: the entry's path.
            names: the entry's physical name, then the other names derived from its key, each with its rule.
            group: its resource group, or the parts of one in its own region.
            stated: its stated location.
            follows: section and key of the entries whose region it inherits if it states none.
            elsewhere: whether it is made elsewhere, so that its names are not this stack's.
        """
        location = self.location(stated, *follows)
        where = group if isinstance(group, Group) else self.group(location, *group)
        ours = () if elsewhere else names
        return Site(path, names[0][1], location, where, ours, bool(stated), elsewhere)

    def elsewhere(
        self,
        path: Path,
        resource_id: str,
        stated: str | None = None,
        follows: Iterable[tuple[str, str | None]] = (),
    ) -> Site:
        """Return the site of an entry made elsewhere: its id says its name, resource group and subscription.

        Args:
            path: the entry's path.
            resource_id: its ARM id, or the output that holds it, which then stands for the resource group.
            stated: its stated location.
            follows: section and key of the entries whose region it inherits if it states none.
        """
        there = parsed(resource_id)
        location = self.location(stated, *follows)
        group = Group(
            path, there.resource_group if there else resource_id, location, there.subscription if there else None
        )
        return Site(path, name_of(resource_id), location, group, (), bool(stated), True)
