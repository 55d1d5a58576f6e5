"""Every resource that a stack makes leads back to the part of the stack file that made it."""

from __future__ import annotations

from pathlib import Path

import pytest

from components.testing import Recording, run_recorded
from planning.endpoints import members
from planning.problems import Path as Keys
from stacks import program
from stacks.document import Document, read
from stacks.files import DIRECTORY
from stacks.loader import Stack, describe, load
from stacks.origins import ORIGINS, ROOT, origins
from stacks.spec import StackSpec
from tests.components.azure_answers import addressed, answers
from tests.stacks.systems import two_regions

UP = Path(__file__).parents[1] / "up"
EXAMPLES = {
    **{each.parent.name: (each, "test") for each in sorted(UP.glob("*/stacks"))},
    **{name: (DIRECTORY, name) for name in ("local", "dev", "prod")},
}
NO_RESOURCES = {
    "name",
    "environment",
    "location",
    "cloud",
    "tags",
    "tag_environment",
    "protect",
    "planning",
    "dns",
    "workloads",
    "image_policy",
    "image_endpoints",
    "colocation",
    "version_aliases",
    "engine_state",
}
"""Parts of a description from which no resource is named; zones of `dns` are found under their endpoints or their own key."""


FIELDS = {part for _, pattern in ORIGINS for part in pattern.split(".")}
"""Parts of paths that are fields; all others are keys, which are part of logical names."""


def document(directory: Path, name: str) -> Document:
    return describe(name, directory=directory).lifted(ROOT)


def recorded(stack: Stack) -> Recording:
    report = answers([addressed(members(stack.plan.shape))], f"{stack.spec.registry.name}.azurecr.io")
    return run_recorded(lambda: program.run(stack, {program.TIME_SCALE: "0"}), answers=report, preview=True)


def origin(found: dict[str, Keys], name: str) -> Keys:
    while name and name not in found:
        name = name.rpartition("-")[0]
    return found.get(name, ())


@pytest.mark.parametrize("example", [name for name in EXAMPLES if name != "container_instances"])
def test_every_resource_leads_to_a_stated_path_with_the_keys_in_its_name(example: str) -> None:
    directory, name = EXAMPLES[example]
    file = document(directory, name)
    found = origins(file)
    lost = []
    for each in recorded(load(name, directory=directory)):
        if not each.custom or each.type.startswith("pulumi:"):
            continue
        path = origin(found, each.name)
        keys = [part for part in path[len(ROOT) :] if part not in FIELDS]
        if len(path) == len(ROOT) or path not in file.places or not all(key in each.name for key in keys):
            lost.append((each.name, ".".join(path[len(ROOT) :])))
    assert lost == []


@pytest.mark.parametrize(
    ("example", "name", "path"),
    [
        ("prod", "contoso-prod-network-westeurope-nsg-registry", "networks.westeurope.subnets.registry"),
        ("prod", "contoso-prod-registry-replica-southeastasia", "registry.replicas.southeastasia"),
        ("prod", "contoso-prod-cluster-eastus-cluster", "clusters.eastus"),
        ("aks", "contoso-aks-cluster-east-account-api-credential", "clusters.east.workload_identities.api"),
        ("aks", "contoso-aks-cluster-west-apps-pool", "clusters.west.pools.apps"),
        ("container_apps", "contoso-apps-apps-main-nightly-job", "container_apps.main.jobs.nightly"),
        ("container_apps", "contoso-apps-apps-main-web-app", "container_apps.main.apps.web"),
        ("kubernetes", "contoso-k8s-virtual-nodes-west-nodes", "virtual_nodes.west"),
        ("kubernetes", "contoso-k8s-access-pull-burst", "identities.burst"),
        ("access", "contoso-access-access-auditors", "access.auditors"),
        ("max", "contoso-max-zone-shared-link-hub", "dns.zones.shared"),
        ("agents", "contoso-agents-tasks-isolated-hub-code", "task_schedulers.isolated.task_hubs.code"),
        ("container_instances", "contoso-cg-container-group-web-group", "container_groups.web"),
        ("container_instances", "contoso-cg-address-drift-host", "address_drift"),
    ],
)
def test_a_logical_name_leads_to_its_path(example: str, name: str, path: str) -> None:
    directory, stack = EXAMPLES[example]
    assert ".".join(origin(origins(document(directory, stack)), name)[len(ROOT) :]) == path


def test_every_section_that_makes_resources_has_an_origin() -> None:
    files = [*EXAMPLES.values(), (two_regions.FOLDER, "test")]
    found = {path[len(ROOT)] for each in files for path in _origins_in(*each).values() if len(path) > len(ROOT)}
    assert set(StackSpec.model_fields) - found - NO_RESOURCES == set()


def _origins_in(directory: Path, name: str) -> dict[str, Keys]:
    return origins(document(directory, name))


@pytest.mark.parametrize(
    "text", ["config: {}\n", "config:\n  plain:colour: red\n", "config:\n  moorings:stack: 3\n", "[]\n"]
)
def test_the_file_of_another_program_has_no_origins(tmp_path: Path, text: str) -> None:
    file = tmp_path / "Pulumi.test.yaml"
    file.write_text(text, encoding="utf-8")
    assert origins(read(file, file.name)) == {}
