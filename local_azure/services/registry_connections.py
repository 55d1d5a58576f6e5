"""Private endpoint connections of a registry: the service's side of a private endpoint, approved or not."""

from __future__ import annotations

from typing_extensions import override

from local_azure.errors import bad_request
from local_azure.operations import Lifecycle, Operation, Style, Transition
from local_azure.refusals import resource_not_found
from local_azure.services import private_endpoints
from local_azure.services.cloud import Cloud, Request, ResourceType
from local_azure.services.registry_endpoints import CONNECTIONS, POLLS
from local_azure.store import Resource


class RegistryConnections(ResourceType):
    """Microsoft.ContainerRegistry/registries/privateEndpointConnections."""

    name = CONNECTIONS
    kind = ""
    methods = frozenset({"GET", "PUT", "DELETE"})
    lifecycle = Lifecycle(
        Transition(Style.STATUS, 201, "Updating", 6.0),
        Transition(Style.STATUS, 201, "Updating", 6.0),
        Transition(Style.RESULT, 202, "Deleting", 6.0, empty=True),
    )
    """As replicas (durations chosen) [REC-PE]."""
    polls = POLLS

    @override
    def write(self, cloud: Cloud, request: Request, existing: Resource | None) -> Resource:
        """Take a decision; the answer still shows the old state, with Updating [REC-PE]."""
        if existing is None:
            raise resource_not_found(request.id)
        sent = request.properties.get("privateLinkServiceConnectionState") or {}
        status = sent.get("status") or ""
        now = existing.properties["privateLinkServiceConnectionState"]["status"]
        if status not in {"Approved", "Rejected", "Pending"} or (status == "Pending" and now != "Pending"):
            message = f"The connection {existing.name} is {now} and cannot become '{status}'."
            raise bad_request("InvalidPrivateLinkServiceConnectionState", message)
        if now == "Disconnected":
            raise bad_request("InvalidPrivateLinkServiceConnectionState", f"The connection {existing.name} is {now}.")
        existing.state["decision"] = {"status": status, "description": sent.get("description") or ""}
        return existing

    @override
    def settle(self, cloud: Cloud, resource: Resource, operation: Operation) -> None:
        """Carry the decision out on both sides."""
        decision = resource.state.pop("decision", None)
        if decision is None:
            return
        state = {"status": decision["status"], "actionsRequired": "None"}
        if decision["description"]:
            state["description"] = decision["description"]
        resource.properties["privateLinkServiceConnectionState"] = state
        cloud.update(resource)
        private_endpoints.decide(cloud, resource.state["endpoint"], **decision)

    @override
    def remove(self, cloud: Cloud, resource: Resource) -> None:
        """Delete the connection; the endpoint stays, Disconnected, and keeps its addresses [PE-STATE]."""
        cloud.drop(resource)
        private_endpoints.decide(cloud, resource.state["endpoint"], "Disconnected", "Connection deleted")


TYPES = (RegistryConnections(),)
