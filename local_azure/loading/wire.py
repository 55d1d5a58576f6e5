"""Requests and answers worked out from a state: the body that made a resource, and what a GET of it showed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from local_azure.arm_types import catalogue, lookup, lookup_token
from local_azure.arm_types_catalogue import Definition
from local_azure.loading.states import HIDDEN, StateResource
from local_azure.plugin import translate
from local_azure.resource_id import ResourceId

Json = dict[str, Any]

_GENERIC = ":resources:Resource"
_GENERIC_MEMBERS = ("location", "tags", "kind", "sku", "plan", "zones", "managedBy", "extendedLocation", "properties")
_ALWAYS_OURS = frozenset({"provisioningState"})
"""Members of an answer that are the local Azure's own to say: a state may have been saved in mid-operation."""


class UnknownTypeError(Exception):
    """The local Azure does not know a type; the message is one line."""


@dataclass(frozen=True, slots=True)
class Written:
    """A resource in ARM's terms: api-version and body of the PUT that makes it, and what a GET showed last."""

    api_version: str
    body: Json
    shown: Json


def unknown_name(resource: StateResource) -> str:
    """Return by which name a type is unknown: its token, or that of ARM where the token stands for any type."""
    return ResourceId.parse(resource.id).type if resource.token.endswith(_GENERIC) else resource.token


def written(resource: StateResource, known: frozenset[str]) -> Written:
    """Return a state's resource in ARM's terms.

    Args:
        resource: what the state says of it.
        known: keys of everything that the state holds; a child that is among them is not repeated in its parent's body.

    Raises:
        UnknownTypeError: the local Azure has no such type.
    """
    if resource.token.endswith(_GENERIC):
        return _generic(resource)
    place = ResourceId.parse(resource.id)
    sdk = lookup_token(resource.token, place.types[-1])
    if sdk is None:
        raise UnknownTypeError(f"the local Azure knows no {resource.token}")
    inputs = resource.inputs or translate.to_inputs(sdk, resource.outputs)
    children = {
        name: _unlisted(resource.outputs.get(name), known)
        for name, *below in translate.maintained_inputs(sdk)
        if not below and name not in inputs
    }
    inputs = {**inputs, **translate.to_inputs(sdk, children)}
    shown = _object(catalogue().definition(sdk.root), resource.outputs)
    return Written(sdk.version, translate.to_body(sdk, inputs, resource.id), {**shown, "id": resource.id})


def _unlisted(children: Any, known: frozenset[str]) -> list[Any]:
    """Return the children that only the outputs of their parent show, because others created them."""
    found = children if isinstance(children, list) else []
    return [c for c in found if isinstance(c, Mapping) and str(c.get("id")).lower() not in known]


def _generic(resource: StateResource) -> Written:
    type_name = ResourceId.parse(resource.id).type
    arm = lookup(type_name)
    if arm is None:
        raise UnknownTypeError(f"the local Azure knows no type {type_name}")
    source = resource.inputs or resource.outputs
    body = {name: source[name] for name in _GENERIC_MEMBERS if source.get(name) is not None}
    identity = source.get("identity")
    if isinstance(identity, Mapping):
        users = identity.get("userAssignedIdentities")
        body["identity"] = {**identity, **({"userAssignedIdentities": {u: {} for u in users}} if users else {})}
    version = str(resource.inputs.get("apiVersion") or arm.sdk_version)
    shown = {k: v for k, v in resource.outputs.items() if k != "azureApiVersion"}
    return Written(version, body, {**shown, "id": resource.id})


def _object(definition: Definition, value: Mapping[str, Any]) -> Json:
    body: Json = {}
    for name, item in value.items():
        member = definition.members.get(name)
        if member is None or item is None:
            continue
        target = body
        for step in member.wire[:-1]:
            target = target.setdefault(step, {})
        target[member.wire[-1]] = _value(item, member.shape)
    return body


def _value(value: Any, shape: Json) -> Any:
    return translate.along(value, shape, _object, _value)


def laid_over(mine: Any, theirs: Any) -> Any:
    """Return `mine` with the values that `theirs` has in the same places.

    Nothing is added and nothing taken away: members that only one side has stay as they are in `mine`, entries of lists
    are matched by name, and lists that cannot be matched stay. Secrets of the state change nothing.
    """
    if isinstance(mine, dict) and isinstance(theirs, Mapping):
        return {
            name: laid_over(value, theirs[name]) if name in theirs and name not in _ALWAYS_OURS else value
            for name, value in mine.items()
        }
    if isinstance(mine, list) and isinstance(theirs, list):
        return _lists(mine, theirs)
    if theirs is None or theirs == HIDDEN or isinstance(mine, dict | list) or isinstance(theirs, Mapping | list):
        return mine
    return theirs if mine is None or isinstance(theirs, type(mine)) else mine


def _lists(mine: list[Any], theirs: list[Any]) -> list[Any]:
    names = [item.get("name") if isinstance(item, Mapping) else None for item in mine]
    if all(names):
        named = {str(item.get("name")).lower(): item for item in theirs if isinstance(item, Mapping)}
        return [laid_over(item, named.get(str(name).lower())) for item, name in zip(mine, names, strict=True)]
    if len(mine) != len(theirs):
        return mine
    if all(isinstance(item, str) for item in (*mine, *theirs)):
        return theirs if sorted(mine) == sorted(theirs) else mine
    return [laid_over(left, right) for left, right in zip(mine, theirs, strict=True)]
