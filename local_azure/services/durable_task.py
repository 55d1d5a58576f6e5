"""Durable Task schedulers with their task hubs and the one retention policy of each."""

from __future__ import annotations

from collections import Counter
from typing import Any

from typing_extensions import override

from local_azure.errors import bad_request
from local_azure.facts.durable_task import RETENTION_POLICIES, SCHEDULERS, TASK_HUBS
from local_azure.operations import Lifecycle, long_running
from local_azure.services.cloud import Cloud, Request, ResourceType, pick, without_nulls
from local_azure.services.identities import assigned
from local_azure.services.principals import made_up
from local_azure.store import Resource

LONGEST_RETENTION = 90
"""Days for which an ended orchestration is kept at most [DTS-3]."""


def _lifecycle(seconds: float) -> Lifecycle:
    """Long-running throughout; the durations are chosen [DTS-1]."""
    return long_running(("Provisioning", "Updating"), (seconds, seconds / 2, seconds / 2))


class Schedulers(ResourceType):
    """Microsoft.DurableTask/schedulers."""

    name = SCHEDULERS
    pattern = r"[a-zA-Z0-9-]{3,64}"

    lifecycle = _lifecycle(20.0)
    """Minutes in Azure, 20 seconds here."""

    @override
    def write(self, cloud: Cloud, request: Request, existing: Resource | None) -> Resource:
        """Check SKU and capacity, and give the scheduler its endpoint."""
        sent = request.body["properties"]
        sku = without_nulls(sent["sku"])
        if sku["name"] == "Consumption" and "capacity" in sku:
            message = "Capacity units exist in the Dedicated SKU only."
            raise bad_request("InvalidSku", message, "properties.sku.capacity")
        if existing is not None and existing.properties["sku"]["name"] != sku["name"]:
            message = "The SKU of a scheduler cannot be changed."
            raise bad_request("PropertyChangeNotAllowed", message, "properties.sku.name")
        if sku["name"] == "Dedicated":
            sku = {"capacity": 1, "redundancyState": "None", **sku}
        unique = made_up(str(request.id), "endpoint")[:8]
        properties = {
            "publicNetworkAccess": "Enabled",
            **without_nulls(sent),
            "sku": sku,
            "endpoint": f"https://{request.id.name.lower()}-{unique}.{request.body['location']}.durabletask.io",
        }
        return self.result(request, existing, properties, **assigned(cloud, request.id, request.body.get("identity")))


class TaskHubs(ResourceType):
    """Microsoft.DurableTask/schedulers/taskHubs."""

    name = TASK_HUBS
    kind = ""
    pattern = Schedulers.pattern

    lifecycle = _lifecycle(6.0)
    """Shorter than the scheduler."""

    @override
    def write(self, cloud: Cloud, request: Request, existing: Resource | None) -> Resource:
        """Give the hub its dashboard."""
        scheduler = cloud.require(request.id.parent or request.id)
        hub = made_up(str(request.id), "hub")
        dashboard = f"https://dashboard.durabletask.io/subscriptions/{request.id.subscription}/{scheduler.name}/{hub}"
        return self.result(request, existing, {**pick(request.properties, "capabilities"), "dashboardUrl": dashboard})


class RetentionPolicies(ResourceType):
    """Microsoft.DurableTask/schedulers/retentionPolicies: one for each scheduler, named default."""

    name = RETENTION_POLICIES
    kind = ""
    pattern = "default"

    lifecycle = _lifecycle(6.0)
    """As a task hub."""

    @override
    def write(self, cloud: Cloud, request: Request, existing: Resource | None) -> Resource:
        """Check days and states [DTS-3]."""
        policies: list[Any] = request.properties.get("retentionPolicies") or []
        for index, policy in enumerate(policies):
            if not 0 <= policy["retentionPeriodInDays"] <= LONGEST_RETENTION:
                message = (
                    f"retentionPeriodInDays is {policy['retentionPeriodInDays']}; it must be 0 to {LONGEST_RETENTION}."
                )
                raise bad_request("InvalidRetentionPolicy", message, f"properties.retentionPolicies[{index}]")
        twice = [state for state, count in Counter(p.get("orchestrationState") for p in policies).items() if count > 1]
        if twice:
            message = f"There is more than one retention policy for {twice[0] or 'all states'}."
            raise bad_request("InvalidRetentionPolicy", message, "properties.retentionPolicies")
        return self.result(request, existing, {"retentionPolicies": policies})


TYPES = (Schedulers(), TaskHubs(), RetentionPolicies())
