"""Preflight against a local Azure: names, quotas, features and storage, and everything that is wrong at once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from local_azure.services.settings import Settings
from tests.tools.preflight_estate import (
    CLUSTER,
    CONTRIBUTOR,
    DEPLOYER,
    DESCRIPTION,
    OURS,
    READER,
    REGISTRY,
    REGISTRY_VERSION,
    SUBNET,
    TEAM,
    THEIRS,
    Estate,
    served,
)
from tools.preflight.arm import Arm, local
from tools.preflight.findings import Finding, all_passed
from tools.pull_request import azure, report
from tools.pull_request.rehearsal import Outcome

GROUP = f"{OURS}/resourceGroups/rg-contoso-test-registry"
ENCRYPTED = "{{system: {{mode: System, vm_size: Standard_D4s_v5, count: 3, encryption_at_host: true}}}}"
DRIFT = """\
    networks:
      eastus:
        address_space: [10.1.0.0/16]
        subnets: {cg: {prefix: 10.1.0.0/24, delegation: Microsoft.ContainerInstance/containerGroups}}
    container_groups:
      batch: {network: eastus, subnet: cg, containers: {main: {image: "team-a/batch:1"}}, identity: ci}
    address_drift: {storage_account: driftstore, spokes: {eastus: {zone: aci.contoso.internal}}}
"""


def with_cluster(version: str = "1.34") -> str:
    """Describe a cluster of three nodes with four vCPUs each, with encryption at host."""
    pool = "{{system: {{mode: System, vm_size: Standard_D4s_v5, count: 3}}}}"
    cluster = CLUSTER.replace(pool, ENCRYPTED).format(version)
    return DESCRIPTION.replace("{ci: {}}", "{ci: {}, plane: {}, kubelet: {}}") + cluster


def findings(estate: Estate, check: str, principal: str = "") -> list[Finding]:
    return [each for each in estate.found(principal) if each.check == check]


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Estate]:
    """A subscription with ten vCPUs, in which encryption at host is not registered."""
    settings = Settings(regional_vcpus=10, unregistered_features=("Microsoft.Compute/EncryptionAtHost",))
    with served(tmp_path, settings, with_cluster()) as created:
        yield created


@pytest.fixture
def large(tmp_path: Path) -> Iterator[Estate]:
    with served(tmp_path, description=with_cluster()) as created:
        yield created


def test_vcpus_beyond_the_quota_of_the_region_are_named(small: Estate) -> None:
    failed = [each for each in findings(small, "quotas") if each.verdict == "failed"]
    assert [each.subject for each in failed] == ["eastus/cores"]
    assert "the stack takes 12 more vCPUs, 10 of 10 are free: 2 short; request a higher quota" in failed[0].message


def test_vcpus_and_networks_within_the_quotas_pass(large: Estate) -> None:
    found = findings(large, "quotas")
    assert {each.subject for each in found} == {"eastus/cores", "eastus/VirtualNetworks"}
    assert all_passed(found)


def test_nodes_that_exist_take_no_more_vcpus(small: Estate) -> None:
    cluster = f"{OURS}/resourceGroups/rg-contoso-test-clusters-main"
    small.group(OURS, cluster.rpartition("/")[2])
    pool = {"name": "system", "mode": "System", "count": 3, "vmSize": "Standard_D4s_v5"}
    place = f"{cluster}/providers/Microsoft.ContainerService/managedClusters/{small.stack.plan.sites['clusters', 'main'].name}"
    small.put(
        place,
        "2025-09-01",
        {"dnsPrefix": "aks", "agentPoolProfiles": [pool]},
        location="eastus",
        identity={"type": "SystemAssigned"},
    )
    rows = {each.subject: each for each in findings(small, "quotas")}
    assert "the stack takes 0 more vCPUs" in rows["eastus/cores"].message
    # Twelve vCPUs are in use, of a family that is known since then.
    assert "standardDSv5Family" in rows["eastus/standardDSv5Family"].message


def test_a_feature_that_is_not_registered_is_named_with_the_command(small: Estate) -> None:
    (finding,) = findings(small, "features")
    assert finding.verdict == "failed"
    assert "EncryptionAtHost, which clusters.main.pools.system needs, is NotRegistered" in finding.message
    assert "az feature register --namespace Microsoft.Compute --name EncryptionAtHost" in finding.message


def test_a_registered_feature_passes(large: Estate) -> None:
    assert [each.verdict for each in findings(large, "features")] == ["passed"]


def test_names_that_are_host_names_are_asked_for(tmp_path: Path) -> None:
    with served(tmp_path, description=DESCRIPTION + DRIFT) as estate:
        assert all_passed(findings(estate, "names"))
        estate.group(THEIRS, "team")
        place = f"{THEIRS}/resourceGroups/team/providers/Microsoft.Storage/storageAccounts/driftstore"
        estate.put(place, "2024-01-01", location="eastus", kind="StorageV2", sku={"name": "Standard_LRS"})
        (failed,) = [each for each in findings(estate, "names") if each.verdict == "failed"]
        assert failed.message.startswith("the storage account name driftstore is not available")


def test_storage_is_compared_with_the_limit(large: Estate) -> None:
    (finding,) = findings(large, "storage")
    assert (finding.verdict, finding.message) == (
        "passed",
        "registry contosotest stores 0.0 of 100 TiB (0 %)",
    )


def test_a_short_subnet_a_stuck_replica_a_missing_right_and_a_taken_name_are_four_lines(tmp_path: Path) -> None:
    with served(tmp_path, description=DESCRIPTION + DRIFT) as estate:
        # Room for one of the two replicas that are added: three usable addresses, of which two are taken [NET-1, ACR-7].
        estate.team_endpoint()
        estate.put(f"{REGISTRY}/replications/westeurope", REGISTRY_VERSION, location="westeurope")
        replica = estate.cloud.get(f"{REGISTRY}/replications/westeurope")
        assert replica is not None
        replica.properties["provisioningState"] = "Creating"
        estate.cloud.update(replica)
        place = f"{THEIRS}/resourceGroups/team/providers/Microsoft.Storage/storageAccounts/driftstore"
        estate.put(place, "2024-01-01", location="eastus", kind="StorageV2", sku={"name": "Standard_LRS"})
        for scope in (OURS, THEIRS):
            estate.assign(CONTRIBUTOR, scope)
        failed = {each.check: each for each in estate.found(DEPLOYER, "failed")}
        assert set(failed) == {"addresses", "replicas", "permissions", "names"}
        assert failed["addresses"].subject == SUBNET
        assert "1 short" in failed["addresses"].message
        assert "the replica in westeurope is Creating" in failed["replicas"].message
        assert "roleAssignments/write" in failed["permissions"].message
        assert "driftstore" in failed["names"].message


def test_a_reader_of_the_subscription_alone_leaves_the_rest_undetermined(large: Estate) -> None:
    large.team_endpoint()
    large.assign(READER, GROUP)
    found = {each.check: each for each in large.found(DEPLOYER) if each.verdict == "undetermined"}
    assert f"Microsoft.Network/privateEndpoints/read on {TEAM}/privateEndpoints/team" in found["addresses"].message
    assert "Microsoft.Features/providers/features/read" in found["features"].message
    assert "Microsoft.ContainerService/managedClusters/read on" in found["quotas"].message
    assert not all_passed(found.values())


def test_a_pull_request_shows_what_azure_says_where_a_subscription_is_named(
    small: Estate, monkeypatch: pytest.MonkeyPatch
) -> None:
    subscription = OURS.rpartition("/")[2]

    def reader(asked: str) -> Arm:
        assert asked == subscription
        return local(small.url, asked)

    monkeypatch.setattr(azure, "load", lambda stack, session: small.stack)
    assert azure.preflight_of("test", {}, reader) is None
    found = azure.preflight_of("test", {"AZURE_SUBSCRIPTION_ID": subscription}, reader)
    outcome = Outcome("test", start="main", preflight=found)
    assert outcome.green
    text = report.comment([outcome])
    assert "Azure before the deployment: " in text
    assert "2 failed, 0 undetermined." in text
    assert "* failed: quotas: cores in eastus" in text
    assert any(line.startswith("  Azure    ") for line in report.console(outcome))
    assert {each["check"] for each in report.as_json(outcome)["preflight"]} >= {"quotas", "features"}


def test_a_pull_request_says_why_azure_was_not_read(small: Estate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(azure, "load", lambda stack, session: small.stack)
    found = azure.preflight_of("test", {"ARM_SUBSCRIPTION_ID": "s"}, lambda asked: local("http://127.0.0.1:9", asked))
    assert found is not None
    text = report.comment([Outcome("test", preflight=found)])
    assert "Azure before the deployment: not read: 127.0.0.1:9 does not respond" in text
