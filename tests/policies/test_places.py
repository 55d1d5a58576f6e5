"""The line to change for a finding: that of the stack file which made the resource, or that of the program."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from policies.model import Finding, Graph, Resource
from policies.normalisation import resource
from policies.places import Places, of_program
from tests.policies.builders import NETWORK_TOKEN, REGISTRY_TOKEN, make

STACK_FILE = """\
config:
  moorings:stack:
    name: contoso
    environment: test
    networks:
      eastus:
        address_space: [10.0.0.0/16]
        subnets:
          registry: {prefix: 10.0.0.0/27}
      westeurope:
        address_space: [10.1.0.0/16]
        subnets:
          registry: {prefix: 10.1.0.0/27}
          nodes:
            prefix: 10.1.1.0/24
    registry:
      name: contoso
      admin_user_enabled: true
      replicas:
        westeurope: {}
      private_endpoints:
        westeurope: {network: westeurope}
    clusters:
      west-1:
        network: westeurope
        pools:
          apps: {max_pods: 10}
"""
NETWORK = "azure-native:network:NetworkSecurityGroup"
REPLICATION = "azure-native:containerregistry:Replication"
ENDPOINT = "azure-native:network:PrivateEndpoint"
CLUSTER = "azure-native:containerservice:ManagedCluster"
STORAGE = "azure-native:storage:StorageAccount"


def described(folder: Path, *resources: Resource) -> Places:
    """Places in a project with a stack file over a base file."""
    stacks = folder / "stacks"
    stacks.mkdir(parents=True)
    (folder / "Pulumi.yaml").write_text("name: moorings\nstackConfigDir: stacks\n")
    (stacks / "Pulumi.test.yaml").write_text(STACK_FILE)
    (stacks / "_base.yaml").write_text(
        "config:\n  moorings:stack:\n    registry:\n      public_network_access: Enabled\n"
    )
    return of_program(folder, "test", Graph(resources))


def found(token: str, name: str, **inputs: object) -> Resource:
    return resource(token, "urn:found", name, inputs)


@pytest.mark.parametrize(
    ("token", "name", "path", "line"),
    [
        (NETWORK_TOKEN, "contoso-test-network-westeurope-vnet", None, 10),
        (NETWORK_TOKEN, "contoso-test-network-westeurope-vnet", "addressSpace.addressPrefixes", 11),
        (NETWORK, "contoso-test-network-westeurope-nsg-registry", None, 13),
        (REGISTRY_TOKEN, "contoso-test-registry-registry", None, 16),
        (REGISTRY_TOKEN, "contoso-test-registry-registry", "adminUserEnabled", 18),
        (REPLICATION, "contoso-test-registry-replica-westeurope", None, 20),
        (ENDPOINT, "contoso-test-endpoint-westeurope-endpoint", None, 22),
        (CLUSTER, "contoso-test-cluster-west-1-cluster", None, 24),
        ("azure-native:containerservice:AgentPool", "contoso-test-cluster-west-1-apps-pool", "maxPods", 27),
    ],
)
def test_a_resource_leads_to_the_line_that_made_it(
    tmp_path: Path, token: str, name: str, path: str | None, line: int
) -> None:
    places = described(tmp_path, found(token, name))
    assert places.of(Finding("TINY-001", "urn:found", "fail", path=path)) == ("stacks/Pulumi.test.yaml", line)


def test_an_inline_subnet_leads_to_the_line_of_its_name(tmp_path: Path) -> None:
    subnets = [{"name": "nodes", "addressPrefix": "10.1.1.0/24"}, {"name": "registry", "addressPrefix": "10.1.0.0/27"}]
    network = found(NETWORK_TOKEN, "contoso-test-network-westeurope-vnet", subnets=subnets)
    places = described(tmp_path, network)
    assert places.of(Finding("TINY-001", "urn:found", "fail", path="subnets.0.addressPrefix")) == (
        "stacks/Pulumi.test.yaml",
        15,
    )
    assert places.of(Finding("TINY-001", "urn:found", "fail", path="subnets.1.addressPrefix")) == (
        "stacks/Pulumi.test.yaml",
        13,
    )


def test_what_the_base_states_leads_to_the_base(tmp_path: Path) -> None:
    places = described(tmp_path, found(REGISTRY_TOKEN, "contoso-test-registry-registry"))
    assert places.of(Finding("TINY-001", "urn:found", "fail", path="publicNetworkAccess")) == ("stacks/_base.yaml", 4)


def test_a_similar_name_that_no_section_makes_is_at_the_start_of_the_file(tmp_path: Path) -> None:
    """Words of a name do not decide: the registry's storage account is not the registry."""
    places = described(tmp_path, found(STORAGE, "westeurope-registry-replicas"))
    assert places.of(Finding("TINY-001", "urn:found", "fail")) == ("stacks/Pulumi.test.yaml", 1)


def test_a_program_of_another_kind_leads_to_its_own_line(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.test.yaml").write_text("config:\n  plain:colour: red\n")
    plain = resource(NETWORK_TOKEN, "urn:v", "v", {}, source="__main__.py#12")
    places = of_program(tmp_path, "test", Graph([plain]))
    assert places.of(Finding("TINY-001", "urn:v", "fail")) == ("__main__.py", 12)


def test_files_are_reported_from_the_repository_and_not_from_the_program(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    places = described(tmp_path / "infrastructure" / "azure", found(REGISTRY_TOKEN, "contoso-test-registry-registry"))
    assert places.of(Finding("TINY-001", "urn:found", "fail")) == ("infrastructure/azure/stacks/Pulumi.test.yaml", 16)
    plain = resource(NETWORK_TOKEN, "urn:v", "v", {}, source="__main__.py#12")
    other = of_program(tmp_path / "infrastructure" / "azure", "none", Graph([plain]))
    assert other.of(Finding("TINY-001", "urn:v", "fail")) == ("infrastructure/azure/__main__.py", 12)


def test_a_resource_without_a_known_line_is_at_the_start_of_the_stack_file(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.test.yaml").write_text("config: {}\n")
    assert of_program(tmp_path, "test", Graph([make("v")])).of(Finding("TINY-001", make("v").urn, "fail")) == (
        "Pulumi.test.yaml",
        1,
    )


def test_a_finding_on_a_file_has_its_place_there_if_the_file_is_in_the_repository(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.test.yaml").write_text("config: {}\n")
    places = of_program(tmp_path, "test", Graph([make("v")]))
    finding = Finding("TINY-001", make("v").urn, "fail", source=(tmp_path / "policies" / "exemptions.yaml", 7))
    assert places.of(finding) == ("policies/exemptions.yaml", 7)
    assert places.of(replace(finding, source=(tmp_path.parent / "exemptions.yaml", 7))) is None


def test_a_program_without_a_stack_file_has_no_places(tmp_path: Path) -> None:
    assert of_program(tmp_path, "test", Graph([])).of(Finding("TINY-001", "urn:x", "fail")) is None
