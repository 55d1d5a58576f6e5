"""Creates the virtual environment `.venv` from the lock.

During an installation, the environment contains a marker file. If a later run finds the marker, the installation was
interrupted and starts over, so that an incomplete package is never used. The stamp is written last.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

from tools.provision import commands
from tools.provision.report import Report, SetupError, minutes

_STAMP = ".moorings-stamp"
_UNFINISHED = ".moorings-unfinished"


def interpreter(root: Path) -> Path:
    """Return the path of the environment's Python, which may not exist."""
    return root / ".venv" / "bin" / "python"


def pins(lock: Path) -> dict[str, str]:
    """Return name → version of a lock of `name==version` with hashes; names are in lower case with hyphens.

    Raises:
        SetupError: an entry has another format, or no hash.
    """
    found: dict[str, str] = {}
    entry, begun = "", 0
    for number, line in enumerate(lock.read_text(encoding="utf-8").splitlines(), start=1):
        begun = begun if entry else number
        entry = f"{entry} {line.split('#')[0].strip()}".strip()
        if entry.endswith("\\"):
            entry = entry[:-1].strip()
            continue
        if entry:
            name, version = _pin(f"{lock.name}:{begun}", entry)
            found[name] = version
        entry = ""
    if entry:
        raise SetupError(f"{lock.name}:{begun} ends in the middle of an entry: {entry.split()[0]}")
    return found


def _pin(place: str, entry: str) -> tuple[str, str]:
    requirement, *hashes = entry.split()
    match = re.fullmatch(r"([A-Za-z0-9._-]+)==([A-Za-z0-9.!+_-]+)", requirement)
    if match is None:
        raise SetupError(f"{place} is not name==version: {requirement}")
    if not hashes or not all(re.fullmatch(r"--hash=sha256:[0-9a-f]{64}", each) for each in hashes):
        raise SetupError(f"{place} {requirement} needs one --hash=sha256: for each of its files, and nothing else")
    return re.sub(r"[-_.]+", "-", match[1]).lower(), match[2]


def expected_stamp(root: Path) -> str:
    """Return the stamp of an up-to-date environment: the hash of the lock and the folder of the environment.

    It contains the folder because scripts in an environment that was moved have invalid paths.
    """
    digest = hashlib.sha256((root / "requirements.lock").read_bytes()).hexdigest()
    return f"{digest} {root / '.venv'}"


def damaged(root: Path) -> dict[str, Path | None]:
    """Return the packages of the lock that are damaged or missing, each with pip's remaining record of it.

    A package is intact if pip has a record of it and the first file of the record exists.
    """
    kept: dict[str, Path] = {}
    for info in (root / ".venv").glob("lib/python*/site-packages/*.dist-info"):
        kept[_canonical(info.name.partition("-")[0])] = info
    wanted = pins(root / "requirements.lock")
    return {name: kept.get(name) for name in wanted if name not in kept or not _has_files(kept[name])}


def _has_files(info: Path) -> bool:
    try:
        with (info / "RECORD").open(encoding="utf-8") as record:
            for line in record:
                file = line.rpartition(",")[0].rpartition(",")[0].strip('"')
                if not file.startswith(("../", f"{info.name}/")):
                    return (info.parent / file).exists()
    except OSError:
        return False
    return True


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def is_ready(root: Path) -> bool:
    """Whether the environment is complete and made from this lock; takes some milliseconds."""
    home = root / ".venv"
    if not interpreter(root).exists() or (home / _UNFINISHED).exists():
        return False
    return _is_stamped(root) and not damaged(root)


def _is_stamped(root: Path) -> bool:
    try:
        return (root / ".venv" / _STAMP).read_text(encoding="utf-8") == expected_stamp(root)
    except OSError:
        return False


def ensure(root: Path, report: Report) -> bool:
    """Make `.venv` match the lock, and return whether this changed anything.

    Raises:
        SetupError: the environment cannot be created; the next run repairs it.
    """
    if is_ready(root):
        return False
    home = root / ".venv"
    if home.is_symlink():
        # Installing through the link would stamp the environment for this folder, and its owner would recreate it.
        raise SetupError(
            f".venv is a link to {home.resolve()}, which belongs to another folder: remove the link and run again"
        )
    wanted = pins(root / "requirements.lock")
    started = time.monotonic()
    if home.exists() and not _is_whole(root):
        report.step("removing .venv: its set-up was interrupted, or it was created elsewhere")
        shutil.rmtree(home, ignore_errors=True)
    try:
        if not home.exists():
            _create(root, report)
        if _is_stamped(root):
            _forget(damaged(root), report)
        (home / _UNFINISHED).touch()
        (home / _STAMP).unlink(missing_ok=True)
        _install(root, wanted, report)
        (home / _STAMP).write_text(expected_stamp(root), encoding="utf-8")
        (home / _UNFINISHED).unlink()
    except OSError as error:
        raise SetupError(
            f".venv cannot be written: {error.strerror} ({error.filename}); run again after that"
        ) from error
    report.step(f".venv is ready ({len(wanted)} packages, {minutes(time.monotonic() - started)})")
    return True


def _forget(lost: dict[str, Path | None], report: Report) -> None:
    """Remove pip's records of damaged packages, so that it installs them again."""
    for info in filter(None, lost.values()):
        shutil.rmtree(info)
    if lost:
        report.step(f".venv lacks {', '.join(sorted(lost))}: installing it again")


def _is_whole(root: Path) -> bool:
    home = root / ".venv"
    if (home / _UNFINISHED).exists() or not (home / "bin" / "pip").exists() or not interpreter(root).exists():
        return False
    stamp = home / _STAMP
    if stamp.exists() and not stamp.read_text(encoding="utf-8").endswith(f" {home}"):
        return False
    probe = "import sys, pip; sys.exit(sys.version_info < (3, 11))"
    return subprocess.run([interpreter(root), "-c", probe], capture_output=True, check=False).returncode == 0


def _create(root: Path, report: Report) -> None:
    report.step(f"creating .venv with Python {sys.version_info[0]}.{sys.version_info[1]}")
    # An environment cannot be moved into place, because it contains its path. The marker therefore comes first.
    home = root / ".venv"
    home.mkdir()
    (home / _UNFINISHED).touch()
    base = getattr(sys, "_base_executable", None) or sys.executable
    try:
        commands.run([base, "-m", "venv", str(home)], environment=_clean_environment())
    except commands.CommandError as error:
        raise SetupError(
            "python -m venv failed: install Python's venv module (Debian, Ubuntu: apt install python3-venv) or set "
            f"PYTHON to another Python ≥ 3.11 ({error.reason})"
        ) from error


def _install(root: Path, wanted: dict[str, str], report: Report) -> None:
    large = " (the Azure SDK for Pulumi holds tens of thousands of modules: this can take minutes)"
    report.step(f"installing {len(wanted)} packages into .venv{large if 'pulumi-azure-native' in wanted else ''}")
    started = time.monotonic()
    seen: set[str] = set()
    current = ["resolving"]

    def on_line(line: str) -> None:
        match = re.match(
            r"\s*(Collecting|Requirement already satisfied:|Downloading|Using cached|Installing)\s(\S+)", line
        )
        if match is None:
            return
        if match[1].startswith(("Collecting", "Requirement")):
            seen.add(match[2].split("==")[0])
        current[0] = "writing files" if match[1] == "Installing" else match[2]

    def on_beat() -> None:
        report.progress(
            f"{min(len(seen), len(wanted))} of {len(wanted)} packages, {minutes(time.monotonic() - started)}: {current[0]}"
        )

    command = [str(interpreter(root)), "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
    # Compiling the complete SDK takes minutes, and a run imports a hundredth of it.
    # Only files with a hash in the lock are installed, and no package runs code during installation.
    command += ["--require-hashes", "--only-binary=:all:"]
    command += ["--no-compile", "--progress-bar", "off", "-r", str(root / "requirements.lock")]
    try:
        commands.run(command, environment=_clean_environment(), on_line=on_line, on_beat=on_beat)
    except commands.CommandError as error:
        for line in error.tail:
            print(f"[setup]   {line}")
        raise SetupError(
            f"pip could not install requirements.lock: {error.reason}; `make setup` tries again"
        ) from error


def _clean_environment() -> dict[str, str]:
    return {
        name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV"}
    }
