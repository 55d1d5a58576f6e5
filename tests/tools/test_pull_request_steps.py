"""Steps of a change from the engine's event log: which resources, which properties, and why one is replaced."""

from __future__ import annotations

from typing import Any

import pytest

from tools.pull_request.steps import Step, steps_of

TYPE = "azure-native:network:VirtualNetwork"
SECRET = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "v1:abc"}
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"


def planned(op: str, old: Any = None, new: Any = None, **more: Any) -> dict[str, Any]:
    """Return an event as the engine's log has it (`apitype.ResourcePreEvent`)."""
    sides = {"old": {"inputs": old, "outputs": old} if old else None, "new": {"inputs": new} if new else None}
    return {
        "resourcePreEvent": {
            "metadata": {"op": op, "type": TYPE, "urn": f"urn:pulumi:p::m::{TYPE}::vnet", **sides, **more}
        }
    }


def differences(op: str, old: Any, new: Any, **kinds: str) -> list[str]:
    detailed = {path: {"diffKind": kind, "inputDiff": True} for path, kind in kinds.items()}
    (step,) = steps_of([planned(op, old, new, detailedDiff=detailed)])
    return list(step.differences)


def test_what_stays_the_same_is_read_or_is_half_of_a_replacement_has_no_step() -> None:
    operations = ("same", "read", "refresh", "delete-replaced", "replace", "create-replacement", "create", "delete")
    assert steps_of([planned(op) for op in operations]) == [
        Step(op, TYPE, "vnet") for op in ("create-replacement", "create", "delete")
    ]


def test_an_update_reports_each_property_with_both_values() -> None:
    old = {"tags": {"env": "dev", "gone": "x"}, "subnets": [{"addressPrefix": "10.0.0.0/28"}]}
    new = {"tags": {"env": "prod", "owner": "me"}, "subnets": [{"addressPrefix": "10.0.0.0/27"}]}
    kinds = {"tags.env": "update", "tags.gone": "delete", 'tags["owner"]': "add", "subnets[0].addressPrefix": "update"}
    assert differences("update", old, new, **kinds) == [
        'tags.env: "dev" → "prod"',
        'tags.gone: removed, was "x"',
        'tags["owner"]: added, "me"',
        'subnets[0].addressPrefix: "10.0.0.0/28" → "10.0.0.0/27"',
    ]


def test_a_replacement_reports_first_what_forces_it() -> None:
    old, new = {"location": "eastus", "tags": {"a": 1}}, {"location": "westus3", "tags": {"a": 2}}
    found = differences("create-replacement", old, new, **{"tags.a": "update", "location": "update-replace"})
    assert found == ['location: "eastus" → "westus3" (forces replacement)', "tags.a: 1 → 2"]


def test_a_dependent_of_a_replacement_reports_the_property_that_is_not_known_yet() -> None:
    event = planned("create-replacement", {"environmentId": "/old"}, {"environmentId": UNKNOWN}, keys=["environmentId"])
    (step,) = steps_of([event])
    assert step.differences == ('environmentId: "/old" → known after apply (forces replacement)',)


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("password", {"password": "hunter2"}, {"password": "hunter3"}),
        (
            "settings.connectionString",
            {"settings": {"connectionString": "hunter2"}},
            {"settings": {"connectionString": "x"}},
        ),
        ("code", {"code": SECRET}, {"code": SECRET}),
        ("code.inner", {"code": SECRET}, {"code": SECRET}),
        ("env", {"env": [{"name": "DB_PASSWORD", "value": "hunter2"}]}, {"env": []}),
        ("env", {"env": {"url": "postgres://me:hunter2@db/x"}}, {"env": {}}),
        ("properties", {"properties": {"sharedKey": "hunter2"}}, {"properties": {}}),
    ],
)
def test_no_secret_is_reported(path: str, old: Any, new: Any) -> None:
    (line,) = differences("update", old, new, **{path: "update"})
    assert "[secret]" in line
    assert "hunter" not in line
    assert "v1:abc" not in line


def test_long_values_and_long_lists_are_cut() -> None:
    old, new = {f"p{n}": "x" * 1_000 for n in range(20)}, {f"p{n}": "y" * 1_000 for n in range(20)}
    found = differences("update", old, new, **{f"p{n}": "update" for n in range(20)})
    assert max(map(len, found)) < 160
    assert (len(found), found[-1]) == (9, "and 12 more properties")


def test_the_difference_of_two_long_ids_is_shown() -> None:
    start = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-contoso-prod-network-eastus/subnets/"
    (line,) = differences("update", {"subnetId": f"{start}boxes"}, {"subnetId": f"{start}cells"}, subnetId="update")
    assert line == 'subnetId: …boxes" → …cells"'


def test_a_secret_in_a_command_line_is_not_shown() -> None:
    old, new = ({"args": ["--mode", "fast", "--password", value]} for value in ("hunter2", "hunter3"))
    assert differences("update", old, new, **{"args[3]": "update"}) == ["args[3]: [secret] → [secret]"]
    assert differences("update", {"args": ["a"]}, new, args="update") == [
        'args: ["a"] → ["--mode", "fast", "--password", "[secret]"]'
    ]
