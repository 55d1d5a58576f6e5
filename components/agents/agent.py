"""An SRE agent with its connectors and the roles that its identity holds.

It owns the agent, the connectors and the role assignments. It deliberately does not own the identity, nor tool policy
and hooks, which belong to the data plane: they are in the agent's policy file. Egress and network exist in the preview
API version only, for which no types are published: the agent is a generic resource, and those properties have the form
that the service owner's templates use. [SRE-1, SRE-6, SRE-8, SRE-9]
"""

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
import pulumi_azure_native as azure_native

from components.agents.spec import AgentEgressSpec, AgentSpec, ConnectorSpec
from components.role_assignment import assign
from planning.agents import MODES, ROLES, VERSION
from planning.roles import assignment_name


class Agent(pulumi.ComponentResource):
    """One agent.

    Makes Microsoft.App/agents, one connectors for each connector, and one Microsoft.Authorization/roleAssignments for
    each role on a scope.
    """

    id: pulumi.Output[str]
    name: pulumi.Output[str]
    endpoint: pulumi.Output[str]

    def __init__(
        self,
        name: str,
        spec: AgentSpec,
        *,
        agent_name: str,
        location: str,
        resource_group_name: pulumi.Input[str],
        identity_id: pulumi.Input[str],
        principal_id: pulumi.Input[str],
        subnet_id: pulumi.Input[str] | None,
        scope_ids: Mapping[str, pulumi.Input[str]],
        tags: dict[str, str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the agent.

        Args:
            name: logical name; children's names start with it.
            spec: its scopes, tools and connectors.
            agent_name: physical name.
            location: region.
            resource_group_name: where it goes.
            identity_id: ARM id of the identity that it acts as.
            principal_id: that identity's principal, which receives the roles.
            subnet_id: subnet of its outbound traffic, or None.
            scope_ids: ARM id of each scope of the spec, by key.
            tags: set on the agent.
            opts: options of the component itself.
        """
        super().__init__("moorings:agents:Agent", name, None, opts)
        self._name, self._agent_name, self._identity_id = name, agent_name, identity_id
        roles = [
            self._role(key, role, scope_ids[key], principal_id)
            for key, scope in spec.scopes.items()
            for role in dict.fromkeys(scope.roles)
        ]
        properties = _properties(spec, identity_id, subnet_id, list(scope_ids.values()))
        place = {"resource_group_name": resource_group_name, "location": location, "tags": tags}
        # An agent that starts before its role assignments cannot read anything and reports that to its users.
        agent = self._agent(spec, properties, place, roles)
        for key, connector in spec.connectors.items():
            self._connector(key, connector, agent, resource_group_name)
        self.id, self.name = agent.id, agent.name
        self.endpoint = pulumi.Output.from_input(agent.properties).apply(_endpoint)
        self.register_outputs({"id": self.id, "name": self.name, "endpoint": self.endpoint})

    def _agent(
        self, spec: AgentSpec, properties: dict[str, Any], place: Mapping[str, Any], roles: Sequence[pulumi.Resource]
    ) -> azure_native.resources.Resource:
        return azure_native.resources.Resource(
            f"{self._name}-agent",
            resource_provider_namespace="Microsoft.App",
            parent_resource_path="",
            resource_type="agents",
            resource_name_=self._agent_name,
            api_version=VERSION,
            identity={
                "type": azure_native.resources.ResourceIdentityType.USER_ASSIGNED,
                "user_assigned_identities": [self._identity_id],
            },
            properties=properties,
            opts=pulumi.ResourceOptions(
                parent=self,
                depends_on=roles,
                protect=spec.protect,
                # azure-native has no lifecycle metadata for a type that is reached by the generic resource
                # [SDK-GENERIC].
                replace_on_changes=["location"],
                delete_before_replace=True,
            ),
            **place,
        )

    def _connector(
        self,
        key: str,
        spec: ConnectorSpec,
        agent: azure_native.resources.Resource,
        resource_group_name: pulumi.Input[str],
    ) -> None:
        azure_native.app.AgentsConnector(
            f"{self._name}-connector-{key}",
            connector_name=key,
            agent_name=agent.name,
            resource_group_name=resource_group_name,
            properties={
                "data_connector_type": spec.type,
                "data_source": spec.data_source,
                "endpoint": spec.endpoint,
                "extended_properties": spec.properties or None,
                "identity": self._identity_id,
            },
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _role(
        self, key: str, role: str, scope: pulumi.Input[str], principal_id: pulumi.Input[str]
    ) -> azure_native.authorization.RoleAssignment:
        return assign(
            f"{self._name}-{key}-{role.replace(' ', '-').lower()}",
            ROLES[role],
            assignment_name=assignment_name(self._agent_name, f"agent-{key}", ROLES[role]),
            scope=scope,
            principal_id=principal_id,
            parent=self,
        )


def _properties(
    spec: AgentSpec,
    identity_id: pulumi.Input[str],
    subnet_id: pulumi.Input[str] | None,
    scope_ids: list[pulumi.Input[str]],
) -> dict[str, Any]:
    properties: dict[str, Any] = {
        "actionConfiguration": {"identity": identity_id, "mode": spec.mode, "accessLevel": spec.access_level},
        "knowledgeGraphConfiguration": {"identity": identity_id, "managedResources": scope_ids},
        "upgradeChannel": spec.upgrade_channel,
        "sandboxConfiguration": {"egress": _egress(spec.egress)},
    }
    if subnet_id is not None:
        properties["vnetConfiguration"] = {"subnetResourceId": subnet_id}
    if spec.logs:
        secret = pulumi.Output.secret(spec.logs.connection_string.get_secret_value())
        insights = {"appId": spec.logs.app_id, "connectionString": secret}
        properties["logConfiguration"] = {"applicationInsightsConfiguration": insights}
    if spec.incidents:
        source = spec.incidents
        incidents = {
            "type": source.platform,
            "connectionName": source.connection_name,
            "connectionUrl": source.connection_url,
        }
        if source.connection_key is not None:
            incidents["connectionKey"] = pulumi.Output.secret(source.connection_key.get_secret_value())
        properties["incidentManagementConfiguration"] = {
            member: value for member, value in incidents.items() if value is not None
        }
    return properties


def _egress(spec: AgentEgressSpec) -> dict[str, Any]:
    """Egress of the agent's sandbox; empty lists are sent, so that removed entries are removed in Azure too [SRE-9]."""
    if spec.mode == "unrestricted":
        return {"mode": MODES[spec.mode]}
    egress: dict[str, Any] = {
        "mode": MODES[spec.mode],
        "allowedHosts": list(spec.hosts),
        "allowedRegistries": list(spec.registries),
        "allowedCodeRepositories": list(spec.code_repositories),
        "allowHttpMcpServerNetworkAccess": spec.remote_mcp_servers,
    }
    if spec.mode == "azure_vnet":
        egress["vnetConfiguration"] = {"usePrivateDnsResolution": spec.private_dns}
    return egress


def _endpoint(properties: Any) -> str:
    return str(properties.get("agentEndpoint") or "") if isinstance(properties, Mapping) else ""
