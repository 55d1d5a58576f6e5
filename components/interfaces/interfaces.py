"""Role assignments on a resource, and the diagnostic settings that send its logs and metrics.

It owns both. It deliberately does not own the resource, its lock, which comes after everything else, or the destinations.
[ROLE-4, DIAG-1, AVM-INTERFACES]
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_azure_native as azure_native

from components.interfaces.spec import DiagnosticSettingSpec, ResourceSpec, RoleAssignmentSpec
from components.role_assignment import assign
from planning.interfaces import DIAGNOSTICS, Diagnostics, role_of
from planning.roles import assignment_name


@dataclass(frozen=True)
class Wiring:
    """What the interfaces of all resources of an environment refer to.

    Attributes:
        namespace: distinguishes environments in the names of role assignments, which are unique in a tenant.
        principal_ids: principals of the identities of the stack, by key.
        workspace_ids: ids of the workspaces of the stack, by key.
    """

    namespace: str
    principal_ids: Mapping[str, pulumi.Input[str]]
    workspace_ids: Mapping[str, pulumi.Input[str]]


class Interfaces(pulumi.ComponentResource):
    """What is made on one resource: Microsoft.Authorization/roleAssignments and Microsoft.Insights/diagnosticSettings."""

    role_assignment_ids: pulumi.Output[Mapping[str, str]]

    def __init__(
        self,
        name: str,
        spec: ResourceSpec,
        wiring: Wiring,
        *,
        resource_id: pulumi.Input[str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make both.

        Args:
            name: logical name; children's names start with it.
            spec: the resource.
            wiring: what the interfaces refer to.
            resource_id: ARM id of the resource.
            opts: options of the component itself.
        """
        super().__init__("moorings:interfaces:Interfaces", name, None, opts)
        self._resource_id, self._wiring = resource_id, wiring
        roles = {key: self._role(key, each) for key, each in spec.role_assignments.items()}
        for key, each in spec.settings.items():
            self._setting(key, each, DIAGNOSTICS[spec.arm_type])
        self.role_assignment_ids = pulumi.Output.all(**{key: role.id for key, role in roles.items()})
        self.register_outputs({"role_assignment_ids": self.role_assignment_ids})

    def _role(self, key: str, spec: RoleAssignmentSpec) -> "azure_native.authorization.RoleAssignment":
        role, name = role_of(spec.role), self.pulumi_resource_name
        return assign(
            f"{name}-role-{key}",
            role,
            assignment_name=spec.name or assignment_name(f"{self._wiring.namespace}/{name}", key, role),
            scope=self._resource_id,
            principal_id=self._wiring.principal_ids[spec.identity] if spec.identity else spec.principal_id or "",
            principal_type=spec.principal_type or "ServicePrincipal",
            condition=spec.condition,
            description=spec.description,
            parent=self,
        )

    def _setting(self, key: str, spec: DiagnosticSettingSpec, sends: Diagnostics) -> None:
        logs: list[Any] = [
            *({"category_group": group, "enabled": True} for group in spec.groups(sends)),
            *({"category": category, "enabled": True} for category in spec.log_categories),
        ]
        azure_native.monitor.DiagnosticSetting(
            f"{self.pulumi_resource_name}-setting-{key}",
            name=spec.name or key,
            resource_uri=self._resource_id,
            workspace_id=self._wiring.workspace_ids[spec.workspace] if spec.workspace else None,
            log_analytics_destination_type="Dedicated" if spec.workspace and spec.dedicated_tables else None,
            storage_account_id=spec.storage_account_resource_id,
            event_hub_authorization_rule_id=spec.event_hub_authorization_rule_resource_id,
            event_hub_name=spec.event_hub_name,
            marketplace_partner_id=spec.marketplace_partner_resource_id,
            logs=logs or None,
            metrics=[{"category": each, "enabled": True} for each in spec.metrics(sends)] or None,
            opts=pulumi.ResourceOptions(parent=self),
        )
