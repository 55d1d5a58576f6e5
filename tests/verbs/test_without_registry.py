"""Verbs over a stack without a registry: what they show is that there is none, not an error."""

from __future__ import annotations

from pathlib import Path

import pytest

from stacks import loader
from stacks.loader import describe, load
from tests.stacks.test_without_registry import WITH_SUBNET
from tests.verbs.asking import answer, run


@pytest.fixture(autouse=True)
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "Pulumi.hub.yaml").write_text(WITH_SUBNET, encoding="utf-8")
    monkeypatch.setattr(loader, "load", lambda name: load(name, directory=tmp_path))
    monkeypatch.setattr(loader, "describe", lambda name: describe(name, directory=tmp_path))


def test_the_ledger_shows_the_subnets() -> None:
    assert [row["subnet"] for row in answer("ledger", "hub")["subnets"]] == [
        "GatewaySubnet",
        "AzureFirewallSubnet",
        "apps",
    ]
    assert "switching regional endpoints" not in run("ledger", "hub").stdout


def test_nothing_is_reached_outside() -> None:
    assert run("firewall", "hub").stdout == "no outside destinations\n"


def test_explain_shows_what_is_stated() -> None:
    assert "firewalls.main.network" in run("explain", "hub").stdout


def test_there_are_no_profiles_to_write(tmp_path: Path) -> None:
    result = run("profiles", "hub", "--out", tmp_path / "out")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "")
