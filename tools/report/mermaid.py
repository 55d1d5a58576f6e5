"""What a change touches as a Mermaid flowchart, which GitHub draws in a comment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from stacks.loader import Stack
from tools.report.changes import Key, marks
from tools.report.picture import EMPTY, Consumer, Picture, Way, picture
from tools.report.settings import differences

MOST_CHARACTERS: Final = 50_000
"""Maximum size of a text that Mermaid draws [MERMAID-LIMITS]."""
MOST_EDGES: Final = 500
"""Maximum number of edges that Mermaid draws [MERMAID-LIMITS]."""
MOST_NODES: Final = 60
"""Number of changed parts above which a picture in a comment is no longer readable (chosen)."""

_SHAPES: Final = {
    "registry": ('[["', '"]]'),
    "replica": ('["', '"]'),
    "network": ('["', '"]'),
    "consumer": ('(["', '"])'),
}

_ARROWS: Final[Mapping[Way, str]] = {"private": "-->", "public": "-.->", "elsewhere": "-->", "none": "--x"}


def change(now: Stack, base: Stack | None) -> str:
    """Return what a change of a description touches as a flowchart; empty if nothing or too much changes.

    Args:
        now: the description after the change.
        base: the description before it; None if the stack is new.
    """
    after = picture(now, now.plan.endpoints)
    before = picture(base, base.plan.endpoints) if base else EMPTY
    return flowchart(after, before, marks(after, before, differences(now, base)))


def flowchart(now: Picture, base: Picture, changed: Mapping[Key, str]) -> str:
    """Return a flowchart of what is new, changed or removed, with the registry; empty if nothing or too much changes.

    Args:
        now: the picture after the change.
        base: the picture before it.
        changed: `new`, `changed` or `removed` by kind and key.
    """
    touched = {key for key in changed if key[0] in ("replica", "network", "consumer")}
    if not touched or len(touched) > MOST_NODES:
        return ""
    ids: dict[Key, str] = {}
    regions: dict[str, list[str]] = {}
    for region, key, words in _nodes(now, base, changed):
        ids[key] = f"n{len(ids)}"
        first, last = _SHAPES[key[0]]
        regions.setdefault(region, []).append(f"{ids[key]}{first}{_text(words)}{last}")
    lines = ["flowchart TB"]
    name = now.registry or base.registry
    if name:
        lines.append(f"  registry{_SHAPES['registry'][0]}{_text(f'registry {name}')}{_SHAPES['registry'][1]}")
    for index, (region, nodes) in enumerate(regions.items()):
        lines += [f'  subgraph r{index}["{_text(region)}"]', *(f"    {node}" for node in nodes), "  end"]
    edges = list(dict.fromkeys(_edges(now, base, ids)))
    text = "\n".join([*lines, *(f"  {edge}" for edge in edges)]) + "\n"
    return text if len(text) <= MOST_CHARACTERS and len(edges) <= MOST_EDGES else ""


def _nodes(now: Picture, base: Picture, changed: Mapping[Key, str]) -> Iterator[tuple[str, Key, str]]:
    """Yield region, key and words of each part that changes; a removed one is in the picture before the change."""
    for shown, taken in ((now, {"new", "changed"}), (base, {"removed"})):
        parts = [
            *((each.region, ("replica", each.region), each.title) for each in shown.replicas),
            *((each.region, ("network", each.key), f"network {each.name}") for each in shown.networks),
            *((each.region, ("consumer", each.name), each.name) for each in shown.consumers),
        ]
        yield from (
            (region, key, f"{changed[key]}: {words}") for region, key, words in parts if changed.get(key) in taken
        )


def _edges(now: Picture, base: Picture, ids: Mapping[Key, str]) -> Iterator[str]:
    """Yield the pull paths and the networks of what changes; a replica belongs to the registry."""
    for shown in (now, base):
        for replica in shown.replicas:
            if ("replica", replica.region) in ids:
                yield f"registry --- {ids['replica', replica.region]}"
        for consumer in shown.consumers:
            if ("consumer", consumer.name) in ids:
                yield from _of_consumer(consumer, shown, ids)


def _of_consumer(consumer: Consumer, shown: Picture, ids: Mapping[Key, str]) -> Iterator[str]:
    own = ids["consumer", consumer.name]
    for network in consumer.networks:
        if ("network", network) in ids:
            yield f"{own} --- {ids['network', network]}"
    if not shown.registry:
        return
    for source in consumer.sources:
        target = ids.get(("replica", source.replica or ""), "registry")
        yield f'{own} {_ARROWS[consumer.way]}|"{_text(consumer.way_in_words)}"| {target}'


def _text(words: str) -> str:
    """Return a text inside quotes; Mermaid takes entities by name, with # in front."""
    return (
        words.replace("#", "#35;").replace('"', "#quot;").replace("<", "#lt;").replace(">", "#gt;").replace("`", "#96;")
    )
