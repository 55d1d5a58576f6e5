"""The environments that are measured, as a stack file for the toolkit and as plain data for the flat program.

Both sides make the same resources with the same bodies: `bench.engine` compares what the local Azure received.
"""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Any

from ruamel.yaml import YAML

REGIONS = ("eastus", "westeurope", "southeastasia")
"""Home and replicas of every measured registry."""


@dataclass(frozen=True, slots=True)
class Shape:
    """One environment.

    Attributes:
        environment: part of every name, and the name of the measured stack.
        networks: network key to its region.
        subnets: subnets per network; the first holds the private endpoint.
    """

    environment: str
    networks: dict[str, str]
    subnets: int

    def space(self, position: int) -> IPv4Network:
        """Address space of the network at that position."""
        return IPv4Network(((10 << 24) + (position << 16), 16))

    def subnet_prefixes(self, position: int) -> list[str]:
        """Ranges of its subnets, in order."""
        ranges = self.space(position).subnets(new_prefix=24)
        return [str(next(ranges)) for _ in range(self.subnets)]

    @property
    def registry(self) -> str:
        """Physical name of the registry."""
        return f"bench{self.environment}"


PROD = Shape("prod", {region: region for region in REGIONS}, subnets=1)
"""Like stack prod: three regions, a network, an endpoint and a zone in each."""

FIVE_HUNDRED = Shape("large", {f"net{i:02}": REGIONS[i % 3] for i in range(62)}, subnets=2)
"""About 500 resources: 62 networks, each with two subnets, an endpoint and a zone."""


def description(shape: Shape) -> dict[str, Any]:
    """Return the toolkit's description of a shape."""
    networks = {
        key: {
            "location": region,
            "address_space": [str(shape.space(position))],
            "subnets": {
                f"subnet{i}": {"prefix": prefix, "purpose": "private_endpoints" if i == 0 else "general"}
                for i, prefix in enumerate(shape.subnet_prefixes(position))
            },
        }
        for position, (key, region) in enumerate(shape.networks.items())
    }
    return {
        "name": "bench",
        "environment": shape.environment,
        "location": REGIONS[0],
        "networks": networks,
        "registry": {
            "name": shape.registry,
            "regional_endpoints": True,
            "dedicated_data_endpoints": True,
            "replicas": {region: {} for region in REGIONS[1:]},
            "private_endpoints": {key: {"network": key, "subnet": "subnet0"} for key in shape.networks},
        },
    }


def stack_file(shape: Shape) -> str:
    """Return the stack file of a shape."""
    text = io.StringIO()
    YAML(typ="safe", pure=True).dump({"config": {"moorings:stack": description(shape)}}, text)
    return text.getvalue()


def flat_shape(shape: Shape) -> str:
    """Return what the flat program reads."""
    networks = [
        {"key": key, "region": region, "space": str(shape.space(i)), "subnets": shape.subnet_prefixes(i)}
        for i, (key, region) in enumerate(shape.networks.items())
    ]
    return json.dumps({"environment": shape.environment, "registry": shape.registry, "networks": networks})
