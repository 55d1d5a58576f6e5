"""A local Azure that holds what a deployment would meet, for tests of preflight."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local_azure.clock import Clock
from local_azure.http import Server, create_app
from local_azure.services import open_cloud
from local_azure.services.cloud import Cloud
from local_azure.services.dispatch import handle
from local_azure.services.settings import Settings
from local_azure.store import Store
from stacks.loader import Stack, load
from tools.preflight.arm import local
from tools.preflight.findings import Finding
from tools.preflight.run import preflight

OURS = "/subscriptions/00000000-0000-0000-0000-000000000001"
THEIRS = "/subscriptions/00000000-0000-0000-0000-000000000002"
REGISTRIES = "providers/Microsoft.ContainerRegistry/registries"
REGISTRY = f"{OURS}/resourceGroups/rg-contoso-test-registry/{REGISTRIES}/contosotest"
TEAM = f"{THEIRS}/resourceGroups/team/providers/Microsoft.Network"
SUBNET = f"{TEAM}/virtualNetworks/team/subnets/endpoints"
DEPLOYER = "33333333-3333-3333-3333-333333333333"
CONTRIBUTOR, READER = "b24988ac-6180-42a0-ab88-20f7382dd24c", "acdd72a7-3385-48ef-bd42-f606fba81ae7"
REGISTRY_VERSION, NETWORK_VERSION, DNS_VERSION = "2025-11-01", "2024-05-01", "2024-06-01"

DESCRIPTION = """\
config:
  moorings:stack:
    name: contoso
    environment: test
    location: eastus
    registry:
      name: contosotest
      replicas: {westeurope: {}, southeastasia: {}}
    identities: {ci: {}}
    access:
      ci-push: {identity: ci, action: push}
"""

CLUSTER = """\
    networks:
      eastus:
        address_space: [10.1.0.0/16]
        subnets: {{nodes: {{prefix: 10.1.0.0/24}}}}
    clusters:
      main:
        network: eastus
        subnet: nodes
        identity: plane
        kubelet_identity: kubelet
        kubernetes_version: "{}"
        upgrade_channel: none
        pools: {{system: {{mode: System, vm_size: Standard_D4s_v5, count: 3}}}}
"""


@dataclass
class Estate:
    """A local Azure with a registry, read through HTTP."""

    cloud: Cloud
    url: str
    stack: Stack

    def put(self, path: str, version: str, properties: Any = None, **more: Any) -> None:
        body = {"properties": properties or {}, **more}
        handle(self.cloud, "PUT", path, {"api-version": version}, body)
        self.cloud.settle()

    def group(self, subscription: str, name: str) -> None:
        handle(
            self.cloud,
            "PUT",
            f"{subscription}/resourceGroups/{name}",
            {"api-version": "2024-03-01"},
            {"location": "eastus"},
        )

    def team_endpoint(self, prefix: str = "10.9.0.0/29") -> None:
        """An endpoint of another team in a subscription of its own."""
        self.group(THEIRS, "team")
        subnets = [{"name": "endpoints", "properties": {"addressPrefix": prefix}}]
        space = {"addressSpace": {"addressPrefixes": ["10.9.0.0/16"]}, "subnets": subnets}
        self.put(f"{TEAM}/virtualNetworks/team", NETWORK_VERSION, space, location="eastus")
        connection = {"name": "to", "properties": {"privateLinkServiceId": REGISTRY, "groupIds": ["registry"]}}
        properties = {"subnet": {"id": SUBNET}, "privateLinkServiceConnections": [connection]}
        self.put(f"{TEAM}/privateEndpoints/team", NETWORK_VERSION, properties, location="eastus")

    def team_zone(self) -> str:
        """A zone that the other team's endpoint feeds."""
        zone = f"{TEAM}/privateDnsZones/privatelink.azurecr.io"
        self.put(zone, DNS_VERSION, location="global")
        configuration = {"name": "acr", "properties": {"privateDnsZoneId": zone}}
        group = f"{TEAM}/privateEndpoints/team/privateDnsZoneGroups/default"
        self.put(group, NETWORK_VERSION, {"privateDnsZoneConfigs": [configuration]})
        return zone

    def assign(self, role: str, scope: str) -> None:
        """Give the deployer a role."""
        name = f"{scope}/providers/Microsoft.Authorization/roleAssignments/44444444-4444-4444-4444-44444444444{len(scope) % 10}"
        definition = f"/providers/Microsoft.Authorization/roleDefinitions/{role}"
        self.put(name, "2022-04-01", {"roleDefinitionId": definition, "principalId": DEPLOYER, "principalType": "User"})

    def found(self, principal: str = "", verdict: str | None = None) -> list[Finding]:
        every = preflight(self.stack, local(self.url, OURS.rpartition("/")[2], principal))
        return [each for each in every if verdict is None or each.verdict == verdict]


@contextmanager
def served(folder: Path, settings: Settings | None = None, description: str = DESCRIPTION) -> Iterator[Estate]:
    """Serve the registry of the description, without replicas yet."""
    (folder / "Pulumi.test.yaml").write_text(description, encoding="utf-8")
    store = Store(folder / "store", serve=True)
    cloud = open_cloud(store, Clock(), settings)
    server = Server(create_app(cloud))
    stop = server.start_in_thread()
    created = Estate(cloud, server.url, load("test", directory=folder))
    created.group(OURS, "rg-contoso-test-registry")
    created.put(REGISTRY, REGISTRY_VERSION, location="eastus", sku={"name": "Premium"})
    yield created
    stop()
    store.close()
