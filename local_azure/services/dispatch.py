"""Resource Manager's own part: it reads the address, checks version, group, parent and body, and asks the type."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from local_azure import refusals
from local_azure.errors import GATEWAY, ArmError
from local_azure.operations import Operation, Style, Transition
from local_azure.resource_id import GROUPS, ResourceId
from local_azure.services import (
    features,
    identities,
    lists,
    locks,
    permissions,
    providers,
    regions,
    registry_outages,
    shapes,
    tags,
)
from local_azure.services.cloud import Answer, Cloud, Request, ResourceType, deleting, merged
from local_azure.store import Resource


def handle(
    cloud: Cloud,
    method: str,
    path: str,
    query: Mapping[str, str],
    body: Any = None,
    if_match: str | None = None,
    if_none_match: str | None = None,
    caller: str = "",
) -> Answer:
    """Answer one ARM request; raises ArmError for every refusal.

    What has ended by now is settled first, so a request never sees an operation that is overdue.
    """
    cloud.settle()
    version = next((v for k, v in query.items() if k.lower() == "api-version"), "")
    segments = [s for s in path.split("/") if s]
    # The URL of an operation holds all that a poll needs, so it is answered before every check.
    if method == "GET" and len(segments) > 1 and segments[-2].lower() in cloud.poll_words:
        return poll(cloud, segments[-2].lower(), segments[-1][-36:])
    if not version:
        raise refusals.missing_api_version()
    address = ResourceId.parse(path)
    request = Request(method, address, version, body, query, if_match, if_none_match, caller)
    permissions.refuse(cloud, caller, method, address)
    locks.refuse(cloud, method, address)
    registry_outages.refuse(cloud, method, address, body)
    if features.is_feature(address):
        return features.shown(cloud, request)
    if address.is_collection or not address.types:
        return _collection(cloud, request)
    rules = _rules(cloud, address, version)
    request.id = address.canonical(rules.name)
    if method == "HEAD":
        return Answer(204 if cloud.store.exists(str(request.id)) else 404)
    if method not in rules.methods or method not in _VERBS:
        raise refusals.method_not_allowed(method, request.id)
    return _VERBS[method](cloud, request, rules)


def poll(cloud: Cloud, word: str, guid: str) -> Answer:
    """Answer a poll URL: a status document, or for results 202 until the end and then the resource or the failure."""
    operation = cloud.operations.find(guid.lower())
    if operation is None:
        raise ArmError(404, "OperationNotFound", f"The operation '{guid}' could not be found.")
    if operation.running and operation.action != "publish":
        with cloud.store.transaction():
            cloud.operations.read(operation)
    pending = operation if operation.running else None
    retry_after = int(operation.data.get("retry_after", 10)) if pending else None
    polls = cloud.types[ResourceId.parse(operation.data["id"]).type.lower()].polls
    if word == polls.result.rsplit("/", 2)[1].lower():
        if pending:
            return Answer(202, None, pending, retry_after=retry_after)
        if operation.error:
            raise ArmError(_failure_status(operation.error), operation.error["code"], operation.error["message"])
        return Answer(200, _ended(cloud, operation))
    shown = operation.shown if polls.repeats else operation.status
    status: dict[str, Any] = {"status": shown if pending else operation.status}
    if operation.error:
        status["error"] = operation.error
    return Answer(polls.pending if pending else 200, status, pending, retry_after=retry_after)


def _ended(cloud: Cloud, operation: Operation) -> Any:
    """Return what an operation that is polled by Location ends in: the resource, or nothing once it is deleted [ARM-ASYNC]."""
    resource = cloud.get(operation.data["id"]) if operation.action != "delete" else None
    return cloud.type_of(resource).view(cloud, resource, operation.data["api_version"]) if resource else None


def _failure_status(error: dict[str, Any]) -> int:
    return 409 if error["code"] in {"Conflict", "ResourceGroupDeletionBlocked"} else 400


def _rules(cloud: Cloud, address: ResourceId, version: str) -> ResourceType:
    rules = cloud.types.get(address.type.lower())
    if rules is None:
        prefix = f"{address.namespace.lower()}/"
        if not any(name.startswith(prefix) for name in cloud.types):
            raise refusals.invalid_namespace(address.namespace)
        raise refusals.invalid_type(address, version)
    known = shapes.versions(rules.name)
    if known and version not in known:
        raise refusals.no_provider_for_version(address, version, known)
    return rules


def _collection(cloud: Cloud, request: Request) -> Answer:
    """Answer an action on a resource, or a list."""
    if not request.id.types and request.method == "GET":
        return providers.describe(cloud, request)
    parent, word = request.id.parent, request.id.types[-1] if request.id.types else ""
    owner = cloud.types.get(parent.type.lower()) if parent else None
    action = owner.actions.get((request.method, word.lower())) if owner else None
    if parent and owner and action:
        _rules(cloud, parent, request.api_version)
        resource = owner.held(cloud, parent.canonical(owner.name))
        with cloud.store.transaction():
            return action(cloud, request, resource)
    words = "/".join(request.id.types).lower()
    special = cloud.scoped.get((request.method, request.id.namespace.lower(), words))
    if special and (not request.id.names or words.startswith("locations/")):
        return special(cloud, request)
    rules = _rules(cloud, request.id, request.api_version)
    if request.method != "GET":
        raise refusals.method_not_allowed(request.method, request.id)
    _require_group(cloud, request.id)
    if parent and not cloud.has_place(parent):
        raise refusals.parent_not_found(request.id, "read")
    return lists.resources(cloud, request, rules)


def _require_group(cloud: Cloud, address: ResourceId) -> Resource | None:
    if not address.resource_group or address.is_group:
        return None
    group = cloud.get(address.group_id)
    if group is None:
        raise refusals.group_not_found(address.resource_group)
    return group


def _get(cloud: Cloud, request: Request, rules: ResourceType) -> Answer:
    resource = cloud.get(str(request.id))
    if resource is None:
        if rules.name == GROUPS:
            raise refusals.group_not_found(request.id.name)
        _require_group(cloud, request.id)
        if request.id.parent and not cloud.has_place(request.id.parent):
            raise refusals.parent_not_found(request.id, "read")
        given = rules.built_in(cloud, request)
        if given is None:
            raise rules.not_found(request.id)
        return given
    answer = Answer(200, rules.view(cloud, resource, request.api_version))
    rules.read(cloud, resource)
    return answer


def _writable(cloud: Cloud, request: Request, existing: Resource | None) -> None:
    group = _require_group(cloud, request.id)
    if group is not None and deleting(group):
        message = f"The resource group '{group.name}' is in deprovisioning state and cannot perform this operation."
        raise ArmError(409, "ResourceGroupBeingDeleted", message, headers=GATEWAY)
    if request.id.parent and not cloud.has_place(request.id.parent):
        raise refusals.parent_not_found(request.id, "write")
    if existing is not None and deleting(existing):
        message = f"The resource '{existing.id}' is being deleted; wait for the operation to end."
        raise ArmError(409, "Conflict", message)


def _conditions(request: Request, existing: Resource | None) -> None:
    if request.if_none_match == "*" and existing is not None:
        raise refusals.precondition_failed()
    if request.if_match and (existing is None or request.if_match not in {"*", existing.etag}):
        raise refusals.precondition_failed()


def _put(cloud: Cloud, request: Request, rules: ResourceType) -> Answer:
    existing = cloud.get(str(request.id))
    _writable(cloud, request, existing)
    _conditions(request, existing)
    if existing is None:
        _name(request, rules)
    current = rules.view(cloud, existing, request.api_version) if existing else None
    received = request.body
    request.body = shapes.checked_put(rules.name, request.api_version, request.id, received, current)
    tags.refuse(rules.name, request.body.get("tags"))
    _location(request, rules, existing)
    transition = rules.lifecycle.update if existing else rules.lifecycle.create
    return _store(cloud, request, rules, existing, transition, received)


def _patch(cloud: Cloud, request: Request, rules: ResourceType) -> Answer:
    existing = cloud.get(str(request.id))
    _writable(cloud, request, existing)
    if existing is None:
        raise refusals.group_not_found(request.id.name) if rules.name == GROUPS else rules.not_found(request.id)
    _conditions(request, existing)
    received = request.body
    current = rules.view(cloud, existing, request.api_version)
    change = shapes.checked_patch(rules.name, request.api_version, request.id, received, current)
    tags.refuse(rules.name, change.get("tags"))
    if rules.patched is not None:
        change = {name: value for name, value in change.items() if name in rules.patched}
    before = {name: value for name, value in existing.body.items() if name != "tags" or name not in change}
    request.body = merged(before, change)
    if change.get("identity") is not None:
        request.body["identity"] = identities.patched(existing.body.get("identity"), change["identity"])
    _location(request, rules, existing)
    return _store(cloud, request, rules, existing, rules.lifecycle.patch, received)


def _name(request: Request, rules: ResourceType) -> None:
    """Raise ArmError for a new name that the type does not take [ARM-NAMES]."""
    if rules.pattern and not re.fullmatch(rules.pattern, request.id.name):
        message = (
            f"Resource name {request.id.name} is invalid. It must begin with a letter or number, end with a letter, "
            "number or underscore, hold only these and '.', '-', and have the length that its type admits."
        )
        raise ArmError(400, "InvalidResourceName", message)


def _location(request: Request, rules: ResourceType, existing: Resource | None) -> None:
    """Normalise the location; raises ArmError when it is missing, unknown or differs from the resource's."""
    if not rules.kind:
        return
    location = request.body.get("location")
    if rules.kind == "anywhere" and (not location or regions.normalised(location) == "global"):
        request.body["location"] = location or (existing.location if existing else "")
        return
    if not location:
        # Every PUT of a resource group states its location; other resources keep theirs when a PUT omits it.
        if existing is None or rules.name == GROUPS:
            raise ArmError(400, "LocationRequired", "The location property is required for this definition.")
        request.body["location"] = existing.location
        return
    if rules.kind == "global":
        if regions.normalised(location) != "global":
            message = f"The location '{location}' is not valid for this resource type; use 'global'."
            raise ArmError(400, "LocationNotAvailableForResourceType", message)
        request.body["location"] = "global"
        return
    region = request.body["location"] = regions.checked(location, rules.name)
    if existing is None or existing.location == region:
        return
    if rules.name == GROUPS:
        message = (
            f"Invalid resource group location '{location}'. The Resource group already exists in location "
            f"'{existing.location}'."
        )
        raise ArmError(409, "InvalidResourceGroupLocation", message, headers=GATEWAY)
    message = (
        f"The resource '{existing.name}' already exists in location '{existing.location}' in resource group "
        f"'{request.id.resource_group}'. A resource with the same name cannot be created in location '{location}'. "
        "Please select a new resource name."
    )
    raise ArmError(409, "InvalidResourceLocation", message, headers=GATEWAY)


def _store(
    cloud: Cloud,
    request: Request,
    rules: ResourceType,
    existing: Resource | None,
    transition: Transition,
    received: Any,
) -> Answer:
    with cloud.store.transaction():
        resource = rules.write(cloud, request, existing)
        resource.location = request.body.get("location", "") if rules.kind else ""
        if rules.provisioning:
            resource.properties["provisioningState"] = transition.shown
        cloud.add(resource)
        rules.written(cloud, resource, request)
        cloud.store.record(request.method, rules.name, request.api_version, request.id.full_name, resource.id, received)
        operation = None
        if transition.style is not Style.SYNC:
            action = "update" if existing else "create"
            operation = cloud.operations.start(
                resource.key, action, transition, _place(cloud, rules, resource, request)
            )
        shown = {} if transition.empty else rules.view(cloud, cloud.get(resource.id) or resource, request.api_version)
    return Answer(transition.status, shown, operation, retry_after=transition.retry_after)


def _place(cloud: Cloud, rules: ResourceType, resource: Resource, request: Request) -> dict[str, Any]:
    """Return where an operation is polled, without its own id, and by which api-version it was asked for."""
    place = ResourceId.parse(resource.id)
    where = {
        "subscription": f"/subscriptions/{place.subscription}",
        "group": place.group_id,
        "id": resource.id,
        "namespace": place.namespace,
        "region": _region(cloud, resource, place),
        "kind": place.types[-1],
        "guid": "{guid}",
    }
    paths = {"status": rules.polls.status.format(**where), "result": rules.polls.result.format(**where)}
    return {"id": resource.id, "api_version": request.api_version, "paths": paths}


def _region(cloud: Cloud, resource: Resource, place: ResourceId) -> str:
    """Return the region of a resource, or of what it belongs to."""
    above: ResourceId | None = place
    while above is not None:
        found = resource if above is place else cloud.get(str(above))
        if found is not None and found.location:
            return found.location
        above = above.parent
    return "global"


def _delete(cloud: Cloud, request: Request, rules: ResourceType) -> Answer:
    resource = cloud.get(str(request.id))
    if resource is None:
        if rules.name == GROUPS:
            raise refusals.group_not_found(request.id.name)
        _require_group(cloud, request.id)
        return Answer(204)
    _conditions(request, resource)
    transition = rules.lifecycle.delete
    with cloud.store.transaction():
        running = next((o for o in cloud.operations.running(resource.key) if o.action == "delete"), None)
        if running is not None:
            return Answer(transition.status, None, running, retry_after=transition.retry_after)
        rules.delete_asked(cloud, resource, request)
        rules.refuse_delete(cloud, resource)
        if transition.style is Style.SYNC:
            shown = None if transition.empty else rules.view(cloud, resource, request.api_version)
            rules.remove(cloud, resource)
            return Answer(transition.status, shown)
        resource.properties["provisioningState"] = transition.shown
        cloud.update(resource)
        rules.deleting(cloud, resource)
        operation = cloud.operations.start(resource.key, "delete", transition, _place(cloud, rules, resource, request))
        shown = None if transition.empty else rules.view(cloud, resource, request.api_version)
    return Answer(transition.status, shown, operation, retry_after=transition.retry_after)


_VERBS: dict[str, Callable[[Cloud, Request, ResourceType], Answer]] = {
    "GET": _get,
    "PUT": _put,
    "PATCH": _patch,
    "DELETE": _delete,
}
