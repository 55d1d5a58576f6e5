"""What a federated identity credential accepts."""

from __future__ import annotations

import pytest

from planning.identities import audience_problem, subject_problem


@pytest.mark.parametrize("audience", ["api://AzureADTokenExchange", "api://AzureADTokenExchangeChina"])
def test_the_audience_of_a_cloud_is_accepted(audience: str) -> None:
    assert audience_problem([audience]) is None


@pytest.mark.parametrize("audiences", [[], ["https://github.com/contoso"], ["api://AzureADTokenExchange", "other"]])
def test_another_audience_is_named_with_the_one_to_take(audiences: list[str]) -> None:
    problem = audience_problem(audiences)
    assert problem is not None
    assert "api://AzureADTokenExchange" in problem


@pytest.mark.parametrize("subject", ["repo:contoso/shop:*", "system:serviceaccount:?:api"])
def test_a_wildcard_matches_nothing_and_is_refused(subject: str) -> None:
    assert subject in (subject_problem(subject) or "")


def test_an_exact_subject_is_accepted() -> None:
    assert subject_problem("repo:contoso/shop:ref:refs/heads/main") is None
