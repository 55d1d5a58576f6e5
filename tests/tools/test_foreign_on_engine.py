"""Programs of others on the engine: one that comes and goes, and one that stops."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tools.test_foreign import PLACEHOLDER
from tools.foreign import programs
from tools.foreign.trial import STEPS, Trial, run
from tools.local_services import ROOT
from tools.provision import cli

pytestmark = pytest.mark.engine

BALANCED = """
import pulumi
from pulumi_azure_native import compute, network, resources

size = pulumi.Config().require_int("size")
group = resources.ResourceGroup("group")
address = network.PublicIPAddress(
    "address", resource_group_name=group.name, sku={"name": "Standard"}, public_ip_allocation_method="Static"
)
balancer = network.LoadBalancer(
    "balancer",
    resource_group_name=group.name,
    frontend_ip_configurations=[{"name": "front", "public_ip_address": {"id": address.id}}],
)
compute.Disk("disk", resource_group_name=group.name, creation_data={"create_option": "Empty"}, disk_size_gb=size)
pulumi.export("front", balancer.frontend_ip_configurations[0].id)
"""


def tried(folder: Path, text: str, config: dict[str, object]) -> Trial:
    theirs = folder / "theirs"
    theirs.mkdir()
    (theirs / "Pulumi.yaml").write_text(f"name: {PLACEHOLDER}\nruntime: python\n", encoding="utf-8")
    (theirs / "__main__.py").write_text(text, encoding="utf-8")
    (program,) = programs.find(theirs)
    return run(program, folder / "work", cli.chosen(ROOT), {"theirs": config})


def test_a_program_of_types_without_rules_comes_and_goes(tmp_path: Path) -> None:
    trial = tried(tmp_path, BALANCED, {"size": 8})
    assert (trial.results, trial.stopped) == (dict.fromkeys(STEPS, "ok"), "")
    assert trial.unruled >= {"Microsoft.Compute/disks", "Microsoft.Network/loadBalancers"}
    # The engine shortens what it shows of an output.
    assert "/frontendIP" in (tmp_path / "work" / "up.log").read_text(encoding="utf-8")


def test_a_program_that_misses_its_configuration_stops_with_what_it_misses(tmp_path: Path) -> None:
    trial = tried(tmp_path, BALANCED, {})
    assert trial.results == {"preview": "failed"}
    assert "theirs:size" in trial.stopped
