"""Federated credentials and role assignments under another key take over the former resource."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from planning.roles import ROLES
from stacks.loader import Stack, load
from stacks.previous import Previous, parse
from stacks.successors import successors

ISSUER = "https://token.actions.githubusercontent.com"
SUBJECT = "repo:contoso/api:ref:refs/heads/main"
TEXT = f"""
config:
  moorings:stack:
    name: contoso
    environment: test
    location: eastus
    identities:
      builder:
        federated_credentials:
          main: {{issuer: "{ISSUER}", subject: "{SUBJECT}"}}
    access:
      push-images: {{identity: builder, action: push}}
    registry: {{name: contosotest, sku: Standard, public_network_access: Enabled}}
"""
PUSH = f"/subscriptions/s/providers/Microsoft.Authorization/roleDefinitions/{ROLES['AcrPush'].guid}"
CREDENTIAL = "azure-native:managedidentity:FederatedIdentityCredential"
ASSIGNMENT = "azure-native:authorization:RoleAssignment"
IDENTITY = "azure-native:managedidentity:UserAssignedIdentity"


def urn(kind: str, name: str) -> str:
    return f"urn:pulumi:test::m::{kind}::{name}"


def held(**changes: Any) -> Previous:
    """The state of the stack file as it stands, with other outputs."""
    outputs: dict[tuple[str, str], dict[str, Any]] = {
        (IDENTITY, "p-identity-builder-identity"): {"principalId": "B0"},
        (CREDENTIAL, "p-identity-builder-credential-main"): {"issuer": ISSUER, "subject": SUBJECT},
        (ASSIGNMENT, "p-access-push-images"): {"principalId": "b0", "roleDefinitionId": PUSH},
    }
    return parse({urn(*key): {"type": key[0], "outputs": {**found, **changes}} for key, found in outputs.items()})


def stack(tmp_path: Path, *changes: tuple[str, str]) -> Stack:
    text = TEXT
    for before, after in changes:
        assert text.count(before) == 1
        text = text.replace(before, after)
    (tmp_path / "Pulumi.test.yaml").write_text(text, encoding="utf-8")
    return load("test", directory=tmp_path)


def found(entry: Stack, previous: Previous) -> dict[str, str]:
    return successors("p", entry.spec, entry.plan, previous)


def test_what_keeps_its_key_takes_over_nothing(tmp_path: Path) -> None:
    assert found(stack(tmp_path), held()) == {}
    assert found(stack(tmp_path), Previous()) == {}


def test_another_key_takes_over_the_credential_and_the_assignment(tmp_path: Path) -> None:
    renamed = stack(tmp_path, ("          main: {", "          trunk: {"), ("push-images", "push"))
    assert found(renamed, held()) == {
        "p-identity-builder-credential-trunk": urn(CREDENTIAL, "p-identity-builder-credential-main"),
        "p-access-push": urn(ASSIGNMENT, "p-access-push-images"),
    }


@pytest.mark.parametrize("changes", [{"subject": "repo:other"}, {"issuer": "https://other"}])
def test_another_subject_or_issuer_is_another_credential(tmp_path: Path, changes: dict[str, Any]) -> None:
    assert found(stack(tmp_path, ("          main: {", "          trunk: {")), held(**changes)) == {}


@pytest.mark.parametrize("changes", [{"roleDefinitionId": PUSH[:-1]}, {"principalId": ""}])
def test_another_role_or_principal_is_another_assignment(tmp_path: Path, changes: dict[str, Any]) -> None:
    assert found(stack(tmp_path, ("push-images", "push")), held(**changes)) == {}
