"""A stack that uses what others make, on a new machine: `up`, `down` and the pull-request check, with stand-ins."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tools.branches import Branch, project_of
from tools.local_services import ROOT, resource_ids
from tools.stack import outputs_file, run

pytestmark = pytest.mark.engine

THEIRS = "/subscriptions/00000000-0000-0000-0000-000000000002/resourceGroups"
NETWORK = f"{THEIRS}/rg-hub/providers/Microsoft.Network/virtualNetworks/vnet-hub"
ZONE = f"{THEIRS}/rg-dns/providers/Microsoft.Network/privateDnsZones/privatelink.azurecr.io"
PULLER = f"{THEIRS}/rg-ids/providers/Microsoft.ManagedIdentity/userAssignedIdentities/puller"
LOGS = f"{THEIRS}/rg-logs/providers/Microsoft.OperationalInsights/workspaces/central"
REGISTRY = f"{THEIRS}/rg-shared/providers/Microsoft.ContainerRegistry/registries/sharedacr"
WORK = f"""\
config:
  moorings:stack:
    name: fabrikam
    environment: work
    location: westeurope
    networks:
      hub:
        location: westeurope
        id: {NETWORK}
        address_space: [10.0.0.0/16]
        subnets:
          endpoints: {{purpose: private_endpoints, free_addresses: 20}}
      spoke:
        location: westeurope
        address_space: [10.2.0.0/16]
        subnets:
          apps: {{prefix: 10.2.1.0/26, delegation: Microsoft.App/environments}}
          registry: {{prefix: 10.2.0.0/26, purpose: private_endpoints}}
    dns:
      zones:
        central: {{id: "{ZONE}", links: [spoke]}}
    monitoring:
      workspaces:
        logs: {{id: {LOGS}}}
    identities:
      puller: {{id: {PULLER}}}
    container_apps:
      main:
        network: spoke
        subnet: apps
        diagnostics: {{workspace: logs}}
        apps:
          web: {{identity: puller, containers: {{web: {{image: "web:1.0"}}}}}}
    registry:
      id: {REGISTRY}
      replicas: {{northeurope: {{}}}}
      private_endpoints:
        spoke: {{network: spoke, subnet: registry, dns_zones: [central]}}
"""
"""A workload: its network, its endpoint and its app; everything else is made elsewhere."""


def test_a_workload_alone_comes_up_with_stand_ins_stays_and_goes_without_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    workspace = project_of(tmp_path, "work", WORK)
    variables = {"PYTHONPATH": str(ROOT)}

    assert run("up", workspace, "work", variables=variables) == 0
    report = capsys.readouterr().out
    assumed = [
        line.removeprefix("moorings: assumed: ").split(" ")[0] for line in report.splitlines() if "assumed: " in line
    ]
    assert assumed == ["vnet-hub", "sharedacr", "privatelink.azurecr.io", "puller", "central"]
    assert "moorings: pulls: 1 of 1 work" in report
    assert outputs_file(workspace, "work").exists()
    standing = {NETWORK, ZONE, PULLER, LOGS, REGISTRY, f"{REGISTRY}/replications/northeurope"}
    assert standing < set(resource_ids(workspace.local / "azure"))

    assert run("up", workspace, "work", variables=variables) == 0
    again = capsys.readouterr().out
    assert "assumed: " not in again
    assert "unchanged" in again
    assert not [word for word in (" created", " updated", " deleted") if word in again.partition("Resources:")[2]]

    assert run("down", workspace, "work", variables=variables) == 0
    left = set(resource_ids(workspace.local / "azure"))
    assert standing < left
    assert not [each for each in left if "fabrikam" in each or "00000001" in each]


def test_a_pull_request_is_rehearsed_with_stand_ins_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    branch = Branch(tmp_path, WORK)
    entry = f"puller: {{id: {PULLER}}}\n"
    pusher = PULLER.replace("puller", "pusher")
    grant = "    access: {push: {identity: pusher, action: push}}\n"
    branch.change((entry, f"{entry}      pusher: {{id: {pusher}}}\n{grant}"))
    outcome = branch.rehearse()
    assert outcome.start.endswith("of main")
    assert outcome.refusals == []
    assert outcome.applied == "yes"
    assumed = [note.split(" ")[1] for note in outcome.notes if note.startswith("assumed: ")]
    # What the base uses, and then what only the branch does.
    assert assumed == ["vnet-hub", "sharedacr", "privatelink.azurecr.io", "puller", "central", "pusher"]
