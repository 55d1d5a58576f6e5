"""Asks the command as a shell would."""

from __future__ import annotations

import json
from typing import Any

from typer.testing import CliRunner, Result

from tools.verbs.command import load


def run(*words: object) -> Result:
    """Run one command line."""
    return CliRunner().invoke(load(), [str(word) for word in words], prog_name="moorings")


def answer(*words: object, code: int = 0) -> Any:
    """Run one command line with --json, and return what standard output holds."""
    result = run(*words, "--json")
    assert result.exit_code == code, result.stderr
    return json.loads(result.stdout)
