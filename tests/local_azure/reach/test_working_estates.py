"""Estates in which everything works."""

from __future__ import annotations

from estates import Estate

from local_azure.reach import command
from local_azure.reach.verdict import Verdict


def asked(estate: Estate) -> list[Verdict]:
    assert estate.arm.cloud is not None
    found = command.snapshot(estate.arm.cloud.store)
    return command.verdicts(found, command.consumers(found, estate.pulls, command.Question()))


def test_everything_works(estate: Estate) -> None:
    found = asked(estate)
    assert [v.broken for v in found if v.broken] == []
    assert command.summary(found) == "pulls and pushes: 8 of 8 work"
