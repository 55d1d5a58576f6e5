"""Private endpoints whose connection was removed: they are replaced, and not updated."""

from collections.abc import Callable
from typing import Any

import pulumi
import pulumi_azure_native as azure_native
import pytest

from components.private_endpoint.connections import (
    DisconnectedError,
    is_disconnected,
    refusal,
    replaced_when_disconnected,
)
from components.testing import Recording

Record = Callable[..., Recording]


def endpoints(*names: str) -> None:
    lost = replaced_when_disconnected({"a-endpoint"})
    for name in names:
        connections = [{"name": name, "private_link_service_id": "/x", "group_ids": ["registry"]}]
        options = pulumi.ResourceOptions(transformations=[lost])
        azure_native.network.PrivateEndpoint(
            name, resource_group_name="rg", private_link_service_connections=connections, opts=options
        )


def test_an_endpoint_whose_connection_was_removed_is_replaced_and_no_other(record: Record) -> None:
    recording = record(lambda: endpoints("a-endpoint", "b-endpoint"))
    assert recording.named("a-endpoint").replace_on_changes == ("privateLinkServiceConnections",)
    assert recording.named("b-endpoint").replace_on_changes == ()


def connected(status: str) -> dict[str, Any]:
    state = {"status": status, "description": "", "actionsRequired": "None"}
    return {"privateLinkServiceConnections": [{"name": "a", "privateLinkServiceConnectionState": state}]}


@pytest.mark.parametrize(("status", "lost"), [("Approved", False), ("Pending", False), ("Disconnected", True)])
def test_a_connection_is_lost_only_where_it_is_disconnected(status: str, lost: bool) -> None:
    assert is_disconnected(connected(status)) is lost
    assert not is_disconnected({})


def test_the_update_of_a_disconnected_endpoint_is_refused(record: Record) -> None:
    found: list[pulumi.ResourceHookBinding] = []

    def program() -> None:
        found.append(refusal())
        endpoints("a-endpoint")

    record(program)
    (hook,) = found[0].before_update or ()
    assert isinstance(hook, pulumi.ResourceHook)

    def update(status: str) -> None:
        hook.callback(
            pulumi.ResourceHookArgs(urn="u", id="i", name="a-endpoint", type="t", old_outputs=connected(status))
        )

    update("Approved")
    with pytest.raises(DisconnectedError, match="a-endpoint was removed"):
        update("Disconnected")
