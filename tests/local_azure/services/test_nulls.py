"""A null in a body is taken as absent: at every place of a body, in every type."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from app_requests import IDENTITY, PROVIDER
from arm_client import Arm
from every_type import ZONE, make, version_of

from local_azure.arm_types import catalogue, lookup
from local_azure.arm_types_catalogue import Member
from local_azure.resource_id import ResourceId

Json = dict[str, Any]


@pytest.fixture
def world(arm: Arm) -> tuple[Arm, dict[str, Json]]:
    """Every resource of the table, made."""
    return arm, make(arm)


def _left_out(value: Any, tree: Mapping[str, Any], path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The address of each member that a body's objects have a place for and leave out."""
    for name, node in tree.items():
        if name not in value:
            yield (*path, name)
        elif isinstance(node, dict):
            yield from _left_out(value[name], node, (*path, name))
        elif isinstance(node, Member):
            yield from _below(value[name], node.shape, (*path, name))


def _below(value: Any, shape: Json, path: tuple[str | int, ...]) -> Iterator[tuple[str | int, ...]]:
    if shape["k"] == "ref" and isinstance(value, dict):
        yield from _left_out(value, catalogue().definition(shape["ref"]).tree, path)
    elif shape["k"] == "array" and isinstance(value, list):
        for index, item in enumerate(value):
            yield from _below(item, shape["of"], (*path, index))


def _with_null(body: Json, path: tuple[str | int, ...]) -> Json:
    changed: Any = copy.deepcopy(body)
    place = changed
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = None
    return changed


def test_a_put_with_a_null_anywhere_is_answered_as_the_put_without_it(world: tuple[Arm, dict[str, Json]]) -> None:
    arm, bodies = world
    differing, tried = [], 0
    for path, body in bodies.items():
        known = lookup(ResourceId.parse(path).type)
        assert known is not None, path
        version = version_of(path)
        plain = arm("PUT", path, body, version).status
        for place in _left_out(body, catalogue().definition(known.root_for(version)).tree):
            reply = arm("PUT", path, _with_null(body, place), version)
            # A member that only later versions have is unknown, null or not.
            if reply.status == 400 and "unknown property" in reply.message:
                continue
            tried += 1
            if reply.status != plain:
                differing.append((path.rpartition("/providers/")[2], place, reply.status, reply.body))
    assert differing == []
    assert tried > 500


def test_a_null_in_a_list_is_refused_with_its_place(world: tuple[Arm, dict[str, Json]]) -> None:
    arm, bodies = world
    body = _with_null(bodies[f"{ZONE}/A/www"], ("properties", "aRecords", 0))
    reply = arm("PUT", f"{ZONE}/A/www", body)
    assert (reply.status, reply.code) == (400, "InvalidRequestContent")
    assert "properties.aRecords[0]: null in a list" in reply.message


def test_a_null_among_the_identities_of_a_put_is_no_identity(world: tuple[Arm, dict[str, Json]]) -> None:
    arm, bodies = world
    app = f"{PROVIDER}/jobs/nightly"
    absent = IDENTITY.replace("puller", "absent")
    users = {"type": "UserAssigned", "userAssignedIdentities": {IDENTITY: {}, absent: None}}
    shown = arm.put(app, {**bodies[app], "identity": users})
    assert list(shown["identity"]["userAssignedIdentities"]) == [IDENTITY]
