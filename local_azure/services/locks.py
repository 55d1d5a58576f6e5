"""Management locks at any scope, and the writes and deletes that they refuse [LOCK-ACT]."""

from __future__ import annotations

import re

from typing_extensions import override

from local_azure.errors import GATEWAY, ArmError, bad_request
from local_azure.resource_id import ResourceId
from local_azure.services import lists
from local_azure.services.authorization import require_scope
from local_azure.services.cloud import Answer, Cloud, Request, ResourceType
from local_azure.store import Resource

LOCKS = "Microsoft.Authorization/locks"

_NAME = re.compile(r"[\w.()-]{0,89}[\w()-]")
_LEVELS = frozenset({"CanNotDelete", "ReadOnly"})
_LONGEST_NOTES = 512


class Locks(ResourceType):
    """Microsoft.Authorization/locks, at a subscription, group or resource."""

    name = LOCKS
    kind = ""
    missing = ("LockNotFound", "The lock '{name}' could not be found.")
    provisioning = False
    methods = frozenset({"GET", "PUT", "DELETE"})

    @override
    def write(self, cloud: Cloud, request: Request, existing: Resource | None) -> Resource:
        """Check name, scope, level and notes (codes chosen) [LOCK-NAME]."""
        if not _NAME.fullmatch(request.id.name):
            message = (
                f"The lock name '{request.id.name}' is invalid: 1 to 90 letters, digits and . _ - ( ) are expected."
            )
            raise bad_request("InvalidLockName", message)
        require_scope(cloud, request.id)
        sent = request.stated
        if sent.get("level") not in _LEVELS:
            message = f"The lock level '{sent.get('level')}' is invalid: CanNotDelete or ReadOnly is expected."
            raise bad_request("InvalidLockLevel", message)
        if len(sent.get("notes") or "") > _LONGEST_NOTES:
            raise bad_request("InvalidLockNotes", f"The notes of a lock have {_LONGEST_NOTES} characters at most.")
        return self.result(request, existing, sent)


def refuse(cloud: Cloud, method: str, address: ResourceId) -> None:
    """Raise ArmError for a request that a lock refuses: at its scope, above it or, for a delete, below it [LOCK-ACT].

    A lock itself is changed and deleted under every lock.
    """
    if method in {"GET", "HEAD"} or address.type.lower() == LOCKS.lower():
        return
    delete = method == "DELETE"
    locks = cloud.store.of_type(LOCKS, f"/subscriptions/{address.subscription}")
    held = [scope_of(lock) for lock in locks if _acts(lock, address.key, delete=delete)]
    if held:
        raise scope_locked(str(address), held, "delete" if delete else "write")


def refusal(cloud: Cloud, resource_id: str) -> ArmError | None:
    """Return the refusal of a delete below a resource that a provider asks for itself; None without a lock [LOCK-PE]."""
    try:
        refuse(cloud, "DELETE", ResourceId.parse(resource_id))
    except ArmError as error:
        return error
    return None


def scope_of(lock: Resource) -> str:
    """Return what a lock is made at."""
    return ResourceId.parse(lock.id).scope


def scope_locked(scope: str, held: list[str], operation: str) -> ArmError:
    """Return the 409 of locked scopes."""
    named = ",".join(f"'{each}'" for each in dict.fromkeys(held))
    message = (
        f"The scope '{scope}' cannot perform {operation} operation because following scope(s) are locked: {named}. Please "
        "remove the lock and try again."
    )
    return ArmError(409, "ScopeLocked", message, headers=GATEWAY)


def _acts(lock: Resource, address: str, *, delete: bool) -> bool:
    scope = scope_of(lock).lower()
    if address == scope or address.startswith(f"{scope}/"):
        return delete or lock.properties["level"] == "ReadOnly"
    return delete and scope.startswith(f"{address}/")


def _listed(cloud: Cloud, request: Request) -> Answer:
    """List the locks at a scope and below it; with atScope() those at it."""
    scope, only = request.id.scope, request.query.get("$filter", "")
    if only and only.lower() != "atscope()":
        raise bad_request("UnsupportedQuery", f"The filter '{only}' is not supported.")
    found = cloud.store.of_type(LOCKS, scope)
    if only:
        found = [lock for lock in found if scope_of(lock).lower() == scope.lower()]
    rules = cloud.types[LOCKS.lower()]
    return lists.paged(cloud, request, found, lambda lock: rules.view(cloud, lock, request.api_version))


Locks.scoped = {("GET", "locks"): _listed}

TYPES = (Locks(),)
