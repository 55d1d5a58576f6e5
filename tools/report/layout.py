"""The topology as boxes and lines of an SVG: one column for each region, from the registry at the top to what pulls below."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from tools.report.picture import Consumer, Network, Picture

COLUMN: Final = 320
GUTTER: Final = 44
LINE: Final = 20
_PADDING: Final = 12
_LETTER: Final = 7.3
_STRONG_LETTER: Final = 8.2
"""Widths of a letter at 13 px, as wide fonts have them; a longer text is shortened, and is complete in the title."""


@dataclass(frozen=True, slots=True)
class Text:
    """A line of text in a box; `strong` for its title."""

    x: int
    y: int
    text: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Box:
    """A box with lines of text.

    Attributes:
        kind: `registry`, `replica`, `network` or `consumer`, which decides its shape.
        title: what it represents, for assistive technology.
        mark: `new`, `changed` or empty; a change has a dashed outline and its word in the title.
    """

    kind: str
    x: int
    y: int
    width: int
    height: int
    title: str
    lines: tuple[Text, ...]
    elsewhere: bool = False
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A line through points; `kind` is `private`, `public` or `peering`."""

    kind: str
    points: str
    title: str


@dataclass(slots=True)
class Drawing:
    """Boxes and lines with the size of the picture."""

    width: int = 0
    height: int = 0
    boxes: list[Box] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    columns: dict[str, int] = field(default_factory=dict)


def drawing(shown: Picture, marks: dict[tuple[str, str], str]) -> Drawing:
    """Return the drawing of a picture.

    Args:
        shown: what it shows.
        marks: `new` or `changed` by kind and key of a box.
    """
    result = Drawing(columns={region: GUTTER + i * (COLUMN + GUTTER) for i, region in enumerate(shown.regions)})
    result.width = GUTTER + len(result.columns) * (COLUMN + GUTTER)
    heights = dict.fromkeys(result.columns, 26)
    anchors: dict[str, tuple[int, int]] = {}
    if shown.registry:
        title = f"registry {shown.registry}" + (", made elsewhere" if shown.registry_elsewhere else "")
        text = Text(GUTTER + _PADDING, 48, title, strong=True)
        width = result.width - 2 * GUTTER
        result.boxes.append(Box("registry", GUTTER, 26, width, 34, title, (text,), shown.registry_elsewhere))
        heights = dict.fromkeys(result.columns, 76)
    for replica in shown.replicas:
        box = _box(result, heights, "replica", replica.region, [replica.title, replica.host], marks, replica.region)
        anchors[f"replica {replica.region}"] = (box.x, box.y + box.height // 2)
    heights = dict.fromkeys(result.columns, max(heights.values(), default=0))
    rows: dict[str, tuple[int, int]] = {}
    for network in shown.networks:
        box = _box(
            result, heights, "network", network.region, list(_words(network)), marks, network.key, network.elsewhere
        )
        rows[network.key] = (box.x, box.y + LINE)
        first = 2 if network.ranges else 1
        for index, row in enumerate(network.subnets):
            for endpoint in network.endpoints.get(row.subnet.name, ()):
                anchors[f"endpoint {endpoint}"] = (box.x, box.y + LINE * (index + first) + LINE // 2 + 5)
    heights = dict.fromkeys(result.columns, max(heights.values(), default=0))
    for consumer in shown.consumers:
        box = _box(result, heights, "consumer", consumer.region, [consumer.name, consumer.host], marks, consumer.name)
        result.lines.extend(_path(consumer, (box.x, box.y + box.height // 2), anchors))
    for one, other in shown.peerings:
        if one in rows and other in rows:
            points = " ".join(f"{x},{y}" for x, y in (rows[one], rows[other]))
            result.lines.append(Line("peering", points, f"peering of {one} and {other}"))
    result.height = max(heights.values(), default=0) + 10
    return result


def _words(network: Network) -> Iterator[str]:
    yield network.name + (" (made elsewhere)" if network.elsewhere else "")
    yield network.ranges
    for row in network.subnets:
        held = ", ".join(f"endpoint {each}" for each in network.endpoints.get(row.subnet.name, ()))
        prefix = f" {row.subnet.prefix}" if row.subnet.prefix else ""
        yield f"{row.subnet.name}{prefix}" + (f": {held}" if held else "")


def _box(
    result: Drawing,
    heights: dict[str, int],
    kind: str,
    region: str,
    words: list[str],
    marks: dict[tuple[str, str], str],
    key: str,
    elsewhere: bool = False,
) -> Box:
    """Add a box below the others of a region's column."""
    words = [word for word in words if word]
    x, y = result.columns[region], heights[region]
    mark = marks.get((kind, key), "")
    words[0] = f"{mark}: {words[0]}" if mark else words[0]
    lines = tuple(
        Text(x + _PADDING, y + LINE * (index + 1), _short(word, strong=index == 0), strong=index == 0)
        for index, word in enumerate(words)
    )
    box = Box(kind, x, y, COLUMN, LINE * len(words) + 10, f"{kind}: {'; '.join(words)}", lines, elsewhere, mark)
    result.boxes.append(box)
    heights[region] = y + box.height + 14
    return box


def _short(word: str, *, strong: bool) -> str:
    most = int((COLUMN - 2 * _PADDING) / (_STRONG_LETTER if strong else _LETTER))
    return word if len(word) <= most else f"{word[: most - 1]}…"


def _path(consumer: Consumer, start: tuple[int, int], anchors: dict[str, tuple[int, int]]) -> Iterator[Line]:
    """The pull path: along the left side of the column to the endpoint, and on to the replica."""
    title = " → ".join(consumer.path)
    target = anchors.get(f"replica {consumer.replica or consumer.region}") or next(
        (point for name, point in anchors.items() if name.startswith("replica ")), None
    )
    if target is None:
        return
    endpoint = anchors.get(f"endpoint {consumer.endpoint}") if consumer.endpoint else None
    if endpoint is None:
        yield Line("public", _along(start, target, 10), title)
        return
    yield Line("private", _along(start, endpoint, 20), title)
    yield Line("private", _along(endpoint, target, 30), title)


def _along(start: tuple[int, int], end: tuple[int, int], aside: int) -> str:
    """Points from one left edge to another, through the space between the columns."""
    (x, y), (far_x, far_y) = start, end
    return f"{x},{y} {x - aside},{y} {far_x - aside},{far_y} {far_x},{far_y}"
