"""Co-location: whether what runs in a region finds a replica there, and whether each replica finds somebody who pulls.

A pull across regions is slower, is billed as transfer between regions, and fails with the other region [COLO-1].
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

Kind = Literal["apart", "excused", "needless", "unused", "idle"]
"""What is to be told of a region.

``apart``: something runs there without a replica. ``excused``: the same, with a reason stated. ``needless``: excused, though a
replica is there. ``unused``: excused, though nothing runs there. ``idle``: a replica from which nothing of the stack pulls.
"""


@dataclass(frozen=True, slots=True)
class Finding:
    """One region where registry and compute do not meet.

    Attributes:
        kind: what is to be told.
        region: where.
        reason: the reason that is stated for it, or empty.
    """

    kind: Kind
    region: str
    reason: str = ""


def findings(
    running: Iterable[str], home: str, replicas: Collection[str], exceptions: Mapping[str, str]
) -> Iterator[Finding]:
    """Compare where things run with where the registry is, each region once.

    A stack in which nothing runs says nothing of its replicas: their consumers are elsewhere.

    Args:
        running: regions of everything that pulls images, repeated or not.
        home: the registry's home region, which is its first replica.
        replicas: the further regions.
        exceptions: region to the reason why it needs no replica.
    """
    consumers = dict.fromkeys(running)
    present = {home, *replicas}
    for region in consumers:
        if region in present:
            continue
        reason = exceptions.get(region, "")
        yield Finding("excused" if reason else "apart", region, reason)
    for region, reason in exceptions.items():
        if region in present:
            yield Finding("needless", region, reason)
        elif region not in consumers:
            yield Finding("unused", region, reason)
    if consumers:
        yield from (Finding("idle", region) for region in replicas if region not in consumers)
