"""The function app that follows container groups, on Flex Consumption, with its deployment storage account.

It owns account, plan and app. It deliberately does not own the app's code, which is deployed beside ARM (`package`),
nor the role assignments of its identity. Shared keys are disabled: the app accesses its account by its identity alone.
[DRIFT-5, FUNC-1, FUNC-3]
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_azure_native as azure_native

from components.parameterized import Package, ParameterizedResource

PACKAGE = Package("web", "2025-03-01")
"""The default classes use 2025-05-01, for which no types are published [FUNC-2]."""

RUNTIME = {"name": "python", "version": "3.12"}
CONTAINER = "packages"
"""Blob container of the deployed package."""


@dataclass(frozen=True)
class HostNames:
    """Physical names.

    Attributes:
        app: of the function app, unique in Azure.
        plan: of its App Service plan.
        storage_account: of its storage account, unique in Azure.
    """

    app: str
    plan: str
    storage_account: str


class FunctionHost(pulumi.ComponentResource):
    """A function app; makes Microsoft.Storage/storageAccounts with a container, and Microsoft.Web/serverfarms and sites."""

    id: pulumi.Output[str]
    principal_id: pulumi.Output[str]
    storage_account_id: pulumi.Output[str]

    def __init__(
        self,
        name: str,
        *,
        names: HostNames,
        location: str,
        resource_group_name: pulumi.Input[str],
        settings: Mapping[str, pulumi.Input[str]],
        tags: dict[str, str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the app.

        Args:
            name: logical name; children's names start with it.
            names: physical names.
            location: region of all three.
            resource_group_name: where they go.
            settings: app settings beside those that the host needs.
            tags: set on account, plan and app.
            opts: options of the component itself.
        """
        super().__init__("moorings:address_drift:FunctionHost", name, None, opts)
        self._name, self._names, self._location, self._tags = name, names, location, tags
        self._group = resource_group_name
        account = self._account()
        container = azure_native.storage.BlobContainer(
            f"{name}-packages",
            container_name=CONTAINER,
            account_name=account.name,
            resource_group_name=resource_group_name,
            public_access=azure_native.storage.PublicAccess.NONE,
            opts=pulumi.ResourceOptions(parent=self),
        )
        site = self._site(self._plan(), account, container, settings)
        self.id = site.id
        self.principal_id = site.output("identity").apply(lambda identity: identity["principalId"])
        self.storage_account_id = account.id
        self.register_outputs(
            {"id": self.id, "principal_id": self.principal_id, "storage_account_id": self.storage_account_id}
        )

    def _account(self) -> azure_native.storage.StorageAccount:
        return azure_native.storage.StorageAccount(
            f"{self._name}-storage",
            account_name=self._names.storage_account,
            resource_group_name=self._group,
            location=self._location,
            kind=azure_native.storage.Kind.STORAGE_V2,
            sku={"name": azure_native.storage.SkuName.STANDARD_LRS},
            allow_shared_key_access=False,
            default_to_o_auth_authentication=True,
            allow_blob_public_access=False,
            allow_cross_tenant_replication=False,
            minimum_tls_version=azure_native.storage.MinimumTlsVersion.TLS1_2,
            enable_https_traffic_only=True,
            tags=self._tags,
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _plan(self) -> ParameterizedResource:
        inputs = {
            "name": self._names.plan,
            "resourceGroupName": self._group,
            "location": self._location,
            "kind": "functionapp",
            "sku": {"name": "FC1", "tier": "FlexConsumption"},
            "reserved": True,
            "tags": self._tags,
        }
        options = pulumi.ResourceOptions(parent=self)
        return ParameterizedResource(
            PACKAGE, "AppServicePlan", f"{self._name}-plan", inputs=inputs, outputs=(), opts=options
        )

    def _site(
        self,
        plan: ParameterizedResource,
        account: azure_native.storage.StorageAccount,
        container: azure_native.storage.BlobContainer,
        settings: Mapping[str, pulumi.Input[str]],
    ) -> ParameterizedResource:
        place = pulumi.Output.concat(account.primary_endpoints.blob, container.name)
        host = {"AzureWebJobsStorage__accountName": account.name, "AzureWebJobsStorage__credential": "managedidentity"}
        inputs = {
            "name": self._names.app,
            "resourceGroupName": self._group,
            "location": self._location,
            "kind": "functionapp,linux",
            "identity": {"type": "SystemAssigned"},
            "serverFarmId": plan.id,
            "httpsOnly": True,
            "reserved": True,
            # Event Grid calls from outside the network, with the key of the host's own extension.
            "publicNetworkAccess": "Enabled",
            "functionAppConfig": {
                "deployment": {
                    "storage": {
                        "type": "blobContainer",
                        "value": place,
                        "authentication": {"type": "SystemAssignedIdentity"},
                    }
                },
                "runtime": RUNTIME,
                "scaleAndConcurrency": {"maximumInstanceCount": 40, "instanceMemoryMB": 2048},
            },
            "siteConfig": {
                "minTlsVersion": "1.2",
                "appSettings": [{"name": key, "value": value} for key, value in {**host, **settings}.items()],
            },
            "tags": self._tags,
        }
        return ParameterizedResource(
            PACKAGE,
            "WebApp",
            f"{self._name}-app",
            inputs=inputs,
            outputs=("defaultHostName", "identity"),
            opts=pulumi.ResourceOptions(parent=self),
        )
