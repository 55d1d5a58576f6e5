"""The Pulumi CLI: found, installed or built, in that order, and remembered in `.pulumi-cli/`."""

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
"""Variable of the environment; `build` takes no CLI but one that is built here."""


@dataclass(frozen=True)
class Decision:
    """Which CLI is used and on what grounds.

    Attributes:
        pulumi: path of the executable.
        source: `path` (found on PATH), `official` (installed) or `go` (built here).
        version: the version that it reports.
        grounds: hash of all that the decision rests on; another hash means deciding again.
    """

    pulumi: str
    source: str
    version: str
    grounds: str


def folder(root: Path) -> Path:
    """Return the folder that holds an installed or built CLI, and the record of the decision."""
    return root / ".pulumi-cli"


def recorded(root: Path) -> Decision | None:
    """Return the decision of an earlier set-up if it still holds; takes no time and starts nothing."""
    try:
        decision = Decision(**json.loads((folder(root) / "decision.json").read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    if _only_built() and decision.source != "go":
        return None
    return decision if decision.grounds == _grounds(root, Path(decision.pulumi)) else None


def chosen(root: Path) -> Path:
    """Return the CLI that set-up chose.

    Raises:
        LookupError: there was no set-up, or what it rested on has changed.
    """
    decision = recorded(root)
    if decision is None:
        raise LookupError("no Pulumi CLI has been chosen yet: run `make setup`")
    return Path(decision.pulumi)


def ensure(root: Path, report: Report) -> Decision:
    """Provide the CLI and record which it is.

    Raises:
        SetupError: it is neither found, nor can it be installed, nor built; the line says what to install.
    """
    held = recorded(root)
    if held:
        return held
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
        made = home / source / "bin" / "pulumi"
        if made.exists() and (cli_version(made) or (0, 0, 0)) >= required and not host_problem(root, made):
            return made, source
    if not _only_built():
        found, why_not = on_path(root, required, os.environ.get("PATH", ""))
        if found:
            report.step(f"Pulumi CLI: using {found}, found on PATH")
            return found, "path"
        report.step(f"Pulumi CLI: {why_not}; asking the official installer for {versions.show(required)}")
        made = _installed(root, home, required, report)
        if made:
            return made, "official"
    made = build.build(root, home, report)
    problem = host_problem(root, made)
    if problem:
        raise SetupError(f"the language host beside the built Pulumi CLI does not work: {problem}")
    return made, "go"


def _only_built() -> bool:
    """Whether to build the CLI, whose sources have checksums in go.sum, unlike the installer's script."""
    return os.environ.get(BUILD_VARIABLE) == "build"


def _installed(root: Path, home: Path, required: versions.Version, report: Report) -> Path | None:
    report.step(
        f"Pulumi CLI: the installer's script has no checksum and is verified by TLS only; {BUILD_VARIABLE}=build "
        f"builds the CLI instead"
    )
    try:
        made = download(root, home, versions.show(required), report)
        failure = host_problem(root, made)
        if not failure:
            report.step(f"Pulumi CLI {versions.show(required)} is installed in .pulumi-cli/official")
            return made
        failure = f"its Python language host does not work: {failure}"
    except commands.CommandError as error:
        failure = error.reason
    report.step(f"the official installer is not reachable: {failure}")
    return None


def on_path(root: Path, required: versions.Version, path: str) -> tuple[Path | None, str]:
    """Return the CLI on `path` if it is good enough, else None and why not, in words that follow "Pulumi CLI:"."""
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
    """Ask a CLI for its version without letting it touch the user's home; None when it does not say."""
    with tempfile.TemporaryDirectory() as home:
        environ = {**os.environ, "PULUMI_HOME": home, "PULUMI_SKIP_UPDATE_CHECK": "true"}
        try:
            said = subprocess.run(
                [pulumi, "version"], env=environ, capture_output=True, text=True, timeout=30, check=True
            )
        except (OSError, subprocess.SubprocessError):
            return None
    return versions.parse(said.stdout)


def host_problem(root: Path, pulumi: Path, path: str = "") -> str:
    """Return what is wrong with the Python language host beside a CLI (or on `path`), or nothing."""
    beside = pulumi.resolve().parent
    host = shutil.which(HOST, path=os.pathsep.join(filter(None, [str(beside), str(pulumi.parent), path])))
    if host is None:
        return f"no {HOST} beside it"
    if shutil.which(EXECUTOR, path=os.pathsep.join(filter(None, [str(Path(host).resolve().parent), path]))) is None:
        return f"no {EXECUTOR} beside {host}"
    asked = subprocess.run(
        [environment.interpreter(root), "-m", "tools.language_host.probe", host],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    said = asked.stderr.strip().splitlines()
    return (said[-1] if said else "it does not answer") if asked.returncode else ""


def _grounds(root: Path, pulumi: Path) -> str:
    facts: list[object] = [versions.required(root / "Pulumi.yaml"), str(root)]
    for path in (pulumi, pulumi.resolve().parent / HOST, root / "tools" / "pulumi_cli" / "go.mod"):
        try:
            status = path.stat()
            facts.append((str(path), status.st_size, status.st_mtime_ns))
        except OSError:
            facts.append((str(path), None))
    return hashlib.sha256(repr(facts).encode()).hexdigest()
