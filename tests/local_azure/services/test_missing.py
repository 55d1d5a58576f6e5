"""What does not exist: the code that says so is Resource Manager's or the provider's own."""

from __future__ import annotations

import pytest
from arm_client import GROUP, NETWORK, Arm

STORAGE = f"{GROUP}/providers/Microsoft.Storage/storageAccounts"
AUTHORIZATION = "/providers/Microsoft.Authorization"
GUID = "11111111-1111-1111-1111-111111111111"
NETWORK_VERSION, DNS_VERSION, STORAGE_VERSION = "2024-05-01", "2024-06-01", "2024-01-01"


@pytest.fixture
def world(arm: Arm) -> Arm:
    arm.network("hub")
    arm.put(f"{NETWORK}/privateDnsZones/contoso.internal", {"location": "global"})
    body = {"location": "eastus", "kind": "StorageV2", "sku": {"name": "Standard_LRS"}}
    reply = arm("PUT", f"{STORAGE}/acmestore", body, STORAGE_VERSION)
    assert arm("GET", reply.headers["location"]).status == 200
    return arm


@pytest.mark.parametrize(
    ("path", "version", "code", "text"),
    [
        (f"{NETWORK}/virtualNetworks/none", NETWORK_VERSION, "ResourceNotFound", "under resource group 'rg'"),
        (f"{NETWORK}/virtualNetworks/hub/subnets/none", NETWORK_VERSION, "NotFound", "subnets/none not found."),
        (
            f"{NETWORK}/virtualNetworks/hub/virtualNetworkPeerings/none",
            NETWORK_VERSION,
            "NotFound",
            "virtualNetworkPeerings/none not found.",
        ),
        (
            f"{NETWORK}/virtualNetworks/none/subnets/a",
            NETWORK_VERSION,
            "ParentResourceNotFound",
            "because the parent resource",
        ),
        (
            f"{NETWORK}/privateDnsZones/contoso.internal/A/none",
            DNS_VERSION,
            "NotFound",
            "The resource record 'none' does not exist in resource group 'rg'",
        ),
        (
            f"{STORAGE}/acmestore/blobServices/default/containers/none",
            STORAGE_VERSION,
            "ContainerNotFound",
            "The specified container does not exist.",
        ),
        (f"{STORAGE}/nostore", STORAGE_VERSION, "ResourceNotFound", "storageAccounts/nostore"),
        (
            f"{STORAGE}/nostore/blobServices/default",
            STORAGE_VERSION,
            "ParentResourceNotFound",
            "because the parent resource",
        ),
        (
            f"{GROUP}{AUTHORIZATION}/roleAssignments/{GUID}",
            "2022-04-01",
            "RoleAssignmentNotFound",
            f"The role assignment '{GUID}' is not found.",
        ),
        (
            f"{GROUP}{AUTHORIZATION}/roleDefinitions/{GUID}",
            "2022-04-01",
            "RoleDefinitionDoesNotExist",
            "The specified role definition",
        ),
        (f"{NETWORK.replace('/rg/', '/none/')}/virtualNetworks/a", NETWORK_VERSION, "ResourceGroupNotFound", "'none'"),
    ],
)
def test_what_is_missing_is_named_by_whoever_knows_it(
    world: Arm, path: str, version: str, code: str, text: str
) -> None:
    reply = world("GET", path, version=version)
    assert (reply.status, reply.code) == (404, code)
    assert text in reply.message
