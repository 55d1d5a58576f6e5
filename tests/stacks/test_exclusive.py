"""Which subnets and security rules a stack made."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from components.network.others import Member
from stacks.exclusive import members, stated_routes, stated_rules
from stacks.loader import Stack, load
from stacks.previous import Previous, parse

TEXT = """
config:
  moorings:stack:
    name: fabrikam
    environment: prod
    location: eastus
    networks:
      hub:
        location: eastus
        address_space: [10.40.0.0/16]
        subnets:
          GatewaySubnet: {prefix: 10.40.1.0/27}
          apps:
            prefix: 10.40.0.0/27
            security_rules:
              web:
                {priority: 100, direction: Inbound, access: Allow, source: Internet, destination: "*", destination_ports: ["443"]}
    registry: {name: fabrikamprod}
"""
NSG = "azure-native:network:NetworkSecurityGroup"


def stack(tmp_path: Path, text: str = TEXT) -> Stack:
    (tmp_path / "Pulumi.prod.yaml").write_text(text, encoding="utf-8")
    return load("prod", directory=tmp_path)


def held(outputs: dict[str, Any]) -> Previous:
    created = {f"urn:pulumi:prod::moorings::{NSG}::p-network-hub-nsg-{key}": {"type": NSG} for key in ("apps", "old")}
    return parse(
        {
            "urn:pulumi:prod::moorings::pulumi:pulumi:Stack::s": {"type": "pulumi:pulumi:Stack", "outputs": outputs},
            **created,
        }
    )


def test_a_subnet_with_a_security_group_in_the_state_was_made_by_this_stack(tmp_path: Path) -> None:
    found = members("p", stack(tmp_path).spec, held({}))
    assert found["p-network-hub-vnet"] == Member("networks.hub.subnets", "networks.hub", frozenset({"apps", "old"}))


def test_the_rules_that_were_exported_were_made_by_this_stack(tmp_path: Path) -> None:
    spec = stack(tmp_path).spec
    assert stated_rules(spec) == {"hub": {"apps": ["web"]}}
    path = "networks.hub.subnets.apps.security_rules"
    recorded = members("p", spec, held({"security_rules": {"hub": {"apps": ["web", "old"]}}}))
    assert recorded["p-network-hub-nsg-apps"] == Member(path, "networks.hub", frozenset({"web", "old"}))
    assert members("p", spec, held({}))["p-network-hub-nsg-apps"] == Member(path, "networks.hub", None)


def test_a_reserved_subnet_has_no_group_to_look_at(tmp_path: Path) -> None:
    assert set(members("p", stack(tmp_path).spec, held({}))) == {"p-network-hub-vnet", "p-network-hub-nsg-apps"}


def test_an_exclusive_network_is_not_looked_at(tmp_path: Path) -> None:
    exclusive = TEXT.replace("address_space:", "exclusive: true\n        address_space:")
    assert members("p", stack(tmp_path, exclusive).spec, held({})) == {}


ROUTED = """    route_tables:
      spoke: {routes: {default: {prefix: 0.0.0.0/0, address: 10.40.0.4}}}
      theirs: {id: /subscriptions/s/resourceGroups/g/providers/Microsoft.Network/routeTables/rt}
"""


def test_the_routes_that_were_exported_were_made_by_this_stack(tmp_path: Path) -> None:
    spec = stack(tmp_path, TEXT + ROUTED).spec
    assert stated_routes(spec) == {"spoke": ["default"]}
    found = members("p", spec, held({"routes": {"spoke": ["default", "old"]}}))
    entry = ("route_tables.spoke.routes", "route_tables.spoke")
    assert found["p-route-table-spoke-table"] == Member(*entry, frozenset({"default", "old"}))
    assert "p-route-table-theirs-table" not in found
    # A stack that is older than the record is reported by its inputs.
    assert members("p", spec, held({}))["p-route-table-spoke-table"] == Member(*entry)


def test_an_exclusive_route_table_has_nothing_but_what_the_file_states(tmp_path: Path) -> None:
    text = TEXT + ROUTED.replace("{routes:", "{exclusive: true, routes:")
    assert "p-route-table-spoke-table" not in members("p", stack(tmp_path, text).spec, held({}))
