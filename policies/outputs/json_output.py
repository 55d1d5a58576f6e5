"""The whole run as JSON: every finding, also those that pass or do not apply, the rules, the exemptions and a summary."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from planning.problems import SpecError
from policies.report import Report, as_json, from_json

VERSION: Final = 2
"""Version of the format, raised by every change that readers have to follow."""


def render(report: Report) -> str:
    """Return the run as JSON text."""
    summary = {
        "text": report.summary(),
        "stops": report.stops,
        "counts": report.counts,
        "open": len(report.open),
        "undetermined_share": report.undetermined_share,
    }
    # A thousand resources give some ten thousand findings; without indents the C encoder writes them.
    return json.dumps({"version": VERSION, "summary": summary, **as_json(report)}) + "\n"


def load(path: Path) -> Report:
    """Read a run back from its JSON file.

    Raises:
        SpecError: the file does not exist, or is not such a report.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if data["version"] != VERSION:
            raise SpecError(
                (), [f"{path}: unsupported version {data['version']}, expected {VERSION}; run the check again"]
            )
        return from_json(data)
    except OSError as error:
        raise SpecError((), [f"{path}: cannot be read: {error.strerror}"]) from None
    except (ValueError, KeyError, TypeError):
        raise SpecError((), [f"{path}: not a report in JSON; run the check again with --json"]) from None
