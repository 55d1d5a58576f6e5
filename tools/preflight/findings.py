"""Findings of preflight."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Literal

Verdict = Literal["passed", "failed", "undetermined"]
"""``undetermined``: a required value could not be read. This is not a pass."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding of preflight.

    Attributes:
        check: name of the check: names, registry, replicas, addresses, dns, storage, providers, features, quotas, kubernetes
            or permissions.
        verdict: result of the check.
        subject: an ARM id, a namespace or a name.
        message: description, with the remedy unless the check passed.
    """

    check: str
    verdict: Verdict
    subject: str
    message: str

    def line(self) -> str:
        """Return the finding as one line."""
        return f"{self.verdict}: {self.check}: {self.message}"

    def as_dict(self) -> dict[str, str]:
        """Return the finding as plain data."""
        return asdict(self)


def unreadable(check: str, subject: str, what: str, permission: str) -> Finding:
    """Return the finding for a resource that the caller is not authorized to read."""
    message = f"{what} cannot be read: the permission {permission} is missing"
    return Finding(check, "undetermined", subject, message)


def all_passed(findings: Iterable[Finding]) -> bool:
    """Return whether every check passed; an undetermined check did not."""
    return all(finding.verdict == "passed" for finding in findings)
