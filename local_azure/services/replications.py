"""Replicas of a registry: each takes addresses in every attached subnet, or goes as it came."""

from __future__ import annotations

import re

from typing_extensions import override

from local_azure.clock import timestamp
from local_azure.errors import ArmError, bad_request
from local_azure.operations import Lifecycle, Operation, Style, Transition
from local_azure.resource_id import ResourceId
from local_azure.services import private_links, registry_outages
from local_azure.services.addresses import NoAddressError
from local_azure.services.cloud import Cloud, Json, Request, ResourceType, pick
from local_azure.services.registry_endpoints import POLLS, REPLICATIONS, system_data
from local_azure.services.registry_rules import refuse_policies
from local_azure.store import Resource

_NAME = re.compile(r"^[a-zA-Z0-9]{5,50}$")


class Replications(ResourceType):
    """Microsoft.ContainerRegistry/registries/replications."""

    name = REPLICATIONS
    lifecycle = Lifecycle(
        Transition(Style.STATUS, 201, "Creating", 12.0),
        Transition(Style.STATUS, 201, "Updating", 6.0),
        Transition(Style.RESULT, 202, "Deleting", 12.0, empty=True),
        Transition(Style.STATUS, 201, "Updating", 6.0),
    )
    """201 Creating, about 12 s; PATCH answers 201 Updating [REC-ACR-REPL]."""
    polls = POLLS

    @override
    def write(self, cloud: Cloud, request: Request, existing: Resource | None) -> Resource:
        """Check SKU, region and name, and fill in the defaults [REC-ACR-REPL]."""
        registry = cloud.require(request.id.parent or request.id)
        name, region = request.id.name, request.body["location"]
        if existing is None:
            _refuse_new(cloud, registry, name, region)
        sent = request.properties
        now = timestamp(cloud.clock.now())
        resource = existing or self.new(request)
        home = bool(resource.state.get("home"))
        dates = {**resource.body.get("systemData", system_data(now, "User")), "lastModifiedAt": now}
        properties = {
            "status": {"timestamp": now},
            "regionEndpointEnabled": sent.get("regionEndpointEnabled", True) is not False,
            "zoneRedundancy": registry.properties["zoneRedundancy"]
            if home
            else sent.get("zoneRedundancy") or "Disabled",
        }
        return self.result(request, resource, properties, tags=request.body.get("tags") or {}, systemData=dates)

    @override
    def settle(self, cloud: Cloud, resource: Resource, operation: Operation) -> ArmError | None:
        """Let the replica serve, with addresses in every attached subnet; where one lacks room it vanishes.

        The error names no subnet, as the service's does not [ACR-Q10]; its wording is ours (chosen). Of an endpoint with
        static addresses it names the missing members [ACR-STATIC].
        """
        registry = cloud.get(str(ResourceId.parse(resource.id).parent))
        if registry is None:
            return None
        resource.properties["status"] = {
            "displayStatus": "Ready",
            "message": "The replication is ready.",
            "timestamp": timestamp(cloud.clock.now()),
        }
        if operation.action == "update":
            cloud.update(resource)
            return None
        try:
            with cloud.store.savepoint():
                resource.state["serving"] = True
                cloud.update(resource)
                private_links.follow(cloud, registry)
        except NoAddressError as error:
            cloud.drop(resource)
            message = f"The replication '{resource.name}' could not be provisioned. Please try again later."
            if isinstance(error, private_links.StaticAddressesError):
                message = f"Failed to replicate private endpoint. {error.message}"
            return ArmError(409, "ReplicationProvisioningFailed", message)
        _home_appears(cloud, registry)
        return None

    @override
    def computed(self, cloud: Cloud, resource: Resource, api_version: str) -> Json:
        """Show another status while the region is down [ACR-OUTAGE]."""
        return registry_outages.status(cloud, resource)

    @override
    def refuse_delete(self, cloud: Cloud, resource: Resource) -> None:
        """Refuse for the home replica [ACR-HOME]."""
        if resource.state.get("home"):
            message = f"The replication '{resource.name}' is in the home region of the registry and cannot be deleted."
            raise bad_request("HomeReplicationCannotBeDeleted", message)

    @override
    def remove(self, cloud: Cloud, resource: Resource) -> None:
        """Delete the replica; its members leave the endpoints, and the home entry goes with the last one (chosen)."""
        cloud.drop(resource)
        registry = cloud.get(str(ResourceId.parse(resource.id).parent))
        if registry is None:
            return
        left = cloud.store.children(registry.id, REPLICATIONS)
        if [r.state.get("home") for r in left] == [True]:
            cloud.drop(left[0])
        private_links.follow(cloud, registry)


def _refuse_new(cloud: Cloud, registry: Resource, name: str, region: str) -> None:
    if registry.body["sku"]["name"] != "Premium":
        message = f"The requested feature geo-replication is not supported on SKU {registry.body['sku']['name']}."
        raise ArmError(400, "BadRequest", message, extra={"status": "Failed"})
    if not _NAME.match(name):
        raise bad_request("InvalidResourceName", f"The replication name '{name}' must be 5 to 50 letters or digits.")
    refuse_policies(registry.properties, beside="geo-replication")
    if region == registry.location:
        # That the service refuses is documented [AZURERM-15847]; code and wording are ours (chosen).
        message = f"The replication location '{region}' is the home region of the registry '{registry.name}'."
        raise bad_request("ReplicationInHomeRegion", message, "location")
    if any(r.location == region for r in cloud.store.children(registry.id, REPLICATIONS)):
        message = f"The registry '{registry.name}' already has a replication in '{region}'."
        raise ArmError(409, "ReplicationAlreadyExists", message, target="location")


def _home_appears(cloud: Cloud, registry: Resource) -> None:
    """Make the home replica's own entry with the first geo-replica [REC-ACR-HOME]."""
    siblings = cloud.store.children(registry.id, REPLICATIONS)
    if any(r.state.get("home") for r in siblings):
        return
    now = timestamp(cloud.clock.now())
    home = Resource(
        f"{registry.id}/replications/{registry.location}", REPLICATIONS, registry.location, registry.location
    )
    home.state = {"home": True, "serving": True}
    home.body = {
        "location": registry.location,
        "tags": {},
        "systemData": system_data(now, "Application"),
        "properties": {
            "provisioningState": "Succeeded",
            "status": {"displayStatus": "Ready", "message": "The replication is ready.", "timestamp": now},
            "regionEndpointEnabled": True,
            **pick(registry.properties, "zoneRedundancy"),
        },
    }
    cloud.add(home)


TYPES = (Replications(),)
