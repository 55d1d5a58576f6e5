"""Storage accounts, whose names are host names, with their keys, blob service and containers; no data is kept."""

from __future__ import annotations

from typing import ClassVar

from typing_extensions import override

from local_azure.clock import timestamp
from local_azure.errors import ArmError, bad_request
from local_azure.facts.storage import ACCOUNTS, BLOB_SERVICES, CONTAINERS
from local_azure.operations import SYNC_ALWAYS_OK, SYNC_DELETE, SYNC_OK, Lifecycle, Style, Transition
from local_azure.services import host_names, regions, reserved_words, storage_data, storage_keys
from local_azure.services.cloud import Cloud, Request, ResourceType
from local_azure.services.identities import assigned
from local_azure.store import Resource

_SERVICES = ("blob", "dfs", "file", "queue", "table", "web")
_BLOB_DEFAULTS = {
    "cors": {"corsRules": []},
    "deleteRetentionPolicy": {"allowPermanentDelete": False, "enabled": False},
}


class Accounts(ResourceType):
    """Microsoft.Storage/storageAccounts."""

    name = ACCOUNTS
    kept = ("location", "tags", "kind")
    pattern = r"[a-z0-9]{3,24}"
    actions: ClassVar = {**storage_keys.ACTIONS, **storage_data.ACTIONS}
    scoped: ClassVar = {("POST", "checknameavailability"): host_names.checker(ACCOUNTS, pattern)}

    lifecycle = Lifecycle(Transition(Style.RESULT, 202, "ResolvingDns", 15.0, empty=True), SYNC_OK, SYNC_DELETE)
    """202 with Location for a new account, the rest at once (durations chosen)."""

    @override
    def write(self, cloud: Cloud, request: Request, existing: Resource | None) -> Resource:
        """Check that nobody has the name, and fill in the service's defaults [STORAGE-1].

        Network rules that are left out stay as they are [AN-DEFAULTS].
        """
        name = request.id.name
        reserved_words.refuse(name)
        if any(other.key != str(request.id).lower() for other in cloud.store.named(ACCOUNTS, name)):
            raise ArmError(409, "StorageAccountAlreadyTaken", f"The storage account named {name} is already taken.")
        sent = request.stated
        fixed = existing.properties.get("isHnsEnabled", False) if existing else sent.get("isHnsEnabled", False)
        if sent.get("isHnsEnabled", fixed) != fixed:
            raise bad_request("AccountPropertyCannotBeUpdated", "The property 'isHnsEnabled' cannot be updated.")
        created = existing.properties["creationTime"] if existing else timestamp(cloud.clock.now())
        rules = {"bypass": "AzureServices", "defaultAction": "Allow", "ipRules": [], "virtualNetworkRules": []}
        identity = assigned(cloud, request.id, request.body.get("identity"))
        sku = {**request.body["sku"], "tier": request.body["sku"]["name"].split("_")[0]}
        suffix = regions.suffixes(request.body["location"]).storage
        properties = {
            "supportsHttpsTrafficOnly": True,
            "minimumTlsVersion": "TLS1_0",
            "allowBlobPublicAccess": False,
            "accessTier": "Hot",
            "networkAcls": existing.properties["networkAcls"] if existing else rules,
            **sent,
            "creationTime": created,
            "keyCreationTime": {"key1": created, "key2": created},
            "primaryEndpoints": {service: f"https://{name}.{service}{suffix}/" for service in _SERVICES},
            "primaryLocation": request.body.get("location"),
            "statusOfPrimary": "available",
        }
        return self.result(request, existing, properties, sku=sku, **identity)

    @override
    def written(self, cloud: Cloud, resource: Resource, request: Request) -> None:
        """Give a new account its blob service."""
        service = f"{resource.id}/blobServices/default"
        if not cloud.store.exists(service):
            cloud.add(Resource(service, BLOB_SERVICES, "default", "", {"properties": dict(_BLOB_DEFAULTS)}))


class BlobServices(ResourceType):
    """Microsoft.Storage/storageAccounts/blobServices, of which each account has one."""

    name = BLOB_SERVICES
    kind = ""
    provisioning = False
    pattern = "default"
    methods = frozenset({"GET", "PUT"})

    lifecycle = SYNC_ALWAYS_OK
    """The service always exists."""

    @override
    def write(self, cloud: Cloud, request: Request, existing: Resource | None) -> Resource:
        """Fill in the service's defaults [STORAGE-BLOB]."""
        return self.result(request, existing, {**_BLOB_DEFAULTS, **request.properties})


class Containers(ResourceType):
    """Microsoft.Storage/storageAccounts/blobServices/containers."""

    name = CONTAINERS
    kind = ""
    missing = ("ContainerNotFound", "The specified container does not exist.")
    provisioning = False
    pattern = r"(?!.*--)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]"

    @override
    def write(self, cloud: Cloud, request: Request, existing: Resource | None) -> Resource:
        """Refuse public access where the account does not allow it [STORAGE-2]."""
        sent = request.stated
        account = cloud.require((request.id.parent or request.id).parent or request.id)
        access = sent.get("publicAccess", "None")
        if access != "None" and not account.properties["allowBlobPublicAccess"]:
            message = "Public access is not permitted on this storage account."
            raise ArmError(409, "PublicAccessNotPermitted", message)
        properties = {
            "defaultEncryptionScope": "$account-encryption-key",
            "denyEncryptionScopeOverride": False,
            **sent,
            "publicAccess": access,
            "leaseState": "Available",
            "leaseStatus": "Unlocked",
        }
        return self.result(request, existing, properties)


TYPES = (Accounts(), BlobServices(), Containers(), *storage_data.TYPES)
