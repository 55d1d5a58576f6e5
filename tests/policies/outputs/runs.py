"""Runs for the tests of outputs: one of each kind of finding, and a thousand findings."""

from __future__ import annotations

import datetime
from pathlib import Path

from policies import baselines
from policies.baselines import Baseline
from policies.exemptions import Exemption, Exemptions
from policies.preparation import with_self_checks
from policies.report import Report
from tests.policies.builders import NETWORK_TOKEN, UNKNOWN_STRING, at_stack_file, make, run
from tests.policies.tiny_rules import TINY

DAY = datetime.date(2026, 11, 21)
RULES = with_self_checks(TINY)


def exemption(resource: str, until: datetime.date) -> Exemption:
    return Exemption(rule="TINY-001", resource=resource, reason="a <b>scanner</b>", owner="@me|you", expires=until)


def one_of_each() -> Report:
    known = run(RULES, make("known", registryName="known", location="mars"), profile="standard")
    held = [
        exemption("excused", DAY),
        exemption("late", DAY - datetime.timedelta(days=1)),
        exemption("nobody", DAY),
    ]
    report = run(
        RULES,
        make("bad", registryName="bad", adminUserEnabled=True, location="eastus"),
        make("excused", registryName="excused", adminUserEnabled=True, location="eastus"),
        make("late", registryName="late", adminUserEnabled=True, location="eastus"),
        make("known", registryName="known", location="mars"),
        make("vague", registryName="vague", location=UNKNOWN_STRING),
        make("good", registryName="good", location="eastus"),
        make("nowhere", NETWORK_TOKEN),
        profile="standard",
        exemptions=Exemptions(held, today=DAY, path=Path("policies/exemptions.yaml"), lines=[3, 8, 13]),
        baseline=Baseline(frozenset(map(baselines.row, known.of("fail")))),
    )
    return at_stack_file(report)


def a_thousand() -> Report:
    bad = (
        make(f"registry-{i:04}", registryName=f"r{i}", adminUserEnabled=True, location="x" * 300) for i in range(500)
    )
    return at_stack_file(run(RULES, *bad, profile="standard"))
