"""Verdicts become findings: nothing hides anything else, exemptions and the baseline have their say."""

from __future__ import annotations

import datetime

from policies import baselines
from policies.baselines import Baseline
from policies.configuration import Settings, select
from policies.engine import NeedsGraph, NoGraph, findings_on, judge, judge_singly
from policies.exemptions import Exemption, Exemptions
from policies.model import Graph
from policies.preparation import with_self_checks
from tests.policies.builders import (
    ENDPOINT_TOKEN,
    NETWORK_TOKEN,
    SECRET_SIGNATURE,
    UNKNOWN_STRING,
    make,
    run,
    urn_of,
    verdicts,
)
from tests.policies.tiny_rules import TINY, admin_user, endpoint, region

DAY = datetime.date(2026, 11, 21)
EXEMPTION = Exemption(
    rule="TINY-001", resource="r*", reason="scanner", owner="a@contoso.example", expires=datetime.date(2026, 12, 1)
)


def test_every_verdict_becomes_a_finding() -> None:
    report = run(
        TINY,
        make("bad", registryName="bad", adminUserEnabled=True, location="northeurope"),
        make("good", registryName="good", location="eastus"),
        make("e", ENDPOINT_TOKEN, {"subnet": [urn_of("good")]}, subnet=UNKNOWN_STRING),
        make("v", NETWORK_TOKEN),
    )
    assert verdicts(report) == {
        ("TINY-001", "bad", "fail"),
        ("TINY-001", "good", "pass"),
        ("TINY-002", "bad", "fail"),
        ("TINY-002", "good", "pass"),
        ("TINY-002", "v", "not_applicable"),
        ("TINY-003", "bad", "fail"),
        ("TINY-003", "good", "pass"),
        ("TINY-004", "", "not_applicable"),
    }


def test_the_worst_comes_first() -> None:
    report = run(TINY, make("r", adminUserEnabled=True, location="northeurope"))
    assert [each.severity for each in report.of("fail")] == ["critical", "high", "medium"]


def test_an_unknown_value_leaves_one_rule_undetermined_and_hides_no_other() -> None:
    report = run(TINY, make("r", adminUserEnabled=True, location=UNKNOWN_STRING), make("s", location="mars"))
    found = verdicts(report)
    assert {("TINY-002", "r", "undetermined"), ("TINY-001", "r", "fail"), ("TINY-002", "s", "fail")} <= found
    unknown = report.of("undetermined")[0]
    assert (unknown.path, unknown.message) == ("location", "location is not known yet")


def test_an_undetermined_verdict_does_what_the_settings_say() -> None:
    resource = make("r", location=UNKNOWN_STRING)
    assert not run(TINY, resource, settings=Settings(profile="standard")).stops
    assert run(TINY, resource, settings=Settings(profile="standard", undetermined="mandatory")).stops


def test_the_share_of_undetermined_verdicts_leaves_out_what_does_not_apply() -> None:
    report = run(TINY, make("r", location=UNKNOWN_STRING), make("v", NETWORK_TOKEN), profile="standard")
    assert report.undetermined_share == 0.5


def test_a_rule_that_breaks_off_is_reported_and_stops_the_run() -> None:
    settings = Settings(rules={"TINY-005": {}}, profile="standard")
    report = run(TINY, make("v", NETWORK_TOKEN, location="eastus"), settings=settings)
    broken = [each for each in report.findings if each.rule == "MOOR-POL-003"]
    assert [(each.message, each.stops) for each in broken] == [("TINY-005 raised KeyError: 'nothing'", True)]
    assert ("TINY-005", "v", "fail") in verdicts(report)


def test_a_resource_that_is_only_read_is_not_evaluated() -> None:
    read = make("r", adminUserEnabled=True)
    object.__setattr__(read, "external", True)
    assert run(TINY, read).of("fail") == []


def test_a_rule_that_asks_for_others_must_wait_for_the_graph() -> None:
    waiting = []
    for each in select([admin_user, region, endpoint], Settings(profile="regulated")):
        try:
            findings_on(each, make("r", location="eastus"), NoGraph())
        except NeedsGraph:
            waiting.append(each.rule.id)
    assert waiting == ["TINY-003"]


def test_a_rule_is_not_run_again_where_a_finding_is_decided() -> None:
    active, graph = select([admin_user], Settings(profile="regulated")), Graph([make("r", adminUserEnabled=True)])
    once = judge(active, graph)
    assert [each.rule for each in once.of("fail")] == ["TINY-001"]
    assert judge(active, graph, decided=once.of("fail")).of("fail") == once.of("fail")


def test_a_secret_is_never_in_a_message() -> None:
    report = run(TINY, make("r", location={**SECRET_SIGNATURE, "value": "hunter2"}))
    assert [each.message for each in report.of("fail") if each.rule == "TINY-002"] == [
        "location is [secret]; allowed are eastus, westeurope, southeastasia"
    ]


def test_an_exemption_excuses_a_finding_and_is_shown_with_it() -> None:
    held = Exemptions([EXEMPTION], today=DAY)
    report = run(TINY, make("r", adminUserEnabled=True, location="eastus"), profile="minimal", exemptions=held)
    assert not report.stops
    assert [each.exemption for each in report.of("fail")] == ["scanner (a@contoso.example, until 2026-12-01)"]


def test_an_exemption_holds_on_its_last_day_and_fails_again_on_the_next() -> None:
    bad = make("r", adminUserEnabled=True, location="eastus")
    rules = with_self_checks(TINY)
    last = run(rules, bad, profile="minimal", exemptions=Exemptions([EXEMPTION], today=EXEMPTION.expires))
    after = run(
        rules,
        bad,
        profile="minimal",
        exemptions=Exemptions([EXEMPTION], today=EXEMPTION.expires + datetime.timedelta(days=1), lines=[3]),
    )
    assert not last.stops
    assert {each.rule for each in after.open if each.stops} == {"TINY-001", "MOOR-POL-001"}
    reported = next(each.message for each in after.open if each.rule == "MOOR-POL-001")
    assert reported.startswith("exemptions.yaml:3 exemption of TINY-001 on r* expired on 2026-12-01: scanner")


def test_a_baseline_that_knows_one_expired_exemption_knows_no_other() -> None:
    rules, bad = with_self_checks(TINY), make("r", adminUserEnabled=True, location="eastus")
    another = EXEMPTION.model_copy(update={"resource": "other"})
    before = run(rules, bad, profile="minimal", exemptions=Exemptions([EXEMPTION], today=datetime.date(2027, 1, 1)))
    known = Baseline(frozenset(map(baselines.row, before.open)))
    both = Exemptions([EXEMPTION, another], today=datetime.date(2027, 1, 1))
    after = run(rules, bad, profile="minimal", exemptions=both, baseline=known)
    assert [each.path for each in after.open] == ["exemptions.TINY-001.other"]


def test_an_exemption_that_excuses_nothing_is_reported_without_stopping_the_run() -> None:
    held = Exemptions([EXEMPTION], today=DAY)
    report = run(with_self_checks(TINY), make("x", location="eastus"), profile="minimal", exemptions=held)
    assert [(each.rule, each.level) for each in report.of("fail")] == [("MOOR-POL-002", "advisory")]


def test_resources_of_a_broken_off_plan_are_evaluated_by_what_they_say_themselves() -> None:
    active = select(with_self_checks(TINY), Settings(profile="regulated"))
    bad = make("r", adminUserEnabled=True, location="eastus")
    entry = EXEMPTION.model_dump()
    late = Exemption(**{**entry, "expires": DAY - datetime.timedelta(days=1)})
    held = Exemptions([late, Exemption(**{**entry, "resource": "elsewhere"})], today=DAY, lines=[3, 8])
    known = Baseline(frozenset({("TINY-001", "gone", "")}))
    whole = judge(active, Graph([bad]), exemptions=held, baseline=known)
    partly = judge_singly(active, Graph([bad]), exemptions=held, baseline=known)
    assert {"TINY-003", "MOOR-POL-002"} <= {each.rule for each in whole.findings}
    assert not {"TINY-003", "MOOR-POL-002"} & {each.rule for each in partly.findings}
    assert {each.rule for each in partly.findings if each.stops} == {"TINY-001", "MOOR-POL-001"}
    assert (partly.gone, partly.idle) == ((), ())


def test_known_findings_do_not_stop_the_run_and_new_ones_do() -> None:
    old = make("r", adminUserEnabled=True, location="eastus")
    known = Baseline(frozenset(map(baselines.row, run(TINY, old).of("fail"))))
    again = run(TINY, old, baseline=known)
    more = run(TINY, old, make("s", adminUserEnabled=True, location="eastus"), baseline=known)
    assert not again.stops
    assert {each.urn for each in more.open if each.stops} == {urn_of("s")}


def test_findings_that_only_the_baseline_has_are_reported() -> None:
    old = run(TINY, make("r", adminUserEnabled=True, location="eastus"), profile="minimal")
    known = Baseline(frozenset(map(baselines.row, old.of("fail"))))
    mended = run(TINY, make("r", adminUserEnabled=False, location="eastus"), profile="minimal", baseline=known)
    assert list(mended.gone) == [("TINY-001", urn_of("r"), "adminUserEnabled")]


def test_a_rule_without_a_resource_of_its_types_is_idle() -> None:
    report = run(TINY, make("v", NETWORK_TOKEN, location="eastus"))
    assert report.idle == ("TINY-001", "TINY-003")
