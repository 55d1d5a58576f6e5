"""What the provider answers to Create and Update, each row with its source."""

from __future__ import annotations

from typing import Any, Final

from fake_arm import Answer
from rows import ACCOUNT, BLOBS, GROUP, IDENTITY, NETWORK, NSG, VAULT, VNET, Row

from local_azure.plugin.values import UNKNOWN, Secret

Json = dict[str, Any]

CRUD: Final = "provider/crud/crud.go"
PROVIDER: Final = "provider/provider.go"
CLIENT: Final = "azure/client_azcore.go"

_VNET: Final = "azure-native:network:VirtualNetwork"
_NSG: Final = "azure-native:network:NetworkSecurityGroup"
_ACCOUNT: Final = "azure-native:storage:StorageAccount"
_BLOBS: Final = "azure-native:storage:BlobServiceProperties"
_ENVIRONMENT: Final = "azure-native:app:ManagedEnvironment"
ENVIRONMENT: Final = f"{GROUP}/providers/Microsoft.App/managedEnvironments/e"

NSG_INPUTS: Final[Json] = {"resourceGroupName": "rg", "networkSecurityGroupName": "n", "location": "eastus"}
VNET_INPUTS: Final[Json] = {"resourceGroupName": "rg", "virtualNetworkName": "v", "location": "eastus"}
_CHILDREN: Final[Json] = {"subnets": [], "virtualNetworkPeerings": []}
_NETWORK_RULES: Final[Json] = {
    "bypass": "AzureServices",
    "defaultAction": "Allow",
    "ipRules": [],
    "virtualNetworkRules": [],
}
_ACCOUNT_INPUTS: Final[Json] = {
    "resourceGroupName": "rg",
    "accountName": "acmestore",
    "location": "eastus",
    "kind": "StorageV2",
    "sku": {"name": "Standard_LRS"},
}
_BLOB_INPUTS: Final[Json] = {"resourceGroupName": "rg", "accountName": "acmestore", "blobServicesName": "default"}
_ENVIRONMENT_INPUTS: Final[Json] = {"resourceGroupName": "rg", "environmentName": "e", "location": "eastus"}


def _identity(*names: str) -> Json:
    return {"identity": {"type": "UserAssigned", "userAssignedIdentities": [f"{IDENTITY}/{name}" for name in names]}}


def _error(code: str, message: str = "no", **more: Any) -> Json:
    return {"error": {"code": code, "message": message, **more}}


_THERE: Final = {NSG: {"id": NSG, "location": "eastus"}}
_POLLED: Final = {"Location": "/results/1"}

CREATES: Final = (
    Row(
        "what exists is not created",
        f"{CLIENT} CanCreate",
        *("Create", _NSG, NSG_INPUTS),
        there=_THERE,
        sent=(("GET", NSG),),
        answer={"error": f"cannot create already existing resource '{NSG}'"},
    ),
    Row(
        "200 with an empty object means that nothing exists",
        f"{CLIENT} CanCreate",
        *("Create", _NSG, NSG_INPUTS),
        script=(Answer("GET", NSG, 200, {}),),
        answer={"id": NSG},
    ),
    Row(
        "204 means that nothing exists",
        f"{CLIENT} CanCreate",
        *("Create", _NSG, NSG_INPUTS),
        script=(Answer("GET", NSG, 204),),
        answer={"id": NSG},
    ),
    Row(
        "any other answer ends the create with status and body",
        f"{CLIENT} CanCreate",
        *("Create", _NSG, NSG_INPUTS),
        script=(Answer("GET", NSG, 403, {"error": {"code": "AuthorizationFailed"}}),),
        answer={
            "error": f"cannot check existence of resource '{NSG}': status code 403, "
            '{"error": {"code": "AuthorizationFailed"}}'
        },
    ),
    Row(
        "a singleton is written without being looked for",
        "#4774",
        *("Create", _BLOBS, {**_BLOB_INPUTS, "isVersioningEnabled": True}),
        there={BLOBS: {"id": BLOBS, "properties": {}}},
        sent=(("PUT", BLOBS), ("GET", BLOBS)),
        body={"properties": {"isVersioningEnabled": True}},
        answer={"id": BLOBS, "outputs": {"isVersioningEnabled": True}},
    ),
    Row(
        "children that the program leaves out are sent empty",
        f"{CRUD} SetUnsetSubresourcePropertiesToDefaults",
        *("Create", _VNET, VNET_INPUTS),
        sent=(("GET", VNET), ("PUT", VNET), ("GET", VNET)),
        body={"location": "eastus", "properties": _CHILDREN},
        answer={"id": VNET},
    ),
    Row(
        "a string set is sent as a map with empty values",
        "convert/sdkInputsToRequestBody.go",
        *("Create", _ENVIRONMENT, {**_ENVIRONMENT_INPUTS, **_identity("a")}),
        body={
            "location": "eastus",
            "identity": {"type": "UserAssigned", "userAssignedIdentities": {f"{IDENTITY}/a": {}}},
        },
    ),
    Row(
        "a container that the service requires is sent empty",
        f"{CRUD} PrepareAzureRESTBody",
        *("Create", "azure-native:authorization:RoleAssignment", {"scope": f"{NSG}/", "roleAssignmentName": "r"}),
        body={"properties": {}},
        answer={"id": f"{NSG}/providers/Microsoft.Authorization/roleAssignments/r"},
    ),
    Row(
        "a name is encoded for the path",
        f"{CRUD} PrepareAzureRESTIdAndQuery, crud_test.go TestPathParamEncoding",
        *("Create", _NSG, {**NSG_INPUTS, "networkSecurityGroupName": "a b/c"}),
        script=(Answer("GET", "a%20b%2Fc", 403),),
        answer={
            "error": f"cannot check existence of resource '{NETWORK}/networkSecurityGroups/a%20b%2Fc': "
            "status code 403, "
        },
    ),
    Row(
        "a refusal is shown by status, code and message, and nothing is kept",
        "#3783",
        *("Create", _NSG, NSG_INPUTS),
        script=(Answer("PUT", NSG, 400, _error("InvalidParameter", "bad priority")),),
        answer={"error": 'Status=400 Code="InvalidParameter" Message="bad priority"'},
    ),
    Row(
        "nested errors are shown, too",
        "#4677; how they are strung together is chosen",
        *("Create", _NSG, NSG_INPUTS),
        script=(
            Answer("PUT", NSG, 400, _error("ValidationError", "wrong", details=[{"code": "P", "message": "priority"}])),
        ),
        answer={"error": 'Status=400 Code="ValidationError" Message="wrong" Details=[Code="P" Message="priority"]'},
    ),
    *(
        Row(
            f"409 {code} is tried again",
            source,
            *("Create", _NSG, NSG_INPUTS),
            script=(Answer("PUT", NSG, 409, _error(code)),),
            sent=(("GET", NSG), ("PUT", NSG), ("PUT", NSG), ("GET", NSG)),
            answer={"id": NSG},
        )
        for code, source in (
            ("AnotherOperationInProgress", "#903"),
            ("ConcurrentFederatedIdentityCredentialsWritesForSingleManagedIdentity", "#4421"),
            ("StorageAccountOperationInProgress", "#4497"),
            ("TransientError", "#4696"),
        )
    ),
    Row(
        "an operation that fails leaves the resource in the state, as it is read",
        f"{CRUD} HandleErrorWithCheckpoint",
        *("Create", _NSG, NSG_INPUTS),
        final="Failed",
        answer={
            "error": 'Status=200 Code="SubnetFull" Message="no address is left"',
            "kept": (NSG, {"location": "eastus"}),
            "inputs": NSG_INPUTS,
        },
    ),
    Row(
        "an operation that fails and leaves nothing is an error and no more",
        "#4804",
        *("Create", _NSG, NSG_INPUTS),
        script=(Answer("GET", NSG, 404, _error("NotFound")), Answer("GET", NSG, 404, _error("NotFound"))),
        final="Failed",
        answer={"error": 'Status=200 Code="SubnetFull" Message="no address is left"'},
    ),
    Row(
        "an operation that fails, and a read that does, keep the id",
        "#3219",
        *("Create", _NSG, NSG_INPUTS),
        script=(Answer("GET", NSG, 404, _error("NotFound")), Answer("GET", NSG, 403, _error("Denied"))),
        final="Failed",
        answer={
            "error": 'resource created but read failed Status=403 Code="Denied" Message="no": '
            'Status=200 Code="SubnetFull" Message="no address is left"',
            "kept": (NSG, {}),
        },
    ),
    Row(
        "an operation that outlasts the timeout keeps the id and no outputs",
        f"azure/azure.go AzureError, {CRUD} HandleErrorWithCheckpoint",
        *("Create", _NSG, NSG_INPUTS),
        timeout=5,
        answer={"error": "operation timed out", "kept": (NSG, {})},
    ),
    Row(
        "a timeout before Azure accepts keeps nothing",
        "azure/azure.go AzureError",
        *("Create", _NSG, NSG_INPUTS),
        timeout=5,
        script=(Answer("PUT", NSG, 429, headers={"Retry-After": "60"}),),
        answer={"error": "operation timed out"},
    ),
    Row(
        "an operation that its Location reports as failed has failed",
        "#4835",
        *("Create", _ACCOUNT, _ACCOUNT_INPUTS),
        script=(
            Answer("PUT", ACCOUNT, 202, headers=_POLLED),
            Answer("GET", "/results/1", 200, {"status": "Failed", **_error("NetworkAclsValidationFailure")}),
            Answer("GET", ACCOUNT, 404, _error("NotFound")),
            Answer("GET", ACCOUNT, 404, _error("StorageAccountNotFound")),
        ),
        answer={"error": 'Status=200 Code="NetworkAclsValidationFailure" Message="no"'},
    ),
    Row(
        "the id is the one that Azure spells",
        f"{PROVIDER} defaultCreate",
        *("Create", _BLOBS, _BLOB_INPUTS),
        script=(Answer("PUT", BLOBS, 200, {"id": BLOBS.upper()}),),
        answer={"id": BLOBS.upper()},
    ),
    Row(
        "a read that fails after the write leaves the outputs of the write",
        f"{PROVIDER} readAfterWrite",
        *("Create", _BLOBS, _BLOB_INPUTS),
        script=(Answer("PUT", BLOBS, 200, {"properties": {"isVersioningEnabled": True}}),),
        answer={"id": BLOBS, "outputs": {"isVersioningEnabled": True}},
    ),
    Row(
        "a secret comes back as one at the same place",
        "the engine's annotateSecrets, since the provider takes no secrets",
        *("Create", _NSG, {**NSG_INPUTS, "tags": {"key": Secret("hunter2")}}),
        body={"location": "eastus", "tags": {"key": "hunter2"}, "properties": {"securityRules": []}},
        answer={"outputs": {"tags": {"key": Secret("hunter2")}}},
    ),
    Row(
        "a preview asks Azure nothing and promises what it does not know",
        "convert/previewOutputs.go",
        *("Create", _NSG, NSG_INPUTS),
        preview=True,
        sent=(),
        answer={"outputs": {"location": "eastus", "name": UNKNOWN, "securityRules": UNKNOWN}},
    ),
    *(
        Row(
            f"the token {token} of SDK v2 is unknown",
            "#4113",
            *("Create", token, NSG_INPUTS),
            sent=(),
            answer={"error": f"Resource type {token} not found"},
        )
        for token in (
            "azure-native:network/v20230401:VirtualNetwork",
            "azure-native:network:PrivateZone",
            "azure-native:insights:Component",
        )
    ),
)

_BEFORE: Final = {**_ENVIRONMENT_INPUTS, **_identity("a", "b")}

UPDATES: Final = (
    Row(
        "an identity that left goes out as null, by PATCH",
        "#4640",
        *("Update", _ENVIRONMENT, {**_ENVIRONMENT_INPUTS, **_identity("b")}),
        old_inputs=_BEFORE,
        there={ENVIRONMENT: {"id": ENVIRONMENT}},
        sent=(("PATCH", ENVIRONMENT), ("GET", ENVIRONMENT)),
        body={
            "location": "eastus",
            "identity": {
                "type": "UserAssigned",
                "userAssignedIdentities": {f"{IDENTITY}/a": None, f"{IDENTITY}/b": {}},
            },
        },
    ),
    Row(
        "an identity that came goes out by PUT",
        "#4640",
        *("Update", _ENVIRONMENT, {**_BEFORE, **_identity("a", "b", "c")}),
        old_inputs=_BEFORE,
        sent=(("PUT", ENVIRONMENT), ("GET", ENVIRONMENT)),
    ),
    Row(
        "children that the program leaves out are read and sent as they are",
        f"{CRUD} MaintainSubResourcePropertiesIfNotSet",
        *("Update", _VNET, {**VNET_INPUTS, "tags": {"a": "b"}}),
        old_inputs=VNET_INPUTS,
        there={VNET: {"id": VNET, "properties": {"subnets": [{"name": "s", "etag": "1", "properties": {}}]}}},
        sent=(("GET", VNET), ("PUT", VNET), ("GET", VNET)),
        body={
            "location": "eastus",
            "tags": {"a": "b"},
            "properties": {"subnets": [{"name": "s", "etag": "1", "properties": {}}]},
        },
    ),
    Row(
        "children below an object of the program's are kept, too",
        "provider/crud/crud_test.go, accessPolicies of a vault",
        *("Update", "azure-native:keyvault:Vault"),
        inputs={"resourceGroupName": "rg", "vaultName": "k", "location": "eastus", "properties": {"tenantId": "t"}},
        there={VAULT: {"id": VAULT, "properties": {"accessPolicies": [{"objectId": "o"}]}}},
        sent=(("GET", VAULT), ("PUT", VAULT), ("GET", VAULT)),
        body={"location": "eastus", "properties": {"tenantId": "t", "accessPolicies": [{"objectId": "o"}]}},
    ),
    Row(
        "children that cannot be read end the update",
        f"{PROVIDER} defaultUpdate",
        *("Update", _VNET, {**VNET_INPUTS, "tags": {"a": "b"}}),
        old_inputs=VNET_INPUTS,
        script=(Answer("GET", VNET, 404, _error("ResourceNotFound")),),
        sent=(("GET", VNET),),
        answer={
            "error": "failed maintaining unset sub-resource properties: reading cloud state: "
            'Status=404 Code="ResourceNotFound" Message="no"'
        },
    ),
    Row(
        "children that the program states are not read",
        f"{CRUD} MaintainSubResourcePropertiesIfNotSet",
        *("Update", _VNET, {**VNET_INPUTS, **_CHILDREN}),
        old_inputs=VNET_INPUTS,
        sent=(("PUT", VNET), ("GET", VNET)),
    ),
    Row(
        "network rules that the program no longer states go back to their defaults",
        f"{PROVIDER} restoreDefaultInputsForRemovedProperties",
        *("Update", _ACCOUNT, _ACCOUNT_INPUTS),
        old_inputs={**_ACCOUNT_INPUTS, "networkRuleSet": {"defaultAction": "Deny"}},
        olds={"networkRuleSet": {"defaultAction": "Deny"}},
        body={
            "location": "eastus",
            "kind": "StorageV2",
            "sku": {"name": "Standard_LRS"},
            "properties": {"networkAcls": _NETWORK_RULES},
        },
    ),
    Row(
        "network rules that the program states are sent as stated",
        "provider/provider_test.go TestDoNotRestoreDefaultInputsIfInputPresent",
        *("Update", _ACCOUNT, {**_ACCOUNT_INPUTS, "networkRuleSet": {"defaultAction": "Deny"}}),
        olds={"networkRuleSet": _NETWORK_RULES},
        body={
            "location": "eastus",
            "kind": "StorageV2",
            "sku": {"name": "Standard_LRS"},
            "properties": {"networkAcls": {"defaultAction": "Deny"}},
        },
    ),
    Row(
        "an operation that fails leaves the resource in the state, as it is read",
        f"{CRUD} HandleErrorWithCheckpoint",
        *("Update", _NSG, {**NSG_INPUTS, "securityRules": []}),
        there={NSG: {"id": NSG, "location": "eastus"}},
        final="Failed",
        answer={"error": 'Status=200 Code="SubnetFull" Message="no address is left"', "kept": (NSG, {})},
    ),
    Row(
        "a refusal changes nothing",
        f"{PROVIDER} defaultUpdate",
        *("Update", _NSG, {**NSG_INPUTS, "securityRules": []}),
        script=(Answer("PUT", NSG, 409, _error("InUse")),),
        answer={"error": 'Status=409 Code="InUse" Message="no"'},
    ),
    Row(
        "a preview knows name and location and nothing else that the inputs do not say",
        f"{PROVIDER} Update",
        *("Update", _NSG, NSG_INPUTS),
        olds={"name": "n", "location": "eastus", "resourceGuid": "g"},
        preview=True,
        sent=(),
        answer={"outputs": {"name": "n", "location": "eastus", "resourceGuid": UNKNOWN}},
    ),
)
