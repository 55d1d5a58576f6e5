"""SRE Agents and their connectors: identities and the subnet are checked, nothing runs."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_network

from typing_extensions import override

from local_azure.errors import bad_request
from local_azure.facts.agents import AGENTS, CONNECTORS
from local_azure.operations import long_running
from local_azure.resource_id import ResourceId
from local_azure.services import occupancy
from local_azure.services.cloud import Cloud, Json, Request, ResourceType, pick, without_nulls
from local_azure.services.identities import assigned, users
from local_azure.services.managed_environments import DELEGATION
from local_azure.store import Resource

_LONGEST_PREFIX = 27
"""Smallest subnet that the service takes [SRE-4]."""


class Agents(ResourceType):
    """Microsoft.App/agents."""

    name = AGENTS
    pattern = r"[A-Za-z]([-A-Za-z0-9]{0,30}[A-Za-z0-9])"

    lifecycle = long_running(("InProgress", "InProgress"), (30.0, 10.0, 15.0))
    """The durations are chosen."""

    @override
    def write(self, cloud: Cloud, request: Request, existing: Resource | None) -> Resource:
        """Check the identities, and give the agent its endpoint [SRE-1]."""
        sent = request.properties
        identity = assigned(cloud, request.id, request.body.get("identity"))
        for path, named in _identities(sent):
            if named.lower() not in users(identity):
                message = f"The identity '{named}' is not assigned to agent '{request.id.name}'."
                raise bad_request("InvalidIdentity", message, path)
        subnet_id = (sent.get("vnetConfiguration") or {}).get("subnetResourceId")
        if subnet_id:
            _require_subnet(cloud, subnet_id, request)
        properties = {
            **without_nulls(sent),
            "agentEndpoint": f"https://{request.id.name.lower()}.{request.body['location']}.azuresre.ai",
            "runningState": "Running",
            "powerState": "Running",
        }
        return self.result(request, existing, properties, **identity)

    @override
    def view(self, cloud: Cloud, resource: Resource, api_version: str) -> Json:
        """Show everything but secrets (chosen)."""
        shown = super().view(cloud, resource, api_version)
        hidden = {"logConfiguration", "incidentManagementConfiguration"}
        properties = {name: value for name, value in shown["properties"].items() if name not in hidden}
        incidents = shown["properties"].get("incidentManagementConfiguration")
        if incidents:
            kept = {name: value for name, value in incidents.items() if name != "connectionKey"}
            properties["incidentManagementConfiguration"] = kept
        logs = (shown["properties"].get("logConfiguration") or {}).get("applicationInsightsConfiguration")
        if logs:
            properties["logConfiguration"] = {"applicationInsightsConfiguration": pick(logs, "appId")}
        return {**shown, "properties": properties}


def _identities(properties: Json) -> Iterator[tuple[str, str]]:
    for block in ("actionConfiguration", "knowledgeGraphConfiguration"):
        named = (properties.get(block) or {}).get("identity")
        if named and named.lower() != "system":
            yield f"properties.{block}.identity", named


def _require_subnet(cloud: Cloud, subnet_id: str, request: Request) -> None:
    """Refuse a subnet that is not there, is delegated to another service, too small, or in another region [SRE-4]."""
    subnet = occupancy.require_subnet(cloud, subnet_id, str(request.id), delegated_to=DELEGATION)
    prefix = ip_network(str(subnet.properties.get("addressPrefix")))
    network = cloud.get(str(ResourceId.parse(subnet.id).parent))
    if prefix.prefixlen > _LONGEST_PREFIX:
        message = f"The subnet '{subnet.name}' ({prefix}) is too small; the smallest is /{_LONGEST_PREFIX}."
    elif network is not None and network.location != request.body["location"]:
        message = f"The subnet '{subnet.name}' is in {network.location}, the agent in {request.body['location']}."
    else:
        return
    raise bad_request("InvalidSubnet", message, "properties.vnetConfiguration.subnetResourceId")


class Connectors(ResourceType):
    """Microsoft.App/agents/connectors."""

    name = CONNECTORS
    kind = ""
    pattern = r"[A-Za-z]([-A-Za-z0-9]{0,30}[A-Za-z0-9])"

    lifecycle = Agents.lifecycle

    @override
    def write(self, cloud: Cloud, request: Request, existing: Resource | None) -> Resource:
        """Check that the identity is one that the agent has [SRE-10]."""
        agent = cloud.require(request.id.parent or request.id)
        sent = request.stated
        named = str(sent.get("identity") or "").lower()
        if named not in {"", "system", *users(agent.body)}:
            message = f"The identity '{sent['identity']}' is not assigned to agent '{agent.name}'."
            raise bad_request("InvalidIdentity", message, "properties.identity")
        return self.result(request, existing, sent)


TYPES = (Agents(), Connectors())
