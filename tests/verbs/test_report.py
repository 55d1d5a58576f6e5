"""`./moorings report` as a shell runs it."""

from __future__ import annotations

from pathlib import Path

from tests.verbs.asking import run


def test_the_report_is_written_to_a_file_that_is_named(tmp_path: Path) -> None:
    out = tmp_path / "reports" / "prod.html"
    result = run("report", "prod", "--base", "HEAD", "--out", out)
    assert (result.exit_code, result.stdout) == (0, f"{out}\n")
    text = out.read_text(encoding="utf-8")
    assert text.startswith("<!DOCTYPE html>")
    assert "of HEAD" in text


def test_findings_come_from_a_report_of_the_policies(tmp_path: Path) -> None:
    file = tmp_path / "findings.json"
    file.write_text("{}", encoding="utf-8")
    result = run("report", "prod", "--findings", file, "--out", tmp_path / "prod.html")
    assert (result.exit_code, "not a report in JSON" in result.stderr) == (1, True)


def test_what_does_not_exist_is_refused(tmp_path: Path) -> None:
    out = tmp_path / "prod.html"
    assert run("report", "nowhere", "--out", out).exit_code == 1
    assert run("report", "prod", "--base", "no-such-commit", "--out", out).exit_code == 1
    assert not out.exists()
