"""Tasks of a registry and the agent pools that they run on, in the home region [ACR-TASKS, ACR-POOL]."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pulumi
import pulumi_azure_native as azure_native

from components.parameterized import Package, ParameterizedResource
from components.registry.task_spec import AgentPoolSpec, BuildSpec, TaskSpec
from components.registry.tokens import Place
from components.stable import own_principal
from planning.registry_tasks import SYSTEM

TASKS = Package("containerregistry", "2025-03-01-preview")
"""The default class uses 2019-06-01-preview, in which a task has no identity for its own registry [ACR-TASKS]."""

FIXED = ["location"]
"""Create-only members of a task and an agent pool."""


@dataclass(frozen=True)
class TaskWiring:
    """Ids of what tasks and agent pools refer to.

    Attributes:
        subnet_ids: ARM id of the subnet of each agent pool in a network, by the pool's key.
        identity_ids: ARM id of each identity that a task names, by its key.
        client_ids: client id of each of them.
    """

    subnet_ids: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)
    identity_ids: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)
    client_ids: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)


def make_tasks(
    parent: pulumi.ComponentResource,
    pools: Mapping[str, AgentPoolSpec],
    tasks: Mapping[str, TaskSpec],
    wiring: TaskWiring,
    *,
    location: str,
    tags: Mapping[str, str],
    place: Place,
) -> dict[str, pulumi.Output[str]]:
    """Make one agentPools per pool and one tasks per task; return the principals of tasks with an identity of their own.

    Args:
        parent: the component that owns them; names start with its name.
        pools: agent pools by name.
        tasks: tasks by name.
        wiring: ids of what they refer to.
        location: home region of the registry, in which tasks run.
        tags: set on agent pools and tasks.
        place: names of the registry and its resource group.
    """
    name = parent.pulumi_resource_name
    made: dict[str, pulumi.Resource] = {
        key: azure_native.containerregistry.AgentPool(
            f"{name}-agent-pool-{key}",
            agent_pool_name=key,
            location=location,
            tier=pool.tier,
            count=pool.count,
            os="Linux",
            virtual_network_subnet_resource_id=wiring.subnet_ids.get(key),
            tags=tags,
            opts=pulumi.ResourceOptions(parent=parent, replace_on_changes=["virtualNetworkSubnetResourceId"]),
            **place,
        )
        for key, pool in pools.items()
    }
    found: dict[str, pulumi.Output[str]] = {}
    for key, spec in tasks.items():
        task = ParameterizedResource(
            TASKS,
            "Task",
            f"{name}-task-{key}",
            inputs={
                "registryName": place["registry_name"],
                "resourceGroupName": place["resource_group_name"],
                "taskName": key,
                "location": location,
                "tags": tags,
                **_task(spec, wiring),
            },
            outputs=("identity",),
            opts=pulumi.ResourceOptions(
                parent=parent, depends_on=[made[spec.agent_pool]] if spec.agent_pool else None, replace_on_changes=FIXED
            ),
        )
        if spec.identity == SYSTEM:
            found[key] = own_principal(task, task.output("identity"))
    return found


def _task(spec: TaskSpec, wiring: TaskWiring) -> dict[str, Any]:
    inputs: dict[str, Any] = {
        "status": "Enabled" if spec.enabled else "Disabled",
        "platform": {"os": spec.os, "architecture": spec.architecture},
        "timeout": spec.timeout_minutes * 60,
        "step": _step(spec),
        "isSystemTask": False,
    }
    if spec.agent_pool:
        inputs["agentPoolName"] = spec.agent_pool
    triggers = _triggers(spec)
    if triggers:
        inputs["trigger"] = triggers
    if spec.identity == SYSTEM:
        inputs["identity"] = {"type": "SystemAssigned"}
        inputs["credentials"] = {"sourceRegistry": {"identity": "[system]"}}
    elif spec.identity:
        users = [wiring.identity_ids[spec.identity]]
        inputs["identity"] = {"type": "UserAssigned", "userAssignedIdentities": users}
        inputs["credentials"] = {"sourceRegistry": {"identity": wiring.client_ids[spec.identity]}}
    return inputs


def _step(spec: TaskSpec) -> dict[str, Any]:
    token = spec.context_access_token
    secret = {"contextAccessToken": pulumi.Output.secret(token.get_secret_value())} if token else {}
    if spec.build is not None:
        return {**_build(spec.build), **secret}
    content = base64.b64encode((spec.steps or "").encode()).decode()
    return {"type": "EncodedTask", "encodedTaskContent": content, **secret}


def _build(build: BuildSpec) -> dict[str, Any]:
    step: dict[str, Any] = {
        "type": "Docker",
        "contextPath": build.context,
        "dockerFilePath": build.dockerfile,
        "imageNames": build.images,
        "isPushEnabled": build.push,
        "noCache": False,
    }
    if build.target:
        step["target"] = build.target
    if build.arguments:
        step["arguments"] = [
            {"name": name, "value": value, "isSecret": False} for name, value in build.arguments.items()
        ]
    return step


def _triggers(spec: TaskSpec) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if spec.timers:
        found["timerTriggers"] = [
            {"name": name, "schedule": schedule, "status": "Enabled"} for name, schedule in spec.timers.items()
        ]
    if spec.base_images:
        found["baseImageTrigger"] = {
            "name": "base-images",
            "baseImageTriggerType": spec.base_images,
            "updateTriggerPayloadType": "Default",
            "status": "Enabled",
        }
    return found
