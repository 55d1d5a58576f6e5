"""The parts of a rollout without the engine: step files, the control plane's question, and the user's own CLI."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from stacks.files import STACKS_VARIABLE
from stacks.loader import describe
from tools.engine import Workspace
from tools.preflight.arm import Arm
from tools.rollout.azure import AzureDeployment
from tools.rollout.control_plane import require
from tools.rollout.errors import RolloutError
from tools.rollout.report import differences
from tools.rollout.step_files import parsed, wanted, write_step

REGISTRY = "/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerRegistry/registries/contosopr"
RESOURCES = [
    {"type": "pulumi:pulumi:Stack"},
    {
        "type": "azure-native_containerregistry_v20260301preview:containerregistry:Registry",
        "id": REGISTRY,
        "outputs": {"location": "eastus"},
    },
]
STACK_FILE = """\
secretsprovider: azurekeyvault://contoso.vault.azure.net/keys/pulumi
config:
  moorings:stack:
    name: contoso
    environment: pr
    location: eastus
    networks: {east: {location: eastus, address_space: [10.50.0.0/16], subnets: {registry: {size: /27}}}}
    container_apps: {east: {secret: {secure: "v1:abc:def"}, since: 2026-01-01}}
"""


class Replicas(Arm):
    """Azure with the replicas of one registry."""

    def __init__(self, **statuses: str) -> None:
        self._statuses = statuses

    def every(self, path: str, version: str) -> list[dict[str, Any]]:
        assert (path, version) == (f"{REGISTRY}/replications", "2025-11-01")
        return [
            {"location": region, "properties": {"status": {"displayStatus": status}}}
            for region, status in self._statuses.items()
        ]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    stacks = tmp_path / "stacks"
    stacks.mkdir()
    (stacks / "Pulumi.pr.yaml").write_text(STACK_FILE)
    return stacks


def test_nothing_is_started_while_the_home_region_is_down() -> None:
    with pytest.raises(RolloutError) as refused:
        require(Replicas(eastus="Unavailable", westeurope="Ready"), RESOURCES)
    assert "the home region eastus of registry contosopr is Unavailable" in str(refused.value)
    assert "Images can still be pulled from westeurope" in str(refused.value)


@pytest.mark.parametrize("statuses", [{}, {"eastus": "Ready", "westeurope": "Unavailable"}, {"eastus": "Syncing"}])
def test_the_outage_of_another_region_or_none_does_not_matter(statuses: dict[str, str]) -> None:
    require(Replicas(**statuses), RESOURCES)


def test_a_stack_without_a_registry_of_its_own_asks_nothing() -> None:
    require(Replicas(eastus="Unavailable"), RESOURCES[:1])


def test_the_file_of_a_step_is_read_as_its_description_with_the_keys_of_the_secrets(
    project: Path, tmp_path: Path
) -> None:
    description = wanted("pr", project)
    folder = tmp_path / "step"
    assert write_step(folder, "pr", description, project) == {STACKS_VARIABLE: str(folder)}
    assert describe("pr", directory=folder).data == description
    text = (folder / "Pulumi.pr.yaml").read_text()
    assert text.startswith('secretsprovider: "azurekeyvault://contoso.vault.azure.net/keys/pulumi"\n')


def test_a_recorded_description_is_written_out_as_that_of_the_file(project: Path) -> None:
    found = wanted("pr", project)
    recorded = json.dumps(
        found | {"networks": {"east": {**found["networks"]["east"], "subnets": {"registry": {"size": "/27"}}}}}
    )
    assert found["networks"]["east"]["subnets"]["registry"] == {"prefix": "10.50.0.0/27"}
    assert found["container_apps"]["east"] == {"secret": {"secure": "v1:abc:def"}, "since": "2026-01-01"}
    assert parsed(recorded) == found


def test_differences_are_paths_of_values_and_entries() -> None:
    before, after = {"a": {"b": 1, "c": [1]}, "d": 1}, {"a": {"b": 2, "c": [1]}, "e": {"f": 1}}
    assert list(differences(before, after)) == [("a", "b"), ("d",), ("e",)]


FAKE = """\
#!/bin/sh
echo "$@ [$MOORINGS_STACKS]" >> {log}
case "$1 $2" in
  "stack output") echo '{{"description": "{{}}"}}' ;;
  "stack export") echo '{{"version": 3, "deployment": {{}}}}' ;;
  *) exit {code} ;;
esac
"""


def deployment(project: Path, tmp_path: Path, *, code: int = 0, text: str = FAKE) -> tuple[AzureDeployment, Path]:
    """A deployment whose CLI writes down its command lines."""
    cli, log = tmp_path / "pulumi", tmp_path / "calls"
    cli.write_text(text.format(log=log, code=code))
    cli.chmod(0o755)
    here = Workspace(tmp_path, project, tmp_path / "local", cli)
    return AzureDeployment(here, "pr", lambda _: Replicas()), log


def test_the_record_is_read_with_the_users_own_backend(project: Path, tmp_path: Path) -> None:
    found, log = deployment(project, tmp_path)
    assert found.description() == "{}"
    assert log.read_text() == "stack output --json --show-secrets --stack pr --non-interactive []\n"


def test_a_step_is_applied_from_a_copy_of_its_file_and_the_last_one_from_the_projects(
    project: Path, tmp_path: Path
) -> None:
    found, log = deployment(project, tmp_path)
    folder = tmp_path / "step"
    variables = write_step(folder, "pr", wanted("pr", project), project)
    assert found.apply(folder, variables) == 0
    assert found.apply(project, {}) == 0
    assert log.read_text().splitlines() == [
        f"up --stack pr --yes --skip-preview --config-file {folder / 'engine.yaml'} [{folder}]",
        "up --stack pr --yes --skip-preview []",
    ]
    assert (folder / "engine.yaml").read_text() == (folder / "Pulumi.pr.yaml").read_text()


def test_the_exit_code_of_the_engine_is_returned(project: Path, tmp_path: Path) -> None:
    found, _ = deployment(project, tmp_path, code=3)
    assert found.apply(project, {}) == 3


def test_a_cli_that_fails_is_reported_with_its_last_line(project: Path, tmp_path: Path) -> None:
    found, _ = deployment(project, tmp_path, text="#!/bin/sh\necho 'error: no stack named pr' >&2\nexit 1\n")
    with pytest.raises(RolloutError, match="pulumi stack output failed for stack pr: error: no stack named pr"):
        found.description()
