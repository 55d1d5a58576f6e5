"""Rules on a change: what they stop, what an approval lets pass, and what is none of their business."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest

from planning.problems import SpecError
from policies.changes import PLAN_RULES, judge_changes, load_approvals
from policies.engine import Report
from policies.exemptions import Exemptions
from policies.plan import Changes, of_events, of_preview

Json = dict[str, Any]

GROUP = "/subscriptions/s/resourceGroups/rg"
VNET = f"{GROUP}/providers/Microsoft.Network/virtualNetworks/vnet"
REGISTRY = f"{GROUP}/providers/Microsoft.ContainerRegistry/registries/contoso"
PREVIEW = "azure-native_containerregistry_v20260301preview:containerregistry"
TODAY = datetime.date(2026, 12, 1)


def state(token: str, name: str, arm_id: str, /, **inputs: Any) -> Json:
    urn = f"urn:pulumi:prod::moorings::{token}::{name}"
    return {"urn": urn, "type": token, "custom": True, "id": arm_id, "inputs": {"resourceGroupName": "rg", **inputs}}


def registry(**inputs: Any) -> Json:
    given = {"registryName": "contoso", "location": "eastus", "regionalEndpoints": "Enabled", **inputs}
    return state(f"{PREVIEW}:Registry", "registry", REGISTRY, **given)


def replica(region: str = "westeurope", **inputs: Any) -> Json:
    given = {"registryName": "contoso", "replicationName": region, "location": region, **inputs}
    return state(f"{PREVIEW}:Replication", region, f"{REGISTRY}/replications/{region}", **given)


def network(prefix: str = "10.0.0.0/29", name: str = "registry") -> Json:
    subnets = [{"name": name, "addressPrefix": prefix}]
    return state("azure-native:network:VirtualNetwork", "vnet", VNET, virtualNetworkName="vnet", subnets=subnets)


def endpoint(name: str = "pe", location: str = "eastus", target: str = REGISTRY) -> Json:
    return state(
        "azure-native:network:PrivateEndpoint",
        name,
        f"{GROUP}/providers/Microsoft.Network/privateEndpoints/{name}",
        privateEndpointName=name,
        location=location,
        subnet={"id": f"{VNET}/subnets/registry"},
        privateLinkServiceConnections=[{"privateLinkServiceId": target, "groupIds": ["registry"]}],
    )


def step(op: str, before: Json | None, after: Json | None = None, **more: Any) -> Json:
    there = after or before
    assert there is not None
    return {"op": op, "urn": there["urn"], "oldState": before, "newState": after, **more}


def same(*states: Json) -> list[Json]:
    return [step("same", each, each) for each in states]


def changed(*steps: Json, **more: Any) -> Changes:
    return of_preview({"steps": list(steps)}, **more)


def failures(report: Report) -> list[tuple[str, str]]:
    return [(each.rule, each.message) for each in report.of("fail")]


def only(report: Report, rule: str) -> str:
    found = failures(report)
    assert [name for name, _ in found] == [rule], found
    return found[0][1]


def test_a_plan_without_changes_passes_every_rule() -> None:
    report = judge_changes(changed(*same(registry(), network("10.0.0.0/27"), endpoint())))
    assert (failures(report), report.stops) == ([], False)
    assert {each.rule for each in report.of("pass")} == {each.id for each in PLAN_RULES}


def test_the_replacement_of_a_registry_with_consumers_needs_an_approval() -> None:
    replacing = [
        step("delete-replaced", registry(), replaceReasons=["location"]),
        step("replace", registry(), registry(location="westus3"), replaceReasons=["location"]),
        step("create-replacement", registry(), registry(location="westus3"), replaceReasons=["location"]),
    ]
    report = judge_changes(changed(*replacing, *same(network("10.0.0.0/27"), endpoint())))
    message = only(report, "MOOR-CHG-001")
    assert report.stops
    for part in ("registry registry is replaced (changed: location)", "1 dependent: pe (privateEndpoints)", "approve"):
        assert part in message


def test_the_deletion_of_a_zone_that_a_network_is_linked_to_needs_an_approval() -> None:
    zone_id = f"{GROUP}/providers/Microsoft.Network/privateDnsZones/privatelink.azurecr.io"
    zone = state("azure-native:privatedns:PrivateZone", "zone", zone_id, privateZoneName="privatelink.azurecr.io")
    link = state(
        "azure-native:privatedns:VirtualNetworkLink",
        "link",
        f"{zone_id}/virtualNetworkLinks/link",
        privateZoneName="privatelink.azurecr.io",
        virtualNetworkLinkName="link",
        virtualNetwork={"id": VNET},
    )
    report = judge_changes(changed(step("delete", link), step("delete", zone), *same(network())))
    assert "of which 1 are deleted or replaced too: link" in only(report, "MOOR-CHG-001")


def test_what_nobody_uses_goes_without_an_approval() -> None:
    report = judge_changes(changed(step("delete", registry()), step("delete", replica()), step("delete", network())))
    assert failures(report) == []


def test_a_subnet_dropped_from_its_network_counts_as_deleted() -> None:
    gone = step("update", network("10.0.0.0/27"), network("10.0.0.0/27", "other"))
    report = judge_changes(changed(gone, *same(endpoint(target=""))))
    assert "subnet vnet/registry is deleted and has 1 dependent: pe" in only(report, "MOOR-CHG-001")


def test_an_environment_with_apps_is_guarded() -> None:
    environment_id = f"{GROUP}/providers/Microsoft.App/managedEnvironments/env"
    environment = state("azure-native:app:ManagedEnvironment", "env", environment_id, environmentName="env")
    app_id = f"{GROUP}/providers/Microsoft.App/containerApps/app"
    app = state("azure-native:app:ContainerApp", "app", app_id, containerAppName="app", environmentId=environment_id)
    report = judge_changes(changed(step("delete", environment), *same(app)))
    assert "managed environment env is deleted and has 1 dependent: app (containerApps)" in only(report, "MOOR-CHG-001")


APPS = f"{GROUP}/providers/Microsoft.App"
CLUSTER = f"{GROUP}/providers/Microsoft.ContainerService/managedClusters/aks"
RUNNING = {
    "all pods on them": state(
        "azure-native:containerservice:AgentPool", "it", f"{CLUSTER}/agentPools/work", resourceName="aks"
    ),
    "all its workloads stop": state("azure-native:containerservice:ManagedCluster", "it", CLUSTER, resourceName="aks"),
    "answers no requests": state(
        "azure-native:app:ContainerApp", "it", f"{APPS}/containerApps/a", containerAppName="a"
    ),
    "executions under way": state("azure-native:app:Job", "it", f"{APPS}/jobs/j", jobName="j"),
    "its sessions end": state(
        "azure-native:app:ContainerAppsSessionPool", "it", f"{APPS}/sessionPools/p", sessionPoolName="p"
    ),
    "its sandboxes are deleted": state(
        "azure-native:resources:Resource",
        "it",
        f"{APPS}/sandboxGroups/g",
        resourceProviderNamespace="Microsoft.App",
        resourceType="sandboxGroups",
        resourceName="g",
    ),
    "its containers stop": state(
        "azure-native:containerinstance:ContainerGroup",
        "it",
        f"{GROUP}/providers/Microsoft.ContainerInstance/containerGroups/g",
    ),
    "its task hubs are deleted": state(
        "azure-native:durabletask:Scheduler", "it", f"{GROUP}/providers/Microsoft.DurableTask/schedulers/s"
    ),
}


@pytest.mark.parametrize("stops", RUNNING)
def test_a_replacement_of_what_runs_needs_an_approval_and_says_what_stops(stops: str) -> None:
    it = RUNNING[stops]
    report = judge_changes(changed(step("replace", it, it, replaceReasons=["vmSize"])))
    message = only(report, "MOOR-CHG-005")
    assert report.stops
    for part in ("it is replaced (changed: vmSize): ", stops, "add a second one", "approve MOOR-CHG-005 for it"):
        assert part in message


@pytest.mark.parametrize("stops", RUNNING)
def test_what_runs_is_updated_and_deleted_without_an_approval(stops: str) -> None:
    it = RUNNING[stops]
    assert failures(judge_changes(changed(step("update", it, it)))) == []
    assert failures(judge_changes(changed(step("delete", it)))) == []


def test_a_pool_of_a_replaced_cluster_is_reported_with_the_cluster_only() -> None:
    cluster = {**RUNNING["all its workloads stop"], "urn": "urn:pulumi:prod::moorings::t::cluster"}
    pool = RUNNING["all pods on them"]
    report = judge_changes(changed(step("replace", cluster, cluster), step("replace", pool, pool)))
    assert "managed cluster cluster is replaced" in only(report, "MOOR-CHG-005")


def test_an_app_of_a_replaced_environment_is_reported_with_the_environment_only() -> None:
    environment_id = f"{APPS}/managedEnvironments/env"
    environment = state("azure-native:app:ManagedEnvironment", "env", environment_id, environmentName="env")
    app = state("azure-native:app:ContainerApp", "app", f"{APPS}/containerApps/app", environmentId=environment_id)
    report = judge_changes(changed(step("replace", environment, environment), step("replace", app, app)))
    assert "managed environment env is replaced" in only(report, "MOOR-CHG-001")


def test_the_home_replica_never_goes() -> None:
    report = judge_changes(changed(step("delete", replica("eastus", regionEndpointEnabled=False)), *same(registry())))
    assert "is the home replica of registry" in only(report, "MOOR-CHG-002")


def test_a_replica_goes_after_the_private_endpoint_of_its_region() -> None:
    going = step("delete", replica(regionEndpointEnabled=False))
    near = endpoint("pe-we", "westeurope")
    report = judge_changes(changed(going, *same(registry(), network("10.0.0.0/27"), near)))
    assert "private endpoints of the registry remain in westeurope: pe-we" in only(report, "MOOR-CHG-002")
    report = judge_changes(changed(going, step("delete", near), *same(registry(), network("10.0.0.0/27"))))
    assert failures(report) == []


def test_a_replica_goes_after_what_names_its_host() -> None:
    image = {"template": {"containers": [{"image": "contoso.westeurope.geo.azurecr.io/app:1"}]}}
    app = state("azure-native:app:ContainerApp", "app", f"{GROUP}/providers/Microsoft.App/containerApps/app", **image)
    going = step("delete", replica(regionEndpointEnabled=False))
    report = judge_changes(changed(going, *same(registry(), app)))
    assert "host names refer to westeurope: app" in only(report, "MOOR-CHG-002")


def test_a_replica_leaves_global_routing_before_it_goes_but_that_stops_nobody() -> None:
    report = judge_changes(changed(step("delete", replica()), *same(registry())))
    assert "while regionEndpointEnabled is true" in only(report, "MOOR-CHG-003")
    assert not report.stops


def test_a_replica_that_is_deleted_with_its_registry_is_evaluated_with_it() -> None:
    report = judge_changes(changed(step("delete", replica()), step("delete", registry()), *same(network(), endpoint())))
    assert only(report, "MOOR-CHG-001")


def test_a_replica_for_which_a_subnet_lacks_room_is_refused_and_the_subnet_named() -> None:
    added = step("create", None, replica())
    report = judge_changes(changed(added, *same(registry(), network(), endpoint())))
    message = only(report, "MOOR-CHG-004")
    for part in (
        "vnet/registry",
        "10.0.0.0/29",
        "leaves 3",
        "5 are needed",
        "1 global + 2 data + 2 regional",
        "3 before",
        "give /27 or larger; /28 is the smallest that fits",
    ):
        assert part in message
    assert report.stops
    grown = judge_changes(changed(added, *same(registry(), network("10.0.0.0/28"), endpoint())))
    assert failures(grown) == []


def test_a_change_that_leaves_enough_for_a_while_still_counts_what_others_hold() -> None:
    plan = (step("create", None, replica()), *same(registry(), network("10.0.0.0/28"), endpoint()))
    held = {f"{VNET}/subnets/registry".lower(): {endpoint()["id"].lower(): 3, f"{VNET}#outside".lower(): 7}}
    report = judge_changes(changed(*plan, held=held))
    assert "leaves 4 addresses after 7 of other resources, 5 are needed" in only(report, "MOOR-CHG-004")


def test_a_range_that_is_not_known_yet_is_undetermined_and_no_pass() -> None:
    unknown = network("04da6b54-80e4-46f7-96ec-b56ff0331ba9")
    report = judge_changes(changed(step("create", None, replica()), *same(registry(), unknown, endpoint())))
    assert [each.rule for each in report.of("undetermined")] == ["MOOR-CHG-004"]
    assert "MOOR-CHG-004" not in {each.rule for each in report.of("pass")}


def test_an_event_log_with_the_state_from_before_says_the_same() -> None:
    metadata = {"op": "delete", "urn": registry()["urn"], "type": registry()["type"], "old": registry(), "new": None}
    there = {"deployment": {"resources": [registry(), network("10.0.0.0/27"), endpoint()]}}
    report = judge_changes(of_events([{"resourcePreEvent": {"metadata": metadata}}, {"summaryEvent": {}}], there))
    assert "registry registry is deleted" in only(report, "MOOR-CHG-001")


APPROVAL = """\
approvals:
  - rule: MOOR-CHG-001
    resource: registry
    reason: it moves
    owner: platform@contoso.example
    expires: {expires}
"""


def approvals(tmp_path: Path, text: str, stack: str = "prod") -> Exemptions:
    path = tmp_path / "approvals.yaml"
    path.write_text(text)
    return load_approvals(path, today=TODAY, stack=stack)


def test_an_approved_change_passes_and_says_who_gave_their_word(tmp_path: Path) -> None:
    plan = changed(step("delete", registry()), *same(network("10.0.0.0/27"), endpoint()))
    given = approvals(tmp_path, APPROVAL.format(expires="2026-12-31"))
    report = judge_changes(plan, approvals=given)
    assert not report.stops
    assert report.of("fail")[0].exemption == "it moves (platform@contoso.example, until 2026-12-31)"


def test_an_approval_whose_day_has_passed_approves_nothing(tmp_path: Path) -> None:
    plan = changed(step("delete", registry()), *same(network("10.0.0.0/27"), endpoint()))
    report = judge_changes(plan, approvals=approvals(tmp_path, APPROVAL.format(expires="2026-11-30")))
    assert report.stops
    assert only(report, "MOOR-CHG-001")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (APPROVAL.format(expires="2027-06-01"), "more than 92 days ahead"),
        (APPROVAL.format(expires="2026-12-31").replace("CHG-001", "ACR-001"), "unknown rule MOOR-ACR-001"),
        (APPROVAL.format(expires="2026-12-31").replace("    reason: it moves\n", ""), "reason: is required"),
    ],
)
def test_an_approval_that_lacks_something_is_refused_with_its_line(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(SpecError) as refused:
        approvals(tmp_path, text)
    assert any(said in problem and "approvals.yaml:" in problem for problem in str(refused.value).splitlines())


def test_without_a_file_nothing_is_approved(tmp_path: Path) -> None:
    assert not load_approvals(tmp_path / "approvals.yaml", today=TODAY).entries
