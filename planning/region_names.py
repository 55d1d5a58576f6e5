"""Display names of regions, which Azure Service Health uses instead of the names in ARM [REGION-3]."""

from __future__ import annotations

from typing import Final

_DISPLAYED: Final = """
    Australia Central, Australia Central 2, Australia East, Australia Southeast, Austria East, Belgium Central, Brazil South,
    Brazil Southeast, Canada Central, Canada East, Central India, Central US, Chile Central, China East, China East 2,
    China East 3, China North, China North 2, China North 3, Denmark East, East Asia, East US, East US 2, France Central,
    France South, Germany North, Germany West Central, Indonesia Central, Israel Central, Italy North, Japan East, Japan West,
    Korea Central, Korea South, Malaysia West, Mexico Central, New Zealand North, North Central US, North Europe, Norway East,
    Norway West, Poland Central, Qatar Central, South Africa North, South Africa West, South Central US, South India,
    Southeast Asia, Spain Central, Sweden Central, Sweden South, Switzerland North, Switzerland West, UAE Central, UAE North,
    UK South, UK West, USDoD Central, USDoD East, USGov Arizona, USGov Texas, USGov Virginia, West Central US, West Europe,
    West India, West US, West US 2, West US 3
"""

_NAMES: Final = {
    name.replace(" ", "").lower(): name for name in (" ".join(part.split()) for part in _DISPLAYED.split(","))
}


def display_name(region: str) -> str:
    """Return the display name of a region, such as West Europe; a region that is not known keeps its name in ARM."""
    return _NAMES.get(region, region)
