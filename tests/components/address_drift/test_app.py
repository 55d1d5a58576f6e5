"""The triggers: events of others are passed over, what fails fails the invocation, rows go where they are asked to."""

from datetime import UTC, datetime
from typing import Any

import azure.functions as func
import pytest

from components.address_drift.function import app
from components.address_drift.function.zones import SettingsError
from tests.components.address_drift.world import FORWARD, REVERSE, World

SUBJECT = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.ContainerInstance/containerGroups/web"
ZONE = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/privateDnsZones"
ZONES = f'{{"rg": {{"forward": "{ZONE}/{FORWARD.name}", "reverse": ["{ZONE}/{REVERSE.name}"], "ttl": 30}}}}'


def sent(subject: str = SUBJECT) -> func.EventGridEvent:
    return func.EventGridEvent(
        id="e1",
        data={},
        topic="t",
        subject=subject,
        event_type="Microsoft.Resources.ResourceWriteSuccess",
        event_time=datetime(2026, 11, 21, tzinfo=UTC),
        data_version="1",
    )


def called(function: Any, event: func.EventGridEvent) -> None:
    """Call what stands behind a trigger, as the host does."""
    function.build().get_user_function()(event)


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    created = World({"web": "10.0.1.4"})
    monkeypatch.setattr(app, "ArmGroups", lambda _: created)
    monkeypatch.setattr(app, "ArmRecords", lambda _: created)
    monkeypatch.setenv("DRIFT_ZONES", ZONES)
    monkeypatch.delenv("DRIFT_ENDPOINT", raising=False)
    return created


def test_an_event_about_a_group_makes_its_records_right(world: World) -> None:
    called(app.on_change, sent())
    assert world.forward == {"web": ["10.0.1.4"]}


@pytest.mark.parametrize("subject", ["/subscriptions/s/resourceGroups/rg", SUBJECT.replace("/rg/", "/other/")])
def test_an_event_about_something_else_or_an_unknown_group_ends_without_an_error(world: World, subject: str) -> None:
    called(app.on_change, sent(subject))
    called(app.on_sight, sent(subject))
    assert world.writes == 0


def test_what_fails_makes_the_invocation_fail(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.addresses["web"] = "10.9.9.9"
    with pytest.raises(SettingsError):
        called(app.on_change, sent())
    monkeypatch.setenv("DRIFT_ZONES", "nonsense")
    with pytest.raises(SettingsError):
        called(app.on_sight, sent())


def test_a_sighting_goes_to_the_rule_where_one_is_stated(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    uploads: list[tuple[Any, ...]] = []

    class Client:
        def __init__(self, endpoint: str, credential: Any) -> None:
            self.endpoint = endpoint

        def upload(self, rule: str, stream: str, rows: list[dict[str, str]]) -> None:
            uploads.append((self.endpoint, rule, stream, rows))

    monkeypatch.setattr(app, "LogsIngestionClient", Client)
    called(app.on_sight, sent())
    assert uploads == []
    for name, value in {"DRIFT_ENDPOINT": "https://e", "DRIFT_RULE": "dcr-1", "DRIFT_STREAM": "Custom-X"}.items():
        monkeypatch.setenv(name, value)
    called(app.on_sight, sent())
    ((endpoint, rule, stream, (row,)),) = uploads
    assert (endpoint, rule, stream) == ("https://e", "dcr-1", "Custom-X")
    assert (row["Sight"], row["ContainerGroup"], row["NewAddress"]) == ("first_seen", "web", "10.0.1.4")
