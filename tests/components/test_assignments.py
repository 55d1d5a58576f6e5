"""The role assignments of grants, for one mode or for both, and the logical names that they keep."""

from __future__ import annotations

from typing import Any

from components.access.assignments import assignments
from components.access.spec import GrantSpec
from planning.roles import ABAC, LEGACY, ROLES

READER = "Container Registry Repository Reader"
PULL, READ = ROLES["AcrPull"], ROLES[READER]


def grant(**members: Any) -> GrantSpec:
    return GrantSpec.model_validate({"identity": "kubelet", **members})


def shown(*args: Any, **options: Any) -> list[tuple[str, str]]:
    return [(each.logical_name, each.role.name) for each in assignments("a", *args, **options)]


def test_a_grant_has_one_assignment_named_by_its_key() -> None:
    assert shown({"p": grant(action="pull")}, ABAC) == [("a-p", READER)]


def test_for_both_modes_a_grant_by_action_has_the_role_of_each() -> None:
    held = {"a-p": PULL.guid}
    assert shown({"p": grant(action="pull")}, LEGACY, both=True, held=held) == [
        ("a-p", "AcrPull"),
        ("a-p-for-abac", READER),
    ]


def test_an_assignment_keeps_its_logical_name_when_the_mode_changes_and_the_other_is_deleted() -> None:
    held = {"a-p": PULL.guid, "a-p-for-abac": READ.guid}
    grants = {"p": grant(action="pull")}
    assert sorted(shown(grants, ABAC, both=True, held=held)) == [("a-p", "AcrPull"), ("a-p-for-abac", READER)]
    assert shown(grants, ABAC, held=held) == [("a-p-for-abac", READER)]


def test_a_grant_by_role_has_one_assignment_for_the_mode_that_honors_it() -> None:
    (found,) = assignments("a", {"p": grant(role=READER)}, LEGACY, both=True)
    assert (found.mode, list(found.problems())) == (ABAC, [])


def test_repositories_narrow_the_assignment_for_abac_only() -> None:
    found = assignments("a", {"p": grant(action="pull", repositories=["team-a/*"])}, LEGACY, both=True)
    assert [(each.role.name, each.is_narrowed) for each in found] == [("AcrPull", False), (READER, True)]
    assert [problem for each in found for problem in each.problems()] == []


def test_repositories_are_refused_in_legacy_mode_alone() -> None:
    (found,) = assignments("a", {"p": grant(action="pull", repositories=["team-a/*"])}, LEGACY)
    assert [member for member, _ in found.problems()] == ["repositories"]


def test_the_stated_name_belongs_to_the_first_assignment() -> None:
    name = "11111111-2222-3333-4444-555555555555"
    found = assignments("a", {"p": grant(action="pull", name=name)}, LEGACY, both=True)
    assert [each.stated_name for each in found] == [name, None]
