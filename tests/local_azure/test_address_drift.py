"""The fixer's function by Azure's own clients: a group that moves on the local Azure takes its records along."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from arm_client import GROUP, NETWORK, SUBSCRIPTION, Arm, Clients
from azure.mgmt.containerinstance import ContainerInstanceManagementClient

from components.address_drift.function import events
from components.address_drift.function.adapters import ArmGroups, ArmRecords
from components.address_drift.function.reconcile import reconcile
from components.address_drift.function.track import track
from components.address_drift.function.zones import Spoke, Zone

if TYPE_CHECKING:
    from collections.abc import Callable

VERSION = "2026-07-01"
PATH = f"{GROUP}/providers/Microsoft.ContainerInstance/containerGroups/web"
FORWARD = Zone(SUBSCRIPTION, "rg", "aci.contoso.internal")
REVERSE = Zone(SUBSCRIPTION, "rg", "1.0.10.in-addr.arpa")
SPOKE = Spoke(FORWARD, (REVERSE,), 30)
DELEGATION = "Microsoft.ContainerInstance/containerGroups"


def body() -> dict[str, Any]:
    requests = {"requests": {"cpu": 1, "memoryInGB": 1}}
    return {
        "location": "eastus",
        "properties": {
            "osType": "Linux",
            "containers": [{"name": "main", "properties": {"image": "app:1", "resources": requests}}],
            "subnetIds": [{"id": f"{NETWORK}/virtualNetworks/spoke/subnets/cg"}],
            "ipAddress": {"type": "Private", "ports": [{"port": 80}]},
        },
    }


@pytest.fixture
def group(arm: Arm) -> Arm:
    delegations = [{"name": "d", "properties": {"serviceName": DELEGATION}}]
    inline = [{"name": "cg", "properties": {"addressPrefix": "10.0.1.0/24", "delegations": delegations}}]
    properties = {"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}, "subnets": inline}
    arm.put(f"{NETWORK}/virtualNetworks/spoke", {"location": "eastus", "properties": properties})
    for zone in (FORWARD, REVERSE):
        arm.put(f"{NETWORK}/privateDnsZones/{zone.name}", {"location": "global"})
    arm.put(PATH, body(), VERSION)
    return arm


@pytest.fixture
def handle(group: Arm, clients: Clients) -> Callable[..., tuple[list[str], str | None]]:
    """Let the tracker and then the reconciler handle an event; returns what was changed, and what was seen before."""
    instances = clients._make(ContainerInstanceManagementClient)
    groups, records = ArmGroups(lambda _: instances), ArmRecords(lambda _: clients.dns)

    def run(kind: str = "Write") -> tuple[list[str], str | None]:
        event = events.parse(f"Microsoft.Resources.Resource{kind}Success", PATH)
        assert event is not None
        seen = track(event, SPOKE, groups, records)
        return reconcile(event, SPOKE, groups, records), seen.sight if seen else None

    return run


def records(arm: Arm) -> tuple[dict[str, str], dict[str, str]]:
    found: list[dict[str, str]] = []
    for zone, kind, member, value in (
        (FORWARD, "A", "aRecords", "ipv4Address"),
        (REVERSE, "PTR", "ptrRecords", "ptrdname"),
    ):
        shown = arm.get(f"{NETWORK}/privateDnsZones/{zone.name}/{kind}")["value"]
        found.append({record["name"]: record["properties"][member][0][value] for record in shown})
    return found[0], found[1]


def test_the_records_follow_a_group_through_restarts_recreation_and_its_end(group: Arm, handle: Any) -> None:
    host = f"web.{FORWARD.name}"
    changes, seen = handle()
    assert (len(changes), seen) == (2, "first_seen")
    assert records(group) == ({"web": "10.0.1.4"}, {"4": host})
    assert handle() == ([], "no_change")

    group("POST", f"{PATH}/restart", version=VERSION)
    changes, seen = handle("Action")
    assert (len(changes), seen) == (3, "drift_detected")
    assert records(group) == ({"web": "10.0.1.5"}, {"5": host})

    group.delete(PATH, VERSION)
    group.put(PATH, body(), VERSION)
    # The deletion's event comes late, and after it the creation's.
    assert handle("Delete")[1] is None
    assert handle() == ([], "no_change")
    assert records(group) == ({"web": "10.0.1.6"}, {"6": host})

    group("POST", f"{PATH}/stop", version=VERSION)
    handle("Action")
    assert records(group) == ({}, {})
    group("POST", f"{PATH}/start", version=VERSION)
    handle("Action")
    assert records(group) == ({"web": "10.0.1.7"}, {"7": host})

    group.delete(PATH, VERSION)
    handle("Delete")
    assert records(group) == ({}, {})
    assert handle("Delete") == ([], None)
