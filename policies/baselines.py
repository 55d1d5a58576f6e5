"""Findings that were there before: saved once for an existing estate, so that only new ones turn a run red.

The file is JSON and meant to be reviewed: one row a finding, sorted, without messages, which may change their wording.
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
    """Findings known from an earlier run.

    Attributes:
        rows: (rule, urn, path) of each.
    """

    rows: frozenset[tuple[str, str, str]] = frozenset()

    def mark(self, findings: Iterable[Finding]) -> list[Finding]:
        """Return the findings, those that are known marked as such."""
        return [replace(each, known=True) if row(each) in self.rows else each for each in findings]

    def gone(self, findings: Iterable[Finding]) -> list[tuple[str, str, str]]:
        """Return the rows that no finding has any more: they can leave the file."""
        return sorted(self.rows - {row(each) for each in findings if _counts(each)})


def row(finding: Finding) -> tuple[str, str, str]:
    """Return what a finding is recognised by."""
    return finding.rule, finding.urn, finding.path or ""


def _counts(finding: Finding) -> bool:
    return finding.status in {"fail", "undetermined"}


def save(path: Path, findings: Iterable[Finding]) -> int:
    """Write the failures and undetermined verdicts of a run, and return how many there are.

    Those that an exemption excuses are left out: when it expires they must turn the run red.
    """
    rows = sorted({row(each) for each in findings if _counts(each) and each.exemption is None})
    known = [{"rule": rule, "urn": urn, "path": place} for rule, urn, place in rows]
    path.write_text(json.dumps({"version": _FORMAT, "findings": known}, indent=2) + "\n", encoding="utf-8")
    return len(rows)


def load(path: Path) -> Baseline:
    """Read a baseline file.

    Raises:
        SpecError: it is not there, or is no baseline.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if data["version"] != _FORMAT:
            raise SpecError((), [f"{path}: version {data['version']} is not known; {_FORMAT} is: save it again"])
        return Baseline(frozenset((each["rule"], each["urn"], each["path"]) for each in data["findings"]))
    except OSError as error:
        raise SpecError((), [f"{path}: cannot be read: {error.strerror}"]) from None
    except (ValueError, KeyError, TypeError):
        raise SpecError((), [f"{path}: is no baseline of findings; save it again"]) from None
