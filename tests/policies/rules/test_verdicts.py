"""What every rule says of data, through the SDK's own proxies and through the engine's own messages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

import pytest

from policies.configuration import Active
from policies.engine import judge
from policies.model import Graph, Rule, Status
from policies.rules import RULES
from tests.policies.rules.cases import CASES
from tests.policies.rules.programs import STACK, Case, Program, azure, over_the_wire, through_proxies

BY_ID = {rule.id: rule for rule in RULES}
EXAMPLES = [
    pytest.param(case, status, program, id=f"{case.rule}-{status}-{at}")
    for case in CASES
    for status, programs in case.programs.items()
    for at, program in enumerate(programs)
]


def verdicts(rule: Rule, case: Case, graph: Graph) -> set[tuple[str, Status]]:
    """Every verdict of a rule on a program: name of the resource, and status."""
    config = rule.config.model_validate(dict(case.config))
    report = judge([Active(rule, config, "mandatory", "advisory")], graph)
    broken = [each.message for each in report.findings if each.rule != rule.id]
    assert broken == []
    names = {each.urn: STACK if each.urn == graph.stack.urn else each.name for each in graph.resources}
    return {(names[each.urn], each.status) for each in report.findings}


@pytest.mark.parametrize("front", [through_proxies, over_the_wire])
@pytest.mark.parametrize(("case", "status", "program"), EXAMPLES)
def test_a_rule_says_exactly_what_is_expected(
    case: Case, status: Status, program: Program, front: Callable[[Program], Graph]
) -> None:
    found = verdicts(BY_ID[case.rule], case, front(program))
    if status in case.also:
        assert found == {(case.subject, status)} | case.also[status]
    else:
        assert {each for each in found if each[0] == case.subject} == {(case.subject, status)}, found


def test_every_rule_is_shown_to_fail_and_to_pass() -> None:
    shown: dict[str, set[Status]] = defaultdict(set)
    for case in CASES:
        shown[case.rule] |= {status for status, programs in case.programs.items() if programs}
    assert {rule for rule in BY_ID if not {"fail", "pass"} <= shown[rule]} == set()


ALWAYS_KNOWN = {
    "MOOR-ACA-013": "an API version is part of the token",
    "MOOR-AKS-015": "an id that is not known yet is stated all the same",
    "MOOR-DOM-004": "configuration and relations decide",
    "MOOR-DOM-029": "an API version is part of the token",
    "MOOR-DOM-030": "a type that is not known yet is what it fails",
    "MOOR-DOM-216": "an option and relations decide",
    "MOOR-GEN-011": "a value that is not known yet comes from somewhere else and is not plain text here",
    "MOOR-GEN-013": "a type is part of the token",
    "MOOR-KV-111": "a content type that is not known yet is stated all the same",
    "MOOR-NET-007": "relations decide",
    "MOOR-NET-017": "relations decide",
}
"""Rules that nothing unknown can hold up, each with the reason."""


def test_every_rule_is_shown_to_wait_for_what_it_does_not_know() -> None:
    waiting = {case.rule for case in CASES if case.programs.get("undetermined")}
    assert set(BY_ID) - waiting - set(ALWAYS_KNOWN) == set()


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.types], ids=lambda rule: rule.id)
def test_a_rule_says_nothing_of_a_program_without_its_types(rule: Rule) -> None:
    group = {"group": azure("resources:ResourceGroup", resourceGroupName="rg", location="eastus")}
    report = judge([Active(rule, rule.config(), "mandatory", "advisory")], through_proxies(group))
    assert report.findings == ()
    assert rule.id in report.idle
