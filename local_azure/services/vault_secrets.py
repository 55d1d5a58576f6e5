"""Whether an identity reads a secret of a key vault that is known here, by a role or by an access policy."""

from __future__ import annotations

from urllib.parse import urlsplit

from local_azure.facts.key_vault import VAULTS
from local_azure.services.authorization import ASSIGNMENTS
from local_azure.services.cloud import Cloud, Json
from local_azure.services.image_pulls import covering, role_of
from local_azure.store import Resource

READERS = frozenset({"Key Vault Secrets User", "Key Vault Secrets Officer", "Key Vault Administrator"})
"""Roles with the action `getSecret` [VAULT-READ]."""


def readable(cloud: Cloud, url: str, principal: str) -> bool:
    """Tell whether a principal reads the secret at a URL; one of a vault that is not known here counts as readable (chosen)."""
    name = (urlsplit(url).hostname or "").partition(".")[0].lower()
    vault = next((each for each in cloud.store.of_type(VAULTS) if each.name.lower() == name), None)
    return vault is None or _may_read(cloud, vault, principal)


def _may_read(cloud: Cloud, vault: Resource, principal: str) -> bool:
    if not vault.properties.get("enableRbacAuthorization"):
        policies = vault.properties.get("accessPolicies") or []
        mine_of_vault = (each for each in policies if str(each.get("objectId")).lower() == principal.lower())
        return any({"get", "all"} & _permissions(policy) for policy in mine_of_vault)
    mine = (each for each in cloud.store.of_type(ASSIGNMENTS) if each.properties["principalId"] == principal)
    return any(role_of(assignment) in READERS for assignment in covering(mine, vault))


def _permissions(policy: Json) -> set[str]:
    """Return what a policy allows with secrets, in lower case."""
    return {str(each).lower() for each in (policy.get("permissions") or {}).get("secrets") or []}
