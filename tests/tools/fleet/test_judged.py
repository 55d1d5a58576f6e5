"""The resources of a fleet before judges from outside: kustomize, the API server's validation, and the operator's definitions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from stacks.order import Order
from tests.tools.fleet.judge import flux_definitions, judgment, operator_definitions, written
from tests.tools.fleet.operator_fields import disagreements
from tests.tools.fleet.test_github import enterprise
from tests.tools.fleet.test_operator import EVERYTHING, REPOSITORY, SETTINGS
from tools.fleet.files import files
from tools.fleet.settings import Settings

COMMIT = "3f1c2a9b7d5e4f60718293a4b5c6d7e8f9012345"
READ_AS_OTHER_TYPES = (
    "on",
    "y",
    "No",
    "null",
    "~",
    "1e3",
    "0x1F",
    "0o17",
    "1_000",
    "12:30:45",
    "2026-11-29",
    ".5",
    "=",
    "<<",
    "",
)


def folder(to: Path, found: Order | None = None, commit: str | None = None, **settings: Any) -> Path:
    """Write the fleet of the enterprise example, or of another order."""
    stated = Settings(**{"repository": REPOSITORY, **settings})
    return written(files("operator", found or enterprise(), "moorings", stated, to, commit), to)


def changed(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize("settings", SETTINGS)
@pytest.mark.parametrize("commit", [None, COMMIT])
def test_the_definitions_of_the_operator_accept_every_stack(
    tmp_path: Path, settings: dict[str, Any], commit: str | None
) -> None:
    found = judgment(folder(tmp_path, None, commit, **settings), [operator_definitions()])
    assert found.problems == ()
    assert found.judged_by("Stack") == {"stacks.pulumi.com/v1"}


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("refresh: true", "refresh: sometimes", "spec.refresh: Invalid value"),
        ("refresh: true", "refesh: true", 'unknown field "spec.refesh"'),
        ("  stack: ", "  stak: ", "spec.stack: Required value"),
        ("workspaceReclaimPolicy: Delete", "workspaceReclaimPolicy: Never", 'Unsupported value: "Never"'),
        ("containers: []", "container: []", "spec.containers: Required value"),
        ("type: Secret", "kind: Secret", "type: Required value"),
    ],
)
def test_the_definitions_of_the_operator_refuse_what_is_wrong(tmp_path: Path, old: str, new: str, problem: str) -> None:
    target = folder(tmp_path)
    changed(target / "stacks" / "hub.yaml", old, new)
    found = judgment(target, [operator_definitions()])
    assert any(problem in line for line in found.problems), found.problems


def test_the_table_of_fields_agrees_with_the_definition_of_the_operator() -> None:
    [path] = operator_definitions().glob("pulumi.com_stacks.yaml")
    definition = YAML(typ="safe").load(path)
    [version] = [each for each in definition["spec"]["versions"] if each["name"] == "v1"]
    assert list(disagreements(version["schema"]["openAPIV3Schema"]["properties"]["spec"])) == []


def test_the_definition_of_flux_accepts_the_source_and_refuses_a_wrong_one(tmp_path: Path) -> None:
    definitions = [flux_definitions()]
    target = folder(tmp_path, **EVERYTHING)
    found = judgment(target, definitions)
    assert (found.problems, found.judged_by("GitRepository")) == (
        (),
        {"gitrepositories.source.toolkit.fluxcd.io/v1"},
    )
    changed(target / "source.yaml", "https://github.com", "git@github.com:")
    [problem] = judgment(target, definitions).problems
    assert problem.startswith("GitRepository moorings: spec.url: Invalid value")


def test_kustomize_builds_the_folder_in_the_order_of_the_stacks(tmp_path: Path) -> None:
    found = judgment(folder(tmp_path, **EVERYTHING))
    assert found.problems == ()
    kinds = [kind for kind, _, _ in found.resources]
    assert kinds[:4] == ["Namespace", "ServiceAccount", "ClusterRoleBinding", "GitRepository"]
    stacks = [name for kind, name, _ in found.resources if kind == "Stack" and not name.endswith("-drift")]
    assert stacks == ["hub", "dev", "shared", "test", "work"]


def test_the_types_of_kubernetes_accept_the_other_resources_and_refuse_wrong_ones(tmp_path: Path) -> None:
    target = folder(tmp_path, **EVERYTHING)
    found = judgment(target)
    assert [found.judged_by(kind) for kind in ("Namespace", "ServiceAccount", "ClusterRoleBinding")] == [
        {"kubernetes"}
    ] * 3
    assert found.problems == ()
    changed(target / "access.yaml", "roleRef:", "role:")
    assert any('unknown field "role"' in line for line in judgment(target).problems)


def test_texts_that_yaml_could_take_for_other_types_stay_texts(tmp_path: Path) -> None:
    config = {f"moorings:k{index}": value for index, value in enumerate(READ_AS_OTHER_TYPES)}
    names: dict[str, tuple[str, ...]] = dict.fromkeys(("on", "1e3", "No", "12345"), ())
    target = folder(tmp_path, Order(names, {}), environments=("on/{stack}",), branch="2026", config=config)
    # The definition requires texts for stack, branch and environment; config takes any JSON.
    assert judgment(target, [operator_definitions()]).problems == ()
    for version in ((1, 1), (1, 2)):
        reader = YAML(typ="safe", pure=True)
        reader.version = version
        spec = reader.load(target / "stacks" / "1e3.yaml")["spec"]
        assert list(spec["config"].values()) == list(READ_AS_OTHER_TYPES), version
        assert (spec["branch"], spec["environment"]) == ("2026", ["on/1e3"])


@pytest.mark.parametrize("stacks", [0, 1, 200])
def test_kustomize_builds_a_folder_of_any_number_of_stacks(tmp_path: Path, stacks: int) -> None:
    found = judgment(folder(tmp_path, Order({f"s{index:03}": () for index in range(stacks)}, {})))
    assert (found.problems, sum(kind == "Stack" for kind, _, _ in found.resources)) == ((), stacks)
