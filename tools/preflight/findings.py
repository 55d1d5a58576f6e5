"""What preflight found, one line each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Literal

Verdict = Literal["passed", "failed", "undetermined"]
"""``undetermined``: what decides it could not be read, which is no pass."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One answer of preflight.

    Attributes:
        check: which check it belongs to: names, registry, replicas, addresses, dns, providers, kubernetes or permissions.
        verdict: how it ended.
        subject: what it is about: an ARM id, a namespace or a name.
        message: the answer in words; what to do where it did not pass.
    """

    check: str
    verdict: Verdict
    subject: str
    message: str

    def line(self) -> str:
        """Return the finding in one line."""
        return f"{self.verdict}: {self.check}: {self.message}"

    def as_dict(self) -> dict[str, str]:
        """Return the finding as plain data."""
        return asdict(self)


def unreadable(check: str, subject: str, what: str, permission: str) -> Finding:
    """Return the finding for something that the caller may not read."""
    message = f"{what} cannot be read: the permission {permission} is missing"
    return Finding(check, "undetermined", subject, message)


def all_passed(findings: Iterable[Finding]) -> bool:
    """Whether every check passed; one that could not be decided did not."""
    return all(finding.verdict == "passed" for finding in findings)
