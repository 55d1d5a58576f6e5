"""Clusters on the real engine: made, left alone, guarded against replacement, replaced when that is asked for, destroyed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from azure.core.pipeline.policies import SansIOHTTPPolicy
from azure.mgmt.containerservice import ContainerServiceClient
from azure.mgmt.resource.resources import ResourceManagementClient

from tests.engine import Rehearsal, rehearsal
from tests.up import findings
from tests.up.judge import requests, violations

pytestmark = pytest.mark.engine

WEST = "contoso-aks-cluster-west-cluster"
FLAT = "        network_plugin_mode: flat\n"


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[Rehearsal]:
    with rehearsal(tmp_path, Path(__file__).parent / "aks", "") as running:
        yield running


def rewrite(stack: Rehearsal, *changes: tuple[str, str]) -> None:
    text = stack.stack_file.read_text(encoding="utf-8")
    for before, after in changes:
        assert text.count(before) == 1, before
        text = text.replace(before, after)
    stack.stack_file.write_text(text, encoding="utf-8")


def sent(stack: Rehearsal, cluster: str) -> list[object]:
    """Every body that was sent for a cluster, in order."""
    return [each["body"] for each in requests(stack.azure.store) if each["name"] == cluster]


class _NoCredential:
    def get_token(self, *scopes: str, **more: Any) -> Any:
        raise AssertionError("plain http needs no token")


def client_of(stack: Rehearsal) -> ContainerServiceClient:
    subscription = stack.outputs()["registry_id"].split("/")[2]
    options = {"base_url": stack.azure.url, "authentication_policy": SansIOHTTPPolicy(), "polling_interval": 0}
    return ContainerServiceClient(_NoCredential(), subscription, **options)


def read_back(stack: Rehearsal) -> None:
    """What Azure's own client finds of the two clusters is what the stack file says and what the outputs tell."""
    client: Any = client_of(stack)
    report = stack.outputs()["compute"]["clusters"]
    place = (report["east"]["id"].split("/")[4], "aks-contoso-aks-east")
    east = client.managed_clusters.get(*place)
    assert east.id == report["east"]["id"]
    assert east.disable_local_accounts
    assert east.aad_profile.enable_azure_rbac
    assert east.api_server_access_profile.enable_private_cluster
    assert (east.network_profile.network_plugin_mode, east.network_profile.network_dataplane) == ("overlay", "cilium")
    assert east.oidc_issuer_profile.issuer_url == report["east"]["oidc_issuer_url"]
    assert east.security_profile.workload_identity.enabled
    assert [held.rpartition("-")[2] for held in east.identity.user_assigned_identities] == ["plane"]
    assert east.identity_profile["kubeletidentity"].resource_id.endswith("-kubelet")

    pools = {pool.name: pool for pool in client.agent_pools.list(*place)}
    assert {name: pool.mode for name, pool in pools.items()} == {"system": "System", "apps": "User", "batch": "User"}
    assert pools["system"].node_taints == ["CriticalAddonsOnly=true:NoSchedule"]
    assert (pools["apps"].min_count, pools["apps"].max_count, pools["apps"].node_labels) == (2, 10, {"tier": "apps"})
    assert pools["batch"].scale_set_priority == "Spot"
    assert all(pool.node_image_version for pool in pools.values())
    windows = {
        each.name: each.maintenance_window for each in client.maintenance_configurations.list_by_managed_cluster(*place)
    }
    assert windows["aksManagedAutoUpgradeSchedule"].schedule.weekly.day_of_week == "Sunday"
    assert windows["aksManagedNodeOSUpgradeSchedule"].schedule.weekly.day_of_week == "Saturday"

    assert east.azure_monitor_profile.metrics.enabled

    west = client.managed_clusters.get(report["west"]["id"].split("/")[4], "aks-contoso-aks-west")
    assert west.kubernetes_version == "1.35"
    assert west.network_profile.network_plugin_mode is None
    assert west.api_server_access_profile.authorized_ip_ranges == ["203.0.113.0/24"]
    (apps,) = [pool for pool in west.agent_pool_profiles if pool.name == "apps"]
    assert apps.pod_subnet_id.endswith("/subnets/pods")


def metrics_go_to(stack: Rehearsal, key: str) -> tuple[str, str]:
    """Name and region of the workspace that a cluster's metrics are sent to, followed by Azure's own client."""
    cluster = stack.outputs()["compute"]["clusters"][key]["id"]
    options = {"base_url": stack.azure.url, "authentication_policy": SansIOHTTPPolicy(), "polling_interval": 0}
    client: Any = ResourceManagementClient(_NoCredential(), cluster.split("/")[2], **options).resources
    path = f"{cluster}/providers/Microsoft.Insights/dataCollectionRuleAssociations/ContainerInsightsMetricsExtension"
    association = client.get_by_id(path, api_version="2022-06-01").properties
    rule = client.get_by_id(association["dataCollectionRuleId"], api_version="2022-06-01")
    assert rule.properties["dataSources"]["prometheusForwarder"][0]["streams"] == ["Microsoft-PrometheusMetrics"]
    endpoint = client.get_by_id(rule.properties["dataCollectionEndpointId"], api_version="2022-06-01")
    (destination,) = rule.properties["destinations"]["monitoringAccounts"]
    account = client.get_by_id(destination["accountResourceId"], api_version="2023-04-03")
    assert {rule.location, endpoint.location} == {account.location}
    return account.name, account.location


def test_clusters_come_up_pull_from_the_replica_beside_them_stay_and_leave_nothing_behind(stack: Rehearsal) -> None:
    findings.check(stack, "aks", "before")
    first = stack.up()
    assert (first.code, set(first.changes)) == (0, {"create"}), first.output
    assert violations(stack.azure.store) == []
    findings.check(stack, "aks", "after")
    clusters = stack.outputs()["compute"]["clusters"]
    assert {key: report["image_host"] for key, report in clusters.items()} == {
        "east": "contosoaks.eastus.geo.azurecr.io",
        "west": "contosoaks.westeurope.geo.azurecr.io",
    }
    assert "kubeconfig" not in json.dumps(stack.export()).lower()
    read_back(stack)
    assert metrics_go_to(stack, "east") == ("amw-contoso-aks-central", "westeurope")
    assert ".westeurope.prometheus.monitor.azure.com" in clusters["east"]["metrics_query_endpoint"]

    again = stack.up()
    assert (again.code, again.steps) == (0, []), again.output

    # A refresh finds the pools that were added to a cluster in the cluster itself. What follows from it is an update in
    # place that sends what was sent before, so that nothing changes in Azure; and that only once.
    assert stack.refresh().code == 0
    after = stack.up()
    assert after.code == 0, after.output
    assert {(op, kind.rpartition(":")[2]) for op, kind, _ in after.steps} <= {("update", "ManagedCluster")}
    for key in ("east", "west"):
        bodies = sent(stack, f"aks-contoso-aks-{key}")
        assert all(body == bodies[0] for body in bodies)
    assert stack.refresh().code == 0
    assert stack.up().steps == []

    gone = stack.destroy()
    assert gone.code == 0, gone.output
    assert stack.ids() == []


def test_another_network_plugin_replaces_a_cluster_only_on_request(stack: Rehearsal) -> None:
    text = stack.stack_file.read_text(encoding="utf-8")
    stack.stack_file.write_text(text.replace("protect: false", "protect: true"), encoding="utf-8")
    assert stack.up().code == 0
    overlay = ((FLAT, ""), (", pod_subnet: pods", ""))
    rewrite(stack, *overlay)

    preview = stack.preview()
    assert preview.code != 0
    assert WEST in preview.output
    assert "protect" in preview.output
    refused = stack.up()
    assert refused.code != 0
    (body,) = sent(stack, "aks-contoso-aks-west")
    assert "networkPluginMode" not in json.dumps(body)

    stack.stack_file.write_text(text, encoding="utf-8")
    assert stack.up().code == 0
    rewrite(stack, *overlay)
    shown = {(op, name) for op, _, name in stack.preview().steps if name == WEST}
    assert ("replace", WEST) in shown
    changed = stack.up()
    assert changed.code == 0, changed.output
    assert '"networkPluginMode": "overlay"' in json.dumps(sent(stack, "aks-contoso-aks-west")[-1])
