"""Questions about a subscription: usages, features, and names that are host names."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from arm_client import GROUP, NETWORK, ROOT

if TYPE_CHECKING:
    from arm_client import Arm

Start = Callable[..., "Arm"]

COMPUTE = f"{ROOT}/providers/Microsoft.Compute/locations/eastus/usages"
NETWORKS = f"{ROOT}/providers/Microsoft.Network/locations/eastus/usages"
FEATURE = f"{ROOT}/providers/Microsoft.Features/providers/Microsoft.Compute/features/EncryptionAtHost"


def rows(arm: Arm, path: str, version: str) -> dict[str, tuple[int, int]]:
    found = arm("GET", path, version=version).body["value"]
    assert {row["unit"] for row in found} == {"Count"}
    return {row["name"]["value"]: (row["currentValue"], row["limit"]) for row in found}


def test_networks_count_toward_the_limit_of_their_region(arm: Arm) -> None:
    before = rows(arm, NETWORKS, "2024-05-01")["VirtualNetworks"]
    space = {"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}}
    for name, place in (("near", "eastus"), ("far", "westeurope")):
        arm.put(f"{NETWORK}/virtualNetworks/{name}", {"location": place, "properties": space})
    assert rows(arm, NETWORKS, "2024-05-01")["VirtualNetworks"] == (before[0] + 1, 1_000)


def test_vcpus_are_limited_by_the_settings(start: Start) -> None:
    assert rows(start(regional_vcpus=20), COMPUTE, "2024-07-01") == {"cores": (0, 20)}


@pytest.mark.parametrize(
    ("unregistered", "state"),
    [((), "Registered"), (("Microsoft.Compute/EncryptionAtHost",), "NotRegistered")],
)
def test_a_feature_shows_its_state(start: Start, unregistered: tuple[str, ...], state: str) -> None:
    arm = start(unregistered_features=unregistered)
    shown = arm("GET", FEATURE, version="2021-07-01").body
    assert (shown["name"], shown["properties"]) == ("Microsoft.Compute/EncryptionAtHost", {"state": state})
    assert arm("PUT", FEATURE, {}, "2021-07-01").status == 405


@pytest.mark.parametrize(
    ("provider", "version", "kind", "body"),
    [
        ("Microsoft.Storage", "2024-01-01", "storageAccounts", {"kind": "StorageV2", "sku": {"name": "Standard_LRS"}}),
        ("Microsoft.Web", "2025-03-01", "sites", {"properties": {}}),
    ],
)
def test_a_name_that_is_a_host_name_is_available_once(
    arm: Arm, provider: str, version: str, kind: str, body: dict[str, Any]
) -> None:
    def asked(name: str) -> Any:
        question = {"name": name, "type": f"{provider}/{kind}"}
        return arm("POST", f"{ROOT}/providers/{provider}/checkNameAvailability", question, version).body

    assert asked("contosostore") == {"nameAvailable": True}
    if provider == "Microsoft.Web":
        plan = f"{GROUP}/providers/Microsoft.Web/serverfarms/plan"
        arm("PUT", plan, {"location": "eastus", "sku": {"name": "B1"}, "properties": {}}, version)
        body = {"properties": {"serverFarmId": plan}}
    made = arm("PUT", f"{GROUP}/providers/{provider}/{kind}/contosostore", {"location": "eastus", **body}, version)
    assert made.status in (200, 202)
    assert (asked("contosostore")["nameAvailable"], asked("contosostore")["reason"]) == (False, "AlreadyExists")
    assert asked("no_name")["reason"] == "AccountNameInvalid"
