"""Names of Azure regions, and suggestions for misspelled ones [REGION-1].

The table is dated data (2026-11-21). A well-formed name that is not in it is a warning only, since Azure opens regions
faster than toolkits are released.
"""

from __future__ import annotations

import difflib
import re

from planning.clouds import CloudName

_PATTERN = re.compile(r"[a-z]+[0-9]?")

_REGIONS: dict[CloudName, str] = {
    "public": """
        australiacentral australiacentral2 australiaeast australiasoutheast austriaeast belgiumcentral brazilsouth
        brazilsoutheast canadacentral canadaeast centralindia centralus chilecentral denmarkeast eastasia eastus eastus2
        francecentral francesouth germanynorth germanywestcentral indonesiacentral israelcentral italynorth japaneast
        japanwest koreacentral koreasouth malaysiawest mexicocentral newzealandnorth northcentralus northeurope
        norwayeast norwaywest polandcentral qatarcentral southafricanorth southafricawest southcentralus southindia
        southeastasia spaincentral swedencentral swedensouth switzerlandnorth switzerlandwest uaecentral uaenorth
        uksouth ukwest westcentralus westeurope westindia westus westus2 westus3
    """,
    "usgovernment": "usgovarizona usgovtexas usgovvirginia usdodcentral usdodeast",
    "china": "chinaeast chinaeast2 chinaeast3 chinanorth chinanorth2 chinanorth3",
}

_WITH_ZONES = """
    australiaeast austriaeast belgiumcentral brazilsouth canadacentral centralindia centralus chilecentral chinanorth3
    denmarkeast eastasia eastus eastus2 francecentral germanywestcentral indonesiacentral israelcentral italynorth
    japaneast japanwest koreacentral malaysiawest mexicocentral newzealandnorth northeurope norwayeast polandcentral
    qatarcentral southafricanorth southcentralus southeastasia spaincentral swedencentral switzerlandnorth uaenorth
    uksouth usgovvirginia westeurope westus2 westus3
"""

ZONED = frozenset(_WITH_ZONES.split())
"""Regions with availability zones [REGION-2]."""

REGIONS: dict[CloudName, frozenset[str]] = {cloud: frozenset(names.split()) for cloud, names in _REGIONS.items()}


def is_well_formed(region: str) -> bool:
    """Whether a name is in the form that ARM uses (``westeurope``), known or not."""
    return bool(_PATTERN.fullmatch(region))


def normalise(region: str) -> str:
    """Return the name in ARM's form: ``West Europe`` becomes ``westeurope``."""
    return re.sub(r"[^a-z0-9]", "", region.lower())


def suggestion(region: str, cloud: CloudName = "public") -> str | None:
    """Return the known region with the closest spelling, or None."""
    close = difflib.get_close_matches(normalise(region), sorted(REGIONS[cloud]), n=1, cutoff=0.8)
    return close[0] if close else None


def is_known(region: str, cloud: CloudName = "public") -> bool:
    """Whether the region stands in the table of that cloud."""
    return region in REGIONS[cloud]


def zones_of(region: str) -> list[str]:
    """Return the availability zones of a region, none where it has none or is not in the table [REGION-2]."""
    return ["1", "2", "3"] if region in ZONED else []


def lacks_zones(region: str) -> bool:
    """Whether a region is known to have no availability zones; one that is not in the table may have them [REGION-2]."""
    return region not in ZONED and any(region in names for names in REGIONS.values())


def zone_problem(region: str, stated: str, remedy: str) -> str | None:
    """Return why a value that asks for availability zones does not go with a region, in one line [REGION-2].

    Args:
        region: where the resource is.
        stated: the value.
        remedy: what to write instead.
    """
    return f"{stated}: {region} has no availability zones; {remedy} [REGION-2]" if lacks_zones(region) else None
