"""What an outage of a registry's home region refuses: the control plane is in that region [ACR-OUTAGE]."""

from __future__ import annotations

from typing import Any

from local_azure import outages
from local_azure.errors import ArmError
from local_azure.facts.container_registry import REGISTRIES
from local_azure.resource_id import ResourceId
from local_azure.services import regions
from local_azure.services.cloud import Cloud, Json
from local_azure.store import Resource

READS = frozenset({"GET", "HEAD", "OPTIONS"})


def refuse(cloud: Cloud, method: str, address: ResourceId, body: Any) -> None:
    """Raise ArmError for a write to a registry, or below one, whose home region is down.

    Reads are answered from what is known (chosen): the documentation has the replicas listed during an outage.
    """
    if method in READS or address.namespace.lower() != "microsoft.containerregistry":
        return
    down = outages.down(cloud.store.connection)
    if not down:
        return
    registry = _registry(address)
    found = cloud.get(str(registry)) if registry else None
    stated = body.get("location") if isinstance(body, dict) else None
    refuse_in(cloud, found.location if found else regions.normalised(str(stated or "")))


def refuse_in(cloud: Cloud, home: str) -> None:
    """Raise ArmError if a home region is down; status, code and wording are ours (chosen)."""
    if home in outages.down(cloud.store.connection):
        message = (
            f"The registry cannot be managed: its home region '{home}' is unavailable. Pushes and pulls go on in its other "
            "regions. Please try again later."
        )
        raise ArmError(503, "ServiceUnavailable", message)


def status(cloud: Cloud, replica: Resource) -> Json:
    """Return what a replica shows as its status in place of the stored one; empty unless its region is down."""
    if replica.location not in outages.down(cloud.store.connection):
        return {}
    stored = replica.properties["status"]
    return {"status": {**stored, "displayStatus": "Unavailable", "message": "The region is unavailable."}}


def _registry(address: ResourceId) -> ResourceId | None:
    """Return the registry that an address is of, or below; None for an address that is of none."""
    place: ResourceId | None = address
    while place is not None and (place.is_collection or place.type.lower() != REGISTRIES.lower()):
        place = place.parent
    return place
