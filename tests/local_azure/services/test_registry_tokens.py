"""Tokens and scope maps of the local Azure, through the real client [ACR-TOKEN]."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from arm_client import REGISTRY

if TYPE_CHECKING:
    from arm_client import Arm, Clients, Reply

MAP = f"{REGISTRY}/scopeMaps/team-a-readers"
TOKEN = f"{REGISTRY}/tokens/edge-site"
READ = "repositories/team-a/*/content/read"
VERSION = "2025-11-01"


@pytest.fixture
def registry(arm: Arm) -> Arm:
    arm.registry()
    return arm


def _map(arm: Arm, *actions: str, name: str = MAP) -> Reply:
    return arm("PUT", name, {"properties": {"actions": list(actions)}}, VERSION)


def _token(arm: Arm, scope_map: str = MAP) -> Reply:
    return arm("PUT", TOKEN, {"properties": {"scopeMapId": scope_map}}, VERSION)


def _generate(arm: Arm, **body: Any) -> Reply:
    return arm("POST", f"{REGISTRY}/generateCredentials", {"tokenId": TOKEN, **body}, VERSION)


def test_a_token_is_read_back_by_the_real_client(registry: Arm, clients: Clients) -> None:
    assert _map(registry, READ).status == 201
    assert _token(registry).status == 201
    shown = clients.registry.tokens.get("rg", "contoso", "edge-site").properties
    assert shown is not None
    assert (shown.status, shown.scope_map_id) == ("enabled", MAP)
    clients.registry.tokens.begin_delete("rg", "contoso", "edge-site").result()
    clients.registry.scope_maps.begin_delete("rg", "contoso", "team-a-readers").result()
    assert not [each for each in registry.ids() if "/tokens/" in each or "/scopeMaps/" in each]


def test_the_values_of_passwords_are_shown_once_and_stored_nowhere(registry: Arm, clients: Clients) -> None:
    _map(registry, READ)
    _token(registry)
    made = clients.registry.registries.begin_generate_credentials("rg", "contoso", {"tokenId": TOKEN}).result()
    assert made.username == "edge-site"
    values = [str(password.value) for password in made.passwords or []]
    assert len(set(values)) == 2
    shown = registry.get(TOKEN, VERSION)["properties"]["credentials"]["passwords"]
    assert [set(password) for password in shown] == [{"name", "creationTime"}] * 2
    stored = b"".join(file.read_bytes() for file in registry.store.rglob("*") if file.is_file())
    assert not any(value.encode() in stored for value in values)


def test_one_password_is_generated_with_an_expiry_and_outlives_an_update_of_the_token(registry: Arm) -> None:
    _map(registry, READ)
    _token(registry)
    made = _generate(registry, name="password2", expiry="2099-01-01T00:00:00Z").body["passwords"]
    assert [password["name"] for password in made] == ["password2"]
    registry.put(TOKEN, {"properties": {"scopeMapId": MAP, "status": "disabled"}}, VERSION)
    properties = registry.get(TOKEN, VERSION)["properties"]
    assert properties["status"] == "disabled"
    assert [password["expiry"] for password in properties["credentials"]["passwords"]] == ["2099-01-01T00:00:00Z"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"tokenId": f"{TOKEN}2"}, "TokenNotFound"),
        ({"name": "password3"}, "InvalidPasswordName"),
        ({"expiry": "2020-01-01T00:00:00Z"}, "InvalidExpiry"),
        ({"expiry": "tomorrow"}, "InvalidExpiry"),
    ],
)
def test_passwords_that_are_refused(registry: Arm, body: dict[str, str], code: str) -> None:
    _map(registry, READ)
    _token(registry)
    reply = _generate(registry, **body)
    assert (reply.status, reply.code) == (400, code)


@pytest.mark.parametrize(
    "action",
    [
        # The invalid wildcards of the service's page on tokens.
        "repositories/sample/*/teamA/content/read",
        "repositories/sample/teamA*/content/read",
        "repositories/sample/teamA/*/projectB/*/content/read",
        "repositories/sample/content/list",
        "sample/content/read",
    ],
)
def test_actions_that_are_refused(registry: Arm, action: str) -> None:
    assert _map(registry, action).code == "InvalidScopeMapAction"


def test_a_scope_map_has_five_hundred_actions(registry: Arm) -> None:
    assert (
        _map(registry, *(f"repositories/r{n}/content/read" for n in range(501))).code == "ScopeMapActionLimitExceeded"
    )


def test_a_scope_map_stays_while_a_token_has_it(registry: Arm) -> None:
    _map(registry, READ)
    _token(registry)
    reply = registry("DELETE", MAP, version=VERSION)
    assert (reply.status, reply.code) == (409, "ScopeMapInUse")


def test_every_registry_has_the_predefined_scope_maps(registry: Arm) -> None:
    pull = f"{REGISTRY}/scopeMaps/_repositories_pull"
    assert registry.get(pull, VERSION)["properties"]["actions"] == ["repositories/*/content/read"]
    assert _token(registry, pull).status == 201
    assert _map(registry, READ, name=pull).code == "ScopeMapNotAllowed"


def test_a_token_needs_a_scope_map_of_its_registry(registry: Arm) -> None:
    assert _token(registry).code == "ScopeMapNotFound"
