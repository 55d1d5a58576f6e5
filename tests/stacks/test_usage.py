"""The usage that is stated beside the stack files."""

from pathlib import Path

import pytest

from planning.problems import SpecError
from stacks.usage import Usage, usage
from tests.architecture.project import ROOT


def stated(tmp_path: Path, text: str) -> Path:
    """Write a file with usage, and return its path."""
    path = tmp_path / "stacks" / "_cost.yaml"
    path.parent.mkdir()
    for name in ("dev", "prod"):
        (path.parent / f"Pulumi.{name}.yaml").touch()
    path.write_text(text, encoding="utf-8")
    return path


def test_without_a_file_only_the_hours_of_a_month_are_assumed(tmp_path: Path) -> None:
    assert usage("prod", tmp_path / "_cost.yaml") == Usage(hours=730)


def test_a_stack_has_the_common_usage_where_it_states_none(tmp_path: Path) -> None:
    path = stated(tmp_path, "stored_gib: 100\nendpoint_gb: 50\nstacks:\n  prod: {stored_gib: 1024}\n")
    assert usage("prod", path) == Usage(stored_gib=1024, endpoint_gb=50)
    assert usage("dev", path) == Usage(stored_gib=100, endpoint_gb=50)


def test_a_month_has_days_and_seconds() -> None:
    assert (Usage(hours=744).days, Usage(hours=744).seconds) == (31, 2_678_400)


def test_what_is_wrong_is_said_with_its_line(tmp_path: Path) -> None:
    path = stated(tmp_path, "stored_gib: 100\nstacks:\n  prod: {stored_gb: 1}\n")
    with pytest.raises(SpecError) as refusal:
        usage("prod", path)
    (line,) = refusal.value.lines
    assert line.startswith("stacks/_cost.yaml:3 stacks.prod.stored_gb: ")
    assert "stored_gib" in line


def test_every_field_is_documented() -> None:
    page = (ROOT / "docs" / "cost.md").read_text(encoding="utf-8")
    assert [name for name in Usage.model_fields if f"\n| `{name}` | " not in page] == []


def test_a_negative_quantity_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SpecError):
        usage("prod", stated(tmp_path, "stored_gib: -1\n"))


def test_usage_of_a_stack_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SpecError) as refusal:
        usage("dev", stated(tmp_path, "stacks:\n  prd: {stored_gib: 1}\n"))
    (line,) = refusal.value.lines
    assert line == "stacks/_cost.yaml:2 stacks.prd: there is no stack 'prd'; there are: dev, prod"
