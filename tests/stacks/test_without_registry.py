"""A stack without a registry: networks, zones and workspaces of a hub, and what is refused for want of a registry."""

from collections.abc import Callable
from pathlib import Path

import pytest

from components.testing import Recording
from stacks import program
from stacks.loader import load
from stacks.neighbours import shared
from tests.stacks.stack_files import Files

Record = Callable[..., Recording]

HUB = """\
config:
  moorings:stack:
    name: contoso
    environment: hub
    location: westeurope
    networks:
      hub:
        location: westeurope
        address_space: [10.0.0.0/16]
        subnets:
          GatewaySubnet: {prefix: 10.0.0.0/27}
          AzureFirewallSubnet: {prefix: 10.0.1.0/26}
    firewalls:
      main: {network: hub}
    dns:
      zones:
        registry: {network: hub, links: [hub]}
    monitoring:
      workspaces: {central: {}}
"""
APPS = """\
    identities: {app: {}}
    container_apps:
      main:
        network: hub
        subnet: apps
        apps:
          web: {identity: app, containers: {web: {image: "web:1.0"}}}
"""
WITH_SUBNET = HUB.replace(
    "    firewalls:", "          apps: {prefix: 10.0.2.0/27, delegation: Microsoft.App/environments}\n    firewalls:"
)
MADE = "    registry: {name: contosohub, default_action: Allow, public_network_access: Enabled}\n"
THERE = "/subscriptions/s3/resourceGroups/rg-shared/providers/Microsoft.ContainerRegistry/registries/sharedacr"


def test_a_hub_without_a_registry_makes_what_it_states_and_exports_no_registry(record: Record, files: Files) -> None:
    stack = files.load(HUB)
    assert stack.warnings == ()
    recording = record(lambda: program.run(stack, {"MOORINGS_TIME_SCALE": "0"}))
    kinds = {found.type.rpartition(":")[2] for found in recording if found.custom}
    assert {"VirtualNetwork", "PrivateZone", "AzureFirewall", "Workspace"} <= kinds
    assert kinds.isdisjoint({"Registry", "PrivateEndpoint", "RoleAssignment"})
    assert not any("registry" in found.name for found in recording if found.type.endswith(":ResourceGroup"))
    exports = recording.exports
    assert [exports.get(key) for key in ("registry_id", "registry_principal_id", "endpoints", "pulls")] == [None] * 4
    assert set(exports["zones"]) == {"registry"}


def test_the_ledger_of_a_stack_without_a_registry_counts_what_else_takes_addresses(files: Files) -> None:
    rows = {row.subnet.name: row.need for row in files.load(WITH_SUBNET).plan.ledger}
    assert rows["GatewaySubnet"] == 0
    assert set(rows) == {"GatewaySubnet", "AzureFirewallSubnet", "apps"}


def test_an_app_in_a_stack_without_a_registry_is_refused_and_both_ways_out_are_taken(files: Files) -> None:
    (line,) = files.refusals(WITH_SUBNET + APPS)
    assert "container_apps.main.apps.web: pulls images from the registry, and this stack has none" in line
    assert "state registry.name to make one here, or registry.id for one that is made elsewhere" in line
    assert files.load(WITH_SUBNET + APPS + MADE).spec.registry is not None
    there = files.load(WITH_SUBNET + APPS + f"    registry: {{id: {THERE}}}\n")
    assert [grant.identity for grant in there.plan.grants.values()] == ["app"]


@pytest.mark.parametrize(
    ("section", "report"),
    [
        ("    identities: {ci: {}}\n    access: {push: {identity: ci, action: push}}\n", "access: grants roles on the registry"),
        ("    colocation: {exceptions: {eastus: far}}\n", "colocation.exceptions: is about the replicas of the registry"),
        ("    artifact_cache: {rules: {docker: {source: mcr.microsoft.com/dotnet/runtime, target: dotnet/runtime}}}\n",
         "artifact_cache: is part of the registry"),
    ],
)  # fmt: skip
def test_a_section_about_the_registry_is_refused_without_one(files: Files, section: str, report: str) -> None:
    (line,) = files.refusals(HUB + section)
    assert report in line


def test_the_registry_of_the_base_is_taken_away_by_null(files: Files) -> None:
    base = "config:\n  moorings:stack:\n    registry: {sku: Premium, headroom: 1}\n"
    assert files.load(HUB + "    registry: null\n", base=base).spec.registry is None


def test_stacks_without_a_registry_share_no_registry(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.hub.yaml").write_text(HUB, encoding="utf-8")
    other = HUB.replace("environment: hub", "environment: west").replace("10.0.", "10.9.")
    (tmp_path / "Pulumi.west.yaml").write_text(other, encoding="utf-8")
    assert shared({name: load(name, directory=tmp_path) for name in ("hub", "west")}, tmp_path) == {}
