"""What a stack exports of pulls that ARM does not know of."""

from __future__ import annotations

from typing import Any

import pytest

from components.testing import run_recorded
from planning.endpoints import members
from stacks import program
from stacks.files import DIRECTORY
from stacks.loader import load
from tests.components.azure_answers import addressed, answers

REGIONS = "    regions:\n"
WORKLOAD = '    workloads:\n      api: {clusters: [eastus, westeurope], image: "team-a/api:2"}\n'


@pytest.fixture(scope="module")
def exports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Stack prod with a workload in two of its clusters."""
    folder = tmp_path_factory.mktemp("stacks")
    for file in ("_base.yaml", "Pulumi.prod.yaml"):
        text = (DIRECTORY / file).read_text(encoding="utf-8")
        (folder / file).write_text(text.replace(REGIONS, WORKLOAD + REGIONS), encoding="utf-8")
    stack = load("prod", directory=folder)
    report = answers([addressed(members(stack.plan.shape))], "contosoprod.azurecr.io")
    return run_recorded(lambda: program.run(stack, {program.TIME_SCALE: "0"}), answers=report).exports


def test_workloads_pull_from_the_host_that_their_cluster_receives(exports: dict[str, Any]) -> None:
    created = exports["compute"]["clusters"]
    # Nobody tells the node images here, so that images are named with the global host [AKS-8].
    assert [(row["name"], row["from"], row["image"]) for row in exports["pulls"][:2]] == [
        (f"api in {key}", created[key]["id"], "contosoprod.azurecr.io/team-a/api:2") for key in ("eastus", "westeurope")
    ]


def test_sandboxes_pull_the_image_of_their_profile_as_the_groups_identity(exports: dict[str, Any]) -> None:
    groups, identities = exports["compute"]["sandbox_groups"], exports["identities"]
    assert exports["pulls"][2:] == [
        {
            "name": f"sandboxes in {region}",
            "from": groups[region]["id"],
            "identity": identities[f"puller-{region}"]["id"],
            "image": "contosoprod.azurecr.io/team-a/sandbox:3",
        }
        for region in ("eastus", "westeurope", "southeastasia")
    ]
