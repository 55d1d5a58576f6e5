"""Diagnostic settings: what a resource sends where; a category goes to one workspace once."""

from __future__ import annotations

from typing import Any

from typing_extensions import override

from local_azure.errors import ArmError, bad_request
from local_azure.facts.container_apps import ENVIRONMENTS
from local_azure.facts.diagnostic_settings import DIAGNOSTIC_SETTINGS
from local_azure.facts.operational_insights import WORKSPACES
from local_azure.operations import SYNC_ALWAYS_OK
from local_azure.refusals import resource_not_found
from local_azure.resource_id import ResourceId
from local_azure.services.cloud import Cloud, Json, Request, ResourceType
from local_azure.store import Resource

CATEGORIES: dict[str, frozenset[str]] = {
    ENVIRONMENTS: frozenset(
        {
            "ContainerAppConsoleLogs",
            "ContainerAppSystemLogs",
            "ContainerAppHTTPLogs",
            "AppEnvSpringAppConsoleLogs",
            "AppEnvSessionConsoleLogs",
            "AppEnvSessionPoolEventLogs",
            "AppEnvSessionLifeCycleLogs",
        }
    )
}
"""Log categories by type; a type that is not here takes any (chosen) [DIAG-1]."""

_SILENT = frozenset(
    {
        "Microsoft.Authorization/locks",
        "Microsoft.ManagedIdentity/userAssignedIdentities",
        "Microsoft.Network/natGateways",
        "Microsoft.Network/privateDnsZones",
        "Microsoft.Network/privateEndpoints",
        "Microsoft.Network/routeTables",
        "Microsoft.Resources/resourceGroups",
    }
)
"""Types that send neither logs nor metrics [DIAG-TYPES]."""

_MOST = 5


class DiagnosticSettings(ResourceType):
    """Microsoft.Insights/diagnosticSettings, on any resource [DIAG-1]."""

    name = DIAGNOSTIC_SETTINGS
    kind = ""
    provisioning = False
    methods = frozenset({"GET", "PUT", "DELETE"})
    lifecycle = SYNC_ALWAYS_OK

    @override
    def write(self, cloud: Cloud, request: Request, existing: Resource | None) -> Resource:
        """Check the resource, the workspace and the categories."""
        sender = cloud.get(request.id.scope)
        if sender is None:
            raise resource_not_found(ResourceId.parse(request.id.scope))
        if sender.type in _SILENT:
            message = f"The resource type '{sender.type.lower()}' does not support diagnostic settings."
            raise bad_request("ResourceTypeNotSupported", message)
        sent = request.stated
        destinations = [sent.get(m) for m in ("workspaceId", "storageAccountId", "eventHubAuthorizationRuleId")]
        if not any((*destinations, sent.get("marketplacePartnerId"))):
            raise bad_request("BadRequest", "At least one data sink needs to be specified.")
        workspace = sent.get("workspaceId")
        if workspace:
            cloud.named(workspace, WORKSPACES, "ResourceNotFound", f"The workspace '{workspace}' was not found.")
        logs = _logs(sender, sent)
        _refuse_duplicates(cloud, request, sender, sent)
        return self.result(request, existing, {**sent, "logs": logs, "metrics": _kept(sent.get("metrics"))})


def _kept(entries: Any) -> list[Json]:
    return [{"retentionPolicy": {"enabled": False, "days": 0}, **entry} for entry in entries or []]


def _logs(sender: Resource, sent: Json) -> list[Json]:
    known = CATEGORIES.get(sender.type)
    entries = sent.get("logs") or []
    if any(entry.get("categoryGroup") for entry in entries) and any(entry.get("category") for entry in entries):
        message = "Category and category group cannot be used together in the logs of a diagnostic setting."
        raise bad_request("BadRequest", message)
    for entry in entries:
        category = entry.get("category")
        if category and known is not None and category not in known:
            message = f"Category '{category}' is not supported, supported ones are: {', '.join(sorted(known))}."
            raise bad_request("BadRequest", message)
    return _kept(sent.get("logs"))


def _enabled(entries: list[Json]) -> set[str]:
    """Return the categories and the category groups that are sent."""
    return {str(entry.get("category") or entry.get("categoryGroup")) for entry in entries if entry.get("enabled")}


def _refuse_duplicates(cloud: Cloud, request: Request, sender: Resource, sent: Json) -> None:
    """Refuse a sixth setting, and a category that another one sends to the same workspace."""
    prefix = f"{sender.key}/providers/"
    others = [
        other
        for other in cloud.store.of_type(DIAGNOSTIC_SETTINGS, sender.id)
        if other.key != request.id.key and other.key.startswith(prefix)
    ]
    if len(others) >= _MOST:
        raise ArmError(409, "Conflict", f"The limit of {_MOST} diagnostic settings was reached.")
    wanted = _enabled(sent.get("logs") or [])
    for other in others:
        categories = _enabled(other.properties["logs"])
        sink = str(sent.get("workspaceId") or "").lower()
        if sink and sink == str(other.properties.get("workspaceId") or "").lower() and wanted & categories:
            message = (
                f"Data sink '{sent['workspaceId']}' is already used in diagnostic setting '{other.name}' for category "
                f"'{min(wanted & categories)}'. Data sinks can't be reused in different settings on the same category for the "
                "same resource."
            )
            raise ArmError(409, "Conflict", message)


TYPES = (DiagnosticSettings(),)
