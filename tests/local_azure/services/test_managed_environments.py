from __future__ import annotations

from typing import Any

import pytest
from app_requests import CONSUMPTION, PROVIDER, Apps
from arm_client import GROUP, NETWORK, Arm

ENVIRONMENT = f"{PROVIDER}/managedEnvironments/cae"


@pytest.fixture
def apps(arm: Arm) -> Apps:
    return Apps(arm)


def vnet(subnet: str, *, internal: bool = True) -> dict[str, Any]:
    return {"vnetConfiguration": {"infrastructureSubnetId": subnet, "internal": internal}}


def test_an_environment_starts_waiting_with_its_domain_and_ends_succeeded(apps: Apps) -> None:
    reply = apps.environment()
    assert (reply.status, reply.body["properties"]["provisioningState"]) == (201, "Waiting")
    assert reply.body["properties"]["defaultDomain"].endswith(".eastus.azurecontainerapps.io")
    assert apps.finished(reply)["status"] == "Succeeded"
    assert apps.arm.get(ENVIRONMENT)["properties"]["provisioningState"] == "Succeeded"


def test_two_environments_have_domains_of_their_own(apps: Apps) -> None:
    domains = {apps.create(name)["properties"]["defaultDomain"] for name in ("first", "second")}
    assert len(domains) == 2


def test_what_is_not_set_is_spelled_out_as_null_and_consumption_exists(apps: Apps) -> None:
    created = apps.create(workloadProfiles=[{"name": "gpu", "workloadProfileType": "Consumption-GPU-NC8as-T4"}])
    properties = created["properties"]
    assert properties["vnetConfiguration"] is None
    assert CONSUMPTION in properties["workloadProfiles"]
    assert (properties["publicNetworkAccess"], properties["zoneRedundant"]) == ("Enabled", False)


def test_the_infrastructure_takes_fourteen_addresses_with_the_subnets_own_five(apps: Apps) -> None:
    subnet = apps.network()
    created = apps.create(**vnet(subnet))
    assert apps.free() == 18
    assert created["properties"]["staticIp"] == "10.0.0.4"


def test_nodes_that_always_run_take_an_address_each(apps: Apps) -> None:
    big = {"name": "big", "workloadProfileType": "D4", "minimumCount": 3, "maximumCount": 5}
    apps.create(**vnet(apps.network()), workloadProfiles=[CONSUMPTION, big])
    assert apps.free() == 15


def test_an_environment_that_does_not_fit_is_refused(apps: Apps) -> None:
    big = {"name": "big", "workloadProfileType": "D4", "minimumCount": 19, "maximumCount": 19}
    refused = apps.environment(**vnet(apps.network()), workloadProfiles=[big])
    assert (refused.status, refused.code) == (400, "SubnetIsFull")
    assert apps.arm("GET", ENVIRONMENT).status == 404


def test_the_subnet_must_be_delegated(apps: Apps) -> None:
    refused = apps.environment(**vnet(apps.network(delegated=False)))
    assert (refused.status, refused.code) == (400, "ManagedEnvironmentSubnetDelegationError")


def test_a_consumption_only_environment_takes_a_subnet_without_delegation_but_a_large_one(apps: Apps) -> None:
    small = apps.network(delegated=False, prefix="10.0.0.0/24")
    refused = apps.environment(**vnet(small), workloadProfiles=None)
    assert refused.code == "ManagedEnvironmentInvalidSubnetSize"
    large = apps.network(delegated=False, prefix="10.0.0.0/23")
    assert apps.create(**vnet(large), workloadProfiles=None)["properties"]["workloadProfiles"] is None
    assert apps.free() == 512 - 5 - 60


def test_a_subnet_of_a_28_is_too_small(apps: Apps) -> None:
    refused = apps.environment(**vnet(apps.network(prefix="10.0.0.0/28")))
    assert refused.code == "ManagedEnvironmentInvalidSubnetSize"


def test_a_second_environment_in_the_subnet_is_refused(apps: Apps) -> None:
    subnet = apps.network()
    apps.create(**vnet(subnet))
    refused = apps.environment("other", **vnet(subnet))
    assert (refused.status, refused.code) == (409, "SubnetAlreadyInUse")


def test_the_subnet_stays_while_the_environment_does(apps: Apps) -> None:
    subnet = apps.network()
    apps.create(**vnet(subnet))
    assert apps.arm("DELETE", subnet).code == "InUseSubnetCannotBeDeleted"
    apps.arm.delete(ENVIRONMENT)
    apps.arm.delete(subnet)


@pytest.mark.parametrize(
    ("change", "target"),
    [
        ({"vnetConfiguration": None}, "properties.vnetConfiguration"),
        ({"zoneRedundant": False}, "properties.zoneRedundant"),
        ({"infrastructureResourceGroup": "other"}, "properties.infrastructureResourceGroup"),
        ({"workloadProfiles": []}, "properties.workloadProfiles"),
    ],
)
def test_what_is_fixed_after_creation_cannot_change(apps: Apps, change: dict[str, Any], target: str) -> None:
    stated = {**vnet(apps.network(prefix="10.0.0.0/23")), "zoneRedundant": True, "infrastructureResourceGroup": "ME"}
    apps.create(**stated)
    if change == {"vnetConfiguration": None}:
        change = {**change, "zoneRedundant": None}
    refused = apps.environment(**{**stated, **change})
    assert (refused.status, refused.code) == (409, "PropertyChangeNotAllowed")
    assert refused.body["error"]["target"] == target


@pytest.mark.parametrize(
    ("properties", "code"),
    [
        ({"zoneRedundant": True}, "ManagedEnvironmentInvalidZoneRedundancy"),
        ({"appLogsConfiguration": {"destination": "syslog"}}, "ManagedEnvironmentInvalidLogDestination"),
        (
            {"appLogsConfiguration": {"destination": "log-analytics"}},
            "ManagedEnvironmentInvalidLogAnalyticsConfiguration",
        ),
        ({"workloadProfiles": [{"name": "x", "workloadProfileType": "D5X"}]}, "WorkloadProfileTypeNotSupported"),
        ({"workloadProfiles": [{"name": "x", "workloadProfileType": "D4"}]}, "WorkloadProfileInvalidCount"),
        ({"workloadProfiles": [CONSUMPTION, CONSUMPTION]}, "WorkloadProfileDuplicateName"),
    ],
)
def test_an_environment_is_refused(apps: Apps, properties: dict[str, Any], code: str) -> None:
    refused = apps.environment(**properties)
    assert (refused.status, refused.code) == (400, code)


def test_an_internal_environment_is_closed_and_stays_so(apps: Apps) -> None:
    subnet = apps.network()
    refused = apps.environment(**vnet(subnet), publicNetworkAccess="Enabled")
    assert refused.code == "ManagedEnvironmentInvalidNetworkConfiguration"
    assert apps.create(**vnet(subnet))["properties"]["publicNetworkAccess"] == "Disabled"


def test_a_profile_with_gpus_of_its_own_comes_with_the_environment_or_never(apps: Apps) -> None:
    gpu = {"name": "gpu", "workloadProfileType": "NC24-A100", "minimumCount": 0, "maximumCount": 1}
    apps.create()
    assert apps.environment(workloadProfiles=[CONSUMPTION, gpu]).code == "WorkloadProfileCannotBeAdded"
    apps.create("other", workloadProfiles=[CONSUMPTION, gpu])


def test_secrets_are_taken_and_never_shown_nor_journalled(apps: Apps) -> None:
    logs = {"destination": "log-analytics", "logAnalyticsConfiguration": {"customerId": "c", "sharedKey": "hush"}}
    telemetry = {
        "destinationsConfiguration": {
            "dataDogConfiguration": {"site": "eu", "key": "hush"},
            "otlpConfigurations": [{"name": "e", "endpoint": "x", "headers": [{"key": "api-key", "value": "hush"}]}],
        }
    }
    created = apps.create(
        appLogsConfiguration=logs,
        openTelemetryConfiguration=telemetry,
        appInsightsConfiguration={"connectionString": "hush"},
    )
    assert "hush" not in str(created)
    assert apps.arm.cloud is not None
    assert "hush" not in str(apps.arm.cloud.store.requests())


def test_an_environment_goes_only_when_nothing_runs_in_it(apps: Apps) -> None:
    apps.registry()
    apps.create()
    apps.finished(apps.app())
    assert (apps.arm("DELETE", ENVIRONMENT).status, apps.arm("DELETE", ENVIRONMENT).code) == (
        409,
        "ManagedEnvironmentHasChildResources",
    )
    apps.arm.delete(f"{PROVIDER}/containerApps/web")
    apps.arm.delete(ENVIRONMENT)
    assert apps.arm("GET", ENVIRONMENT).status == 404


def test_a_profile_that_an_app_runs_on_stays(apps: Apps) -> None:
    apps.registry()
    big = {"name": "big", "workloadProfileType": "D4", "minimumCount": 0, "maximumCount": 1}
    apps.create(workloadProfiles=[CONSUMPTION, big])
    body = apps.app_body()
    body["properties"]["workloadProfileName"] = "big"
    apps.finished(apps.app(body))
    refused = apps.environment()
    assert (refused.status, refused.code) == (409, "WorkloadProfileInUse")


def endpoint(apps: Apps, **more: Any) -> Any:
    connection = {
        "name": "pe",
        "properties": {"privateLinkServiceId": ENVIRONMENT, "groupIds": ["managedEnvironments"]},
    }
    properties = {
        "subnet": {"id": f"{NETWORK}/virtualNetworks/vnet/subnets/endpoints"},
        "privateLinkServiceConnections": [connection],
    }
    body = {"location": "eastus", "properties": {**properties, **more}}
    return apps.arm("PUT", f"{NETWORK}/privateEndpoints/pe", body)


def test_a_private_endpoint_gives_all_names_of_the_environment_one_address_and_two_records(apps: Apps) -> None:
    apps.network()
    created = apps.create(publicNetworkAccess="Disabled")
    assert endpoint(apps).status == 201
    assert apps.arm.members("pe") == {"managedEnvironments": "10.0.16.4"}
    zone = f"{NETWORK}/privateDnsZones/privatelink.eastus.azurecontainerapps.io"
    apps.arm("PUT", zone, {"location": "global"})
    config = {"name": "e", "properties": {"privateDnsZoneId": zone}}
    apps.arm.put(
        f"{NETWORK}/privateEndpoints/pe/privateDnsZoneGroups/default",
        {"properties": {"privateDnsZoneConfigs": [config]}},
    )
    label = created["properties"]["defaultDomain"].partition(".")[0]
    for record in (label, f"*.{label}"):
        assert apps.arm.get(f"{zone}/A/{record}")["properties"]["aRecords"] == [{"ipv4Address": "10.0.16.4"}]
    (connection,) = apps.arm.get(ENVIRONMENT)["properties"]["privateEndpointConnections"]
    assert connection["properties"]["privateLinkServiceConnectionState"]["status"] == "Approved"


def test_a_private_endpoint_is_refused_while_public_access_is_on(apps: Apps) -> None:
    apps.network()
    apps.create()
    assert endpoint(apps).code == "ManagedEnvironmentPublicNetworkAccessEnabled"


def test_a_group_with_an_environment_is_deleted_whole_and_gives_addresses_back(apps: Apps) -> None:
    apps.create(**vnet(apps.network()))
    apps.arm.delete(GROUP)
    assert apps.arm.ids() == []
