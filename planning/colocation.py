"""Co-location: compute without a replica in its region, and replicas without consumers.

A pull across regions is slower, is billed as transfer between regions, and depends on the other region [COLO-1].
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

Kind = Literal["apart", "excused", "needless", "unused", "idle"]
"""The kind of a finding.

``apart``: compute without a replica. ``excused``: the same, with a stated reason. ``needless``: an exception for a
region with a replica. ``unused``: an exception for a region without compute. ``idle``: a replica without consumers in
the stack.
"""


@dataclass(frozen=True, slots=True)
class Finding:
    """A region in which registry and compute do not match.

    Attributes:
        kind: the kind of finding.
        region: the region.
        reason: the stated reason, or empty.
    """

    kind: Kind
    region: str
    reason: str = ""


def findings(
    running: Iterable[str], home: str, replicas: Collection[str], exceptions: Mapping[str, str]
) -> Iterator[Finding]:
    """Compare the regions of compute with those of the registry, one finding per region.

    A stack without compute has no findings for its replicas, whose consumers are elsewhere.

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
