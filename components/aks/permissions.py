"""What the control planes of an environment's clusters may do, and the service accounts that act as identities.

It owns role assignments on subnets and kubelet identities, once for each pair however many clusters share it, and federated
credentials that trust a cluster. It deliberately does not own pulling, which the registry's access grants. [AKS-12, MSI-3]
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_azure_native as azure_native

from components.aks.pool_spec import WorkloadIdentitySpec
from components.role_assignment import assign
from planning.roles import Role, assignment_name


@dataclass(frozen=True)
class Permission:
    """One thing that a control plane may do.

    Attributes:
        role: the built-in role.
        scope: ARM id of what it is for.
        principal_id: who receives it.
    """

    role: Role
    scope: pulumi.Input[str]
    principal_id: pulumi.Input[str]


class Permissions(pulumi.ComponentResource):
    """What control planes may do; makes one Microsoft.Authorization/roleAssignments per permission."""

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
        super().__init__("moorings:aks:Permissions", name, None, opts)
        made = {key: self._assignment(key, its, namespace) for key, its in permissions.items()}
        self.ids = pulumi.Output.all(**{key: assignment.id for key, assignment in made.items()})
        self.register_outputs({"ids": self.ids})

    def _assignment(
        self, key: str, permission: Permission, namespace: str
    ) -> azure_native.authorization.RoleAssignment:
        return assign(
            f"{self.pulumi_resource_name}-{key}",
            permission.role,
            assignment_name=assignment_name(namespace, key, permission.role),
            scope=permission.scope,
            principal_id=permission.principal_id,
            parent=self,
        )


class ServiceAccount(pulumi.ComponentResource):
    """A service account that acts as an identity; makes one federatedIdentityCredentials below the identity."""

    id: pulumi.Output[str]

    def __init__(
        self,
        name: str,
        spec: WorkloadIdentitySpec,
        *,
        credential_name: str,
        issuer: pulumi.Input[str],
        identity_name: pulumi.Input[str],
        resource_group_name: pulumi.Input[str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Let the identity trust the cluster's tokens for that account.

        Args:
            name: logical name; the child's name starts with it.
            spec: namespace and account.
            credential_name: physical name, unique below the identity.
            issuer: URL of the cluster's OIDC issuer.
            identity_name: physical name of the identity.
            resource_group_name: where the identity is.
            opts: options of the component itself; what else is written below the identity comes before.
        """
        super().__init__("moorings:aks:ServiceAccount", name, None, opts)
        made = azure_native.managedidentity.FederatedIdentityCredential(
            f"{name}-credential",
            federated_identity_credential_resource_name=credential_name,
            resource_name_=identity_name,
            resource_group_name=resource_group_name,
            issuer=issuer,
            subject=f"system:serviceaccount:{spec.namespace}:{spec.service_account}",
            audiences=["api://AzureADTokenExchange"],
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.id = made.id
        self.register_outputs({"id": self.id})
