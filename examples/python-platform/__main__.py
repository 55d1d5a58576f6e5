"""A whole stack description as one resource."""

import pulumi
from pulumi_moorings.planning import get_subnet_ranges
from pulumi_moorings.platform import Platform

SPACE = "10.20.0.0/16"

# A subnet that is added at the end moves no other.
(registry,) = get_subnet_ranges(address_space=[SPACE], subnets=["/26"]).ranges

platform = Platform(
    "platform",
    name="contoso",
    environment="python",
    location="swedencentral",
    networks={
        "swedencentral": {
            "address_space": [SPACE],
            "subnets": {"registry": {"prefix": registry, "purpose": "private_endpoints"}},
        }
    },
    registry={
        "name": "contosoplatformpython",
        "regional_endpoints": True,
        "protect": False,  # so that pulumi destroy deletes it
        "private_endpoints": {"swedencentral": {"network": "swedencentral", "subnet": "registry"}},
    },
    identities={"pull": {}},
    access={"pull": {"identity": "pull", "action": "pull"}},
)

pulumi.export("endpoints", platform.endpoints)
pulumi.export("ledger", platform.ledger)
