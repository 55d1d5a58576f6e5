"""An SRE agent and the roles that its identity holds.

It owns the agent and the role assignments. It deliberately does not own the identity, nor egress, tool policy and hooks, for
which ARM publishes no field: they are in the agent's policy file. [SRE-1, SRE-6, SRE-8]
"""

from collections.abc import Mapping

import pulumi
import pulumi_azure_native as azure_native

from components.agents.spec import AgentSpec
from components.role_assignment import assign
from planning.agents import ROLES
from planning.roles import assignment_name


class Agent(pulumi.ComponentResource):
    """One agent; makes Microsoft.App/agents and one Microsoft.Authorization/roleAssignments per scope and role."""

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
        scope_ids: Mapping[str, pulumi.Input[str]],
        tags: dict[str, str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the agent.

        Args:
            name: logical name; children's names start with it.
            spec: what it may do.
            agent_name: physical name.
            location: region.
            resource_group_name: where it goes.
            identity_id: ARM id of the identity that it acts as.
            principal_id: that identity's principal, which receives the roles.
            scope_ids: ARM id of each scope of the spec, by key.
            tags: set on the agent.
            opts: options of the component itself.
        """
        super().__init__("moorings:agents:Agent", name, None, opts)
        roles = [
            self._role(agent_name, key, role, scope_ids[key], principal_id)
            for key, scope in spec.scopes.items()
            for role in dict.fromkeys(scope.roles)
        ]
        agent = azure_native.app.Agent(
            f"{name}-agent",
            agent_name=agent_name,
            resource_group_name=resource_group_name,
            location=location,
            identity={"type": "UserAssigned", "user_assigned_identities": [identity_id]},
            properties={
                "action_configuration": {
                    "identity": identity_id,
                    "mode": spec.mode,
                    "access_level": spec.access_level,
                },
                "knowledge_graph_configuration": {
                    "identity": identity_id,
                    "managed_resources": list(scope_ids.values()),
                },
                "upgrade_channel": spec.upgrade_channel,
            },
            tags=tags,
            # An agent that starts before its roles reads nothing and says so to people.
            opts=pulumi.ResourceOptions(parent=self, depends_on=roles, protect=spec.protect),
        )
        self.id, self.name = agent.id, agent.name
        self.endpoint = agent.properties.apply(lambda found: str(found.agent_endpoint) if found else "")
        self.register_outputs({"id": self.id, "name": self.name, "endpoint": self.endpoint})

    def _role(
        self, agent_name: str, key: str, role: str, scope: pulumi.Input[str], principal_id: pulumi.Input[str]
    ) -> azure_native.authorization.RoleAssignment:
        return assign(
            f"{self.pulumi_resource_name}-{key}-{role.replace(' ', '-').lower()}",
            ROLES[role],
            assignment_name=assignment_name(agent_name, f"agent-{key}", ROLES[role]),
            scope=scope,
            principal_id=principal_id,
            parent=self,
        )
