"""Which role each puller and pusher receives, against the role definitions as they are published."""

from __future__ import annotations

import itertools
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.roles import (
    ABAC,
    LEGACY,
    PRIVILEGED,
    ROLES,
    SECRET_READERS,
    Action,
    Mode,
    assignment_name,
    condition,
    condition_problem,
    definition_id,
    name_problem,
    principal_problem,
    repository_problem,
    role_for,
    role_problem,
)

READER = "Container Registry Repository Reader"
WRITER = "Container Registry Repository Writer"
CONTRIBUTOR = "Container Registry Repository Contributor"
LISTER = "Container Registry Repository Catalog Lister"

R = "Microsoft.ContainerRegistry/registries/"
CONTENT, METADATA = f"{R}repositories/content/", f"{R}repositories/metadata/"

# Role name → GUID, actions on the content of a registry, data actions, as the built-in roles are published [ROLE-1].
PUBLISHED: dict[str, tuple[str, set[str], set[str]]] = {
    "AcrPull": ("7f951dda-4ed3-4680-a7ca-43fe172d538d", {f"{R}pull/read"}, set()),
    "AcrPush": ("8311e382-0749-4cb8-b61a-304f252e45ec", {f"{R}pull/read", f"{R}push/write"}, set()),
    "AcrDelete": ("c2f4ef07-c644-48eb-af81-4b1b4947fb11", {f"{R}artifacts/delete"}, set()),
    READER: ("b93aa761-3e63-49ed-ac28-beffa264f7ac", set(), {f"{CONTENT}read", f"{METADATA}read"}),
    WRITER: (
        "2a1e307c-b015-4ebd-883e-5b7698a07328",
        set(),
        {f"{CONTENT}read", f"{CONTENT}write", f"{METADATA}read", f"{METADATA}write"},
    ),
    CONTRIBUTOR: (
        "2efddaa5-3f1f-4df3-97df-af3f13818f4c",
        set(),
        {f"{part}{verb}" for part in (CONTENT, METADATA) for verb in ("read", "write", "delete")},
    ),
    LISTER: ("bfdb9389-c9a5-478a-bb2f-ba9ca092c3c7", set(), {f"{R}catalog/read"}),
}

# What an action needs of a role's definition in a mode: a control-plane action of old, a data action in ABAC mode.
NEEDS: dict[tuple[Mode, Action], str] = {
    (LEGACY, "pull"): f"{R}pull/read",
    (LEGACY, "push"): f"{R}push/write",
    (LEGACY, "delete"): f"{R}artifacts/delete",
    (LEGACY, "catalog"): f"{R}pull/read",
    (ABAC, "pull"): f"{CONTENT}read",
    (ABAC, "push"): f"{CONTENT}write",
    (ABAC, "delete"): f"{CONTENT}delete",
    (ABAC, "catalog"): f"{R}catalog/read",
}

RECEIVED: dict[tuple[Mode, Action], str] = {
    (LEGACY, "pull"): "AcrPull",
    (LEGACY, "push"): "AcrPush",
    (LEGACY, "delete"): "AcrDelete",
    (LEGACY, "catalog"): "AcrPull",
    (ABAC, "pull"): READER,
    (ABAC, "push"): WRITER,
    (ABAC, "delete"): CONTRIBUTOR,
    (ABAC, "catalog"): LISTER,
}


@pytest.mark.parametrize(("mode", "action"), RECEIVED)
def test_each_action_gets_its_role_in_each_mode(mode: Mode, action: Action) -> None:
    assert role_for(action, mode).name == RECEIVED[mode, action]


@pytest.mark.parametrize(("mode", "action"), RECEIVED)
def test_the_published_definition_holds_what_the_action_needs(mode: Mode, action: Action) -> None:
    _, actions, data_actions = PUBLISHED[role_for(action, mode).name]
    assert NEEDS[mode, action] in (actions if mode == LEGACY else data_actions)


@pytest.mark.parametrize(("mode", "action"), RECEIVED)
def test_no_published_role_of_the_mode_gives_the_action_with_less(mode: Mode, action: Action) -> None:
    given_now = sum(map(len, PUBLISHED[role_for(action, mode).name][1:]))
    rivals = [
        name
        for name, (_, actions, data_actions) in PUBLISHED.items()
        if NEEDS[mode, action] in (actions if mode == LEGACY else data_actions)
        and len(actions) + len(data_actions) < given_now
    ]
    assert rivals == []


@pytest.mark.parametrize("name", PUBLISHED)
def test_guid_and_data_actions_are_the_published_ones(name: str) -> None:
    guid, _, data_actions = PUBLISHED[name]
    assert (ROLES[name].guid, set(ROLES[name].data_actions)) == (guid, data_actions)


@pytest.mark.parametrize(
    ("name", "action", "mode", "counts"),
    [
        ("AcrPull", "pull", LEGACY, True),
        ("AcrPull", "push", LEGACY, False),
        ("AcrPush", "pull", LEGACY, True),
        ("AcrPush", "delete", LEGACY, False),
        ("AcrDelete", "pull", LEGACY, False),
        (WRITER, "pull", ABAC, True),
        (WRITER, "catalog", ABAC, False),
        (CONTRIBUTOR, "push", ABAC, True),
        (LISTER, "pull", ABAC, False),
        *((name, action, ABAC, False) for name in ("AcrPull", "AcrPush", "AcrDelete") for action in ("pull", "push")),
        *((name, action, LEGACY, False) for name in (READER, WRITER, CONTRIBUTOR) for action in ("pull", "push")),
        *((name, "pull", ABAC, False) for name in ("Owner", "Contributor", "Reader")),
        *((name, "pull", LEGACY, True) for name in ("Owner", "Contributor", "Reader")),
    ],
)
def test_what_a_role_gives_depends_on_the_mode(name: str, action: Action, mode: Mode, counts: bool) -> None:
    assert (action in ROLES[name].gives(mode)) is counts


@pytest.mark.parametrize(
    ("name", "mode", "remedy"),
    [
        ("AcrPull", ABAC, f"use {READER} (action pull) and {LISTER} (action catalog) [ROLE-2]"),
        ("AcrPush", ABAC, f"use {WRITER} (action push) and {LISTER} (action catalog) [ROLE-2]"),
        ("AcrDelete", ABAC, f"use {CONTRIBUTOR} (action delete) [ROLE-2]"),
        (READER, LEGACY, "use AcrPull (action pull) [ROLE-2]"),
        (WRITER, LEGACY, "use AcrPush (action push) [ROLE-2]"),
        (CONTRIBUTOR, LEGACY, "use AcrDelete (action delete) and AcrPush (action push) [ROLE-2]"),
        (LISTER, LEGACY, "use AcrPull (action catalog) [ROLE-2]"),
    ],
)
def test_a_role_that_the_mode_ignores_is_refused_with_the_one_to_take(name: str, mode: Mode, remedy: str) -> None:
    assert role_problem(ROLES[name], mode) == f"{name} has no effect on a registry in {mode}; {remedy}"


@pytest.mark.parametrize("name", ["Owner", "Contributor", "Reader"])
def test_general_roles_give_no_access_to_content_in_abac_mode(name: str) -> None:
    problem = role_problem(ROLES[name], ABAC) or ""
    assert problem.startswith(f"{name} gives no access to content on a registry in {ABAC}; use action pull, push,")
    assert role_problem(ROLES[name], LEGACY) is None


@pytest.mark.parametrize(("mode", "action"), RECEIVED)
def test_the_role_that_is_chosen_is_never_one_that_is_refused(mode: Mode, action: Action) -> None:
    assert role_problem(role_for(action, mode), mode) is None
    assert action in role_for(action, mode).gives(mode)


def test_a_condition_for_one_repository_guards_each_of_the_roles_data_actions() -> None:
    assert condition(ROLES[READER], ["team-a/api"]) == (
        f"((!(ActionMatches{{'{CONTENT}read'}}) AND !(ActionMatches{{'{METADATA}read'}})) OR "
        f"(@Request[{R}repositories:name] StringEqualsIgnoreCase 'team-a/api'))"
    )


def test_a_prefix_keeps_its_slash_so_that_a_neighbour_is_not_let_in() -> None:
    assert "StringStartsWithIgnoreCase 'team-a/'" in condition(ROLES[WRITER], ["team-a/*"])


def test_three_repositories_are_grouped_in_pairs() -> None:
    text = condition(ROLES[READER], ["a", "b", "c"])
    assert text.endswith(
        "OR ((@Request[{0}:name] StringEqualsIgnoreCase 'a' OR @Request[{0}:name] StringEqualsIgnoreCase 'b') OR "
        "@Request[{0}:name] StringEqualsIgnoreCase 'c'))".format(f"{R}repositories")
    )


NAMES = st.lists(st.from_regex(r"[a-z0-9]{1,8}(/[a-z0-9]{1,8})?(/\*)?", fullmatch=True), min_size=1, max_size=9)


@given(NAMES)
def test_a_condition_is_the_same_whatever_the_order_and_closes_what_it_opens(repositories: list[str]) -> None:
    text = condition(ROLES[READER], repositories)
    assert text == condition(ROLES[READER], [*reversed(repositories), repositories[0]])
    depths = list(itertools.accumulate({"(": 1, ")": -1}.get(character, 0) for character in text))
    assert (depths[-1], min(depths[:-1])) == (0, 1)


@pytest.mark.parametrize("name", [LISTER, "AcrPull", "Container Registry Data Importer and Data Reader"])
def test_a_role_that_takes_no_condition_gets_none(name: str) -> None:
    with pytest.raises(ValueError, match="takes no condition"):
        condition(ROLES[name], ["api"])


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("team-a*", "write team-a/*"),
        ("*", "write nothing, for all repositories"),
        ("Team-A/api", "is not a repository's name or prefix"),
        ("api'", "is not a repository's name or prefix"),
        ("/api", "is not a repository's name or prefix"),
        ("a" * 256, "is not a repository's name or prefix"),
    ],
)
def test_what_a_condition_cannot_hold_is_refused(text: str, meant: str) -> None:
    assert meant in (repository_problem(text) or "")
    with pytest.raises(ValueError, match=r"repository|\*"):
        condition(ROLES[READER], [text])


@pytest.mark.parametrize("text", ["api", "team-a/api", "team-a/*", "a/b/c", "a__b/c.d", "a" * 255])
def test_repositories_and_prefixes_are_taken(text: str) -> None:
    assert repository_problem(text) is None


def test_conditions_need_abac_mode() -> None:
    problem = condition_problem(ROLES["AcrPull"], ["team-a/*"], LEGACY) or ""
    assert problem.startswith(f"team-a/*: a registry in {LEGACY} ignores conditions")
    assert f"registry.role_assignment_mode: {ABAC} [ROLE-4]" in problem


def test_the_catalog_is_listed_whole() -> None:
    assert "has no conditions and applies to all repositories" in (condition_problem(ROLES[LISTER], ["a"], ABAC) or "")


def test_a_condition_longer_than_azure_takes_is_refused_with_its_length() -> None:
    many = [f"{'r' * 60}{number}" for number in range(60)]
    length = len(condition(ROLES[READER], many))
    assert f"a condition of {length} characters, the limit is 8192" in (
        condition_problem(ROLES[READER], many, ABAC) or ""
    )
    assert condition_problem(ROLES[READER], many[:10], ABAC) is None


def test_without_repositories_nothing_is_narrowed() -> None:
    assert condition_problem(ROLES["AcrPull"], [], LEGACY) is None


def test_a_mistyped_role_is_reported_with_a_suggestion() -> None:
    assert "did you mean AcrPull?" in (name_problem("ACRPull") or "")
    assert name_problem("AcrPull") is None


def test_a_principal_is_its_object_id() -> None:
    assert "write its object id, a GUID" in (principal_problem("platform-team") or "")
    assert principal_problem("7f951dda-4ed3-4680-a7ca-43fe172d538d") is None


def test_an_assignments_name_is_a_guid_that_only_registry_grant_and_role_decide() -> None:
    name = assignment_name("contoso", "pull-kubelet", ROLES["AcrPull"])
    assert uuid.UUID(name).version == 5
    assert name == assignment_name("CONTOSO", "pull-kubelet", ROLES["AcrPull"])
    others = {
        assignment_name("fabrikam", "pull-kubelet", ROLES["AcrPull"]),
        assignment_name("contoso", "pull-app", ROLES["AcrPull"]),
        assignment_name("contoso", "pull-kubelet", ROLES[READER]),
    }
    assert len({name, *others}) == 4


def test_a_roles_definition_is_named_as_its_subscription_lists_it() -> None:
    definition = "/providers/Microsoft.Authorization/roleDefinitions/7f951dda-4ed3-4680-a7ca-43fe172d538d"
    assert definition_id("/subscriptions/s/resourceGroups/g", ROLES["AcrPull"]) == f"/subscriptions/s{definition}"
    assert definition_id("/", ROLES["AcrPull"]) == definition


def test_the_privileged_roles_are_the_four_that_the_service_lists() -> None:
    assert {guid: role.name for guid, role in PRIVILEGED.items()} == {
        "8e3af657-a8ff-443c-a75c-2fe8c4bcb635": "Owner",
        "b24988ac-6180-42a0-ab88-20f7382dd24c": "Contributor",
        "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9": "User Access Administrator",
        "f58310d9-a9f6-439a-9e8d-f62e7b41a168": "Role Based Access Control Administrator",
    }


def test_the_least_role_that_reads_secrets_comes_first() -> None:
    assert next(iter(SECRET_READERS)) == "4633458b-17de-408a-b874-0445c86b69e6"
    assert [role.name for role in SECRET_READERS.values()] == [
        "Key Vault Secrets User",
        "Key Vault Secrets Officer",
        "Key Vault Administrator",
    ]


def test_only_the_general_roles_give_rights_on_the_registry_as_a_resource() -> None:
    assert {name for name, role in ROLES.items() if role.control_plane} == {"Owner", "Contributor", "Reader"}
