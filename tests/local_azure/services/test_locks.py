from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from arm_client import GROUP, NETWORK, REGISTRY, ROOT

if TYPE_CHECKING:
    from arm_client import Arm, Reply

LOCKS = "providers/Microsoft.Authorization/locks"
PULL = "7f951dda-4ed3-4680-a7ca-43fe172d538d"
NAME = "11111111-1111-1111-1111-111111111111"
PRINCIPAL = "22222222-2222-2222-2222-222222222222"


def lock(arm: Arm, scope: str, level: str = "CanNotDelete", name: str = "keep", **more: Any) -> Reply:
    return arm("PUT", f"{scope}/{LOCKS}/{name}", {"properties": {"level": level, **more}})


def assignment(arm: Arm, method: str, scope: str = REGISTRY) -> Reply:
    role = f"/providers/Microsoft.Authorization/roleDefinitions/{PULL}"
    properties = {"roleDefinitionId": role, "principalId": PRINCIPAL, "principalType": "ServicePrincipal"}
    body = {"properties": properties} if method == "PUT" else None
    return arm(method, f"{scope}/providers/Microsoft.Authorization/roleAssignments/{NAME}", body)


def test_a_lock_against_deletion_refuses_the_delete_and_takes_the_update(arm: Arm) -> None:
    arm.registry()
    assert lock(arm, REGISTRY, notes="keep it").status == 201
    refused = arm("DELETE", REGISTRY)
    assert (refused.status, refused.code) == (409, "ScopeLocked")
    assert refused.message == (
        f"The scope '{REGISTRY}' cannot perform delete operation because following scope(s) are locked: '{REGISTRY}'. "
        "Please remove the lock and try again."
    )
    assert arm.registry(adminUserEnabled=True) == REGISTRY


def test_a_read_only_lock_refuses_writes_actions_and_deletes_and_no_reads(arm: Arm) -> None:
    arm.registry()
    lock(arm, REGISTRY, "ReadOnly")
    body = {"location": "eastus", "sku": {"name": "Premium"}, "properties": {}}
    for refused in (
        arm("PUT", REGISTRY, body),
        arm("PATCH", REGISTRY, {"tags": {"a": "b"}}),
        arm("PUT", f"{REGISTRY}/replications/westus", {"location": "westus", "properties": {}}),
        arm("POST", f"{REGISTRY}/listCredentials"),
        assignment(arm, "PUT"),
    ):
        assert (refused.status, refused.code) == (409, "ScopeLocked")
        assert "cannot perform write operation" in refused.message
    assert arm("DELETE", REGISTRY).code == "ScopeLocked"
    assert arm("GET", REGISTRY).status == 200


def test_a_lock_holds_for_everything_below_its_scope(arm: Arm) -> None:
    arm.registry()
    lock(arm, GROUP)
    refused = arm("DELETE", REGISTRY)
    assert refused.code == "ScopeLocked"
    assert f"are locked: '{GROUP}'" in refused.message
    lock(arm, ROOT, name="all")
    assert f"'{ROOT}','{GROUP}'" in arm("DELETE", REGISTRY).message or f"'{GROUP}','{ROOT}'" in (
        arm("DELETE", REGISTRY).message
    )


def test_a_lock_on_a_resource_keeps_its_group(arm: Arm) -> None:
    arm.registry()
    lock(arm, REGISTRY)
    assert arm("DELETE", GROUP).code == "ScopeLocked"
    other = arm.network("vnet", a="10.0.0.0/24")
    arm.delete(other)
    arm.delete(f"{REGISTRY}/{LOCKS}/keep")
    arm.delete(GROUP)


def test_a_lock_does_not_hold_for_a_neighbour_whose_name_starts_alike(arm: Arm) -> None:
    arm.registry()
    other = arm.registry("contoso2")
    lock(arm, REGISTRY)
    arm.delete(other)


def test_a_lock_keeps_role_assignments(arm: Arm) -> None:
    arm.registry()
    assignment(arm, "PUT")
    lock(arm, REGISTRY)
    assert assignment(arm, "DELETE").code == "ScopeLocked"


def test_a_lock_is_changed_listed_and_deleted_under_itself(arm: Arm) -> None:
    arm.registry()
    lock(arm, GROUP, "ReadOnly")
    assert lock(arm, REGISTRY, "ReadOnly").status == 201
    assert lock(arm, REGISTRY, "CanNotDelete").status == 200
    assert [each["properties"]["level"] for each in arm.get(f"{REGISTRY}/{LOCKS}")["value"]] == ["CanNotDelete"]
    assert len(arm.get(f"{GROUP}/{LOCKS}")["value"]) == 2
    assert len(arm.get(f"{GROUP}/{LOCKS}?$filter=atScope()")["value"]) == 1
    arm.delete(f"{REGISTRY}/{LOCKS}/keep")
    arm.delete(f"{GROUP}/{LOCKS}/keep")
    arm.delete(REGISTRY)


def test_a_lock_on_a_service_keeps_the_private_endpoint_that_is_connected_to_it(arm: Arm) -> None:
    arm.registry()
    vnet = arm.network("vnet", a="10.0.0.0/24")
    arm.endpoint("pe", f"{vnet}/subnets/a")
    lock(arm, REGISTRY)
    asked = arm("DELETE", f"{NETWORK}/privateEndpoints/pe")
    ended = arm("GET", asked.headers["azure-asyncoperation"]).body
    assert (ended["status"], ended["error"]["code"]) == ("Failed", "ScopeLocked")
    arm.delete(f"{REGISTRY}/{LOCKS}/keep")
    arm.delete(f"{NETWORK}/privateEndpoints/pe")


@pytest.mark.parametrize(
    ("scope", "name", "level", "notes", "code"),
    [
        (GROUP, "ends.", "ReadOnly", "", "InvalidLockName"),
        (GROUP, "x" * 91, "ReadOnly", "", "InvalidLockName"),
        (GROUP, "keep", "NotSpecified", "", "InvalidLockLevel"),
        (GROUP, "keep", "ReadOnly", "n" * 513, "InvalidLockNotes"),
        (REGISTRY, "keep", "ReadOnly", "", "ResourceNotFound"),
        (f"{ROOT}/resourceGroups/absent", "keep", "ReadOnly", "", "ResourceGroupNotFound"),
    ],
)
def test_bad_locks_are_refused(arm: Arm, scope: str, name: str, level: str, notes: str, code: str) -> None:
    assert lock(arm, scope, level, name, notes=notes).code == code
