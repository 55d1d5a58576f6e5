"""Conditions on role assignments, in the forms that Azure's documentation shows."""

from __future__ import annotations

import pytest
from estates import narrowed

from local_azure.reach.conditions import ConditionError, holds

READ = "Microsoft.ContainerRegistry/registries/repositories/content/read"
WRITE = "Microsoft.ContainerRegistry/registries/repositories/content/write"
NAME = "@Request[Microsoft.ContainerRegistry/registries/repositories:name]"


def test_a_prefix_narrows_the_actions_that_it_names() -> None:
    condition = narrowed("team-a/")
    assert holds(condition, READ, "team-a/web")
    assert holds(condition, READ, "TEAM-A/web")
    assert not holds(condition, READ, "team-b/web")
    assert holds(condition, WRITE, "team-b/web"), "the condition is about other actions"


@pytest.mark.parametrize(
    ("expression", "held"),
    [
        ("StringEquals 'team-a/web'", True),
        ("StringEquals 'Team-A/web'", False),
        ("StringEqualsIgnoreCase 'Team-A/web'", True),
        ("StringNotEquals 'team-a/web'", False),
        ("StringLike 'team-?/*'", True),
        ("StringNotLike 'team-?/*'", False),
        ("StringStartsWith 'team-b/'", False),
        ("ForAnyOfAnyValues:StringEquals {'team-b/web', 'team-a/web'}", True),
        ("ForAnyOfAnyValues:StringStartsWithIgnoreCase {'TEAM-B/', 'TEAM-A/'}", True),
    ],
)
def test_the_name_is_compared_by_the_operator(expression: str, held: bool) -> None:
    assert holds(f"{NAME} {expression}", READ, "team-a/web") is held


def test_and_binds_more_strongly_than_or() -> None:
    yes, no = f"{NAME} StringLike '*'", f"{NAME} StringEquals 'x'"
    assert holds(f"{yes} OR {no} AND {no}", READ, "a")
    assert not holds(f"({yes} OR {no}) AND {no}", READ, "a")
    assert holds(f"{yes} || {no} && {no}", READ, "a")


def test_actions_match_with_wildcards() -> None:
    assert holds("ActionMatches{'Microsoft.ContainerRegistry/registries/repositories/content/*'}", READ, "a")
    assert not holds("!(ActionMatches{'*'})", READ, "a")


@pytest.mark.parametrize(
    "condition",
    [
        f"{NAME} StringMatches 'a'",
        "@Request[Microsoft.ContainerRegistry/registries:name] StringEquals 'a'",
        "@Environment[UtcNow] DateTimeGreaterThan '2026-01-01T00:00:00.0Z'",
        f"({NAME} StringEquals 'a'",
        f"{NAME} StringEquals 'a' {NAME} StringEquals 'b'",
        "AND",
    ],
)
def test_what_is_not_understood_is_said(condition: str) -> None:
    with pytest.raises(ConditionError):
        holds(condition, READ, "a")
