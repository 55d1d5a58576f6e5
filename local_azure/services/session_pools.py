"""Session pools: what their sessions run, who serves MCP, and where they are asked for."""

from __future__ import annotations

from typing_extensions import override

from local_azure.errors import ArmError, bad_request
from local_azure.facts.container_apps import ENVIRONMENTS, SESSION_POOLS
from local_azure.operations import long_running
from local_azure.services.cloud import Cloud, Json, Request, ResourceType
from local_azure.services.container_apps import refuse_image
from local_azure.services.identities import assigned, users
from local_azure.services.managed_environments import environment_id, without_secrets
from local_azure.store import Resource

MCP_TYPES = frozenset({"PythonLTS", "Shell"})
"""Types of pool that can be an MCP server [ACAS-1, ACAS-2]."""


class SessionPools(ResourceType):
    """Microsoft.App/sessionPools."""

    name = SESSION_POOLS
    pattern = r"[a-z][a-z0-9]{2,62}"

    lifecycle = long_running(("InProgress", "InProgress"), (15.0, 15.0, 10.0), retry_after=15)
    """As an app's [REC-ACA]; durations chosen."""

    @override
    def write(self, cloud: Cloud, request: Request, existing: Resource | None) -> Resource:
        """Check type, environment, lifecycle and MCP switch; type and environment are fixed [ACAS-1]."""
        sent = request.stated
        sent.setdefault("containerType", "PythonLTS")
        identity = assigned(cloud, request.id, request.body.get("identity"))
        environment = _environment(cloud, request, sent)
        if existing is not None:
            _refuse_changes(existing, sent)
        _refuse_lifecycle(sent)
        _refuse_template(cloud, sent, identity)
        settings = _mcp(sent)
        endpoint = _endpoint(request, environment)
        properties = {
            "poolManagementType": "Dynamic",
            "sessionNetworkConfiguration": {"status": "EgressDisabled"},
            **sent,
            "scaleConfiguration": {"maxConcurrentSessions": 20, **(sent.get("scaleConfiguration") or {})},
            "nodeCount": 0,
            "poolManagementEndpoint": endpoint,
            **({"mcpServerSettings": {**settings, "mcpServerEndpoint": f"{endpoint}/mcp"}} if settings else {}),
        }
        return self.result(request, existing, properties, **identity)

    @override
    def view(self, cloud: Cloud, resource: Resource, api_version: str) -> Json:
        """Show everything but secrets, and the MCP server to the one version that knows it [ACAS-2]."""
        shown = super().view(cloud, resource, api_version)
        properties = shown["properties"] = without_secrets(resource.properties)
        if api_version != "2025-10-02-preview":
            properties.pop("mcpServerSettings", None)
        return shown


def _environment(cloud: Cloud, request: Request, sent: Json) -> Resource | None:
    wanted = environment_id(sent)
    if not wanted:
        if sent["containerType"] == "CustomContainer":
            message = "A session pool with containerType CustomContainer needs an environmentId."
            raise bad_request("SessionPoolEnvironmentRequired", message)
        return None
    message = f"The environment '{wanted}' does not exist."
    environment = cloud.named(wanted, ENVIRONMENTS, "ManagedEnvironmentNotFound", message)
    if environment.location != request.body["location"]:
        message = f"The location '{request.body['location']}' is not that of the environment, '{environment.location}'."
        raise bad_request("LocationMismatchWithEnvironment", message)
    return environment


def _refuse_changes(existing: Resource, sent: Json) -> None:
    same = environment_id(existing.properties).lower() == environment_id(sent).lower()
    if not same or existing.properties["containerType"] != sent["containerType"]:
        member = "containerType" if same else "environmentId"
        message = f"Property {member} of session pool {existing.name} cannot be changed after creation."
        raise ArmError(409, "PropertyChangeNotAllowed", message, target=f"properties.{member}")


def _refuse_lifecycle(sent: Json) -> None:
    life = (sent.get("dynamicPoolConfiguration") or {}).get("lifecycleConfiguration") or {}
    idle = life.get("cooldownPeriodInSeconds")
    if idle is not None and not 300 <= idle <= 3600:
        message = f"'cooldownPeriodInSeconds' is {idle}; it must be between 300 and 3600."
        raise bad_request("SessionPoolInvalidCooldownPeriod", message)
    if life.get("lifecycleType") == "OnContainerExit" and sent["containerType"] != "CustomContainer":
        message = "The lifecycle type OnContainerExit is of session pools with containerType CustomContainer only."
        raise bad_request("SessionPoolInvalidLifecycleType", message)


def _refuse_template(cloud: Cloud, sent: Json, identity: Json) -> None:
    template = sent.get("customContainerTemplate")
    if (template is not None) != (sent["containerType"] == "CustomContainer"):
        message = (
            f"A session pool with containerType {sent['containerType']} {'must not have' if template else 'needs'} "
        )
        raise bad_request("SessionPoolInvalidTemplate", f"{message}customContainerTemplate.")
    credentials = (template or {}).get("registryCredentials") or {}
    user = users(identity).get(str(credentials.get("identity")).lower())
    principals = {str(credentials.get("server")).lower(): user["principalId"]} if user else {}
    for container in (template or {}).get("containers") or []:
        refuse_image(cloud, container, principals)


def _mcp(sent: Json) -> Json:
    """Return the MCP settings; raises ArmError for a pool that is no MCP server [ACAS-2]."""
    settings = dict(sent.get("mcpServerSettings") or {})
    if settings.get("isMcpServerEnabled") and sent["containerType"] not in MCP_TYPES:
        message = f"An MCP server is not supported by session pools with containerType {sent['containerType']}."
        raise bad_request("SessionPoolMcpServerNotSupported", message)
    return settings


def _endpoint(request: Request, environment: Resource | None) -> str:
    """Return where sessions are asked for: the region's host, or one below the environment's domain [ACAS-4]."""
    place = request.id
    if environment is not None and request.body["properties"]["containerType"] == "CustomContainer":
        return f"https://{place.name}.{environment.properties['defaultDomain']}"
    tail = f"subscriptions/{place.subscription}/resourceGroups/{place.resource_group}/sessionPools/{place.name}"
    return f"https://{request.body['location']}.dynamicsessions.io/{tail}"


TYPES = (SessionPools(),)
