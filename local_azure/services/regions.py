"""Regions of the clouds, as ARM's `location` names them, and the suffixes of hosts in each cloud."""

from __future__ import annotations

from dataclasses import dataclass

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
"""Regions of the public cloud by their normalised names [REGIONS]."""


@dataclass(frozen=True, slots=True)
class Suffixes:
    """What follows the name of a resource in its host name, with a leading dot [CLOUD-1]."""

    registry: str = ".azurecr.io"
    vault: str = ".vault.azure.net"
    storage: str = ".core.windows.net"


_PUBLIC_SUFFIXES = Suffixes()
_GOVERNMENT = Suffixes(".azurecr.us", ".vault.usgovcloudapi.net", ".core.usgovcloudapi.net")
_CHINA = Suffixes(".azurecr.cn", ".vault.azure.cn", ".core.chinacloudapi.cn")
_SOVEREIGN = {
    **dict.fromkeys(["usgovarizona", "usgovtexas", "usgovvirginia", "usdodcentral", "usdodeast"], _GOVERNMENT),
    **dict.fromkeys(["chinaeast", "chinaeast2", "chinaeast3", "chinanorth", "chinanorth2", "chinanorth3"], _CHINA),
}
"""Suffixes of the regions of other clouds. A region is of one cloud, so that it says in which cloud a resource is (chosen)."""
_KNOWN = PUBLIC | _SOVEREIGN.keys()

_ZONELESS = """
    australiacentral australiasoutheast brazilsoutheast canadaeast francesouth germanynorth koreasouth northcentralus
    norwaywest southafricawest southindia swedensouth switzerlandwest uaecentral ukwest westcentralus westindia westus
    usgovarizona usgovtexas usdodcentral usdodeast chinaeast chinaeast2 chinaeast3 chinanorth chinanorth2
"""
ZONELESS = frozenset(_ZONELESS.split())
"""Regions without availability zones [ZONES]."""


def normalised(location: str) -> str:
    """Return a location as ARM compares it: "West Europe" and "westeurope" are the same place."""
    return location.replace(" ", "").lower()


def suffixes(location: str) -> Suffixes:
    """Return the suffixes of hosts in the cloud of a region."""
    return _SOVEREIGN.get(normalised(location), _PUBLIC_SUFFIXES)


def checked(location: str, type_name: str) -> str:
    """Return the normalised location; raises ArmError when no such region exists [ARM-ERRORS]."""
    region = normalised(location)
    if region not in _KNOWN:
        message = (
            f"The provided location '{location}' is not available for resource type '{type_name}'. "
            f"List of available regions for the resource type is '{','.join(sorted(PUBLIC))}'."
        )
        raise ArmError(400, "LocationNotAvailableForResourceType", message)
    return region
