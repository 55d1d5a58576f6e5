"""Sandbox groups and their connections to virtual networks, in both contracts of Microsoft.App [SBX-1, SBX-2]."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from typing_extensions import override

from local_azure.errors import ArmError, bad_request
from local_azure.facts.container_apps import ENVIRONMENTS
from local_azure.facts.sandboxes import CONNECTIONS, GROUPS, PREVIEW
from local_azure.operations import long_running
from local_azure.resource_id import same
from local_azure.services.cloud import Cloud, Json, Request, ResourceType, pick, without_nulls
from local_azure.services.identities import assigned
from local_azure.services.managed_environments import DELEGATION
from local_azure.services.occupancy import occupy, require_subnet
from local_azure.services.principals import made_up
from local_azure.store import Resource

_DEFAULTS: Mapping[str, Any] = {"defaultCpu": "1", "defaultMemory": "2Gi", "defaultDisk": "20Gi"}
"""What a group of the preview contract reads where nothing was sent: tier M [SBX-4]."""


class SandboxGroups(ResourceType):
    """Microsoft.App/sandboxGroups."""

    name = GROUPS
    pattern = r"(?![.-])[A-Za-z0-9-]{1,32}"

    lifecycle = long_running(("InProgress", "Updating"), (10.0, 5.0, 10.0))
    """Long-running, as the connections are; the durations are chosen [SBX-2]."""

    @override
    def write(self, cloud: Cloud, request: Request, existing: Resource | None) -> Resource:
        """Keep the environment for ever, fill in the defaults, and give the group its endpoint."""
        sent = request.body.get("properties")
        if sent is None and request.api_version == PREVIEW:
            raise bad_request("InvalidRequestContent", "The request content was invalid: 'properties' is required.")
        sent = sent or {}
        _check_environment(cloud, request, existing, sent.get("environmentId"))
        if (sent.get("maxSandboxCount") or 1) < 1:
            raise bad_request(
                "InvalidParameter", f"maxSandboxCount is {sent['maxSandboxCount']}; it must be at least 1."
            )
        before = existing.body if existing else {}
        # Only the preview contract has these members: a PUT of the stable one keeps what the preview set.
        if request.api_version == PREVIEW:
            kept, identity = {}, assigned(cloud, request.id, request.body.get("identity"))
        else:
            kept, identity = before.get("properties", {}), pick(before, "identity")
        region = request.body["location"]
        unique = made_up(str(request.id), "sandboxes")[:8]
        properties = {
            **_DEFAULTS,
            **kept,
            **without_nulls(sent),
            "managementEndpoint": f"https://management.{region}.azuredevcompute.io",
            **({"defaultDomain": f"{unique}.{region}.azurecontainerapps.io"} if sent.get("environmentId") else {}),
        }
        return self.result(request, existing, properties, **identity)

    @override
    def view(self, cloud: Cloud, resource: Resource, api_version: str) -> Json:
        """Show what the asked contract publishes: the stable one has neither identity nor defaults [SBX-2]."""
        shown = super().view(cloud, resource, api_version)
        if api_version != PREVIEW:
            shown.pop("identity", None)
            shown["properties"] = pick(shown["properties"], "environmentId", "defaultDomain", "provisioningState")
        return shown


def _check_environment(cloud: Cloud, request: Request, existing: Resource | None, sent: Any) -> None:
    """Refuse an environment that does not exist, and any other than the one that is linked [SBX-3]."""
    linked = existing.properties.get("environmentId") if existing else None
    if linked and not (isinstance(sent, str) and same(sent, linked)):
        message = f"The environment of sandbox group '{request.id.name}' is '{linked}' and cannot be changed or removed once set."
        raise ArmError(409, "Conflict", message, target="properties.environmentId")
    if sent:
        message = f"Resource {sent} referenced by resource {request.id} was not found."
        cloud.named(sent, ENVIRONMENTS, "InvalidResourceReference", message, "properties.environmentId")


class VnetConnections(ResourceType):
    """Microsoft.App/sandboxGroups/vnetConnections."""

    name = CONNECTIONS
    kind = ""
    pattern = SandboxGroups.pattern

    lifecycle = SandboxGroups.lifecycle

    @override
    def write(self, cloud: Cloud, request: Request, existing: Resource | None) -> Resource:
        """Take the subnet, which is delegated to the environments' service, nobody else's, and fixed [SBX-5]."""
        subnet_id = str(request.properties.get("subnetId") or "")
        if existing is not None and not same(existing.properties["subnetId"], subnet_id):
            message = f"The subnet of connection '{request.id.name}' cannot be changed."
            raise bad_request("PropertyChangeNotAllowed", message, "properties.subnetId")
        subnet = require_subnet(cloud, subnet_id, str(request.id), delegated_to=DELEGATION)
        occupy(cloud, subnet, str(request.id), 1, alone=True)
        group = cloud.require(request.id.parent or request.id)
        return self.result(request, existing, {"subnetId": subnet_id}, location=group.location)

    @override
    def view(self, cloud: Cloud, resource: Resource, api_version: str) -> Json:
        """Show a location in the preview contract only: in the stable one the connection is a proxy resource [SBX-2]."""
        shown = super().view(cloud, resource, api_version)
        if api_version != PREVIEW:
            shown.pop("location", None)
        return shown


TYPES = (SandboxGroups(), VnetConnections())
