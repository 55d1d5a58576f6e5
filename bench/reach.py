"""Benchmark of reach: verdicts on 1,000 consumers from an open store, compared with reading the rows of the store."""

from __future__ import annotations

import tempfile
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.timing import median_seconds
from local_azure.clock import Clock
from local_azure.reach import command
from local_azure.services import open_cloud
from local_azure.services.cloud import Cloud
from local_azure.services.dispatch import handle
from local_azure.store import Store

CONSUMERS, NETWORKS, IDENTITIES, RUNS = 1_000, 20, 100, 5
ALLOWED_SECONDS = 1.0
GROUP = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/bench"
NETWORK = f"{GROUP}/providers/Microsoft.Network"
REGISTRY = f"{GROUP}/providers/Microsoft.ContainerRegistry/registries/contosobench"
ZONE = f"{NETWORK}/privateDnsZones/privatelink.azurecr.io"
READER = "b93aa761-3e63-49ed-ac28-beffa264f7ac"
CONDITION = (
    "((!(ActionMatches{'Microsoft.ContainerRegistry/registries/repositories/content/read'})) OR "
    "(@Request[Microsoft.ContainerRegistry/registries/repositories:name] StringStartsWithIgnoreCase 'team-a/'))"
)


def consumers_in(cloud: Cloud) -> list[dict[str, str]]:
    """Create a private registry in three regions, a hub with its endpoint, spokes, and identities; return the consumers."""

    def put(path: str, body: dict[str, Any], version: str = "2024-05-01") -> Any:
        return handle(cloud, "PUT", path, {"api-version": version}, body).body

    put(GROUP, {"location": "eastus"}, "2024-03-01")
    properties = {
        "regionalEndpoints": "Enabled",
        "publicNetworkAccess": "Disabled",
        "roleAssignmentMode": "AbacRepositoryPermissions",
    }
    put(REGISTRY, {"location": "eastus", "sku": {"name": "Premium"}, "properties": properties}, "2026-03-01-preview")
    for region in ("westeurope", "southeastasia"):
        put(f"{REGISTRY}/replications/{region}", {"location": region, "properties": {}}, "2026-03-01-preview")
    put(ZONE, {"location": "global"}, "2024-06-01")
    networks = [_network(put, at) for at in range(NETWORKS)]
    connection = {"name": "pe", "properties": {"privateLinkServiceId": REGISTRY, "groupIds": ["registry"]}}
    endpoint = {"subnet": {"id": f"{networks[0]}/subnets/work"}, "privateLinkServiceConnections": [connection]}
    put(f"{NETWORK}/privateEndpoints/pe", {"location": "eastus", "properties": endpoint})
    zones = [{"name": "zone", "properties": {"privateDnsZoneId": ZONE}}]
    put(f"{NETWORK}/privateEndpoints/pe/privateDnsZoneGroups/default", {"properties": {"privateDnsZoneConfigs": zones}})
    for spoke in networks[1:]:
        for here, there in ((networks[0], spoke), (spoke, networks[0])):
            body = {"properties": {"remoteVirtualNetwork": {"id": there}}}
            put(f"{here}/virtualNetworkPeerings/{there.rpartition('/')[2]}", body)
    identities = [_identity(put, at) for at in range(IDENTITIES)]
    cloud.settle()
    hosts = ("contosobench.azurecr.io", "contosobench.westeurope.geo.azurecr.io")
    return [
        {
            "name": f"consumer{at}",
            "from": f"{networks[at % NETWORKS]}/subnets/work",
            "identity": identities[at % IDENTITIES],
            "image": f"{hosts[at % 2]}/team-a/app{at}:1",
        }
        for at in range(CONSUMERS)
    ]


def _network(put: Callable[..., Any], at: int) -> str:
    rule = {"priority": 100, "direction": "Outbound", "access": "Deny", "protocol": "*", "sourceAddressPrefix": "*"}
    rule |= {"sourcePortRange": "*", "destinationPortRange": "25", "destinationAddressPrefix": "Internet"}
    guard = f"{NETWORK}/networkSecurityGroups/guard{at}"
    put(guard, {"location": "eastus", "properties": {"securityRules": [{"name": "no-mail", "properties": rule}]}})
    subnet = {"addressPrefix": f"10.{at}.0.0/24", "networkSecurityGroup": {"id": guard}}
    space = {"addressSpace": {"addressPrefixes": [f"10.{at}.0.0/16"]}}
    body = {"location": "eastus", "properties": {**space, "subnets": [{"name": "work", "properties": subnet}]}}
    place = f"{NETWORK}/virtualNetworks/net{at}"
    put(place, body)
    link = {"registrationEnabled": False, "virtualNetwork": {"id": place}}
    put(f"{ZONE}/virtualNetworkLinks/net{at}", {"location": "global", "properties": link}, "2024-06-01")
    return place


def _identity(put: Callable[..., Any], at: int) -> str:
    place = f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/puller{at}"
    principal = put(place, {"location": "eastus"}, "2024-11-30")["properties"]["principalId"]
    properties = {
        "principalId": principal,
        "principalType": "ServicePrincipal",
        "roleDefinitionId": f"/providers/Microsoft.Authorization/roleDefinitions/{READER}",
        "condition": CONDITION,
        "conditionVersion": "2.0",
    }
    name = uuid.uuid5(uuid.NAMESPACE_URL, place)
    body = {"properties": properties}
    put(f"{REGISTRY}/providers/Microsoft.Authorization/roleAssignments/{name}", body, "2022-04-01")
    return place


def main() -> None:
    """Print the ratio and both times."""
    with tempfile.TemporaryDirectory() as text:
        store = Store(Path(text), serve=True)
        pulls = consumers_in(open_cloud(store, Clock()))

        def evaluate() -> str:
            found = command.snapshot(store)
            return command.summary(command.verdicts(found, command.consumers(found, pulls, command.Question())))

        summary = evaluate()
        if summary != f"pulls: {CONSUMERS} of {CONSUMERS} work":
            raise SystemExit(f"every pull must work: {summary}")
        floor = median_seconds(lambda: (store.every(), store.allocations()), RUNS)
        mine = median_seconds(evaluate, RUNS)
        store.close()
    print(f"reach {CONSUMERS} consumers in {NETWORKS} networks: {mine / floor:.1f} x reading the store "
          f"({mine:.3f} s against {floor:.3f} s; limit {ALLOWED_SECONDS:g} s)")  # fmt: skip


if __name__ == "__main__":
    main()
