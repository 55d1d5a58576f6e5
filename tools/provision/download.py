"""Installs the CLI with the official installer, with a short timeout if it is unreachable."""

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
    """Install into `home/official`, and return the path of the CLI.

    The installer writes to `home/partial`, which is moved when it is complete; the files of an interrupted installation
    are removed first.

    Raises:
        commands.CommandError: the installer failed, or no connection was established within 10 seconds.
    """
    partial = home / "partial"
    shutil.rmtree(partial, ignore_errors=True)
    scratch = partial / "scratch"
    scratch.mkdir(parents=True)
    # The installer's script downloads with curl or wget, which read their timeout from these files.
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
    """Watches the output of the installer, and stops it if a request gets no response."""

    def __init__(self, report: Report, scratch: Path) -> None:
        self._report = report
        self._scratch = scratch
        self._started = time.monotonic()
        self._requested_at: float | None = None

    def on_line(self, line: str) -> None:
        if line == "requested":
            self._requested_at = time.monotonic()
        elif line == "received":
            self._requested_at = None

    def on_beat(self) -> None:
        now = time.monotonic()
        if self._requested_at is not None and now - self._requested_at > CONNECT_SECONDS + _SLACK_SECONDS:
            raise commands.CommandError(f"no connection within {CONNECT_SECONDS} s", [])
        size = sum(path.stat().st_size for path in self._scratch.rglob("*") if path.is_file())
        self._report.progress(f"downloading the Pulumi CLI: {size >> 20} MiB, {minutes(now - self._started)}")
