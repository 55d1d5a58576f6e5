"""A Durable Task scheduler with its task hubs, retention and roles, and the settings of its on-demand sandboxes.

It owns the scheduler, the hubs, the retention policy and the role assignments on them. It deliberately does not own
identities, nor worker profiles, for which ARM has no property: the orchestrator declares them, with values from the
outputs. [DTS-1, DTS-2, DTS-3, DTS-4, DTS-6]
"""

from collections.abc import Mapping
from typing import Any

import pulumi
import pulumi_azure_native as azure_native

from components.durable_task.spec import SchedulerAccessSpec, TaskSchedulerSpec
from components.images import reference
from components.parameterized import Package, ParameterizedResource
from components.role_assignment import assign
from planning.roles import assignment_name
from planning.task_schedulers import ROLES

PACKAGE = Package("durabletask", "2026-05-01-preview")
"""The first version in which a scheduler has an identity, which on-demand sandboxes need. A scheduler keeps the version
that created it, since another one replaces it; the default classes use 2026-02-01 [DTS-2]."""


class Scheduler(pulumi.ComponentResource):
    """One scheduler.

    Makes Microsoft.DurableTask/schedulers, one taskHubs per hub, retentionPolicies if days are stated, and one
    Microsoft.Authorization/roleAssignments per entry of access.
    """

    id: pulumi.Output[str]
    name: pulumi.Output[str]
    endpoint: pulumi.Output[str]
    workers: Mapping[str, pulumi.Output[Mapping[str, Any]]]

    def __init__(
        self,
        name: str,
        spec: TaskSchedulerSpec,
        *,
        scheduler_name: str,
        location: str,
        resource_group_name: pulumi.Input[str],
        registry_host: pulumi.Input[str],
        identity_ids: Mapping[str, pulumi.Input[str]],
        client_ids: Mapping[str, pulumi.Input[str]],
        principal_ids: Mapping[str, pulumi.Input[str]],
        tags: dict[str, str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the scheduler.

        Args:
            name: logical name; children's names start with it.
            spec: its size, hubs, retention and roles.
            scheduler_name: physical name.
            location: region.
            resource_group_name: where it goes.
            registry_host: registry host of the worker images.
            identity_ids: ARM ids of identities, by key.
            client_ids: their client ids, by key.
            principal_ids: their principals, by key.
            tags: set on the scheduler; its children have no tags.
            opts: options of the component itself.
        """
        super().__init__("moorings:durable_task:Scheduler", name, None, opts)
        self._name, self._spec = name, spec
        self._group = resource_group_name
        scheduler = self._scheduler(scheduler_name, location, identity_ids, tags)
        hubs = {key: self._hub(key, scheduler) for key in spec.task_hubs}
        if spec.retention is not None:
            self._retention(scheduler)
        for key, grant in spec.access.items():
            place = hubs[grant.task_hub] if grant.task_hub else scheduler
            self._grant(key, grant, place, scheduler_name, principal_ids[grant.identity])
        self.id, self.name = scheduler.id, _output(scheduler, "name")
        self.endpoint = _output(scheduler, "properties").apply(lambda found: _member(found, "endpoint"))
        self.workers = self._workers(registry_host, client_ids)
        self.register_outputs({"id": self.id, "name": self.name, "endpoint": self.endpoint})

    def _scheduler(
        self, scheduler_name: str, location: str, identity_ids: Mapping[str, pulumi.Input[str]], tags: dict[str, str]
    ) -> azure_native.durabletask.Scheduler | ParameterizedResource:
        spec = self._spec
        sku: dict[str, Any] = {"name": spec.sku, **({"capacity": spec.capacity} if spec.capacity else {})}
        ranges = [str(found) for found in spec.ip_allow_list]
        # No specification marks the SKU as create-only: azure-native would send an update. That Azure refuses it is
        # chosen [DTS-1].
        opts = pulumi.ResourceOptions(
            parent=self, protect=spec.protect, replace_on_changes=["properties.sku.name"], delete_before_replace=True
        )
        if spec.on_demand_sandboxes is None:
            return azure_native.durabletask.Scheduler(
                f"{self._name}-scheduler",
                scheduler_name=scheduler_name,
                resource_group_name=self._group,
                location=location,
                properties=azure_native.durabletask.SchedulerPropertiesArgs(
                    ip_allowlist=ranges,
                    sku=azure_native.durabletask.SchedulerSkuArgs(name=spec.sku, capacity=spec.capacity),
                    public_network_access=spec.public_network_access,
                ),
                tags=tags,
                opts=opts,
            )
        inputs = {
            "schedulerName": scheduler_name,
            "resourceGroupName": self._group,
            "location": location,
            "identity": {
                "type": "UserAssigned",
                "userAssignedIdentities": [identity_ids[spec.on_demand_sandboxes.identity]],
            },
            "properties": {"ipAllowlist": ranges, "sku": sku, "publicNetworkAccess": spec.public_network_access},
            "tags": tags,
        }
        return ParameterizedResource(
            PACKAGE, "Scheduler", f"{self._name}-scheduler", inputs=inputs, outputs=("name",), opts=opts
        )

    def _hub(
        self, key: str, scheduler: azure_native.durabletask.Scheduler | ParameterizedResource
    ) -> azure_native.durabletask.TaskHub | ParameterizedResource:
        opts = pulumi.ResourceOptions(parent=self, protect=self._spec.protect)
        if self._spec.on_demand_sandboxes is None:
            return azure_native.durabletask.TaskHub(
                f"{self._name}-hub-{key}",
                task_hub_name=key,
                scheduler_name=_output(scheduler, "name"),
                resource_group_name=self._group,
                opts=opts,
            )
        capabilities = self._spec.task_hubs[key].capabilities
        inputs: dict[str, Any] = {
            "taskHubName": key,
            "schedulerName": _output(scheduler, "name"),
            "resourceGroupName": self._group,
            **({"properties": {"capabilities": capabilities}} if capabilities else {}),
        }
        return ParameterizedResource(
            PACKAGE, "TaskHub", f"{self._name}-hub-{key}", inputs=inputs, outputs=(), opts=opts
        )

    def _retention(self, scheduler: azure_native.durabletask.Scheduler | ParameterizedResource) -> None:
        assert self._spec.retention is not None
        azure_native.durabletask.RetentionPolicy(
            f"{self._name}-retention",
            scheduler_name=_output(scheduler, "name"),
            resource_group_name=self._group,
            properties=azure_native.durabletask.RetentionPolicyPropertiesArgs(
                retention_policies=[
                    azure_native.durabletask.RetentionPolicyDetailsArgs(
                        retention_period_in_days=days, orchestration_state=state
                    )
                    for state, days in self._spec.retention.policies()
                ]
            ),
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _grant(
        self,
        key: str,
        grant: SchedulerAccessSpec,
        place: pulumi.CustomResource,
        scheduler_name: str,
        principal_id: pulumi.Input[str],
    ) -> None:
        role = ROLES[grant.action]
        assign(
            f"{self._name}-access-{key}",
            role,
            assignment_name=assignment_name(scheduler_name, key, role),
            scope=place.id,
            principal_id=principal_id,
            parent=self,
        )

    def _workers(
        self, registry_host: pulumi.Input[str], client_ids: Mapping[str, pulumi.Input[str]]
    ) -> Mapping[str, pulumi.Output[Mapping[str, Any]]]:
        """The settings of each worker profile: environment variables, size and activities."""
        wanted = self._spec.on_demand_sandboxes
        if wanted is None:
            return {}
        return {
            key: pulumi.Output.all(
                environment={
                    "DTS_ENDPOINT": self.endpoint,
                    "DTS_TASK_HUB": profile.task_hub,
                    "DTS_SANDBOX_IMAGE": reference(profile.image, registry_host),
                },
                client_id=client_ids[wanted.identity],
                language=profile.language,
                cpu=f"{profile.cpu_millicores}m",
                memory=f"{profile.memory_mib}Mi",
                max_concurrent_activities=profile.max_concurrent_activities,
                activities=profile.activities,
            )
            for key, profile in wanted.profiles.items()
        }


def _output(resource: pulumi.CustomResource, name: str) -> pulumi.Output[Any]:
    """An output that both classes of a type name alike."""
    return pulumi.get(resource, name)


def _member(properties: Any, name: str) -> str:
    """A property of an output of either class: an object of the SDK, or plain data."""
    if isinstance(properties, Mapping):
        return str(properties.get(name) or "")
    return str(getattr(properties, name, "") or "")
