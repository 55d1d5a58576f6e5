"""Pulls through cache rules of registries in Azure, and by tokens: what lets them work, and what breaks them."""

from __future__ import annotations

from arm_client import REGISTRY
from estates import IDENTITIES, READER, Estate, narrowed

from local_azure.reach import command
from local_azure.reach.links import Break

UPSTREAM = REGISTRY.replace("/contoso", "/bases")
FETCHER = f"{IDENTITIES}/fetcher"
VERSION = "2025-11-01"


def broken(estate: Estate, name: str) -> Break | None:
    assert estate.arm.cloud is not None
    found = command.snapshot(estate.arm.cloud.store)
    verdicts = command.verdicts(found, command.consumers(found, estate.pulls, command.Question()))
    (verdict,) = (each for each in verdicts if each.consumer.name == name)
    return verdict.broken


def said(estate: Estate) -> str:
    """What is wrong with the rule of the app, which is undetermined since what is cached is still pulled."""
    found = broken(estate, "web")
    assert found is not None
    assert (found.link, found.resource, found.certain) == ("cache_rule", f"{REGISTRY}/cacheRules/bases", False)
    return found.message


def test_an_identity_that_may_pull_from_the_upstream_fetches(estate: Estate) -> None:
    estate.cached_from_azure()
    estate.grant(UPSTREAM, READER, estate.principal(FETCHER), narrowed("bases/"))
    assert broken(estate, "web") is None


def test_an_identity_without_a_role_on_the_upstream_fetches_nothing(estate: Estate) -> None:
    estate.cached_from_azure()
    assert "cache rule bases cannot pull from registry bases: its identity has no role" in said(estate)


def test_an_identity_of_other_repositories_fetches_nothing(estate: Estate) -> None:
    estate.cached_from_azure()
    estate.grant(UPSTREAM, READER, estate.principal(FETCHER), narrowed("tools/"))
    assert "does not let it pull bases/web" in said(estate)


def test_an_identity_that_is_gone_fetches_nothing(estate: Estate) -> None:
    estate.cached_from_azure()
    estate.arm.delete(FETCHER)
    assert "the identity of cache rule bases is gone" in said(estate)


def test_a_registry_that_keeps_trusted_services_out_is_not_filled(estate: Estate) -> None:
    estate.cached_from_azure()
    estate.grant(UPSTREAM, READER, estate.principal(FETCHER), narrowed("bases/"))
    estate.registry(networkRuleBypassOptions="None")
    assert "cache rule bases cannot fill registry contoso" in said(estate)


def test_what_an_upstream_outside_the_estate_answers_is_not_asked(estate: Estate) -> None:
    estate.cached_from_azure()
    estate.arm.delete(UPSTREAM)
    assert broken(estate, "web") is None


def test_the_rule_of_a_repository_itself_applies_before_a_wildcard(estate: Estate) -> None:
    estate.cached_from_azure()
    rule = {"sourceRepository": "mcr.microsoft.com/web", "targetRepository": "team-a/web"}
    estate.arm.put(f"{REGISTRY}/cacheRules/single", {"properties": rule}, VERSION)
    assert broken(estate, "web") is None


def test_a_token_without_a_password_cannot_sign_in(estate: Estate) -> None:
    token = estate.token("repositories/team-a/web/content/read")
    estate.arm.delete(token, VERSION)
    estate.arm.put(token, {"properties": {"scopeMapId": f"{REGISTRY}/scopeMaps/readers"}}, VERSION)
    found = broken(estate, "runner")
    assert found is not None
    assert (found.link, found.resource) == ("credentials", token)
    assert "has no password that has not expired" in found.message


def test_a_token_with_a_predefined_scope_map_pulls_from_every_repository(estate: Estate) -> None:
    token = estate.token("repositories/team-b/web/content/read")
    estate.arm.put(token, {"properties": {"scopeMapId": f"{REGISTRY}/scopeMaps/_repositories_pull"}}, VERSION)
    assert broken(estate, "runner") is None
