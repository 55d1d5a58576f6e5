"""Whether an identity reads a secret of a key vault that is known here: by a role or an access policy, and by the network."""

from __future__ import annotations

from urllib.parse import urlsplit

from local_azure.facts.key_vault import VAULTS
from local_azure.services.authorization import ASSIGNMENTS
from local_azure.services.cloud import Cloud
from local_azure.services.image_pulls import covering, role_of
from local_azure.services.peerings import peers
from local_azure.services.private_links import endpoints
from local_azure.store import Resource

READERS = frozenset({"Key Vault Secrets User", "Key Vault Secrets Officer", "Key Vault Administrator"})
"""Roles with the action `getSecret` [VAULT-READ]."""


def readable(cloud: Cloud, url: str, principal: str, subnet: str) -> bool:
    """Tell whether a principal reads the secret at a URL; one of a vault that is not known here counts as readable (chosen).

    Args:
        cloud: where vaults and roles are.
        url: URL of the secret.
        principal: who reads.
        subnet: id of the subnet that it reads from; empty outside of networks.
    """
    name = (urlsplit(url).hostname or "").partition(".")[0].lower()
    vault = next(iter(cloud.store.named(VAULTS, name)), None)
    return vault is None or (
        authorized(cloud, (vault,), principal, READERS, "secrets", frozenset({"get"}))
        and _admitted(cloud, vault, subnet)
    )


def _admitted(cloud: Cloud, vault: Resource, subnet: str) -> bool:
    """Tell whether a vault's firewall lets a subnet in; apps and container groups are no trusted services [VAULT-NET].

    A private endpoint lets in the network that it is in, and those peered with it, whatever their DNS says (chosen).
    """
    network = subnet.lower().rpartition("/subnets/")[0]
    held = cloud.get(network) if network else None
    near = {held.key, *(peer.key for peer in peers(cloud, held))} if held else set()
    if any(each.state["subnet"].rpartition("/subnets/")[0] in near for each in endpoints(cloud, vault)):
        return True
    rules = vault.properties.get("networkAcls") or {}
    if str(vault.properties.get("publicNetworkAccess")).lower() == "disabled":
        return False
    allowed = {str(rule.get("id")).lower() for rule in rules.get("virtualNetworkRules") or ()}
    return str(rules.get("defaultAction", "Allow")).lower() == "allow" or subnet.lower() in allowed


def authorized(
    cloud: Cloud,
    resources: tuple[Resource, ...],
    principal: str,
    roles: frozenset[str],
    part: str,
    permissions: frozenset[str],
) -> bool:
    """Tell whether a principal may use a part of a vault: by a role or, without RBAC, by an access policy [VAULT-READ].

    Args:
        cloud: where roles are.
        resources: the vault, and what in it a role may be assigned on.
        principal: who uses it.
        roles: names of the roles that allow it.
        part: `keys` or `secrets`.
        permissions: what a policy needs to allow, in lower case.
    """
    vault = resources[0]
    if not vault.properties.get("enableRbacAuthorization"):
        policies = vault.properties.get("accessPolicies") or []
        mine_of_vault = (each for each in policies if str(each.get("objectId")).lower() == principal.lower())
        allowed = [{str(each).lower() for each in (p.get("permissions") or {}).get(part) or []} for p in mine_of_vault]
        return any("all" in each or permissions <= each for each in allowed)
    mine = [each for each in cloud.store.of_type(ASSIGNMENTS) if each.properties["principalId"] == principal]
    return any(role_of(assignment) in roles for each in resources for assignment in covering(mine, each))
