"""Builds the CLI from its source with Go, and adds the small language host."""

from __future__ import annotations

import shutil
import subprocess
import time
from pathlib import Path

from tools.provision import commands, versions
from tools.provision.report import Report, SetupError, minutes

OLDEST_GO: versions.Version = (1, 26, 0)
_MODULE = "github.com/pulumi/pulumi/pkg/v3"
_SDK = "github.com/pulumi/pulumi/sdk/v3"

_HOST_SCRIPT = """#!/bin/sh
here=$(cd "${{0%/*}}" && pwd)
root=$(cd "$here/../../.." && pwd)
exec "$root/.venv/bin/python" "$root/tools/language_host" \\
  --use-executor "$here/pulumi-language-python-exec" --report-version {version} "$@"
"""


def go_problem() -> str:
    """Return a line with the remedy if Go is missing or too old; empty otherwise."""
    wanted = f"{OLDEST_GO[0]}.{OLDEST_GO[1]}"
    advice = f"install Go {wanted} or newer, or a Pulumi CLI with its Python language host on PATH, and run again"
    go = shutil.which("go")
    if go is None:
        return f"the Pulumi CLI must be built, and Go is not installed: {advice}"
    reported = subprocess.run([go, "env", "GOVERSION"], capture_output=True, text=True, check=False).stdout.strip()
    version = versions.parse(reported)
    if version is None or version < OLDEST_GO:
        return f"the Pulumi CLI must be built, and {go} is {reported or 'of an unknown version'}: {advice}"
    return ""


def build(root: Path, home: Path, report: Report) -> Path:
    """Build into `home/go`, and return the path of the CLI; an interrupted build continues from Go's cache.

    Raises:
        SetupError: Go is missing or too old, or the build fails.
    """
    problem = go_problem()
    if problem:
        raise SetupError(problem)
    source = root / "tools" / "pulumi_cli"
    version = versions.show(versions.module_version(source / "go.mod", _MODULE))
    # Built beside its target and moved when complete, so that an interrupted build is never used.
    partial = home / "partial"
    shutil.rmtree(partial, ignore_errors=True)
    (partial / "bin").mkdir(parents=True)
    report.step(
        f"building the Pulumi CLI {version} with Go (some 2,000 packages: about 4 minutes on 2 cores the first time, "
        "seconds after that)"
    )
    try:
        _compile(source, partial / "bin" / "pulumi", version, report)
        _place_host(source, partial / "bin", version)
        shutil.rmtree(home / "go", ignore_errors=True)
        partial.replace(home / "go")
    except commands.CommandError as error:
        for line in error.tail:
            print(f"[setup]   {line}")
        raise SetupError(f"the Pulumi CLI could not be built: {error.reason}") from error
    except OSError as error:
        raise SetupError(f".pulumi-cli cannot be written: {error.strerror} ({error.filename})") from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return home / "go" / "bin" / "pulumi"


def _compile(source: Path, target: Path, version: str, report: Report) -> None:
    started = time.monotonic()
    counts = {"modules": 0, "packages": 0}

    def on_line(line: str) -> None:
        if line.startswith("go: downloading"):
            counts["modules"] += 1
        elif line and " " not in line and ":" not in line:
            counts["packages"] += 1

    def on_beat() -> None:
        report.progress(
            f"{counts['modules']} modules downloaded, {counts['packages']} packages compiled, "
            f"{minutes(time.monotonic() - started)}"
        )

    flags = f"-X {_SDK}/go/common/version.Version={version}"
    command = ["go", "build", "-v", "-ldflags", flags, "-o", str(target), f"{_MODULE}/cmd/pulumi"]
    commands.run(command, cwd=source, on_line=on_line, on_beat=on_beat)
    report.step(f"the Pulumi CLI {version} is built ({minutes(time.monotonic() - started)})")


def _place_host(source: Path, folder: Path, version: str) -> None:
    found = subprocess.run(
        ["go", "list", "-m", "-f", "{{.Dir}}", _SDK], cwd=source, capture_output=True, text=True, check=False
    )
    executor = Path(found.stdout.strip()) / "python" / "cmd" / "pulumi-language-python-exec"
    if found.returncode or not executor.is_file():
        raise SetupError(f"the module {_SDK} does not contain {executor.name}: {found.stderr.strip() or executor}")
    placed = folder / executor.name
    placed.write_bytes(executor.read_bytes())
    placed.chmod(0o755)
    host = folder / "pulumi-language-python"
    host.write_text(_HOST_SCRIPT.format(version=version), encoding="utf-8")
    host.chmod(0o755)
