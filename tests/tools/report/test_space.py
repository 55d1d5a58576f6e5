"""The address map: what each subnet and each network is divided into."""

from __future__ import annotations

from pathlib import Path

import pytest

from stacks.loader import Stack, load
from tools.report.changes import address_rows
from tools.report.picture import picture
from tools.report.space import LEGEND, Space, spaces

UP = Path(__file__).parents[2] / "up"


def space_of(stack: Stack, base: Stack | None, network: str) -> Space:
    shown = picture(stack, stack.plan.endpoints)
    found = spaces(shown, address_rows(stack, base), compared=base is not None)
    return next(each for each in found if each.key == network)


def test_a_subnet_is_divided_into_reserved_used_added_headroom_and_free_addresses(smaller: Stack) -> None:
    bar = next(each for each in space_of(load("prod"), smaller, "eastus").bars if each.row.subnet == "registry")
    # Azure reserves the first four addresses and the last [NET-1]; a third region adds a data and a regional address, as does
    # the replica of the headroom [ACR-7].
    assert [each.title for each in bar.segments] == [
        "4 reserved by Azure",
        "5 used today",
        "2 added by the change",
        "2 headroom for further replicas",
        "242 free",
        "1 reserved by Azure",
    ]
    assert sum(int(each.title.split()[0]) for each in bar.segments) == 256
    assert bar.title == "7 needed, 5 before; 9 with headroom; 244 free"


def test_segments_fill_the_bar_without_gaps_and_can_be_seen(smaller: Stack) -> None:
    for network in ("eastus", "westeurope", "southeastasia"):
        for bar in space_of(load("prod"), smaller, network).bars:
            ends = [0.0, *(each.start + each.width for each in bar.segments)]
            assert [each.start for each in bar.segments] == pytest.approx(ends[:-1], abs=0.01)
            assert ends[-1] == pytest.approx(100, abs=0.01)
            assert min(each.width for each in bar.segments) > 0.7
            assert {each.kind for each in bar.segments} <= {kind for kind, _ in LEGEND}


def test_all_addresses_of_a_new_subnet_are_added_by_the_change(smaller: Stack) -> None:
    bars = space_of(load("prod"), smaller, "southeastasia").bars
    assert not [each for bar in bars for each in bar.segments if each.kind == "used"]
    without_base = space_of(load("prod"), None, "southeastasia").bars
    assert not [each for bar in without_base for each in bar.segments if each.kind == "added"]


def test_a_network_shows_its_subnets_in_the_order_of_their_ranges_and_what_is_free_between(smaller: Stack) -> None:
    (block,) = space_of(load("prod"), smaller, "eastus").blocks
    # /24, /24, /25, a reserved /25 that is no subnet yet, /25, and the rest of the /22.
    assert [(each.title, each.width) for each in block.segments] == [
        ("registry 10.50.0.0/24", 25),
        ("nodes 10.50.1.0/24", 25),
        ("apps 10.50.2.0/25", 12.5),
        ("128 addresses in no subnet", 12.5),
        ("sandboxes 10.50.3.0/25", 12.5),
        ("128 addresses in no subnet", 12.5),
    ]
    assert block.title.endswith("; 64,512 further addresses of 10.50.0.0/16 are free")


def test_a_subnet_made_elsewhere_shows_what_others_use() -> None:
    stack = load("work", directory=UP / "enterprise" / "files")
    (bar,) = space_of(stack, None, "spoke").bars
    # 16 addresses, 5 of them reserved; the file states that all others are free without this stack.
    kinds = {each.kind: int(each.title.split()[0]) for each in bar.segments if each.kind != "reserved"}
    assert kinds["used"] + kinds["free"] == 11
    assert "taken" not in kinds
