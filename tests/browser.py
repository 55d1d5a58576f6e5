"""A real Chromium for tests of pages: measurements, pictures and prints; a test is skipped where none is installed."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from html import unescape
from pathlib import Path
from typing import Any

import pytest

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    # Nothing is resolved, so that a request of a page fails and is reported.
    "--host-resolver-rules=MAP * ~NOTFOUND",
)
DARK = "--blink-settings=preferredColorScheme=0"
_POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>')
_SECONDS = 120


def browser() -> str:
    """Return the path of Chromium or Chrome; skip the test, with the reason, where neither is installed."""
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    if found is None:
        pytest.skip("no Chromium is installed: apt-get install chromium")
    return found


def measured(page: str, script: str, folder: Path, *flags: str) -> Any:
    """Return what an expression of JavaScript gives in a loaded page, as JSON data.

    The page's own policy forbids scripts, so that a copy without it is loaded. `errors` in the script is a list of errors and
    failed requests since the page began to load.
    """
    listener = "addEventListener('error', e => errors.push(String(e.message || e.target.src)), true)"
    first = f"<script>const errors = []; {listener}</script>"
    last = f"<script>addEventListener('load', () => document.title = 'RESULT' + JSON.stringify({script}))</script>"
    copy = _POLICY.sub("", page).replace("<head>", f"<head>{first}", 1).replace("</body>", f"{last}</body>", 1)
    file = folder / "measured.html"
    file.write_text(copy, encoding="utf-8")
    dumped = _run(folder, *flags, "--dump-dom", file.as_uri())
    found = re.search(r"<title>RESULT(.*?)</title>", dumped, re.S)
    assert found, dumped[:500]
    return json.loads(unescape(found[1]))


def screenshot(page: str, picture: Path, folder: Path, width: int, height: int, *flags: str) -> bytes:
    """Take a picture of a page as it is, and return the PNG."""
    file = folder / "page.html"
    file.write_text(page, encoding="utf-8")
    _run(folder, *flags, f"--window-size={width},{height}", f"--screenshot={picture}", file.as_uri())
    return picture.read_bytes()


def printed(page: str, folder: Path) -> bytes:
    """Print a page, and return the PDF."""
    file, target = folder / "page.html", folder / "page.pdf"
    file.write_text(page, encoding="utf-8")
    _run(folder, f"--print-to-pdf={target}", file.as_uri())
    return target.read_bytes()


def _run(folder: Path, *arguments: str) -> str:
    command = [browser(), *_QUIET, f"--user-data-dir={folder / 'profile'}", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=_SECONDS).stdout
