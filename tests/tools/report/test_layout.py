"""The picture as geometry: nothing overlaps and no line crosses a box, for stacks of this project and for a large one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, pairwise
from pathlib import Path

import pytest

from stacks.loader import Stack, load
from tools.report.layout import DENSE, Box, Drawing, drawing
from tools.report.picture import EMPTY, Consumer, Picture, Source, picture

UP = Path(__file__).parents[2] / "up"


def shown(stack: Stack) -> Picture:
    return picture(stack, stack.plan.endpoints)


def many(regions: int, consumers: int) -> Picture:
    """A picture with many regions, each with the network of prod, and with many consumers in each."""
    one = shown(load("prod"))
    names = [f"region{index}" for index in range(regions)]
    network, replica = one.networks[0], one.replicas[1]
    return replace(
        one,
        replicas=tuple(replace(replica, region=name, home=name == names[0]) for name in names),
        networks=tuple(
            replace(network, key=name, name=f"vnet-{name}", region=name, endpoints={"registry": (name,)})
            for name in names
        ),
        consumers=tuple(
            Consumer(
                f"job {index} {name}",
                name,
                (name,),
                (Source("contoso.azurecr.io", None),),
                "private",
                names[index % min(3, regions)],
            )
            for name in names
            for index in range(consumers)
        ),
        peerings=tuple(combinations(names[:4], 2)),
    )


def pictures() -> Iterator[tuple[str, Picture]]:
    yield from ((name, shown(load(name))) for name in ("dev", "local", "prod"))
    yield "hub and spoke", shown(load("test", directory=UP / "max" / "stacks"))
    yield "10 regions with 50 consumers each", many(10, 50)


@pytest.fixture(params=list(pictures()), ids=lambda each: each[0])
def drawn(request: pytest.FixtureRequest) -> Drawing:
    return drawing(request.param[1], {})


def inside(inner: Box, outer: Box) -> bool:
    return (
        outer.x <= inner.x
        and outer.y <= inner.y
        and inner.x + inner.width <= outer.x + outer.width
        and inner.y + inner.height <= outer.y + outer.height
    )


def apart(one: Box, other: Box) -> bool:
    return (
        one.x + one.width <= other.x
        or other.x + other.width <= one.x
        or one.y + one.height <= other.y
        or other.y + other.height <= one.y
    )


def crosses(box: Box, start: tuple[int, int], end: tuple[int, int]) -> bool:
    """Whether a horizontal or vertical piece of a line passes through the inside of a box."""
    (low_x, high_x), (low_y, high_y) = sorted((start[0], end[0])), sorted((start[1], end[1]))
    return low_x < box.x + box.width and high_x > box.x and low_y < box.y + box.height and high_y > box.y


def test_boxes_are_apart_or_one_inside_the_other(drawn: Drawing) -> None:
    overlapping = [
        (one.title, other.title)
        for one, other in combinations(drawn.boxes, 2)
        if not (apart(one, other) or inside(one, other) or inside(other, one))
    ]
    assert overlapping == []


def test_every_box_is_inside_the_picture_and_its_column(drawn: Drawing) -> None:
    assert all(box.x >= 0 and box.x + box.width <= drawn.width for box in drawn.boxes)
    assert all(box.y >= 0 and box.y + box.height <= drawn.height for box in drawn.boxes)


def test_lines_are_straight_and_cross_no_box(drawn: Drawing) -> None:
    pieces = [(start, end) for line in drawn.lines for start, end in pairwise(line.points)]
    assert all(start[0] == end[0] or start[1] == end[1] for start, end in pieces)
    assert [(box.title, piece) for piece in pieces for box in drawn.boxes if crosses(box, *piece)] == []


def test_lines_of_different_endpoints_run_beside_each_other_between_columns(drawn: Drawing) -> None:
    levels: dict[int, set[tuple[str, tuple[int, int]]]] = {}
    for line in drawn.lines:
        if len(line.points) == 6:
            levels.setdefault(line.points[2][1], set()).add(
                (line.kind, line.points[-1] if line.kind == "private" else (0, 0))
            )
    assert all(len({kind for kind, _ in found}) == 1 for found in levels.values())


def test_every_consumer_with_a_way_has_a_line_from_its_box_to_a_replica(drawn: Drawing) -> None:
    replicas = {(box.x, box.y + 14) for box in drawn.boxes if box.key[0] == "replica"}
    for box in (each for each in drawn.boxes if each.key[0] == "consumer" and replicas):
        own = [line for line in drawn.lines if box.key in line.of]
        assert (box.x, box.y + 14) in {line.points[0] for line in own}
        assert replicas & {line.points[-1] for line in own}


def test_a_crowded_region_shows_names_alone() -> None:
    crowded = drawing(many(1, DENSE + 1), {})
    roomy = drawing(many(1, DENSE), {})
    assert {len(box.lines) for box in crowded.boxes if box.key[0] == "consumer"} == {1}
    assert {len(box.lines) for box in roomy.boxes if box.key[0] == "consumer"} == {2}


def test_an_empty_stack_has_an_empty_picture() -> None:
    assert drawing(EMPTY, {}).boxes == []
