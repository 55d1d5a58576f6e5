"""Role assignments on a registry, one for each grant.

It owns the assignments. It deliberately does not own the identities that receive them, nor the registry. A consumer
that pulls depends on this component: an assignment takes effect some time after it is created, and a pull before that
fails. [ROLE-2, ROLE-4, ROLE-8]
"""

from collections.abc import Mapping

import pulumi
import pulumi_azure_native as azure_native

from components.access.assignments import Assignment, assignments
from components.access.spec import GrantSpec
from components.role_assignment import assign
from planning.problems import Problem, SpecError
from planning.roles import Mode, assignment_name, condition


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
        for_both_modes: bool = False,
        held: Mapping[str, str] | None = None,
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
            for_both_modes: whether a grant by action has an assignment for each mode, while the registry's mode changes.
            held: GUID of the role by logical name, of the assignments in the state, which keep their names.
            opts: options of the component itself.

        Raises:
            SpecError: the registry's mode ignores a grant's role, or takes no condition for it.
        """
        wanted = assignments(name, grants, mode, both=for_both_modes, held=held)
        # Before any resource is registered, so that a refusal leaves nothing half created.
        _refuse(wanted)
        super().__init__("moorings:access:Access", name, None, opts)
        self._namespace = namespace
        self._registry_id = registry_id
        made = {
            each.key if each.mode == mode or each.only else f"{each.key} in {each.mode}": self._assignment(
                each, principal_ids[each.grant.identity] if each.grant.identity else each.grant.who
            )
            for each in wanted
        }
        self.ids = pulumi.Output.all(**{key: assignment.id for key, assignment in made.items()})
        self.register_outputs({"ids": self.ids})

    def _assignment(
        self, wanted: Assignment, principal_id: pulumi.Input[str]
    ) -> "azure_native.authorization.RoleAssignment":
        grant, role = wanted.grant, wanted.role
        return assign(
            wanted.logical_name,
            role,
            assignment_name=wanted.stated_name or assignment_name(self._namespace, wanted.key, role),
            scope=self._registry_id,
            principal_id=principal_id,
            parent=self,
            principal_type=grant.principal_type or "ServicePrincipal",
            condition=condition(role, grant.repositories) if wanted.is_narrowed else None,
        )


def _refuse(wanted: list[Assignment]) -> None:
    """Raise SpecError with every grant that would have no effect."""
    problems = [Problem((each.key, member), message) for each in wanted for member, message in each.problems()]
    if problems:
        raise SpecError(problems)
