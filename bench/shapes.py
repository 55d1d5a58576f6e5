"""The environments of the benchmark, as a stack file for the toolkit and as plain data for the flat program.

Both sides create the same resources with the same bodies: `bench.engine` compares the requests to the local Azure.
"""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Any

from ruamel.yaml import YAML

REGIONS = ("eastus", "westeurope", "southeastasia")
"""Home region and replicas of the registry; each region has a hub."""


@dataclass(frozen=True, slots=True)
class Shape:
    """One environment: in each region a hub with the registry's endpoint and its zone, and spokes peered with the hub.

    Attributes:
        environment: part of every name, and the name of the stack.
        spokes: number of spokes in each region, which resolve names through the zone of their hub.
        spoke_subnets: number of subnets in each spoke.
    """

    environment: str
    spokes: int = 0
    spoke_subnets: int = 1

    @property
    def networks(self) -> list[Network]:
        """Every network, hubs first."""
        hubs = [(region, region, None, 1) for region in REGIONS]
        spokes = [
            (f"{region}-{i:02}", region, region, self.spoke_subnets) for i in range(self.spokes) for region in REGIONS
        ]
        return [
            Network(key, region, hub, IPv4Network(((10 << 24) + (position << 16), 16)), subnets)
            for position, (key, region, hub, subnets) in enumerate([*hubs, *spokes])
        ]

    @property
    def registry(self) -> str:
        """Physical name of the registry."""
        return f"bench{self.environment}"


@dataclass(frozen=True, slots=True)
class Network:
    """One network of a shape.

    Attributes:
        key: its key.
        region: its region.
        hub: the network that it is peered with; None for a hub.
        space: its address space.
        subnets: number of its subnets.
    """

    key: str
    region: str
    hub: str | None
    space: IPv4Network
    subnets: int

    @property
    def prefixes(self) -> list[str]:
        """Ranges of its subnets, in order."""
        ranges = self.space.subnets(new_prefix=24)
        return [str(next(ranges)) for _ in range(self.subnets)]


PROD = Shape("prod")
"""Like stack prod: three regions, a network, an endpoint and a zone in each."""

FIVE_HUNDRED = Shape("large", spokes=26)
"""About 500 resources: a landing zone of three hubs, and 26 spokes to each."""


def description(shape: Shape) -> dict[str, Any]:
    """Return the toolkit's description of a shape."""
    networks = {
        network.key: {
            "location": network.region,
            "address_space": [str(network.space)],
            "subnets": {
                f"subnet{i}": {"prefix": prefix, "purpose": "general" if network.hub else "private_endpoints"}
                for i, prefix in enumerate(network.prefixes)
            },
            "peers": [network.hub] if network.hub else [],
        }
        for network in shape.networks
    }
    linked = {hub: [hub, *(network.key for network in shape.networks if network.hub == hub)] for hub in REGIONS}
    return {
        "name": "bench",
        "environment": shape.environment,
        "location": REGIONS[0],
        "networks": networks,
        "dns": {"zones": {hub: {"network": hub, "links": links} for hub, links in linked.items()}},
        "registry": {
            "name": shape.registry,
            "protect": False,
            "regional_endpoints": True,
            "dedicated_data_endpoints": True,
            "replicas": {region: {} for region in REGIONS[1:]},
            "private_endpoints": {hub: {"network": hub, "subnet": "subnet0", "dns_zones": [hub]} for hub in REGIONS},
        },
    }


def stack_file(shape: Shape) -> str:
    """Return the stack file of a shape."""
    text = io.StringIO()
    YAML(typ="safe", pure=True).dump({"config": {"moorings:stack": description(shape)}}, text)
    return text.getvalue()


def flat_shape(shape: Shape) -> str:
    """Return the input of the flat program as JSON."""
    networks = [
        {
            "key": network.key,
            "region": network.region,
            "hub": network.hub,
            "space": str(network.space),
            "subnets": network.prefixes,
        }
        for network in shape.networks
    ]
    return json.dumps({"environment": shape.environment, "registry": shape.registry, "networks": networks})
