"""What a preview says of deletions and replacements that nobody makes in passing."""

from __future__ import annotations

from typing import Any

import pytest

from tools.destructive import destructive

GROUP = "/subscriptions/s/resourceGroups/rg/providers"


def planned(op: str, token: str, name: str, arm_id: str, **more: Any) -> dict[str, Any]:
    side = {"urn": f"urn:pulumi:p::m::{token}::{name}", "type": token, "custom": True, "id": arm_id, "inputs": {}}
    sides = {"old": None if op == "create" else side, "new": side if op in {"create", "replace"} else None}
    return {"resourcePreEvent": {"metadata": {"op": op, "urn": side["urn"], "type": token, **sides, **more}}}


REGISTRY = ("azure-native:containerregistry:Registry", "registry", f"{GROUP}/Microsoft.ContainerRegistry/registries/r")
ZONE = ("azure-native:privatedns:PrivateZone", "zone", f"{GROUP}/Microsoft.Network/privateDnsZones/z")
NETWORK = ("azure-native:network:VirtualNetwork", "vnet", f"{GROUP}/Microsoft.Network/virtualNetworks/v")
POOL = (
    "azure-native:containerservice:AgentPool",
    "pool",
    f"{GROUP}/Microsoft.ContainerService/managedClusters/aks/agentPools/work",
)
RECORD = ("azure-native:privatedns:PrivateRecordSet", "a", f"{GROUP}/Microsoft.Network/privateDnsZones/z/A/a")


@pytest.mark.parametrize(
    ("resource", "kind"),
    [(REGISTRY, "registry registry"), (ZONE, "private DNS zone zone"), (NETWORK, "virtual network vnet")],
)
def test_a_deleted_registry_zone_or_network_is_reported(resource: tuple[str, str, str], kind: str) -> None:
    assert destructive([planned("delete", *resource)]) == [f"{kind} is deleted"]
    assert destructive([planned("delete", *resource)], done=True) == [f"{kind} was deleted"]


def test_a_replacement_is_reported_once_with_its_reason_and_what_stops() -> None:
    operations = ("delete-replaced", "replace", "create-replacement")
    events = [planned(op, *POOL, keys=["vmSize"]) for op in operations]
    assert destructive(events) == [
        "agent pool pool is replaced (changed: vmSize): its nodes are deleted, with all pods on them at once"
    ]


def test_what_is_created_updated_or_small_is_not_reported() -> None:
    events = [
        planned("create", *REGISTRY),
        planned("update", *NETWORK),
        planned("same", *ZONE),
        planned("delete", *RECORD),
    ]
    assert destructive(events) == []
    assert destructive([]) == []
