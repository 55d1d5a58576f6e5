"""`./moorings doctor` on a machine without `.venv`: the checks of the machine, with the Python that is there."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def main(root: Path = ROOT) -> int:
    """Print the findings, and return 1 if something is missing."""
    from tools.doctor.machine import MISSING, checks, report  # noqa: PLC0415 - the path is set below

    found = checks(root)
    for line in report(found):
        print(line)
    return int(any(check.state == MISSING for check in found))


if __name__ == "__main__":
    sys.path[0] = str(ROOT)
    sys.exit(main())
