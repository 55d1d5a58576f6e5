"""Agent pools of a cluster as they are registered: counts, disks, Spot nodes, zones and versions."""

from typing import Any

import pytest
from pydantic import ValidationError

from components.testing import Recording
from tests.components.clusters import ANSWERS, POOLS, Record, cluster, create, pool, spec


@pytest.fixture
def pools(record: Record) -> Recording:
    return record(lambda: cluster(spec(pools=POOLS)), answers=ANSWERS)


def test_the_first_system_pool_comes_with_the_cluster_and_the_others_are_resources_of_their_own(
    pools: Recording,
) -> None:
    (inline,) = pools.one("ManagedCluster").inputs["agentPoolProfiles"]
    assert (inline["name"], inline["mode"]) == ("system", "System")
    assert {found.inputs["agentPoolName"] for found in pools.of_type("containerservice:AgentPool")} == {
        "apps",
        "fixed",
        "spot",
    }


def test_a_pool_that_scales_states_bounds_and_no_count(pools: Recording) -> None:
    inputs = pool(pools, "apps")
    assert "count" not in inputs
    assert (inputs["enableAutoScaling"], inputs["minCount"], inputs["maxCount"]) == (True, 1, 8)
    assert pools.named("c-apps-pool").ignore_changes == ("count",)
    (inline,) = pools.one("ManagedCluster").inputs["agentPoolProfiles"]
    assert ("count" in inline, inline["minCount"], inline["maxCount"]) == (False, 3, 5)


def test_a_pool_of_a_fixed_size_states_it_and_nothing_is_ignored(pools: Recording) -> None:
    inputs = pool(pools, "fixed")
    assert (inputs["count"], inputs["enableAutoScaling"]) == (2, False)
    assert {"minCount", "maxCount"}.isdisjoint(inputs)
    assert pools.named("c-fixed-pool").ignore_changes == ()


def test_system_nodes_are_kept_for_the_system_where_there_are_others(pools: Recording, record: Record) -> None:
    (inline,) = pools.one("ManagedCluster").inputs["agentPoolProfiles"]
    assert inline["nodeTaints"] == ["CriticalAddonsOnly=true:NoSchedule"]
    (alone,) = create(record)["agentPoolProfiles"]
    assert "nodeTaints" not in alone


def disk_of(record: Record, **stated: Any) -> str:
    recording = record(lambda: cluster(spec(pools={"system": {"mode": "System"}, "work": stated})), answers=ANSWERS)
    return str(pool(recording, "work")["osDiskType"])


def test_the_disk_of_nodes_is_on_the_machine_where_it_is_known_to_fit(record: Record) -> None:
    assert disk_of(record) == "Ephemeral"
    assert disk_of(record, vm_size="Standard_D4s_v5") == "Managed"
    assert disk_of(record, vm_size="Standard_D2ds_v5") == "Managed"
    assert disk_of(record, vm_size="Standard_D2ds_v5", os_disk_size_gb=64) == "Ephemeral"
    assert disk_of(record, vm_size="Standard_M416ms_v2") == "Managed"
    assert disk_of(record, vm_size="Standard_M416ms_v2", os_disk_type="Ephemeral") == "Ephemeral"


SPOT = "kubernetes.azure.com/scalesetpriority"
"""Key of the label and of the taint that the service adds to Spot nodes [AKS-SPOT]."""


def test_spot_nodes_state_the_label_and_the_taint_that_the_service_adds(pools: Recording) -> None:
    inputs = pool(pools, "spot")
    assert inputs["scaleSetPriority"] == "Spot"
    assert (inputs["nodeLabels"], inputs["nodeTaints"]) == ({SPOT: "spot"}, [f"{SPOT}=spot:NoSchedule"])


def test_the_label_and_the_taint_of_spot_nodes_may_be_stated_and_are_sent_once(record: Record) -> None:
    batch = {"priority": "Spot", "labels": {SPOT: "spot", "team": "a"}, "taints": [f"{SPOT}=spot:NoSchedule"]}
    stated = spec(pools={"system": {"mode": "System"}, "batch": batch})
    inputs = pool(record(lambda: cluster(stated), answers=ANSWERS), "batch")
    assert inputs["nodeLabels"] == {SPOT: "spot", "team": "a"}
    assert inputs["nodeTaints"] == [f"{SPOT}=spot:NoSchedule"]


@pytest.mark.parametrize(("priority", "value"), [("Regular", "spot"), ("Spot", "regular")])
def test_the_label_of_spot_nodes_belongs_to_spot_nodes(priority: str, value: str) -> None:
    batch = {"priority": priority, "labels": {SPOT: value}}
    with pytest.raises(ValidationError, match="has a prefix that AKS reserves"):
        spec(pools={"system": {"mode": "System"}, "batch": batch})


def test_nodes_have_no_public_address_and_take_no_ssh(pools: Recording) -> None:
    inputs = pool(pools, "apps")
    assert (inputs["enableNodePublicIP"], inputs["securityProfile"]) == (False, {"sshAccess": "Disabled"})
    assert (inputs["availabilityZones"], inputs["osSKU"], inputs["osDiskType"]) == (
        ["1", "2", "3"],
        "AzureLinux",
        "Ephemeral",
    )


def test_what_of_a_pool_is_fixed_replaces_it(pools: Recording) -> None:
    assert {"maxPods", "vnetSubnetID", "availabilityZones"} <= set(pools.named("c-apps-pool").replace_on_changes)


def test_a_region_without_zones_states_none(record: Record) -> None:
    recording = record(lambda: cluster(spec(), zones=[]), answers=ANSWERS)
    (inline,) = recording.one("ManagedCluster").inputs["agentPoolProfiles"]
    assert "availabilityZones" not in inline


OWN = [("none", "1.35.2"), ("patch", "1.35")]
"""Channels that leave the minor version to the file, with a version that they take [AKS-7]."""


@pytest.mark.parametrize(("channel", "version"), OWN)
def test_pools_beside_the_first_follow_the_file_and_the_clusters_body_states_none(
    record: Record, channel: str, version: str
) -> None:
    members = {"upgrade_channel": channel, "kubernetes_version": version, "pools": POOLS}
    recording = record(lambda: cluster(spec(**members)), answers=ANSWERS)
    assert pool(recording, "apps")["orchestratorVersion"] == version
    body = recording.one("ManagedCluster").inputs
    assert (body["kubernetesVersion"], "orchestratorVersion" in body["agentPoolProfiles"][0]) == (version, False)


@pytest.mark.parametrize(("channel", "version"), OWN)
def test_the_only_pool_of_a_cluster_goes_with_its_version(record: Record, channel: str, version: str) -> None:
    body = create(record, upgrade_channel=channel, kubernetes_version=version)
    assert (body["kubernetesVersion"], body["agentPoolProfiles"][0]["orchestratorVersion"]) == (version, version)


@pytest.mark.parametrize("channel", ["stable", "rapid"])
def test_pools_state_no_version_where_a_channel_owns_it(record: Record, channel: str) -> None:
    members = {"upgrade_channel": channel, "kubernetes_version": "1.35", "pools": POOLS}
    recording = record(lambda: cluster(spec(**members)), answers=ANSWERS)
    assert "orchestratorVersion" not in pool(recording, "apps")
    assert "orchestratorVersion" not in recording.one("ManagedCluster").inputs["agentPoolProfiles"][0]
