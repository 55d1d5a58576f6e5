"""Microsoft.Storage: accounts, their blob service and its containers."""

from __future__ import annotations

from local_azure.arm_family import SHOWN, TAGS, TEXT, Action, Family, Marks, Shape, TypeRow

ACCOUNTS = "Microsoft.Storage/storageAccounts"
BLOB_SERVICES = f"{ACCOUNTS}/blobServices"
CONTAINERS = f"{BLOB_SERVICES}/containers"
BLOBS = f"{CONTAINERS}/blobs"
WEBSITE = f"{ACCOUNTS}/staticWebsite"
DATA_VERSION = "2018-11-09"
"""Version of the data plane that azure-native writes blobs at [AN-STORAGE]."""
WEBSITE_VERSION = "2024-01-01"
"""Version at which the local Azure takes the website of an account (chosen)."""

_PACKAGE = "azure-mgmt-storage 25.3.0 (2026-09-01)"

# Arguments of the functions that make SAS tokens, as the wire names them [STORAGE-SAS].
_SIGNED = {
    "iPAddressOrRange": "signedIp",
    "permissions": "signedPermission",
    "protocols": "signedProtocol",
    "sharedAccessExpiryTime": "signedExpiry",
    "sharedAccessStartTime": "signedStart",
}
_ACCOUNT_SAS = {**_SIGNED, "resourceTypes": "signedResourceTypes", "services": "signedServices"}
_SERVICE_SAS = {
    **_SIGNED,
    "cacheControl": "rscc",
    "contentDisposition": "rscd",
    "contentEncoding": "rsce",
    "contentLanguage": "rscl",
    "contentType": "rsct",
    "identifier": "signedIdentifier",
    "partitionKeyEnd": "endPk",
    "partitionKeyStart": "startPk",
    "resource": "signedResource",
    "rowKeyEnd": "endRk",
    "rowKeyStart": "startRk",
}

_BLOB = {
    "name": SHOWN,
    "properties.accessTier": {"type": {"k": "enum", "values": ["Hot", "Cool", "Archive"]}},
    "properties.contentMd5": TEXT,
    "properties.contentType": TEXT,
    "properties.metadata": TAGS,
    "properties.source": {"type": {"k": "any"}},
    "properties.type": {"type": {"k": "enum", "values": ["Block", "Append"]}},
    "properties.url": SHOWN,
}
_SITE = {
    "properties.containerName": SHOWN,
    "properties.error404Document": TEXT,
    "properties.indexDocument": TEXT,
}

FAMILY = Family(
    shapes=(Shape(BLOBS, {DATA_VERSION: _BLOB}), Shape(WEBSITE, {WEBSITE_VERSION: _SITE})),
    types=(
        TypeRow(ACCOUNTS, "storage", "StorageAccount", ("accountName",)),
        TypeRow(BLOB_SERVICES, "storage", "BlobServiceProperties", ("accountName", "blobServicesName")),
        TypeRow(CONTAINERS, "storage", "BlobContainer", ("accountName", "=default", "containerName")),
    ),
    # A comma joins several of the services that a bypass names.
    values={"storage:NetworkRuleSet": {"bypass": frozenset({","})}},
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
    # keyType of an encrypted service is create-only too, three objects deep, where azure-native does not look.
    marks={
        ACCOUNTS: Marks(_PACKAGE, forced=frozenset({"location", "isHnsEnabled"})),
        BLOB_SERVICES: Marks(_PACKAGE),
        CONTAINERS: Marks(_PACKAGE),
    },
    synchronous_put=frozenset({BLOB_SERVICES, CONTAINERS}),
    synchronous_delete=frozenset({ACCOUNTS, BLOB_SERVICES, CONTAINERS}),
    singletons={BLOB_SERVICES: {}},
    defaults={
        ACCOUNTS: {
            "networkRuleSet": {
                "bypass": "AzureServices",
                "defaultAction": "Allow",
                "ipRules": [],
                "virtualNetworkRules": [],
            }
        }
    },
    actions={
        "storage:listStorageAccountKeys": Action(ACCOUNTS, "listKeys", query={"expand": "$expand"}),
        "storage:listStorageAccountSAS": Action(ACCOUNTS, "ListAccountSas", body=_ACCOUNT_SAS),
        "storage:listStorageAccountServiceSAS": Action(ACCOUNTS, "ListServiceSas", body=_SERVICE_SAS),
    },
)
