"""The topology as boxes and lines of an SVG: one column for each region, from the registry at the top to what pulls below.

Boxes are in three tiers. Lines leave a box at its left edge, run through the space between the columns, and change columns only
in the corridors between the tiers, so that no line crosses a box.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from tools.report.changes import Key
from tools.report.picture import Consumer, Network, Picture, Source

COLUMN: Final = 310
GUTTER: Final = 48
LINE: Final = 19
_PADDING: Final = 10
_GAP: Final = 12
_TRACK: Final = 6
_LETTER: Final = 7.0
_STRONG_LETTER: Final = 8.0
"""Widths of a letter at 13 px, as wide fonts have them; a longer text is wrapped."""
DENSE: Final = 12
"""Number of consumers in a region above which their boxes show the name alone (chosen)."""

_BREAK: Final = re.compile(r"(?<=[ ./-])")
_TO_ENDPOINT, _TO_REPLICA, _PUBLIC = 12, 24, 36
"""Distances from the left edge of a column of the lines to endpoints, from endpoints to replicas, and of all others."""


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
        key: kind and key of what it shows; the kind decides its shape.
        title: what it represents, for assistive technology.
        mark: `new`, `changed` or empty; a change has a dashed outline and its word in the title.
    """

    key: Key
    x: int
    y: int
    width: int
    height: int
    title: str
    lines: tuple[Text, ...]
    elsewhere: bool = False
    mark: str = ""


@dataclass(slots=True)
class Line:
    """A line through points; `kind` is `private`, `public`, `elsewhere` or `peering`, and `of` the consumers that use it."""

    kind: str
    points: tuple[tuple[int, int], ...]
    title: str
    of: list[Key] = field(default_factory=list)

    @property
    def path(self) -> str:
        """The points as an SVG takes them."""
        return " ".join(f"{x},{y}" for x, y in self.points)


@dataclass(slots=True)
class Drawing:
    """Boxes and lines with the size of the picture."""

    width: int = 0
    height: int = 0
    boxes: list[Box] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    columns: dict[str, int] = field(default_factory=dict)


def drawing(shown: Picture, marks: Mapping[Key, str]) -> Drawing:
    """Return the drawing of a picture.

    Args:
        shown: what it shows.
        marks: `new` or `changed` by kind and key of a box.
    """
    return _Layout(shown, marks).made


class _Layout:
    """One drawing while it is made: the free height of each column, and the points where lines end."""

    def __init__(self, shown: Picture, marks: Mapping[Key, str]) -> None:
        self._shown, self._marks = shown, marks
        self.made = Drawing(columns={region: GUTTER + i * (COLUMN + GUTTER) for i, region in enumerate(shown.regions)})
        self.made.width = GUTTER + max(1, len(self.made.columns)) * (COLUMN + GUTTER)
        self._heights = dict.fromkeys(self.made.columns, 28)
        self._ends: dict[Key, tuple[int, int]] = {}
        self._tracks: dict[tuple[int, object], int] = {}
        self._lines: dict[tuple[str, tuple[tuple[int, int], ...]], Line] = {}
        self._draw()
        self.made.lines = list(self._lines.values())

    def _draw(self) -> None:
        shown = self._shown
        if shown.registry:
            self._registry()
        for replica in shown.replicas:
            words = [replica.title, replica.host]
            self._end(self._box(replica.region, ("replica", replica.region), words))
        crossing = self._crossing()
        upper = self._corridor(len(shown.peerings) + len(crossing["upper"]))
        for network in shown.networks:
            self._network(network)
        lower = self._corridor(len(crossing["lower"]))
        crowded = {
            region for region, count in Counter(each.region for each in shown.consumers).items() if count > DENSE
        }
        for consumer in shown.consumers:
            words = [consumer.name, *([] if consumer.region in crowded else [s.host for s in consumer.sources])]
            self._end(self._box(consumer.region, ("consumer", consumer.name), words))
            for source in consumer.sources:
                self._pull(consumer, source, upper, lower)
        for pair in shown.peerings:
            self._peering(*pair, upper)
        self.made.height = max(self._heights.values(), default=60) + 10

    def _crossing(self) -> dict[str, set[str]]:
        """Return what needs a line in each corridor: the ways of consumers whose lines change columns there."""
        found: dict[str, set[str]] = {"upper": set(), "lower": set()}
        at = {key: its.region for its in self._shown.networks for keys in its.endpoints.values() for key in keys}
        for each in self._shown.consumers:
            way = each.endpoint or each.way
            last = at.get(each.endpoint or "", each.region)
            if last != each.region:
                found["lower"].add(way)
            if any(self._target(each, source) != last for source in each.sources):
                found["upper"].add(way)
        return found

    def _target(self, consumer: Consumer, source: Source) -> str | None:
        """Return the region of the replica that a line leads to: the own one where global routing decides."""
        regions = [each.region for each in self._shown.replicas]
        wanted = source.replica or consumer.region
        return wanted if wanted in regions else next(iter(regions), None)

    def _corridor(self, tracks: int) -> int:
        """Leave space for lines below everything so far, and return its upper edge; the next boxes start below it."""
        top = max(self._heights.values(), default=28)
        below = top + _TRACK * (tracks + 1)
        self._heights = dict.fromkeys(self._heights, below)
        return top

    def _registry(self) -> None:
        title = f"registry {self._shown.registry}" + (", made elsewhere" if self._shown.registry_elsewhere else "")
        width, key = self.made.width - 2 * GUTTER, ("registry", self._shown.registry)
        text = Text(GUTTER + _PADDING, 50, title, strong=True)
        elsewhere, mark = self._shown.registry_elsewhere, self._marks.get(key, "")
        self.made.boxes.append(Box(key, GUTTER, 28, width, 34, title, (text,), elsewhere, mark))
        self._heights = dict.fromkeys(self._heights, 74)

    def _network(self, network: Network) -> None:
        words = [network.name + (" (made elsewhere)" if network.elsewhere else ""), network.ranges]
        box = self._box(network.region, ("network", network.key), words, elsewhere=network.elsewhere)
        y = box.y + box.height
        for row in network.subnets:
            key = f"{network.key}/{row.subnet.name}"
            words = [f"{row.subnet.name} {row.subnet.prefix or ''}".strip()]
            y = self._inner(box, y, ("subnet", key), words, 8)
            for endpoint in network.endpoints.get(row.subnet.name, ()):
                self._ends["endpoint", endpoint] = (box.x, y + 12)
                y = self._inner(box, y, ("endpoint", endpoint), [f"private endpoint {endpoint}"], 24)
        around = Box(box.key, box.x, box.y, box.width, y + 4 - box.y, box.title, box.lines, box.elsewhere, box.mark)
        self.made.boxes[self.made.boxes.index(box)] = around
        self._ends[box.key] = (box.x + COLUMN, box.y + 14)
        self._heights[network.region] = y + 4 + _GAP

    def _inner(self, outer: Box, y: int, key: Key, words: list[str], aside: int) -> int:
        """Add a box inside another one at a height, and return the height of the next one."""
        box = self._made(key, words, outer.x + aside, y, outer.width - aside - 8)
        self.made.boxes.append(box)
        return box.y + box.height + 4

    def _box(self, region: str, key: Key, words: list[str], *, elsewhere: bool = False) -> Box:
        """Add a box below the others of a region's column."""
        box = self._made(key, words, self.made.columns[region], self._heights[region], COLUMN, elsewhere=elsewhere)
        self.made.boxes.append(box)
        self._heights[region] = box.y + box.height + _GAP
        return box

    def _made(self, key: Key, words: list[str], x: int, y: int, width: int, *, elsewhere: bool = False) -> Box:
        kind, mark = key[0], self._marks.get(key, "")
        words = [word for word in words if word]
        first = f"{mark}: {words[0]}" if mark else words[0]
        strong = kind not in ("subnet", "endpoint")
        most = (width - 2 * _PADDING) / (_STRONG_LETTER if strong else _LETTER)
        titles = list(_wrapped(first, int(most)))
        rest = [part for word in words[1:] for part in _wrapped(word, int((width - 2 * _PADDING) / _LETTER))]
        lines = tuple(
            Text(x + _PADDING, y + 17 + LINE * index, part, strong=strong and index < len(titles))
            for index, part in enumerate([*titles, *rest])
        )
        title = f"{kind}: {'; '.join([first, *words[1:]])}"
        return Box(key, x, y, width, LINE * len(lines) + 6, title, lines, elsewhere, mark)

    def _end(self, box: Box) -> None:
        self._ends[box.key] = (box.x, box.y + 14)

    def _pull(self, consumer: Consumer, source: Source, upper: int, lower: int) -> None:
        """Draw a pull path: to the private endpoint and on to the replica, or past every endpoint of this stack."""
        target = self._ends.get(("replica", self._target(consumer, source) or ""))
        if target is None or consumer.way == "none":
            return
        start, title = self._ends["consumer", consumer.name], " → ".join(consumer.steps(source))
        key, endpoint = ("consumer", consumer.name), self._ends.get(("endpoint", consumer.endpoint or ""))
        if endpoint is None:
            self._line(consumer.way, self._around(start, target, _PUBLIC, (upper, consumer.way)), title, key)
            return
        self._line("private", self._around(start, endpoint, _TO_ENDPOINT, (lower, consumer.endpoint)), title, key)
        self._line("private", self._around(endpoint, target, _TO_REPLICA, (upper, consumer.endpoint)), title, key)

    def _peering(self, one: str, other: str, upper: int) -> None:
        first, second = self._ends.get(("network", one)), self._ends.get(("network", other))
        if first and second:
            points = self._around(first, second, -8, (upper, (one, other)))
            self._line("peering", points, f"peering of {one} and {other}", ("network", one), ("network", other))

    def _track(self, track: tuple[int, object]) -> int:
        """Return the height of a line in a corridor; each endpoint and each peering has a line of its own."""
        used = sum(1 for corridor, _ in self._tracks if corridor == track[0])
        return track[0] + _TRACK * (self._tracks.setdefault(track, used) + 1) - _TRACK // 2

    def _around(
        self, start: tuple[int, int], end: tuple[int, int], aside: int, track: tuple[int, object]
    ) -> tuple[tuple[int, int], ...]:
        """Return the points from one edge to another: beside the columns, and in a track of a corridor to another column."""
        (x, y), (far_x, far_y) = start, end
        if x == far_x:
            return (x, y), (x - aside, y), (x - aside, far_y), (x, far_y)
        across = self._track(track)
        ends = (far_x - aside, across), (far_x - aside, far_y), (far_x, far_y)
        return ((x, y), (x - aside, y), (x - aside, across), *ends)

    def _line(self, kind: str, points: tuple[tuple[int, int], ...], title: str, *of: Key) -> None:
        """Add a line; one that exists already is used by more consumers."""
        line = self._lines.setdefault((kind, points), Line(kind, points, title))
        line.of += [each for each in of if each not in line.of]


def _wrapped(text: str, most: int) -> Iterator[str]:
    """Yield a text in lines of at most so many characters, broken after a space, a dot, a slash or a hyphen if possible."""
    line = ""
    for piece in _BREAK.split(text):
        rest = piece
        if line and len(line) + len(rest.rstrip()) > most:
            yield line.rstrip()
            line = ""
        while len(rest.rstrip()) > most:
            yield rest[:most]
            rest = rest[most:]
        line += rest
    if line.strip():
        yield line.rstrip()
