"""The whole run as JSON: every verdict, passes and not applicable ones too, rules, exemptions and the summary."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from planning.problems import SpecError
from policies.outputs.sheet import Sheet, as_json, from_json

VERSION: Final = 1
"""Version of the format; a change that readers must know of raises it."""


def render(sheet: Sheet) -> str:
    """Return the run as JSON text."""
    summary = {
        "text": sheet.summary(),
        "stops": sheet.stops,
        "counts": sheet.counts,
        "open": len(sheet.open),
        "undetermined_share": sheet.undetermined_share,
    }
    # A thousand resources give some ten thousand rows; without indents they are written by the C encoder.
    return json.dumps({"version": VERSION, "summary": summary, **as_json(sheet)}) + "\n"


def load(path: Path) -> Sheet:
    """Read a run back from its JSON file.

    Raises:
        SpecError: it is not there, or is no such file.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if data["version"] != VERSION:
            raise SpecError((), [f"{path}: version {data['version']} is not known; {VERSION} is: judge again"])
        return from_json(data)
    except OSError as error:
        raise SpecError((), [f"{path}: cannot be read: {error.strerror}"]) from None
    except (ValueError, KeyError, TypeError):
        raise SpecError((), [f"{path}: is no report in JSON; judge again with --json"]) from None
