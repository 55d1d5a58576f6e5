"""Where logs and metrics come in: data collection endpoints, rules and associations, tables, and Application Insights."""

from __future__ import annotations

import hashlib
from typing import ClassVar

from typing_extensions import override

from local_azure.errors import ArmError, bad_request
from local_azure.facts.container_service import CLUSTERS
from local_azure.facts.insights import ASSOCIATIONS, COMPONENTS, ENDPOINTS, RULES
from local_azure.facts.monitor import ACCOUNTS
from local_azure.facts.operational_insights import TABLES, WORKSPACES
from local_azure.operations import Lifecycle, Style, Transition
from local_azure.refusals import resource_not_found
from local_azure.resource_id import ResourceId
from local_azure.services import lists
from local_azure.services.cloud import Action, Answer, Cloud, Json, Request, ResourceType
from local_azure.services.identities import assigned
from local_azure.services.principals import made_up
from local_azure.store import Resource

_NAME = r"[A-Za-z0-9][A-Za-z0-9._-]{1,62}[A-Za-z0-9]"
_RULE = "dataCollectionRuleId"
_ENDPOINT = "dataCollectionEndpointId"

CONFIGURATION = "configurationAccessEndpoint"
"""The name that an association with an endpoint has to have [DCR-3]."""

ASSOCIATED = frozenset({CLUSTERS})
"""Types served here that a rule can be associated with; Azure's list is longer [DCR-3]."""


def immutable(resource_id: str, prefix: str) -> str:
    """An immutable id: always the same for one id (chosen)."""
    return f"{prefix}-{hashlib.sha256(resource_id.lower().encode()).hexdigest()[:32]}"


def addresses(resource: Resource, location: str) -> Json:
    """The three addresses of an endpoint (chosen) [DCR-1]."""
    host = f"{resource.name}-{hashlib.sha256(resource.key.encode()).hexdigest()[:4]}.{location}-1"
    return {
        "configurationAccess": {"endpoint": f"https://{host}.handler.control.monitor.azure.com"},
        "logsIngestion": {"endpoint": f"https://{host}.ingest.monitor.azure.com"},
        "metricsIngestion": {"endpoint": f"https://{host}.metrics.ingest.monitor.azure.com"},
    }


def _naming(cloud: Cloud, kind: str, member: str, resource: Resource) -> list[Resource]:
    """The resources of a type that name a rule or an endpoint in a member."""
    return [found for found in cloud.store.of_type(kind) if str(found.properties.get(member)).lower() == resource.key]


def _list_associations(member: str) -> Action:
    """List the associations that name a resource [DCR-3]."""

    def listed(cloud: Cloud, request: Request, resource: Resource) -> Answer:
        found = _naming(cloud, ASSOCIATIONS, member, resource)
        return lists.paged(cloud, request, found, lambda r: cloud.type_of(r).view(cloud, r, request.api_version))

    return listed


class DataCollectionEndpoints(ResourceType):
    """Microsoft.Insights/dataCollectionEndpoints."""

    name = ENDPOINTS
    patched = frozenset({"tags", "identity"})
    kept = ("location", "tags", "kind")
    pattern = r"[A-Za-z0-9][A-Za-z0-9-]{1,42}[A-Za-z0-9]"
    actions: ClassVar = {("GET", "associations"): _list_associations(_ENDPOINT)}

    @override
    def write(self, cloud: Cloud, request: Request, existing: Resource | None) -> Resource:
        """Give the endpoint its addresses [DCR-1]."""
        resource = existing or self.new(request)
        properties = {
            "networkAcls": {"publicNetworkAccess": "Enabled"},
            **request.stated,
            "immutableId": immutable(resource.id, "dce"),
            **addresses(resource, request.body["location"]),
        }
        return self.result(request, resource, properties, **assigned(cloud, request.id, request.body.get("identity")))

    @override
    def refuse_delete(self, cloud: Cloud, resource: Resource) -> None:
        """Refuse while a rule or an association names the endpoint (code chosen)."""
        for rule in _naming(cloud, RULES, _ENDPOINT, resource):
            message = f"The data collection endpoint {resource.name} is used by the rule {rule.name}."
            raise ArmError(409, "Conflict", message)
        _refuse_associated(cloud, _ENDPOINT, resource, "endpoint")


class DataCollectionRules(ResourceType):
    """Microsoft.Insights/dataCollectionRules."""

    name = RULES
    patched = frozenset({"tags", "identity"})
    kept = DataCollectionEndpoints.kept
    pattern = _NAME
    actions: ClassVar = {("GET", "associations"): _list_associations(_RULE)}

    @override
    def write(self, cloud: Cloud, request: Request, existing: Resource | None) -> Resource:
        """Check endpoint, destinations, streams and tables [DCR-1]."""
        sent = request.stated
        if sent.get(_ENDPOINT):
            message = f"Data collection endpoint '{sent[_ENDPOINT]}' was not found."
            cloud.named(sent[_ENDPOINT], ENDPOINTS, "InvalidPayload", message)
        workspaces = _workspaces(cloud, sent)
        _check_accounts(cloud, sent)
        for flow in sent.get("dataFlows") or []:
            _check_flow(cloud, sent, flow, workspaces)
        properties = {**sent, "immutableId": immutable(str(request.id), "dcr")}
        return self.result(request, existing, properties, **assigned(cloud, request.id, request.body.get("identity")))

    @override
    def delete_asked(self, cloud: Cloud, resource: Resource, request: Request) -> None:
        """Delete the associations first where that is asked for [DCR-2]."""
        query = {name.lower(): value.lower() for name, value in request.query.items()}
        if query.get("deleteassociations") == "true":
            for found in _naming(cloud, ASSOCIATIONS, _RULE, resource):
                cloud.type_of(found).remove(cloud, found)

    @override
    def refuse_delete(self, cloud: Cloud, resource: Resource) -> None:
        """Refuse while an association names the rule (code chosen) [DCR-2]."""
        _refuse_associated(cloud, _RULE, resource, "rule")


def _refuse_associated(cloud: Cloud, member: str, resource: Resource, what: str) -> None:
    if found := _naming(cloud, ASSOCIATIONS, member, resource):
        associations = ", ".join(each.id for each in found)
        message = f"The data collection {what} {resource.name} has associations: {associations}."
        raise ArmError(409, "Conflict", message)


class DataCollectionRuleAssociations(ResourceType):
    """Microsoft.Insights/dataCollectionRuleAssociations, on a cluster."""

    name = ASSOCIATIONS
    kind = ""
    provisioning = False
    pattern = r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}[A-Za-z0-9]"
    methods = frozenset({"GET", "PUT", "DELETE"})

    @override
    def write(self, cloud: Cloud, request: Request, existing: Resource | None) -> Resource:
        """Check the resource, the rule or endpoint, and the name [DCR-3]."""
        associated = cloud.get(request.id.scope)
        if associated is None:
            raise resource_not_found(ResourceId.parse(request.id.scope))
        if associated.type not in ASSOCIATED:
            message = (
                f"Association cannot be created for resource of type '{associated.type}'. Supported types are: "
                f"{','.join(sorted(ASSOCIATED))}."
            )
            raise bad_request("InvalidPayload", message)
        sent = request.stated
        if sent.get(_ENDPOINT) and request.id.name != CONFIGURATION:
            message = f"An association of data collection endpoint must be named '{CONFIGURATION}'."
            raise bad_request("InvalidEndpointAssociationName", message)
        named = {_RULE: RULES, _ENDPOINT: ENDPOINTS}
        if not any(sent.get(member) for member in named):
            message = "An association names a data collection rule or a data collection endpoint."
            raise bad_request("InvalidPayload", message)
        for member, kind in named.items():
            if sent.get(member):
                message = f"'{sent[member]}', named by '{member}', was not found."
                cloud.named(sent[member], kind, "InvalidPayload", message)
        return self.result(request, existing, sent)


def _workspaces(cloud: Cloud, sent: Json) -> dict[str, Resource]:
    """Return the workspaces among the destinations by name; raises ArmError when one is missing."""
    found: dict[str, Resource] = {}
    for destination in (sent.get("destinations") or {}).get("logAnalytics") or []:
        workspace_id = destination.get("workspaceResourceId")
        message = f"The workspace '{workspace_id}' of destination was not found."
        found[str(destination.get("name"))] = cloud.named(workspace_id, WORKSPACES, "InvalidPayload", message)
    return found


def _check_accounts(cloud: Cloud, sent: Json) -> None:
    """Raise ArmError for an Azure Monitor workspace among the destinations that is not there (code chosen)."""
    for destination in (sent.get("destinations") or {}).get("monitoringAccounts") or []:
        account_id = destination.get("accountResourceId")
        message = f"The Azure Monitor workspace '{account_id}' of destination was not found."
        cloud.named(account_id, ACCOUNTS, "InvalidPayload", message)


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

    _write = Transition(Style.RESULT, 202, "Updating", 5.0, empty=True)
    lifecycle = Lifecycle(_write, _write, Transition(Style.RESULT, 202, "Deleting", 5.0, empty=True))
    """202 with Location, then 200 (durations chosen)."""

    @override
    def write(self, cloud: Cloud, request: Request, existing: Resource | None) -> Resource:
        """Check name and columns [LAW-2]."""
        sent = request.stated
        schema = sent.get("schema") or {}
        columns = {column.get("name"): column.get("type") for column in schema.get("columns") or []}
        if not request.id.name.endswith("_CL") or schema.get("name") != request.id.name:
            message = f"The table '{request.id.name}' must end in '_CL', and its schema must have the same name."
            raise bad_request("InvalidParameter", message)
        if str(columns.get("TimeGenerated")).lower() != "datetime":
            message = f"The table '{request.id.name}' must have a column 'TimeGenerated' of type datetime."
            raise bad_request("InvalidParameter", message)
        return self.result(request, existing, {"plan": "Analytics", **sent})


class Components(ResourceType):
    """Microsoft.Insights/components: Application Insights."""

    name = COMPONENTS
    patched = frozenset({"tags"})
    kept = DataCollectionEndpoints.kept
    pattern = r"[^#<>%&:?/{}*]{1,260}"

    @override
    def write(self, cloud: Cloud, request: Request, existing: Resource | None) -> Resource:
        """Check the workspace, and give the component its key and connection string [APPI-1]."""
        sent = request.stated
        workspace_id = sent.get("WorkspaceResourceId")
        message = f"The workspace '{workspace_id}' of component '{request.id.name}' was not found."
        cloud.named(workspace_id, WORKSPACES, "InvalidWorkspace", message)
        key, location = made_up(str(request.id), "key"), request.body.get("location")
        host = f"https://{location}-0.in.applicationinsights.azure.com/"
        properties = {
            **sent,
            "AppId": made_up(str(request.id), "app"),
            "InstrumentationKey": key,
            "ConnectionString": f"InstrumentationKey={key};IngestionEndpoint={host}",
        }
        return self.result(request, existing, properties)


TYPES = (
    DataCollectionEndpoints(),
    DataCollectionRules(),
    DataCollectionRuleAssociations(),
    Tables(),
    Components(),
)
