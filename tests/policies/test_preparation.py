"""What a run is evaluated by: settings of rules on changes are known wherever resources are evaluated, and reported once."""

from __future__ import annotations

from pathlib import Path

import pytest

from planning.problems import SpecError
from policies.changes import CHANGE_RULES, PLAN_RULES
from policies.preparation import OWN_FOLDER, folder_for, prepare
from policies.rules import RULES
from tools.pull_request.verdicts import judged


def test_a_wrong_setting_of_a_rule_on_changes_is_reported_once(tmp_path: Path) -> None:
    (tmp_path / "settings.yaml").write_text("rules:\n  MOOR-CHG-001: {level: bogus}\n")
    with pytest.raises(SpecError) as refused:
        prepare(tmp_path, "prod", RULES)
    expected = "expected one of disabled, advisory, mandatory, remediate, got 'bogus'"
    assert list(refused.value.lines) == [f"settings.yaml:2 rules.MOOR-CHG-001.level: {expected}"]


def test_rules_on_changes_may_be_set_and_judge_no_resource(tmp_path: Path) -> None:
    (tmp_path / "settings.yaml").write_text("rules:\n  MOOR-CHG-001: {level: advisory}\n")
    prepared = prepare(tmp_path, "prod", RULES)
    assert not [each for each in prepared.active if each.rule in CHANGE_RULES]


def test_a_change_is_evaluated_without_its_resources_whatever_rules_the_settings_name(tmp_path: Path) -> None:
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies" / "settings.yaml").write_text("rules:\n  MOOR-ACR-003: {level: advisory}\n")
    verdicts = judged(tmp_path, "prod", {"steps": []}, {}, {}, resources=False)
    assert verdicts.refusals == ()
    assert verdicts.report is not None
    assert {row.rule for row in verdicts.report.findings} == {each.id for each in PLAN_RULES}


@pytest.mark.parametrize("name", ["settings.yaml", "exemptions.yaml", "approvals.yaml"])
def test_any_file_of_the_policies_beside_a_program_makes_that_folder_the_programs_own(
    tmp_path: Path, name: str
) -> None:
    assert folder_for(tmp_path) == OWN_FOLDER
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies" / name).write_text("")
    assert folder_for(tmp_path) == tmp_path / "policies"
