"""`./moorings cost` as a shell runs it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from planning.meters import NAMED, REPLICA
from tests.tools.cost.price_server import PriceServer, row
from tests.verbs.asking import answer, run
from tools.cost import api, table


def test_the_cost_of_a_stack_is_printed_by_resource_and_region() -> None:
    result = run("cost", "prod")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0].startswith("stack prod: $")
    assert "list prices in US dollars of" in lines[0]
    assert any(line.startswith("registry.replicas.westeurope ") and line.endswith("$50.69") for line in lines)
    assert "not in the total:" in lines


def test_with_a_base_the_difference_is_printed() -> None:
    result = run("cost", "prod", "--base", "HEAD")
    assert (result.exit_code, "unchanged" in result.stdout) == (0, True)
    assert run("cost", "prod", "--base", "no-such-commit").exit_code == 1


def test_json_has_the_same_as_data() -> None:
    data = answer("cost", "prod", "--base", "HEAD")
    assert data["stack"] == "prod"
    assert data["difference"] == {"least": 0, "most": 0}
    assert data["changes"] == []


@pytest.mark.parametrize("words", [(), ("--base", "HEAD"), ("--refresh", "--base", "HEAD")])
def test_without_a_stack_only_a_refresh_is_possible(words: tuple[str, ...]) -> None:
    assert run("cost", *words).exit_code == 2


def test_an_unknown_stack_is_refused() -> None:
    result = run("cost", "nowhere")
    assert (result.exit_code, "available stacks" in result.stderr) == (1, True)


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the table that the refresh may write."""
    path = tmp_path / "prices.json"
    shutil.copy(table.FILE, path)
    monkeypatch.setattr(table, "FILE", path)
    monkeypatch.setattr("time.sleep", lambda _: None)
    return path


def test_a_table_that_cannot_be_read_is_refused(file: Path) -> None:
    file.write_text("{}", encoding="utf-8")
    result = run("cost", "prod")
    assert (result.exit_code, "prices.json is not a table of prices" in result.stderr) == (1, True)


def test_a_refresh_writes_the_table(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = {each.meter for each in table.load(file) if each.meter.size}
    rows = [row(meter, meter.region or "eastus", 1.5) for meter in (*NAMED, *sizes)]
    with PriceServer(rows) as server:
        monkeypatch.setattr(api, "URL", server.url)
        result = run("cost", "--refresh")
    assert result.exit_code == 0, result.stderr
    assert result.stderr.endswith(f"{len(NAMED) + len(sizes)} meters read, 0 not\n")
    assert table.load(file).amount(REPLICA, "eastus", 1) == 1.5


def test_a_meter_without_a_price_is_said_and_keeps_the_old_one(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with PriceServer([row(meter, meter.region or "eastus", 1.5) for meter in NAMED if meter != REPLICA]) as server:
        monkeypatch.setattr(api, "URL", server.url)
        result = run("cost", "--refresh")
    assert result.exit_code == 1
    assert f"{REPLICA}: the API has no price of it; the old prices are kept\n" in result.stderr
    assert table.load(file).amount(REPLICA, "westeurope", 1) == 1.6666


def test_a_refresh_that_fails_leaves_the_table_as_it_is(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = file.read_bytes()
    with PriceServer([]) as server:
        server.refusals = [(503, {})] * 5
        monkeypatch.setattr(api, "URL", server.url)
        result = run("cost", "--refresh")
    assert result.exit_code == 1
    assert "the prices are as they were: " in result.stderr
    assert file.read_bytes() == before
    assert [each.name for each in file.parent.iterdir()] == ["prices.json"]
