from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from arm_client import NETWORK, REGISTRY

if TYPE_CHECKING:
    from arm_client import Arm

ZONE = f"{NETWORK}/privateDnsZones/privatelink.azurecr.io"


@pytest.fixture
def ready(arm: Arm) -> Arm:
    arm.network("hub", endpoints="10.0.0.0/24")
    arm.network("spoke", "10.1.0.0/16", endpoints="10.1.0.0/24")
    arm.registry(regionalEndpoints="Enabled")
    arm.put(ZONE, {"location": "global"})
    for name in ("hub", "spoke"):
        assert arm.endpoint(name, f"{NETWORK}/virtualNetworks/{name}/subnets/endpoints").status == 201
    return arm


def _group(arm: Arm, endpoint: str, *zones: str, name: str = "default") -> Any:
    configurations = [
        {"name": f"zone{at}", "properties": {"privateDnsZoneId": zone}} for at, zone in enumerate(zones or (ZONE,))
    ]
    path = f"{NETWORK}/privateEndpoints/{endpoint}/privateDnsZoneGroups/{name}"
    return arm("PUT", path, {"properties": {"privateDnsZoneConfigs": configurations}})


def _records(arm: Arm, zone: str = ZONE) -> dict[str, str]:
    shown = arm.get(f"{zone}/A")["value"]
    return {r["name"]: r["properties"]["aRecords"][0]["ipv4Address"] for r in shown}


def test_a_group_writes_a_record_for_every_member(ready: Arm) -> None:
    reply = _group(ready, "hub")
    assert reply.status == 201
    assert _records(ready) == {
        "contoso": "10.0.0.4",
        "contoso.eastus.data": "10.0.0.5",
        "contoso.eastus.geo": "10.0.0.6",
    }
    shown = ready.get(f"{NETWORK}/privateEndpoints/hub/privateDnsZoneGroups/default")
    records = shown["properties"]["privateDnsZoneConfigs"][0]["properties"]["recordSets"]
    assert [r["recordSetName"] for r in records] == ["contoso", "contoso.eastus.data", "contoso.eastus.geo"]
    assert records[0]["fqdn"] == "contoso.privatelink.azurecr.io"


def test_of_two_endpoints_that_write_one_zone_the_last_one_wins(ready: Arm) -> None:
    _group(ready, "hub")
    assert _records(ready)["contoso"] == "10.0.0.4"
    _group(ready, "spoke")
    assert set(_records(ready).values()) == {"10.1.0.4", "10.1.0.5", "10.1.0.6"}


def test_deleting_the_first_of_two_endpoints_clears_the_records_that_the_second_wrote(ready: Arm) -> None:
    _group(ready, "hub")
    _group(ready, "spoke")
    ready.delete(f"{NETWORK}/privateEndpoints/hub")
    assert _records(ready) == {}
    # They come back with the next change of the members.
    ready.replica("westus")
    ready.settled_members("spoke")
    assert _records(ready)["contoso"] == "10.1.0.4"


def test_records_are_deleted_with_the_group_and_with_the_endpoint(ready: Arm) -> None:
    _group(ready, "hub")
    ready.delete(f"{NETWORK}/privateEndpoints/hub/privateDnsZoneGroups/default")
    assert _records(ready) == {}
    _group(ready, "hub")
    assert len(_records(ready)) == 3
    ready.delete(f"{NETWORK}/privateEndpoints/hub")
    assert _records(ready) == {}


def test_records_follow_a_new_replica_after_one_read(ready: Arm) -> None:
    _group(ready, "hub")
    assert ready.replica("westeurope").body["status"] == "Succeeded"
    assert "contoso.westeurope.data" not in _records(ready)
    assert _records(ready)["contoso.westeurope.data"] == ready.members("hub")["registry_data_westeurope"]


def test_records_leave_with_a_replica(ready: Arm) -> None:
    ready.replica("westeurope")
    _group(ready, "hub")
    ready.settled_members("hub")
    assert len(_records(ready)) == 5
    ready.delete(f"{REGISTRY}/replications/westeurope")
    _records(ready)
    assert len(_records(ready)) == 3


def test_an_endpoint_has_one_group(ready: Arm) -> None:
    _group(ready, "hub")
    assert _group(ready, "hub").status == 200
    assert _group(ready, "hub", name="second").code == "PrivateDnsZoneGroupCountExceedsLimit"


def test_a_group_has_at_most_five_zones(ready: Arm) -> None:
    zones = [f"{NETWORK}/privateDnsZones/zone{n}.example.org" for n in range(6)]
    for zone in zones:
        ready.put(zone, {"location": "global"})
    assert _group(ready, "hub", *zones).code == "PrivateDnsZoneConfigCountExceedsLimit"
    assert _group(ready, "hub", *zones[:5]).status == 201


def test_a_zone_that_does_not_fit_the_service_gets_no_records(ready: Arm) -> None:
    zone = f"{NETWORK}/privateDnsZones/privatelink.vaultcore.azure.net"
    ready.put(zone, {"location": "global"})
    _group(ready, "hub", zone)
    shown = ready.get(f"{NETWORK}/privateEndpoints/hub/privateDnsZoneGroups/default")
    assert shown["properties"]["privateDnsZoneConfigs"][0]["properties"]["recordSets"] == []
    assert _records(ready, zone) == {}


def test_a_zone_that_does_not_exist_is_refused(ready: Arm) -> None:
    assert _group(ready, "hub", f"{ZONE}x").code == "InvalidPrivateDnsZoneIds"


def test_a_zone_taken_out_of_the_group_loses_its_records(ready: Arm) -> None:
    _group(ready, "hub")
    assert len(_records(ready)) == 3
    other = f"{NETWORK}/privateDnsZones/privatelink.example.org"
    ready.put(other, {"location": "global"})
    _group(ready, "hub", other)
    assert _records(ready) == {}
