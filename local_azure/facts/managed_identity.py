"""Microsoft.ManagedIdentity: federated credentials of user-assigned identities."""

from __future__ import annotations

from local_azure.arm_family import UNREAD, Family, TypeRow

CREDENTIALS = "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials"

FAMILY = Family(
    types=(
        TypeRow(
            CREDENTIALS,
            "managedidentity",
            "FederatedIdentityCredential",
            ("resourceName", "federatedIdentityCredentialResourceName"),
        ),
    ),
    marks={CREDENTIALS: UNREAD},
    synchronous_put=frozenset({CREDENTIALS}),
    synchronous_delete=frozenset({CREDENTIALS}),
)
