"""Key vaults with their keys and secrets, and deleted vaults, which keep their names until they are purged [KV-ARM]."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar

from typing_extensions import override

from local_azure.clock import timestamp
from local_azure.errors import ArmError, bad_request
from local_azure.facts.key_vault import CONNECTIONS, DELETED, VAULTS
from local_azure.operations import SYNC_ALWAYS_OK
from local_azure.resource_id import ResourceId
from local_azure.services import regions
from local_azure.services.cloud import Answer, Cloud, Json, Request, ResourceType
from local_azure.services.private_links import Member, PrivateLinkTarget
from local_azure.services.registry_connections import RegistryConnections
from local_azure.store import Resource

_NAME = re.compile(r"(?!.*--)[a-zA-Z][a-zA-Z0-9-]{1,22}[a-zA-Z0-9]")
_DAY_SECONDS = 86_400
_RBAC_BY_DEFAULT = "2026-02-01"
_IN_USE = (
    "The vault name '{name}' is already in use. Vault names are globally unique so it is possible that the name is already "
    "taken. If you are sure that the vault name was not taken then it is possible that a vault with the same name was "
    "recently deleted but not purged after being placed in a recoverable state. If the vault is in a recoverable state then "
    "the vault will need to be purged before reusing the name."
)


class Vaults(PrivateLinkTarget):
    """Microsoft.KeyVault/vaults."""

    name = VAULTS
    groups = ("vault",)
    connections = CONNECTIONS
    lifecycle = SYNC_ALWAYS_OK
    """200 for a new vault too (as recorded by SDKs), at once (chosen)."""

    @override
    def write(self, cloud: Cloud, request: Request, existing: Resource | None) -> Resource:
        """Check the name and what cannot be undone, recover a deleted vault, and fill in the service's defaults [KV-ARM]."""
        sent = {**request.properties}
        recover = sent.pop("createMode", "default") == "recover"
        before = existing.properties if existing else {}
        recovered = None
        if existing is None:
            recovered = _admitted(cloud, request, recover=recover)
            before = recovered.state["vault"]["properties"] if recovered else {}
        _refuse_changes(sent, before)
        rbac = before.get("enableRbacAuthorization", request.api_version >= _RBAC_BY_DEFAULT)
        properties = {
            "accessPolicies": [],
            "enabledForDeployment": False,
            "enableSoftDelete": True,
            "softDeleteRetentionInDays": 90,
            "publicNetworkAccess": "Enabled",
            **(before if recovered else {}),
            **sent,
            "enableRbacAuthorization": sent.get("enableRbacAuthorization", rbac),
            "vaultUri": f"https://{_host(request.id.name, request.body['location'])}/",
        }
        if before.get("enablePurgeProtection"):
            properties["enablePurgeProtection"] = True
        resource = self.result(request, existing, properties)
        if recovered:
            resource.state["recovered"] = recovered.state["parts"]
            cloud.drop(recovered)
        return resource

    @override
    def written(self, cloud: Cloud, resource: Resource, request: Request) -> None:
        """Bring the keys and secrets of a recovered vault back."""
        for part in resource.state.pop("recovered", ()):
            cloud.add(Resource(**part))
            cloud.update(resource)

    @override
    def computed(self, cloud: Cloud, resource: Resource, api_version: str) -> Json | None:
        """Show the private endpoint connections of now."""
        found = cloud.shown(resource.id, CONNECTIONS, api_version)
        return {"privateEndpointConnections": found} if found else None

    @override
    def members(self, cloud: Cloud, resource: Resource, group: str) -> list[Member]:
        """Return the one host of a vault."""
        return [Member("default", (_host(resource.name, resource.location),))]

    @override
    def remove(self, cloud: Cloud, resource: Resource) -> None:
        """Keep the vault, recoverable until its retention ends, and take it out of its group [KV-ARM]."""
        parts = [each for kind in (_KEYS, _SECRETS) for each in cloud.store.children(resource.id, kind)]
        place, now = ResourceId.parse(resource.id), cloud.clock.now()
        days = resource.properties["softDeleteRetentionInDays"]
        held: Json = {
            "vaultId": resource.id,
            "location": resource.location,
            "deletionDate": timestamp(now),
            "scheduledPurgeDate": timestamp(now + days * _DAY_SECONDS),
            "purgeProtectionEnabled": bool(resource.properties.get("enablePurgeProtection")),
            "tags": resource.body.get("tags") or {},
        }
        kept = {"vault": resource.body, "parts": [_row(each) for each in parts], "until": now + days * _DAY_SECONDS}
        super().remove(cloud, resource)
        deleted = f"{_places(place.subscription, resource.location)}/{place.name}"
        cloud.add(Resource(deleted, DELETED, place.name, "", {"properties": held}, kept))


def _host(name: str, location: str) -> str:
    return f"{name.lower()}{regions.suffixes(location).vault}"


def _row(part: Resource) -> Json:
    return {"id": part.id, "type": part.type, "name": part.name, "body": part.body, "state": part.state}


def _places(subscription: str, location: str) -> str:
    return f"/subscriptions/{subscription}/providers/Microsoft.KeyVault/locations/{location}/deletedVaults"


def _deleted(cloud: Cloud, name: str) -> Resource | None:
    """Return the deleted vault of a name, wherever it is; one whose retention is over is purged now."""
    for found in cloud.store.named(DELETED, name):
        if found.state["until"] > cloud.clock.now():
            return found
        cloud.drop(found)
    return None


def _admitted(cloud: Cloud, request: Request, *, recover: bool) -> Resource | None:
    """Raise ArmError for a name that is invalid or in use; return the deleted vault that is recovered."""
    name, deleted = request.id.name, _deleted(cloud, request.id.name)
    if not _NAME.fullmatch(name):
        message = (
            f"The vault name '{name}' is invalid. A vault's name must be between 3-24 alphanumeric characters. The name must "
            "begin with a letter, end with a letter or digit, and not contain consecutive hyphens."
        )
        raise bad_request("VaultNameNotValid", message)
    own = deleted is not None and deleted.properties["vaultId"].lower() == str(request.id).lower()
    if recover:
        if own:
            return deleted
        raise ArmError(
            404, "SoftDeletedVaultDoesNotExist", f"A soft deleted vault with the name {name} does not exist."
        )
    if own:
        message = (
            "A vault with the same name already exists in deleted state. You need to either recover or purge existing key "
            "vault."
        )
        raise ArmError(409, "ConflictError", message)
    if deleted or cloud.store.named(VAULTS, name):
        raise ArmError(409, "VaultAlreadyExists", _IN_USE.format(name=name))
    return None


def _refuse_changes(sent: Mapping[str, object], before: Mapping[str, object]) -> None:
    """Raise ArmError for switches that are irreversible, and a retention that is fixed [KV-ARM]."""
    if sent.get("enablePurgeProtection") is False:
        message = (
            'The property "enablePurgeProtection" cannot be set to false. Enabling the purge protection for a vault is an '
            "irreversible action."
        )
        raise bad_request("BadRequest", message)
    if sent.get("enableSoftDelete") is False:
        message = 'The property "enableSoftDelete" cannot be set to false: soft delete is enabled on all key vaults.'
        raise bad_request("BadRequest", message)
    days = sent.get("softDeleteRetentionInDays")
    if isinstance(days, int) and not 7 <= days <= 90:
        raise bad_request("BadRequest", 'The property "softDeleteRetentionInDays" must be between 7 and 90.')
    if days is not None and before and days != before["softDeleteRetentionInDays"]:
        message = 'The property "softDeleteRetentionInDays" has been set already and it can\'t be modified.'
        raise bad_request("BadRequest", message)


class DeletedVaults(ResourceType):
    """Microsoft.KeyVault/locations/deletedVaults: vaults that were deleted and can be recovered."""

    name = DELETED
    kind = ""
    provisioning = False
    methods = frozenset({"GET"})

    @override
    def held(self, cloud: Cloud, place: ResourceId) -> Resource:
        """Return the deleted vault, unless its retention is over."""
        _deleted(cloud, place.name)
        return super().held(cloud, place)


def _listed(cloud: Cloud, request: Request) -> Answer:
    """List the deleted vaults of a subscription."""
    names = {each.name for each in cloud.store.of_type(DELETED, request.id.scope)}
    found = [each for name in sorted(names) if (each := _deleted(cloud, name))]
    rules = cloud.types[DELETED.lower()]
    return Answer(200, {"value": [rules.view(cloud, each, request.api_version) for each in found]})


def _purged(cloud: Cloud, request: Request, deleted: Resource) -> Answer:
    """Purge a deleted vault, which purge protection refuses [KV-ARM]."""
    if deleted.properties["purgeProtectionEnabled"]:
        raise ArmError(405, "MethodNotAllowed", "Operation 'DeletedVaultPurge' is not allowed.")
    cloud.drop(deleted)
    return Answer(200)


def _name_check(cloud: Cloud, request: Request) -> Answer:
    """Answer checkNameAvailability."""
    name = str((request.body or {}).get("name") or "")
    place = ResourceId.parse(f"{request.id.scope}/resourceGroups/none/providers/{VAULTS}/{name or 'none'}")
    try:
        _admitted(cloud, replace(request, id=place), recover=False)
    except ArmError as error:
        reason = "AccountNameInvalid" if error.code == "VaultNameNotValid" else "AlreadyExists"
        return Answer(200, {"nameAvailable": False, "reason": reason, "message": error.message})
    return Answer(200, {"nameAvailable": True})


class _Part(ResourceType):
    """A key or a secret: its current version, with a GUID in place of a version's own form (chosen)."""

    kind = ""
    provisioning = False
    lifecycle = SYNC_ALWAYS_OK
    kept = ("tags",)
    uri: ClassVar[str] = ""

    @override
    def write(self, cloud: Cloud, request: Request, existing: Resource | None) -> Resource:
        """Keep the body, with the addresses of the data plane; a secret's value is never shown [KV-ARM]."""
        vault = cloud.require(request.id.parent or request.id)
        sent = {**request.properties}
        value = sent.pop("value", None)
        resource = existing or self.new(request)
        same = existing is not None and resource.state.get("value") == value
        version = resource.state["version"] if same else uuid.uuid4().hex
        resource.state = {"version": version, "value": value}
        address = f"{vault.properties['vaultUri']}{request.id.types[-1]}/{request.id.name}"
        versioned = {self.uri: address, f"{self.uri}WithVersion": f"{address}/{version}"}
        return self.result(request, resource, {**sent, **versioned})

    @override
    def view(self, cloud: Cloud, resource: Resource, api_version: str) -> Json:
        """Show the part with the region of its vault."""
        place = ResourceId.parse(resource.id)
        vault = cloud.get(str(place.parent)) if place.parent else None
        return {**super().view(cloud, resource, api_version), "location": vault.location if vault else ""}


class Keys(_Part):
    """Microsoft.KeyVault/vaults/keys; a key that exists stays as it is."""

    name = f"{VAULTS}/keys"
    uri = "keyUri"

    @override
    def write(self, cloud: Cloud, request: Request, existing: Resource | None) -> Resource:
        """Make the first version only: ARM changes no key that exists [KV-ARM]."""
        return existing or super().write(cloud, request, None)


class Secrets(_Part):
    """Microsoft.KeyVault/vaults/secrets."""

    name = f"{VAULTS}/secrets"
    uri = "secretUri"


class VaultConnections(RegistryConnections):
    """Microsoft.KeyVault/vaults/privateEndpointConnections."""

    name = CONNECTIONS


_KEYS, _SECRETS = Keys.name, Secrets.name
Vaults.scoped = {("GET", "deletedvaults"): _listed, ("POST", "checknameavailability"): _name_check}
DeletedVaults.actions = {("POST", "purge"): _purged}

TYPES = (Vaults(), Keys(), Secrets(), DeletedVaults(), VaultConnections())
