"""A service account of a cluster that acts as an identity.

It owns the federated credential, not the cluster or the identity. [MSI-3]
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
        """Make the federated credential.

        Args:
            name: logical name; the child's name starts with it.
            spec: namespace and account.
            credential_name: physical name, unique below the identity.
            issuer: URL of the cluster's OIDC issuer.
            identity_name: physical name of the identity.
            resource_group_name: where the identity is.
            opts: options of the component itself; it depends on the identity's other credentials.
        """
        super().__init__("moorings:aks:ServiceAccount", name, None, opts)
        credential = azure_native.managedidentity.FederatedIdentityCredential(
            f"{name}-credential",
            federated_identity_credential_resource_name=credential_name,
            resource_name_=identity_name,
            resource_group_name=resource_group_name,
            issuer=issuer,
            subject=f"system:serviceaccount:{spec.namespace}:{spec.service_account}",
            audiences=["api://AzureADTokenExchange"],
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.id = credential.id
        self.register_outputs({"id": self.id})
