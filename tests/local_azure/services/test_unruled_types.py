"""Types without rules: what the generic service takes, refuses, keeps and shows, over HTTP."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import pytest
from arm_client import GROUP, NETWORK, ROOT, SUBSCRIPTION, Clients

from local_azure.services import UnservedTypesError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from arm_client import Arm

COMPUTE = f"{GROUP}/providers/Microsoft.Compute"
DISK = f"{COMPUTE}/disks/d"
SET = f"{COMPUTE}/availabilitySets/s"
SQL = f"{GROUP}/providers/Microsoft.Sql/servers/sql"
BALANCER = f"{NETWORK}/loadBalancers/lb"
ADDRESS = f"{NETWORK}/publicIPAddresses/ip"
VERSION = {"Microsoft.Compute/disks": "2024-03-02", "Microsoft.Compute": "2024-11-01", "Microsoft.Sql": "2023-08-01"}


def version(path: str) -> str:
    return next((v for part, v in VERSION.items() if part in path), "2024-05-01")


@pytest.fixture
def arm(start: Callable[..., Arm]) -> Arm:
    created = start(generic=True)
    created.group()
    return created


def put(arm: Arm, path: str, body: dict[str, Any]) -> Any:
    return arm.put(path, {"location": "eastus", **body}, version(path))


def disk(**more: Any) -> dict[str, Any]:
    return {"properties": {"creationData": {"createOption": "Empty"}, "diskSizeGB": 8, **more}}


def test_a_body_is_kept_and_shown_with_its_envelope(arm: Arm) -> None:
    shown = put(arm, DISK, disk())
    assert (shown["id"], shown["name"], shown["type"]) == (DISK, "d", "Microsoft.Compute/disks")
    assert shown["location"] == "eastus"
    assert shown["properties"]["diskSizeGB"] == 8
    assert shown["properties"]["provisioningState"] == "Succeeded"


def test_a_type_that_shows_a_state_is_written_and_deleted_asynchronously(arm: Arm) -> None:
    created = arm("PUT", DISK, {"location": "eastus", **disk()}, version(DISK))
    assert (created.status, created.body["properties"]["provisioningState"]) == (201, "Creating")
    assert arm("GET", created.headers["azure-asyncoperation"]).body["status"] == "Succeeded"
    gone = arm("DELETE", DISK, version=version(DISK))
    assert gone.status == 202
    assert arm("GET", gone.headers["location"]).status == 200
    assert arm("GET", DISK, version=version(DISK)).code == "ResourceNotFound"


def test_a_type_without_a_state_is_written_at_once(arm: Arm) -> None:
    created = arm("PUT", SET, {"location": "eastus"}, version(SET))
    assert (created.status, "azure-asyncoperation" in created.headers) == (201, False)


REFUSED = {
    "unknown member": (DISK, disk(colour="red"), "properties.colour: unknown property"),
    "wrong type": (DISK, disk(diskSizeGB="eight"), "properties.diskSizeGB: expected int, got string"),
    "missing member": (DISK, {"properties": {}}, "properties.creationData: missing required property"),
    "closed enum": (
        ADDRESS,
        {"properties": {"ddosSettings": {"protectionMode": 5}}},
        "properties.ddosSettings.protectionMode: expected string, got int",
    ),
    "read-only member": (DISK, disk(uniqueId="x"), "properties.uniqueId: read-only property"),
}


@pytest.mark.parametrize(("path", "body", "report"), REFUSED.values(), ids=REFUSED)
def test_a_body_of_another_shape_is_refused_with_its_path(
    arm: Arm, path: str, body: dict[str, Any], report: str
) -> None:
    reply = arm("PUT", path, {"location": "eastus", **body}, version(path))
    assert (reply.status, reply.code) == (400, "InvalidRequestContent")
    assert report in reply.message
    assert path not in arm.ids()


ELSEWHERE = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.Compute/diskEncryptionSets/none"
REFERRING = {
    "unknown id": disk(encryption={"diskEncryptionSetId": ELSEWHERE}),
    "id of a group that is not there": disk(diskAccessId=ELSEWHERE.replace("/rg/", "/other/")),
}


@pytest.mark.parametrize("body", REFERRING.values(), ids=REFERRING)
def test_an_id_that_names_nothing_is_refused(arm: Arm, body: dict[str, Any]) -> None:
    reply = arm("PUT", DISK, {"location": "eastus", **body}, version(DISK))
    assert (reply.status, reply.code) == (400, "InvalidResourceReference")


def test_an_id_in_a_tag_is_a_text(arm: Arm) -> None:
    assert put(arm, DISK, {**disk(), "tags": {"of": ELSEWHERE}})["tags"] == {"of": ELSEWHERE}


def test_a_reference_to_what_exists_is_taken(arm: Arm) -> None:
    encryption = f"{COMPUTE}/diskEncryptionSets/e"
    arm.put(encryption, {"location": "eastus", "properties": {}}, "2024-03-02")
    shown = put(arm, DISK, disk(encryption={"diskEncryptionSetId": encryption}))
    assert shown["properties"]["encryption"]["diskEncryptionSetId"] == encryption


def balancer() -> dict[str, Any]:
    frontend = {"name": "f", "properties": {"publicIPAddress": {"id": ADDRESS}}}
    rule = {
        "name": "r",
        "properties": {
            "protocol": "Tcp",
            "frontendPort": 80,
            "frontendIPConfiguration": {"id": f"{BALANCER}/frontendIPConfigurations/f"},
        },
    }
    return {"properties": {"frontendIPConfigurations": [frontend], "loadBalancingRules": [rule]}}


def test_parts_of_a_resource_refer_to_one_another_and_have_ids(arm: Arm) -> None:
    put(arm, ADDRESS, {})
    shown = put(arm, BALANCER, balancer())
    assert shown["properties"]["frontendIPConfigurations"][0]["id"] == f"{BALANCER}/frontendIPConfigurations/f"


@pytest.mark.parametrize(("name", "status"), [("pool", 200), ("other", 400)])
def test_a_part_of_another_resource_is_referred_to_by_its_id(arm: Arm, name: str, status: int) -> None:
    arm.network("net", default="10.0.0.0/24")
    put(arm, BALANCER, {"properties": {"backendAddressPools": [{"name": "pool"}]}})
    vmss = f"{COMPUTE}/virtualMachineScaleSets/v"
    pools = [{"id": f"{BALANCER}/backendAddressPools/{name}"}]
    configuration = {"name": "ip", "properties": {"loadBalancerBackendAddressPools": pools}}
    network = {"name": "nic", "properties": {"primary": True, "ipConfigurations": [configuration]}}
    profile = {"networkProfile": {"networkInterfaceConfigurations": [network]}}
    body = {"location": "eastus", "properties": {"virtualMachineProfile": profile}}
    assert arm("PUT", vmss, body, version(vmss)).status in {status, status + 1}


def test_a_patch_changes_what_it_names(arm: Arm) -> None:
    put(arm, DISK, {**disk(), "tags": {"a": "1"}})
    assert arm("PATCH", DISK, {"tags": {"b": "2"}}, version(DISK)).status == 200
    shown = arm.get(DISK, version(DISK))
    assert (shown["tags"], shown["properties"]["diskSizeGB"]) == ({"b": "2"}, 8)


def test_resources_are_listed_by_type(arm: Arm) -> None:
    put(arm, DISK, disk())
    put(arm, SET, {})
    assert [each["name"] for each in arm.get(f"{COMPUTE}/disks", version(DISK))["value"]] == ["d"]
    assert {each["name"] for each in arm.get(f"{GROUP}/resources", "2021-04-01")["value"]} == {"d", "s"}


def test_children_need_their_parent_and_are_deleted_with_it(arm: Arm) -> None:
    database = f"{SQL}/databases/db"
    early = arm("PUT", database, {"location": "eastus"}, version(SQL))
    assert (early.status, early.code) == (404, "ParentResourceNotFound")
    put(arm, SQL, {})
    put(arm, database, {})
    arm.delete(SQL, version(SQL))
    assert arm.ids() == [GROUP]


def test_a_step_with_one_name_only_need_not_be_made_before_its_children(arm: Arm) -> None:
    account = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/contoso"
    arm.put(account, {"location": "eastus", "sku": {"name": "Standard_LRS"}, "kind": "StorageV2"}, "2024-01-01")
    share = arm.put(f"{account}/fileServices/default/shares/s", {"properties": {"shareQuota": 5}}, "2024-01-01")
    assert share["type"] == "Microsoft.Storage/storageAccounts/fileServices/shares"


def test_identities_get_their_principals(arm: Arm) -> None:
    shown = put(arm, SQL, {"identity": {"type": "SystemAssigned"}})
    assert len(shown["identity"]["principalId"]) == 36


def test_a_global_resource_and_one_of_a_region_are_both_taken(arm: Arm) -> None:
    profile = f"{GROUP}/providers/Microsoft.Cdn/profiles/p"
    body = {"location": "Global", "sku": {"name": "Standard_Microsoft"}}
    assert arm.put(profile, body, "2025-06-01")["location"] == "Global"
    refused = arm("PUT", DISK, {"location": "atlantis", **disk()}, version(DISK))
    assert refused.code == "LocationNotAvailableForResourceType"


def test_a_location_cannot_change(arm: Arm) -> None:
    put(arm, DISK, disk())
    assert arm("PUT", DISK, {"location": "westus", **disk()}, version(DISK)).code == "InvalidResourceLocation"


def test_a_version_that_the_sdk_does_not_list_is_refused(arm: Arm) -> None:
    assert arm("PUT", DISK, disk(), "1999-01-01").code == "NoRegisteredProviderFound"


def test_each_type_without_rules_is_reported_once(arm: Arm, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "local_azure"):
        put(arm, DISK, disk())
        put(arm, f"{DISK}2", disk())
        put(arm, SET, {})
    assert [record.getMessage() for record in caplog.records] == [
        "no rules known for Microsoft.Compute/disks: shape checked only",
        "no rules known for Microsoft.Compute/availabilitySets: shape checked only",
    ]


def test_a_provider_says_which_types_it_has_and_which_have_no_rules(arm: Arm) -> None:
    shown = arm.get(f"{ROOT}/providers/microsoft.network", "2021-04-01")
    kinds = {each["resourceType"]: each["capabilities"] for each in shown["resourceTypes"]}
    assert shown["namespace"] == "Microsoft.Network"
    assert (kinds["virtualNetworks"], kinds["loadBalancers"]) == ("None", "ShapeCheckedOnly")


def test_without_the_switch_only_types_with_rules_are_served(start: Callable[..., Arm]) -> None:
    arm = start()
    arm.group()
    refused = arm("PUT", DISK, {"location": "eastus", **disk()}, version(DISK))
    assert (refused.status, refused.code) == (404, "InvalidResourceType")
    kinds = arm.get(f"{ROOT}/providers/Microsoft.Network", "2021-04-01")["resourceTypes"]
    assert {each["capabilities"] for each in kinds} == {"None"}
    assert "loadBalancers" not in {each["resourceType"] for each in kinds}
    assert arm("GET", f"{ROOT}/providers/Microsoft.Sql", version="2021-04-01").code == "InvalidResourceNamespace"


def test_a_store_with_types_without_rules_is_not_served_without_them(start: Callable[..., Arm], tmp_path: Path) -> None:
    arm = start(folder=tmp_path / "kept", generic=True)
    arm.group()
    put(arm, DISK, disk())
    with pytest.raises(UnservedTypesError, match=r"holds Microsoft.Compute/disks, .* serve it with --generic"):
        start(folder=tmp_path / "kept")


INTERFACE = f"{NETWORK}/networkInterfaces/nic"


def test_a_program_makes_interfaces_of_its_own(arm: Arm) -> None:
    network = arm.network("net", default="10.0.0.0/24")
    configuration = {"name": "ip", "properties": {"subnet": {"id": f"{network}/subnets/default"}}}
    shown = put(arm, INTERFACE, {"properties": {"ipConfigurations": [configuration]}})
    assert shown["properties"]["ipConfigurations"][0]["id"] == f"{INTERFACE}/ipConfigurations/ip"
    arm.delete(INTERFACE, "2024-05-01")
    assert INTERFACE not in arm.ids()


def test_the_interface_of_a_private_endpoint_is_not_a_programs_to_change(arm: Arm) -> None:
    network = arm.network("net", default="10.0.0.0/24")
    arm.registry()
    created = arm.endpoint("pe", f"{network}/subnets/default")
    arm("GET", created.headers["azure-asyncoperation"])
    interface = arm.get(f"{NETWORK}/privateEndpoints/pe")["properties"]["networkInterfaces"][0]["id"]
    assert len(arm.members("pe")) == 2
    refused = {
        "PUT": "CannotUpdatePrivateEndpointNetworkInterface",
        "DELETE": "CannotDeletePrivateEndpointNetworkInterface",
    }
    for method, code in refused.items():
        assert arm(method, interface, {"location": "eastus"}, "2024-05-01").code == code


def test_the_management_client_of_azure_works_on_a_type_without_rules(arm: Arm) -> None:
    network = Clients(arm.url).network
    address = {"location": "eastus", "sku": {"name": "Standard"}, "properties": {"publicIPAllocationMethod": "Static"}}
    created = network.public_ip_addresses.begin_create_or_update("rg", "ip", address).result()
    probe = {"name": "probe", "properties": {"protocol": "Tcp", "port": 80}}
    frontend = {"name": "front", "properties": {"publicIPAddress": {"id": created.id}}}
    body = {"location": "eastus", "properties": {"frontendIPConfigurations": [frontend], "probes": [probe]}}
    balancer = network.load_balancers.begin_create_or_update("rg", "lb", body).result()
    assert (balancer.provisioning_state, balancer.probes[0].port) == ("Succeeded", 80)
    assert balancer.frontend_ip_configurations[0].id == f"{BALANCER}/frontendIPConfigurations/front"
    network.load_balancers.begin_delete("rg", "lb").result()
    assert [each.name for each in network.load_balancers.list("rg")] == []
