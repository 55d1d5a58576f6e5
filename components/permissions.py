"""Role assignments of an environment's identities on subnets, groups and other identities.

It owns one role assignment for each pair of role and scope, even if several systems need it. It deliberately does not
own roles on the registry, which `components.access` assigns. [ROLE-4, ROLE-8]
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_azure_native as azure_native

from components.role_assignment import assign
from planning.roles import Role, assignment_name


@dataclass(frozen=True)
class Permission:
    """One role of an identity on a scope.

    Attributes:
        role: the built-in role.
        scope: ARM id.
        principal_id: principal that receives it.
    """

    role: Role
    scope: pulumi.Input[str]
    principal_id: pulumi.Input[str]


class Permissions(pulumi.ComponentResource):
    """Role assignments of identities; makes one Microsoft.Authorization/roleAssignments per permission."""

    ids: pulumi.Output[Mapping[str, str]]

    def __init__(
        self,
        name: str,
        permissions: Mapping[str, Permission],
        *,
        namespace: str,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the assignments.

        Args:
            name: logical name; children's names start with it.
            permissions: by a stable key, which is part of the assignment's name.
            namespace: distinguishes environments in the assignments' names, which are unique in a tenant.
            opts: options of the component itself.
        """
        super().__init__("moorings:permissions:Permissions", name, None, opts)
        assignments = {key: self._assignment(key, permission, namespace) for key, permission in permissions.items()}
        self.ids = pulumi.Output.all(**{key: assignment.id for key, assignment in assignments.items()})
        self.register_outputs({"ids": self.ids})

    def _assignment(
        self, key: str, permission: Permission, namespace: str
    ) -> "azure_native.authorization.RoleAssignment":
        return assign(
            f"{self.pulumi_resource_name}-{key}",
            permission.role,
            assignment_name=assignment_name(namespace, key, permission.role),
            scope=permission.scope,
            principal_id=permission.principal_id,
            parent=self,
        )
