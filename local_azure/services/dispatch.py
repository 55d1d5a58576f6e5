"""Resource Manager's own part: it reads the address, checks version, group, parent and body, and asks the type."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from local_azure import errors
from local_azure.errors import ArmError
from local_azure.operations import Style, Transition
from local_azure.resource_id import GROUPS, ResourceId
from local_azure.services import authorization, identities, lists, providers, regions, registry_actions, shapes
from local_azure.services.cloud import Answer, Cloud, Request, ResourceType, deleting, merged
from local_azure.store import Resource

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

POLLS = frozenset(
    ["operations", "operationresults", "operationstatuses", "privatednsoperationstatuses", "privatednsoperationresults"]
)
"""Last but one path segments, in lower case, of poll URLs."""


SPECIAL: dict[tuple[str, str, str], Callable[[Cloud, Request], Answer]] = {
    ("GET", "microsoft.resources", "resources"): lists.tracked,
    ("GET", "microsoft.authorization", "roleassignments"): authorization.list_assignments,
    ("GET", "microsoft.authorization", "roledefinitions"): authorization.list_definitions,
    ("POST", "microsoft.containerregistry", "checknameavailability"): registry_actions.check_name,
}
"""Lists and actions of a scope that are no list of one type, by method, namespace and word in lower case."""


def handle(
    cloud: Cloud,
    method: str,
    path: str,
    query: Mapping[str, str],
    body: Any = None,
    if_match: str | None = None,
    if_none_match: str | None = None,
) -> Answer:
    """Answer one ARM request; raises ArmError for every refusal.

    What has ended by now is settled first, so a request never sees an operation that is overdue.
    """
    cloud.settle()
    version = next((v for k, v in query.items() if k.lower() == "api-version"), "")
    segments = [s for s in path.split("/") if s]
    if method == "GET" and len(segments) > 1 and segments[-2].lower() in POLLS:
        return poll(cloud, segments[-2].lower(), segments[-1][-36:])
    if not version:
        raise errors.missing_api_version()
    address = ResourceId.parse(path)
    request = Request(method, address, version, body, query, if_match, if_none_match)
    if address.is_collection or not address.types:
        return _collection(cloud, request)
    rules = _rules(cloud, address, version)
    request.id = address.canonical(rules.name)
    if method == "HEAD":
        return Answer(204 if cloud.store.exists(str(request.id)) else 404)
    if method not in rules.methods or method not in _VERBS:
        raise errors.method_not_allowed(method, request.id)
    return _VERBS[method](cloud, request, rules)


def poll(cloud: Cloud, kind: str, guid: str) -> Answer:
    """Answer a poll URL: a status document, or for results 202 until the end and then 200 or the failure."""
    operation = cloud.operations.find(guid.lower())
    if operation is None:
        raise ArmError(404, "OperationNotFound", f"The operation '{guid}' could not be found.")
    if operation.running and operation.action != "publish":
        with cloud.store.transaction():
            cloud.operations.read(operation)
    pending = operation if operation.running else None
    retry_after = int(operation.data.get("retry_after", 10)) if pending else None
    if kind in {"operationresults", "privatednsoperationresults"}:
        if pending:
            return Answer(202, None, pending, retry_after=retry_after)
        if operation.error:
            raise ArmError(_failure_status(operation.error), operation.error["code"], operation.error["message"])
        return Answer(200)
    # A registry's status repeats the resource's state while it runs, everybody else says InProgress [REC-ACR-REPL].
    word = operation.shown if kind == "operationstatuses" else operation.status
    status: dict[str, Any] = {"status": word if pending else operation.status}
    if operation.error:
        status["error"] = operation.error
    return Answer(202 if pending and kind.startswith("privatedns") else 200, status, pending, retry_after=retry_after)


def _failure_status(error: dict[str, Any]) -> int:
    return 409 if error["code"] in {"Conflict", "ResourceGroupDeletionBlocked"} else 400


def _rules(cloud: Cloud, address: ResourceId, version: str) -> ResourceType:
    rules = cloud.types.get(address.type.lower())
    if rules is None:
        prefix = f"{address.namespace.lower()}/"
        if not any(name.startswith(prefix) for name in cloud.types):
            raise errors.invalid_namespace(address.namespace)
        raise errors.invalid_type(address, version)
    known = shapes.versions(rules.name)
    if known and version not in known:
        raise errors.no_provider_for_version(address, version, known)
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
    special = SPECIAL.get((request.method, request.id.namespace.lower(), word.lower()))
    if special and not request.id.names:
        return special(cloud, request)
    rules = _rules(cloud, request.id, request.api_version)
    if request.method != "GET":
        raise errors.method_not_allowed(request.method, request.id)
    _require_group(cloud, request.id)
    if parent and not cloud.has_place(parent):
        raise errors.parent_not_found(request.id, "read")
    return lists.resources(cloud, request, rules)


def _require_group(cloud: Cloud, address: ResourceId) -> Resource | None:
    if not address.resource_group or address.is_group:
        return None
    group = cloud.get(address.group_id)
    if group is None:
        raise errors.group_not_found(address.resource_group)
    return group


def _get(cloud: Cloud, request: Request, rules: ResourceType) -> Answer:
    resource = cloud.get(str(request.id))
    if resource is None:
        if rules.name == GROUPS:
            raise errors.group_not_found(request.id.name)
        _require_group(cloud, request.id)
        if request.id.parent and not cloud.has_place(request.id.parent):
            raise errors.parent_not_found(request.id, "read")
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
        raise ArmError(409, "ResourceGroupBeingDeleted", message, headers=errors.GATEWAY)
    if request.id.parent and not cloud.has_place(request.id.parent):
        raise errors.parent_not_found(request.id, "write")
    if existing is not None and deleting(existing):
        message = f"The resource '{existing.id}' is being deleted; wait for the operation to end."
        raise ArmError(409, "Conflict", message)


def _conditions(request: Request, existing: Resource | None) -> None:
    if request.if_none_match == "*" and existing is not None:
        raise errors.precondition_failed()
    if request.if_match and (existing is None or request.if_match not in {"*", existing.etag}):
        raise errors.precondition_failed()


def _put(cloud: Cloud, request: Request, rules: ResourceType) -> Answer:
    existing = cloud.get(str(request.id))
    _writable(cloud, request, existing)
    _conditions(request, existing)
    if existing is None:
        _name(request, rules)
    current = rules.view(cloud, existing, request.api_version) if existing else None
    received = request.body
    request.body = shapes.checked_put(rules.name, request.api_version, request.id, received, current)
    _location(request, rules, existing)
    transition = rules.lifecycle.update if existing else rules.lifecycle.create
    return _store(cloud, request, rules, existing, transition, received)


def _patch(cloud: Cloud, request: Request, rules: ResourceType) -> Answer:
    existing = cloud.get(str(request.id))
    _writable(cloud, request, existing)
    if existing is None:
        raise errors.group_not_found(request.id.name) if rules.name == GROUPS else rules.not_found(request.id)
    _conditions(request, existing)
    received = request.body
    current = rules.view(cloud, existing, request.api_version)
    change = shapes.checked_patch(rules.name, request.api_version, request.id, received, current)
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
        raise ArmError(409, "InvalidResourceGroupLocation", message, headers=errors.GATEWAY)
    message = (
        f"The resource '{existing.name}' already exists in location '{existing.location}' in resource group "
        f"'{request.id.resource_group}'. A resource with the same name cannot be created in location '{location}'. "
        "Please select a new resource name."
    )
    raise ArmError(409, "InvalidResourceLocation", message, headers=errors.GATEWAY)


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
            operation = cloud.operations.start(resource.key, action, transition, _place(resource, request))
        shown = {} if transition.empty else rules.view(cloud, cloud.get(resource.id) or resource, request.api_version)
    return Answer(transition.status, shown, operation, retry_after=transition.retry_after)


def _place(resource: Resource, request: Request) -> dict[str, Any]:
    """Return what a poll URL is built from."""
    return {"id": resource.id, "region": resource.location, "api_version": request.api_version}


def _delete(cloud: Cloud, request: Request, rules: ResourceType) -> Answer:
    resource = cloud.get(str(request.id))
    if resource is None:
        if rules.name == GROUPS:
            raise errors.group_not_found(request.id.name)
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
        operation = cloud.operations.start(resource.key, "delete", transition, _place(resource, request))
        shown = None if transition.empty else rules.view(cloud, resource, request.api_version)
    return Answer(transition.status, shown, operation, retry_after=transition.retry_after)


_VERBS: dict[str, Callable[[Cloud, Request, ResourceType], Answer]] = {
    "GET": _get,
    "PUT": _put,
    "PATCH": _patch,
    "DELETE": _delete,
}
