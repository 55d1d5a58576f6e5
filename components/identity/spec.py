"""The shape of a user-assigned identity: region and federated credentials."""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Self

from pydantic import AfterValidator, Field, model_validator

from components.elsewhere import MadeElsewhere
from components.interfaces.spec import ResourceSpec
from components.spec import Region, Spec, held_to, refuse, settings_of_others
from planning import names
from planning.problems import Path
from planning.resource_ids import IDENTITY
from planning.roles import principal_problem

LONGEST_CLAIM = 600
"""Maximum characters of an issuer, a subject or an audience [MSI-2]."""

MOST_CREDENTIALS = 20
"""Maximum federated credentials of one identity [MSI-2]."""


def _claim(text: str) -> str:
    if text != text.strip() or not text or len(text) > LONGEST_CLAIM:
        raise ValueError(
            f"{text!r} must have 1 to {LONGEST_CLAIM} characters, without leading or trailing blanks [MSI-2]"
        )
    if "*" in text:
        raise ValueError(
            f"{text!r} contains '*', which Azure matches literally; write one credential for each subject [MSI-2]"
        )
    return text


def _issuer(text: str) -> str:
    if not text.startswith("https://"):
        raise ValueError(
            f"{text!r} is not the URL of an issuer; write one such as https://token.actions.githubusercontent.com"
        )
    return text


Claim = Annotated[str, AfterValidator(_claim)]


class FederatedCredentialSpec(Spec):
    """One external workload that may act as the identity, by the issuer, subject and audience of its token."""

    issuer: Annotated[
        Claim, AfterValidator(_issuer), Field(description="URL of the token issuer, exactly as in the token.")
    ]
    subject: Annotated[
        Claim,
        Field(description="The token's subject, such as system:serviceaccount:NAMESPACE:NAME; case-sensitive."),
    ]
    audience: Annotated[
        Claim, Field(description="The token's audience; exactly one per credential. Sovereign clouds have their own.")
    ] = "api://AzureADTokenExchange"


class IdentitySpec(ResourceSpec):
    """One user-assigned identity; other sections name it by its key.

    With ``id`` the identity is made elsewhere. Its principal and its client are read from Azure unless they are stated.
    """

    arm_type: ClassVar[str] = "Microsoft.ManagedIdentity/userAssignedIdentities"

    id: Annotated[
        Annotated[str, MadeElsewhere(IDENTITY)] | None,
        Field(description="An identity made elsewhere, in any subscription of the tenant."),
    ] = None
    name: Annotated[
        Annotated[str, held_to(names.USER_ASSIGNED_IDENTITY.problem)] | None,
        Field(description="Name in Azure. Default: made of the key. Another name is another principal."),
    ] = None
    principal_id: Annotated[
        Annotated[str, held_to(principal_problem)] | None,
        Field(description="With id: its principal, so that it is not read."),
    ] = None
    client_id: Annotated[
        Annotated[str, Field(pattern=r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$")] | None,
        Field(description="With id: its client, so that it is not read."),
    ] = None
    location: Annotated[
        Region | None,
        Field(description="Default: the stack's home location. A change replaces the identity and its principal."),
    ] = None
    federated_credentials: Annotated[
        dict[str, FederatedCredentialSpec], Field(description="External workloads that may act as it, by name.")
    ] = {}

    @model_validator(mode="after")
    def _credentials_are_in_order(self) -> Self:
        known = ("id", "principal_id", "client_id", "location")
        others = settings_of_others(self, except_for=known)
        refuse((*others, *self._half_known(), *self._numbers_and_names(), *self._twins()))
        return self

    def _half_known(self) -> Iterator[tuple[Path, str]]:
        stated = [name for name in ("principal_id", "client_id") if getattr(self, name) is not None]
        if self.id is None:
            for name in stated:
                yield (name,), "Azure gives it to an identity of this stack; remove it, or give the id of the identity"
        elif len(stated) == 1:
            yield (
                (stated[0],),
                "is one of two; state principal_id and client_id, or neither, and both are read from Azure",
            )

    def _numbers_and_names(self) -> Iterator[tuple[Path, str]]:
        count = len(self.federated_credentials)
        if count > MOST_CREDENTIALS:
            message = (
                f"{count} credentials, the limit of an identity is {MOST_CREDENTIALS}; use further identities [MSI-2]"
            )
            yield ("federated_credentials",), message
        for key in self.federated_credentials:
            problem = names.FEDERATED_IDENTITY_CREDENTIAL.problem(key)
            if problem:
                yield ("federated_credentials", key), problem

    def _twins(self) -> Iterator[tuple[Path, str]]:
        """Credentials that Azure treats as duplicates: equal issuer and subject, or equal names but for case."""
        claims: dict[tuple[str, str], str] = {}
        seen: dict[str, str] = {}
        for key, credential in self.federated_credentials.items():
            path = ("federated_credentials", key)
            other = claims.setdefault((credential.issuer, credential.subject), key)
            if other != key:
                yield (
                    path,
                    f"has the issuer and subject of {other}, and must be unique in an identity; remove one [MSI-2]",
                )
            other = seen.setdefault(key.lower(), key)
            if other != key:
                yield path, f"differs from {other} in letter case only, which Azure ignores [NAME-1]"
