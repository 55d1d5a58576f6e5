"""Each component beside resources of somebody else's, in one program: applied, changed in place, and destroyed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from package.faces import FACES
from tests.engine import Rehearsal, change_yaml
from tests.go_tools import yaml_host
from tests.package.programs import example

pytestmark = pytest.mark.engine

PROGRAM = Path(__file__).parent / "every"
CHANGES = (
    ("ingress: { targetPort: 8080 }", "ingress: { targetPort: 8081 }"),
    ("hosts: [github.com]", "hosts: [github.com, gitlab.com]"),
    ("replicas: { northeurope: {} }", "replicas: { northeurope: { globalRouting: false } }"),
    ("      executors: [run]", "      executors: [run]\n      cooldownSeconds: 600"),
    ("mode: System, count: 3", "mode: System, count: 4"),
)
CHANGED = (
    "app:ContainerApp",
    "app:ContainerAppsSessionPool",
    "containerregistry:Replication",
    "containerservice:ManagedCluster",
    "network:FirewallPolicyRuleCollectionGroup",
)
"""The resource of each change, by its type in the provider."""


@pytest.fixture
def every(tmp_path: Path) -> Iterator[Rehearsal]:
    with example(tmp_path, str(PROGRAM), yaml_host().parent) as running:
        yield running


def test_the_program_has_each_component_that_takes_a_spec() -> None:
    text = (PROGRAM / "Pulumi.yaml").read_text(encoding="utf-8")
    assert [face.token for face in FACES if f"type: {face.token}\n" not in text] == []


def test_every_component_is_wired_with_outputs_changes_in_place_and_leaves_nothing(every: Rehearsal) -> None:
    # In a preview, ids of networks, identities and registries are not known.
    previewed = every.preview()
    assert previewed.code == 0, previewed.output
    created = every.up()
    assert created.code == 0, created.output
    assert created.changes == previewed.changes
    again = every.up()
    assert (again.code, again.changes) == (0, {}), again.output
    for old, new in CHANGES:
        change_yaml(every, old, new)
    changed = every.up()
    assert changed.code == 0, changed.output
    steps = Counter((operation, kind.partition(":")[2]) for operation, kind, _ in changed.steps)
    assert steps == Counter(("update", kind) for kind in CHANGED)
    assert every.destroy().changes == {"delete": created.changes["create"]}
    # Key Vault keeps what is deleted until its retention ends [KV-ARM].
    assert [each for each in every.ids() if "/deletedVaults/" not in each] == []
