"""Azure Monitor workspaces, with the endpoint and the rule that Azure makes for each of them."""

from __future__ import annotations

import hashlib

from typing_extensions import override

from local_azure.errors import ArmError
from local_azure.facts.insights import ENDPOINTS, RULES
from local_azure.facts.monitor import ACCOUNTS
from local_azure.operations import SYNC_WRITES
from local_azure.services import managed_groups
from local_azure.services.cloud import Cloud, Json, Request, ResourceType
from local_azure.services.data_collection import addresses, immutable
from local_azure.services.identities import assigned
from local_azure.services.principals import made_up
from local_azure.store import Resource

_STREAM = "Microsoft-PrometheusMetrics"


class MetricsWorkspaces(ResourceType):
    """Microsoft.Monitor/accounts."""

    name = ACCOUNTS
    pattern = r"[A-Za-z0-9]([A-Za-z0-9-]{0,42}[A-Za-z0-9])"

    lifecycle = SYNC_WRITES

    @override
    def write(self, cloud: Cloud, request: Request, existing: Resource | None) -> Resource:
        """Give the workspace its id, its endpoint for queries and its default way in [AMW-1, AMW-2]."""
        sent = request.stated
        resource, location = existing or self.new(request), request.body["location"]
        managed = _managed_group(resource, location)
        if managed_groups.is_foreign(cloud, resource, managed):
            # A namesake in another resource group, whose managed group would be the same (chosen).
            message = f"Resource group {managed}, which the workspace {resource.name} would be given, exists already."
            raise ArmError(409, "Conflict", message)
        account = made_up(resource.id, "metrics")
        host = f"{request.id.name}-{hashlib.sha256(resource.key.encode()).hexdigest()[:4]}.{location}"
        group = f"{managed_groups.group_id(resource, managed)}/providers"
        properties = {
            "publicNetworkAccess": "Enabled",
            **sent,
            "accountId": account,
            "metrics": {
                **(sent.get("metrics") or {}),
                "prometheusQueryEndpoint": f"https://{host}.prometheus.monitor.azure.com",
                "internalId": f"mac_{account}",
            },
            "defaultIngestionSettings": {
                "dataCollectionRuleResourceId": f"{group}/{RULES}/{resource.name}",
                "dataCollectionEndpointResourceId": f"{group}/{ENDPOINTS}/{resource.name}",
            },
        }
        return self.result(request, resource, properties, **assigned(cloud, request.id, request.body.get("identity")))

    @override
    def written(self, cloud: Cloud, resource: Resource, request: Request) -> None:
        """Make the managed resource group with endpoint and rule [AMW-1]."""
        settings, location = resource.properties["defaultIngestionSettings"], resource.body["location"]
        if not managed_groups.make(cloud, resource, _managed_group(resource, location)):
            return
        endpoint = Resource(settings["dataCollectionEndpointResourceId"], ENDPOINTS, resource.name, location)
        _fill(endpoint, {"immutableId": immutable(endpoint.id, "dce"), **addresses(endpoint, location)})
        cloud.add(endpoint)
        rule = Resource(settings["dataCollectionRuleResourceId"], RULES, resource.name, location)
        destination = {"name": "MonitoringAccount1", "accountResourceId": resource.id}
        _fill(
            rule,
            {
                "immutableId": immutable(rule.id, "dcr"),
                "dataCollectionEndpointId": endpoint.id,
                "destinations": {"monitoringAccounts": [destination]},
                "dataFlows": [{"streams": [_STREAM], "destinations": [destination["name"]]}],
            },
        )
        cloud.add(rule)

    @override
    def remove(self, cloud: Cloud, resource: Resource) -> None:
        """Delete the workspace with the managed group and what is in it [AMW-1]."""
        super().remove(cloud, resource)
        managed_groups.drop(cloud, resource, _managed_group(resource, resource.body["location"]))


def _fill(resource: Resource, properties: Json) -> None:
    resource.body = {"location": resource.location, "properties": {**properties, "provisioningState": "Succeeded"}}


def _managed_group(resource: Resource, location: str) -> str:
    return f"MA_{resource.name.lower()}_{location.lower()}_managed"


TYPES = (MetricsWorkspaces(),)
