from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from arm_client import GROUP, Arm, Clients, StandingClock

IDENTITY = f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/builder"
ISSUER = "https://token.actions.githubusercontent.com"


def path(name: str = "main") -> str:
    return f"{IDENTITY}/federatedIdentityCredentials/{name}"


def body(subject: str = "repo:contoso/api:ref:refs/heads/main", **more: Any) -> dict[str, Any]:
    return {"properties": {"issuer": ISSUER, "subject": subject, "audiences": ["api://AzureADTokenExchange"], **more}}


@pytest.fixture
def identity(arm: Arm) -> Arm:
    arm.put(IDENTITY, {"location": "eastus"})
    return arm


def test_a_credential_is_made_changed_listed_and_deleted_at_once(identity: Arm) -> None:
    assert [identity("PUT", path(), body()).status for _ in range(2)] == [201, 200]
    listed = identity.get(f"{IDENTITY}/federatedIdentityCredentials")
    assert [found["properties"] for found in listed["value"]] == [body()["properties"]]
    assert [identity("DELETE", path()).status for _ in range(2)] == [200, 204]


def test_the_management_client_reads_back_what_was_written(identity: Arm, clients: Clients) -> None:
    identity.put(path(), body())
    found = clients.identity.federated_identity_credentials.get("rg", "builder", "main")
    assert (found.issuer, found.subject) == (ISSUER, body()["properties"]["subject"])


@pytest.mark.parametrize(
    ("name", "sent", "status", "code"),
    [
        ("other", body(), 409, "Conflict"),
        ("x", body("b"), 400, "InvalidResourceName"),
        ("other", body("b", audiences=[]), 400, "BadRequest"),
        ("other", body("b", audiences=["a", "b"]), 400, "BadRequest"),
        ("other", body("b", issuer="http://contoso.example"), 400, "BadRequest"),
        ("other", body("b" * 601), 400, "BadRequest"),
    ],
)
def test_bad_credentials_are_refused(identity: Arm, name: str, sent: dict[str, Any], status: int, code: str) -> None:
    identity.put(path(), body())
    reply = identity("PUT", path(name), sent)
    assert (reply.status, reply.code) == (status, code), reply.body


def test_the_twenty_first_credential_is_refused(identity: Arm) -> None:
    for number in range(20):
        assert identity("PUT", path(f"branch-{number}"), body(f"subject-{number}")).status == 201
    refused = identity("PUT", path("branch-20"), body("subject-20"))
    assert (refused.status, refused.code) == (400, "FederatedIdentityCredentialsLimitExceeded")
    assert identity("PUT", path("branch-19"), body("renamed")).status == 200


def test_parallel_writes_below_one_identity_are_refused(start: Callable[..., Arm]) -> None:
    slow = start(StandingClock(1.0))
    slow.group()
    for name in ("builder", "runner"):
        slow.put(IDENTITY.replace("builder", name), {"location": "eastus"})
    assert slow("PUT", path(), body()).status == 201
    for reply in (slow("PUT", path("next"), body("b")), slow("DELETE", path())):
        assert reply.status == 409
        assert reply.code == "ConcurrentFederatedIdentityCredentialsWritesForSingleManagedIdentity"
    assert slow("PUT", path().replace("builder", "runner"), body()).status == 201


def test_a_credential_needs_its_identity_and_is_deleted_with_it(identity: Arm) -> None:
    identity.put(path(), body())
    identity.delete(IDENTITY)
    assert not [found for found in identity.ids() if "federated" in found]
    assert identity("PUT", path(), body()).code == "ParentResourceNotFound"
