"""What the provider answers to Invoke, each row with its source."""

from __future__ import annotations

from typing import Any, Final

from fake_arm import Answer
from rows import ACCOUNT, GROUP, VNET, Row

from local_azure.plugin.sessions import DEFAULT_CLIENT, DEFAULT_OBJECT, DEFAULT_SUBSCRIPTION, DEFAULT_TENANT

Json = dict[str, Any]

PROVIDER: Final = "provider/provider.go"

_GROUP: Final = {"resourceGroupName": "rg"}
_ACCOUNT_ARGUMENTS: Final[Json] = {**_GROUP, "accountName": "acmestore"}
WORKSPACE: Final = f"{GROUP}/providers/Microsoft.OperationalInsights/workspaces/w"
APP: Final = f"{GROUP}/providers/Microsoft.App/containerApps/a"


def _error(code: str, message: str = "no") -> Json:
    return {"error": {"code": code, "message": message}}


_KEYS: Final[Json] = {"keys": [{"keyName": "key1", "value": "a2V5", "permissions": "FULL", "creationTime": "now"}]}

INVOKES: Final = (
    Row(
        "the client's configuration is that of the session",
        f"{PROVIDER} Invoke",
        *("Invoke", "azure-native:authorization:getClientConfig"),
        sent=(),
        answer={
            "outputs": {
                "clientId": DEFAULT_CLIENT,
                "objectId": DEFAULT_OBJECT,
                "subscriptionId": DEFAULT_SUBSCRIPTION,
                "tenantId": DEFAULT_TENANT,
            }
        },
    ),
    Row(
        "a lookup answers the outputs with id and API version",
        f"{PROVIDER} invokeResponseToOutputs",
        *("Invoke", "azure-native:network:getVirtualNetwork", {**_GROUP, "virtualNetworkName": "v"}),
        there={VNET: {"id": VNET, "location": "eastus", "properties": {"enableDdosProtection": True}}},
        sent=(("GET", VNET),),
        answer={
            "outputs": {
                "id": VNET,
                "location": "eastus",
                "enableDdosProtection": True,
                "azureApiVersion": "2024-05-01",
            }
        },
    ),
    Row(
        "a lookup of what is not there names it",
        f"{PROVIDER} Invoke",
        *("Invoke", "azure-native:network:getVirtualNetwork", {**_GROUP, "virtualNetworkName": "v"}),
        script=(Answer("GET", VNET, 404, _error("ResourceNotFound")),),
        answer={"error": f'request failed {VNET}: Status=404 Code="ResourceNotFound" Message="no"'},
    ),
    Row(
        "a function that does not exist is unknown",
        f"{PROVIDER} Invoke",
        *("Invoke", "azure-native:network:listThings"),
        sent=(),
        answer={"error": "Invoke type azure-native:network:listThings not found"},
    ),
    *(
        Row(
            f"{name} is an action of the workspace",
            "Azure/azure-rest-api-specs operationalinsights, SharedKeys_GetSharedKeys and Workspaces_GetSharedKeys",
            *("Invoke", f"azure-native:operationalinsights:{name}", {**_GROUP, "workspaceName": "w"}),
            script=(Answer("POST", WORKSPACE, 200, {"primarySharedKey": "a", "secondarySharedKey": "b"}),),
            sent=(("POST", f"{WORKSPACE}/sharedKeys"),),
            body={},
            answer={"outputs": {"primarySharedKey": "a", "secondarySharedKey": "b"}},
        )
        for name in ("getSharedKeys", "getWorkspaceSharedKeys")
    ),
    Row(
        "keys come back in clear, not as secrets, and an option goes into the query",
        "#1693 and #2408, both open",
        *("Invoke", "azure-native:storage:listStorageAccountKeys", {**_ACCOUNT_ARGUMENTS, "expand": "kerb"}),
        script=(Answer("POST", ACCOUNT, 200, _KEYS),),
        sent=(("POST", f"{ACCOUNT}/listKeys"),),
        query={"$expand": ["kerb"]},
        body={},
        answer={"outputs": _KEYS},
    ),
    Row(
        "arguments go into the body under the wire's names",
        "Azure/azure-rest-api-specs storage, StorageAccounts_ListAccountSAS (x-ms-client-name)",
        *("Invoke", "azure-native:storage:listStorageAccountSAS"),
        inputs={
            **_ACCOUNT_ARGUMENTS,
            "services": "b",
            "resourceTypes": "sc",
            "permissions": "r",
            "sharedAccessExpiryTime": "2030-01-01T00:00:00Z",
            "protocols": "https",
        },
        script=(Answer("POST", ACCOUNT, 200, {"accountSasToken": "sv=1"}),),
        sent=(("POST", f"{ACCOUNT}/ListAccountSas"),),
        body={
            "signedServices": "b",
            "signedResourceTypes": "sc",
            "signedPermission": "r",
            "signedExpiry": "2030-01-01T00:00:00Z",
            "signedProtocol": "https",
        },
        answer={"outputs": {"accountSasToken": "sv=1"}},
    ),
    Row(
        "arguments of a token for one resource do, too",
        "Azure/azure-rest-api-specs storage, StorageAccounts_ListServiceSAS (x-ms-client-name)",
        *("Invoke", "azure-native:storage:listStorageAccountServiceSAS"),
        inputs={
            **_ACCOUNT_ARGUMENTS,
            "canonicalizedResource": "/blob/acmestore/c",
            "resource": "c",
            "contentType": "t",
        },
        script=(Answer("POST", ACCOUNT, 200, {"serviceSasToken": "sv=1"}),),
        sent=(("POST", f"{ACCOUNT}/ListServiceSas"),),
        body={"canonicalizedResource": "/blob/acmestore/c", "signedResource": "c", "rsct": "t"},
        answer={"outputs": {"serviceSasToken": "sv=1"}},
    ),
    Row(
        "a function whose name is that of its action needs no entry",
        "#62",
        *("Invoke", "azure-native:app:listContainerAppSecrets", {**_GROUP, "containerAppName": "a"}),
        script=(Answer("POST", APP, 200, {"value": [{"name": "s", "value": "v"}]}),),
        sent=(("POST", f"{APP}/listSecrets"),),
        answer={"outputs": {"value": [{"name": "s", "value": "v"}]}},
    ),
    Row(
        "what an action answers below properties is flattened as the SDK has it",
        "convert/responseBodyToSdkOutputs.go",
        *("Invoke", "azure-native:app:getContainerAppAuthToken", {**_GROUP, "containerAppName": "a"}),
        script=(Answer("POST", APP, 200, {"name": "a", "properties": {"token": "t", "expires": "soon"}}),),
        sent=(("POST", f"{APP}/getAuthtoken"),),
        answer={"outputs": {"name": "a", "token": "t", "expires": "soon"}},
    ),
    Row(
        "an action that is refused names its address",
        f"{PROVIDER} Invoke",
        *("Invoke", "azure-native:storage:listStorageAccountKeys", _ACCOUNT_ARGUMENTS),
        script=(Answer("POST", ACCOUNT, 403, _error("AuthorizationFailed")),),
        answer={"error": f'request failed {ACCOUNT}/listKeys: Status=403 Code="AuthorizationFailed" Message="no"'},
    ),
)
