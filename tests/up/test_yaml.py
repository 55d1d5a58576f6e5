"""A program in Pulumi YAML, which knows its types from the bridge's schema alone."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine import Rehearsal, change_yaml, rehearsal
from tests.go_tools import yaml_host
from tools import provider_plugin

pytestmark = pytest.mark.engine

PACKAGE = "azure-native_containerregistry_v20260301preview"
PROGRAM = f"""\
name: moorings
runtime: yaml
stackConfigDir: stacks
resources:
  group:
    type: azure-native:resources:ResourceGroup
    properties: {{resourceGroupName: rg-yaml, location: westeurope}}
  securityGroup:
    type: azure-native:network:NetworkSecurityGroup
    properties:
      resourceGroupName: ${{group.name}}
      networkSecurityGroupName: nsg-yaml
      securityRules:
        - name: https
          priority: 100
          direction: Inbound
          access: Allow
          protocol: Tcp
          sourceAddressPrefix: "*"
          sourcePortRange: "*"
          destinationAddressPrefix: "*"
          destinationPortRange: "443"
  network:
    type: azure-native:network:VirtualNetwork
    properties:
      resourceGroupName: ${{group.name}}
      virtualNetworkName: vnet-yaml
      addressSpace: {{addressPrefixes: [10.0.0.0/16]}}
      subnets:
        - name: apps
          addressPrefix: 10.0.1.0/24
          networkSecurityGroup: {{id: "${{securityGroup.id}}"}}
  zone:
    type: azure-native:privatedns:PrivateZone
    properties:
      resourceGroupName: ${{group.name}}
      privateZoneName: privatelink.azurecr.io
      location: global
  link:
    type: azure-native:privatedns:VirtualNetworkLink
    properties:
      resourceGroupName: ${{group.name}}
      privateZoneName: ${{zone.name}}
      virtualNetworkLinkName: link-yaml
      location: global
      registrationEnabled: false
      virtualNetwork: {{id: "${{network.id}}"}}
  registry:
    type: {PACKAGE}:containerregistry:Registry
    properties:
      resourceGroupName: ${{group.name}}
      registryName: yamlregistry
      sku: {{name: Premium}}
      regionalEndpoints: Enabled
variables:
  found:
    fn::invoke:
      function: azure-native:network:getNetworkSecurityGroup
      arguments: {{resourceGroupName: "${{group.name}}", networkSecurityGroupName: "${{securityGroup.name}}"}}
outputs:
  hostNames: ${{registry.regionalEndpointHostNames}}
  subnet: ${{network.subnets[0].name}}
  rule: ${{found.securityRules[0].destinationPortRange}}
"""


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rehearsal]:
    host = yaml_host()
    with rehearsal(tmp_path_factory.mktemp("yaml"), "") as created:
        (created.program / "__main__.py").unlink()
        (created.program / "Pulumi.yaml").write_text(PROGRAM, encoding="utf-8")
        folders = [str(created.engine.workspace.pulumi.absolute().parent), str(host.parent), os.environ.get("PATH", "")]
        created.engine.environment["PATH"] = os.pathsep.join(folders)
        created.engine.prepare()
        provider_plugin.install(created.engine.workspace.local / "home")
        # What `pulumi package add` writes for a YAML program: the declaration of the package.
        arguments = ("azure-native", "containerregistry", "v20260301preview")
        created.engine.query("package", "gen-sdk", *arguments, "--language", "yaml", "--local", "--out", "sdks")
        yield created


def test_a_property_that_the_schema_does_not_have_is_refused_before_anything_is_made(program: Rehearsal) -> None:
    change_yaml(program, "regionalEndpoints: Enabled", "regionalEndpoint: Enabled")
    refused = program.preview()
    change_yaml(program, "regionalEndpoint: Enabled", "regionalEndpoints: Enabled")
    assert refused.code != 0
    assert "regionalEndpoint" in refused.output
    assert "regionalEndpoints" in refused.output
    assert program.ids() == []


def test_the_program_is_applied_changes_nothing_afterwards_and_is_destroyed(program: Rehearsal) -> None:
    created = program.up()
    assert created.code == 0, created.output
    assert created.changes == {"create": 7}
    assert program.outputs() == {
        "hostNames": ["yamlregistry.westeurope.geo.azurecr.io"],
        "subnet": "apps",
        "rule": "443",
    }
    again = program.up()
    assert (again.code, again.changes, again.same) == (0, {}, 7), again.output
    assert program.destroy().changes == {"delete": 7}
    assert program.ids() == []


def test_the_declaration_holds_what_the_package_is_registered_with(program: Rehearsal) -> None:
    (declaration,) = Path(program.program / "sdks").rglob("*.yaml")
    text = declaration.read_text(encoding="utf-8")
    assert f"    name: {PACKAGE}\n" in text
    # base64 of the base64 text of {"module":"containerregistry","version":"v20260301preview"} [SDK-PARAMETER].
    value = (
        "ZXlKdGIyUjFiR1VpT2lKamIyNTBZV2x1WlhKeVpXZHBjM1J5ZVNJc0luWmxjbk5wYjI0aU9pSjJNakF5TmpBek1ERndjbVYyYVdWM0luMD0="
    )
    assert f"    value: {value}" in text
