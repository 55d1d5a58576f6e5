"""Stand-ins for clusters, environments, ways out and resource groups that a stack uses and others make."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tools.branches import project_of
from tools.local_services import ROOT, resource_ids
from tools.stack import run

pytestmark = pytest.mark.engine

OWN = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups"
THEIRS = "/subscriptions/00000000-0000-0000-0000-000000000002/resourceGroups"
GROUP = f"{OWN}/rg-spokes"
TABLE = f"{OWN}/rg-hub/providers/Microsoft.Network/routeTables/rt-spokes"
NETWORK = f"{THEIRS}/rg-aks/providers/Microsoft.Network/virtualNetworks/vnet-aks"
CLUSTER = f"{THEIRS}/rg-aks/providers/Microsoft.ContainerService/managedClusters/aks-shared"
ENVIRONMENT = f"{OWN}/rg-apps/providers/Microsoft.App/managedEnvironments/cae-shared"
WORK = f"""\
config:
  moorings:stack:
    name: fabrikam
    environment: work
    location: westeurope
    resource_groups:
      network-spoke: {{id: {GROUP}}}
    networks:
      aks:
        location: westeurope
        id: {NETWORK}
        subnets:
          nodes: {{free_addresses: 200}}
      spoke:
        location: westeurope
        address_space: [10.2.0.0/16]
        subnets:
          registry: {{prefix: 10.2.0.0/26, purpose: private_endpoints}}
          jobs: {{prefix: 10.2.1.0/26, route_table: {TABLE}}}
    registry:
      name: fabrikamwork
      protect: false
      private_endpoints:
        spoke: {{network: spoke, subnet: registry}}
    identities: {{web: {{}}}}
    clusters:
      shared:
        id: {CLUSTER}
        network: aks
        workload_identities:
          web: {{identity: web, namespace: web, service_account: web}}
    container_apps:
      shared:
        id: {ENVIRONMENT}
        profiles: {{d4: {{type: D4}}}}
        apps:
          web: {{identity: web, profile: d4, containers: {{web: {{image: "web:1.0"}}}}}}
"""


def test_a_workload_on_shared_compute_comes_up_stays_and_goes_without_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    workspace = project_of(tmp_path, "work", WORK)
    variables = {"PYTHONPATH": str(ROOT)}
    assert run("up", workspace, "work", variables=variables) == 0
    report = capsys.readouterr().out
    assumed = {line.partition("assumed: ")[2].split(" ")[0] for line in report.splitlines() if "assumed: " in line}
    assert assumed == {"vnet-aks", "aks-shared", "cae-shared", "rt-spokes", "rg-spokes"}
    standing = {GROUP, TABLE, NETWORK, CLUSTER, ENVIRONMENT}
    assert standing < set(resource_ids(workspace.local / "azure"))

    assert run("up", workspace, "work", variables=variables) == 0
    assert "unchanged" in capsys.readouterr().out
    assert run("down", workspace, "work", variables=variables) == 0
    assert standing < set(resource_ids(workspace.local / "azure"))
