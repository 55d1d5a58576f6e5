"""Values that Azure never changes while a resource exists, in previews that do not know them."""

from __future__ import annotations

import asyncio
from typing import Any

import pulumi
import pytest

from components.stable import held_outputs, stable

URN = "urn:pulumi:prod::moorings::azure-native:managedidentity:UserAssignedIdentity::puller"
HELD = {URN: {"principalId": "of-the-state", "identity": {"principalId": "of-the-task"}, "other": None}}
ID = "/subscriptions/0/resourceGroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/puller"


class _Identity:
    """A resource as the engine reports it: a preview knows the id of one that is updated, and of no other."""

    def __init__(self, resource_id: str | None) -> None:
        self.urn = _output(URN)
        self.id = _output(resource_id)


def _output(value: str | None) -> pulumi.Output[Any]:
    """An output, unknown if there is no value."""

    async def later(what: Any) -> Any:
        return what

    return pulumi.Output(later(set()), later(value), later(value is not None))


def principal(
    monkeypatch: pytest.MonkeyPatch,
    *,
    reported: str | None,
    known_id: str | None = ID,
    preview: bool = True,
    field: str = "principalId",
) -> Any:
    """The principal of an identity; None if it is unknown."""
    monkeypatch.setattr(pulumi.runtime, "is_dry_run", lambda: preview)

    async def ask() -> Any:
        with held_outputs(HELD):
            identity: Any = _Identity(known_id)
            found = stable(identity, field, _output(reported))
        return await found.future() if await found.is_known() else None

    return asyncio.run(ask())


def test_a_preview_of_an_update_uses_the_value_in_the_state(monkeypatch: pytest.MonkeyPatch) -> None:
    assert principal(monkeypatch, reported=None) == "of-the-state"


def test_a_reported_value_takes_precedence_over_the_state(monkeypatch: pytest.MonkeyPatch) -> None:
    assert principal(monkeypatch, reported="of-azure") == "of-azure"


def test_the_value_of_a_resource_that_is_created_or_replaced_stays_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    assert principal(monkeypatch, reported=None, known_id=None) is None


def test_an_update_never_uses_the_state(monkeypatch: pytest.MonkeyPatch) -> None:
    assert principal(monkeypatch, reported=None, preview=False) is None


@pytest.mark.parametrize(
    ("field", "value"),
    [("identity.principalId", "of-the-task"), ("other.principalId", None), ("identity.clientId", None)],
)
def test_a_value_within_an_output_is_named_by_its_path(
    monkeypatch: pytest.MonkeyPatch, field: str, value: str | None
) -> None:
    assert principal(monkeypatch, reported=None, field=field) == value
