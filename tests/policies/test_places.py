"""The stack file's line of a finding, guessed from names."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from policies.model import Finding, Graph, Resource
from policies.normalisation import resource
from policies.places import of_program
from tests.policies.builders import NETWORK_TOKEN, make

STACK_FILE = """\
config:
  moorings:stack:
    networks:
      eastus:
        address_space: [10.0.0.0/16]
        subnets:
          registry: {prefix: 10.0.0.0/27}
      westeurope:
        address_space: [10.1.0.0/16]
        subnets:
          registry: {prefix: 10.1.0.0/27}
    registry:
      name: contoso
      admin_user_enabled: true
      replicas:
        westeurope: {}
      private_endpoints:
        westeurope: {network: westeurope}
"""
PLATFORM = resource("moorings:platform:Platform", "urn:platform", "contoso-test", {}, parent="urn:stack")
NETWORK = "azure-native:network:NetworkSecurityGroup"
REPLICATION = "azure-native:containerregistry:Replication"
ENDPOINT = "azure-native:network:PrivateEndpoint"


def component(kind: str, name: str) -> Resource:
    return resource(kind, f"urn:{name}", name, {}, parent=PLATFORM.urn)


def line_of(folder: Path, above: Resource, token: str, name: str, path: str | None = None) -> tuple[str, int] | None:
    stacks = folder / "stacks"
    stacks.mkdir()
    (folder / "Pulumi.yaml").write_text("name: moorings\nstackConfigDir: stacks\n")
    (stacks / "Pulumi.test.yaml").write_text(STACK_FILE)
    (stacks / "_base.yaml").write_text(
        "config:\n  moorings:stack:\n    registry:\n      public_network_access: Enabled\n"
    )
    found = resource(token, "urn:found", name, {}, parent=above.urn)
    places = of_program(folder, "test", Graph([PLATFORM, above, found]))
    return places.of(Finding("TINY-001", "urn:found", "fail", path=path))


REGISTRY = component("moorings:registry:Registry", "contoso-test-registry")
WEST = component("moorings:network:Network", "contoso-test-network-westeurope")
REACHED = component("moorings:private_endpoint:PrivateEndpoint", "contoso-test-endpoint-westeurope")


@pytest.mark.parametrize(
    ("above", "token", "name", "path", "line"),
    [
        (WEST, NETWORK_TOKEN, "contoso-test-network-westeurope-vnet", None, 8),
        (WEST, NETWORK, "contoso-test-network-westeurope-nsg-registry", None, 11),
        (REGISTRY, "azure-native:containerregistry:Registry", "contoso-test-registry-registry", None, 12),
        (REGISTRY, "azure-native:containerregistry:Registry", "contoso-test-registry-registry", "adminUserEnabled", 14),
        (REGISTRY, REPLICATION, "contoso-test-registry-replica-westeurope", None, 16),
        (REACHED, ENDPOINT, "contoso-test-endpoint-westeurope-endpoint", None, 18),
    ],
)
def test_a_resource_is_mended_where_the_stack_file_states_it(
    tmp_path: Path, above: Resource, token: str, name: str, path: str | None, line: int
) -> None:
    assert line_of(tmp_path, above, token, name, path) == ("stacks/Pulumi.test.yaml", line)


def test_what_the_base_states_is_mended_there(tmp_path: Path) -> None:
    token = "azure-native:containerregistry:Registry"
    found = line_of(tmp_path, REGISTRY, token, "contoso-test-registry-registry", "publicNetworkAccess")
    assert found == ("stacks/_base.yaml", 4)


def test_a_plain_program_is_mended_where_it_registers_the_resource(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.test.yaml").write_text("config:\n  plain:colour: red\n")
    plain = resource("azure-native:network:VirtualNetwork", "urn:v", "v", {}, source="__main__.py#12")
    places = of_program(tmp_path, "test", Graph([plain]))
    assert places.of(Finding("TINY-001", "urn:v", "fail")) == ("__main__.py", 12)


def test_what_nothing_places_is_at_the_stack_files_start(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.test.yaml").write_text("config: {}\n")
    assert of_program(tmp_path, "test", Graph([make("v")])).of(Finding("TINY-001", make("v").urn, "fail")) == (
        "Pulumi.test.yaml",
        1,
    )


def test_a_finding_that_names_its_own_place_is_mended_there_if_that_is_in_the_program(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.test.yaml").write_text("config: {}\n")
    places = of_program(tmp_path, "test", Graph([make("v")]))
    found = Finding("TINY-001", make("v").urn, "fail", place=(tmp_path / "policies" / "exemptions.yaml", 7))
    assert places.of(found) == ("policies/exemptions.yaml", 7)
    assert places.of(replace(found, place=(tmp_path.parent / "exemptions.yaml", 7))) is None


def test_a_program_without_a_stack_file_has_no_places(tmp_path: Path) -> None:
    assert of_program(tmp_path, "test", Graph([])).of(Finding("TINY-001", "urn:x", "fail")) is None
