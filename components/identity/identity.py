"""A user-assigned identity and its federated credentials.

It owns the identity and its federated credentials. It deliberately does not own role assignments: they belong to the
resource that they give access to. [MSI-1, MSI-2, MSI-3]
"""

import pulumi
import pulumi_azure_native as azure_native

from components.elsewhere import name_of, parsed
from components.identity.spec import FederatedCredentialSpec, IdentitySpec
from components.stable import stable


class UserAssignedIdentity(pulumi.ComponentResource):
    """One identity.

    Makes Microsoft.ManagedIdentity/userAssignedIdentities and one federatedIdentityCredentials per credential. With ``spec.id``
    the identity is made elsewhere and nothing is made here: its principal and client are as stated, else they are read.
    """

    id: pulumi.Output[str]
    name: pulumi.Output[str]
    client_id: pulumi.Output[str]
    """Client id of the identity."""
    principal_id: pulumi.Output[str]
    """Object id of the identity's service principal, which role assignments name."""

    def __init__(
        self,
        name: str,
        spec: IdentitySpec,
        *,
        identity_name: str,
        location: str,
        resource_group_name: pulumi.Input[str],
        tags: dict[str, str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the identity.

        Args:
            name: logical name; children's names start with it.
            spec: its federated credentials.
            identity_name: physical name.
            location: region; a change replaces the identity and its principal.
            resource_group_name: where it goes.
            tags: set on the identity; credentials have no tags.
            opts: options of the component itself.
        """
        super().__init__("moorings:identity:UserAssignedIdentity", name, None, opts)
        if spec.id is not None:
            self._refer_to(spec, spec.id)
        else:
            self._make(name, spec, identity_name, location, resource_group_name, tags)
        self.register_outputs(
            {"id": self.id, "name": self.name, "client_id": self.client_id, "principal_id": self.principal_id}
        )

    def _refer_to(self, spec: IdentitySpec, identity_id: str) -> None:
        there = parsed(identity_id)
        self.id = pulumi.Output.from_input(identity_id)
        self.name = pulumi.Output.from_input(name_of(identity_id))
        if spec.principal_id and spec.client_id:
            self.principal_id = pulumi.Output.from_input(spec.principal_id)
            self.client_id = pulumi.Output.from_input(spec.client_id)
            return
        found = azure_native.managedidentity.get_user_assigned_identity_output(
            resource_group_name=there.resource_group if there else "",
            resource_name=name_of(identity_id),
            opts=pulumi.InvokeOutputOptions(parent=self),
        )
        self.principal_id, self.client_id = found.principal_id, found.client_id

    def _make(
        self,
        name: str,
        spec: IdentitySpec,
        identity_name: str,
        location: str,
        resource_group_name: pulumi.Input[str],
        tags: dict[str, str],
    ) -> None:
        identity = azure_native.managedidentity.UserAssignedIdentity(
            f"{name}-identity",
            resource_name_=identity_name,
            resource_group_name=resource_group_name,
            location=location,
            tags=tags,
            opts=pulumi.ResourceOptions(parent=self),
        )
        last: pulumi.Resource | None = None
        for key, credential in spec.federated_credentials.items():
            last = self._credential(identity, key, credential, resource_group_name, after=last)
        self.id = identity.id
        self.name = identity.name
        self.client_id = stable(identity, "clientId", identity.client_id)
        self.principal_id = stable(identity, "principalId", identity.principal_id)

    def _credential(
        self,
        identity: "azure_native.managedidentity.UserAssignedIdentity",
        key: str,
        spec: FederatedCredentialSpec,
        resource_group_name: pulumi.Input[str],
        after: pulumi.Resource | None,
    ) -> "azure_native.managedidentity.FederatedIdentityCredential":
        # Sequential, deletions too: Azure refuses parallel writes to the credentials of one identity [MSI-3].
        return azure_native.managedidentity.FederatedIdentityCredential(
            f"{self.pulumi_resource_name}-credential-{key}",
            federated_identity_credential_resource_name=key,
            resource_name_=identity.name,
            resource_group_name=resource_group_name,
            issuer=spec.issuer,
            subject=spec.subject,
            audiences=[spec.audience],
            opts=pulumi.ResourceOptions(parent=self, depends_on=[after] if after else None),
        )
