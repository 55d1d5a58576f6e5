"""The pull-request check on the real engine: pulls that a change breaks, for good or for a while."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tools.branches import Branch
from tools.local_services import ROOT
from tools.pull_request.report import comment, console

pytestmark = pytest.mark.engine

BASE = """\
config:
  moorings:stack:
    name: contoso
    environment: pr
    location: eastus
    networks:
      eastus:
        address_space: [10.50.0.0/16]
        subnets:
          registry: {prefix: 10.50.0.0/27, purpose: private_endpoints}
          apps: {prefix: 10.50.2.0/25, delegation: Microsoft.App/environments}
    registry:
      name: contosopr
      regional_endpoints: true
      role_assignment_mode: LegacyRegistryPermissions
      private_endpoints:
        eastus: {network: eastus, subnet: registry}
    identities:
      puller: {location: eastus}
    container_apps:
      eastus:
        network: eastus
        subnet: apps
        apps:
          web:
            identity: puller
            endpoint: regional
            containers: {web: {image: "team-a/web:1"}}
            ingress: {target_port: 8080}
"""


@pytest.fixture(autouse=True)
def _toolkit_is_importable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))


def test_the_mode_before_the_grants_is_red_and_names_the_app_and_the_writes(tmp_path: Path) -> None:
    branch = Branch(tmp_path, BASE)
    branch.change(("LegacyRegistryPermissions", "AbacRepositoryPermissions"))
    outcome = branch.rehearse()
    (refused,) = [line for line in outcome.refusals if line.startswith("MOOR-CHG-007")]
    assert "container app web cannot pull contosopr.eastus.geo.azurecr.io/team-a/web:1, because" in refused
    assert "from PUT Microsoft.ContainerRegistry/registries contosopr until PUT Microsoft.Authorization/" in refused
    assert not any(line.startswith("MOOR-CHG-006") for line in outcome.refusals)
    assert outcome.pulls == "pulls: 1 of 1 work"
    assert "  pulls: 1 of 1 work after the change" in list(console(outcome))
    assert "MOOR-CHG-007" in comment([outcome])


def test_regional_endpoints_off_are_red_until_the_app_names_the_global_host(tmp_path: Path) -> None:
    branch = Branch(tmp_path, BASE)
    branch.change(("regional_endpoints: true", "regional_endpoints: false"), ("endpoint: regional", "endpoint: global"))
    outcome = branch.rehearse()
    (refused,) = [line for line in outcome.refusals if line.startswith("MOOR-CHG-007")]
    assert "regional endpoints are disabled" in refused
    assert "until PUT Microsoft.App/containerApps web" in refused
