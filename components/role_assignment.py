"""One role assignment, made the same way by every system that grants something.

The role's definition is named by the subscription that the program works in, which is known before anything is made: a preview,
and the policies that read it, then see which role is given. [ROLE-4, ROLE-8]
"""

import pulumi
import pulumi_azure_native as azure_native

from planning.roles import CONDITION_VERSION, PrincipalType, Role, definition_id


def assign(
    name: str,
    role: Role,
    *,
    assignment_name: str,
    scope: pulumi.Input[str],
    principal_id: pulumi.Input[str],
    parent: pulumi.Resource,
    principal_type: PrincipalType = "ServicePrincipal",
    condition: str | None = None,
) -> "azure_native.authorization.RoleAssignment":
    """Make one Microsoft.Authorization/roleAssignments.

    Args:
        name: logical name.
        role: the built-in role.
        assignment_name: the GUID that names it; see `planning.roles.assignment_name`.
        scope: ARM id of what it is for: text for something made elsewhere, an output for something of this program.
        principal_id: who receives it.
        parent: the component that owns it.
        principal_type: what the principal is. Left out, Azure looks a new principal up and does not find it [ROLE-8].
        condition: narrows it; in the syntax of version 2.0.
    """
    return azure_native.authorization.RoleAssignment(
        name,
        role_assignment_name=assignment_name,
        scope=scope,
        role_definition_id=definition_id(scope, role) if isinstance(scope, str) else _in_own_subscription(role, parent),
        principal_id=principal_id,
        principal_type=principal_type,
        condition=condition,
        condition_version=CONDITION_VERSION if condition else None,
        opts=pulumi.ResourceOptions(parent=parent),
    )


def _in_own_subscription(role: Role, parent: pulumi.Resource) -> pulumi.Output[str]:
    session = azure_native.authorization.get_client_config_output(opts=pulumi.InvokeOutputOptions(parent=parent))
    return session.subscription_id.apply(lambda subscription: definition_id(f"/subscriptions/{subscription}", role))
