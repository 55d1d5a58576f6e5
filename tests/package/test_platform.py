"""The platform of the package: what a program states is the description of a stack file."""

from __future__ import annotations

from typing import Any

import pytest

from package.platform import PLATFORM
from package.refusals import RefusedError
from tests.package.test_functions import DESCRIPTION


def test_fields_are_translated_and_keys_of_maps_are_not() -> None:
    spec = PLATFORM.described(DESCRIPTION, None).spec
    assert spec.container_apps["shop"].apps["web"].containers["web"].image == "shop/web:1"
    stated = {**DESCRIPTION, "identities": {"pull": {}, "camelCase": {}}}
    assert set(PLATFORM.described(stated, None).spec.identities) == {"pull", "camelCase"}


def test_the_order_of_a_map_does_not_matter() -> None:
    backwards = dict(reversed(DESCRIPTION.items()))
    assert PLATFORM.described(DESCRIPTION, None).spec == PLATFORM.described(backwards, None).spec
    keys = list(PLATFORM.described({**DESCRIPTION, "identities": {"pull": {}, "a": {}}}, None).spec.identities)
    assert keys == ["a", "pull"]


def test_regions_are_described_once() -> None:
    stamp: dict[str, Any] = {
        "networks": {"<region>": {"subnets": {"apps": {"delegation": "Microsoft.App/environments"}}}},
        "containerApps": {"<region>": {"network": "<region>", "subnet": "apps", "mtls": True}},
    }
    regions: dict[str, Any] = {
        region: {
            "addressSpace": [f"10.{number}.0.0/16"],
            "networks": {region: {"subnets": {"apps": {"prefix": f"10.{number}.0.0/24"}}}},
        }
        for number, region in enumerate(("westeurope", "northeurope"))
    }
    regions["northeurope"]["containerApps"] = {"northeurope": {"mtls": False}}
    stated = {"name": "contoso", "environment": "test", "location": "westeurope", "stamp": stamp, "regions": regions}
    spec = PLATFORM.described(stated, None).spec
    assert set(spec.networks) == {"westeurope", "northeurope"}
    # What a region states is kept, also where it is a default.
    assert [spec.container_apps[region].mtls for region in ("westeurope", "northeurope")] == [True, False]


def test_a_size_is_refused_because_the_order_of_a_map_is_not_kept() -> None:
    sized = {"westeurope": {"addressSpace": ["10.0.0.0/16"], "subnets": {"apps": {"size": "/24"}}}}
    with pytest.raises(RefusedError) as refused:
        PLATFORM.described({**DESCRIPTION, "networks": sized}, None)
    ((path, message),) = refused.value.problems
    assert path == "networks.westeurope.subnets.apps"
    assert "getSubnetRanges" in message
