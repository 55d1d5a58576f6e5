"""Federated credentials of user-assigned identities: whose tokens are taken for the identity's own."""

from __future__ import annotations

from typing import Any

from typing_extensions import override

from local_azure.errors import ArmError, bad_request
from local_azure.facts.managed_identity import CREDENTIALS
from local_azure.operations import Style, Transition
from local_azure.resource_id import ResourceId
from local_azure.services.cloud import Cloud, Request, ResourceType
from local_azure.store import Resource

MOST = 20
"""Credentials that one identity takes [MSI-2]."""

LONGEST = 600
"""Characters of an issuer, a subject or an audience [MSI-2]."""

_WRITING = Transition(Style.SYNC, 200, "Succeeded", 2.0)
"""How long a write keeps its identity busy (chosen) [MSI-3]."""


class FederatedCredentials(ResourceType):
    """Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials."""

    name = CREDENTIALS
    kind = ""
    provisioning = False
    pattern = r"[A-Za-z0-9][A-Za-z0-9_-]{2,119}"
    methods = frozenset({"GET", "PUT", "DELETE"})

    @override
    def write(self, cloud: Cloud, request: Request, existing: Resource | None) -> Resource:
        """Check claims, count and neighbours [MSI-2, MSI-3]."""
        identity = cloud.require(request.id.parent or request.id)
        _refuse_busy(cloud, identity)
        sent = request.properties
        issuer, subject, audiences = _claims(sent)
        others = [c for c in cloud.store.children(identity.id, CREDENTIALS) if c.key != request.id.key]
        if len(others) >= MOST:
            message = f"The identity {identity.name} has {MOST} federated identity credentials, which is the limit."
            raise bad_request("FederatedIdentityCredentialsLimitExceeded", message)
        if any((c.properties["issuer"], c.properties["subject"]) == (issuer, subject) for c in others):
            message = f"Issuer and subject combination already exists for managed identity '{identity.name}'."
            raise ArmError(409, "Conflict", message)
        return self.result(request, existing, {"issuer": issuer, "subject": subject, "audiences": audiences})

    @override
    def written(self, cloud: Cloud, resource: Resource, request: Request) -> None:
        """Keep the identity busy for a while."""
        _begin_write(cloud, resource)

    @override
    def refuse_delete(self, cloud: Cloud, resource: Resource) -> None:
        """Refuse beside another write."""
        _refuse_busy(cloud, cloud.require(_identity(resource)))

    @override
    def remove(self, cloud: Cloud, resource: Resource) -> None:
        """Delete the credential and keep the identity busy for a while."""
        cloud.drop(resource)
        _begin_write(cloud, resource)


def _identity(resource: Resource) -> ResourceId:
    place = ResourceId.parse(resource.id)
    return place.parent or place


def _begin_write(cloud: Cloud, resource: Resource) -> None:
    identity = cloud.get(str(_identity(resource)))
    if identity is not None:
        cloud.operations.start(identity.key, "write", _WRITING)


def _refuse_busy(cloud: Cloud, identity: Resource) -> None:
    """Raise ArmError while another credential of the identity is being written [MSI-3]."""
    if cloud.operations.running(identity.key):
        message = (
            "Too many Federated Identity Credentials are written concurrently for the managed identity "
            f"'{identity.id}'. Concurrent Federated Identity Credentials writes under the same managed identity are "
            "not supported."
        )
        raise ArmError(409, "ConcurrentFederatedIdentityCredentialsWritesForSingleManagedIdentity", message)


def _claims(sent: dict[str, Any]) -> tuple[str, str, list[str]]:
    """Return issuer, subject and audiences; raises ArmError when one is missing, too long or no URL."""
    issuer, subject = str(sent.get("issuer") or ""), str(sent.get("subject") or "")
    audiences = [str(audience) for audience in sent.get("audiences") or []]
    if not issuer.startswith("https://"):
        raise bad_request("BadRequest", f"Issuer '{issuer}' is not a URL that starts with https://.", "issuer")
    if len(audiences) != 1:
        message = f"A federated identity credential takes one audience, {len(audiences)} were sent."
        raise bad_request("BadRequest", message, "audiences")
    for member, claim in (("issuer", issuer), ("subject", subject), ("audiences", audiences[0])):
        if not 1 <= len(claim) <= LONGEST:
            raise bad_request("BadRequest", f"{member} must have 1 to {LONGEST} characters.", member)
    return issuer, subject, audiences


TYPES = (FederatedCredentials(),)
