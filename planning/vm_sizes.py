"""Virtual machine sizes by name: cores, memory, and local disk [VM-1, VM-2, VM-3].

A name contains the cores; memory and local disk follow from the series if their ratio is constant. For other sizes they
are unknown, which is never reported as too small.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_NAME = re.compile(
    r"Standard_(?P<family>[A-Z]+)(?P<cores>\d+)(?:-(?P<active>\d+))?(?P<features>[a-z]*)"
    r"(?:_(?P<accelerator>[A-Z][A-Za-z0-9]*))?(?:_v(?P<version>\d+))?"
)

_GIB_PER_CORE = {"D": 4, "E": 8}

_DISK_SERIES: dict[float, str] = {
    8: "Bms",
    16: "Fs_v2",
    25: "Ds_v3 Es_v3 Das_v4 Eas_v4",
    37.5: """
        Dd_v4 Dds_v4 Ed_v4 Eds_v4 Dd_v5 Dds_v5 Dads_v5 Dlds_v5 Dpds_v5 Dplds_v5 Ed_v5 Eds_v5 Eads_v5 Epds_v5 DCads_v5
        ECads_v5
    """,
    55: "Dds_v6 Dads_v6 Dlds_v6 Dalds_v6 Dpds_v6 Dplds_v6 Eds_v6 Eads_v6 Epds_v6",
}
_DISK_PER_CORE = {series: gib for gib, names in _DISK_SERIES.items() for series in names.split()}
_DISK_OF_SIZE = {
    **{f"Standard_DS{size}_v2": 43 << (size - 1) for size in range(1, 6)},
    **{f"Standard_NC{cores}as_T4_v3": gib for cores, gib in ((4, 176), (8, 352), (16, 352), (64, 2816))},
    "Standard_B1ms": 30,
    "Standard_B2ms": 30,
    "Standard_NC24ads_A100_v4": 256,
}

_DISKLESS_FROM = {"B": 2, "D": 5, "DC": 5, "E": 5, "EC": 5}
"""Version from which the sizes of a family have a local disk only where a feature ``d`` says so [VM-1]."""

_RETIRED = {
    r"Standard_(NC|ND|NV)\d+r?s?(_Promo)?": "6 September 2023",
    r"Standard_NC\d+r?s_v2": "6 September 2023",
    r"Standard_NC(6|12|24)s_v3": "30 September 2025",
}
"""Names of sizes that Azure has retired, and since when [VM-3]."""

_NO_SYSTEM_POOL = re.compile(r"Standard_(?:B1[a-z]*|B2[ap]?ts_v2|DS?1(?:_v2)?|A[01](?:_v2)?|F1s?)")
_SMALL = re.compile(r"Standard_(?:B\d.*|F2s_v2|[A-Z]+[1-3][a-z]*_v(?:[3-9]|[1-9]\d))")
"""Sizes that AKS refuses for System pools, with less than 2 vCPUs or 4 GiB, and those that its documentation excludes, with
less than 4 vCPUs or of the series B [AKS-22]."""

DISK_GIB = 128
"""Size of a node's ephemeral OS disk where none is stated [VM-2]."""


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


def retired_problem(name: str) -> str | None:
    """Return in one line that a size is retired, or None if it is not known to be [VM-3]."""
    since = next((date for pattern, date in _RETIRED.items() if re.fullmatch(pattern, name)), None)
    return f"{name} was retired on {since}; use a size that is still offered [VM-3]" if since else None


def takes_premium_disks(name: str) -> bool:
    """Return whether a machine of that size may have Premium SSDs: its features, or its family as in DS2_v2, have an s [VM-1]."""
    match = _NAME.fullmatch(name)
    return match is not None and ("s" in match["features"] or match["family"].endswith("S"))


def system_pool_problem(name: str) -> str | None:
    """Return in one line that AKS refuses a size for System pools, or None [AKS-22]."""
    if _NO_SYSTEM_POOL.fullmatch(name):
        return f"{name} has less than 2 vCPUs or 4 GiB, which AKS refuses for a System pool; use a larger size [AKS-22]"
    return None


def small_for_system_pool(name: str) -> str | None:
    """Return in one line that the documentation excludes a size from System pools, or None [AKS-22]."""
    if _NO_SYSTEM_POOL.fullmatch(name) or not _SMALL.fullmatch(name):
        return None
    return f"{name} is for no System pool, which needs 4 vCPUs and a series other than B; use a larger size [AKS-22]"


def has_gpus(name: str) -> bool:
    """Return whether a machine of that size has GPUs: its family begins with N [VM-4]."""
    return name.startswith("Standard_N")


def ephemeral_room_gib(name: str) -> int | None:
    """Return the GiB that an ephemeral OS disk may have on a machine of that size, or None where it is not known.

    It is the largest of the size's cache, its temporary disk and its NVMe disks; 0 where the size has none of them
    [VM-2].
    """
    match = _NAME.fullmatch(name)
    if match is None or name in _DISK_OF_SIZE:
        return _DISK_OF_SIZE.get(name)
    family, features, version = match["family"], match["features"], int(match["version"] or 1)
    series = f"{family}{features}" + (f"_v{version}" if match["version"] else "")
    if series in _DISK_PER_CORE:
        return int(int(match["cores"]) * _DISK_PER_CORE[series])
    has_none = version >= _DISKLESS_FROM.get(family, 100) and "d" not in features
    return 0 if has_none or series in {"Ds_v4", "Es_v4", "D_v4", "E_v4"} else None


def ephemeral_problem(name: str, disk_gib: int) -> str | None:
    """Return why an ephemeral OS disk of that size does not fit a machine, in one line, or None where it may [VM-2]."""
    room = ephemeral_room_gib(name)
    if room is None or disk_gib <= room:
        return None
    if room == 0:
        return f"{name} has no local disk for an ephemeral OS disk; write Managed, or use another size [VM-2]"
    return (
        f"{name} has room for an ephemeral OS disk of {room} GiB, {disk_gib} GiB are requested; write "
        f"os_disk_size_gb: {room} or less, write Managed, or use a larger size [VM-2]"
    )


def quota_family(name: str) -> str | None:
    """Return the name of the vCPU quota of a size, such as ``standardDSv5Family``; None for series whose name does not follow.

    Quotas of the series D, E and F are named by series, features and version up to version 5 [QUOTA-FAMILY].
    """
    match = _NAME.fullmatch(name)
    if match is None or match["family"] not in {"D", "E", "F"} or not 2 <= int(match["version"] or 0) <= 5:
        return None
    return f"standard{match['family']}{match['features'].upper()}v{match['version']}Family"
