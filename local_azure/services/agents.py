"""SRE Agents: their identities are checked, nothing runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typing_extensions import override

from local_azure.errors import bad_request
from local_azure.facts.agents import AGENTS
from local_azure.operations import Lifecycle, Style, Transition
from local_azure.resource_id import ResourceId, same
from local_azure.services.cloud import Cloud, Json, Request, ResourceType, pick
from local_azure.services.identities import assigned
from local_azure.store import Resource

if TYPE_CHECKING:
    from collections.abc import Iterator


class Agents(ResourceType):
    """Microsoft.App/agents."""

    name = AGENTS
    pattern = r"[A-Za-z]([-A-Za-z0-9]{0,30}[A-Za-z0-9])"

    lifecycle = Lifecycle(
        Transition(Style.STATUS, 201, "InProgress", 30.0),
        Transition(Style.STATUS, 200, "InProgress", 10.0),
        Transition(Style.RESULT, 202, "Deleting", 15.0, empty=True),
        Transition(Style.RESULT, 202, "InProgress", 10.0),
    )
    """Long-running throughout; the durations are chosen."""

    @override
    def write(self, cloud: Cloud, request: Request, existing: Resource | None) -> Resource:
        """Check the identities, and give the agent its endpoint [SRE-1]."""
        resource = existing or Resource(str(request.id), AGENTS, request.id.name)
        sent = request.body.get("properties") or {}
        identity = assigned(cloud, ResourceId.parse(resource.id), request.body.get("identity"))
        for path, named in _identities(sent):
            if not any(same(named, held) for held in identity.get("identity", {}).get("userAssignedIdentities", {})):
                message = f"The identity '{named}' is not assigned to agent '{request.id.name}'."
                raise bad_request("InvalidIdentity", message, path)
        resource.body = {
            **pick(request.body, "location", "tags"),
            **identity,
            "properties": {
                **{name: value for name, value in sent.items() if value is not None},
                "agentEndpoint": f"https://{request.id.name.lower()}.{request.body['location']}.azuresre.ai",
                "runningState": "Running",
                "powerState": "Running",
            },
        }
        return resource

    @override
    def view(self, cloud: Cloud, resource: Resource, api_version: str) -> Json:
        """Show everything but secrets (chosen)."""
        shown = super().view(cloud, resource, api_version)
        properties = {name: value for name, value in shown["properties"].items() if name != "logConfiguration"}
        logs = (shown["properties"].get("logConfiguration") or {}).get("applicationInsightsConfiguration")
        if logs:
            properties["logConfiguration"] = {"applicationInsightsConfiguration": pick(logs, "appId")}
        return {**shown, "properties": properties}


def _identities(properties: Json) -> Iterator[tuple[str, str]]:
    for block in ("actionConfiguration", "knowledgeGraphConfiguration"):
        named = (properties.get(block) or {}).get("identity")
        if named and named.lower() != "system":
            yield f"properties.{block}.identity", named


TYPES = (Agents(),)
