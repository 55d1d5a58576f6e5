"""Programs of Pulumi that tests build with Go from its module proxy; a test is skipped, with the reason, where that fails.

A built program stays in `.pulumi-cli`, so that a later run starts it at once and needs no network.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tools.local_services import ROOT
from tools.provision import cli

YAML_VERSION = "v1.25.0"
"""The newest pulumi-yaml on the module proxy on 2026-11-28; CLI 3.250.0 runs programs with it."""
_YAML = f"github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml@{YAML_VERSION}"
_GENERATOR = Path(__file__).parent / "codegen" / "main.go"
_BUILD_SECONDS = 480
"""About 75 on 2 cores when Go's cache is empty; pytest itself is ended after 600."""


def yaml_host() -> Path:
    """Return the path of `pulumi-language-yaml`, built on first use."""

    def build(folder: Path) -> None:
        _go(["install", _YAML], folder, {"GOBIN": str(folder)})

    return _built("yaml", YAML_VERSION, "pulumi-language-yaml", build)


def generator() -> Path:
    """Return the path of the program that runs Pulumi's generators on a schema, built on first use.

    Its modules are those of the CLI: `tools/pulumi_cli/go.mod` states their versions.
    """
    modules = ROOT / "tools" / "pulumi_cli"
    sources = [_GENERATOR, modules / "go.mod", modules / "go.sum"]
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()[:12]

    def build(folder: Path) -> None:
        for path in sources:
            shutil.copy(path, folder)
        _go(["build", "-mod=mod", "-o", "codegen", "main.go"], folder, {})

    return _built("codegen", digest, "codegen", build)


def schema_of_schemas() -> dict[str, Any]:
    """Return Pulumi's own JSON schema of package schemas, of the version of the CLI, from Go's module cache.

    Go downloads the module if the cache has none; its regular expressions are rewritten for Python.
    """
    try:
        folder = module("github.com/pulumi/pulumi/pkg/v3", ROOT / "tools" / "pulumi_cli")
    except LookupError as error:
        pytest.skip(f"Pulumi's schema of package schemas is in a Go module: {error}")
    text = (folder / "codegen" / "schema" / "pulumi.json").read_text(encoding="utf-8")
    return json.loads(text.replace("(?<", "(?P<"))


def manifest_judge() -> Path:
    """Return the path of the program that builds a folder with kustomize and validates it as an API server does."""
    folder = Path(__file__).parent / "manifest_judge"
    sources = [folder / name for name in ("main.go", "go.mod", "go.sum")]
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()[:12]

    def build(draft: Path) -> None:
        for path in sources:
            shutil.copy(path, draft)
        _go(["build", "-trimpath", "-ldflags", "-s -w", "-o", "judge", "main.go"], draft, {})

    return _built("judge", digest, "judge", build)


def module(path: str, folder: Path | None = None) -> Path:
    """Return the folder of a Go module, `path@version` or of the version that `go.mod` of a folder states; Go downloads it.

    Raises:
        LookupError: Go is not installed, or cannot download the module.
    """
    go = shutil.which("go")
    if go is None:
        raise LookupError("Go is not installed")
    command = [go, "mod", "download", "-json", path]
    done = subprocess.run(
        command, cwd=folder, env={**os.environ, "GOFLAGS": ""}, capture_output=True, text=True, check=False
    )
    found = json.loads(done.stdout or "{}")
    if done.returncode:
        raise LookupError(found.get("Error") or done.stderr.strip())
    return Path(found["Dir"])


def _built(kind: str, version: str, program: str, build: Callable[[Path], None]) -> Path:
    home = cli.folder(ROOT)
    folder = home / f"{kind}-{version}"
    with _alone(home, kind):
        if not (folder / program).exists():
            for old in home.glob(f"{kind}-*"):
                shutil.rmtree(old)
            draft = home / f"{kind}-draft"
            draft.mkdir()
            try:
                build(draft)
                draft.replace(folder)
            finally:
                shutil.rmtree(draft, ignore_errors=True)
    return folder / program


@contextmanager
def _alone(home: Path, kind: str) -> Iterator[None]:
    # Workers of one run build nothing twice, nor one in the other's folder.
    home.mkdir(exist_ok=True)
    with (home / f"{kind}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _go(arguments: list[str], folder: Path, variables: dict[str, str]) -> None:
    go = shutil.which("go")
    if go is None:
        pytest.skip("Go is not installed: Pulumi's own program cannot be built")
    command = [go, *arguments]
    try:
        subprocess.run(
            command,
            cwd=folder,
            env={**os.environ, "GOFLAGS": "", **variables},
            capture_output=True,
            text=True,
            timeout=_BUILD_SECONDS,
            check=True,
        )
    except subprocess.TimeoutExpired:
        pytest.skip(f"Go did not finish within {_BUILD_SECONDS} s: {' '.join(arguments)}")
    except subprocess.CalledProcessError as error:
        lines = [line for line in error.stderr.splitlines() if line.strip()]
        pytest.skip(f"Go cannot build it here: {lines[-1] if lines else ' '.join(arguments)}")
