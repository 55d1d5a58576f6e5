"""A service account of a cluster that acts as an identity.

It owns the federated credential by which the identity trusts the cluster, and neither of the two. [MSI-3]
"""

import pulumi
import pulumi_azure_native as azure_native

from components.aks.pool_spec import WorkloadIdentitySpec


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
