"""The shape of a user-assigned identity: where it is and whose tokens it takes."""

from collections.abc import Iterator
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from components.elsewhere import MadeElsewhere
from components.spec import Region, Spec, held_to, refuse, settings_of_others
from planning import names
from planning.problems import Path
from planning.resource_ids import IDENTITY
from planning.roles import principal_problem

LONGEST_CLAIM = 600
"""Characters that Azure takes in an issuer, a subject or an audience [MSI-2]."""

MOST_CREDENTIALS = 20
"""Federated credentials that one identity takes [MSI-2]."""


def _claim(text: str) -> str:
    if text != text.strip() or not text or len(text) > LONGEST_CLAIM:
        raise ValueError(f"{text!r} must have 1 to {LONGEST_CLAIM} characters and none blank at its ends [MSI-2]")
    if "*" in text:
        raise ValueError(f"{text!r} holds a '*', which Azure takes literally; write one credential for each [MSI-2]")
    return text


def _issuer(text: str) -> str:
    if not text.startswith("https://"):
        raise ValueError(
            f"{text!r} is not an issuer's URL; write one such as https://token.actions.githubusercontent.com"
        )
    return text


Claim = Annotated[str, AfterValidator(_claim)]


class FederatedCredentialSpec(Spec):
    """One outside workload that may act as the identity: a token with this issuer, subject and audience is taken."""

    issuer: Annotated[
        Claim, AfterValidator(_issuer), Field(description="URL of who issues the tokens, exactly as they state it.")
    ]
    subject: Annotated[
        Claim,
        Field(description="The token's subject, such as system:serviceaccount:NAMESPACE:NAME; letter case counts."),
    ]
    audience: Annotated[
        Claim, Field(description="The token's audience; each credential has exactly one. Other clouds have their own.")
    ] = "api://AzureADTokenExchange"


class IdentitySpec(Spec):
    """One user-assigned identity; other sections name it by its key.

    With ``id`` the identity is made elsewhere. Its principal and its client are read from Azure unless they are stated.
    """

    id: Annotated[
        Annotated[str, MadeElsewhere(IDENTITY)] | None,
        Field(description="An identity made elsewhere, in any subscription of the tenant."),
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
        Region | None, Field(description="Left out, the stack's home location. Cannot change: it would be another.")
    ] = None
    federated_credentials: Annotated[
        dict[str, FederatedCredentialSpec], Field(description="Outside workloads that may act as it, by name.")
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
            message = f"{count} credentials, an identity takes {MOST_CREDENTIALS}; share them out over more identities [MSI-2]"
            yield ("federated_credentials",), message
        for key in self.federated_credentials:
            problem = names.FEDERATED_IDENTITY_CREDENTIAL.problem(key)
            if problem:
                yield ("federated_credentials", key), problem

    def _twins(self) -> Iterator[tuple[Path, str]]:
        """Credentials that Azure takes for one: of the same issuer and subject, or named alike but for letter case."""
        claims: dict[tuple[str, str], str] = {}
        seen: dict[str, str] = {}
        for key, credential in self.federated_credentials.items():
            path = ("federated_credentials", key)
            other = claims.setdefault((credential.issuer, credential.subject), key)
            if other != key:
                yield path, f"has the issuer and subject of {other}, which an identity takes once; remove one [MSI-2]"
            other = seen.setdefault(key.lower(), key)
            if other != key:
                yield path, f"differs from {other} in case only, which is one name to Azure [NAME-1]"
