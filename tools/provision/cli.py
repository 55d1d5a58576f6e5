"""Finds, installs or builds the Pulumi CLI, in this order, and records the decision in `.pulumi-cli/`."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

from tools.provision import build, commands, environment, versions
from tools.provision.download import download
from tools.provision.report import Report, SetupError

HOST = "pulumi-language-python"
EXECUTOR = "pulumi-language-python-exec"
BUILD_VARIABLE = "MOORINGS_CLI"
"""Environment variable; with `build`, only a CLI that is built here is used."""


@dataclass(frozen=True)
class Decision:
    """The CLI that is used, and a hash of the facts that determine it.

    Attributes:
        pulumi: path of the executable.
        source: `path` (found on PATH), `official` (installed) or `go` (built here).
        version: the version that it reports.
        grounds: hash of the facts that determine the decision; if it changes, the decision is made again.
    """

    pulumi: str
    source: str
    version: str
    grounds: str


def folder(root: Path) -> Path:
    """Return the folder with an installed or built CLI, and the recorded decision."""
    return root / ".pulumi-cli"


def recorded(root: Path) -> Decision | None:
    """Return the decision of an earlier set-up if it is still valid, without starting a process."""
    try:
        decision = Decision(**json.loads((folder(root) / "decision.json").read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    if _only_built() and decision.source != "go":
        return None
    return decision if decision.grounds == _grounds(root, Path(decision.pulumi)) else None


def chosen(root: Path) -> Path:
    """Return the CLI that set-up selected.

    Raises:
        LookupError: set-up has not run, or its decision is no longer valid.
    """
    decision = recorded(root)
    if decision is None:
        raise LookupError("no Pulumi CLI has been selected yet: run `make setup`")
    return Path(decision.pulumi)


def ensure(root: Path, report: Report) -> Decision:
    """Provide the CLI, and record the decision.

    Raises:
        SetupError: it cannot be found, installed or built; the message contains the remedy.
    """
    decision = recorded(root)
    if decision:
        return decision
    required = versions.required(root / "Pulumi.yaml")
    home = folder(root)
    home.mkdir(exist_ok=True)
    pulumi, source = _provide(root, home, required, report)
    version = cli_version(pulumi)
    if version is None or version < required:
        raise SetupError(f"{pulumi} reports version {version}, {versions.show(required)} was expected")
    decision = Decision(str(pulumi), source, versions.show(version), _grounds(root, pulumi))
    draft = home / "decision.json.part"
    draft.write_text(json.dumps(asdict(decision), indent=1), encoding="utf-8")
    draft.replace(home / "decision.json")
    return decision


def _provide(root: Path, home: Path, required: versions.Version, report: Report) -> tuple[Path, str]:
    for source in ("go",) if _only_built() else ("official", "go"):
        cli = home / source / "bin" / "pulumi"
        if cli.exists() and (cli_version(cli) or (0, 0, 0)) >= required and not host_problem(root, cli):
            return cli, source
    if not _only_built():
        found, why_not = on_path(root, required, os.environ.get("PATH", ""))
        if found:
            report.step(f"Pulumi CLI: using {found}, found on PATH")
            return found, "path"
        report.step(f"Pulumi CLI: {why_not}; asking the official installer for {versions.show(required)}")
        installed = _install(root, home, required, report)
        if installed:
            return installed, "official"
    built = build.build(root, home, report)
    problem = host_problem(root, built)
    if problem:
        raise SetupError(f"the language host beside the built Pulumi CLI does not work: {problem}")
    return built, "go"


def _only_built() -> bool:
    """Return whether the CLI must be built; unlike the installer's script, its sources have checksums in go.sum."""
    return os.environ.get(BUILD_VARIABLE) == "build"


def _install(root: Path, home: Path, required: versions.Version, report: Report) -> Path | None:
    report.step(
        f"Pulumi CLI: the installer's script has no checksum and is verified by TLS only; {BUILD_VARIABLE}=build "
        f"builds the CLI instead"
    )
    try:
        cli = download(root, home, versions.show(required), report)
        failure = host_problem(root, cli)
        if not failure:
            report.step(f"Pulumi CLI {versions.show(required)} is installed in .pulumi-cli/official")
            return cli
        failure = f"its Python language host does not work: {failure}"
    except commands.CommandError as error:
        failure = error.reason
    report.step(f"the official installer is not reachable: {failure}")
    return None


def on_path(root: Path, required: versions.Version, path: str) -> tuple[Path | None, str]:
    """Return the CLI on `path` if it is suitable, otherwise None and the reason."""
    found = shutil.which("pulumi", path=path)
    if found is None:
        return None, "none on PATH"
    version = cli_version(Path(found))
    if version is None:
        return None, f"{found} does not report its version"
    if version < required:
        return None, f"{found} is {versions.show(version)}, {versions.show(required)} is needed"
    problem = host_problem(root, Path(found), path)
    return (None, f"the language host of {found} does not work: {problem}") if problem else (Path(found), "")


def cli_version(pulumi: Path) -> versions.Version | None:
    """Return the version that a CLI reports, without access to the user's home; None if it reports none."""
    with tempfile.TemporaryDirectory() as home:
        environ = {**os.environ, "PULUMI_HOME": home, "PULUMI_SKIP_UPDATE_CHECK": "true"}
        try:
            result = subprocess.run(
                [pulumi, "version"], env=environ, capture_output=True, text=True, timeout=30, check=True
            )
        except (OSError, subprocess.SubprocessError):
            return None
    return versions.parse(result.stdout)


def host_problem(root: Path, pulumi: Path, path: str = "") -> str:
    """Return the problem with the Python language host beside a CLI (or on `path`); empty without a problem."""
    beside = pulumi.resolve().parent
    host = shutil.which(HOST, path=os.pathsep.join(filter(None, [str(beside), str(pulumi.parent), path])))
    if host is None:
        return f"no {HOST} beside it"
    if shutil.which(EXECUTOR, path=os.pathsep.join(filter(None, [str(Path(host).resolve().parent), path]))) is None:
        return f"no {EXECUTOR} beside {host}"
    result = subprocess.run(
        [environment.interpreter(root), "-m", "tools.language_host.probe", host],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    errors = result.stderr.strip().splitlines()
    return (errors[-1] if errors else "it does not respond") if result.returncode else ""


def _grounds(root: Path, pulumi: Path) -> str:
    facts: list[object] = [versions.required(root / "Pulumi.yaml"), str(root)]
    for path in (pulumi, pulumi.resolve().parent / HOST, root / "tools" / "pulumi_cli" / "go.mod"):
        try:
            status = path.stat()
            facts.append((str(path), status.st_size, status.st_mtime_ns))
        except OSError:
            facts.append((str(path), None))
    return hashlib.sha256(repr(facts).encode()).hexdigest()
