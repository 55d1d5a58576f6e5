"""Destinations of compute, against the lists of Microsoft Learn and the registry's documented host names."""

from __future__ import annotations

import pytest

from planning.clouds import CloudName
from planning.egress import (
    ClusterNeeds,
    cluster_destinations,
    environment_destinations,
    is_published,
    registry_destinations,
)
from planning.endpoints import RegistryShape, endpoints

THREE = RegistryShape(
    frozenset({"eastus", "westeurope", "southeastasia"}), regional_endpoints=True, data_endpoints=True
)


def names(shape: RegistryShape, region: str, *routed: str) -> list[str]:
    return [each.name for each in registry_destinations(endpoints("contoso", shape), region, routed)]


def test_a_client_uses_the_global_host_its_own_replica_and_the_layers_of_every_replica_that_may_answer() -> None:
    assert names(THREE, "westeurope", "eastus", "westeurope", "southeastasia") == [
        "contoso.azurecr.io",
        "contoso.westeurope.geo.azurecr.io",
        "contoso.westeurope.data.azurecr.io",
        "contoso.eastus.data.azurecr.io",
        "contoso.southeastasia.data.azurecr.io",
    ]


def test_a_replica_outside_of_global_routing_serves_its_own_region_only() -> None:
    routed = ("eastus", "westeurope")
    assert "contoso.southeastasia.data.azurecr.io" not in names(THREE, "eastus", *routed)
    assert "contoso.southeastasia.data.azurecr.io" in names(THREE, "southeastasia", *routed)


def test_a_region_without_a_replica_uses_the_global_host_and_the_layers_of_all_that_answer_it() -> None:
    assert names(THREE, "japaneast", "eastus") == ["contoso.azurecr.io", "contoso.eastus.data.azurecr.io"]


@pytest.mark.parametrize("region", ["eastus", "westeurope", "southeastasia", "japaneast"])
def test_there_is_no_wildcard_with_data_endpoints(region: str) -> None:
    assert not [name for name in names(THREE, region, "eastus", "westeurope") if "*" in name]


def test_without_data_endpoints_layers_come_from_any_storage_account() -> None:
    shape = RegistryShape(frozenset({"eastus"}), regional_endpoints=False, data_endpoints=False)
    assert names(shape, "eastus", "eastus") == ["contoso.azurecr.io", "*.blob.core.windows.net"]


def test_what_one_change_of_the_registry_opens_or_closes_is_a_group_of_its_own() -> None:
    found = registry_destinations(endpoints("contoso", THREE), "eastus", ("eastus", "westeurope"))
    assert [each.group for each in found] == [
        "registry",
        "registry-replica-eastus",
        "registry-layers-eastus",
        "registry-layers-westeurope",
    ]


LEAST = {
    "mcr.microsoft.com",
    "*.data.mcr.microsoft.com",
    "mcr-0001.mcr-msedge.net",
    "management.azure.com",
    "login.microsoftonline.com",
    "packages.microsoft.com",
    "acs-mirror.azureedge.net",
    "packages.aks.azure.com",
}
"""Azure Global required FQDN / application rules of a private cluster [AKS-EGRESS]."""


def test_a_private_cluster_needs_the_required_hosts_and_no_tunnel() -> None:
    found = cluster_destinations(ClusterNeeds("westeurope", private=True), "public")
    assert {each.name for each in found} == LEAST
    assert {(each.protocol, each.port) for each in found} == {("Https", 443)}


def test_a_public_api_server_is_reached_by_its_host_and_by_the_tunnel() -> None:
    found = cluster_destinations(ClusterNeeds("westeurope", private=False), "public")
    assert {(each.name, each.protocol, each.port) for each in found if each.name not in LEAST} == {
        ("*.hcp.westeurope.azmk8s.io", "Https", 443),
        ("AzureCloud.westeurope", "UDP", 1194),
        ("AzureCloud.westeurope", "TCP", 9000),
        ("AzureCloud.westeurope", "TCP", 443),
    }
    assert {each.name for each in found if each.is_service_tag} == {"AzureCloud.westeurope"}


@pytest.mark.parametrize(
    ("feature", "hosts"),
    [
        ("policy", {"data.policy.core.windows.net", "store.policy.core.windows.net", "dc.services.visualstudio.com"}),
        ("secrets", {"*.vault.azure.net"}),
        ("defender", {"*.ods.opinsights.azure.com", "*.oms.opinsights.azure.com", "*.cloud.defender.microsoft.com"}),
        (
            "metrics",
            {
                "global.handler.control.monitor.azure.com",
                "westeurope.handler.control.monitor.azure.com",
                "*.metrics.ingest.monitor.azure.com",
            },
        ),
        ("gpus", {"nvidia.github.io", "us.download.nvidia.com", "download.docker.com"}),
    ],
)
def test_a_feature_of_a_cluster_adds_its_hosts(feature: str, hosts: set[str]) -> None:
    found = cluster_destinations(ClusterNeeds("westeurope", private=True, **{feature: True}), "public")
    assert {each.name for each in found} - LEAST == hosts


def test_operating_systems_of_pools_add_their_updates_over_their_ports() -> None:
    found = cluster_destinations(ClusterNeeds("westeurope", private=True, windows=True, ubuntu=True), "public")
    assert {(each.name, each.port) for each in found if each.name not in LEAST} == {
        ("security.ubuntu.com", 80),
        ("azure.archive.ubuntu.com", 80),
        ("changelogs.ubuntu.com", 80),
        ("snapshot.ubuntu.com", 443),
        ("onegetcdn.azureedge.net", 443),
        ("go.microsoft.com", 443),
        ("*.mp.microsoft.com", 80),
        ("www.msftconnecttest.com", 80),
        ("ctldl.windowsupdate.com", 80),
    }


@pytest.mark.parametrize(
    ("cloud", "hosts"),
    [
        ("usgovernment", {"login.microsoftonline.us", "management.usgovcloudapi.net", "data.policy.azure.us"}),
        ("china", {"login.chinacloudapi.cn", "management.chinacloudapi.cn", "data.policy.azure.cn", "*.azk8s.cn"}),
    ],
)
def test_another_cloud_has_hosts_of_its_own(cloud: CloudName, hosts: set[str]) -> None:
    found = {each.name for each in cluster_destinations(ClusterNeeds("x", private=True, policy=True), cloud)}
    assert hosts <= found
    assert not found & {"login.microsoftonline.com", "management.azure.com", "data.policy.core.windows.net"}


def test_an_environment_needs_images_binaries_sign_in_and_the_vaults_of_its_secrets() -> None:
    found = [each.name for each in environment_destinations("public", ["v.vault.azure.net"])]
    assert found == [
        "mcr.microsoft.com",
        "*.data.mcr.microsoft.com",
        "packages.aks.azure.com",
        "acs-mirror.azureedge.net",
        "login.microsoft.com",
        "*.identity.azure.net",
        "login.microsoftonline.com",
        "*.login.microsoftonline.com",
        "*.login.microsoft.com",
        "v.vault.azure.net",
    ]


def test_environments_of_azure_government_have_no_published_list() -> None:
    assert [is_published(cloud) for cloud in ("public", "china", "usgovernment")] == [True, True, False]
    assert environment_destinations("usgovernment") == ()
