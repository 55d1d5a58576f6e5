"""Clusters in two regions: where they go and what they refer to."""

from components.testing import Recording
from tests.stacks.systems.two_regions import below, grants, groups, placed, wired

PROVIDERS = "/subscriptions/s/resourceGroups/rg-contoso-test-{group}/providers/{thing}"

ZONE = (
    "/subscriptions/00000000-0000-0000-0000-000000000009/resourceGroups/rg-dns/providers/Microsoft.Network/privateDnsZones/"
    "privatelink.westeurope.azmk8s.io"
)


def test_a_cluster_is_in_the_region_of_its_network_and_its_metrics_in_that_of_their_workspace(built: Recording) -> None:
    first, second = "rg-contoso-test-clusters-first", "rg-contoso-test-clusters-second"
    assert placed(built, "cluster-") == {
        "cluster-first-cluster": ("eastus", first),
        "cluster-first-batch-pool": (None, first),
        "cluster-second-batch-pool": (None, second),
        "cluster-first-aksManagedAutoUpgradeSchedule": (None, first),
        "cluster-first-aksManagedNodeOSUpgradeSchedule": (None, first),
        "cluster-first-metrics-endpoint": ("westeurope", first),
        "cluster-first-metrics-rule": ("westeurope", first),
        "cluster-first-account-alb-credential": (None, "rg-contoso-test-identity"),
        "cluster-second-cluster": ("westeurope", second),
        "cluster-second-aksManagedAutoUpgradeSchedule": (None, second),
        "cluster-second-aksManagedNodeOSUpgradeSchedule": (None, second),
        "cluster-second-metrics-endpoint": ("eastus", second),
        "cluster-second-metrics-rule": ("eastus", second),
        "cluster-second-account-alb-credential": (None, "rg-contoso-test-identity"),
    }
    assert groups(built, "clusters") == {first: "eastus", second: "westeurope"}


def test_a_cluster_runs_in_its_subnet_as_its_identities_and_reports_to_its_workspace(built: Recording) -> None:
    workspaces = {"first": "here", "second": "there"}
    for key, network in (("first", "near"), ("second", "far")):
        name = f"cluster-{key}-cluster"
        subnet = f"contoso-test-network-{network}-vnet-id/subnets/nodes"
        assert wired(built, name, "agentPoolProfiles.0.vnetSubnetID") == subnet
        assert wired(built, name, "identity.userAssignedIdentities") == ["contoso-test-identity-plane-identity-id"]
        assert wired(built, name, "identityProfile.kubeletidentity") == {
            "resourceId": "contoso-test-identity-kubelet-identity-id",
            "clientId": "id-contoso-test-kubelet-client",
            "objectId": "id-contoso-test-kubelet-principal",
        }
        log = PROVIDERS.format(group="monitoring", thing=f"workspaces/log-contoso-test-{workspaces[key]}")
        assert wired(built, name, "securityProfile.defender.logAnalyticsWorkspaceResourceId") == log
        assert wired(built, f"cluster-{key}-audit", "workspaceId") == log


def test_a_clusters_names_are_made_of_its_key(built: Recording) -> None:
    for key in ("first", "second"):
        assert wired(built, f"cluster-{key}-cluster", "resourceName") == f"aks-contoso-test-{key}"
        assert wired(built, f"cluster-{key}-cluster", "nodeResourceGroup") == f"rg-nodes-contoso-test-{key}"


def test_metrics_of_a_cluster_go_to_the_workspace_that_it_names(built: Recording) -> None:
    for key, workspace in (("first", "there"), ("second", "here")):
        rule = f"cluster-{key}-metrics-rule"
        account = f"contoso-test-metrics-{workspace}-workspace-id"
        assert wired(built, rule, "destinations.monitoringAccounts.0.accountResourceId") == account
        cluster = PROVIDERS.format(group=f"clusters-{key}", thing=f"managedClusters/aks-contoso-test-{key}")
        assert wired(built, f"cluster-{key}-metrics-association", "resourceUri") == cluster


def test_a_service_account_is_trusted_from_the_issuer_of_its_own_cluster(built: Recording) -> None:
    for key in ("first", "second"):
        credential = f"cluster-{key}-account-alb-credential"
        assert wired(built, credential, "issuer") == f"https://aks-contoso-test-{key}"
        assert wired(built, credential, "resourceName") == "id-contoso-test-alb"
        assert wired(built, credential, "federatedIdentityCredentialResourceName") == f"aks-{key}-alb"


def test_the_control_plane_may_join_both_subnets_and_assign_the_kubelets_identity(built: Recording) -> None:
    joins, operates = "4d97b98b-1d4f-4787-a291-c67834d212e7", "f1a07417-d97a-45cb-824c-7a7467783830"
    writes = "b12aa53e-6015-4669-85d0-8515ebb3ae7f"
    plane = "id-contoso-test-plane-principal"
    assert grants(built, "clusters-permissions-") == {
        (joins, "contoso-test-network-near-vnet-id/subnets/nodes", plane),
        (joins, "contoso-test-network-far-vnet-id/subnets/nodes", plane),
        (operates, "contoso-test-identity-kubelet-identity-id", plane),
        # The second cluster has its name in a zone made elsewhere, which is linked to its network.
        (writes, ZONE, plane),
        (joins, "contoso-test-network-far-vnet-id", plane),
    }


def test_a_cluster_depends_on_the_role_assignments_of_its_control_plane(built: Recording) -> None:
    assignments = {built.urn_of(found) for found in below(built, "clusters-permissions-")}
    assert len(assignments) == 5
    for key in ("first", "second"):
        assert assignments <= set(built.named(f"contoso-test-cluster-{key}-cluster").depends_on)


def test_credentials_of_one_identity_are_written_one_after_the_other(built: Recording) -> None:
    """Azure refuses parallel writes to the credentials of one identity [MSI-3]."""
    first, second = (built.named(f"contoso-test-cluster-{key}-account-alb-credential") for key in ("first", "second"))
    assert built.urn_of(first) in second.depends_on


def test_a_cluster_keeps_its_name_in_the_zone_that_it_names(built: Recording) -> None:
    zones = {key: wired(built, f"cluster-{key}-cluster", "apiServerAccessProfile") for key in ("first", "second")}
    assert {key: profile["privateDNSZone"] for key, profile in zones.items()} == {"first": "system", "second": ZONE}


def test_the_stack_reports_each_cluster_in_its_region(built: Recording) -> None:
    reports = built.exports["compute"]["clusters"]
    assert {key: report["location"] for key, report in reports.items()} == {"first": "eastus", "second": "westeurope"}
    assert {key: report["node_resource_group"] for key, report in reports.items()} == {
        "first": "rg-nodes-contoso-test-first",
        "second": "rg-nodes-contoso-test-second",
    }
