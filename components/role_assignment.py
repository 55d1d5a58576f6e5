"""One role assignment, for every system that assigns roles.

The role definition id contains the program's own subscription, which is known before anything is created: a preview
and its policies then see the role. [ROLE-4, ROLE-8]
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
    description: str | None = None,
) -> "azure_native.authorization.RoleAssignment":
    """Make one Microsoft.Authorization/roleAssignments.

    Args:
        name: logical name.
        role: the built-in role.
        assignment_name: the GUID that names it; see `planning.roles.assignment_name`.
        scope: ARM id: text for a resource made elsewhere, an output for a resource of this program.
        principal_id: principal that receives it.
        parent: the component that owns it.
        principal_type: type of the principal. Without it Azure looks up a new principal and may not find it [ROLE-8].
        condition: condition of the assignment, version 2.0.
        description: why it is made.
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
        description=description,
        opts=pulumi.ResourceOptions(parent=parent),
    )


def _in_own_subscription(role: Role, parent: pulumi.Resource) -> pulumi.Output[str]:
    session = azure_native.authorization.get_client_config_output(opts=pulumi.InvokeOutputOptions(parent=parent))
    return session.subscription_id.apply(lambda subscription: definition_id(f"/subscriptions/{subscription}", role))
