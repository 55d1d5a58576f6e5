"""Builds the site in site/, and fails for a link to a page or a heading that does not exist. Standard library only."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tools.provision import environment
from tools.provision.report import Report, SetupError

ROOT = Path(__file__).resolve().parents[2]


def main() -> int:
    """Create `tools/site/.venv` if needed, build the site, and return the exit code."""
    folder = ROOT / "tools" / "site"
    try:
        environment.ensure(folder, Report())
    except SetupError as error:
        print(f"[site] {error}", file=sys.stderr)
        return 1
    zensical = environment.interpreter(folder).with_name("zensical")
    # The cache of an earlier build would hide warnings about pages that did not change.
    built = subprocess.run(
        [zensical, "build", "--strict", "--clean"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if built.returncode:
        report = built.stdout.partition("Traceback")[0] + built.stderr.partition("Traceback")[0]
        print(f"{report.rstrip()}\n[site] the site has broken links or cannot be built", file=sys.stderr)
        return 1
    print(f"[site] {ROOT / 'site' / 'index.html'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
