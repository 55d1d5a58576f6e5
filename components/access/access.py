"""Role assignments on a registry, one for each grant.

It owns the assignments. It deliberately does not own the identities that receive them, nor the registry. A consumer
that pulls depends on this component: an assignment takes effect some time after it is created, and a pull before that
fails. [ROLE-2, ROLE-4, ROLE-8]
"""

from collections.abc import Mapping

import pulumi
import pulumi_azure_native as azure_native

from components.access.spec import GrantSpec
from components.role_assignment import assign
from planning.problems import Problem, SpecError
from planning.roles import (
    Mode,
    assignment_name,
    condition,
    condition_problem,
    role_problem,
)


class Access(pulumi.ComponentResource):
    """Role assignments on one registry; makes one Microsoft.Authorization/roleAssignments per grant."""

    ids: pulumi.Output[Mapping[str, str]]

    def __init__(
        self,
        name: str,
        grants: Mapping[str, GrantSpec],
        *,
        mode: Mode,
        namespace: str,
        registry_id: pulumi.Input[str],
        principal_ids: Mapping[str, pulumi.Input[str]],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the assignments.

        Args:
            name: logical name; children's names start with it.
            grants: who may do what, by key; the key is part of the assignment's name.
            mode: the registry's role assignment mode, which decides the roles.
            namespace: distinguishes environments in the assignments' names, which are unique in a tenant.
            registry_id: its ARM id, the scope of every assignment.
            principal_ids: principal of each identity that a grant names, by the identity's key.
            opts: options of the component itself.

        Raises:
            SpecError: the registry's mode ignores a grant's role, or takes no condition for it.
        """
        # Before any resource is registered, so that a refusal leaves nothing half created.
        _refuse(grants, mode)
        super().__init__("moorings:access:Access", name, None, opts)
        self._name, self._namespace = name, namespace
        self._mode: Mode = mode
        self._registry_id = registry_id
        assignments = {
            key: self._assignment(key, grant, principal_ids[grant.identity] if grant.identity else grant.who)
            for key, grant in grants.items()
        }
        self.ids = pulumi.Output.all(**{key: assignment.id for key, assignment in assignments.items()})
        self.register_outputs({"ids": self.ids})

    def _assignment(
        self, key: str, grant: GrantSpec, principal_id: pulumi.Input[str]
    ) -> "azure_native.authorization.RoleAssignment":
        role = grant.role_in(self._mode)
        narrowed = condition(role, grant.repositories) if grant.repositories else None
        return assign(
            f"{self._name}-{key}",
            role,
            assignment_name=grant.name or assignment_name(self._namespace, key, role),
            scope=self._registry_id,
            principal_id=principal_id,
            parent=self,
            principal_type=grant.principal_type or "ServicePrincipal",
            condition=narrowed,
        )


def _refuse(grants: Mapping[str, GrantSpec], mode: Mode) -> None:
    """Raise SpecError with every grant that would have no effect."""
    problems = []
    for key, grant in grants.items():
        role = grant.role_in(mode)
        found = {"role": role_problem(role, mode), "repositories": condition_problem(role, grant.repositories, mode)}
        problems += [Problem((key, member), message) for member, message in found.items() if message]
    if problems:
        raise SpecError(problems)
