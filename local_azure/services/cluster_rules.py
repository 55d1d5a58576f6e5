"""What a managed cluster is refused for: identities that may not act, networks that cannot be, and changes of what is fixed."""

from __future__ import annotations

from local_azure.errors import ArmError, bad_request
from local_azure.services.authorization import ASSIGNMENTS
from local_azure.services.cloud import Cloud, Json
from local_azure.services.identities import IDENTITIES, users
from local_azure.services.role_definitions import BUILT_IN
from local_azure.store import Resource

FIXED = ("dnsPrefix", "fqdnSubdomain", "nodeResourceGroup", "diskEncryptionSetID", "linuxProfile")
"""Members that do not change after creation [AKS-FIXED]."""

FIXED_NETWORK = ("networkPlugin", "networkMode", "serviceCidr", "dnsServiceIP", "podCidr", "loadBalancerSku")
"""Members of the network profile that do not change; mode, data plane and policy may be raised in place [AKS-FIXED]."""

_MAY_ASSIGN = ("Managed Identity Operator", "Managed Identity Contributor", "Owner", "Contributor")


def refuse_identities(cloud: Cloud, identity: Json, sent: Json, before: Json) -> None:
    """Raise ArmError when the kubelet identity does not exist, or the control plane may not assign it [AKS-KUBELET].

    The identity that the cluster already has is not checked again: the service may have created it itself.
    """
    kubelet = (sent.get("identityProfile") or {}).get("kubeletidentity") or {}
    had = (before.get("identityProfile") or {}).get("kubeletidentity") or {}
    if not kubelet.get("resourceId") or (str(had.get("resourceId")).lower() == str(kubelet["resourceId"]).lower()):
        return
    planes = list(users(identity).values())
    if not planes:
        message = "Custom kubelet identity is only supported on user assigned MSI cluster."
        raise bad_request("CustomKubeletIdentityOnlySupportedOnUserAssignedMSICluster", message)
    message = f"Kubelet identity {kubelet['resourceId']} was not found."
    found = cloud.named(kubelet["resourceId"], IDENTITIES, "InvalidIdentityResourceID", message)
    stated = {"clientId": kubelet.get("clientId"), "principalId": kubelet.get("objectId")}
    if any(value and value != found.properties[member] for member, value in stated.items()):
        message = f"Client id or object id is not that of kubelet identity {found.id}."
        raise bad_request("InvalidParameter", message, "identityProfile.kubeletidentity")
    if not _may_assign(cloud, str(planes[0].get("principalId")), found.key):
        message = (
            "The cluster using user-assigned managed identity must be granted 'Managed Identity Operator' role to assign "
            f"kubelet identity. You can run 'az role assignment create --assignee <control-plane-identity-principal-id> "
            f"--role 'Managed Identity Operator' --scope {found.id}' to grant the permission."
        )
        raise bad_request("CustomKubeletIdentityMissingPermissionError", message)


def _may_assign(cloud: Cloud, principal: str, scope: str) -> bool:
    for assignment in cloud.store.of_type(ASSIGNMENTS):
        properties = assignment.properties
        place = str(properties["scope"]).rstrip("/").lower()
        role = BUILT_IN.get(str(properties["roleDefinitionId"]).rpartition("/")[2])
        above = scope == place or scope.startswith(f"{place}/")
        if above and role in _MAY_ASSIGN and properties["principalId"] == principal:
            return True
    return False


def refuse_rules(sent: Json) -> None:
    """Raise ArmError for members that do not go together [AKS-RULES]."""
    access = sent.get("apiServerAccessProfile") or {}
    if access.get("enablePrivateCluster") and access.get("authorizedIPRanges"):
        raise bad_request("InvalidParameter", "Authorized IP ranges are not supported on a private cluster.")
    if access.get("privateDNSZone") == "none" and not access.get("enablePrivateClusterPublicFQDN", True):
        message = "Private DNS zone none needs the public FQDN: the API server would have no name."
        raise bad_request("InvalidParameter", message, "apiServerAccessProfile.enablePrivateClusterPublicFQDN")
    security = sent.get("securityProfile") or {}
    if (security.get("workloadIdentity") or {}).get("enabled") and not (sent.get("oidcIssuerProfile") or {}).get(
        "enabled"
    ):
        raise bad_request("BadRequest", "Enabling workload identity requires enabling OIDC issuer.")
    if sent.get("disableLocalAccounts") and not (sent.get("aadProfile") or {}).get("managed"):
        raise bad_request("BadRequest", "Disabling local accounts requires managed Microsoft Entra integration.")


def refuse_changes(existing: Resource, sent: Json, network: Json) -> None:
    """Raise ArmError when what is fixed after creation would change [AKS-FIXED]."""
    before = existing.properties
    changed = [m for m in FIXED if m in sent and sent[m] != before.get(m)]
    old = before.get("networkProfile") or {}
    changed += [f"networkProfile.{m}" for m in FIXED_NETWORK if m in old and network.get(m) != old[m]]
    private = [(p.get("apiServerAccessProfile") or {}).get("enablePrivateCluster", False) for p in (before, sent)]
    if private[0] != private[1]:
        changed.append("apiServerAccessProfile.enablePrivateCluster")
    if changed:
        message = f"Changing property '{changed[0]}' is not allowed."
        raise ArmError(400, "PropertyChangeNotAllowed", message, target=changed[0])
