"""Every rule over one estate: all programs of all rules in one graph say of each rule what each program says alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cache

import pytest

from policies.configuration import Active
from policies.engine import Report, judge
from policies.model import Graph
from policies.rules import RULES
from tests.policies.rules.cases import CASES
from tests.policies.rules.programs import STACK, Case, Made, Program, through_proxies
from tests.policies.test_every_rule_on_the_engine import apart, configurations

OF_THE_WHOLE = {
    "MOOR-ACA-018": "asks whether all environments there are lie in one region",
    "MOOR-ACR-009": "asks in how many regions containers run, whoever runs them",
    "MOOR-ACR-030": "one service health alert speaks for every registry",
    "MOOR-DOM-005": "a list of hosts that names no registry is held against all there are",
    "MOOR-DOM-009": "compute pulls from the program's only registry, where no image names one",
    "MOOR-DOM-010": "a role assignment on the subscription applies to every registry",
    "MOOR-DOM-011": "as MOOR-DOM-009",
    "MOOR-DOM-106": "speaks of registries that some image names, wherever it stands",
    "MOOR-DOM-109": "as MOOR-DOM-009",
    "MOOR-DOM-216": "a lock on the subscription protects every registry",
    "MOOR-RES-002": "as MOOR-DOM-005",
}
"""Rules that rightly say something else where there is more in the program, each with the reason."""


def placed() -> Iterator[tuple[str, Case, Program]]:
    """Every program whose values are known, in resource groups of its own, with the start of its names.

    One unknown value anywhere rightly holds up the rules that ask whether something is missing everywhere. One run knows
    one configuration of a rule.
    """
    configs = configurations()
    number = 0
    for case in CASES:
        if case.config == configs.get(case.rule, case.config):
            for status, programs in case.programs.items():
                for program in programs if status != "undetermined" else ():
                    yield f"{number:04}-", case, apart_whole(program, number)
                    number += 1


def apart_whole(program: Program, number: int) -> Program:
    return {
        f"{number:04}-{name}": Made(
            each.token,
            apart(each.inputs, number),
            {key: [f"{number:04}-{other}" for other in others] for key, others in each.made_from.items()},
            each.protect,
        )
        for name, each in program.items()
    }


def active() -> list[Active]:
    configs = configurations()
    return [
        Active(rule, rule.config.model_validate(dict(configs.get(rule.id, {}))), "mandatory", "advisory")
        for rule in RULES
    ]


@cache
def alone() -> tuple[tuple[str, Case, Graph], ...]:
    """Each program as a graph of its own."""
    return tuple((start, case, through_proxies(program)) for start, case, program in placed())


@cache
def estate() -> Report:
    whole = {name: created for _, _, program in placed() for name, created in program.items()}
    return judge(active(), through_proxies(whole))


def verdicts(report: Report) -> dict[str, set[tuple[str, str]]]:
    """Name of the resource and status, by rule; those of the program as a whole are left to the rules' own cases."""
    found: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for each in report.findings:
        name = each.urn.rpartition("::")[2]
        if name != "moorings-test":
            found[each.rule].add((name, each.status))
    return found


@pytest.mark.parametrize("rule", [rule.id for rule in RULES if rule.id not in OF_THE_WHOLE])
def test_a_rule_says_of_each_program_what_it_says_of_it_alone(rule: str) -> None:
    together = verdicts(estate())[rule]
    judged = [each for each in active() if each.rule.id == rule]
    differing = {}
    for start, case, graph in alone():
        own = verdicts(judge(judged, graph))[rule]
        among = {each for each in together if each[0].startswith(start)}
        if own != among:
            differing[start, case.rule] = own ^ among
    assert differing == {}


def test_the_estate_holds_every_verdict_that_the_cases_state() -> None:
    stated = {
        (case.rule, status)
        for _, case, _ in placed()
        for status in case.programs
        if case.subject != STACK and status != "undetermined"
    }
    said = {(each.rule, each.status) for each in estate().findings}
    assert {each for each in stated - said if each[0] not in OF_THE_WHOLE} == set()


def test_the_rules_of_the_whole_do_say_something_else() -> None:
    apart_from_others: dict[str, set[tuple[str, str]]] = defaultdict(set)
    judged = [each for each in active() if each.rule.id in OF_THE_WHOLE]
    for _, _, graph in alone():
        for rule, rows in verdicts(judge(judged, graph)).items():
            apart_from_others[rule] |= rows
    together = verdicts(estate())
    assert {rule for rule in OF_THE_WHOLE if apart_from_others[rule] == together[rule]} == set()
