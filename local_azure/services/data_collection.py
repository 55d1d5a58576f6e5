"""Where logs come in: data collection endpoints and rules, the tables they write to, and Application Insights."""

from __future__ import annotations

import hashlib

from typing_extensions import override

from local_azure.errors import ArmError, bad_request
from local_azure.operations import SYNC_CREATED, SYNC_DELETE, SYNC_OK, Lifecycle, Style, Transition
from local_azure.services.cloud import Cloud, Json, Request, ResourceType, pick
from local_azure.services.identities import assigned, principal
from local_azure.services.log_analytics import WORKSPACES
from local_azure.store import Resource

ENDPOINTS = "Microsoft.Insights/dataCollectionEndpoints"
RULES = "Microsoft.Insights/dataCollectionRules"
COMPONENTS = "Microsoft.Insights/components"
TABLES = f"{WORKSPACES}/tables"

_NAME = r"[A-Za-z0-9][A-Za-z0-9._-]{1,62}[A-Za-z0-9]"


def _immutable(resource_id: str, prefix: str) -> str:
    """An immutable id: always the same for one id (chosen)."""
    return f"{prefix}-{hashlib.sha256(resource_id.lower().encode()).hexdigest()[:32]}"


class DataCollectionEndpoints(ResourceType):
    """Microsoft.Insights/dataCollectionEndpoints."""

    name = ENDPOINTS
    pattern = _NAME

    @override
    def write(self, cloud: Cloud, request: Request, existing: Resource | None) -> Resource:
        """Give the endpoint its addresses [DCR-1]."""
        sent = {k: v for k, v in (request.body.get("properties") or {}).items() if v is not None}
        resource = existing or Resource(str(request.id), ENDPOINTS, request.id.name)
        location = request.body.get("location")
        host = f"{request.id.name}-{hashlib.sha256(resource.key.encode()).hexdigest()[:4]}.{location}-1"
        resource.body = {
            **pick(request.body, "location", "tags", "kind"),
            **assigned(cloud, request.id, request.body.get("identity")),
            "properties": {
                "networkAcls": {"publicNetworkAccess": "Enabled"},
                **sent,
                "immutableId": _immutable(resource.id, "dce"),
                "configurationAccess": {"endpoint": f"https://{host}.handler.control.monitor.azure.com"},
                "logsIngestion": {"endpoint": f"https://{host}.ingest.monitor.azure.com"},
                "metricsIngestion": {"endpoint": f"https://{host}.metrics.ingest.monitor.azure.com"},
            },
        }
        return resource

    @override
    def refuse_delete(self, cloud: Cloud, resource: Resource) -> None:
        """Refuse while a rule names the endpoint (code chosen)."""
        held = [
            rule.name
            for rule in cloud.store.of_type(RULES)
            if str(rule.properties.get("dataCollectionEndpointId")).lower() == resource.key
        ]
        if held:
            message = f"The data collection endpoint {resource.name} is used by the rule {held[0]}."
            raise ArmError(409, "Conflict", message)


class DataCollectionRules(ResourceType):
    """Microsoft.Insights/dataCollectionRules."""

    name = RULES
    pattern = _NAME

    @override
    def write(self, cloud: Cloud, request: Request, existing: Resource | None) -> Resource:
        """Check endpoint, destinations, streams and tables [DCR-1]."""
        sent = {k: v for k, v in (request.body.get("properties") or {}).items() if v is not None}
        endpoint = cloud.get(str(sent.get("dataCollectionEndpointId") or ""))
        if sent.get("dataCollectionEndpointId") and (endpoint is None or endpoint.type != ENDPOINTS):
            message = f"Data collection endpoint '{sent['dataCollectionEndpointId']}' was not found."
            raise bad_request("InvalidPayload", message)
        workspaces = _workspaces(cloud, sent)
        for flow in sent.get("dataFlows") or []:
            _check_flow(cloud, sent, flow, workspaces)
        resource = existing or Resource(str(request.id), RULES, request.id.name)
        resource.body = {
            **pick(request.body, "location", "tags", "kind"),
            **assigned(cloud, request.id, request.body.get("identity")),
            "properties": {**sent, "immutableId": _immutable(resource.id, "dcr")},
        }
        return resource


def _workspaces(cloud: Cloud, sent: Json) -> dict[str, Resource]:
    """Return the workspaces among the destinations by name; raises ArmError when one is missing."""
    found: dict[str, Resource] = {}
    for destination in (sent.get("destinations") or {}).get("logAnalytics") or []:
        workspace = cloud.get(str(destination.get("workspaceResourceId") or ""))
        if workspace is None or workspace.type != WORKSPACES:
            message = f"The workspace '{destination.get('workspaceResourceId')}' of destination was not found."
            raise bad_request("InvalidPayload", message)
        found[str(destination.get("name"))] = workspace
    return found


def _check_flow(cloud: Cloud, sent: Json, flow: Json, workspaces: dict[str, Resource]) -> None:
    """Raise ArmError for a flow of a stream that nobody declares, or into a table that is not there."""
    for stream in flow.get("streams") or []:
        if stream.startswith("Custom-") and stream not in (sent.get("streamDeclarations") or {}):
            raise bad_request("InvalidStream", f"The stream '{stream}' is not declared in 'streamDeclarations'.")
    for name in flow.get("destinations") or []:
        table = str(flow.get("outputStream") or "").removeprefix("Custom-")
        workspace = workspaces.get(name)
        if workspace is None and name not in str(sent.get("destinations")):
            raise bad_request("InvalidDestination", f"The destination '{name}' of a data flow is not declared.")
        if workspace is not None and table.endswith("_CL") and not cloud.store.exists(f"{workspace.id}/tables/{table}"):
            message = f"Table for output stream 'Custom-{table}' is not available for destination '{name}'."
            raise bad_request("InvalidOutputTable", message)


class Tables(ResourceType):
    """Microsoft.OperationalInsights/workspaces/tables: tables of our own, whose names end in _CL."""

    name = TABLES
    kind = ""

    @property
    @override
    def lifecycle(self) -> Lifecycle:
        """202 with Location, then 200 (durations chosen)."""
        write = Transition(Style.RESULT, 202, "Updating", 5.0, empty=True)
        return Lifecycle(write, write, Transition(Style.RESULT, 202, "Deleting", 5.0, empty=True))

    @override
    def write(self, cloud: Cloud, request: Request, existing: Resource | None) -> Resource:
        """Check name and columns [LAW-2]."""
        sent = {k: v for k, v in (request.body.get("properties") or {}).items() if v is not None}
        schema = sent.get("schema") or {}
        columns = {column.get("name"): column.get("type") for column in schema.get("columns") or []}
        if not request.id.name.endswith("_CL") or schema.get("name") != request.id.name:
            message = f"The table '{request.id.name}' must end in '_CL', and its schema must have the same name."
            raise bad_request("InvalidParameter", message)
        if str(columns.get("TimeGenerated")).lower() != "datetime":
            message = f"The table '{request.id.name}' must have a column 'TimeGenerated' of type datetime."
            raise bad_request("InvalidParameter", message)
        resource = existing or Resource(str(request.id), TABLES, request.id.name)
        resource.body = {"properties": {"plan": "Analytics", **sent}}
        return resource


class Components(ResourceType):
    """Microsoft.Insights/components: Application Insights."""

    name = COMPONENTS
    pattern = r"[^#<>%&:?/{}*]{1,260}"

    @property
    @override
    def lifecycle(self) -> Lifecycle:
        """At once."""
        return Lifecycle(SYNC_CREATED, SYNC_OK, SYNC_DELETE)

    @override
    def write(self, cloud: Cloud, request: Request, existing: Resource | None) -> Resource:
        """Check the workspace, and give the component its key and connection string [APPI-1]."""
        sent = {k: v for k, v in (request.body.get("properties") or {}).items() if v is not None}
        workspace = cloud.get(str(sent.get("WorkspaceResourceId") or ""))
        if workspace is None or workspace.type != WORKSPACES:
            message = (
                f"The workspace '{sent.get('WorkspaceResourceId')}' of component '{request.id.name}' was not found."
            )
            raise bad_request("InvalidWorkspace", message)
        resource = existing or Resource(str(request.id), COMPONENTS, request.id.name)
        key, location = principal(resource.id, "key"), request.body.get("location")
        host = f"https://{location}-0.in.applicationinsights.azure.com/"
        resource.body = {
            **pick(request.body, "location", "tags", "kind"),
            "properties": {
                **sent,
                "AppId": principal(resource.id, "app"),
                "InstrumentationKey": key,
                "ConnectionString": f"InstrumentationKey={key};IngestionEndpoint={host}",
            },
        }
        return resource


TYPES = (DataCollectionEndpoints(), DataCollectionRules(), Tables(), Components())
