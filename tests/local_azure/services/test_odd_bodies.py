"""No body breaks the server: each member of every type is sent with values that its shape takes and that make no sense."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from typing import Any

import pytest
from arm_client import Arm
from every_type import make, version_of

from local_azure.arm_types import catalogue, lookup
from local_azure.arm_types_catalogue import Member
from local_azure.errors import ArmError
from local_azure.resource_id import ResourceId
from local_azure.services.dispatch import handle

Json = dict[str, Any]

MOST = 400
"""Bodies of one type: a sample that is the same in every run."""

TEXTS = ("", "x", "-1", "9" * 21, "10.0.0.0/8", "10.0.0.300/33", "fe80::1", "/subscriptions/x/y", "é\u0000")
NUMBERS = (-1, 0, 1, 10**12)
PLAIN: Json = {
    "string": TEXTS,
    "int": NUMBERS,
    "number": (*NUMBERS, 0.1),
    "bool": (True, False),
    "any": ("x", 5, [], {}),
}


def _odd(shape: Json, depth: int) -> Iterator[Any]:
    """Values of a shape that mean nothing, with one member of an object at a time."""
    kind = shape["k"]
    if kind in PLAIN:
        yield from PLAIN[kind]
    elif kind == "enum":
        yield from shape["values"]
    elif kind in ("array", "map"):
        yield [] if kind == "array" else {}
        for value in _odd(shape["of"], depth):
            yield [value, value] if kind == "array" else {"x": value}
    elif kind == "set":
        yield from ({}, {"x": {}})
    elif kind == "union":
        for option in shape["of"]:
            yield from _odd(option, depth)
    elif depth:
        yield {}
        yield from _objects(catalogue().definition(shape["ref"]).tree, depth - 1)


def _objects(tree: Json, depth: int) -> Iterator[Json]:
    for name, node in tree.items():
        if isinstance(node, Member) and node.read_only:
            continue
        values = _odd(node.shape, depth) if isinstance(node, Member) else _objects(node, depth)
        for value in values:
            yield {name: value}


def _laid_over(body: Any, change: Any) -> Any:
    """A body with a change in it; an object in a list changes the first item that exists."""
    if isinstance(change, dict) and isinstance(body, dict):
        return {**body, **{name: _laid_over(body.get(name), value) for name, value in change.items()}}
    if isinstance(change, list) and change and isinstance(body, list) and body and isinstance(body[0], dict):
        return [_laid_over(body[0], change[0]), *body[1:]]
    return change


def _broken(arm: Arm, method: str, path: str, body: Json) -> str:
    """What a request breaks by, or nothing when it is answered, taken or refused."""
    assert arm.cloud is not None
    try:
        answer = handle(arm.cloud, method, path, {"api-version": version_of(path)}, copy.deepcopy(body))
    except ArmError as refused:
        return refused.message if refused.status >= 500 else ""
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return "" if answer.status < 500 else str(answer.body)


def test_no_body_of_any_type_breaks_the_server(arm: Arm, caplog: pytest.LogCaptureFixture) -> None:
    created = make(arm)
    chosen = random.Random(7)
    found: list[str] = []
    for path, body in created.items():
        known = lookup(ResourceId.parse(path).type)
        assert known is not None, path
        tree = catalogue().definition(known.root_for(version_of(path))).tree
        changes = list(_objects(tree, 4))
        for change in chosen.sample(changes, min(MOST, len(changes))):
            for method in ("PUT", "PATCH"):
                why = _broken(arm, method, path, change if method == "PATCH" else _laid_over(body, change))
                if why:
                    found.append(f"{method} {path.rpartition('/providers/')[2]} {change}: {why}")
    assert found == []
    assert [record.getMessage() for record in caplog.records] == []
