"""Saved findings of an earlier run. With a baseline, only findings that it does not contain fail a run.

The file is JSON for review: one row for each finding, sorted, without messages, whose wording may change.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from planning.problems import SpecError
from policies.model import Finding

FILE: Final = "baseline.json"
"""Name of the baseline file."""

_FORMAT = 1


@dataclass(frozen=True)
class Baseline:
    """Findings of an earlier run.

    Attributes:
        rows: (rule, urn, path) of each.
    """

    rows: frozenset[tuple[str, str, str]] = frozenset()

    def mark(self, findings: Iterable[Finding]) -> list[Finding]:
        """Return the findings, with those that the baseline contains marked as known."""
        return [replace(each, known=True) if row(each) in self.rows else each for each in findings]

    def gone(self, findings: Iterable[Finding]) -> list[tuple[str, str, str]]:
        """Return the rows that no finding matches any more, which can be removed from the file."""
        return sorted(self.rows - {row(each) for each in findings if each.loud})


def row(finding: Finding) -> tuple[str, str, str]:
    """Return what identifies a finding across runs."""
    return finding.rule, finding.urn, finding.path or ""


def save(path: Path, findings: Iterable[Finding]) -> int:
    """Write the failures and undetermined verdicts of a run, and return their number.

    Findings that an exemption excuses are left out, because they must fail the run when the exemption expires.
    """
    rows = sorted({row(each) for each in findings if each.loud and each.exemption is None})
    known = [{"rule": rule, "urn": urn, "path": place} for rule, urn, place in rows]
    path.write_text(json.dumps({"version": _FORMAT, "findings": known}, indent=2) + "\n", encoding="utf-8")
    return len(rows)


def load(path: Path) -> Baseline:
    """Read a baseline file.

    Raises:
        SpecError: the file does not exist, or is not a baseline.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if data["version"] != _FORMAT:
            raise SpecError((), [f"{path}: unsupported version {data['version']}, expected {_FORMAT}; save it again"])
        return Baseline(frozenset((each["rule"], each["urn"], each["path"]) for each in data["findings"]))
    except OSError as error:
        raise SpecError((), [f"{path}: cannot be read: {error.strerror}"]) from None
    except (ValueError, KeyError, TypeError):
        raise SpecError((), [f"{path}: not a baseline of findings; save it again"]) from None
