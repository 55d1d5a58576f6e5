"""The pull-request check of a program written on azure-native alone, on the real engine: edits that are replacements."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from tests.tools.branches import Branch
from tools.local_services import ROOT

pytestmark = pytest.mark.engine

PROGRAM = """\
import pulumi
import pulumi_azure_native as azure_native

config = pulumi.Config()
group = azure_native.resources.ResourceGroup("group", resource_group_name="rg-plain")
network = azure_native.network.VirtualNetwork(
    "network",
    resource_group_name=group.name,
    virtual_network_name="vnet-plain",
    address_space={"address_prefixes": ["10.0.0.0/16"]},
    subnets=[
        {
            "name": name,
            "address_prefix": prefix,
            "delegations": [{"name": "apps", "service_name": "Microsoft.App/environments"}],
        }
        for name, prefix in (("first", "10.0.0.0/23"), ("second", "10.0.2.0/23"))
    ],
)
environment = azure_native.app.ManagedEnvironment(
    "environment",
    resource_group_name=group.name,
    environment_name="cae-plain",
    zone_redundant=config.require_bool("zones"),
    vnet_configuration={
        "infrastructure_subnet_id": pulumi.Output.concat(network.id, "/subnets/", config.require("subnet")),
        "internal": True,
    },
    workload_profiles=[{"name": "Consumption", "workload_profile_type": "Consumption"}],
)
azure_native.app.ContainerApp(
    "app",
    resource_group_name=group.name,
    container_app_name="app-plain",
    environment_id=environment.id,
    template={
        "containers": [
            {"name": "main", "image": "mcr.microsoft.com/k8se/quickstart:latest", "resources": {"cpu": 0.25, "memory": "0.5Gi"}}
        ]
    },
)
"""
STACK = 'config: {azure-native:location: eastus, moorings:zones: "false", moorings:subnet: first}\n'
APPROVED = """\
approvals:
  - rule: MOOR-CHG-001
    resource: environment
    reason: the environment moves, and its app may be away meanwhile
    owner: platform@contoso.example
    expires: {expires}
"""


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [('zones: "false"', 'zones: "true"', "zoneRedundant"), ("subnet: first", "subnet: second", "vnetConfiguration")],
    ids=["zone redundancy", "subnet"],
)
def test_what_is_fixed_in_an_environment_is_replaced_and_needs_an_approval(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: str, after: str, reason: str
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    branch = Branch(tmp_path, STACK, PROGRAM)
    branch.change((before, after))
    outcome = branch.rehearse()
    assert outcome.start.endswith("of main")
    assert outcome.changes["replace"] >= 1
    (step,) = (each for each in outcome.steps if each.name == "environment")
    assert step.op == "create-replacement"
    assert step.differences[0].startswith(reason)
    assert step.differences[0].endswith("(forces replacement)")
    (refused,) = outcome.refusals
    assert refused.startswith("MOOR-CHG-001 environment: ")
    assert f"is replaced (changed: {reason}" in refused
    assert "approve MOOR-CHG-001 for environment in policies/approvals.yaml" in refused


def test_an_approval_beside_the_program_lets_the_replacement_pass(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    branch = Branch(tmp_path, STACK, PROGRAM)
    branch.change(("subnet: first", "subnet: second"))
    (branch.root / "policies").mkdir()
    expires = datetime.datetime.now(tz=datetime.UTC).date() + datetime.timedelta(days=7)
    (branch.root / "policies" / "approvals.yaml").write_text(APPROVED.format(expires=expires), encoding="utf-8")
    outcome = branch.rehearse()
    assert outcome.refusals == []
    assert outcome.changes["replace"] == 2
