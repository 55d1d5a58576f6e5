"""Rules on storage accounts and federated identity credentials."""

from tests.policies.rules.programs import Made, U, azure, one

ACCOUNT = azure(
    "storage:StorageAccount",
    accountName="stcontoso",
    resourceGroupName="rg",
    location="eastus",
    kind="StorageV2",
    sku={"name": "Standard_LRS"},
)
GENERIC = Made(
    "azure-native:resources:Resource",
    {
        "resourceName": "stcontoso",
        "resourceGroupName": "rg",
        "resourceProviderNamespace": "Microsoft.Storage",
        "parentResourcePath": "",
        "resourceType": "storageAccounts",
        "apiVersion": "2024-01-01",
        "location": "eastus",
    },
)
CREDENTIAL = azure(
    "managedidentity:FederatedIdentityCredential",
    resourceName="id-contoso",
    federatedIdentityCredentialResourceName="main",
    resourceGroupName="rg",
    issuer="https://token.actions.githubusercontent.com",
    subject="repo:contoso/shop:ref:refs/heads/main",
    audiences=["api://AzureADTokenExchange"],
)

CASES = [
    one(
        "MOOR-STO-001",
        ACCOUNT,
        fail={"enableHttpsTrafficOnly": False},
        ok=[{}, {"enableHttpsTrafficOnly": True}],
        later={"enableHttpsTrafficOnly": U},
    ),
    one("MOOR-STO-001", GENERIC, fail={"properties": {"supportsHttpsTrafficOnly": False}}, ok={"properties": {}}),
    one(
        "MOOR-STO-002",
        ACCOUNT,
        fail=[{"minimumTlsVersion": "TLS1_0"}, {"minimumTlsVersion": "TLS1_1"}],
        ok=[{}, {"minimumTlsVersion": "TLS1_2"}, {"minimumTlsVersion": "TLS1_3"}],
        later={"minimumTlsVersion": U},
    ),
    one(
        "MOOR-STO-003",
        ACCOUNT,
        fail={"allowBlobPublicAccess": True},
        ok=[{}, {"allowBlobPublicAccess": False}],
        later={"allowBlobPublicAccess": U},
    ),
    one(
        "MOOR-STO-004",
        ACCOUNT,
        fail=[{}, {"allowSharedKeyAccess": True}],
        ok={"allowSharedKeyAccess": False},
        later={"allowSharedKeyAccess": U},
    ),
    one(
        "MOOR-STO-005",
        ACCOUNT,
        fail=[{}, {"publicNetworkAccess": "Enabled"}],
        ok=[{"publicNetworkAccess": "Disabled"}, {"publicNetworkAccess": "SecuredByPerimeter"}],
        later={"publicNetworkAccess": U},
    ),
    one(
        "MOOR-STO-006",
        ACCOUNT,
        fail=[{}, {"networkRuleSet": {"defaultAction": "Allow"}}],
        ok={"networkRuleSet": {"defaultAction": "Deny"}},
        off={"publicNetworkAccess": "Disabled"},
        later={"networkRuleSet": U},
    ),
    one(
        "MOOR-STO-006", GENERIC, ok={"properties": {"networkAcls": {"defaultAction": "Deny"}}}, fail={"properties": {}}
    ),
    one(
        "MOOR-STO-007",
        ACCOUNT,
        fail={"allowCrossTenantReplication": True},
        ok=[{}, {"allowCrossTenantReplication": False}],
        later={"allowCrossTenantReplication": U},
    ),
    one(
        "MOOR-MSI-001",
        CREDENTIAL,
        fail=[
            {"audiences": ["https://github.com/contoso"]},
            {"audiences": []},
            {"audiences": ["api://AzureADTokenExchange", "other"]},
        ],
        ok=[{}, {"audiences": ["api://AzureADTokenExchangeUSGov"]}],
        later={"audiences": U},
    ),
    one(
        "MOOR-MSI-001",
        CREDENTIAL,
        {"audiences": ["api://contoso"]},
        ok=[{"audiences": ["api://contoso"]}, {}],
        fail={"audiences": ["api://fabrikam"]},
    ),
    one(
        "MOOR-MSI-002",
        CREDENTIAL,
        fail=[{"subject": "repo:contoso/shop:*"}, {"subject": "system:serviceaccount:shop:?"}],
        ok={},
        later={"subject": U},
    ),
]
