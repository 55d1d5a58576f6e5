"""What the provider answers to Read and Delete, each row with its source."""

from __future__ import annotations

from typing import Any, Final

from fake_arm import Answer
from rows import ACCOUNT, BLOBS, GROUP, IDENTITY, NSG, VAULT, VNET, Row

Json = dict[str, Any]

PROVIDER: Final = "provider/provider.go"
CLIENT: Final = "azure/client_azcore.go"
IMPORT: Final = "convert/responseToSdkInputs.go"

_VNET: Final = "azure-native:network:VirtualNetwork"
_NSG: Final = "azure-native:network:NetworkSecurityGroup"
_SITE: Final = "azure-native:web:WebApp"
_GROUP: Final = {"resourceGroupName": "rg"}
_ACCOUNT_ARGUMENTS: Final[Json] = {**_GROUP, "accountName": "acmestore"}
CONTAINER: Final = f"{BLOBS}/containers/c"
ENVIRONMENT: Final = f"{GROUP}/providers/Microsoft.App/managedEnvironments/e"
SITE: Final = f"{GROUP}/providers/Microsoft.Web/sites/s"
WORKSPACE: Final = f"{GROUP}/providers/Microsoft.OperationalInsights/workspaces/w"
APP: Final = f"{GROUP}/providers/Microsoft.App/containerApps/a"
ASSIGNMENT: Final = f"{NSG}/providers/Microsoft.Authorization/roleAssignments/r"
SANDBOXES: Final = f"{GROUP}/providers/Microsoft.App/sandboxGroups/g"


def _error(code: str, message: str = "no") -> Json:
    return {"error": {"code": code, "message": message}}


_RULES: Final[Json] = {
    "bypass": "AzureServices",
    "defaultAction": "Allow",
    "ipRules": [],
    "virtualNetworkRules": [],
}
_STATE: Final[Json] = {**_GROUP, "virtualNetworkName": "v", "location": "eastus"}
_NETWORK_NOW: Final[Json] = {
    "id": VNET,
    "name": "v",
    "location": "East US",
    "tags": {"by": "hand"},
    "properties": {"subnets": [{"name": "foreign"}], "enableDdosProtection": False},
}

READS: Final = (
    *(
        Row(
            f"404 {code} means that the resource is gone",
            source,
            *("Read", _NSG),
            arm_id=NSG,
            old_inputs=_GROUP,
            script=(Answer("GET", NSG, 404, _error(code)),),
            answer={"id": ""},
        )
        for code, source in (
            ("NotFound", "#4416"),
            ("ResourceNotFound", "#4416"),
            ("ResourceGroupNotFound", "#4416"),
            ("ParentResourceNotFound", "#4545"),
            ("LockNotFound", "#4483"),
            ("EntityNotFound", "#4841"),
            ("SubscriptionNotFound", "#4599"),
            ("RoleAssignmentNotFound", "#4599"),
            ("StorageAccountNotFound", "#4835"),
            ("VulnerabilityAssessmentBaselineDoesNotExists", "#4841"),
        )
    ),
    Row(
        "404 with a code of the data plane is an error, so that a refresh aborts",
        "#4841",
        *("Read", "azure-native:storage:BlobContainer"),
        arm_id=CONTAINER,
        old_inputs=_GROUP,
        script=(Answer("GET", CONTAINER, 404, _error("ContainerNotFound", "The specified container does not exist.")),),
        answer={"error": 'Status=404 Code="ContainerNotFound" Message="The specified container does not exist."'},
    ),
    Row(
        "404 without a code, as a proxy answers it, is an error",
        "#4416",
        *("Read", _NSG),
        arm_id=NSG,
        old_inputs=_GROUP,
        script=(Answer("GET", NSG, 404, {"message": "blocked"}),),
        answer={"error": 'Status=404 Message="{"message": "blocked"}"'},
    ),
    Row(
        "a refresh takes over what changed in Azure, and no child that the program left out",
        f"{PROVIDER} Read, removeUnsetSubResourceProperties",
        *("Read", _VNET),
        arm_id=VNET,
        old_inputs=_STATE,
        olds={"id": VNET, "location": "eastus", "name": "v", "enableDdosProtection": False, "subnets": []},
        there={VNET: _NETWORK_NOW},
        answer={
            "id": VNET,
            "inputs": {**_STATE, "tags": {"by": "hand"}},
            "outputs": {"subnets": [{"name": "foreign"}]},
        },
    ),
    Row(
        "nor a child below an object of the program's",
        f"{PROVIDER} Read, removeUnsetSubResourceProperties",
        *("Read", "azure-native:keyvault:Vault"),
        arm_id=VAULT,
        old_inputs={**_GROUP, "vaultName": "k", "properties": {"tenantId": "t"}},
        olds={"id": VAULT, "name": "k", "properties": {"tenantId": "t", "accessPolicies": []}},
        there={
            VAULT: {
                "id": VAULT,
                "properties": {"tenantId": "u", "accessPolicies": [{"objectId": "o", "tenantId": "u"}]},
            }
        },
        answer={"inputs": {**_GROUP, "vaultName": "k", "properties": {"tenantId": "u"}}},
    ),
    Row(
        "network rules that were reset to their defaults come back whole",
        f"{PROVIDER} removeDefaults",
        *("Read", "azure-native:storage:StorageAccount"),
        arm_id=ACCOUNT,
        old_inputs={**_ACCOUNT_ARGUMENTS, "networkRuleSet": {"defaultAction": "Allow"}},
        olds={"networkRuleSet": _RULES},
        there={ACCOUNT: {"id": ACCOUNT, "properties": {"networkAcls": _RULES}}},
        answer={"inputs": {**_ACCOUNT_ARGUMENTS, "networkRuleSet": _RULES}},
    ),
    Row(
        "an import takes its inputs from the id and from what can be written, without id and empty collections",
        IMPORT,
        *("Read", _NSG),
        arm_id=NSG,
        there={
            NSG: {
                "id": NSG,
                "name": "n",
                "location": "eastus",
                "etag": "1",
                "tags": {},
                "properties": {"securityRules": [], "provisioningState": "Succeeded"},
            }
        },
        answer={
            "id": NSG,
            "inputs": {"resourceGroupName": "rg", "networkSecurityGroupName": "n", "location": "eastus"},
            "outputs": {"securityRules": [], "tags": {}, "etag": "1"},
        },
    ),
    Row(
        "an import leaves out empty collections at any depth, and keeps false and empty text",
        IMPORT,
        *("Read", _VNET),
        arm_id=VNET,
        there={
            VNET: {
                "id": VNET,
                "location": "",
                "properties": {
                    "addressSpace": {"addressPrefixes": []},
                    "dhcpOptions": {"dnsServers": ["10.0.0.4"]},
                    "enableDdosProtection": False,
                    "subnets": [{"name": "s", "properties": {"serviceEndpoints": []}}],
                },
            }
        },
        answer={
            "inputs": {
                "resourceGroupName": "rg",
                "virtualNetworkName": "v",
                "location": "",
                "dhcpOptions": {"dnsServers": ["10.0.0.4"]},
                "enableDdosProtection": False,
                "subnets": [{"name": "s"}],
            }
        },
    ),
    Row(
        "an import writes a string set as a list",
        "convert/sdkOutputsToSdkInputs.go",
        *("Read", "azure-native:app:ManagedEnvironment"),
        arm_id=ENVIRONMENT,
        there={
            ENVIRONMENT: {
                "id": ENVIRONMENT,
                "location": "eastus",
                "identity": {
                    "type": "UserAssigned",
                    "userAssignedIdentities": {f"{IDENTITY}/a": {"principalId": "p"}},
                },
            }
        },
        answer={
            "inputs": {
                "resourceGroupName": "rg",
                "environmentName": "e",
                "location": "eastus",
                "identity": {"type": "UserAssigned", "userAssignedIdentities": [f"{IDENTITY}/a"]},
            }
        },
    ),
    Row(
        "an import of a resource at a scope keeps the scope's leading slash",
        "#4818",
        *("Read", "azure-native:authorization:RoleAssignment"),
        arm_id=ASSIGNMENT,
        there={ASSIGNMENT: {"id": ASSIGNMENT, "properties": {"principalId": "p"}}},
        answer={"inputs": {"scope": NSG, "roleAssignmentName": "r", "principalId": "p"}},
    ),
    Row(
        "the configuration of a site is read from its own address",
        "#3464, #4750",
        *("Read", _SITE),
        arm_id=SITE,
        old_inputs=_GROUP,
        there={
            SITE: {"id": SITE, "properties": {"siteConfig": {"alwaysOn": None}}},
            f"{SITE}/config/web": {"id": f"{SITE}/config/web", "properties": {"alwaysOn": True}},
        },
        sent=(("GET", SITE), ("GET", f"{SITE}/config/web")),
        answer={"outputs": {"siteConfig": {"alwaysOn": True}}},
    ),
)

_RESULT: Final = {"Location": "/results/1"}

DELETES: Final = (
    Row(
        "what is gone is deleted",
        f"#293, {CLIENT} Delete",
        *("Delete", _NSG),
        arm_id=NSG,
        script=(Answer("DELETE", NSG, 404, _error("ContainerNotFound")),),
        sent=(("DELETE", NSG),),
    ),
    Row(
        "what vanishes while its delete is polled is deleted",
        f"{CLIENT} Delete",
        *("Delete", _NSG),
        arm_id=NSG,
        script=(Answer("DELETE", NSG, 202, headers=_RESULT), Answer("GET", "/results/1", 404, _error("Anything"))),
    ),
    Row(
        "a delete that its Location reports as failed has failed",
        "#4835",
        *("Delete", _NSG),
        arm_id=NSG,
        script=(
            Answer("DELETE", NSG, 202, headers=_RESULT),
            Answer("GET", "/results/1", 200, {"status": "Failed", **_error("InUse")}),
        ),
        answer={"error": 'Status=200 Code="InUse" Message="no"'},
    ),
    Row(
        "a delete that is refused is an error",
        f"{CLIENT} Delete",
        *("Delete", _NSG),
        arm_id=NSG,
        script=(Answer("DELETE", NSG, 400, _error("InUseSubnetCannotBeDeleted")),),
        answer={"error": 'Status=400 Code="InUseSubnetCannotBeDeleted" Message="no"'},
    ),
    Row(
        "a singleton is put back to its default body",
        f"{PROVIDER} Delete, openapi/defaults/defaultResourcesState.go",
        *("Delete", "azure-native:storage:BlobServiceProperties"),
        arm_id=BLOBS,
        there={BLOBS: {"id": BLOBS, "properties": {"isVersioningEnabled": True}}},
        sent=(("PUT", BLOBS),),
        body={},
    ),
    Row(
        "a site that goes leaves its plan",
        "resources/customresources/custom_webapp.go",
        *("Delete", _SITE),
        arm_id=SITE,
        sent=(("DELETE", SITE),),
        query={"deleteEmptyServerFarm": ["false"]},
    ),
    Row(
        "the token of a state that SDK v2 wrote is unknown",
        "#4113",
        *("Delete", "azure-native:network/v20230401:VirtualNetwork"),
        arm_id=VNET,
        sent=(),
        answer={"error": "Resource type azure-native:network/v20230401:VirtualNetwork not found"},
    ),
)
