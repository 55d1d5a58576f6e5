from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any

import pytest
from arm_client import GROUP, NETWORK, REGISTRY

from local_azure.store import Store, StoreLockedError, accepted_writes, reset

if TYPE_CHECKING:
    from pathlib import Path

    from arm_client import Arm


def test_the_journal_keeps_bodies_exactly_as_received(arm: Arm) -> None:
    assert arm.cloud is not None
    body = {"location": "East US", "sku": {"name": "premium"}, "properties": {"adminUserEnabled": False}, "tags": {}}
    arm("PUT", REGISTRY, body)
    arm("PATCH", REGISTRY, {"tags": {"a": "b"}})
    entry = {"type": "Microsoft.ContainerRegistry/registries", "apiVersion": "2026-03-01-preview", "name": "contoso"}
    assert arm.cloud.store.requests()[-1] == {**entry, "body": body}
    assert arm.cloud.store.requests(every=True)[-1] == {"method": "PATCH", **entry, "body": {"tags": {"a": "b"}}}


def test_the_journal_names_children_by_their_full_name(arm: Arm) -> None:
    assert arm.cloud is not None
    arm.network("hub")
    arm.put(f"{NETWORK}/virtualNetworks/hub/subnets/a", {"properties": {"addressPrefix": "10.0.0.0/24"}})
    assert arm.cloud.store.requests()[-1]["name"] == "hub/a"


def test_writes_are_counted_while_the_store_is_served(arm: Arm, tmp_path: Path) -> None:
    before = accepted_writes(arm.store)
    arm("PUT", REGISTRY, {"location": "eastus", "sku": {"name": "Premium"}})
    arm("PUT", REGISTRY, {"location": "eastus", "sku": {"name": "Gold"}})
    assert accepted_writes(arm.store) == before + 1
    assert accepted_writes(tmp_path / "absent") == 0
    assert not (tmp_path / "absent").exists()


def test_refused_requests_are_not_in_the_journal(arm: Arm) -> None:
    assert arm.cloud is not None
    before = arm.cloud.store.requests(every=True)
    arm("PUT", REGISTRY, {"location": "eastus", "sku": {"name": "Gold"}})
    assert arm.cloud.store.requests(every=True) == before


def test_a_store_is_served_once(tmp_path: Path) -> None:
    first = Store(tmp_path, serve=True)
    with pytest.raises(StoreLockedError):
        Store(tmp_path, serve=True)
    with pytest.raises(StoreLockedError):
        reset(tmp_path)
    first.close()
    Store(tmp_path, serve=True).close()
    reset(tmp_path)
    assert Store(tmp_path).ids() == []


def test_a_locked_file_is_a_clear_error_and_changes_nothing(arm: Arm) -> None:
    assert arm.cloud is not None
    arm.cloud.store.connection.execute("PRAGMA busy_timeout=10")
    other = sqlite3.connect(arm.store / "arm.sqlite3", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    reply = arm("PUT", f"{GROUP}2", {"location": "eastus"})
    other.execute("ROLLBACK")
    assert (reply.status, reply.code) == (503, "LocalStoreLocked")
    assert "retry-after" in reply.headers
    assert arm.ids() == [GROUP]
    assert arm("PUT", f"{GROUP}2", {"location": "eastus"}).status == 201


def test_a_full_disk_is_a_clear_error_and_changes_nothing(arm: Arm) -> None:
    assert arm.cloud is not None
    connection = arm.cloud.store.connection
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count={pages}")
    replies: list[Any] = []
    for n in range(200):
        replies.append(arm("PUT", f"{GROUP}{n}", {"location": "eastus", "tags": {"filler": "x" * 250}}))
        if replies[-1].status != 201:
            break
    assert (replies[-1].status, replies[-1].code) == (507, "LocalStoreFull")
    assert len(arm.ids()) == len(replies)
    connection.execute("PRAGMA max_page_count=1000000")
    assert arm("PUT", f"{GROUP}x", {"location": "eastus"}).status == 201
