"""Cores and memory of a virtual machine size, read from its name [VM-1].

A name tells the cores; the memory follows from the family for those whose ratio is the same at every size. Of other families it
is not known here, which is told as such and never as too little.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_NAME = re.compile(
    r"Standard_(?P<family>[A-Z]+)(?P<cores>\d+)(?:-(?P<active>\d+))?(?P<features>[a-z]*)(?:_v(?P<version>\d+))?"
)

_GIB_PER_CORE = {"D": 4, "E": 8}


@dataclass(frozen=True, slots=True)
class Size:
    """What one machine has.

    Attributes:
        cores: vCPUs.
        memory_gib: memory in GiB; None where the name does not tell.
    """

    cores: int
    memory_gib: int | None


def size_of(name: str) -> Size | None:
    """Return what a machine of that size has, or None for a name in another form than ``Standard_D4ds_v5``."""
    match = _NAME.fullmatch(name)
    if match is None:
        return None
    cores, version = int(match["cores"]), int(match["version"] or 1)
    ratio = _GIB_PER_CORE.get(match["family"]) if version >= 3 else None
    if ratio and "l" in match["features"]:
        ratio //= 2
    return Size(int(match["active"] or cores), cores * ratio if ratio else None)
