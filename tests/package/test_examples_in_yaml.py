"""The examples in YAML: applied, applied again without a change, and destroyed, on the real engine."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.engine import Rehearsal, change_yaml
from tests.go_tools import yaml_host
from tests.package.programs import PACKAGE, example

pytestmark = pytest.mark.engine


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rehearsal]:
    with example(tmp_path_factory.mktemp("registry"), "yaml-registry", yaml_host().parent) as created:
        yield created


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rehearsal]:
    with example(tmp_path_factory.mktemp("platform"), "yaml-platform", yaml_host().parent) as created:
        yield created


def test_the_engine_reads_the_schema_from_the_folder(registry: Rehearsal) -> None:
    served = json.loads(registry.engine.query("package", "get-schema", str(PACKAGE)))
    generated = json.loads((PACKAGE / "schema.json").read_text(encoding="utf-8"))
    assert served["resources"].keys() == generated["resources"].keys()
    assert served["types"].keys() == generated["types"].keys()


def test_a_registry_and_its_endpoint_alone_are_applied_and_destroyed(registry: Rehearsal) -> None:
    created = registry.up()
    assert created.code == 0, created.output
    # The stack, group, network, two components, registry, replica and endpoint.
    assert created.changes == {"create": 8}
    outputs = registry.outputs()
    assert outputs["host"] == "contosoyaml.azurecr.io"
    assert set(outputs["addresses"]) == {
        "registry",
        "registry_westeurope",
        "registry_northeurope",
        "registry_data_westeurope",
        "registry_data_northeurope",
    }
    again = registry.up()
    assert (again.code, again.changes, again.same) == (0, {}, 8), again.output
    assert registry.destroy().changes == {"delete": 8}
    assert registry.ids() == []


def test_an_invalid_description_is_refused_with_the_path_of_the_property(platform: Rehearsal) -> None:
    # Five addresses for two regions, and a /29 has three [PE-1, NET-1].
    change_yaml(platform, "subnets: [/26", "subnets: [/29")
    change_yaml(platform, "regionalEndpoints: true", "regionalEndpoints: true\n        replicas: { northeurope: {} }")
    refused = platform.preview()
    change_yaml(platform, "subnets: [/29", "subnets: [/26")
    change_yaml(platform, "\n        replicas: { northeurope: {} }", "")
    assert refused.code != 0
    assert "networks.swedencentral.subnets.registry" in refused.output
    assert "/29" in refused.output
    assert platform.ids() == []


def test_a_platform_is_applied_and_destroyed(platform: Rehearsal) -> None:
    created = platform.up()
    assert created.code == 0, created.output
    outputs = platform.outputs()
    assert outputs["endpoints"]["global"] == "contosoplatformyaml.azurecr.io"
    assert {row["subnet"]: row["prefix"] for row in outputs["ledger"]} == {
        "apps": "10.20.1.0/24",
        "registry": "10.20.0.0/26",
    }
    again = platform.up()
    assert (again.code, again.changes) == (0, {}), again.output
    assert platform.destroy().changes == {"delete": created.changes["create"]}
    assert platform.ids() == []
