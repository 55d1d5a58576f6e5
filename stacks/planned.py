"""The outputs by which other stacks refer to a stack, as its description plans them: for a rehearsal before it is deployed."""

from __future__ import annotations

from typing import Any

from planning import resource_ids
from stacks.loader import Stack
from stacks.sites import Site


def planned_outputs(stack: Stack, subscription: str) -> dict[str, Any]:
    """Return the ids of networks, zones, workspaces, identities and the registry, under the names of the outputs.

    Args:
        stack: the description.
        subscription: the subscription that the stack is deployed to.
    """
    spec, sites = stack.spec, stack.plan.sites

    def of(site: Site, kind: str, name: str | None = None) -> str:
        group = f"/subscriptions/{site.group.subscription or subscription}/resourceGroups/{site.group.name}"
        return f"{group}/providers/{kind}/{name or site.name}"

    networks, workspaces = sites.within("networks"), sites.within("monitoring", "workspaces")
    identities = sites.within("identities")
    zones = {
        key: zone.id or of(networks[zone.network or ""], resource_ids.ZONE, zone.name)
        for key, zone in stack.plan.zones.items()
        if zone.id or zone.network in networks
    }
    registry = spec.registry
    return {
        "networks": {key: its.id or of(networks[key], resource_ids.NETWORK) for key, its in spec.networks.items()},
        "zones": zones,
        "workspaces": {
            key: its.id or of(workspaces[key], resource_ids.WORKSPACE)
            for key, its in spec.monitoring.workspaces.items()
        },
        "identities": {
            key: {"id": its.id or of(identities[key], resource_ids.IDENTITY)} for key, its in spec.identities.items()
        },
        "registry_id": (registry.id or of(sites["registry",], resource_ids.REGISTRY)) if registry else None,
    }
