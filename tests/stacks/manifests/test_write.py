"""The command that writes manifests: into a folder, without touching what is somebody else's."""

import json
from pathlib import Path

import pytest
from typer.testing import Result

from stacks import loader
from stacks.loader import load
from stacks.manifests.write import write
from tests.stacks.cluster_files import FOLDER, OUTPUTS
from tests.verbs.asking import run

TOML = "east/containerd/contoso.azurecr.io/hosts.toml"


def manifests(monkeypatch: pytest.MonkeyPatch, *words: str) -> Result:
    monkeypatch.setattr(loader, "load", lambda name: load(name, directory=FOLDER))
    return run("manifests", *words)


def test_files_are_written_by_cluster(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "outputs.json").write_text(json.dumps(OUTPUTS), encoding="utf-8")
    result = manifests(
        monkeypatch, "test", "--out", str(tmp_path / "build"), "--outputs", str(tmp_path / "outputs.json")
    )
    assert result.exit_code == 0, result.stderr
    assert "east/workload-web.yaml" in result.stdout.splitlines()
    assert sorted(path.name for path in (tmp_path / "build").iterdir()) == ["east", "west"]


def test_without_outputs_nothing_is_written(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    result = manifests(monkeypatch, "test", "--out", str(tmp_path / "build"))
    assert result.exit_code == 1
    line = next(each for each in result.stderr.splitlines() if each.startswith("error: gateways.web: its id: is known"))
    assert "run `pulumi stack output --json > outputs.json` and add --outputs outputs.json" in line
    assert ".pulumi-local/<stack>-outputs.json" in line
    assert not (tmp_path / "build").exists()


@pytest.mark.parametrize(("text", "reason"), [("{", "is not JSON"), ("[]", "is not a JSON object")])
def test_outputs_that_are_none_are_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str, reason: str
) -> None:
    file = tmp_path / "outputs.json"
    file.write_text(text, encoding="utf-8")
    result = manifests(monkeypatch, "test", "--out", str(tmp_path / "build"), "--outputs", str(file))
    assert (result.exit_code, reason in result.stderr) == (1, True)


def test_what_an_earlier_run_wrote_is_taken_away_and_what_somebody_wrote_stays(tmp_path: Path) -> None:
    mark = "# Written by `./moorings manifests`; change the stack file instead.\n"
    assert write(
        {"east/a.yaml": mark, "east/helm/b.yaml": mark, "east/policy/azure-policy.json": "{}", TOML: mark}, tmp_path
    )
    (tmp_path / "east" / "own.yaml").write_text("a: 1\n", encoding="utf-8")
    (tmp_path / "east" / "own.toml").write_text("a = 1\n", encoding="utf-8")
    (tmp_path / "top.yaml").write_text(mark, encoding="utf-8")
    assert write({"east/a.yaml": mark}, tmp_path) == [
        "east/a.yaml",
        f"-{TOML}",
        "-east/helm/b.yaml",
        "-east/policy/azure-policy.json",
    ]
    left = sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.glob("**/*") if path.is_file())
    assert left == ["east/a.yaml", "east/own.toml", "east/own.yaml", "top.yaml"]
