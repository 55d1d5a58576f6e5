"""The private DNS zones of environments: that of their names, and those of their private endpoints."""

from __future__ import annotations

from components.container_apps.spec import EndpointSpec, EnvironmentSpec
from stacks.plan import Plan
from stacks.spec import StackSpec


def shared_zone_endpoints(spec: StackSpec, key: str) -> list[EndpointSpec]:
    """Return the private endpoints of an environment whose records are in the zone that its region shares."""
    endpoints = spec.container_apps[key].private_endpoints.values() if spec.dns.managed == "stack" else ()
    return [endpoint for endpoint in endpoints if not endpoint.dns_zone]


def dns_links(environment: EnvironmentSpec, plan: Plan) -> tuple[str, ...]:
    """Return the networks that resolve the names of an internal environment: as stated, else its own and its peers."""
    if not environment.is_internal or environment.network is None:
        return ()
    if environment.dns_links is not None:
        return tuple(dict.fromkeys(environment.dns_links))
    own = environment.network
    peers = sorted({key for pair in plan.peerings if own in pair for key in pair} - {own})
    return (own, *peers)
