"""The lock: exact versions with hashes and no host; what it has no hash of is not installed."""

from __future__ import annotations

import hashlib
import io
import re
import tomllib
import zipfile
from pathlib import Path

import pytest

from tools import lock
from tools.local_services import ROOT
from tools.provision import environment
from tools.provision.environment import pins
from tools.provision.report import Report, SetupError

HASH = "--hash=sha256:" + "0" * 64


def test_the_lock_lists_what_is_installed_without_the_installers() -> None:
    installed = {"pip": "1", "wheel": "2", "moorings": "0.1.0", "zeta": "1.0", "Alpha": "2.0"}
    assert lock.lines(installed) == ["Alpha==2.0", "zeta==1.0"]
    with pytest.raises(ValueError, match="protobuf 6"):
        lock.lines({"protobuf": "6.31.0"})


def test_a_lock_is_read_as_pins(tmp_path: Path) -> None:
    path = tmp_path / "requirements.lock"
    path.write_text(f"Jinja2==3.1.6 \\\n    {HASH} \\\n    {HASH}\n# why\npulumi_azure_native==3.29.0 {HASH}\n\n")
    assert pins(path) == {"jinja2": "3.1.6", "pulumi-azure-native": "3.29.0"}


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        (f"b>=2 {HASH}", r"requirements\.lock:2 is not name==version: b>=2"),
        (f"--find-links wheels {HASH}", r"requirements\.lock:2 is not name==version: --find-links"),
        ("b==2", r"requirements\.lock:2 b==2 needs one --hash"),
        ("b==2 --hash=md5:00", r"requirements\.lock:2 b==2 needs one --hash"),
        ("b==2 \\", r"requirements\.lock:2 ends in the middle of an entry: b==2"),
    ],
)
def test_an_entry_of_another_form_is_refused_with_its_line(tmp_path: Path, entry: str, problem: str) -> None:
    path = tmp_path / "requirements.lock"
    path.write_text(f"a==1 {HASH}\n{entry}\n")
    with pytest.raises(SetupError, match=problem):
        pins(path)


def test_the_projects_own_lock_has_protobuf_5_and_names_no_host() -> None:
    pinned = pins(ROOT / "requirements.lock")
    assert pinned["protobuf"].startswith("5.29.")
    assert {"pulumi", "pulumi-azure-native", "pulumi-policy", "pytest-xdist"} <= set(pinned)
    assert not re.search(r"://|index-url|find-links", (ROOT / "requirements.lock").read_text(encoding="utf-8"))


def test_what_the_project_is_built_with_is_what_the_lock_holds() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    (needed,) = project["build-system"]["requires"]
    assert needed == f"setuptools=={pins(ROOT / 'requirements.lock')['setuptools']}"


def wheel(folder: Path) -> str:
    """Write a package of nothing but its metadata, and return the hash of its file."""
    path = folder / "hollow-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("hollow-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: hollow\nVersion: 1.0\n")
        archive.writestr("hollow-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr("hollow-1.0.dist-info/RECORD", "")
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_package_whose_hash_differs_is_not_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    digest = wheel(tmp_path)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    path = tmp_path / "requirements.lock"
    path.write_text(f"hollow==1.0 {HASH}\n")
    with pytest.raises(SetupError, match="pip could not install"):
        environment.ensure(tmp_path, Report(io.StringIO()))
    path.write_text(f"hollow==1.0 --hash=sha256:{digest}\n")
    assert environment.ensure(tmp_path, Report(io.StringIO()))
    assert list((tmp_path / ".venv").glob("lib/*/site-packages/hollow-1.0.dist-info"))
