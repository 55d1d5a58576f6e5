"""A sandbox group with its network connection and its data plane role assignments.

It owns the group, the connection and the role assignments on the group. It deliberately does not own sandboxes, disk
images, volumes and secrets: these belong to the data plane, and the profile describes them for a client. The SDK has no
class for the two types, so they are generic resources; azure-native does not know their create-only properties, which
are listed here. [SBX-1, SBX-2, SBX-3, SBX-5, SBX-7]
"""

from collections.abc import Mapping
from typing import Any

import pulumi
import pulumi_azure_native as azure_native

from components.role_assignment import assign
from components.sandboxes.spec import GatewaySpec, SandboxGroupSpec
from planning.roles import assignment_name
from planning.sandboxes import CONNECTION, DATA_OWNER, TIERS, Contract

_USER_ASSIGNED = azure_native.resources.ResourceIdentityType.USER_ASSIGNED


class SandboxGroup(pulumi.ComponentResource):
    """One group.

    Makes Microsoft.App/sandboxGroups, one vnetConnections if it has a subnet, and one
    Microsoft.Authorization/roleAssignments per owner.
    """

    id: pulumi.Output[str]
    name: pulumi.Output[str]
    default_domain: pulumi.Output[str | None]
    """Domain of the host names of its sandboxes, if Azure states one."""

    def __init__(
        self,
        name: str,
        spec: SandboxGroupSpec,
        *,
        group_name: str,
        location: str,
        resource_group_name: pulumi.Input[str],
        subnet_id: pulumi.Input[str] | None,
        environment_id: pulumi.Input[str] | None,
        identity_ids: Mapping[str, pulumi.Input[str]],
        principal_ids: Mapping[str, pulumi.Input[str]],
        tags: dict[str, str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the group.

        Args:
            name: logical name; children's names start with it.
            spec: its API version, size and identities.
            group_name: physical name.
            location: region; a change replaces the group.
            resource_group_name: where it goes.
            subnet_id: subnet of its sandboxes, or None.
            environment_id: linked environment, or None.
            identity_ids: ARM ids of the identities that the spec names, by key.
            principal_ids: principals of the owners, by key.
            tags: set on the group; a connection has no tags.
            opts: options of the component itself.
        """
        super().__init__("moorings:sandboxes:SandboxGroup", name, None, opts)
        self._name, self._spec, self._terms = name, spec, spec.terms
        self._location, self._resource_group_name = location, resource_group_name
        group = self._group(group_name, _properties(spec, environment_id, identity_ids), identity_ids, tags)
        if subnet_id is not None:
            self._connection(group, subnet_id)
        for key in spec.owners:
            self._owner(key, group, group_name, principal_ids[key])
        self.id, self.name = group.id, group.name
        self.default_domain = pulumi.Output.from_input(group.properties).apply(_default_domain)
        self.register_outputs({"id": self.id, "name": self.name, "default_domain": self.default_domain})

    def _group(
        self,
        group_name: str,
        properties: dict[str, Any],
        identity_ids: Mapping[str, pulumi.Input[str]],
        tags: dict[str, str],
    ) -> azure_native.resources.Resource:
        ids = [identity_ids[key] for key in self._spec.all_identities]
        return azure_native.resources.Resource(
            f"{self._name}-group",
            resource_provider_namespace=self._terms.namespace,
            parent_resource_path="",
            resource_type=self._terms.type,
            resource_name_=group_name,
            api_version=self._terms.api_version,
            resource_group_name=self._resource_group_name,
            location=self._location,
            identity=azure_native.resources.IdentityArgs(type=_USER_ASSIGNED, user_assigned_identities=ids)
            if ids
            else None,
            properties=properties,
            tags=tags,
            opts=pulumi.ResourceOptions(
                parent=self,
                protect=self._spec.protect,
                # azure-native has no lifecycle metadata for a type that is reached by the generic resource
                # [SDK-GENERIC].
                replace_on_changes=["location", "properties.environmentId"],
                delete_before_replace=True,
            ),
        )

    def _connection(self, group: azure_native.resources.Resource, subnet_id: pulumi.Input[str]) -> None:
        terms: Contract = self._terms
        azure_native.resources.Resource(
            f"{self._name}-connection",
            resource_provider_namespace=terms.namespace,
            parent_resource_path=group.name.apply(lambda name: f"{terms.type}/{name}"),
            resource_type=terms.connection_type,
            resource_name_=CONNECTION,
            api_version=terms.connection_version,
            resource_group_name=self._resource_group_name,
            location=self._location,
            properties={"subnetId": subnet_id},
            opts=pulumi.ResourceOptions(
                parent=self,
                depends_on=[group],
                replace_on_changes=["location", "properties.subnetId"],
                delete_before_replace=True,
            ),
        )

    def _owner(
        self, key: str, group: azure_native.resources.Resource, group_name: str, principal_id: pulumi.Input[str]
    ) -> None:
        assign(
            f"{self._name}-owner-{key}",
            DATA_OWNER,
            assignment_name=assignment_name(group_name, f"sandbox-owner-{key}", DATA_OWNER),
            scope=group.id,
            principal_id=principal_id,
            parent=self,
        )


def _properties(
    spec: SandboxGroupSpec,
    environment_id: pulumi.Input[str] | None,
    identity_ids: Mapping[str, pulumi.Input[str]],
) -> dict[str, Any]:
    """The body's properties; sent even if empty, because the preview API refuses a body without [SBX-1]."""
    properties: dict[str, Any] = {}
    if spec.terms.defaults:
        properties |= TIERS[spec.tier].group_defaults()
        properties["defaultTimeoutSeconds"] = spec.idle_timeout_minutes * 60
        if spec.maximum_sandboxes is not None:
            properties["maxSandboxCount"] = spec.maximum_sandboxes
    if spec.gateways:
        properties["gatewayConnections"] = [_gateway(gateway, identity_ids) for gateway in spec.gateways.values()]
    if environment_id is not None:
        properties["environmentId"] = environment_id
    return properties


def _gateway(spec: GatewaySpec, identity_ids: Mapping[str, pulumi.Input[str]]) -> dict[str, Any]:
    connection: dict[str, Any] = {"resourceId": spec.id}
    if spec.mcp_runtime_url:
        connection["mcpRuntimeUrl"] = spec.mcp_runtime_url
    if spec.identity:
        connection["authentication"] = {
            "type": "ManagedIdentity",
            "identityResourceId": identity_ids[spec.identity],
        }
    return connection


def _default_domain(properties: Any) -> str | None:
    return properties.get("defaultDomain") if isinstance(properties, Mapping) else None
