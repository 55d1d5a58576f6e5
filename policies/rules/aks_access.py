"""Rules on access to AKS clusters: authentication, authorization, the API server, and nodes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from ipaddress import ip_network
from typing import Any

from policies.model import EVERYWHERE, OPT_IN, REGULATED, Graph, Problems, Resource, Rule, Verdict, fail
from policies.rules import types as t
from policies.rules.aks_pools import has_pools, pool_must_be, pool_must_not_be, preset_by_automatic
from policies.rules.forms import all_of, must_be, must_be_set, must_not_be, put, same, stated, unless

_cluster = partial(Rule, types=(t.CLUSTER,))
_pools = partial(Rule, types=(t.CLUSTER, t.AGENT_POOL), where=(has_pools,))


def addon(resource: Resource, name: str) -> str:
    """Return the dotted path of an add-on profile, whose key may be in any letter case.

    Raises:
        Undetermined: the add-ons are not known yet.
    """
    profiles = resource.value("addonProfiles", {})
    return f"addonProfiles.{next((key for key in profiles if same(key, name)), name)}"


def _addon(name: str, member: str, form: Callable[[str], Problems]) -> Problems:
    """Check a member of an add-on profile."""

    def check(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
        yield from form(f"{addon(resource, name)}.{member}")(resource, graph, config)

    return check


def _addon_is_on(name: str) -> Problems:
    return _addon(name, "enabled", lambda path: must_be(path, True, default=False))


def _addon_is_off(name: str) -> Problems:
    return _addon(name, "enabled", lambda path: must_not_be(path, True))


def _addon_stated(name: str) -> Any:
    def condition(resource: Resource, graph: Graph, config: Any) -> str | None:
        return None if resource.value(f"{addon(resource, name)}.enabled") is True else f"add-on {name} is not enabled"

    return condition


def _authorised(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    path = "apiServerAccessProfile.authorizedIPRanges"
    if not stated(resource, path):
        yield fail(f"{path} is not set, expected at least one range", path)
        return
    for place, text in resource.each(path):
        if _is_any_source(str(text)):
            yield fail(f"{place} is {text}, expected a range of /8 or smaller", place)


def _is_any_source(text: str) -> bool:
    try:
        return ip_network(text, strict=False).prefixlen < 8
    except ValueError:
        return text in {"*", "Internet"}


def _managed_identity(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    principal = resource.value("servicePrincipalProfile.clientId", "msi")
    kind = resource.value("identity.type", "None")
    if same(kind, "None") or not same(principal, "msi"):
        found = "servicePrincipalProfile is set" if not same(principal, "msi") else f"identity.type is {kind}"
        yield fail(f"{found}, expected identity.type SystemAssigned or UserAssigned", "identity.type")


_RBAC = "aks/manage-azure-rbac"

RULES: tuple[Rule, ...] = (
    _cluster(
        must_be("disableLocalAccounts", True, default=False),
        id="MOOR-AKS-001",
        title="Local accounts are enabled",
        severity="high",
        what="Local accounts of a cluster are disabled.",
        why="The certificate of the local administrator works without Microsoft Entra ID for everyone who has ever "
        "read it, until it is rotated.",
        remedy="set disableLocalAccounts: true",
        docs="aks/manage-local-accounts-managed-azure-ad",
        covers=("1.2#1", "AZR-000031", "CKV_AZURE_141", "AZP-993c2fcd", "RC-AKS-05.01.08"),
        frameworks=("MCSB IM-1",),
        where=(preset_by_automatic("disableLocalAccounts"),),
        remediate=put("disableLocalAccounts", True),
    ),
    _cluster(
        must_be("aadProfile.managed", True, default=False),
        id="MOOR-AKS-002",
        title="Microsoft Entra ID authentication is not enabled",
        severity="high",
        what="A cluster authenticates users with Microsoft Entra ID.",
        why="Otherwise users share certificates, which no directory can revoke.",
        remedy="set aadProfile.managed: true",
        docs="aks/enable-authentication-microsoft-entra-id",
        covers=("1.2#2", "AZR-000029", "AZP-450d2877", "RC-AKS-05.01.02"),
        frameworks=("CIS-AKS 5.5.1", "MCSB IM-1"),
        where=(preset_by_automatic("aadProfile.managed"),),
    ),
    _cluster(
        must_be("aadProfile.enableAzureRBAC", True, default=False),
        id="MOOR-AKS-003",
        title="Azure RBAC for Kubernetes authorization is not enabled",
        severity="high",
        what="A cluster authorizes users with Azure role assignments.",
        why="Permissions are then managed, reviewed and logged in one place.",
        remedy="set aadProfile.enableAzureRBAC: true",
        docs=_RBAC,
        covers=("1.2#3", "AZR-000032", "RC-AKS-05.01.04"),
        frameworks=("CIS-AKS 5.5.2", "MCSB PA-7"),
        where=(preset_by_automatic("aadProfile.enableAzureRBAC"),),
    ),
    _cluster(
        must_be_set("aadProfile.adminGroupObjectIDs", "the object id of at least one group"),
        id="MOOR-AKS-004",
        title="Cluster admin group is not configured",
        severity="low",
        what="A cluster without Azure RBAC has a group of cluster administrators.",
        why="With local accounts disabled and no administrator group, no user has access to the cluster.",
        remedy="set aadProfile.adminGroupObjectIDs",
        docs="aks/enable-authentication-microsoft-entra-id",
        covers=("1.2#4", "AZP-36a27de4"),
        where=(
            preset_by_automatic("aadProfile.adminGroupObjectIDs"),
            unless("aadProfile.enableAzureRBAC", True, reason="Azure RBAC determines the administrators"),
        ),
    ),
    _cluster(
        must_not_be("enableRBAC", False),
        id="MOOR-AKS-005",
        title="Kubernetes RBAC is disabled",
        severity="high",
        what="Kubernetes RBAC is enabled.",
        why="Without it, the token of every pod has administrator permissions. It cannot be enabled later.",
        remedy="create the cluster with enableRBAC: true",
        docs="aks/operator-best-practices-identity",
        covers=("1.2#5", "AZR-000038", "CKV_AZURE_5", "AZP-ac4a19c2", "TRV-AZU-0042"),
        frameworks=("MCSB PA-7",),
        profiles=EVERYWHERE,
    ),
    _cluster(
        must_be("apiServerAccessProfile.enablePrivateCluster", True, default=False),
        id="MOOR-AKS-006",
        title="Private cluster is not enabled",
        severity="high",
        what="The API server of a cluster has only a private address.",
        why="A public API server can be reached from anywhere with a leaked credential. It can be changed later only "
        "to API Server VNet Integration.",
        remedy="create the cluster with apiServerAccessProfile.enablePrivateCluster: true",
        docs="aks/private-clusters",
        covers=("1.2#6", "CKV_AZURE_115", "AZP-040732e8", "TRV-AZU-0065", "RC-AKS-06.07.03"),
        frameworks=("CIS-AKS 5.4.2", "MCSB NS-2"),
        profiles=REGULATED,
    ),
    _cluster(
        _authorised,
        id="MOOR-AKS-007",
        title="API server authorized IP ranges are not configured",
        severity="high",
        what="A public API server admits only authorized IP ranges.",
        why="Otherwise anyone can try credentials and exploits on it. 0.0.0.0/0 admits everyone.",
        remedy="set apiServerAccessProfile.authorizedIPRanges, or create a private cluster",
        docs="aks/api-server-authorized-ip-ranges",
        covers=("1.2#7", "AZR-000030", "CKV_AZURE_6", "AZP-0e246bcf", "TRV-AZU-0041"),
        frameworks=("CIS-AKS 5.4.1", "MCSB NS-2"),
        where=(
            unless("apiServerAccessProfile.enablePrivateCluster", True, reason="the cluster is private"),
            unless(
                "apiServerAccessProfile.enableVnetIntegration", True, reason="the API server is in the virtual network"
            ),
        ),
    ),
    _cluster(
        must_be("apiServerAccessProfile.disableRunCommand", True, default=False),
        id="MOOR-AKS-008",
        title="Run command is enabled",
        severity="medium",
        what="Run command is disabled.",
        why="`az aks command invoke` bypasses a private API server. Teams that keep it for emergencies have an "
        "exemption.",
        remedy="set apiServerAccessProfile.disableRunCommand: true",
        docs="aks/access-private-cluster",
        covers=("1.2#8", "AZP-89f2d532", "AZP-1b708b0a"),
        profiles=REGULATED,
        remediate=put("apiServerAccessProfile.disableRunCommand", True),
    ),
    _pools(
        pool_must_be("securityProfile.sshAccess", "Disabled", default="LocalUser"),
        id="MOOR-AKS-009",
        title="SSH access to nodes is enabled",
        severity="medium",
        what="SSH access to nodes is disabled.",
        why="A shell on a node has root access to every container on it. `kubectl debug` is an alternative.",
        remedy="set securityProfile.sshAccess: Disabled on every node pool",
        docs="aks/manage-ssh-node-access",
        covers=("1.2#9", "AZP-28257686"),
        profiles=REGULATED,
    ),
    _cluster(
        _managed_identity,
        id="MOOR-AKS-010",
        title="Cluster uses a service principal",
        severity="high",
        what="A cluster uses a managed identity.",
        why="The secret of a service principal expires, and the cluster stops working with it.",
        remedy="set identity.type and remove servicePrincipalProfile",
        docs="aks/use-managed-identity",
        covers=("1.2#10", "AZR-000025", "AZP-da6e2401", "RC-AKS-05.01.01"),
        frameworks=("MCSB IM-3",),
        profiles=EVERYWHERE,
    ),
    _cluster(
        all_of(
            must_be("oidcIssuerProfile.enabled", True, default=False),
            must_be("securityProfile.workloadIdentity.enabled", True, default=False),
        ),
        id="MOOR-AKS-011",
        title="Workload identity is not enabled",
        severity="medium",
        what="Workload identity and the OIDC issuer of a cluster are enabled.",
        why="Pods otherwise use the identity of the node, which all pods share, or secrets.",
        remedy="set oidcIssuerProfile.enabled: true and securityProfile.workloadIdentity.enabled: true",
        docs="aks/workload-identity-overview",
        covers=("1.2#11", "AZP-2cc2e023", "RC-AKS-05.01.06"),
        frameworks=("MCSB IM-3",),
        where=(preset_by_automatic("oidcIssuerProfile.enabled"),),
    ),
    _cluster(
        _addon_is_on("azurepolicy"),
        id="MOOR-AKS-012",
        title="Azure Policy add-on is not enabled",
        severity="medium",
        what="The Azure Policy add-on is enabled.",
        why="Workloads in a cluster are not part of this program. The add-on judges them at admission.",
        remedy="set addonProfiles.azurepolicy.enabled: true",
        docs="governance/policy/concepts/policy-for-kubernetes",
        covers=("1.2#12", "AZR-000028", "CKV_AZURE_116", "AZP-0a15ec92", "TRV-AZU-0066", "RC-AKS-04.01.01"),
        frameworks=("MCSB PV-2",),
        where=(preset_by_automatic("addonProfiles.azurepolicy"),),
    ),
    _cluster(
        must_be("securityProfile.defender.securityMonitoring.enabled", True, default=False),
        id="MOOR-AKS-013",
        title="Microsoft Defender sensor is not enabled",
        severity="high",
        what="The Microsoft Defender sensor of a cluster is enabled.",
        why="It detects cryptocurrency mining, shells in pods and other threats at run time.",
        remedy="set securityProfile.defender.securityMonitoring.enabled: true and logAnalyticsWorkspaceResourceId",
        docs="defender-for-cloud/defender-for-containers-enable",
        covers=("1.2#13", "AZR-000370", "AZP-a1840de2", "RC-AKS-04.02.05"),
        frameworks=("MCSB LT-1",),
        profiles=REGULATED,
    ),
    _cluster(
        must_be("securityProfile.azureKeyVaultKms.enabled", True, default=False),
        id="MOOR-AKS-014",
        title="KMS etcd encryption is not enabled",
        severity="low",
        what="Secrets in etcd are encrypted with a key in Azure Key Vault.",
        why="Some regulations require it. The API server stops when the key vault cannot be reached. Opt-in.",
        remedy="set securityProfile.azureKeyVaultKms.enabled: true and keyId",
        docs="aks/use-kms-etcd-encryption",
        covers=("1.2#14", "AZP-dbbdc317", "RC-AKS-04.02.03"),
        frameworks=("CIS-AKS 5.3.1", "MCSB DP-5"),
        profiles=OPT_IN,
    ),
    _cluster(
        must_be_set("diskEncryptionSetID", "the id of a disk encryption set"),
        id="MOOR-AKS-015",
        title="Customer-managed key is not configured for node disks",
        severity="low",
        what="Node disks are encrypted with a customer-managed key.",
        why="Some regulations require it. It cannot be changed later. Opt-in.",
        remedy="create the cluster with diskEncryptionSetID",
        docs="aks/azure-disk-customer-managed-keys",
        covers=("1.2#15", "CKV_AZURE_117", "AZP-7d7be79c", "TRV-AZU-0067"),
        frameworks=("MCSB DP-5",),
        profiles=OPT_IN,
    ),
    _pools(
        pool_must_be("enableEncryptionAtHost", True, default=False),
        id="MOOR-AKS-016",
        title="Encryption at host is not enabled",
        severity="medium",
        what="Every node pool has encryption at host.",
        why="Temporary and cache disks contain images, logs and swapped memory, which the encryption of managed disks"
        " does not cover.",
        remedy="create the node pool with enableEncryptionAtHost: true",
        docs="aks/enable-host-encryption",
        covers=("1.2#16", "CKV_AZURE_227", "AZP-41425d9f"),
        frameworks=("MCSB DP-4",),
        profiles=REGULATED,
    ),
    _cluster(
        must_be("securityProfile.imageCleaner.enabled", True, default=False),
        id="MOOR-AKS-017",
        title="Image Cleaner is not enabled",
        severity="low",
        what="Image Cleaner is enabled.",
        why="An image with a known vulnerability can otherwise be started on every node that has run it before.",
        remedy="set securityProfile.imageCleaner.enabled: true",
        docs="aks/image-cleaner",
        covers=("1.2#17", "AZP-af3c26b2"),
        profiles=REGULATED,
        where=(preset_by_automatic("securityProfile.imageCleaner"),),
    ),
    _cluster(
        must_be("securityProfile.imageIntegrity.enabled", True, default=False),
        id="MOOR-AKS-018",
        title="Image Integrity is not enabled",
        severity="low",
        what="Image Integrity is enabled.",
        why="The preview feature verifies signatures at admission. Opt-in.",
        remedy="set securityProfile.imageIntegrity.enabled: true",
        docs="aks/image-integrity",
        covers=("1.2#18", "AZP-5dc99dae"),
        profiles=OPT_IN,
    ),
    _cluster(
        all_of(_addon_is_on("azureKeyvaultSecretsProvider")),
        id="MOOR-AKS-020",
        title="Secrets Store CSI driver is not enabled",
        severity="medium",
        what="The Azure Key Vault provider for Secrets Store CSI driver is enabled.",
        why="Secrets are otherwise copied to Kubernetes, where everyone in the namespace can read them. Opt-in, "
        "because pods with workload identity can read the key vault directly.",
        remedy="set addonProfiles.azureKeyvaultSecretsProvider.enabled: true",
        docs="aks/csi-secrets-store-driver",
        covers=("1.2#20", "AZR-000033", "RC-AKS-04.02.01"),
        profiles=OPT_IN,
    ),
    _cluster(
        _addon(
            "azureKeyvaultSecretsProvider",
            "config.enableSecretRotation",
            lambda path: must_be(path, "true", default="false"),
        ),
        id="MOOR-AKS-120",
        title="Secret rotation is not enabled",
        severity="medium",
        what="Mounted secrets are updated when they change in the key vault.",
        why="Otherwise a pod keeps the old value until it restarts.",
        remedy='set addonProfiles.azureKeyvaultSecretsProvider.config.enableSecretRotation: "true"',
        docs="aks/csi-secrets-store-configuration-options",
        covers=("1.2#20", "AZR-000034", "CKV_AZURE_172"),
        where=(_addon_stated("azureKeyvaultSecretsProvider"),),
    ),
    _cluster(
        all_of(_addon_is_off("kubeDashboard"), _addon_is_off("httpApplicationRouting")),
        id="MOOR-AKS-021",
        title="Retired add-on is enabled",
        severity="high",
        what="The Kubernetes dashboard and HTTP application routing are disabled.",
        why="Both add-ons are retired. The dashboard had administrator permissions, and HTTP application routing "
        "exposes services over HTTP.",
        remedy="set enabled: false for kubeDashboard and httpApplicationRouting in addonProfiles",
        docs="aks/integrations",
        covers=("1.2#21", "CKV_AZURE_8", "AZR-000035", "CKV_AZURE_246", "RC-AKS-06.01.02"),
        profiles=EVERYWHERE,
    ),
    _pools(
        pool_must_not_be("enableNodePublicIP", True),
        id="MOOR-AKS-026",
        title="Node public IP is enabled",
        severity="high",
        what="Nodes have no public IP addresses.",
        why="Every service that listens on a node can be reached from the internet.",
        remedy="set enableNodePublicIP: false on every node pool",
        docs="aks/use-node-public-ips",
        covers=("1.2#26", "CKV_AZURE_143"),
        frameworks=("CIS-AKS 5.4.3", "MCSB NS-2"),
        profiles=EVERYWHERE,
    ),
)
