"""Rules on who gets into an AKS cluster, and with what."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from ipaddress import ip_network
from typing import Any

from policies.model import Graph, Resource, Rule, Verdict, fail
from policies.rules import types as t
from policies.rules.aks_pools import has_pools, pool_must_be, pool_must_not_be, preset_by_automatic
from policies.rules.forms import (
    EVERYWHERE,
    OPT_IN,
    REGULATED,
    all_of,
    declare,
    must_be,
    must_be_set,
    must_not_be,
    put,
    same,
    stated,
    unless,
)

_cluster = partial(declare, types=(t.CLUSTER,))
_pools = partial(declare, types=(t.CLUSTER, t.AGENT_POOL), where=(has_pools,))


def addon(resource: Resource, name: str) -> str:
    """Return the dotted path of an add-on's profile: its key is written in several cases.

    Raises:
        Undetermined: the add-ons are not known yet.
    """
    profiles = resource.value("addonProfiles", {})
    return f"addonProfiles.{next((key for key in profiles if same(key, name)), name)}"


def _addon_is_on(name: str) -> Any:
    def check(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
        path = f"{addon(resource, name)}.enabled"
        yield from must_be(path, True, default=False)(resource, graph, config)

    return check


def _addon_is_off(name: str) -> Any:
    def check(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
        path = f"{addon(resource, name)}.enabled"
        yield from must_not_be(path, True)(resource, graph, config)

    return check


def _addon_stated(name: str) -> Any:
    def condition(resource: Resource, graph: Graph, config: Any) -> str | None:
        return None if resource.value(f"{addon(resource, name)}.enabled") is True else f"add-on {name} is off"

    return condition


def _authorised(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    path = "apiServerAccessProfile.authorizedIPRanges"
    if not stated(resource, path):
        yield fail(f"{path} is not stated, allowed is at least one range", path)
        return
    for place, text in resource.each(path):
        if _is_everybody(str(text)):
            yield fail(f"{place} is {text}, allowed are ranges smaller than /8", place)


def _is_everybody(text: str) -> bool:
    try:
        return ip_network(text, strict=False).prefixlen < 8
    except ValueError:
        return text in {"*", "Internet"}


def _managed_identity(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    principal = resource.value("servicePrincipalProfile.clientId", "msi")
    kind = resource.value("identity.type", "None")
    if same(kind, "None") or not same(principal, "msi"):
        found = "a service principal" if not same(principal, "msi") else "no identity"
        yield fail(f"the cluster has {found}, allowed is identity.type SystemAssigned or UserAssigned", "identity.type")


def _rotation(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    path = f"{addon(resource, 'azureKeyvaultSecretsProvider')}.config.enableSecretRotation"
    yield from must_be(path, "true", default="false")(resource, graph, config)


_RBAC = "aks/manage-azure-rbac"

RULES: tuple[Rule, ...] = (
    _cluster(
        must_be("disableLocalAccounts", True, default=False),
        id="MOOR-AKS-001",
        title="Cluster has local accounts",
        severity="high",
        what="A cluster has no local accounts.",
        why="The local admin's certificate works without Entra ID, for everybody who ever read it, until keys are rotated.",
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
        title="Cluster does not sign people in by Entra ID",
        severity="high",
        what="People sign in to a cluster by Entra ID.",
        why="Otherwise they share certificates, which no directory can withdraw.",
        remedy="set aadProfile.managed: true",
        docs="aks/enable-authentication-microsoft-entra-id",
        covers=("1.2#2", "AZR-000029", "AZP-450d2877", "RC-AKS-05.01.02"),
        frameworks=("CIS-AKS 5.5.1", "MCSB IM-1"),
        where=(preset_by_automatic("aadProfile.managed"),),
    ),
    _cluster(
        must_be("aadProfile.enableAzureRBAC", True, default=False),
        id="MOOR-AKS-003",
        title="Rights in the cluster are not Azure's",
        severity="high",
        what="Rights in a cluster are Azure role assignments.",
        why="One place then tells who may do what, with the same reviews and the same log.",
        remedy="set aadProfile.enableAzureRBAC: true",
        docs=_RBAC,
        covers=("1.2#3", "AZR-000032", "RC-AKS-05.01.04"),
        frameworks=("CIS-AKS 5.5.2", "MCSB PA-7"),
        where=(preset_by_automatic("aadProfile.enableAzureRBAC"),),
    ),
    _cluster(
        must_be_set("aadProfile.adminGroupObjectIDs", "the object ids of at least one group"),
        id="MOOR-AKS-004",
        title="Cluster has no group of administrators",
        severity="low",
        what="A cluster without Azure RBAC names a group of administrators.",
        why="With local accounts off and nobody named, nobody gets in.",
        remedy="state aadProfile.adminGroupObjectIDs",
        docs="aks/enable-authentication-microsoft-entra-id",
        covers=("1.2#4", "AZP-36a27de4"),
        where=(
            preset_by_automatic("aadProfile.adminGroupObjectIDs"),
            unless("aadProfile.enableAzureRBAC", True, reason="Azure RBAC names the administrators"),
        ),
    ),
    _cluster(
        must_not_be("enableRBAC", False),
        id="MOOR-AKS-005",
        title="Kubernetes RBAC is off",
        severity="high",
        what="Kubernetes RBAC is on.",
        why="Without it every pod's token is an administrator's. It cannot be switched on later.",
        remedy="make the cluster with enableRBAC: true",
        docs="aks/operator-best-practices-identity",
        covers=("1.2#5", "AZR-000038", "CKV_AZURE_5", "AZP-ac4a19c2", "TRV-AZU-0042"),
        frameworks=("MCSB PA-7",),
        profiles=EVERYWHERE,
    ),
    _cluster(
        must_be("apiServerAccessProfile.enablePrivateCluster", True, default=False),
        id="MOOR-AKS-006",
        title="API server has a public address",
        severity="high",
        what="A cluster's API server has a private address only.",
        why="A public API server can be reached with a leaked credential from anywhere. It cannot be changed later, except to "
        "VNet integration.",
        remedy="make the cluster with apiServerAccessProfile.enablePrivateCluster: true",
        docs="aks/private-clusters",
        covers=("1.2#6", "CKV_AZURE_115", "AZP-040732e8", "TRV-AZU-0065", "RC-AKS-06.07.03"),
        frameworks=("CIS-AKS 5.4.2", "MCSB NS-2"),
        profiles=REGULATED,
    ),
    _cluster(
        _authorised,
        id="MOOR-AKS-007",
        title="API server admits every address",
        severity="high",
        what="A public API server admits named addresses only.",
        why="Everybody can try credentials and vulnerabilities on it otherwise; 0.0.0.0/0 is everybody.",
        remedy="state apiServerAccessProfile.authorizedIPRanges, or make the cluster private",
        docs="aks/api-server-authorized-ip-ranges",
        covers=("1.2#7", "AZR-000030", "CKV_AZURE_6", "AZP-0e246bcf", "TRV-AZU-0041"),
        frameworks=("CIS-AKS 5.4.1", "MCSB NS-2"),
        where=(
            unless("apiServerAccessProfile.enablePrivateCluster", True, reason="the cluster is private"),
            unless("apiServerAccessProfile.enableVnetIntegration", True, reason="the API server is in the network"),
        ),
    ),
    _cluster(
        must_be("apiServerAccessProfile.disableRunCommand", True, default=False),
        id="MOOR-AKS-008",
        title="Commands can be run through ARM",
        severity="medium",
        what="Commands cannot be run in a cluster through ARM.",
        why="`az aks command invoke` passes the private API server by. Some keep it for emergencies: then exempt it.",
        remedy="set apiServerAccessProfile.disableRunCommand: true",
        docs="aks/access-private-cluster",
        covers=("1.2#8", "AZP-89f2d532", "AZP-1b708b0a"),
        profiles=REGULATED,
        remediate=put("apiServerAccessProfile.disableRunCommand", True),
    ),
    _pools(
        pool_must_be("securityProfile.sshAccess", "Disabled", default="LocalUser"),
        id="MOOR-AKS-009",
        title="Nodes accept SSH",
        severity="medium",
        what="Nodes accept no SSH.",
        why="A node's shell is root over every container on it; debugging works by `kubectl debug` too.",
        remedy="set securityProfile.sshAccess: Disabled on every pool",
        docs="aks/manage-ssh-node-access",
        covers=("1.2#9", "AZP-28257686"),
        profiles=REGULATED,
    ),
    _cluster(
        _managed_identity,
        id="MOOR-AKS-010",
        title="Cluster acts by a service principal",
        severity="high",
        what="A cluster acts by a managed identity.",
        why="A service principal's secret expires, and the cluster with it.",
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
        title="Pods cannot have identities",
        severity="medium",
        what="Pods get identities by federation.",
        why="Pods otherwise use the node's identity, which all share, or secrets.",
        remedy="set oidcIssuerProfile.enabled and securityProfile.workloadIdentity.enabled: true",
        docs="aks/workload-identity-overview",
        covers=("1.2#11", "AZP-2cc2e023", "RC-AKS-05.01.06"),
        frameworks=("MCSB IM-3",),
        where=(preset_by_automatic("oidcIssuerProfile.enabled"),),
    ),
    _cluster(
        _addon_is_on("azurepolicy"),
        id="MOOR-AKS-012",
        title="Azure Policy does not reach into the cluster",
        severity="medium",
        what="The Azure Policy add-on is on.",
        why="What runs in a cluster is out of this program's sight; the add-on judges it on admission.",
        remedy="set addonProfiles.azurepolicy.enabled: true",
        docs="governance/policy/concepts/policy-for-kubernetes",
        covers=("1.2#12", "AZR-000028", "CKV_AZURE_116", "AZP-0a15ec92", "TRV-AZU-0066", "RC-AKS-04.01.01"),
        frameworks=("MCSB PV-2",),
        where=(preset_by_automatic("addonProfiles.azurepolicy"),),
    ),
    _cluster(
        must_be("securityProfile.defender.securityMonitoring.enabled", True, default=False),
        id="MOOR-AKS-013",
        title="Nobody watches what runs in the cluster",
        severity="high",
        what="Defender's sensor is on.",
        why="It is what sees a container that mines, or a shell in a pod.",
        remedy="set securityProfile.defender.securityMonitoring.enabled: true and its workspace",
        docs="defender-for-cloud/defender-for-containers-enable",
        covers=("1.2#13", "AZR-000370", "AZP-a1840de2", "RC-AKS-04.02.05"),
        frameworks=("MCSB LT-1",),
        profiles=REGULATED,
    ),
    _cluster(
        must_be("securityProfile.azureKeyVaultKms.enabled", True, default=False),
        id="MOOR-AKS-014",
        title="etcd is encrypted with Microsoft's key",
        severity="low",
        what="Secrets in etcd are encrypted with a key of one's own.",
        why="Asked for by some regulations; a vault that is not reachable then stops the API server. Off unless named.",
        remedy="set securityProfile.azureKeyVaultKms.enabled: true and its keyId",
        docs="aks/use-kms-etcd-encryption",
        covers=("1.2#14", "AZP-dbbdc317", "RC-AKS-04.02.03"),
        frameworks=("CIS-AKS 5.3.1", "MCSB DP-5"),
        profiles=OPT_IN,
    ),
    _cluster(
        must_be_set("diskEncryptionSetID", "the id of a disk encryption set"),
        id="MOOR-AKS-015",
        title="Node disks are encrypted with Microsoft's key",
        severity="low",
        what="Node disks are encrypted with a key of one's own.",
        why="Asked for by some regulations; it cannot be changed later. Off unless named.",
        remedy="make the cluster with diskEncryptionSetID",
        docs="aks/azure-disk-customer-managed-keys",
        covers=("1.2#15", "CKV_AZURE_117", "AZP-7d7be79c", "TRV-AZU-0067"),
        frameworks=("MCSB DP-5",),
        profiles=OPT_IN,
    ),
    _pools(
        pool_must_be("enableEncryptionAtHost", True, default=False),
        id="MOOR-AKS-016",
        title="Temporary disks of nodes are not encrypted",
        severity="medium",
        what="Every pool encrypts at the host.",
        why="Temporary and cache disks hold images, logs and swapped memory, outside the encryption of managed disks.",
        remedy="make the pool with enableEncryptionAtHost: true",
        docs="aks/enable-host-encryption",
        covers=("1.2#16", "CKV_AZURE_227", "AZP-41425d9f"),
        frameworks=("MCSB DP-4",),
        profiles=REGULATED,
    ),
    _cluster(
        must_be("securityProfile.imageCleaner.enabled", True, default=False),
        id="MOOR-AKS-017",
        title="Unused images stay on nodes",
        severity="low",
        what="The image cleaner is on.",
        why="An image with a known hole stays startable on every node that ever ran it.",
        remedy="set securityProfile.imageCleaner.enabled: true",
        docs="aks/image-cleaner",
        covers=("1.2#17", "AZP-af3c26b2"),
        profiles=REGULATED,
        where=(preset_by_automatic("securityProfile.imageCleaner"),),
    ),
    _cluster(
        must_be("securityProfile.imageIntegrity.enabled", True, default=False),
        id="MOOR-AKS-018",
        title="Signatures of images are not checked",
        severity="low",
        what="Image integrity is on.",
        why="A preview feature: signatures made with notation are checked on admission. Off unless named.",
        remedy="set securityProfile.imageIntegrity.enabled: true",
        docs="aks/image-integrity",
        covers=("1.2#18", "AZP-5dc99dae"),
        profiles=OPT_IN,
    ),
    _cluster(
        all_of(_addon_is_on("azureKeyvaultSecretsProvider")),
        id="MOOR-AKS-020",
        title="Pods cannot mount secrets from a vault",
        severity="medium",
        what="The secrets store driver is on.",
        why="Secrets are copied into Kubernetes otherwise, where anybody in the namespace reads them. Off unless named: with "
        "workload identity pods may read the vault themselves.",
        remedy="set addonProfiles.azureKeyvaultSecretsProvider.enabled: true",
        docs="aks/csi-secrets-store-driver",
        covers=("1.2#20", "AZR-000033", "RC-AKS-04.02.01"),
        profiles=OPT_IN,
    ),
    _cluster(
        _rotation,
        id="MOOR-AKS-120",
        title="Mounted secrets never change",
        severity="medium",
        what="Mounted secrets follow the vault.",
        why="A rotated secret otherwise stays the old one in every pod until it restarts.",
        remedy='set addonProfiles.azureKeyvaultSecretsProvider.config.enableSecretRotation: "true"',
        docs="aks/csi-secrets-store-configuration-options",
        covers=("1.2#20", "AZR-000034", "CKV_AZURE_172"),
        where=(_addon_stated("azureKeyvaultSecretsProvider"),),
    ),
    _cluster(
        all_of(_addon_is_off("kubeDashboard"), _addon_is_off("httpApplicationRouting")),
        id="MOOR-AKS-021",
        title="Retired add-on is on",
        severity="high",
        what="The dashboard and HTTP application routing are off.",
        why="Both are retired; the first was an administrator's console, the second opens services on plain HTTP.",
        remedy="set the add-on's enabled: false",
        docs="aks/integrations",
        covers=("1.2#21", "CKV_AZURE_8", "AZR-000035", "CKV_AZURE_246", "RC-AKS-06.01.02"),
        profiles=EVERYWHERE,
    ),
    _pools(
        pool_must_not_be("enableNodePublicIP", True),
        id="MOOR-AKS-026",
        title="Nodes have public addresses",
        severity="high",
        what="No pool gives its nodes public addresses.",
        why="Every node is then reachable from the internet by whatever listens on it.",
        remedy="set enableNodePublicIP: false on every pool",
        docs="aks/use-node-public-ips",
        covers=("1.2#26", "CKV_AZURE_143"),
        frameworks=("CIS-AKS 5.4.3", "MCSB NS-2"),
        profiles=EVERYWHERE,
    ),
)
