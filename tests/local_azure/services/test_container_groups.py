"""Container groups on the local Azure: what is refused, and addresses that change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from arm_client import GROUP, NETWORK, Arm

if TYPE_CHECKING:
    from collections.abc import Callable

VERSION = "2026-07-01"
PATH = f"{GROUP}/providers/Microsoft.ContainerInstance/containerGroups"


def subnet(
    arm: Arm, prefix: str = "10.0.1.0/24", delegation: str = "Microsoft.ContainerInstance/containerGroups"
) -> str:
    delegations = [{"name": "d", "properties": {"serviceName": delegation}}] if delegation else []
    inline = [{"name": "cg", "properties": {"addressPrefix": prefix, "delegations": delegations}}]
    properties = {"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}, "subnets": inline}
    vnet = arm.put(f"{NETWORK}/virtualNetworks/spoke", {"location": "eastus", "properties": properties})
    return f"{vnet['id']}/subnets/cg"


def container(name: str = "main", cpu: float = 1, memory: float = 1.5, **more: Any) -> dict[str, Any]:
    requests = {"cpu": cpu, "memoryInGB": memory}
    return {
        "name": name,
        "properties": {"image": "mcr.microsoft.com/app:1", "resources": {"requests": requests}, **more},
    }


def body(subnet_id: str | None = None, *containers: dict[str, Any], **more: Any) -> dict[str, Any]:
    properties: dict[str, Any] = {"containers": list(containers or [container()]), "osType": "Linux", **more}
    if subnet_id:
        properties |= {
            "subnetIds": [{"id": subnet_id}],
            "ipAddress": {"type": "Private", "ports": [{"port": 80, "protocol": "TCP"}]},
        }
    return {"location": "eastus", "properties": properties}


def ip(arm: Arm, name: str = "web") -> str | None:
    return arm.get(f"{PATH}/{name}", VERSION)["properties"]["ipAddress"].get("ip")


def test_a_group_takes_one_address_of_its_delegated_subnet(arm: Arm) -> None:
    created = arm.put(f"{PATH}/web", body(subnet(arm), container(), container("side")), VERSION)
    assert created["properties"]["ipAddress"]["ip"] == "10.0.1.4"
    assert created["properties"]["instanceView"]["state"] == "Running"
    assert created["properties"]["provisioningState"] == "Succeeded"


def test_a_restart_and_a_new_group_of_the_same_name_change_the_address(arm: Arm) -> None:
    sent = body(subnet(arm))
    arm.put(f"{PATH}/web", sent, VERSION)
    assert arm("POST", f"{PATH}/web/restart", version=VERSION).status == 204
    assert ip(arm) == "10.0.1.5"
    arm.delete(f"{PATH}/web", VERSION)
    arm.put(f"{PATH}/web", sent, VERSION)
    assert ip(arm) == "10.0.1.6"


def test_a_stopped_group_has_no_address_and_gets_another_when_it_starts(arm: Arm) -> None:
    arm.put(f"{PATH}/web", body(subnet(arm)), VERSION)
    assert arm("POST", f"{PATH}/web/stop", version=VERSION).status == 204
    assert ip(arm) is None
    arm("POST", f"{PATH}/web/start", version=VERSION)
    assert ip(arm) == "10.0.1.5"


def test_an_update_that_azure_takes_keeps_the_address(arm: Arm) -> None:
    place = subnet(arm)
    arm.put(f"{PATH}/web", body(place), VERSION)
    arm.put(f"{PATH}/web", body(place, container(command=["sleep", "1"])), VERSION)
    assert ip(arm) == "10.0.1.4"


def test_a_full_subnet_takes_no_further_group_and_keeps_none_of_it(arm: Arm) -> None:
    place = subnet(arm, "10.0.1.0/29")
    for number in range(3):
        arm.put(f"{PATH}/g{number}", body(place), VERSION)
    refused = arm("PUT", f"{PATH}/g3", body(place), VERSION)
    assert (refused.status, refused.code) == (400, "SubnetIsFull")
    assert arm("GET", f"{PATH}/g3", version=VERSION).status == 404


def test_a_subnet_with_a_group_cannot_go(arm: Arm) -> None:
    place = subnet(arm)
    arm.put(f"{PATH}/web", body(place), VERSION)
    assert arm("DELETE", place).code == "InUseSubnetCannotBeDeleted"
    arm.delete(f"{PATH}/web", VERSION)
    arm.delete(place)


def test_secrets_are_never_shown(arm: Arm) -> None:
    sent = body(
        None,
        container(environmentVariables=[{"name": "KEY", "secureValue": "hush"}, {"name": "MODE", "value": "a"}]),
        volumes=[{"name": "v", "secret": {"file": "aHVzaA=="}}],
        diagnostics={"logAnalytics": {"workspaceId": "w", "workspaceKey": "hush"}},
        imageRegistryCredentials=[{"server": "docker.io", "username": "u", "password": "hush"}],
    )
    created = arm.put(f"{PATH}/web", sent, VERSION)
    assert "hush" not in str(created)
    assert "aHVzaA==" not in str(created)
    assert "KEY" in str(created)
    assert arm.cloud is not None
    journal = str(arm.cloud.store.requests())
    assert "hush" not in journal
    assert "aHVzaA==" not in journal


REFUSED: dict[str, tuple[Callable[[str], dict[str, Any]], str]] = {
    "above 31 vCPU": (lambda s: body(s, container(cpu=16), container("b", cpu=16)), "ResourceRequestsNotSupported"),
    "above 240 GB": (lambda s: body(s, container(memory=241)), "ResourceRequestsNotSupported"),
    "above 180 GB and confidential": (
        lambda s: body(s, container(memory=181), sku="Confidential"),
        "ResourceRequestsNotSupported",
    ),
    "spot in a subnet": (
        lambda s: body(s, priority="Spot"),
        "SpotPriorityContainerGroupNotSupportedForInboundConnectivity",
    ),
    "spot and confidential": (
        lambda s: body(None, priority="Spot", sku="Confidential"),
        "SpotPriorityContainerGroupNotSupportedInSku",
    ),
    "two containers of one name": (lambda s: body(s, container(), container()), "InvalidContainerGroup"),
    "an identity of somebody else": (
        lambda s: body(s, imageRegistryCredentials=[{"server": "contoso.azurecr.io", "identity": "/x"}]),
        "IdentityNotAssigned",
    ),
    "an image of a registry that is not there": (
        lambda s: body(s, container(image="nowhere.azurecr.io/app:1")),
        "InaccessibleImage",
    ),
    "a private address without a subnet": (
        lambda s: body(None, ipAddress={"type": "Private", "ports": [{"port": 80}]}),
        "SubnetIdNotSpecified",
    ),
}


@pytest.mark.parametrize("case", REFUSED, ids=str)
def test_what_azure_does_not_run_is_refused(arm: Arm, case: str) -> None:
    make, code = REFUSED[case]
    refused = arm("PUT", f"{PATH}/web", make(subnet(arm)), VERSION)
    assert (refused.status, refused.code) == (400, code)


def test_a_subnet_that_is_not_delegated_is_refused(arm: Arm) -> None:
    refused = arm("PUT", f"{PATH}/web", body(subnet(arm, delegation="")), VERSION)
    assert refused.code == "SubnetMissingRequiredDelegation"


CHANGES: dict[str, dict[str, Any]] = {
    "size": {"containers": [container(cpu=2)]},
    "restart policy": {"restartPolicy": "Never"},
    "priority": {"priority": "Spot"},
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=list(CHANGES))
def test_what_an_update_cannot_change_is_refused(arm: Arm, change: dict[str, Any]) -> None:
    arm.put(f"{PATH}/web", body(), VERSION)
    sent = body()
    sent["properties"] |= change
    refused = arm("PUT", f"{PATH}/web", sent, VERSION)
    assert (refused.status, refused.code) == (400, "InvalidContainerGroupUpdate")
    assert "you must delete it first" in refused.message


@pytest.mark.parametrize("name", ["Web", "a--b", "-a", "a" * 64])
def test_a_name_that_azure_does_not_take_is_refused(arm: Arm, name: str) -> None:
    assert arm("PUT", f"{PATH}/{name}", body(), VERSION).code == "InvalidResourceName"
