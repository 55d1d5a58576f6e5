"""Role assignments at any scope, and the built-in role definitions."""

from __future__ import annotations

import re
import uuid

from typing_extensions import override

from local_azure.clock import timestamp
from local_azure.errors import ArmError, bad_request
from local_azure.refusals import group_not_found, resource_not_found
from local_azure.resource_id import ResourceId
from local_azure.services import lists, permissions
from local_azure.services.cloud import Answer, Cloud, Request, ResourceType, pick
from local_azure.services.permissions import ASSIGNMENTS
from local_azure.services.principals import principal_type
from local_azure.services.role_definitions import BUILT_IN, ROLE_DEFINITIONS, definition_id, shown
from local_azure.store import Resource

_FILTER = re.compile(r"^(?:principalId|assignedTo\()\s*(?:eq\s*)?'([^']+)'\)?$", re.IGNORECASE)
_NAME_FILTER = re.compile(r"^roleName eq '([^']+)'$", re.IGNORECASE)


def _guid(text: str) -> str:
    try:
        return str(uuid.UUID(text))
    except ValueError:
        return ""


class RoleAssignments(ResourceType):
    """Microsoft.Authorization/roleAssignments, at a subscription, group or resource.

    A GUID names it; a second one for the same principal, role and scope is refused [RBAC-EXISTS].
    """

    name = ASSIGNMENTS
    kind = ""
    missing = ("RoleAssignmentNotFound", "The role assignment '{name}' is not found.")
    provisioning = False
    methods = frozenset({"GET", "PUT", "DELETE"})

    @override
    def write(self, cloud: Cloud, request: Request, existing: Resource | None) -> Resource:
        """Check name, scope, role and principal."""
        if not _guid(request.id.name):
            message = f"The role assignment ID '{request.id.name}' is not valid. The role assignment ID must be a GUID."
            raise bad_request("InvalidRoleAssignmentId", message)
        require_scope(cloud, request.id)
        sent = request.properties
        role = _role(request, str(sent.get("roleDefinitionId") or ""))
        principal = str(sent.get("principalId") or "")
        if not _guid(principal):
            raise bad_request("InvalidPrincipalId", f"A valid principal ID must be provided: '{principal}' is no GUID.")
        stated = sent.get("principalType")
        kind = (
            existing.properties["principalType"]
            if existing
            else principal_type(cloud.store, cloud.settings.tenant, principal, stated)
        )
        # Only the condition and the description of an assignment can change.
        if existing is not None:
            before = existing.properties
            if (before["principalId"], before["roleDefinitionId"]) != (principal, role):
                message = "Tenant ID, application ID, principal ID, and scope are not allowed to be updated."
                raise bad_request("RoleAssignmentUpdateNotPermitted", message)
        _refuse_twin(cloud, request.id, principal, role)
        now = timestamp(cloud.clock.now())
        properties = {
            "roleDefinitionId": role,
            "principalId": principal,
            "principalType": kind,
            "scope": request.id.scope or "/",
            **{m: sent.get(m) for m in ("condition", "conditionVersion", "description")},
            **pick(sent, "delegatedManagedIdentityResourceId"),
            "createdOn": existing.properties["createdOn"] if existing else now,
            "updatedOn": now,
            "createdBy": None,
            "updatedBy": None,
        }
        return self.result(request, existing, properties)


def require_scope(cloud: Cloud, place: ResourceId) -> None:
    """Raise ArmError when the scope of an assignment does not exist."""
    if not place.scope:
        return
    scope = ResourceId.parse(place.scope)
    if scope.types == ("subscriptions",) or cloud.store.exists(str(scope)):
        return
    raise group_not_found(scope.name) if scope.is_group else resource_not_found(scope)


def _role(request: Request, role_id: str) -> str:
    """Return the role definition id as the list of role definitions writes it [AZ-ROLE]."""
    guid = _guid(role_id.rpartition("/")[2])
    if guid not in BUILT_IN or f"/providers/{ROLE_DEFINITIONS}/".lower() not in role_id.lower():
        message = f"The specified role definition with ID '{guid or role_id}' does not exist."
        raise bad_request("RoleDefinitionDoesNotExist", message)
    return definition_id(request.id.subscription, guid)


def _refuse_twin(cloud: Cloud, place: ResourceId, principal: str, role: str) -> None:
    for other in _at(cloud, place.scope):
        properties = other.properties
        if other.key != place.key and (properties["principalId"], properties["roleDefinitionId"]) == (principal, role):
            message = f"The role assignment already exists. The ID of the existing role assignment is {other.name}."
            raise ArmError(409, "RoleAssignmentExists", message)


def _at(cloud: Cloud, scope: str) -> list[Resource]:
    """Return the assignments made exactly at a scope."""
    wanted = scope.lower() or "/"
    every = cloud.store.of_type(ASSIGNMENTS, scope)
    return [a for a in every if a.properties["scope"].lower() == wanted]


def _above(scope: str) -> list[str]:
    """Return the scopes whose assignments also apply at a scope."""
    if not scope:
        return []
    place = ResourceId.parse(scope)
    found = [f"/subscriptions/{place.subscription}"]
    if place.group_id and place.group_id.lower() != scope.lower():
        found.append(place.group_id)
    while place.parent is not None:
        place = place.parent
        found.append(str(place))
    return [above for above in dict.fromkeys(found) if above.lower() != scope.lower()]


def list_assignments(cloud: Cloud, request: Request) -> Answer:
    """List assignments at, above and (without atScope()) below a scope, by principal when asked [RBAC-LIST]."""
    wanted, only = request.query.get("$filter", ""), ""
    clauses = [c.strip() for c in re.split(r"\s+and\s+", wanted) if c.strip()]
    at_scope = any(c.lower() == "atscope()" for c in clauses)
    for clause in clauses:
        match = _FILTER.match(clause)
        if match:
            only = match.group(1).lower()
        elif clause.lower() != "atscope()":
            raise bad_request("UnsupportedQuery", f"The filter '{wanted}' is not supported.")
    scope = request.id.scope
    found = [a for above in _above(scope) for a in _at(cloud, above)]
    found += _at(cloud, scope) if at_scope else cloud.store.of_type(ASSIGNMENTS, scope)
    found = [a for a in found if not only or a.properties["principalId"].lower() == only]
    rules = cloud.types[ASSIGNMENTS.lower()]
    return lists.paged(cloud, request, found, lambda r: rules.view(cloud, r, request.api_version))


def list_definitions(cloud: Cloud, request: Request) -> Answer:
    """List the built-in roles, by name when asked."""
    wanted = request.query.get("$filter", "")
    match = _NAME_FILTER.match(wanted)
    if wanted and not match and wanted.lower() not in {"atscopeandbelow()", "type eq 'builtinrole'"}:
        raise bad_request("UnsupportedQuery", f"The filter '{wanted}' is not supported.")
    name = match.group(1).lower() if match else ""
    found = [guid for guid, role in BUILT_IN.items() if not name or role.lower() == name]
    return lists.paged(cloud, request, found, lambda guid: shown(request.id.subscription, guid))


class RoleDefinitions(ResourceType):
    """Microsoft.Authorization/roleDefinitions: read-only, and not stored."""

    name = ROLE_DEFINITIONS
    kind = ""
    missing = ("RoleDefinitionDoesNotExist", "The specified role definition with ID '{name}' does not exist.")
    provisioning = False
    methods = frozenset({"GET"})

    @override
    def built_in(self, cloud: Cloud, request: Request) -> Answer | None:
        """Return the built-in role of that GUID."""
        guid = _guid(request.id.name)
        return Answer(200, shown(request.id.subscription, guid)) if guid in BUILT_IN else None


RoleAssignments.scoped = {
    ("GET", "permissions"): permissions.list_permissions,
    ("GET", "roleassignments"): list_assignments,
    ("GET", "roledefinitions"): list_definitions,
}

TYPES = (RoleAssignments(), RoleDefinitions())
