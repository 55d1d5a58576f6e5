"""Machine sizes and the room that they have for an ephemeral OS disk, as the pages of the size series list them [VM-DISKS]."""

from __future__ import annotations

import re

GIB = 1 << 30

_VCPUS = (2, 4, 8, 16, 32, 48, 64, 96)
_TEMPORARY = (75, 150, 300, 600, 1200, 1800, 2400, 3600)
_NVME = (110, 220, 440, 880, 1760, 2640, 3520, 5280)
_CACHE = (50, 100, 200, 400, 800, 1200, 1600)

_SERIES: dict[str, tuple[tuple[int, ...], tuple[int, ...]]] = {
    **dict.fromkeys(("D{}ds_v4", "D{}ds_v5", "D{}ads_v5", "D{}d_v5", "D{}pds_v5"), (_VCPUS, _TEMPORARY)),
    **dict.fromkeys(("E{}ds_v4", "E{}ds_v5", "E{}ads_v5", "E{}d_v5", "E{}pds_v5"), (_VCPUS, _TEMPORARY)),
    **dict.fromkeys(("D{}ds_v6", "D{}ads_v6", "E{}ds_v6", "E{}ads_v6"), (_VCPUS, _NVME)),
    **dict.fromkeys(("D{}s_v3", "E{}s_v3", "D{}as_v4", "E{}as_v4"), (_VCPUS[:7], _CACHE)),
    **dict.fromkeys(("D{}s_v4", "D{}s_v5", "D{}as_v5", "D{}s_v6", "D{}as_v6"), (_VCPUS, (0,) * 8)),
    **dict.fromkeys(("E{}s_v4", "E{}s_v5", "E{}as_v5", "E{}s_v6", "E{}as_v6"), (_VCPUS, (0,) * 8)),
    "DS{}_v2": ((1, 2, 3, 4, 5), (43, 86, 172, 344, 688)),
    "F{}s_v2": ((2, 4, 8, 16, 32, 48, 64, 72), (32, 64, 128, 256, 512, 768, 1024, 1152)),
    "B{}ms": ((4, 8, 12, 16, 20), (32, 64, 96, 128, 160)),
    "NC{}as_T4_v3": ((4, 8, 16, 64), (176, 352, 352, 2816)),
}

ROOM = {
    f"standard_{series.format(size)}".lower(): gib
    for series, (sizes, room) in _SERIES.items()
    for size, gib in zip(sizes, room, strict=False)
}
"""GiB of the largest of cache, temporary disk and NVMe disks, by the size's name in lower case [VM-DISKS]."""

RETIRED = re.compile(r"standard_(n[cdv]\d+r?s?(_promo)?|nc\d+r?s_v[23])", re.IGNORECASE)
"""Sizes with GPUs that are no longer made [VM-RETIRED]."""

TOO_LOW = re.compile(r"standard_(b1[a-z]*|b2[ap]?ts_v2|ds?1(_v2)?|a[01](_v2)?|f1s?)", re.IGNORECASE)
"""Sizes of general purpose with less than 2 vCPUs or 4 GiB, which System pools do not have [AKS-22]."""
