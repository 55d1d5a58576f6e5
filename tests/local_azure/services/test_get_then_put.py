"""What a GET shows can be put back, at every API version of every type, and changes nothing."""

from __future__ import annotations

from typing import Any

from arm_client import Arm
from every_type import make, version_of

from local_azure.arm_types import lookup
from local_azure.resource_id import ResourceId

Json = dict[str, Any]

VOLATILE = frozenset({"etag", "systemData", "provisioningState", "timestamp", "updatedOn", "lastUpdatedTime"})
"""Members that change without a change of the resource."""


def settled(value: Any) -> Any:
    """What a GET shows without the members that change by themselves."""
    if isinstance(value, dict):
        return {name: settled(item) for name, item in value.items() if name not in VOLATILE}
    return [settled(item) for item in value] if isinstance(value, list) else value


def test_what_a_get_shows_can_be_put_back(arm: Arm) -> None:
    created = make(arm)
    refused, changed, tried = [], [], 0
    for path in created:
        known = lookup(ResourceId.parse(path).type)
        assert known is not None, path
        for version in sorted({version_of(path), known.sdk_version, *known.versions}):
            shown = arm("GET", path, version=version)
            assert shown.status == 200, (path, version, shown.body)
            reply = arm("PUT", path, shown.body, version)
            tried += 1
            for header in ("azure-asyncoperation", "location"):
                if header in reply.headers:
                    arm("GET", reply.headers[header])
            if reply.status >= 400:
                refused.append((known.name, version, reply.body["error"]["message"][:200]))
            elif settled(arm.get(path, version)) != settled(shown.body):
                changed.append((known.name, version))
    assert refused == []
    assert changed == []
    assert tried > 300
