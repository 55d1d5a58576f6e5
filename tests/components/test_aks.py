"""A cluster as it is registered: secure by default, pools beside it, and no credential anywhere."""

from typing import Any

import pulumi
import pytest

from components.aks.cluster import AUDIT
from components.aks.images import NodeImageTooOldError, image_host
from components.aks.pool_spec import WorkloadIdentitySpec
from components.aks.service_account import ServiceAccount
from components.permissions import Permission, Permissions
from planning.aks import MANAGED_IDENTITY_OPERATOR
from tests.components.clusters import ANSWERS, IDENTITIES, POOLS, RECENT, Record, cluster, create, spec


@pytest.fixture
def inputs(record: Record) -> dict[str, Any]:
    return create(record)


def test_nobody_gets_in_but_by_entra(inputs: dict[str, Any]) -> None:
    assert (inputs["disableLocalAccounts"], inputs["enableRBAC"]) == (True, True)
    assert inputs["aadProfile"] == {"managed": True, "enableAzureRBAC": True}


def test_the_api_server_is_private_and_takes_no_commands(inputs: dict[str, Any]) -> None:
    assert inputs["apiServerAccessProfile"] == {
        "enablePrivateCluster": True,
        "privateDNSZone": "system",
        "enablePrivateClusterPublicFQDN": False,
        "disableRunCommand": True,
    }


def test_a_public_api_server_lets_named_ranges_in(record: Record) -> None:
    server = {"private": False, "authorized_ranges": ["203.0.113.0/24"]}
    found = create(record, api_server=server)["apiServerAccessProfile"]
    assert found == {"authorizedIPRanges": ["203.0.113.0/24"], "disableRunCommand": True}


def test_pods_have_an_overlay_with_cilium(inputs: dict[str, Any]) -> None:
    assert inputs["networkProfile"] == {
        "networkPlugin": "azure",
        "networkPluginMode": "overlay",
        "networkDataplane": "cilium",
        "networkPolicy": "cilium",
        "podCidr": "10.244.0.0/16",
        "serviceCidr": "172.16.0.0/16",
        "dnsServiceIP": "172.16.0.10",
        "outboundType": "loadBalancer",
        "loadBalancerSku": "standard",
    }


def test_a_flat_network_has_neither_mode_nor_pod_range(record: Record) -> None:
    found = create(record, network_plugin_mode="flat")["networkProfile"]
    assert {"networkPluginMode", "podCidr"}.isdisjoint(found)


def test_kubenet_has_no_mode_and_no_data_plane(record: Record) -> None:
    found = create(record, network_plugin="kubenet")["networkProfile"]
    assert {"networkPluginMode", "networkDataplane"}.isdisjoint(found)
    assert (found["networkPlugin"], found["networkPolicy"]) == ("kubenet", "calico")


def test_two_identities_act_for_it(inputs: dict[str, Any]) -> None:
    assert inputs["identity"] == {"type": "UserAssigned", "userAssignedIdentities": [f"{IDENTITIES}/plane"]}
    assert inputs["identityProfile"] == {
        "kubeletidentity": {
            "resourceId": f"{IDENTITIES}/kubelet",
            "clientId": "kubelet-client",
            "objectId": "kubelet-principal",
        }
    }


def test_it_stays_current_and_clean(inputs: dict[str, Any]) -> None:
    assert inputs["autoUpgradeProfile"] == {"upgradeChannel": "stable", "nodeOSUpgradeChannel": "NodeImage"}
    assert inputs["securityProfile"] == {
        "workloadIdentity": {"enabled": True},
        "imageCleaner": {"enabled": True, "intervalHours": 168},
    }
    assert inputs["oidcIssuerProfile"] == {"enabled": True}
    assert inputs["addonProfiles"] == {
        "azurepolicy": {"enabled": True},
        "azureKeyvaultSecretsProvider": {"enabled": True, "config": {"enableSecretRotation": "true"}},
    }
    assert inputs["sku"] == {"name": "Base", "tier": "Standard"}


def test_with_a_workspace_defender_watches_and_audit_is_kept(record: Record) -> None:
    recording = record(lambda: cluster(spec(workspace="central"), workspace="/workspace"), answers=ANSWERS)
    assert recording.one("ManagedCluster").inputs["securityProfile"]["defender"] == {
        "logAnalyticsWorkspaceResourceId": "/workspace",
        "securityMonitoring": {"enabled": True},
    }
    setting = recording.one("DiagnosticSetting").inputs
    assert (setting["resourceUri"], setting["workspaceId"]) == ("c-cluster-id", "/workspace")
    assert [log["category"] for log in setting["logs"]] == list(AUDIT)
    assert "kube-audit" not in AUDIT


def test_what_is_not_wanted_is_switched_off_and_not_left_out(record: Record) -> None:
    found = create(record, azure_policy=False, key_vault_secrets=False, defender=False, image_cleaner_hours=None)
    assert found["addonProfiles"] == {
        "azurepolicy": {"enabled": False},
        "azureKeyvaultSecretsProvider": {"enabled": False},
    }
    assert found["securityProfile"]["defender"] == {"securityMonitoring": {"enabled": False}}
    assert found["securityProfile"]["imageCleaner"] == {"enabled": False}


def test_metrics_are_scraped_only_where_they_are_sent_somewhere(record: Record, inputs: dict[str, Any]) -> None:
    assert inputs["azureMonitorProfile"] == {"metrics": {"enabled": False}}
    assert create(record, metrics_workspace="central")["azureMonitorProfile"] == {"metrics": {"enabled": True}}


def test_it_has_hours_for_upgrades_and_hours_for_images(record: Record) -> None:
    found = record(lambda: cluster(spec()), answers=ANSWERS).of_type("MaintenanceConfiguration")
    windows = {each.inputs["configName"]: each.inputs["maintenanceWindow"] for each in found}
    assert {name: window["schedule"]["weekly"]["dayOfWeek"] for name, window in windows.items()} == {
        "aksManagedAutoUpgradeSchedule": "Sunday",
        "aksManagedNodeOSUpgradeSchedule": "Saturday",
    }


@pytest.mark.parametrize(("stated", "protected"), [({}, True), ({"protect": False}, False)])
def test_it_is_protected_by_default(record: Record, stated: dict[str, Any], protected: bool) -> None:
    recording = record(lambda: cluster(spec(**stated)), answers=ANSWERS)
    assert recording.one("ManagedCluster").protect is protected
    assert not [found for found in recording if found.protect and not found.type.endswith(":ManagedCluster")]


def test_becoming_private_replaces_it(record: Record) -> None:
    found = record(lambda: cluster(spec()), answers=ANSWERS).one("ManagedCluster")
    assert found.replace_on_changes == ("apiServerAccessProfile.enablePrivateCluster",)


@pytest.mark.parametrize(
    ("members", "ignored"),
    [
        ({"upgrade_channel": "stable"}, ("kubernetesVersion",)),
        ({"upgrade_channel": "rapid", "kubernetes_version": "1.35"}, ("kubernetesVersion",)),
        ({"upgrade_channel": "patch", "kubernetes_version": "1.35"}, ()),
        ({"upgrade_channel": "none", "kubernetes_version": "1.35.2"}, ()),
    ],
)
def test_what_a_channel_upgraded_is_not_taken_back(
    record: Record, members: dict[str, Any], ignored: tuple[str, ...]
) -> None:
    assert record(lambda: cluster(spec(**members)), answers=ANSWERS).one("ManagedCluster").ignore_changes == ignored


def test_its_outputs_name_it_and_hold_no_credential(record: Record) -> None:
    recording = record(lambda: cluster(spec(pools=POOLS)), answers=ANSWERS)
    outputs = recording.component_outputs("c")
    assert set(outputs) == {"id", "name", "fqdn", "oidc_issuer_url", "node_resource_group", "node_images"}
    assert (outputs["fqdn"], outputs["oidc_issuer_url"]) == ("private.example", "https://issuer.example/")
    assert outputs["node_images"] == dict.fromkeys(POOLS, RECENT)
    assert recording.invokes == []


REGIONAL, GLOBAL = "contoso.eastus.geo.azurecr.io", "contoso.azurecr.io"
OLD = "AKSAzureLinux-V3gen2-202606.01.0"


def host(record: Record, images: dict[str, str | None], **members: Any) -> str:
    class Host(pulumi.ComponentResource):
        def __init__(self) -> None:
            super().__init__("test:index:Host", "h")
            chosen = image_host("main", spec(**members), regional=REGIONAL, global_=GLOBAL, node_images=images)
            self.register_outputs({"host": chosen})

    return record(Host).component_outputs("h")["host"]


def test_recent_nodes_pull_from_their_region(record: Record) -> None:
    assert host(record, {"system": RECENT, "apps": RECENT}) == REGIONAL


@pytest.mark.parametrize("old", [OLD, None])
def test_one_old_pool_makes_the_cluster_pull_from_the_global_host(record: Record, old: str | None) -> None:
    assert host(record, {"system": RECENT, "apps": old}) == GLOBAL


def test_nodes_that_are_said_to_be_old_are_not_looked_at(record: Record) -> None:
    assert host(record, {"system": RECENT}, node_image="202606.01") == GLOBAL


def test_old_nodes_stop_the_run_where_the_global_host_must_not_be_used(record: Record) -> None:
    with pytest.raises(NodeImageTooOldError, match=r"apps has AKSAzureLinux-V3gen2-202606.01.0 \[AKS-8\]; upgrade"):
        host(record, {"system": RECENT, "apps": OLD}, old_node_image="refuse")


def test_a_permission_is_an_assignment_to_the_control_plane(record: Record) -> None:
    scope = f"{IDENTITIES}/kubelet"
    given = {"plane-kubelet": Permission(MANAGED_IDENTITY_OPERATOR, scope, "plane-principal")}
    inputs = record(lambda: Permissions("p", given, namespace="contoso")).one("RoleAssignment").inputs
    assert (inputs["scope"], inputs["principalId"], inputs["principalType"]) == (
        scope,
        "plane-principal",
        "ServicePrincipal",
    )
    assert inputs["roleDefinitionId"].endswith("/roleDefinitions/f1a07417-d97a-45cb-824c-7a7467783830")


def test_a_service_account_is_trusted_by_its_full_name(record: Record) -> None:
    described = WorkloadIdentitySpec(identity="api", namespace="web", service_account="front")
    recording = record(
        lambda: ServiceAccount(
            "s",
            described,
            credential_name="aks-main-front",
            issuer="https://issuer.example/",
            identity_name="id-api",
            resource_group_name="rg",
        )
    )
    inputs = recording.one("FederatedIdentityCredential").inputs
    assert (inputs["issuer"], inputs["subject"]) == ("https://issuer.example/", "system:serviceaccount:web:front")
