"""A session pool with the role assignments of its executors.

It owns the pool and the role assignments on it. It deliberately does not own the environment that a Custom pool runs
in, nor identities. API keys of its MCP server are not read: callers use tokens. [ACAS-1, ACAS-2, ACAS-3, ACAS-4]
"""

from collections.abc import Mapping
from typing import Any

import pulumi
import pulumi_azure_native as azure_native

from components.images import reference
from components.parameterized import Package, ParameterizedResource
from components.role_assignment import assign
from components.session_pools.spec import PoolType, SessionContainerSpec, SessionPoolSpec
from planning.container_apps import SESSION_AUDIENCE, SESSION_EXECUTOR
from planning.roles import assignment_name

PACKAGE = Package("app", "2025-10-02-preview")
"""The only version with MCP servers; all pools use it, so that enabling one is an update and not a replacement
[ACAS-2]."""

ARM_TYPES: Mapping[PoolType, str] = {
    "Python": "PythonLTS",
    "Node": "NodeLTS",
    "Shell": "Shell",
    "Custom": "CustomContainer",
}
"""Types of pool in ARM's words [ACAS-1]."""


class SessionPool(pulumi.ComponentResource):
    """One pool; makes Microsoft.App/sessionPools and one Microsoft.Authorization/roleAssignments per executor."""

    id: pulumi.Output[str]
    name: pulumi.Output[str]
    endpoint: pulumi.Output[str]
    """Pool management endpoint, to which requests for sessions go."""
    audience: str
    """Audience of the tokens that the endpoint takes."""
    mcp_endpoint: pulumi.Output[str | None]
    """Endpoint for the Model Context Protocol, if the pool has one."""

    def __init__(
        self,
        name: str,
        spec: SessionPoolSpec,
        *,
        pool_name: str,
        location: str,
        resource_group_name: pulumi.Input[str],
        environment_id: pulumi.Input[str] | None,
        registry_host: pulumi.Input[str] = "",
        identity_id: pulumi.Input[str] | None,
        principal_ids: Mapping[str, pulumi.Input[str]],
        after: tuple[pulumi.Resource, ...] = (),
        tags: dict[str, str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the pool.

        Args:
            name: logical name; children's names start with it.
            spec: the pool.
            pool_name: physical name.
            location: region.
            resource_group_name: where it goes.
            environment_id: where the sessions of a Custom pool run; None for others.
            registry_host: registry host of the image of a Custom pool.
            identity_id: identity that pulls it; None for other pools.
            principal_ids: principal of each executor, by the identity's key.
            after: resources that must exist before anything is pulled.
            tags: set on the pool.
            opts: options of the component itself.
        """
        super().__init__("moorings:session_pools:SessionPool", name, None, opts)
        inputs = {
            "sessionPoolName": pool_name,
            "resourceGroupName": resource_group_name,
            "location": location,
            "identity": {"type": "UserAssigned", "userAssignedIdentities": [identity_id]} if identity_id else None,
            "tags": tags,
            **_properties(spec, environment_id, registry_host, identity_id),
        }
        # Only a custom container is pulled, so only that depends on the registry.
        pool = self._pool(inputs, after if spec.container else ())
        for key in spec.executors:
            self._executor(key, pool_name, pool, principal_ids[key])
        self.id, self.name = pool.id, pool.output("name")
        self.endpoint = pool.output("poolManagementEndpoint")
        self.audience = SESSION_AUDIENCE
        self.mcp_endpoint = pool.output("mcpServerSettings").apply(lambda found: (found or {}).get("mcpServerEndpoint"))
        self.register_outputs(
            {
                "id": self.id,
                "name": self.name,
                "endpoint": self.endpoint,
                "audience": self.audience,
                "mcp_endpoint": self.mcp_endpoint,
            }
        )

    def _pool(self, inputs: Mapping[str, Any], after: tuple[pulumi.Resource, ...]) -> ParameterizedResource:
        return ParameterizedResource(
            PACKAGE,
            "ContainerAppsSessionPool",
            f"{self.pulumi_resource_name}-pool",
            inputs=inputs,
            outputs=("poolManagementEndpoint", "mcpServerSettings", "name"),
            opts=pulumi.ResourceOptions(parent=self, depends_on=list(after)),
        )

    def _executor(
        self, key: str, pool_name: str, pool: ParameterizedResource, principal_id: pulumi.Input[str]
    ) -> azure_native.authorization.RoleAssignment:
        return assign(
            f"{self.pulumi_resource_name}-executor-{key}",
            SESSION_EXECUTOR,
            assignment_name=assignment_name(pool_name, key, SESSION_EXECUTOR),
            scope=pool.id,
            principal_id=principal_id,
            parent=self,
        )


def _properties(
    spec: SessionPoolSpec,
    environment_id: pulumi.Input[str] | None,
    registry_host: pulumi.Input[str],
    identity_id: pulumi.Input[str] | None,
) -> dict[str, Any]:
    properties: dict[str, Any] = {
        "containerType": ARM_TYPES[spec.type],
        "poolManagementType": "Dynamic",
        "environmentId": environment_id,
        "scaleConfiguration": {
            "maxConcurrentSessions": spec.max_sessions,
            "readySessionInstances": spec.ready_sessions,
        },
        "dynamicPoolConfiguration": {"lifecycleConfiguration": _lifecycle(spec)},
        "sessionNetworkConfiguration": {"status": "EgressEnabled" if spec.egress else "EgressDisabled"},
    }
    if spec.mcp:
        properties["mcpServerSettings"] = {
            "isMcpServerEnabled": True,
            "isMcpServerApiKeyDisabled": not spec.mcp_api_key,
        }
    if spec.container and identity_id:
        properties["customContainerTemplate"] = _template(spec.container, registry_host, identity_id)
        # The identity is for pulling only; code in a session must not use it.
        properties["managedIdentitySettings"] = [{"identity": identity_id, "lifecycle": "None"}]
    return properties


def _lifecycle(spec: SessionPoolSpec) -> dict[str, Any]:
    if spec.max_alive_seconds is not None:
        return {"lifecycleType": "OnContainerExit", "maxAlivePeriodInSeconds": spec.max_alive_seconds}
    return {"lifecycleType": "Timed", "cooldownPeriodInSeconds": spec.cooldown_seconds}


def _template(
    spec: SessionContainerSpec, registry_host: pulumi.Input[str], identity_id: pulumi.Input[str]
) -> dict[str, Any]:
    container = {
        "name": "session",
        "image": reference(spec.image, registry_host),
        "command": spec.command or None,
        "args": spec.args or None,
        "env": [{"name": name, "value": value} for name, value in spec.env.items()] or None,
        "resources": {"cpu": spec.cpu, "memory": f"{spec.memory_gib:g}Gi"},
    }
    return {
        "containers": [container],
        "ingress": {"targetPort": spec.port},
        "registryCredentials": {"server": registry_host, "identity": identity_id},
    }
