"""Ids in bodies: those that are sent have to name something, and named parts of a resource get ids of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from local_azure.arm_types import ArmType, catalogue
from local_azure.arm_types_catalogue import Definition
from local_azure.refusals import reference_not_found
from local_azure.resource_id import ResourceId
from local_azure.services.cloud import Cloud, Json, Request

_ID: Final = re.compile(
    r"/subscriptions/[^/]+(/resourceGroups/[^/]+)?(/providers/[^/]+(/[^/]+/[^/]+)+)*", re.IGNORECASE
)
_FREE: Final = frozenset({"tags", "systemData"})


def check(cloud: Cloud, owner: ResourceId, body: Json) -> None:
    """Raise ArmError 400 for the first id in a body that names nothing here; what lies below the owner is its own."""
    for path, text in _ids(body, ""):
        if not text.lower().startswith(f"{owner}/".lower()) and not exists(cloud, text):
            raise reference_not_found(text, owner, path)


def _ids(value: Any, path: str) -> Iterator[tuple[str, str]]:
    """Every id in a value with its path: as a text, or as the key of an object."""
    if isinstance(value, str):
        if _ID.fullmatch(value):
            yield path, value
    elif isinstance(value, Mapping):
        for name, item in value.items():
            here = f"{path}.{name}" if path else name
            if name not in _FREE:
                yield from ((here, found) for _, found in _ids(name, path))
                yield from _ids(item, here)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _ids(item, f"{path}[{index}]")


def exists(cloud: Cloud, text: str) -> bool:
    """Whether an id names a resource, a named part of one, a scope, or what Azure has by itself in every subscription."""
    place = ResourceId.parse(text)
    if place.types[:1] in (("subscriptions",), ("locations",)) or cloud.store.exists(str(place)):
        return True
    rules = cloud.types.get(place.type.lower())
    if rules is not None and rules.built_in(cloud, Request("GET", place, "")) is not None:
        return True
    return place.parent is not None and _has_part(cloud, place.parent, place.types[-1], place.name)


def _has_part(cloud: Cloud, owner: ResourceId, kind: str, name: str) -> bool:
    """Whether a resource's body has a list of that name with an item of that name: a load balancer's backend pool."""
    resource = cloud.get(str(owner))
    if resource is None:
        return False
    lists = [items for key, items in resource.properties.items() if key.lower() == kind.lower()]
    found = [item for items in lists if isinstance(items, list) for item in items]
    return any(isinstance(item, Mapping) and str(item.get("name", "")).lower() == name.lower() for item in found)


def with_ids(shown: Json, owner: str, arm: ArmType) -> Json:
    """The body with ids for the parts that have a name and, by their type, an id [NET-PARTS]."""
    return _object(shown, catalogue().definition(arm.root), owner)


def _object(value: Json, definition: Definition, owner: str) -> Json:
    return {name: _member(item, definition.tree.get(name), name, owner) for name, item in value.items()}


def _member(item: Any, node: Any, name: str, owner: str) -> Any:
    if isinstance(node, dict):
        return {key: _member(each, node.get(key), key, owner) for key, each in item.items()} if item else item
    shape = node.shape if node is not None else {}
    if shape.get("k") != "array" or shape["of"].get("k") != "ref" or not isinstance(item, list):
        return item
    definition = catalogue().definition(shape["of"]["ref"])
    if not {"id", "name"} <= definition.members.keys():
        return item
    return [_part(each, definition, f"{owner}/{name}") for each in item]


def _part(item: Any, definition: Definition, place: str) -> Any:
    if not isinstance(item, dict) or not isinstance(item.get("name"), str):
        return item
    own = f"{place}/{item['name']}"
    return {"id": own, **_object(item, definition, own)}
