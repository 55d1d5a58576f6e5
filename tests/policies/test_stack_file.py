"""Facts that a stack file states already are not asked for again in the settings."""

from __future__ import annotations

from pathlib import Path

import pytest

from policies.configuration import Settings, select
from policies.preparation import prepare
from policies.rules import RULES
from policies.stack_file import declared, find

STACK_FILE = """\
config:
  moorings:stack:
    name: contoso
    environment: test
    networks:
      hub:
        id: /subscriptions/s/resourceGroups/hub/providers/Microsoft.Network/virtualNetworks/hub
        subnets:
          endpoints: {free_addresses: 20}
          other: {}
    colocation:
      exceptions: {westeurope: the team there pulls from a mirror}
"""
HUB = "/subscriptions/s/resourceGroups/hub/providers/Microsoft.Network/virtualNetworks/hub/subnets/endpoints"


def written(folder: Path, text: str = STACK_FILE) -> Path:
    (folder / "Pulumi.test.yaml").write_text(text, encoding="utf-8")
    return folder


def configured(folder: Path, rule: str, program: Path) -> object:
    (active,) = [each for each in prepare(folder, "test", RULES, program=program).active if each.rule.id == rule]
    return active.config.model_dump()


def test_exceptions_from_colocation_and_free_addresses_become_configuration(tmp_path: Path) -> None:
    assert declared(find(written(tmp_path), "test")) == {
        "MOOR-ACR-009": {"except_regions": ["westeurope"]},
        "MOOR-DOM-009": {"except_regions": ["westeurope"]},
        "MOOR-DOM-109": {"except_regions": ["westeurope"]},
        "MOOR-DOM-003": {"free": {HUB: 20}},
    }


def test_rules_are_configured_by_the_stack_file_and_settings_override_it(tmp_path: Path) -> None:
    written(tmp_path)
    (tmp_path / "settings.yaml").write_text("rules: {MOOR-DOM-009: {except_regions: [eastus]}}\n", encoding="utf-8")
    assert configured(tmp_path, "MOOR-DOM-003", tmp_path) == {"free": {HUB: 20}, "registry_made_elsewhere": None}
    assert configured(tmp_path, "MOOR-DOM-009", tmp_path) == {"except_regions": ("eastus",)}


def test_a_registry_made_elsewhere_states_how_many_addresses_an_endpoint_of_it_takes(tmp_path: Path) -> None:
    registry = (
        "    registry: {id: /subscriptions/s, replicas: {westus3: {}, northeurope: {}}, regional_endpoints: true}\n"
    )
    written(tmp_path, STACK_FILE + registry)
    # 1 for the global host, 3 for data, 3 for regional endpoints [ACR-7].
    assert configured(tmp_path, "MOOR-DOM-003", tmp_path) == {"free": {HUB: 20}, "registry_made_elsewhere": 7}
    assert configured(tmp_path, "MOOR-DOM-001", tmp_path) == {"headroom": 0, "registry_made_elsewhere": 7}


@pytest.mark.parametrize(
    "registry",
    [
        "{id: {stack: organization/moorings/images, output: registry_id}, name: fabrikamimages}",
        "{id: /subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerRegistry/registries/fabrikamimages}",
    ],
)
def test_images_of_a_registry_made_elsewhere_are_approved(tmp_path: Path, registry: str) -> None:
    written(tmp_path, f"{STACK_FILE}    registry: {registry}\n")
    assert configured(tmp_path, "MOOR-ACR-029", tmp_path) == {
        "hosts": ("mcr.microsoft.com",),
        "registries": ("fabrikamimages",),
    }


def test_a_fact_of_the_stack_file_enables_no_rule() -> None:
    active = select(RULES, Settings(profile="minimal"), None, {"MOOR-DOM-109": {"except_regions": ["westeurope"]}})
    assert "MOOR-DOM-109" not in {each.rule.id for each in active}


def test_the_file_of_another_program_states_nothing(tmp_path: Path) -> None:
    assert declared(find(written(tmp_path, "config:\n  plain:colour: red\n"), "test")) == {}
    assert declared(find(written(tmp_path, "config: [\n"), "test")) == {}
    assert declared(find(tmp_path, "none")) == {}
