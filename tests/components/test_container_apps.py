"""Environments, apps, jobs, routes and their private endpoints: what is registered, and what is not said in plain text."""

from collections.abc import Callable
from typing import Any

import pulumi
import pytest
from pydantic import SecretStr

from components.container_apps.app import App
from components.container_apps.containers import Pull
from components.container_apps.environment import Environment
from components.container_apps.job import Job
from components.container_apps.private_endpoint import EnvironmentEndpoint
from components.container_apps.route_spec import RoutesSpec
from components.container_apps.routes import Routes
from components.container_apps.spec import EnvironmentSpec
from components.container_apps.workload_spec import AppSpec, JobSpec
from components.testing import Recording

Record = Callable[..., Recording]

HOST = "contoso.westeurope.geo.azurecr.io"
PULL = Pull(host=HOST, identity_ids={"puller": "/puller", "worker": "/worker"})
PLACE: dict[str, Any] = {"location": "westeurope", "resource_group_name": "rg", "tags": {"owner": "platform"}}
ANSWERS = {key: {"identity": {"type": "UserAssigned", "userAssignedIdentities": {}}} for key in ("ContainerApp", "Job")}
"""Azure answers an identity's ids as a map where the program gives a list."""

ONE: dict[str, Any] = {"identity": "puller", "containers": {"web": {"image": "team-a/web:1"}}}


def environment(record: Record, stated: dict[str, Any], subnet: str | None = None) -> Recording:
    spec = EnvironmentSpec.model_validate(stated)
    workspace = "/workspace" if spec.diagnostics else None
    return record(
        lambda: Environment("e", spec, environment_name="cae-x", subnet_id=subnet, workspace_id=workspace, **PLACE)
    )


def body(record: Record, stated: dict[str, Any], subnet: str | None = None) -> dict[str, Any]:
    return dict(environment(record, stated, subnet).one("app:ManagedEnvironment").inputs)


def app(record: Record, **stated: Any) -> dict[str, Any]:
    spec = AppSpec.model_validate({**ONE, **stated})
    recording = record(
        lambda: App("a", spec, app_name="web", environment_id="/env", profile="Consumption", pull=PULL, **PLACE),
        answers=ANSWERS,
    )
    return dict(recording.one("app:ContainerApp").inputs)


def test_an_orchestrator_receives_its_task_hub_beside_what_its_containers_state(record: Record) -> None:
    containers = {"web": {"image": "team-a/web:1", "env": {"LEVEL": "info"}}}
    init = {"first": {"image": "team-a/first:1"}}
    stated = {"identity": "puller", "containers": containers, "init_containers": init}
    spec = AppSpec.model_validate({**stated, "task_hub": {"scheduler": "main", "hub": "jobs"}})

    def program() -> App:
        report = {"DTS_ENDPOINT": pulumi.Output.from_input("https://dts"), "DTS_TASK_HUB": "jobs"}
        return App("a", spec, app_name="web", environment_id="/env", profile=None, pull=PULL, env=report, **PLACE)

    recording = record(program, answers=ANSWERS)
    template = recording.one("app:ContainerApp").inputs["template"]
    assert template["containers"][0]["env"] == [
        {"name": "LEVEL", "value": "info"},
        {"name": "DTS_ENDPOINT", "value": "https://dts"},
        {"name": "DTS_TASK_HUB", "value": "jobs"},
    ]
    assert "env" not in template["initContainers"][0]


def job(record: Record, **stated: Any) -> dict[str, Any]:
    spec = JobSpec.model_validate({**ONE, **stated})
    recording = record(
        lambda: Job("j", spec, job_name="job", environment_id="/env", profile="Consumption", pull=PULL, **PLACE),
        answers=ANSWERS,
    )
    return dict(recording.one("app:Job").inputs)


@pytest.mark.parametrize(("stated", "ignored"), [({}, ()), ({"images": "pipeline"}, ("template.containers[*].image",))])
def test_images_that_a_pipeline_sets_are_no_difference(
    record: Record, stated: dict[str, Any], ignored: tuple[str, ...]
) -> None:
    def program() -> None:
        placed = {"environment_id": "/env", "profile": None, "pull": PULL, **PLACE}
        App("a", AppSpec.model_validate({**ONE, **stated}), app_name="web", **placed)
        Job("j", JobSpec.model_validate({**ONE, **stated}), job_name="job", **placed)

    recording = record(program, answers=ANSWERS)
    assert recording.one("app:ContainerApp").ignore_changes == ignored
    assert recording.one("app:Job").ignore_changes == ignored


def test_an_environment_with_a_subnet_is_internal_zone_redundant_encrypted_and_closed(record: Record) -> None:
    assert body(record, {"network": "n", "subnet": "s"}, "/subnet") == {
        "environmentName": "cae-x",
        "resourceGroupName": "rg",
        "location": "westeurope",
        "tags": {"owner": "platform"},
        "vnetConfiguration": {"infrastructureSubnetId": "/subnet", "internal": True},
        "zoneRedundant": True,
        "publicNetworkAccess": "Disabled",
        "peerAuthentication": {"mtls": {"enabled": True}},
        "peerTrafficConfiguration": {"encryption": {"enabled": True}},
        "workloadProfiles": [{"name": "Consumption", "workloadProfileType": "Consumption"}],
    }


def test_an_environment_spans_no_zones_where_its_region_has_none(record: Record) -> None:
    placed = {**PLACE, "location": "westus"}
    spec = EnvironmentSpec.model_validate({"network": "n", "subnet": "s"})
    recording = record(
        lambda: Environment("e", spec, environment_name="cae-x", subnet_id="/s", workspace_id=None, **placed),
        answers=ANSWERS,
    )
    assert recording.one("app:ManagedEnvironment").inputs["zoneRedundant"] is False


def test_an_environment_without_a_subnet_is_open_and_in_one_zone(record: Record) -> None:
    found = body(record, {})
    assert (found["publicNetworkAccess"], found["zoneRedundant"]) == ("Enabled", False)
    assert "vnetConfiguration" not in found


def test_a_consumption_only_environment_says_nothing_of_profiles(record: Record) -> None:
    found = body(record, {"kind": "consumption_only"})
    assert not {"workloadProfiles", "publicNetworkAccess"} & set(found)


def test_profiles_with_nodes_have_counts_and_others_have_none(record: Record) -> None:
    profiles = {"big": {"type": "D4", "fips": True}, "gpu": {"type": "Consumption-GPU-NC8as-T4"}}
    assert body(record, {"profiles": profiles})["workloadProfiles"][1:] == [
        {"name": "big", "workloadProfileType": "D4", "minimumCount": 1, "maximumCount": 3, "enableFips": True},
        {"name": "gpu", "workloadProfileType": "Consumption-GPU-NC8as-T4"},
    ]


def test_an_environment_is_replaced_when_it_gains_or_loses_its_network_and_is_protected(record: Record) -> None:
    found = environment(record, {}).one("app:ManagedEnvironment")
    assert found.replace_on_changes == ("vnetConfiguration",)
    assert found.protect
    assert not environment(record, {"protect": False}).one("app:ManagedEnvironment").protect


def test_logs_go_by_azure_monitor_without_a_workspace_key(record: Record) -> None:
    recording = environment(record, {"diagnostics": {"workspace": "main"}})
    assert recording.one("app:ManagedEnvironment").inputs["appLogsConfiguration"] == {"destination": "azure-monitor"}
    setting = recording.one("monitor:DiagnosticSetting").inputs
    assert setting["workspaceId"] == "/workspace"
    assert {entry["category"] for entry in setting["logs"]} == {
        "ContainerAppConsoleLogs",
        "ContainerAppSystemLogs",
        "ContainerAppHTTPLogs",
    }
    assert setting["metrics"] == [{"category": "AllMetrics", "enabled": True}]
    assert environment(record, {}).of_type("monitor:DiagnosticSetting") == []


TELEMETRY = {
    "application_insights": SecretStr("InstrumentationKey=in-clear"),
    "datadog": {"site": "datadoghq.eu", "key": SecretStr("in-clear")},
    "otlp": {"elastic": {"endpoint": "elastic:4317", "headers": {"api-key": SecretStr("in-clear")}}},
    "traces": ["application_insights", "datadog", "elastic"],
    "logs": ["application_insights", "elastic"],
    "metrics": ["datadog"],
    "dapr_traces": True,
}


SECRET = "1b47061264138c4ac30d75fd1eb44270"
"""What the engine knows a secret by."""


def test_telemetry_names_its_destinations_as_arm_does(record: Record) -> None:
    found = body(record, {"telemetry": TELEMETRY})["openTelemetryConfiguration"]["value"]
    assert found["tracesConfiguration"] == {"destinations": ["appInsights", "dataDog", "elastic"], "includeDapr": True}
    assert found["logsConfiguration"] == {"destinations": ["appInsights", "elastic"]}
    assert found["metricsConfiguration"] == {"destinations": ["dataDog"], "includeKeda": False}


def test_telemetrys_secrets_reach_the_engine_as_secrets(record: Record) -> None:
    found = body(record, {"telemetry": TELEMETRY})
    for member in ("appInsightsConfiguration", "openTelemetryConfiguration"):
        assert SECRET in found[member].values()
    assert "in-clear" not in str({key: value for key, value in found.items() if SECRET not in str(value)})


def test_an_app_pulls_from_the_co_located_host_by_an_identity_that_its_code_cannot_use(record: Record) -> None:
    found = app(record)
    assert found["template"]["containers"][0]["image"] == f"{HOST}/team-a/web:1"
    assert found["identity"] == {"type": "UserAssigned", "userAssignedIdentities": ["/puller"]}
    assert found["configuration"]["registries"] == [{"server": HOST, "identity": "/puller"}]
    assert found["configuration"]["identitySettings"] == [{"identity": "/puller", "lifecycle": "None"}]


def test_an_identity_that_pulls_and_is_acted_as_is_not_kept_from_the_code(record: Record) -> None:
    found = app(record, identities=["puller", "worker"])
    assert found["identity"]["userAssignedIdentities"] == ["/puller", "/worker"]
    assert "identitySettings" not in found["configuration"]


def test_secrets_are_references_to_key_vault(record: Record) -> None:
    url = "https://contoso.vault.azure.net/secrets/token"
    found = app(
        record,
        identities=["worker"],
        secrets={"token": {"key_vault_url": url, "identity": "worker"}, "other": {"key_vault_url": url}},
        containers={"web": {"image": "web:1", "env": {"TOKEN": {"secret": "token"}, "MODE": "prod"}}},
    )
    assert found["configuration"]["secrets"] == [
        {"name": "token", "keyVaultUrl": url, "identity": "/worker"},
        {"name": "other", "keyVaultUrl": url, "identity": "/puller"},
    ]
    assert found["template"]["containers"][0]["env"] == [
        {"name": "TOKEN", "secretRef": "token"},
        {"name": "MODE", "value": "prod"},
    ]


def test_an_app_without_ingress_is_reached_by_nobody(record: Record) -> None:
    assert "ingress" not in app(record)["configuration"]


def test_ingress_is_https_within_the_environment_by_default(record: Record) -> None:
    assert app(record, ingress={"target_port": 8080})["configuration"]["ingress"] == {
        "external": False,
        "targetPort": 8080,
        "transport": "auto",
        "allowInsecure": False,
        "clientCertificateMode": "ignore",
        "stickySessions": {"affinity": "none"},
        "traffic": [{"weight": 100, "latestRevision": True}],
    }


def test_traffic_is_shared_out_over_revisions_by_their_suffix(record: Record) -> None:
    shares = [{"weight": 90}, {"weight": 10, "revision": "v2", "label": "next"}]
    found = app(record, revisions="Multiple", ingress={"target_port": 80, "traffic": shares})
    assert found["configuration"]["ingress"]["traffic"] == [
        {"weight": 90, "latestRevision": True},
        {"weight": 10, "revisionName": "web--v2", "label": "next"},
    ]


def test_scale_rules_are_of_requests_connections_or_kedas(record: Record) -> None:
    rules = {
        "http": {"http_concurrent_requests": 50},
        "tcp": {"tcp_concurrent_connections": 20},
        "queue": {"type": "azure-servicebus", "metadata": {"namespace": "b", "queueName": "q"}, "identity": "worker"},
    }
    found = app(record, identities=["worker"], ingress={"target_port": 80}, scale={"max_replicas": 30, "rules": rules})
    assert found["template"]["scale"] == {
        "minReplicas": 1,
        "maxReplicas": 30,
        "rules": [
            {"name": "http", "http": {"metadata": {"concurrentRequests": "50"}}},
            {"name": "tcp", "tcp": {"metadata": {"concurrentConnections": "20"}}},
            {
                "name": "queue",
                "custom": {
                    "type": "azure-servicebus",
                    "metadata": {"namespace": "b", "queueName": "q"},
                    "identity": "/worker",
                },
            },
        ],
    }


def test_probes_are_http_with_a_path_and_tcp_without(record: Record) -> None:
    probes = {"liveness": {"port": 80, "path": "/live"}, "startup": {"port": 80}}
    container = {"web": {"image": "web:1", "probes": probes}}
    live, start = app(record, containers=container)["template"]["containers"][0]["probes"]
    assert (live["type"], live["httpGet"]) == ("Liveness", {"path": "/live", "port": 80, "scheme": "HTTP"})
    assert (start["type"], start["tcpSocket"]) == ("Startup", {"port": 80})


def test_a_sidecar_of_dapr_has_the_apps_id(record: Record) -> None:
    found = app(record, dapr={"app_id": "orders", "app_port": 80})["configuration"]["dapr"]
    assert found == {
        "enabled": True,
        "appId": "orders",
        "appPort": 80,
        "appProtocol": "http",
        "logLevel": "info",
    }


@pytest.mark.parametrize(
    ("stated", "trigger", "member"),
    [
        ({}, "Manual", "manualTriggerConfig"),
        ({"schedule": "0 3 * * *"}, "Schedule", "scheduleTriggerConfig"),
        ({"events": {"q": {"type": "azure-queue", "metadata": {"queueName": "q"}}}}, "Event", "eventTriggerConfig"),
    ],
)
def test_a_job_says_what_starts_it(record: Record, stated: dict[str, Any], trigger: str, member: str) -> None:
    found = job(record, **stated)["configuration"]
    assert found["triggerType"] == trigger
    assert [key for key in found if key.endswith("TriggerConfig")] == [member]
    assert (found["replicaTimeout"], found["replicaRetryLimit"]) == (1800, 0)


def test_an_events_job_starts_no_more_executions_than_it_may(record: Record) -> None:
    found = job(record, events={"q": {"type": "azure-queue", "metadata": {"queueName": "q"}}}, max_executions=4)[
        "configuration"
    ]["eventTriggerConfig"]
    assert (found["scale"]["minExecutions"], found["scale"]["maxExecutions"]) == (0, 4)


def test_routes_lead_to_apps_in_shares(record: Record) -> None:
    spec = RoutesSpec.model_validate(
        {
            "rules": [
                {
                    "matches": [{"path_separated_prefix": "/api", "rewrite": "/"}],
                    "targets": [{"app": "web", "weight": 90}, {"app": "next", "weight": 10, "revision": "v2"}],
                }
            ]
        }
    )
    recording = record(
        lambda: Routes("r", spec, route_name="shop", environment_name="cae-x", resource_group_name="rg", after=[]),
        answers={"HttpRouteConfig": {"properties": {"fqdn": "shop.example"}}},
    )
    found = recording.one("app:HttpRouteConfig").inputs
    assert found["httpRouteName"] == "shop"
    assert found["properties"]["rules"] == [
        {
            "routes": [
                {
                    "match": {"pathSeparatedPrefix": "/api", "caseSensitive": True},
                    "action": {"prefixRewrite": "/"},
                }
            ],
            "targets": [
                {"containerApp": "web", "weight": 90},
                {"containerApp": "next", "weight": 10, "revision": "next--v2"},
            ],
        }
    ]
    assert recording.component_outputs("r")["fqdn"] == "shop.example"


def test_an_environments_private_endpoint_feeds_the_regions_zone(record: Record) -> None:
    recording = record(
        lambda: EnvironmentEndpoint(
            "p",
            endpoint_name="pe-x",
            interface_name="nic-x",
            service_id="/env",
            subnet_id="/subnet",
            zone_id="/zone",
            **PLACE,
        )
    )
    connection = recording.one("network:PrivateEndpoint").inputs["privateLinkServiceConnections"]
    assert connection == [{"name": "pe-x", "privateLinkServiceId": "/env", "groupIds": ["managedEnvironments"]}]
    group = recording.one("network:PrivateDnsZoneGroup").inputs
    assert [entry["privateDnsZoneId"] for entry in group["privateDnsZoneConfigs"]] == ["/zone"]
