"""Role assignments on a registry: the role by the registry's mode, the principal's type, the condition."""

from collections.abc import Callable
from typing import Any

import pytest
from pydantic import ValidationError

from components.access.access import Access
from components.access.spec import GrantSpec
from components.testing import Recording
from planning.problems import SpecError
from planning.roles import ABAC, LEGACY, ROLES, Mode, assignment_name

Record = Callable[..., Recording]

REGISTRY = "/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerRegistry/registries/contoso"
PRINCIPAL = "22222222-2222-2222-2222-222222222222"
READER = "Container Registry Repository Reader"


def grant(**members: Any) -> GrantSpec:
    return GrantSpec.model_validate(members)


def access(mode: Mode, **grants: GrantSpec) -> Access:
    return Access(
        "a",
        grants,
        mode=mode,
        namespace="contoso",
        registry_id=REGISTRY,
        principal_ids={"kubelet": "kubelets-principal"},
    )


def assigned(record: Record, mode: Mode, described: GrantSpec) -> dict[str, Any]:
    return dict(record(lambda: access(mode, puller=described)).one("RoleAssignment").inputs)


@pytest.mark.parametrize(("mode", "role"), [(LEGACY, "AcrPull"), (ABAC, READER)])
def test_an_identity_that_pulls_gets_the_role_of_the_mode(record: Record, mode: Mode, role: str) -> None:
    assert assigned(record, mode, grant(identity="kubelet", action="pull")) == {
        "roleAssignmentName": assignment_name("contoso", "puller", ROLES[role]),
        "scope": REGISTRY,
        "roleDefinitionId": (f"/subscriptions/s/providers/Microsoft.Authorization/roleDefinitions/{ROLES[role].guid}"),
        "principalId": "kubelets-principal",
        "principalType": "ServicePrincipal",
    }


def test_a_principal_made_elsewhere_keeps_its_type(record: Record) -> None:
    described = grant(principal_id=PRINCIPAL, principal_type="Group", action="push")
    inputs = assigned(record, LEGACY, described)
    assert (inputs["principalId"], inputs["principalType"]) == (PRINCIPAL, "Group")


def test_repositories_become_a_condition_with_its_version(record: Record) -> None:
    inputs = assigned(record, ABAC, grant(identity="kubelet", action="pull", repositories=["team-a/*"]))
    assert "StringStartsWithIgnoreCase 'team-a/'" in inputs["condition"]
    assert inputs["conditionVersion"] == "2.0"


def test_the_ids_are_put_out_by_the_grants_keys(record: Record) -> None:
    recording = record(lambda: access(LEGACY, puller=grant(identity="kubelet", action="pull")))
    assert recording.component_outputs("a") == {"ids": {"puller": "a-puller-id"}}


def test_grants_that_come_to_nothing_are_refused_together() -> None:
    dead = grant(identity="kubelet", role="AcrPull")
    narrowed = grant(identity="kubelet", role="Container Registry Repository Catalog Lister", repositories=["api"])
    with pytest.raises(SpecError) as refusal:
        access(ABAC, dead=dead, narrowed=narrowed)
    assert [line.split(":")[0] for line in refusal.value.lines] == ["dead.role", "narrowed.repositories"]


@pytest.mark.parametrize(
    ("members", "report"),
    [
        ({"action": "pull"}, "needs either an identity of this stack or a principal_id, and not both"),
        (
            {"identity": "k", "principal_id": PRINCIPAL, "principal_type": "User", "action": "pull"},
            "needs either an identity of this stack or a principal_id, and not both",
        ),
        ({"principal_id": PRINCIPAL, "action": "pull"}, "needs a principal_type beside principal_id"),
        ({"identity": "k", "principal_type": "User", "action": "pull"}, "which is a ServicePrincipal; remove it"),
        ({"identity": "k"}, "needs either an action (pull, push, delete, catalog) or a role, and not both"),
        ({"identity": "k", "action": "pull", "role": "AcrPull"}, "needs either an action"),
        ({"identity": "k", "role": "Acr Pull"}, "did you mean AcrPull?"),
        ({"principal_id": "me", "principal_type": "User", "action": "pull"}, "write its object id, a GUID"),
        ({"identity": "k", "action": "pull", "repositories": ["team-a*"]}, "write team-a/*"),
    ],
)
def test_a_grant_that_is_not_whole_is_refused(members: dict[str, Any], report: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        grant(**members)
    assert report in str(refusal.value)
