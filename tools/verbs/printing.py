"""How verbs answer: aligned columns, JSON, files, and the output of longer runs."""

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
    """Print rows in aligned columns, never cut: the output is read by people and by grep."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def put_files(files: Mapping[str, str], out: Path | None) -> list[Path]:
    """Write files into a folder, which is made if it is not there, and return their paths; without a folder print them."""
    if out is None:
        print("".join(files.values()), end="")
        return []
    out.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (out / name).write_text(text, encoding="utf-8")
    return [out / name for name in files]


def ran(action: Callable[[], int], *, on_stderr: bool = False, quiet: bool = False) -> int:
    """Run what prints as it goes, and return its exit code: 0, or 1 for any other than 0.

    Args:
        action: what runs.
        on_stderr: print on standard error, where standard output is for an answer.
        quiet: hold back what is printed, and show it on standard error only if the action fails.
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
