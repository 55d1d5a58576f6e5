"""Resources as Azure shows them as a state to load: the body of the PUT that makes each, and what is shown of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from local_azure.arm_types import lookup, split_read_only, violations
from local_azure.arm_types_catalogue import ArmType
from local_azure.loading.listings import Listed, Listing, listed
from local_azure.loading.states import State, StateResource, ordered

Json = dict[str, Any]

_GENERIC = "azure-native:resources:Resource"
"""The SDK's token of a resource of any type, whose inputs are ARM's own."""

_SENT = ("location", "tags", "kind", "sku", "plan", "identity", "zones", "managedBy", "extendedLocation", "properties")
"""Members of an answer that a PUT sends."""

_PEERINGS = "virtualNetworkPeerings"


def state_of_listing(listing: Listing) -> State:
    """Return the resources of a listing as a state, in an order in which each can be made."""
    state = State()
    state.resources = ordered([StateResource(each.id, _GENERIC, each.id, _sent(each), each.body) for each in listing])
    return state


def state_of_bodies(bodies: Iterable[Mapping[str, Any]]) -> State:
    """Return resources as a state, each as a GET shows it; raises ListingError for one without an id."""
    return state_of_listing(Listing(listed(bodies)))


def _sent(resource: Listed) -> Json:
    """The body of a PUT that makes what is shown, in so far as a person and not the service states it."""
    body = {name: resource.body[name] for name in _SENT if name in resource.body}
    arm = lookup(resource.type)
    if arm is None:
        return body
    version = _version(arm, body)
    stated, _ = split_read_only(arm, version, body)
    properties = stated.get("properties")
    if isinstance(properties, dict):
        # The network at the other end of a peering need not be there; peerings are resources of their own.
        stated["properties"] = {name: value for name, value in properties.items() if name != _PEERINGS}
    return {**stated, "apiVersion": version}


def _version(arm: ArmType, body: Json) -> str:
    """The API version at which a body is complete: the SDK's, else the first later one that has all its members."""
    later = sorted(version for version in arm.versions if version > arm.sdk_version)
    for version in (arm.sdk_version, *later):
        if not violations(arm, version, split_read_only(arm, version, body)[0]):
            return version
    return arm.sdk_version
