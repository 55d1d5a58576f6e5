"""Names of the public cloud's regions, as they stand in ARM's `location`."""

from __future__ import annotations

from local_azure.errors import ArmError

PUBLIC = frozenset(
    [
        "eastus",
        "eastus2",
        "eastus3",
        "southcentralus",
        "westus2",
        "westus3",
        "australiaeast",
        "southeastasia",
        "northeurope",
        "swedencentral",
        "uksouth",
        "westeurope",
        "centralus",
        "southafricanorth",
        "centralindia",
        "eastasia",
        "indonesiacentral",
        "japaneast",
        "japanwest",
        "koreacentral",
        "malaysiawest",
        "newzealandnorth",
        "canadacentral",
        "austriaeast",
        "belgiumcentral",
        "denmarkeast",
        "francecentral",
        "germanywestcentral",
        "italynorth",
        "norwayeast",
        "polandcentral",
        "spaincentral",
        "switzerlandnorth",
        "mexicocentral",
        "uaenorth",
        "brazilsouth",
        "chilecentral",
        "israelcentral",
        "qatarcentral",
        "northcentralus",
        "westus",
        "westcentralus",
        "southeastus",
        "southafricawest",
        "australiacentral",
        "australiacentral2",
        "australiasoutheast",
        "koreasouth",
        "southindia",
        "westindia",
        "canadaeast",
        "francesouth",
        "germanynorth",
        "norwaywest",
        "switzerlandwest",
        "ukwest",
        "uaecentral",
        "brazilsoutheast",
        "jioindiawest",
        "jioindiacentral",
        "southcentralus2",
        "swedensouth",
        "eastus2euap",
        "centraluseuap",
    ]
)
"""Regions by their normalised names [REGIONS]."""

_ZONELESS = """
    australiacentral australiasoutheast brazilsoutheast canadaeast francesouth germanynorth koreasouth northcentralus
    norwaywest southafricawest southindia swedensouth switzerlandwest uaecentral ukwest westcentralus westindia westus
"""
ZONELESS = frozenset(_ZONELESS.split())
"""Regions without availability zones [ZONES]."""


def normalised(location: str) -> str:
    """Return a location as ARM compares it: "West Europe" and "westeurope" are the same place."""
    return location.replace(" ", "").lower()


def checked(location: str, type_name: str) -> str:
    """Return the normalised location; raises ArmError when no such region exists [ARM-ERRORS]."""
    region = normalised(location)
    if region not in PUBLIC:
        message = (
            f"The provided location '{location}' is not available for resource type '{type_name}'. "
            f"List of available regions for the resource type is '{','.join(sorted(PUBLIC))}'."
        )
        raise ArmError(400, "LocationNotAvailableForResourceType", message)
    return region
