"""The settings of a fleet: their file, their defaults, and what is refused."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from planning.problems import SpecError
from tools.fleet.settings import Settings, repository, settings


def written(folder: Path, text: str) -> Settings:
    path = folder / "stacks" / "_fleet.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return settings(path)


def test_without_a_file_everything_has_a_default(tmp_path: Path) -> None:
    assert settings(tmp_path / "_fleet.yaml") == Settings()
    assert written(tmp_path, "") == Settings()


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("branch: main\nsorce: flux\n", r"stacks/_fleet\.yaml:2 sorce: .*source"),
        ("source: argo\n", r"stacks/_fleet\.yaml:1 source: "),
        ("namespace: My_Space\n", r"stacks/_fleet\.yaml:1 namespace: "),
        ("resync_minutes: -1\n", r"stacks/_fleet\.yaml:1 resync_minutes: "),
        ("repository: https://me:token@github.com/contoso/infra\n", r":1 repository: contains credentials"),
        ("repository: https://token@github.com/contoso/infra\n", r":1 repository: contains credentials"),
        ("repository_secret: Infra_Git\n", r":1 repository_secret: "),
        ("config: {password: {secure: AAAB}}\n", r":1 config"),
        ("client_id: a\n", r"tenant_id: is missing"),
        ("backend: azblob://s\nenvironments: [a/b]\n", r":2 environments: needs Pulumi Cloud"),
    ],
)
def test_what_is_wrong_is_refused_at_its_line(tmp_path: Path, text: str, line: str) -> None:
    with pytest.raises(SpecError, match=line):
        written(tmp_path, text)


def test_credentials_in_a_url_are_not_printed(tmp_path: Path) -> None:
    with pytest.raises(SpecError) as refused:
        written(tmp_path, "repository: https://me:t0ken@github.com/contoso/infra\n")
    assert "t0ken" not in str(refused.value)


@pytest.mark.parametrize(
    "text",
    [
        "repository: https://github.com/contoso/infra\nrepository_secret: infra-git\n",
        "client_id: a\ntenant_id: b\n",
        "environments: [a/b]\n",
        "backend: azblob://s\n",
    ],
)
def test_what_the_refusals_advise_is_accepted(tmp_path: Path, text: str) -> None:
    assert written(tmp_path, text) != Settings()


def test_the_repository_is_the_stated_one_or_the_remote_of_the_project(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    with pytest.raises(SpecError, match="add repository: URL"):
        repository("", tmp_path)
    url = "https://github.com/contoso/infra"
    subprocess.run(["git", "-C", str(tmp_path), "remote", "add", "origin", url], check=True)
    assert repository("", tmp_path) == url
    assert repository("https://example.com/other", tmp_path) == "https://example.com/other"


@pytest.mark.parametrize(
    ("remote", "url"),
    [
        ("git@github.com:contoso/infra.git", "ssh://git@github.com/contoso/infra.git"),
        ("ssh://git@github.com/contoso/infra.git", "ssh://git@github.com/contoso/infra.git"),
        ("https://x-access-token:t0ken@github.com/contoso/infra", "https://github.com/contoso/infra"),
        ("https://t0ken@dev.azure.com:443/contoso/infra", "https://dev.azure.com:443/contoso/infra"),
    ],
)
def test_the_url_of_the_remote_is_one_that_flux_takes_without_credentials(
    tmp_path: Path, remote: str, url: str
) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    subprocess.run(["git", "-C", str(tmp_path), "remote", "add", "origin", remote], check=True)
    assert repository("", tmp_path) == url
