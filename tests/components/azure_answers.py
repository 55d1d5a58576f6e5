"""What Azure would answer to the resources of a program under test."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from components.testing import Answer

NAMED = {
    "ResourceGroup": "resourceGroupName",
    "VirtualNetwork": "virtualNetworkName",
    "PrivateZone": "privateZoneName",
    "PrivateEndpoint": "privateEndpointName",
    "Registry": "registryName",
}
"""Types whose output ``name`` is the input that names them."""


SUBSCRIPTION = "/subscriptions/00000000-0000-0000-0000-000000000001"
ADDRESS_DRIFT: dict[str, Answer] = {
    "StorageAccount": lambda inputs: {
        "id": f"{SUBSCRIPTION}/storage",
        "name": inputs["accountName"],
        "primaryEndpoints": {"blob": f"https://{inputs['accountName']}.blob.core.windows.net/"},
    },
    "BlobContainer": lambda inputs: {"name": inputs["containerName"]},
    "WebApp": {"id": f"{SUBSCRIPTION}/site", "identity": {"type": "SystemAssigned", "principalId": "principal"}},
    "SystemTopic": lambda inputs: {"name": inputs["systemTopicName"]},
    "DataCollectionEndpoint": {"logsIngestion": {"endpoint": "https://ingest"}},
    "DataCollectionRule": {"id": f"{SUBSCRIPTION}/rule", "immutableId": "dcr-1"},
    "Component": {"id": f"{SUBSCRIPTION}/insights", "connectionString": "InstrumentationKey=key"},
}
"""What the parts of the address-drift fixer are read back as."""


def interface(members: Mapping[str, str]) -> dict[str, Any]:
    """Return a network interface that shows these members with these addresses."""
    return {
        "ipConfigurations": [
            {"privateIPAddress": address, "privateLinkConnectionProperties": {"requiredMemberName": member}}
            for member, address in members.items()
        ]
    }


def addressed(members: Iterable[str]) -> dict[str, str]:
    """Give each member an address, counted from 10.0.0.4."""
    return {member: f"10.0.0.{number}" for number, member in enumerate(members, start=4)}


def answers(
    interfaces: Sequence[Mapping[str, str]] = ({},), login_server: str = "contoso.azurecr.io"
) -> dict[str, Answer]:
    """Answer as Azure does.

    Args:
        interfaces: members of every network interface, one entry a read; the last one is repeated.
        login_server: of the registry.
    """
    reads: dict[str, int] = {}

    def read(arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        name = arguments["networkInterfaceName"]
        reads[name] = reads.get(name, 0) + 1
        return interface(interfaces[min(reads[name], len(interfaces)) - 1])

    def named(key: str) -> Callable[[Mapping[str, Any]], Mapping[str, Any]]:
        return lambda inputs: {"name": inputs[key]}

    def registry(inputs: Mapping[str, Any]) -> Mapping[str, Any]:
        identity = inputs.get("identity")
        return {
            "name": inputs["registryName"],
            "loginServer": login_server,
            **({"identity": {**identity, "principalId": "principal"}} if identity else {}),
        }

    return {
        **{kind: named(key) for kind, key in NAMED.items()},
        "Registry": registry,
        "ManagedEnvironment": environment,
        "getNetworkInterface": read,
    }


def environment(inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return an environment's own domain and address."""
    name = inputs["environmentName"]
    return {"name": name, "defaultDomain": f"{name}.azurecontainerapps.io", "staticIp": "10.9.0.4"}
