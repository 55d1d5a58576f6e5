"""All resources of one program and their relations, also while their ids are unknown."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from policies import tokens
from policies.resource import UNKNOWN, PartlyUnknown, Resource, Undetermined

_GROUP = "resourceGroupName"
_GROUP_TYPE = "microsoft.resources/resourcegroups"


class Graph:
    """All resources of one program.

    Relations come from three sources, in this order: an ARM id or a name that is known, the property dependencies that the
    engine reports, and the hierarchy of ARM types. So they are found in a first preview too, when nothing has an id.

    Attributes:
        resources: in the order of their registration.
        stack: the stack resource, which rules on the whole graph receive.
    """

    def __init__(self, resources: Iterable[Resource]) -> None:
        self.resources: tuple[Resource, ...] = tuple(resources)
        root = next((each for each in self.resources if each.token == "pulumi:pulumi:Stack"), None)
        self.stack: Resource = root or Resource("", "", "pulumi:pulumi:Stack", "", None, {})

    def get(self, urn: str) -> Resource | None:
        """Return the resource with a URN."""
        return self._by_urn.get(urn)

    def of(self, *types: str) -> list[Resource]:
        """Return the resources of some ARM types, ignoring letter case."""
        return [found for arm_type in types for found in self._by_type.get(arm_type.lower(), ())]

    def arm_name(self, resource: Resource) -> str | None:
        """Return the ARM name of a resource, the last segment of its id; None where no input states it.

        Raises:
            Undetermined: it is not known yet.
        """
        return resource.value(self._names(resource)[-1])

    def arm_parent(self, resource: Resource) -> Resource | None:
        """Return the parent by ARM type, such as the registry of a replication."""
        if resource.urn not in self._parents:
            self._parents[resource.urn] = self._find_parent(resource)
        return self._parents[resource.urn]

    def children(self, resource: Resource, *types: str) -> list[Resource]:
        """Return the children by ARM type, such as the replications of a registry, of some types if given."""
        wanted = {arm_type.lower() for arm_type in types}
        return [child for child in self._children.get(resource.urn, ()) if not types or child.type.lower() in wanted]

    def references(self, resource: Resource, path: str, *types: str) -> list[Resource]:
        """Return the resources that the value at a path refers to: by id, by name, or by dependencies while it is unknown.

        An id below a resource, such as that of an inline subnet, gives that resource. Lists and objects give all resources
        that are named in them. An empty result means that the value is absent or names something outside the program.
        """
        top = path.split(".", maxsplit=1)[0]
        try:
            value = resource.value(path)
        except Undetermined:
            value = UNKNOWN
        found: dict[str, Resource] = {}
        for text in _texts(value):
            if text is UNKNOWN:
                candidates = self._dependencies(resource, top)
            elif _is_id(text):
                candidates = self._by_id(text)
            else:
                candidates = self._named(resource, path, text)
            found |= {each.urn: each for each in candidates}
        return [each for each in found.values() if _is_one_of(each, types)]

    def referrers(self, resource: Resource, *types: str) -> list[Resource]:
        """Return the resources that refer to a resource from any property, and its children, of some types if given."""
        return [each for each in self._referrers.get(resource.urn, ()) if _is_one_of(each, types)]

    def location(self, resource: Resource) -> str:
        """Return the short name of the region; that of the ARM parent or the resource group where none is stated.

        Empty where none is stated and these are outside the program.

        Raises:
            Undetermined: it is not known yet.
        """
        try:
            stated = resource.value("location")
        except Undetermined:
            made_from = [each for each in self._dependencies(resource, "location") if each is not resource]
            # The provider takes a location that the program does not state from the resource group [SDK-LOCATION].
            above = made_from or [self.arm_parent(resource) or self.resource_group(resource)]
            if above[0] is None or above[0] is resource:
                raise
            return self.location(above[0])
        if stated:
            return str(stated).replace(" ", "").lower()
        above = self.arm_parent(resource) or self.resource_group(resource)
        return self.location(above) if above and above is not resource else ""

    def resource_group(self, resource: Resource) -> Resource | None:
        """Return the resource group of a resource, if it is part of the program."""
        if resource.type.lower() == _GROUP_TYPE:
            return resource
        return next(iter(self.references(resource, _GROUP, _GROUP_TYPE)), None)

    def dependencies(self, resource: Resource) -> list[Resource]:
        """Return the resources that a resource depends on, by its properties and explicitly."""
        return list(
            {each.urn: each for key in resource.dependencies for each in self._dependencies(resource, key)}.values()
        )

    @cached_property
    def _by_urn(self) -> dict[str, Resource]:
        return {each.urn: each for each in self.resources}

    @cached_property
    def _by_type(self) -> dict[str, list[Resource]]:
        found: dict[str, list[Resource]] = defaultdict(list)
        for each in self.resources:
            found[each.type.lower()].append(each)
        return dict(found)

    @cached_property
    def _by_name(self) -> dict[str, list[Resource]]:
        """Azure resources by their ARM name in lower case."""
        found: dict[str, list[Resource]] = defaultdict(list)
        for each in self.resources:
            name = each.properties.get(self._names(each)[-1]) if each.type else None
            if isinstance(name, str):
                found[name.lower()].append(each)
        return dict(found)

    @cached_property
    def _parents(self) -> dict[str, Resource | None]:
        return {}

    @cached_property
    def _group_names(self) -> dict[str, str | None]:
        return {}

    @cached_property
    def _children(self) -> dict[str, list[Resource]]:
        found: dict[str, list[Resource]] = defaultdict(list)
        for each in self.resources:
            parent = self.arm_parent(each)
            if parent:
                found[parent.urn].append(each)
        return dict(found)

    @cached_property
    def _below(self) -> dict[str, list[Resource]]:
        """Children in the component tree, by the URN of the parent."""
        found: dict[str, list[Resource]] = defaultdict(list)
        for each in self.resources:
            if each.parent:
                found[each.parent].append(each)
        return dict(found)

    @cached_property
    def _referrers(self) -> dict[str, list[Resource]]:
        found: dict[str, dict[str, Resource]] = defaultdict(dict)
        for each in self.resources:
            for other in self._pointed_at(each):
                if other is not each:
                    found[other.urn][each.urn] = each
        return {urn: list(each.values()) for urn, each in found.items()}

    def _pointed_at(self, resource: Resource) -> Iterator[Resource]:
        parent = self.arm_parent(resource)
        if parent:
            yield parent
        for key in resource.dependencies:
            if key:
                yield from self._dependencies(resource, key)
        if not resource.type:
            return
        for text in _texts(resource.properties):
            if text is not UNKNOWN and _is_id(text):
                yield from self._by_id(text)

    def _names(self, resource: Resource) -> tuple[str, ...]:
        shape = tokens.shape_of_type(resource.type)
        return (shape.names if shape else ()) or ("resourceName",)

    def _dependencies(self, resource: Resource, key: str) -> list[Resource]:
        """Return the resources that a property depends on; a component represents all resources in it."""
        found: list[Resource] = []
        edges = resource.dependencies.get(key)
        if edges is None:
            whole = isinstance(resource.properties, PartlyUnknown)
            edges = resource.dependencies.get("properties", ()) if whole else ()
        waiting = [self._by_urn[urn] for urn in edges if urn in self._by_urn]
        while waiting:
            each = waiting.pop()
            if each.type or each.token.startswith("pulumi:"):
                found.append(each)
            else:
                waiting += self._below.get(each.urn, ())
        return found

    def _find_parent(self, resource: Resource) -> Resource | None:
        kind = resource.type.rpartition("/")[0]
        names = self._names(resource)
        if kind.count("/") < 1 or len(names) < 2:
            return None
        candidates = self.of(kind)
        key = names[-2]
        name = resource.properties.get(key)
        if isinstance(name, str):
            named = [each for each in candidates if each.properties.get(key) == name]
            named = named or [each for each in candidates if _same(each.properties.get(key), name)]
            same_group = [each for each in named if self._same_group(each, resource)]
            if same_group:
                return same_group[0]
        made_from = {each.urn for each in self._dependencies(resource, key)}
        return next((each for each in candidates if each.urn in made_from), None)

    def _same_group(self, one: Resource, other: Resource) -> bool:
        """Return whether two resources may be in the same group; an unknown group may be any."""
        ours, theirs = self._group_name(one), self._group_name(other)
        return ours is None or theirs is None or ours == theirs

    def _group_name(self, resource: Resource) -> str | None:
        """Return the name of the resource group in lower case, from the group itself while the input is unknown."""
        if resource.urn not in self._group_names:
            stated = resource.properties.get(_GROUP)
            if stated is UNKNOWN:
                made_from = self._dependencies(resource, _GROUP)
                groups = [each for each in made_from if each.type.lower() == _GROUP_TYPE]
                stated = groups[0].properties.get(_GROUP) if len(groups) == 1 else None
            self._group_names[resource.urn] = stated.lower() if isinstance(stated, str) else None
        return self._group_names[resource.urn]

    def _by_id(self, text: str) -> list[Resource]:
        """Return the resource with an ARM id, or the nearest one above it that is part of the program."""
        group, steps = _split_id(text)
        while len(steps) >= 3:
            kind = "/".join([steps[0], *steps[1::2]]).lower()
            named = [each for each in self._by_name.get(steps[-1].lower(), ()) if each.type.lower() == kind]
            found = [each for each in named if self._fits(each, group, steps[2::2])]
            if found:
                return found
            steps = steps[:-2]
        if steps or not group:
            return []
        return [each for each in self._by_name.get(group, ()) if each.type.lower() == _GROUP_TYPE]

    def _fits(self, resource: Resource, group: str, along: Sequence[str]) -> bool:
        """Return whether the group and the names of a resource may be those of an id."""
        stated = self._group_name(resource)
        if stated and group and stated != group:
            return False
        names = self._names(resource)
        if len(names) != len(along):
            return True
        given = (resource.properties.get(name) for name in names)
        return all(not isinstance(ours, str) or _same(ours, theirs) for ours, theirs in zip(given, along, strict=True))

    def _named(self, resource: Resource, path: str, text: str) -> list[Resource]:
        """Return the resources with a name: dependencies of the value, or those named by the same input."""
        named = [each for each in self._by_name.get(text.lower(), ()) if each is not resource]
        made_from = {each.urn for each in self._dependencies(resource, path.split(".", maxsplit=1)[0])}
        key = path.rpartition(".")[2]
        return [each for each in named if each.urn in made_from or self._names(each)[-1] == key]


def _same(one: Any, other: Any) -> bool:
    return isinstance(one, str) and isinstance(other, str) and one.lower() == other.lower()


def _is_one_of(resource: Resource, types: Sequence[str]) -> bool:
    return not types or resource.type.lower() in {arm_type.lower() for arm_type in types}


def _is_id(text: str) -> bool:
    return text.startswith("/") and text[:15].lower() == "/subscriptions/"


def _split_id(text: str) -> tuple[str, list[str]]:
    """Split an id into its resource group in lower case and the segments after the last `providers`."""
    steps = text.strip("/").split("/")
    lowered = [step.lower() for step in steps]
    group = lowered[3] if len(lowered) > 3 and lowered[2] == "resourcegroups" else ""
    if "providers" not in lowered:
        return group, []
    last = len(lowered) - 1 - lowered[::-1].index("providers")
    return group, steps[last + 1 :]


def _texts(value: Any) -> Iterator[Any]:
    """Yield every text in a value, `UNKNOWN` for every unknown one, and keys of objects that are ids."""
    if value is UNKNOWN or isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            if _is_id(key):
                yield key
            yield from _texts(inner)
    elif isinstance(value, Sequence):
        for inner in value:
            yield from _texts(inner)
