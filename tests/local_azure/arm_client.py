"""Ways to talk to a local Azure in tests: raw requests, and the real management clients."""

from __future__ import annotations

import http.client
import json
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from azure.core.pipeline.policies import SansIOHTTPPolicy
from azure.mgmt.appcontainers import ContainerAppsAPIClient
from azure.mgmt.authorization import AuthorizationManagementClient
from azure.mgmt.containerregistry import ContainerRegistryManagementClient
from azure.mgmt.containerservice import ContainerServiceClient
from azure.mgmt.msi import ManagedServiceIdentityClient
from azure.mgmt.network import NetworkManagementClient
from azure.mgmt.privatedns import PrivateDnsManagementClient
from azure.mgmt.resource.resources import ResourceManagementClient

from local_azure.clock import Clock

if TYPE_CHECKING:
    from local_azure.services.cloud import Cloud

SUBSCRIPTION = "00000000-0000-0000-0000-000000000001"
ROOT = f"/subscriptions/{SUBSCRIPTION}"
GROUP = f"{ROOT}/resourceGroups/rg"
NETWORK = f"{GROUP}/providers/Microsoft.Network"
REGISTRY = f"{GROUP}/providers/Microsoft.ContainerRegistry/registries/contoso"

VERSIONS = {
    "locks": "2020-05-01",
    "microsoft.containerregistry": "2026-03-01-preview",
    "microsoft.containerservice": "2025-09-01",
    "microsoft.managedidentity": "2024-11-30",
    "microsoft.authorization": "2022-04-01",
    "privatednszones": "2024-06-01",
    "microsoft.network": "2024-05-01",
    "microsoft.app": "2025-02-02-preview",
    "diagnosticsettings": "2021-05-01-preview",
    "microsoft.operationalinsights": "2023-09-01",
}


@dataclass(frozen=True, slots=True)
class StandingClock(Clock):
    """A clock that advances only when a test advances it, so that no test depends on the speed of the machine."""

    hand: list[float] = field(default_factory=lambda: [time.time()])

    def now(self) -> float:
        return self.hand[0]

    def go_on(self, seconds: float) -> None:
        """Let that many seconds of real duration pass."""
        self.hand[0] = self.due(seconds)


@dataclass
class Reply:
    """Status, headers (names in lower case) and JSON body of an answer."""

    status: int
    headers: dict[str, str]
    body: Any

    @property
    def code(self) -> str:
        return self.body["error"]["code"]

    @property
    def message(self) -> str:
        return self.body["error"]["message"]


def version_for(path: str) -> str:
    """The api-version that these tests use for an address."""
    tail = path.lower().rpartition("/providers/")[2] if "/providers/" in path.lower() else ""
    hits = (v for part, v in VERSIONS.items() if part in tail.split("/"))
    zones = "privatednszones" in tail.split("/")
    return VERSIONS["privatednszones"] if zones else next(hits, "2024-03-01")


@dataclass
class Arm:
    """Raw requests to a server, by path or by whole URL."""

    url: str
    store: Path = Path()
    cloud: Cloud | None = None
    _connection: http.client.HTTPConnection | None = field(default=None, repr=False)

    def __call__(
        self,
        method: str,
        path: str,
        body: Any = None,
        version: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> Reply:
        if path.startswith("http"):
            parts = urlsplit(path)
            path = f"{parts.path}?{parts.query}"
        elif version != "":
            path += f"{'&' if '?' in path else '?'}api-version={version or version_for(path.partition('?')[0])}"
        if self._connection is None:
            self._connection = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=60)
        raw = body if isinstance(body, bytes) else None if body is None else json.dumps(body).encode()
        self._connection.request(
            method, path.replace(" ", "%20"), raw, {"Content-Type": "application/json", **(headers or {})}
        )
        answer = self._connection.getresponse()
        text = answer.read()
        return Reply(answer.status, {k.lower(): v for k, v in answer.getheaders()}, json.loads(text) if text else None)

    def get(self, path: str, version: str | None = None) -> Any:
        reply = self("GET", path, version=version)
        assert reply.status == 200, reply.body
        return reply.body

    def put(self, path: str, body: Any, version: str | None = None) -> Any:
        """PUT, follow the operation to its end, and return the resource."""
        reply = self("PUT", path, body, version)
        assert reply.status in {200, 201, 202}, reply.body
        if "azure-asyncoperation" in reply.headers:
            status = self("GET", reply.headers["azure-asyncoperation"]).body
            assert status["status"] == "Succeeded", status
        return self.get(path, version)

    def delete(self, path: str, version: str | None = None) -> None:
        reply = self("DELETE", path, version=version)
        assert reply.status in {200, 202, 204}, reply.body
        if "location" in reply.headers:
            end = self("GET", reply.headers["location"])
            assert end.status == 200, end.body

    def ids(self) -> list[str]:
        assert self.cloud is not None
        return self.cloud.store.ids()

    def group(self, name: str = "rg", location: str = "eastus") -> str:
        return self.put(f"{ROOT}/resourceGroups/{name}", {"location": location})["id"]

    def network(self, name: str, prefix: str = "10.0.0.0/16", location: str = "eastus", **subnets: str) -> str:
        inline = [{"name": n, "properties": {"addressPrefix": p}} for n, p in subnets.items()]
        properties: dict[str, Any] = {"addressSpace": {"addressPrefixes": [prefix]}, "subnets": inline}
        body = {"location": location, "properties": properties}
        return self.put(f"{NETWORK}/virtualNetworks/{name}", body)["id"]

    def registry(self, name: str = "contoso", sku: str = "Premium", **properties: Any) -> str:
        body = {"location": "eastus", "sku": {"name": sku}, "properties": properties}
        return self.put(f"{GROUP}/providers/Microsoft.ContainerRegistry/registries/{name}", body)["id"]

    def replica(self, region: str, registry: str = REGISTRY) -> Reply:
        """Ask for a replica and return the end of its operation."""
        reply = self("PUT", f"{registry}/replications/{region}", {"location": region, "properties": {}})
        return self("GET", reply.headers["azure-asyncoperation"]) if reply.status == 201 else reply

    def endpoint(
        self, name: str, subnet: str, registry: str = REGISTRY, location: str = "eastus", **more: Any
    ) -> Reply:
        connection = {"name": name, "properties": {"privateLinkServiceId": registry, "groupIds": ["registry"]}}
        manual = more.pop("manual", False)
        member = "manualPrivateLinkServiceConnections" if manual else "privateLinkServiceConnections"
        properties = {"subnet": {"id": subnet}, member: [connection], **more}
        return self("PUT", f"{NETWORK}/privateEndpoints/{name}", {"location": location, "properties": properties})

    def members(self, endpoint: str) -> dict[str, str]:
        """Member → address as the endpoint's network interface shows them."""
        shown = self.get(f"{NETWORK}/privateEndpoints/{endpoint}")
        interface = self.get(shown["properties"]["networkInterfaces"][0]["id"])
        return {
            c["properties"]["privateLinkConnectionProperties"]["requiredMemberName"]: c["properties"][
                "privateIPAddress"
            ]
            for c in interface["properties"]["ipConfigurations"]
        }

    def settled_members(self, endpoint: str) -> dict[str, str]:
        """As `members`, once they follow."""
        self.members(endpoint)
        return self.members(endpoint)


class _NoCredential:
    def get_token(self, *scopes: str, **more: Any) -> Any:
        raise AssertionError("plain http needs no token")


class _NoAuthentication(SansIOHTTPPolicy):
    pass


@dataclass
class Clients:
    """The real management clients, pointed at a server."""

    url: str

    def _make(self, kind: Any, **more: Any) -> Any:
        options = {"base_url": self.url, "authentication_policy": _NoAuthentication(), "polling_interval": 0}
        return kind(_NoCredential(), SUBSCRIPTION, **options, **more)

    @property
    def resources(self) -> ResourceManagementClient:
        return self._make(ResourceManagementClient)

    @property
    def network(self) -> NetworkManagementClient:
        return self._make(NetworkManagementClient, api_version="2024-05-01")

    @property
    def dns(self) -> PrivateDnsManagementClient:
        return self._make(PrivateDnsManagementClient)

    @property
    def registry(self) -> ContainerRegistryManagementClient:
        return self._make(ContainerRegistryManagementClient)

    @property
    def apps(self) -> ContainerAppsAPIClient:
        return self._make(ContainerAppsAPIClient)

    @property
    def clusters(self) -> ContainerServiceClient:
        return self._make(ContainerServiceClient)

    @property
    def identity(self) -> ManagedServiceIdentityClient:
        return self._make(ManagedServiceIdentityClient)

    @property
    def authorization(self) -> AuthorizationManagementClient:
        return self._make(AuthorizationManagementClient)
