"""Installing the CLI with the official installer, giving up early where there is no way to it."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

from tools.provision import commands, environment
from tools.provision.report import Report, minutes

CONNECT_SECONDS = 10
_SLACK_SECONDS = 2.0


def download(root: Path, home: Path, version: str, report: Report) -> Path:
    """Install into `home/official` and return the path of the CLI.

    The installer works in `home/partial`, which is moved into place when it is whole; what an interrupted one left is
    removed first.

    Raises:
        commands.CommandError: the installer failed, or no connection came about within 10 seconds.
    """
    partial = home / "partial"
    shutil.rmtree(partial, ignore_errors=True)
    scratch = partial / "scratch"
    scratch.mkdir(parents=True)
    # The installer's script downloads with curl or wget: both read these files and give up connecting as we do.
    (scratch / ".curlrc").write_text(f"connect-timeout = {CONNECT_SECONDS}\n", encoding="utf-8")
    (scratch / ".wgetrc").write_text(f"connect_timeout = {CONNECT_SECONDS}\ntries = 1\n", encoding="utf-8")
    environ = {
        **os.environ,
        "CURL_HOME": str(scratch),
        "WGETRC": str(scratch / ".wgetrc"),
        "TMPDIR": str(scratch),
        "PULUMI_HOME": str(scratch / "home"),
        "PULUMI_SKIP_UPDATE_CHECK": "true",
    }
    watch = _Watch(report, scratch)
    python = str(environment.interpreter(root))
    try:
        commands.run(
            [python, "-m", "tools.provision.official", str(partial / "cli"), version],
            cwd=root,
            environment=environ,
            on_line=watch.on_line,
            on_beat=watch.on_beat,
        )
        shutil.rmtree(home / "official", ignore_errors=True)
        (partial / "cli").replace(home / "official")
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return home / "official" / "bin" / "pulumi"


class _Watch:
    """Follows the installer's words; stops it when it asks and is not answered."""

    def __init__(self, report: Report, scratch: Path) -> None:
        self._report = report
        self._scratch = scratch
        self._started = time.monotonic()
        self._asked_at: float | None = None

    def on_line(self, line: str) -> None:
        if line == "asking":
            self._asked_at = time.monotonic()
        elif line == "answered":
            self._asked_at = None

    def on_beat(self) -> None:
        now = time.monotonic()
        if self._asked_at is not None and now - self._asked_at > CONNECT_SECONDS + _SLACK_SECONDS:
            raise commands.CommandError(f"no connection within {CONNECT_SECONDS} s", [])
        got = sum(path.stat().st_size for path in self._scratch.rglob("*") if path.is_file())
        self._report.progress(f"downloading the Pulumi CLI: {got >> 20} MiB, {minutes(now - self._started)}")
