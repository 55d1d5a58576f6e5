"""User-assigned identities and their federated credentials."""

import itertools
from collections.abc import Callable
from typing import Any

import pytest
from pydantic import ValidationError

from components.identity.identity import UserAssignedIdentity
from components.identity.spec import IdentitySpec
from components.testing import Recording

Record = Callable[..., Recording]

ISSUER = "https://token.actions.githubusercontent.com"
ANSWERS = {
    "UserAssignedIdentity": lambda inputs: {
        "name": inputs["resourceName"],
        "principalId": "principal",
        "clientId": "client",
    }
}


def credential(subject: str = "repo:contoso/api:ref:refs/heads/main", **more: Any) -> dict[str, Any]:
    return {"issuer": ISSUER, "subject": subject, **more}


def spec(**credentials: dict[str, Any]) -> IdentitySpec:
    return IdentitySpec.model_validate({"federated_credentials": credentials})


def identity(described: IdentitySpec) -> UserAssignedIdentity:
    return UserAssignedIdentity(
        "i",
        described,
        identity_name="id-contoso-test-builder",
        location="eastus",
        resource_group_name="rg",
        tags={"owner": "platform"},
    )


def problems(**credentials: dict[str, Any]) -> str:
    with pytest.raises(ValidationError) as refusal:
        spec(**credentials)
    return str(refusal.value)


def test_an_identity_alone_is_one_resource(record: Record) -> None:
    recording = record(lambda: identity(spec()), answers=ANSWERS)
    created = [found for found in recording if found.custom]
    assert [found.inputs for found in created] == [
        {
            "resourceName": "id-contoso-test-builder",
            "resourceGroupName": "rg",
            "location": "eastus",
            "tags": {"owner": "platform"},
        }
    ]


def test_its_outputs_are_its_ids(record: Record) -> None:
    recording = record(lambda: identity(spec()), answers=ANSWERS)
    assert recording.component_outputs("i") == {
        "id": "i-identity-id",
        "name": "id-contoso-test-builder",
        "client_id": "client",
        "principal_id": "principal",
    }


def test_a_credential_has_issuer_subject_and_the_one_audience(record: Record) -> None:
    recording = record(lambda: identity(spec(main=credential())), answers=ANSWERS)
    assert recording.one("FederatedIdentityCredential").inputs == {
        "federatedIdentityCredentialResourceName": "main",
        "resourceName": "id-contoso-test-builder",
        "resourceGroupName": "rg",
        "issuer": ISSUER,
        "subject": "repo:contoso/api:ref:refs/heads/main",
        "audiences": ["api://AzureADTokenExchange"],
    }


def test_credentials_are_written_one_after_the_other(record: Record) -> None:
    recording = record(
        lambda: identity(spec(one=credential("a"), two=credential("b"), three=credential("c"))), answers=ANSWERS
    )
    chain = [recording.named(f"i-credential-{key}") for key in ("one", "two", "three")]
    for before, after in itertools.pairwise(chain):
        assert recording.urn_of(before) in after.depends_on


def test_the_same_issuer_and_subject_twice_are_refused() -> None:
    report = problems(main=credential(), again=credential(audience="other"))
    assert "has the issuer and subject of main, and must be unique in an identity; remove one [MSI-2]" in report


def test_names_that_differ_in_case_only_are_refused() -> None:
    assert "differs from main in letter case only" in problems(main=credential(), Main=credential("b"))


def test_twenty_credentials_are_taken_and_one_more_is_not() -> None:
    twenty = {f"branch-{number}": credential(f"subject-{number}") for number in range(20)}
    assert len(spec(**twenty).federated_credentials) == 20
    report = problems(**twenty, more=credential("more"))
    assert "21 credentials, the limit of an identity is 20; use further identities [MSI-2]" in report


@pytest.mark.parametrize(
    ("claims", "report"),
    [
        (credential(issuer="http://contoso.example"), "is not the URL of an issuer"),
        (credential("repo:contoso/*"), "contains '*', which Azure matches literally"),
        (credential(" padded"), "without leading or trailing blanks"),
        (credential("s" * 601), "must have 1 to 600 characters"),
        (credential(""), "must have 1 to 600 characters"),
    ],
)
def test_claims_that_could_never_match_are_refused(claims: dict[str, Any], report: str) -> None:
    assert report in problems(main=claims)


def test_a_credentials_name_is_held_to_arms_rule() -> None:
    assert "'ab' is not a name for a federated identity credential: 3 to 120 characters" in problems(ab=credential())
