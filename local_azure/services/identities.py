"""User-assigned identities, and the `identity` block of other resources."""

from __future__ import annotations

from typing import Any

from typing_extensions import override

from local_azure.errors import bad_request
from local_azure.resource_id import ResourceId
from local_azure.services.cloud import Cloud, Json, Request, ResourceType, merged, pick
from local_azure.services.principals import made_up, new_principal
from local_azure.store import Resource

IDENTITIES = "Microsoft.ManagedIdentity/userAssignedIdentities"


def assigned(cloud: Cloud, owner: ResourceId, sent: Any) -> Json:
    """Return the `identity` block of a resource with its principals, or nothing when none was sent.

    Raises ArmError when a user-assigned identity does not exist [MSI-FAILED].
    """
    kinds = {k.strip().lower() for k in str((sent or {}).get("type") or "none").split(",")}
    there = cloud.get(str(owner))
    before = (there.body.get("identity") or {}) if there else {}
    if before.get("principalId") and "systemassigned" not in kinds:
        cloud.store.depart(before["principalId"], str(owner))
    if not kinds & {"systemassigned", "userassigned"}:
        return {}
    block: Json = {"type": sent["type"]}
    if "systemassigned" in kinds:
        block |= {
            "principalId": before.get("principalId") or new_principal(cloud.store, str(owner)),
            "tenantId": before.get("tenantId") or cloud.settings.tenant,
        }
    if "userassigned" in kinds:
        block["userAssignedIdentities"] = {}
        for identity_id in sent.get("userAssignedIdentities") or {}:
            message = (
                f"Identity operation for resource '{owner}' failed with error 'Failed to perform resource identity "
                'operation. Status: \'BadRequest\'. Response: \'{"error":{"code":"BadRequest","message":"Resource '
                f"'{identity_id}' was not found.\"}}}}'.'."
            )
            identity = cloud.named(identity_id, IDENTITIES, "FailedIdentityOperation", message)
            block["userAssignedIdentities"][identity_id] = pick(identity.properties, "principalId", "clientId")
    return {"identity": block}


def users(block: Json) -> Json:
    """Return the user-assigned identities of what `assigned` returns, by id in lower case."""
    held = (block.get("identity") or {}).get("userAssignedIdentities") or {}
    return {key.lower(): user for key, user in held.items()}


def patched(current: Json | None, sent: Json) -> Json:
    """Return what a PATCH makes of an `identity` block: a null takes an identity away, ids in any case [ARM-MERGE]."""
    member = "userAssignedIdentities"
    held = {key.lower(): key for key in (current or {}).get(member) or {}}
    change = {held.get(key.lower(), key): value for key, value in (sent.get(member) or {}).items()}
    return merged(current, {**sent, member: change})


class UserAssignedIdentities(ResourceType):
    """Microsoft.ManagedIdentity/userAssignedIdentities."""

    name = IDENTITIES
    provisioning = False

    @override
    def write(self, cloud: Cloud, request: Request, existing: Resource | None) -> Resource:
        """Keep location and tags, and give the identity its principal."""
        if not 3 <= len(request.id.name) <= 128:
            message = f"The identity name '{request.id.name}' must have 3 to 128 characters."
            raise bad_request("InvalidResourceName", message)
        resource = existing or new_identity(cloud, str(request.id), request.body["location"])
        given = pick(resource.properties, "tenantId", "principalId", "clientId")
        return self.result(request, resource, {**pick(request.properties, "isolationScope"), **given})


def new_identity(cloud: Cloud, identity_id: str, location: str) -> Resource:
    """Return an identity that is made now, with a principal and a client of its own."""
    principal = new_principal(cloud.store, identity_id)
    properties = {
        "tenantId": cloud.settings.tenant,
        "principalId": principal,
        "clientId": made_up(principal, "client"),
    }
    body = {"location": location, "properties": properties}
    return Resource(identity_id, IDENTITIES, identity_id.rpartition("/")[2], location, body)


TYPES = (UserAssignedIdentities(),)
