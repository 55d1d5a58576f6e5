"""The content of a registry: what its component sends, and what its spec refuses."""

from collections.abc import Callable
from typing import Any

import pytest
from pydantic import ValidationError

from components.registry.content import RegistryContent
from components.registry.spec import RegistrySpec
from components.testing import Recording

Record = Callable[..., Recording]

REGISTRY_ID = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.ContainerRegistry/registries/contoso"
READERS = {"description": "Pulls of team A", "repositories": {"team-a/*": ["content/read", "metadata/read"]}}


def spec(**stated: Any) -> RegistrySpec:
    return RegistrySpec.model_validate({"name": "contoso", **stated})


def content(**stated: Any) -> RegistryContent:
    return RegistryContent(
        "c", spec(**stated), registry_id=REGISTRY_ID, registry_name="contoso", resource_group_name="rg"
    )


def refusals(**stated: Any) -> list[str]:
    with pytest.raises(ValidationError) as refused:
        spec(**stated)
    return [str(error["msg"]) for error in refused.value.errors()]


def test_a_token_has_the_actions_of_its_scope_map(record: Record) -> None:
    tokens = {"edge-site": {"scope_map": "team-a-readers"}}
    recording = record(lambda: content(scope_maps={"team-a-readers": READERS}, tokens=tokens))
    assert dict(recording.one("ScopeMap").inputs) == {
        "registryName": "contoso",
        "resourceGroupName": "rg",
        "scopeMapName": "team-a-readers",
        "description": "Pulls of team A",
        "actions": ["repositories/team-a/*/content/read", "repositories/team-a/*/metadata/read"],
    }
    token = recording.one("Token").inputs
    assert (token["tokenName"], token["status"]) == ("edge-site", "enabled")
    assert token["scopeMapId"].endswith("c-scope-map-team-a-readers-id")
    assert "credentials" not in token


def test_a_token_may_have_a_predefined_scope_map_and_be_disabled(record: Record) -> None:
    token = record(lambda: content(tokens={"edge-site": {"scope_map": "_repositories_pull", "enabled": False}})).one(
        "Token"
    )
    assert token.inputs["scopeMapId"] == f"{REGISTRY_ID}/scopeMaps/_repositories_pull"
    assert token.inputs["status"] == "disabled"


def test_the_order_of_actions_does_not_matter(record: Record) -> None:
    turned = {"repositories": {"b": ["metadata/read", "content/read"], "a": ["content/read"]}}
    actions = record(lambda: content(scope_maps={"readers": turned})).one("ScopeMap").inputs["actions"]
    assert actions == ["repositories/a/content/read", "repositories/b/content/read", "repositories/b/metadata/read"]


@pytest.mark.parametrize("repository", ["sample/*/teama", "sample/teama*", "sample/a/*/b/*", "Team-A"])
def test_repositories_of_a_scope_map_are_names_or_prefixes(repository: str) -> None:
    assert refusals(scope_maps={"readers": {"repositories": {repository: ["content/read"]}}})


def test_a_push_needs_to_read_too() -> None:
    (line,) = refusals(scope_maps={"pushers": {"repositories": {"team-a/*": ["content/write"]}}})
    assert "content/write without content/read does not allow a push; add content/read [ACR-TOKEN]" in line
    spec(scope_maps={"pushers": {"repositories": {"team-a/*": ["content/write", "content/read"]}}})


def test_a_scope_map_has_five_hundred_actions() -> None:
    repositories = {f"team-{n}/api": ["content/read"] for n in range(501)}
    (line,) = refusals(scope_maps={"readers": {"repositories": repositories}})
    assert "has 501 actions, 500 at most" in line
    repositories.pop("team-0/api")
    assert spec(scope_maps={"readers": {"repositories": repositories}})


def test_a_scope_map_that_does_not_exist_is_named() -> None:
    (line,) = refusals(scope_maps={"team-a-readers": READERS}, tokens={"edge-site": {"scope_map": "readers"}})
    assert "readers" in line
    assert "_repositories_pull" in line


@pytest.mark.parametrize(
    ("section", "name", "words"),
    [
        ("tokens", "edge", "5 to 50 characters"),
        ("tokens", "edge_site", "letters, digits and '-'"),
        ("scope_maps", "team/a", "letters, digits, '-' and '_'"),
        ("scope_maps", "_repositories_pull", "is a predefined scope map"),
    ],
)
def test_names_are_those_that_the_service_takes(section: str, name: str, words: str) -> None:
    entry = READERS if section == "scope_maps" else {"scope_map": "_repositories_pull"}
    (line,) = refusals(**{section: {name: entry}})
    assert words in line
