"""Resource groups that a service makes for a resource, and takes away with it."""

from __future__ import annotations

from local_azure.resource_id import GROUPS, ResourceId
from local_azure.services.cloud import Cloud
from local_azure.store import Resource

_OWNER = "managed_for"


def group_id(owner: Resource, name: str) -> str:
    """Return the id of a group of that name in the owner's subscription."""
    return f"/subscriptions/{ResourceId.parse(owner.id).subscription}/resourceGroups/{name}"


def is_foreign(cloud: Cloud, owner: Resource, name: str) -> bool:
    """Tell whether a group of that name exists and was made by somebody else."""
    there = cloud.get(group_id(owner, name))
    return there is not None and there.state.get(_OWNER) != owner.key


def make(cloud: Cloud, owner: Resource, name: str) -> bool:
    """Make the owner's group in the owner's region; tell whether it was not there yet."""
    if cloud.store.exists(group_id(owner, name)):
        return False
    location = owner.body["location"]
    group = Resource(group_id(owner, name), GROUPS, name, location)
    group.state = {_OWNER: owner.key}
    group.body = {"location": location, "managedBy": owner.id, "properties": {"provisioningState": "Succeeded"}}
    cloud.add(group)
    return True


def drop(cloud: Cloud, owner: Resource, name: str) -> None:
    """Delete the owner's group with all that is in it."""
    group = cloud.get(group_id(owner, name))
    if group is not None and not is_foreign(cloud, owner, name):
        cloud.drop_below(group.id)
        cloud.drop(group)
