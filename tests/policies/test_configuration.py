"""Which rules are on, how strict they are, and every way in which the settings can be wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from planning.problems import SpecError
from policies import configuration
from policies.configuration import Settings, load, override, select, unknown_stacks
from stacks.document import read
from tests.policies.tiny_rules import TINY


def on(settings: Settings) -> dict[str, str]:
    return {each.rule.id: each.level for each in select(TINY, settings)}


def settings_of(folder: Path, text: str) -> Settings:
    path = folder / configuration.FILE
    path.write_text(text, encoding="utf-8")
    return load(path)


def refused(folder: Path, text: str) -> list[str]:
    with pytest.raises(SpecError) as raised:
        selected(folder, text)
    return list(raised.value.lines)


def selected(folder: Path, text: str) -> list[configuration.Active]:
    settings = settings_of(folder, text)
    return select(TINY, settings, read(folder / configuration.FILE, configuration.FILE))


def test_a_profile_has_its_rules_on() -> None:
    assert set(on(Settings(profile="minimal"))) == {"TINY-001"}
    assert set(on(Settings(profile="standard"))) == {"TINY-001", "TINY-002", "TINY-004"}
    assert set(on(Settings(profile="regulated"))) == {"TINY-001", "TINY-002", "TINY-003", "TINY-004"}


def test_a_baseline_leaves_out_the_rules_that_came_later() -> None:
    assert "TINY-004" not in on(Settings(baseline="2026_12"))
    assert "TINY-004" in on(Settings(baseline="2027_03"))


def test_a_rule_that_is_named_is_on_in_every_profile_and_baseline() -> None:
    settings = Settings(
        profile="minimal", baseline="2026_12", rules={"TINY-004": {}, "TINY-003": {"level": "mandatory"}}
    )
    assert on(settings) == {"TINY-001": "mandatory", "TINY-003": "mandatory", "TINY-004": "advisory"}


def test_the_level_follows_the_severity_unless_it_is_stated() -> None:
    assert on(Settings(levels={"low": "mandatory"}))["TINY-004"] == "mandatory"
    assert on(Settings(rules={"TINY-001": {"level": "advisory"}}))["TINY-001"] == "advisory"


def test_a_disabled_rule_is_off() -> None:
    assert "TINY-001" not in on(Settings(rules={"TINY-001": {"level": "disabled"}}))


def test_a_rules_own_configuration_reaches_it() -> None:
    active = select(TINY, Settings(rules={"TINY-002": {"regions": ["mars"]}}))
    assert next(each.config for each in active if each.rule.id == "TINY-002").model_dump() == {"regions": ("mars",)}


def test_a_stack_lays_its_settings_over_those_of_all(tmp_path: Path) -> None:
    settings = settings_of(
        tmp_path,
        'baseline: "2026_12"\nrules: {TINY-002: {regions: [eastus]}}\n'
        "stacks: {prod: {profile: regulated, rules: {TINY-002: {level: advisory}}}}\n",
    )
    prod = settings.of_stack("prod")
    assert (prod.profile, prod.baseline) == ("regulated", "2026_12")
    assert prod.rules["TINY-002"] == {"regions": ["eastus"], "level": "advisory"}
    assert settings.of_stack("dev").profile == "standard"


def test_settings_that_do_not_exist_are_the_defaults(tmp_path: Path) -> None:
    assert load(tmp_path / "none.yaml") == Settings()


def test_every_wrong_setting_is_reported_with_its_line(tmp_path: Path) -> None:
    assert refused(tmp_path, "profile: strict\nbaseline: spring\ncolour: red\n") == [
        "settings.yaml:1 profile: 'strict': input should be 'minimal', 'standard' or 'regulated'",
        "settings.yaml:2 baseline: 'spring': string should match pattern '^\\d{4}_(03|06|09|12)$'",
        "settings.yaml:3 colour: unknown key; remove it or correct its spelling",
    ]


def test_every_wrong_rule_is_reported_with_its_line(tmp_path: Path) -> None:
    lines = refused(
        tmp_path,
        "rules:\n  TINY-009: {}\n  TINY-001: {level: loud}\n  TINY-002: {regions: 3, colour: red}\n",
    )
    assert lines[0] == "settings.yaml:2 rules.TINY-009: unknown rule TINY-009; remove it or correct its id"
    assert lines[1].startswith("settings.yaml:3 rules.TINY-001.level: expected one of disabled")
    assert [line.split(": ")[0] for line in lines[2:]] == [
        "settings.yaml:4 rules.TINY-002.regions",
        "settings.yaml:4 rules.TINY-002.colour",
    ]


def test_a_baseline_later_than_every_rule_is_refused() -> None:
    with pytest.raises(SpecError, match="baseline: 2031_03 is later than the newest rules; write 2027_03"):
        select(TINY, Settings(baseline="2031_03"))
    assert select(TINY, Settings(baseline="2026_12"))


def test_a_rule_that_corrects_nothing_is_not_taken_for_one_that_does() -> None:
    message = "rules.TINY-002.level: the rule corrects nothing; rules that do are TINY-001"
    with pytest.raises(SpecError, match=message):
        select(TINY, Settings(rules={"TINY-002": {"level": "remediate"}}))
    assert select(TINY, Settings(rules={"TINY-001": {"level": "remediate"}}))


def test_settings_of_a_stack_that_does_not_exist_are_reported(tmp_path: Path) -> None:
    text = "stacks:\n  prod: {}\n  prd: {profile: regulated}\n"
    settings, document = settings_of(tmp_path, text), read(tmp_path / "settings.yaml", "settings.yaml")
    assert unknown_stacks(settings, document, ["dev", "prod"]) == [
        "settings.yaml:3 stacks.prd: there is no stack prd; stacks here: dev, prod"
    ]
    assert unknown_stacks(settings, document, []) == []


def test_the_engines_configuration_overrides_the_settings_and_turns_rules_on() -> None:
    active = select(TINY, Settings(profile="minimal"))
    result = override(
        active, TINY, {"TINY-001": "advisory", "TINY-002": "mandatory"}, {"TINY-002": {"regions": ["mars"]}}
    )
    assert {each.rule.id: each.level for each in result} == {"TINY-001": "advisory", "TINY-002": "mandatory"}


def test_a_wrong_configuration_from_the_engine_is_refused() -> None:
    with pytest.raises(SpecError, match=r"TINY-002\.colour"):
        override([], TINY, {}, {"TINY-002": {"colour": "red"}})
