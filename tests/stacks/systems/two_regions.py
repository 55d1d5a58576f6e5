"""One stack in two regions with every system in both, and what is read from what it registers.

No key is a region's name, so that what is placed by its key instead of by its region is found.
"""

from pathlib import Path
from typing import Any

from pulumi.runtime.rpc import is_rpc_secret, unwrap_rpc_secret

from components.testing import Answer, Recording, Registered
from planning.endpoints import members
from stacks import program
from stacks.loader import load
from tests.components.azure_answers import ADDRESS_DRIFT, addressed, answers

FOLDER = Path(__file__).parent / "stacks"

ROOT = "/subscriptions/s/resourceGroups"


def _under(group: str, kind: str) -> str:
    return f"{ROOT}/{group}/providers/{kind}"


def azure() -> dict[str, Answer]:
    """Answer as Azure does, with ids of ARM's form where a program takes one apart."""
    stack = load("test", directory=FOLDER)
    known = answers([addressed(members(stack.plan.shape))], "contosotest.azurecr.io")
    registry = known["Registry"]
    assert callable(registry)
    return {
        **known,
        **ADDRESS_DRIFT,
        "Registry": lambda inputs: {**registry(inputs), "id": _under(inputs["resourceGroupName"], "registries/r")},
        "Workspace": lambda inputs: {
            "id": _under(inputs["resourceGroupName"], f"workspaces/{inputs['workspaceName']}"),
            "name": inputs["workspaceName"],
            "customerId": f"{inputs['workspaceName']}-customer",
        },
        "ManagedCluster": lambda inputs: {
            "id": _under(inputs["resourceGroupName"], f"managedClusters/{inputs['resourceName']}"),
            "nodeResourceGroup": inputs["nodeResourceGroup"],
            "oidcIssuerProfile": {"enabled": True, "issuerURL": f"https://{inputs['resourceName']}"},
        },
        "TrafficControllerInterface": lambda inputs: {
            "id": _under(inputs["resourceGroupName"], f"trafficControllers/{inputs['trafficControllerName']}")
        },
        "UserAssignedIdentity": lambda inputs: {
            "name": inputs["resourceName"],
            "clientId": f"{inputs['resourceName']}-client",
            "principalId": f"{inputs['resourceName']}-principal",
        },
        "CredentialSet": lambda inputs: {
            "identity": {"type": "SystemAssigned", "principalId": f"{inputs['credentialSetName']}-principal"}
        },
        "Scheduler": lambda inputs: {
            "properties": {**inputs["properties"], "endpoint": f"https://{inputs['schedulerName']}.durabletask.io"}
        },
        "getWorkspaceSharedKeys": {"primarySharedKey": "key"},
    }


def build(record: Any) -> Recording:
    """Register the whole stack."""
    stack = load("test", directory=FOLDER)
    return record(lambda: program.run(stack, {"MOORINGS_TIME_SCALE": "0"}), answers=azure())


def below(recording: Recording, start: str) -> list[Registered]:
    """Return what a provider makes whose logical name starts with this, after the stack's name."""
    return [found for found in recording if found.custom and found.name.startswith(f"contoso-test-{start}")]


def placed(recording: Recording, *starts: str) -> dict[str, tuple[str | None, str | None]]:
    """Return location and resource group by logical name, without the stack's name, of what takes a resource group."""
    return {
        found.name.removeprefix("contoso-test-"): (found.inputs.get("location"), found.inputs["resourceGroupName"])
        for start in starts
        for found in below(recording, start)
        if "resourceGroupName" in found.inputs
    }


def wired(recording: Recording, name: str, path: str) -> Any:
    """Return an input of a resource by its logical name, without the stack's name, and a dotted path."""
    value: Any = recording.named(f"contoso-test-{name}").inputs
    for key in path.split("."):
        value = unwrap_rpc_secret(value) if is_rpc_secret(value) else value
        value = value[int(key)] if isinstance(value, list) else value[key]
    return value


def groups(recording: Recording, role: str) -> dict[str, str]:
    """Return the region of every resource group of a role, by name."""
    return {
        found.inputs["resourceGroupName"]: found.inputs["location"]
        for found in below(recording, f"rg-{role}")
        if found.inputs["resourceGroupName"].startswith(f"rg-contoso-test-{role}")
    }


def grants(recording: Recording, start: str) -> set[tuple[str, str, str]]:
    """Return role, scope and principal of every role assignment below a logical name."""
    return {
        (found.inputs["roleDefinitionId"].rpartition("/")[2], found.inputs["scope"], found.inputs["principalId"])
        for found in below(recording, start)
        if found.type.endswith(":RoleAssignment")
    }
