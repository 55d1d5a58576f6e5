"""What an environment's identities may do beside the registry: on subnets, groups and other identities.

It owns role assignments, once for each pair of a role and a place however many systems share it. It deliberately does not own
pulling and pushing, which the registry's access grants. [ROLE-4, ROLE-8]
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_azure_native as azure_native

from components.role_assignment import assign
from planning.roles import Role, assignment_name


@dataclass(frozen=True)
class Permission:
    """One thing that an identity may do.

    Attributes:
        role: the built-in role.
        scope: ARM id of what it is for.
        principal_id: who receives it.
    """

    role: Role
    scope: pulumi.Input[str]
    principal_id: pulumi.Input[str]


class Permissions(pulumi.ComponentResource):
    """What identities may do; makes one Microsoft.Authorization/roleAssignments per permission."""

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
            permissions: by a key that stays: it is part of the assignment's name.
            namespace: tells environments apart in the assignments' names, which are unique in a tenant.
            opts: options of the component itself.
        """
        super().__init__("moorings:permissions:Permissions", name, None, opts)
        made = {key: self._assignment(key, its, namespace) for key, its in permissions.items()}
        self.ids = pulumi.Output.all(**{key: assignment.id for key, assignment in made.items()})
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
