"""Microsoft.Storage: accounts, their blob service and its containers."""

from __future__ import annotations

from local_azure.arm_family import Family, TypeRow

ACCOUNTS = "Microsoft.Storage/storageAccounts"
BLOB_SERVICES = f"{ACCOUNTS}/blobServices"
CONTAINERS = f"{BLOB_SERVICES}/containers"

FAMILY = Family(
    types=(
        TypeRow(ACCOUNTS, "storage", "StorageAccount", ("accountName",)),
        TypeRow(BLOB_SERVICES, "storage", "BlobServiceProperties", ("accountName", "blobServicesName")),
        TypeRow(CONTAINERS, "storage", "BlobContainer", ("accountName", "=default", "containerName")),
    ),
    required={"storage/StorageAccount": frozenset({"location"})},
    renames={
        "storage/StorageAccount": {
            "enableHttpsTrafficOnly": "properties.supportsHttpsTrafficOnly",
            "enableNfsV3": "properties.isNfsV3Enabled",
            "networkRuleSet": "properties.networkAcls",
        },
        "storage:Encryption": {"encryptionIdentity": "identity", "keyVaultProperties": "keyvaultproperties"},
        "storage:EncryptionIdentity": {
            "encryptionFederatedIdentityClientId": "federatedIdentityClientId",
            "encryptionUserAssignedIdentity": "userAssignedIdentity",
        },
        "storage:KeyVaultProperties": {
            "keyName": "keyname",
            "keyVaultUri": "keyvaulturi",
            "keyVersion": "keyversion",
        },
        "storage:IPRule": {"iPAddressOrRange": "value"},
        "storage:VirtualNetworkRule": {"virtualNetworkResourceId": "id"},
    },
    force_new={ACCOUNTS: frozenset({"location", "isHnsEnabled"})},
    synchronous_put=frozenset({BLOB_SERVICES, CONTAINERS}),
    synchronous_delete=frozenset({ACCOUNTS, BLOB_SERVICES, CONTAINERS}),
)
