"""Output of verbs: aligned columns, JSON, files, and the progress of longer runs."""

from __future__ import annotations

import contextlib
import io
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any


def show_json(data: Any) -> None:
    """Print data as JSON on standard output."""
    print(json.dumps(data, indent=1, default=str))


def show_columns(rows: Sequence[Sequence[str]]) -> None:
    """Print rows in aligned columns, without truncation so that grep finds complete values."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def write_files(files: Mapping[str, str], out: Path | None) -> list[Path]:
    """Write files to a folder, which is created if it does not exist, and return their paths; print them without a folder."""
    if out is None:
        print("".join(files.values()), end="")
        return []
    out.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (out / name).write_text(text, encoding="utf-8")
    return [out / name for name in files]


def run_printing(action: Callable[[], int], *, on_stderr: bool = False, quiet: bool = False) -> int:
    """Run an action that prints its progress, and return 0 if its exit code is 0, otherwise 1.

    Args:
        action: the action.
        on_stderr: redirect the progress to standard error, because standard output is for JSON.
        quiet: hold the progress back, and print it on standard error only if the action fails.
    """
    held = io.StringIO()
    printed = held if quiet else sys.stderr if on_stderr else sys.stdout
    failed = True
    try:
        with contextlib.redirect_stdout(printed):
            failed = action() != 0
    finally:
        if failed:
            sys.stderr.write(held.getvalue())
    return int(failed)
