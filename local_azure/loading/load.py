"""Loading: every resource of a state is put through its service's own rules, then given what the state says of it.

What a service makes up by itself (addresses, GUIDs, principals, ETags, times) is taken from the state's outputs, so a
refresh of the loaded cloud finds what the state holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from local_azure.clock import Clock
from local_azure.errors import ArmError
from local_azure.loading import endpoints
from local_azure.loading.states import State, StateError, StateResource
from local_azure.loading.wire import UnknownTypeError, Written, laid_over, unknown_name, written
from local_azure.resource_id import ResourceId
from local_azure.services import open_cloud
from local_azure.services.cloud import Cloud
from local_azure.services.dispatch import handle
from local_azure.services.private_links import INTERFACES
from local_azure.services.subnets import SUBNETS
from local_azure.store import Store

Json = dict[str, Any]

_GROUP_VERSION = "2021-04-01"
_ZONES = "microsoft.network/privatednszones"
_EMPTY = {
    _ZONES: "2020-06-01",
    "microsoft.network/networksecuritygroups": "2024-05-01",
    "microsoft.network/routetables": "2024-05-01",
}
"""Types that are created empty where only their ids are known, and the API version of that."""


@dataclass(slots=True)
class Loaded:
    """What loading did.

    Attributes:
        resources: how many resources were loaded.
        ids: their ids, in the order in which they were loaded.
        missing: one line for each that could not be loaded.
        notes: one line for each thing that was assumed because the state does not say it.
    """

    resources: int = 0
    ids: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def load_store(folder: Path, state: State, *, add: bool = False) -> Loaded:
    """Bring the empty store of a folder to a state.

    Args:
        folder: the store's folder.
        state: what to load.
        add: load what a store that holds something does not have yet; what it has stays as it is.

    Raises:
        StateError: the store holds something, and nothing is to be added.
        StoreLockedError: it is being served.
    """
    store = Store(folder, serve=True)
    try:
        there = len(store.ids())
        if there and not add:
            raise StateError(f"the store in {folder} holds {there} resources: reset it, or name another folder")
        return load(open_cloud(store, Clock(0)), state)
    finally:
        store.close()


def load(cloud: Cloud, state: State) -> Loaded:
    """Bring a cloud to a state; its clock has to be an immediate one. What the cloud has already stays as it is."""
    before = cloud.store.history()
    kept = {subnet.key for subnet in cloud.store.of_type(SUBNETS)}
    result = Loaded(missing=[f"{urn}: {token} is not a resource of Azure" for urn, token in state.others])
    known = frozenset(r.key for r in state.resources)
    loaded: list[tuple[StateResource, Written]] = []
    for resource in [each for each in state.resources if not cloud.store.exists(each.id)]:
        try:
            form = written(resource, known)
            if ResourceId.parse(resource.id).type.lower() not in cloud.types:
                raise UnknownTypeError(f"the local Azure knows no {unknown_name(resource)}")
            _create_missing(cloud, resource, form, state, result)
            if not _made_by_another(cloud, resource, form):
                _put(cloud, resource.id, form.api_version, form.body)
        except (ArmError, UnknownTypeError, ValueError) as error:
            result.missing.append(f"{resource.id}: {_one_line(error)}")
            continue
        loaded.append((resource, form))
        with cloud.store.transaction():
            restore(cloud, form.shown)
    result.resources, result.ids = len(loaded), [resource.id for resource, _ in loaded]
    shown = [form.shown for _, form in loaded]
    result.notes += endpoints.settle_addresses(cloud, [r.key for r, _ in loaded], shown, kept)
    with cloud.store.transaction():
        for answer in shown:
            restore(cloud, answer)
        # What was done here is the history of no program.
        cloud.store.forget_history(before)
    return result


def _made_by_another(cloud: Cloud, resource: StateResource, form: Written) -> bool:
    """Whether a service makes the resource together with another one, so that no program can.

    The interface of a private endpoint is settled with the endpoint, later.
    """
    kind = ResourceId.parse(resource.id).type.lower()
    rules = cloud.types.get(kind)
    of_endpoint = kind == INTERFACES.lower() and bool((form.shown.get("properties") or {}).get("privateEndpoint"))
    return rules is not None and ("PUT" not in rules.methods or of_endpoint)


def _put(cloud: Cloud, resource_id: str, version: str, body: Json) -> None:
    """Make a resource and wait for the end; raises ArmError when it is refused or ends in failure."""
    answer = handle(cloud, "PUT", resource_id, {"api-version": version}, body)
    cloud.settle()
    ended = cloud.operations.find(answer.operation.guid) if answer.operation else None
    if ended is not None and ended.error:
        raise ArmError(400, ended.error["code"], ended.error["message"])


def _create_missing(cloud: Cloud, resource: StateResource, form: Written, state: State, result: Loaded) -> None:
    """Create what a resource refers to, where the id alone suffices: a group, a zone, a security group, a route table."""
    named = [each for each in _ids_named(form.body) if not cloud.store.exists(each)]
    for wanted in (resource.id, *named):
        group = ResourceId.parse(wanted).group_id
        if group and group.lower() != resource.key and not cloud.store.exists(group):
            location = _location_in(group, state)
            _put(cloud, group, _GROUP_VERSION, {"location": location})
            result.notes.append(f"{group}: not in the state, made in {location}")
    for wanted in dict.fromkeys(named):
        kind = ResourceId.parse(wanted).type.lower()
        group = ResourceId.parse(wanted).group_id
        location = "global" if kind == _ZONES else _location_in(group, state)
        _put(cloud, wanted, _EMPTY[kind], {"location": location})
        result.notes.append(f"{wanted}: not in the state, made empty")


def _ids_named(value: Any) -> list[str]:
    if isinstance(value, str):
        parts = value.lower().split("/")
        return [value] if len(parts) == 9 and parts[5] == "providers" and "/".join(parts[6:8]) in _EMPTY else []
    items = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    return [found for item in items for found in _ids_named(item)]


def _location_in(group: str, state: State) -> str:
    """Return where most things of a group are, for want of the group's own location."""
    within = [r for r in state.resources if r.key.startswith(f"{group.lower()}/")]
    for resource in (*within, *state.resources):
        location = resource.outputs.get("location") or resource.inputs.get("location")
        if location and location != "global":
            return str(location)
    return "eastus"


def restore(cloud: Cloud, shown: Any) -> None:
    """Give stored resources what an answer says of them and of the resources that it shows inside."""
    if isinstance(shown, list):
        for item in shown:
            restore(cloud, item)
        return
    if not isinstance(shown, Mapping):
        return
    for item in shown.values():
        restore(cloud, item)
    resource_id = shown.get("id")
    resource = cloud.get(resource_id) if isinstance(resource_id, str) and len(shown) > 1 else None
    if resource is not None:
        resource.body = laid_over(resource.body, shown)
        etag = shown.get("etag")
        resource.etag = etag if isinstance(etag, str) and resource.etag else resource.etag
        cloud.store.update(resource)


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())
