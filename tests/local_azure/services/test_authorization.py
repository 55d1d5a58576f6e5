from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import pytest
from arm_client import GROUP, REGISTRY, ROOT

if TYPE_CHECKING:
    from arm_client import Arm

PULL = "7f951dda-4ed3-4680-a7ca-43fe172d538d"
PRINCIPAL = "22222222-2222-2222-2222-222222222222"
READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7"
NAME = "11111111-1111-1111-1111-111111111111"


def _path(scope: str = GROUP, name: str = NAME) -> str:
    return f"{scope}/providers/Microsoft.Authorization/roleAssignments/{name}"


def _body(role: str = PULL, principal: str = PRINCIPAL, **more: Any) -> dict[str, Any]:
    role_id = f"/providers/Microsoft.Authorization/roleDefinitions/{role}"
    properties = {"roleDefinitionId": role_id, "principalId": principal, "principalType": "ServicePrincipal", **more}
    return {"properties": properties}


def test_an_assignment_stores_the_role_id_as_the_list_of_roles_writes_it(arm: Arm) -> None:
    reply = arm("PUT", _path(), _body())
    assert (reply.status, reply.body["properties"]["scope"]) == (201, GROUP)
    listed = arm.get(f"{GROUP}/providers/Microsoft.Authorization/roleDefinitions?$filter=roleName eq 'AcrPull'")
    assert reply.body["properties"]["roleDefinitionId"] == listed["value"][0]["id"]


def test_the_same_assignment_twice_is_refused_under_another_name_only(arm: Arm) -> None:
    arm.put(_path(), _body())
    assert arm("PUT", _path(), _body(description="again")).status == 200
    reply = arm("PUT", _path(name=str(uuid.uuid4())), _body())
    assert (reply.status, reply.code) == (409, "RoleAssignmentExists")
    arm.registry()
    assert arm("PUT", _path(REGISTRY, str(uuid.uuid4())), _body()).status == 201


def test_who_has_what_cannot_change(arm: Arm) -> None:
    arm.put(_path(), _body())
    reply = arm("PUT", _path(), _body(principal=str(uuid.uuid4())))
    assert (reply.status, reply.code) == (400, "RoleAssignmentUpdateNotPermitted")


@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        (_path(name="not-a-guid"), _body(), "InvalidRoleAssignmentId"),
        (_path(), _body(role=str(uuid.UUID(int=7))), "RoleDefinitionDoesNotExist"),
        (_path(), _body(principal="me"), "InvalidPrincipalId"),
        (_path(REGISTRY), _body(), "ResourceNotFound"),
        (_path(f"{ROOT}/resourceGroups/absent"), _body(), "ResourceGroupNotFound"),
    ],
)
def test_bad_assignments_are_refused(arm: Arm, path: str, body: dict[str, Any], code: str) -> None:
    assert arm("PUT", path, body).code == code


def test_deleting_is_synchronous_and_204_when_absent(arm: Arm) -> None:
    arm.put(_path(), _body())
    assert [arm("DELETE", _path()).status for _ in range(2)] == [200, 204]


def test_lists_cover_above_at_and_below_a_scope(arm: Arm) -> None:
    arm.registry()
    names = {scope: str(uuid.uuid4()) for scope in (ROOT, GROUP, REGISTRY)}
    for scope, name in names.items():
        arm.put(_path(scope, name), _body())

    def listed(scope: str, wanted: str = "") -> set[str]:
        found = arm.get(f"{scope}/providers/Microsoft.Authorization/roleAssignments?$filter={wanted}")
        return {a["name"] for a in found["value"]}

    assert listed(GROUP) == set(names.values())
    assert listed(GROUP, "atScope()") == {names[ROOT], names[GROUP]}
    assert listed(ROOT, "atScope()") == {names[ROOT]}
    assert listed(REGISTRY, f"principalId eq '{PRINCIPAL}'") == set(names.values())
    assert listed(REGISTRY, f"principalId eq '{NAME}'") == set()


def test_assignments_are_deleted_with_their_scope(arm: Arm) -> None:
    arm.registry()
    arm.put(_path(REGISTRY), _body())
    arm.delete(REGISTRY)
    assert arm.ids() == [GROUP]


IDENTITY = f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/puller"


def test_an_identity_keeps_its_principal_until_it_is_deleted(arm: Arm) -> None:
    first = arm.put(IDENTITY, {"location": "eastus"})["properties"]
    assert first["principalId"] != first["clientId"]
    assert arm.put(IDENTITY, {"location": "eastus", "tags": {"a": "b"}})["properties"] == first
    assert arm("DELETE", IDENTITY).status == 200
    again = arm.put(IDENTITY, {"location": "eastus"})["properties"]
    assert {again["principalId"], again["clientId"]}.isdisjoint({first["principalId"], first["clientId"]})


@pytest.mark.parametrize("stated", ["User", "Group"])
def test_a_principal_of_another_type_is_refused(arm: Arm, stated: str) -> None:
    principal = arm.put(IDENTITY, {"location": "eastus"})["properties"]["principalId"]
    reply = arm("PUT", _path(), _body(principal=principal, principalType=stated))
    assert (reply.status, reply.code) == (400, "UnmatchedPrincipalType")
    assert f"different from specified PrinciaplType '{stated}'" in reply.message


def test_the_type_of_an_identity_is_found_where_none_is_stated(arm: Arm) -> None:
    principal = arm.put(IDENTITY, {"location": "eastus"})["properties"]["principalId"]
    body = _body(principal=principal, principalType=None)
    assert arm.put(_path(), body)["properties"]["principalType"] == "ServicePrincipal"


def test_a_principal_that_is_unknown_or_gone_is_refused(arm: Arm) -> None:
    principal = arm.put(IDENTITY, {"location": "eastus"})["properties"]["principalId"]
    arm.delete(IDENTITY)
    assert arm("PUT", _path(), _body(principal=principal)).code == "PrincipalNotFound"
    assert arm("PUT", _path(), _body(principalType=None)).code == "PrincipalNotFound"


def test_a_system_identity_that_is_switched_off_leaves_the_directory(arm: Arm) -> None:
    body = {"location": "eastus", "sku": {"name": "Premium"}, "identity": {"type": "SystemAssigned"}}
    first = arm.put(REGISTRY, body)["identity"]["principalId"]
    assert arm("PUT", _path(), _body(principal=first)).status == 201
    arm.put(REGISTRY, {**body, "identity": {"type": "None"}})
    assert arm("PUT", _path(name=str(uuid.uuid4())), _body(READER, principal=first)).code == "PrincipalNotFound"
    assert arm.put(REGISTRY, body)["identity"]["principalId"] != first


def test_an_identity_needs_three_characters(arm: Arm) -> None:
    path = f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/ab"
    assert arm("PUT", path, {"location": "eastus"}).status == 400
