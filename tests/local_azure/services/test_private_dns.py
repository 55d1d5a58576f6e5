from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from arm_client import GROUP, NETWORK

if TYPE_CHECKING:
    from arm_client import Arm

ZONE = f"{NETWORK}/privateDnsZones/privatelink.azurecr.io"


@pytest.fixture
def ready(arm: Arm) -> Arm:
    arm.network("hub")
    arm.put(ZONE, {"location": "global"})
    return arm


def _link(network: str = "hub", registration: bool = False) -> dict[str, Any]:
    virtual_network = {"id": f"{NETWORK}/virtualNetworks/{network}"}
    return {
        "location": "global",
        "properties": {"registrationEnabled": registration, "virtualNetwork": virtual_network},
    }


def _a(*addresses: str, ttl: int = 60) -> dict[str, Any]:
    return {"properties": {"ttl": ttl, "aRecords": [{"ipv4Address": a} for a in addresses]}}


def test_a_zone_put_answers_202_empty_with_both_headers(arm: Arm) -> None:
    reply = arm("PUT", ZONE, {"location": "global"})
    assert (reply.status, reply.body) == (202, {})
    assert "/privateDnsOperationStatuses/" in reply.headers["azure-asyncoperation"]
    assert arm("GET", reply.headers["azure-asyncoperation"]).body["status"] == "Succeeded"
    assert arm("GET", reply.headers["location"]).status == 200


def test_a_zone_has_its_soa_and_counts(ready: Arm) -> None:
    shown = ready.get(ZONE)["properties"]
    assert (shown["numberOfRecordSets"], shown["maxNumberOfRecordSets"]) == (1, 25000)
    assert ready.get(f"{ZONE}/SOA/@")["properties"]["soaRecord"]["host"] == "azureprivatedns.net"
    assert ready("DELETE", f"{ZONE}/SOA/@").status == 400


@pytest.mark.parametrize("name", ["single", "-a.b", "a..b"])
def test_a_bad_zone_name_is_refused(arm: Arm, name: str) -> None:
    assert arm("PUT", f"{NETWORK}/privateDnsZones/{name}", {"location": "global"}).code == "InvalidZoneName"


def test_a_zone_is_global(arm: Arm) -> None:
    assert arm("PUT", ZONE, {"location": "eastus"}).status == 400


def test_a_zone_with_links_stays(ready: Arm) -> None:
    ready.put(f"{ZONE}/virtualNetworkLinks/hub", _link())
    reply = ready("DELETE", ZONE)
    assert (reply.status, reply.code) == (409, "CannotDeleteResource")
    # The sentence of the service [DNS-NESTED].
    assert reply.message == (
        "Cannot delete resource while nested resources exist. Some existing nested resource IDs include: "
        "'Microsoft.Network/privateDnsZones/privatelink.azurecr.io/virtualNetworkLinks/hub'. Please delete all nested "
        "resources before deleting this resource."
    )
    ready.delete(f"{ZONE}/virtualNetworkLinks/hub")
    ready.delete(ZONE)
    assert ready("GET", f"{ZONE}/SOA/@").status == 404


def test_a_network_is_linked_to_one_zone_of_a_name(ready: Arm) -> None:
    ready.put(f"{ZONE}/virtualNetworkLinks/hub", _link())
    ready.group("other")
    twin = ZONE.replace(GROUP, GROUP.replace("/rg", "/other"))
    ready.put(twin, {"location": "global"})
    reply = ready("PUT", f"{twin}/virtualNetworkLinks/hub", _link())
    assert (reply.status, reply.code) == (400, "BadRequest")
    assert "overlapping namespaces" in reply.message
    other = f"{NETWORK}/privateDnsZones/example.org"
    ready.put(other, {"location": "global"})
    ready.put(f"{other}/virtualNetworkLinks/hub", _link())


def test_a_network_registers_in_one_zone(ready: Arm) -> None:
    other = f"{NETWORK}/privateDnsZones/example.org"
    ready.put(other, {"location": "global"})
    ready.put(f"{ZONE}/virtualNetworkLinks/hub", _link(registration=True))
    assert "registration enabled" in ready("PUT", f"{other}/virtualNetworkLinks/hub", _link(registration=True)).message


def test_a_link_to_no_network_is_refused(ready: Arm) -> None:
    assert ready("PUT", f"{ZONE}/virtualNetworkLinks/x", _link("absent")).status == 400


def test_links_are_deleted_with_their_network(ready: Arm) -> None:
    ready.put(f"{ZONE}/virtualNetworkLinks/hub", _link())
    ready.delete(f"{NETWORK}/virtualNetworks/hub")
    assert ready.get(f"{ZONE}/virtualNetworkLinks")["value"] == []


def test_record_sets_are_synchronous_with_a_strong_etag(ready: Arm) -> None:
    created = ready("PUT", f"{ZONE}/A/www", _a("10.0.0.9"))
    assert (created.status, created.body["properties"]["fqdn"]) == (201, "www.privatelink.azurecr.io.")
    assert created.headers["etag"] == created.body["etag"]
    assert len(created.body["etag"]) == 36
    assert ready("PUT", f"{ZONE}/A/www", _a("10.0.0.10")).status == 200
    assert ready("DELETE", f"{ZONE}/A/www").status == 200
    assert ready("DELETE", f"{ZONE}/A/www").status == 204


def test_conditions_guard_a_record_set(ready: Arm) -> None:
    path = f"{ZONE}/A/www"
    first = ready("PUT", path, _a("10.0.0.9"), headers={"If-None-Match": "*"})
    assert first.status == 201
    again = ready("PUT", path, _a("10.0.0.9"), headers={"If-None-Match": "*"})
    assert (again.status, again.code) == (412, "PreconditionFailed")
    second = ready("PUT", path, _a("10.0.0.10"), headers={"If-Match": first.body["etag"]})
    assert second.status == 200
    assert ready("PUT", path, _a("10.0.0.11"), headers={"If-Match": first.body["etag"]}).status == 412
    assert ready("DELETE", path, headers={"If-Match": first.body["etag"]}).status == 412
    assert ready("DELETE", path, headers={"If-Match": second.body["etag"]}).status == 200


def test_a_cname_excludes_others(ready: Arm) -> None:
    alias = {"properties": {"ttl": 60, "cnameRecord": {"cname": "a.example.org"}}}
    ready.put(f"{ZONE}/CNAME/www", alias)
    assert ready("PUT", f"{ZONE}/A/www", _a("10.0.0.9")).status == 400
    ready.put(f"{ZONE}/A/api", _a("10.0.0.9"))
    assert ready("PUT", f"{ZONE}/CNAME/api", alias).status == 400


@pytest.mark.parametrize("body", [_a("10.0.0"), _a("10.0.0.9", ttl=0)])
def test_a_bad_record_is_refused(ready: Arm, body: dict[str, Any]) -> None:
    assert ready("PUT", f"{ZONE}/A/www", body).status == 400


def test_reverse_and_ipv6_records_are_kept(ready: Arm) -> None:
    ready.put(f"{ZONE}/AAAA/www", {"properties": {"ttl": 60, "aaaaRecords": [{"ipv6Address": "fd00::1"}]}})
    ready.put(f"{ZONE}/PTR/9", {"properties": {"ttl": 60, "ptrRecords": [{"ptrdname": "www.example.org"}]}})
    assert {r["name"] for r in ready.get(f"{ZONE}/ALL")["value"]} == {"www", "9", "@"}
    assert ready.get(ZONE)["properties"]["numberOfRecordSets"] == 3
