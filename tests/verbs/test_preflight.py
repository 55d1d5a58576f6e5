"""`./moorings preflight` as a verb: its arguments, its output and its exit codes."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from stacks.loader import Stack
from tests.verbs.asking import answer, run
from tools.preflight import run as preflight
from tools.preflight.arm import Arm, UnreachableError
from tools.preflight.findings import Finding

PASSED = Finding("names", "passed", "contoso", "the registry name contoso is available")
FAILED = Finding("replicas", "failed", "westeurope", "the replica in westeurope is Creating")
UNREAD = Finding("dns", "undetermined", "zone", "the records cannot be read")
SUBSCRIPTION = ("--subscription", "00000000-0000-0000-0000-000000000001")


@pytest.fixture
def finds(monkeypatch: pytest.MonkeyPatch) -> list[Finding]:
    """What Azure is said to have."""
    findings: list[Finding] = []

    def found(_stack: Stack, _arm: Arm) -> Sequence[Finding]:
        return findings

    monkeypatch.setattr(preflight, "preflight", found)
    return findings


@pytest.mark.parametrize(("findings", "code"), [([PASSED], 0), ([PASSED, FAILED], 1), ([PASSED, UNREAD], 1)])
def test_it_succeeds_when_every_check_passed(finds: list[Finding], findings: list[Finding], code: int) -> None:
    finds.extend(findings)
    result = run("preflight", "local", *SUBSCRIPTION)
    assert result.exit_code == code
    assert result.stdout.splitlines()[: len(findings)] == [each.line() for each in findings]


def test_it_ends_with_the_counts(finds: list[Finding]) -> None:
    finds.extend([PASSED, FAILED, UNREAD, UNREAD])
    assert run("preflight", "local", *SUBSCRIPTION).stdout.splitlines()[-1] == "1 passed, 1 failed, 2 undetermined"


def test_json_has_check_verdict_subject_and_message(finds: list[Finding]) -> None:
    finds.append(FAILED)
    assert answer("preflight", "local", *SUBSCRIPTION, code=1) == [
        {"check": "replicas", "verdict": "failed", "subject": "westeurope", "message": FAILED.message}
    ]


def test_a_subscription_has_to_be_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ARM_SUBSCRIPTION_ID", "AZURE_SUBSCRIPTION_ID"):
        monkeypatch.delenv(name, raising=False)
    result = run("preflight", "local")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("error: no subscription: state --subscription")


def test_azure_that_cannot_be_asked_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def unreachable(_stack: Stack, _arm: Arm) -> Sequence[Finding]:
        raise UnreachableError("management.azure.com does not respond: no route")

    monkeypatch.setattr(preflight, "preflight", unreachable)
    result = run("preflight", "local", *SUBSCRIPTION)
    assert (result.exit_code, result.stderr) == (1, "error: management.azure.com does not respond: no route\n")
