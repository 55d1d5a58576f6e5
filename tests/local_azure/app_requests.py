"""A cloud with what Container Apps needs around it: networks, a registry, an identity that may pull, a workspace."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from arm_client import GROUP, NETWORK, REGISTRY, Arm, Reply

from local_azure.services import addresses

PROVIDER = f"{GROUP}/providers/Microsoft.App"
IDENTITY = f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/puller"
WORKSPACE = f"{GROUP}/providers/Microsoft.OperationalInsights/workspaces/main"
ROLE = "/providers/Microsoft.Authorization/roleDefinitions"
ACR_PULL = "7f951dda-4ed3-4680-a7ca-43fe172d538d"
READER = "b93aa761-3e63-49ed-ac28-beffa264f7ac"
ASSIGNMENT = "11111111-1111-1111-1111-111111111111"

CONSUMPTION = {"name": "Consumption", "workloadProfileType": "Consumption"}


@dataclass
class Apps:
    """Raw requests about environments, apps, jobs and pools."""

    arm: Arm

    def network(self, *, delegated: bool = True, prefix: str = "10.0.0.0/27") -> str:
        """Make a network with a subnet `apps` and return the subnet's id."""
        subnet: dict[str, Any] = {"addressPrefix": prefix}
        if delegated:
            service = {"name": "d", "properties": {"serviceName": "Microsoft.App/environments"}}
            subnet["delegations"] = [service]
        plain = {"name": "endpoints", "properties": {"addressPrefix": "10.0.16.0/24"}}
        body = {
            "location": "eastus",
            "properties": {
                "addressSpace": {"addressPrefixes": ["10.0.0.0/16"]},
                "subnets": [{"name": "apps", "properties": subnet}, plain],
            },
        }
        return f"{self.arm.put(f'{NETWORK}/virtualNetworks/vnet', body)['id']}/subnets/apps"

    def registry(self, role: str = ACR_PULL, **properties: Any) -> str:
        """Make registry, identity and grant, and return the registry's host."""
        self.arm.registry("contoso", **properties)
        principal = self.arm.put(IDENTITY, {"location": "eastus"})["properties"]["principalId"]
        if role:
            self.arm.put(
                f"{REGISTRY}/providers/Microsoft.Authorization/roleAssignments/{ASSIGNMENT}",
                {
                    "properties": {
                        "principalId": principal,
                        "principalType": "ServicePrincipal",
                        "roleDefinitionId": f"{ROLE}/{role}",
                    }
                },
            )
        return "contoso.azurecr.io"

    def environment(self, name: str = "cae", **properties: Any) -> Reply:
        """Ask for an environment of workload profiles."""
        body = {"location": "eastus", "properties": {"workloadProfiles": [CONSUMPTION], **properties}}
        return self.arm("PUT", f"{PROVIDER}/managedEnvironments/{name}", body)

    def create(self, name: str = "cae", **properties: Any) -> dict[str, Any]:
        """Make an environment and return it."""
        body = {"location": "eastus", "properties": {"workloadProfiles": [CONSUMPTION], **properties}}
        return self.arm.put(f"{PROVIDER}/managedEnvironments/{name}", body)

    def app_body(self, **template: Any) -> dict[str, Any]:
        """Return the body of an app in the environment `cae` that pulls by the identity `puller`."""
        container = {"name": "web", "image": "contoso.azurecr.io/web:1", "resources": {"cpu": 0.5, "memory": "1Gi"}}
        return {
            "location": "eastus",
            "identity": {"type": "UserAssigned", "userAssignedIdentities": {IDENTITY: {}}},
            "properties": {
                "environmentId": f"{PROVIDER}/managedEnvironments/cae",
                "configuration": {
                    "registries": [{"server": "contoso.azurecr.io", "identity": IDENTITY}],
                    "ingress": {"external": True, "targetPort": 80},
                },
                "template": {"containers": [container], **template},
            },
        }

    def app(self, body: dict[str, Any] | None = None, name: str = "web") -> Reply:
        """Ask for an app."""
        return self.arm("PUT", f"{PROVIDER}/containerApps/{name}", body or self.app_body())

    def finished(self, reply: Reply) -> dict[str, Any]:
        """Return the status at which an operation ends."""
        assert reply.status in {200, 201}, reply.body
        return self.arm("GET", reply.headers["azure-asyncoperation"]).body

    def free(self) -> int:
        """Return how many addresses the subnet `apps` has left."""
        assert self.arm.cloud is not None
        subnet = self.arm.cloud.get(f"{NETWORK}/virtualNetworks/vnet/subnets/apps")
        assert subnet is not None
        return addresses.free(self.arm.cloud, subnet)
