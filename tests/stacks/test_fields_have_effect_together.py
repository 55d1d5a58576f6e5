"""A stated value has an effect, or a message names it, also where another field of its section has another value."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError
from ruamel.yaml import YAML

from stacks.loader import Stack
from tests.stacks.test_fields_have_effect import Keys, changed, create, fields, has_effect, loaded, name_of, others

BASE = """
name: contoso
environment: test
location: eastus
networks:
  eastus:
    location: eastus
    address_space: [10.50.0.0/16]
    subnets:
      apps: {prefix: 10.50.1.0/24, delegation: Microsoft.App/environments}
      groups: {prefix: 10.50.2.0/27, delegation: Microsoft.ContainerInstance/containerGroups}
registry: {name: contosotest, public_network_access: Enabled, default_action: Deny, ip_rules: [203.0.113.7]}
identities: {p: {}}
monitoring: {workspaces: {main: {}}}
"""
APPS = "apps: {web: {identity: p, containers: {web: {image: 'a/b:1'}}, ingress: {target_port: 80}}}"
SECTIONS = {
    "IngressSpec": f"container_apps: {{main: {{network: eastus, subnet: apps, diagnostics: {{workspace: main}}, {APPS}}}}}",
    "SessionPoolSpec": "session_pools: {py: {type: Python, location: eastus}}",
    "AgentEgressSpec": "agents: {a: {identity: p, location: eastus2, egress: {mode: limited, hosts: [a.example.com]}}}",
    "ContainerGroupSpec": "container_groups: {g: {network: eastus, subnet: groups, identity: p, "
    "containers: {m: {image: 'a/b:1', ports: [80]}}}}",
}


def accepted(data: Any) -> Stack | None:
    try:
        return loaded(data)
    except ValidationError:
        return None


def silent(data: Any, before: Stack, section: str, condition: Keys) -> list[tuple[str, str]]:
    there = create(before)
    return [
        (name_of(kind), field)
        for path, kind, field, info, value in fields(before.spec)
        if kind.__name__ == section and path != condition and (values := others(info, value)[:1])
        if not has_effect(data, path, values, before, there)
    ]


@pytest.mark.parametrize("section", SECTIONS)
def test_no_value_is_taken_in_silence_beside_another_value(section: str) -> None:
    yaml = YAML(typ="safe")
    data = yaml.load(BASE) | yaml.load(SECTIONS[section])
    found: dict[str, list[tuple[str, str]]] = {}
    for path, kind, _, info, value in fields(loaded(data).spec):
        if kind.__name__ != section or (isinstance(value, int) and not isinstance(value, bool)):
            continue
        for other in others(info, value):
            beside = changed(data, path, other)
            before = accepted(beside)
            if before is not None:
                found[f"{path[-1]}: {other}"] = silent(beside, before, section, path)
    assert found, "no other value is accepted: nothing was tried"
    assert {condition: names for condition, names in found.items() if names} == {}
