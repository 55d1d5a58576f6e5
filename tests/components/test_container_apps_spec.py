"""What the descriptions of environments, apps and jobs refuse by themselves."""

from typing import Any

import pytest
from pydantic import ValidationError

from components.container_apps.spec import EnvironmentSpec, OtlpSpec, RouteMatchSpec
from components.container_apps.workload_spec import AppSpec, DaprSpec, JobSpec

ONE: dict[str, Any] = {"identity": "puller", "containers": {"web": {"image": "team-a/web:1"}}}

REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "a subnet without a network": ({"subnet": "s"}, "network: is missing"),
    "internal without a subnet": ({"internal": True}, "internal: true needs a network"),
    "zones without a subnet": ({"zone_redundant": True}, "zone_redundant: true needs a network"),
    "open though internal": (
        {"network": "n", "subnet": "s", "public_network_access": "Enabled"},
        "Enabled, but the environment is internal",
    ),
    "open beside a private endpoint": (
        {"public_network_access": "Enabled", "private_endpoints": {"w": {"network": "n", "subnet": "e"}}},
        "a private endpoint works only when it is Disabled",
    ),
    "express": ({"kind": "express"}, "environmentMode of API 2026-07-01"),
    "profiles where there are none": (
        {"kind": "consumption_only", "profiles": {"big": {"type": "D4"}}},
        "profiles: consumption_only has none",
    ),
    "a profile that is there by itself": ({"profiles": {"Consumption": {"type": "D4"}}}, "is there by itself"),
    "an app's bad name": ({"apps": {"Web": ONE}}, "apps.Web: 'Web' is not a name for a container app"),
    "a double hyphen": ({"apps": {"a--b": ONE}}, "is not a name for a container app"),
    "an unknown profile": ({"apps": {"web": {**ONE, "profile": "big"}}}, "there is no workload profile 'big'"),
    "a size that does not fit": (
        {"apps": {"web": {**ONE, "containers": {"c": {"image": "a:1", "cpu": 1, "memory_gib": 1}}}}},
        "give 1 vCPU and 2 GiB",
    ),
    "an app and a job of one name": ({"apps": {"web": ONE}, "jobs": {"web": ONE}}, "is an app's name already"),
    "a route to nowhere": (
        {"http_routes": {"shop": {"rules": [{"matches": [{"path": "/"}], "targets": [{"app": "web"}]}]}}},
        "there is no app 'web'",
    ),
    "a route to an app without ingress": (
        {
            "apps": {"web": ONE},
            "http_routes": {"shop": {"rules": [{"matches": [{"path": "/"}], "targets": [{"app": "web"}]}]}},
        },
        "web has no ingress",
    ),
    "telemetry to nowhere": ({"telemetry": {"traces": ["elastic"]}}, "there is no destination 'elastic'"),
    "an app on Flex that idles": (
        {
            "profiles": {"flex": {"type": "Flex"}},
            "apps": {"web": {**ONE, "profile": "flex", "scale": {"min_replicas": 0}}},
        },
        "cannot scale to zero",
    ),
    "metrics to Application Insights": (
        {"telemetry": {"application_insights": {"secure": "v1"}, "metrics": ["application_insights"]}},
        "application_insights takes no metrics",
    ),
}


@pytest.mark.parametrize(("stated", "message"), REFUSED.values(), ids=REFUSED)
def test_an_environment_refuses(stated: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        EnvironmentSpec.model_validate(stated)
    assert message in str(refusal.value)


def test_endpoints_of_otlp_are_hosts_with_a_port_or_urls() -> None:
    for endpoint in ("elastic:4317", "https://otlp.eu.contoso.com", "http://10.0.0.4:4318/v1/traces"):
        assert OtlpSpec(endpoint=endpoint).endpoint == endpoint
    for endpoint in ("", "elastic 4317", "ftp://a", "https://", "elastic:port", "-a:1"):
        with pytest.raises(ValidationError, match="should match pattern"):
            OtlpSpec(endpoint=endpoint)


@pytest.mark.parametrize("form", ["prefix", "path", "path_separated_prefix", "rewrite"])
def test_a_route_matches_what_starts_with_a_slash(form: str) -> None:
    whole = {"prefix": "/"} if form == "rewrite" else {}
    assert getattr(RouteMatchSpec.model_validate({**whole, form: "/api"}), form) == "/api"
    with pytest.raises(ValidationError, match="should match pattern"):
        RouteMatchSpec.model_validate({**whole, form: "api"})


@pytest.mark.parametrize("app_id", ["", "Orders", "orders.web", "-orders", "o" * 59])
def test_an_app_id_of_dapr_is_the_name_of_a_service(app_id: str) -> None:
    assert DaprSpec(app_id="o" * 58).app_id == "o" * 58
    with pytest.raises(ValidationError, match="should match pattern"):
        DaprSpec(app_id=app_id)


REFUSED_APPS: dict[str, tuple[dict[str, Any], str]] = {
    "an image with a host": ({"containers": {"c": {"image": "x.azurecr.io/a:1"}}}, "states a host"),
    "a secret that is not there": (
        {"containers": {"c": {"image": "a:1", "env": {"T": {"secret": "t"}}}}},
        "there is no secret 't'",
    ),
    "a secret by somebody else's identity": (
        {"secrets": {"t": {"key_vault_url": "https://v.vault.azure.net/secrets/t", "identity": "worker"}}},
        "worker is not among the workload's identities",
    ),
    "probes of an init container": (
        {"init_containers": {"i": {"image": "a:1", "probes": {"liveness": {"port": 1}}}}},
        "ends before anything is probed",
    ),
    "traffic over one revision": (
        {"ingress": {"target_port": 80, "traffic": [{"weight": 100}]}},
        "write revisions: Multiple",
    ),
    "traffic that is not whole": (
        {"revisions": "Multiple", "ingress": {"target_port": 80, "traffic": [{"weight": 90}]}},
        "weights come to 90; make them 100",
    ),
    "requests without ingress": (
        {"scale": {"rules": {"r": {"http_concurrent_requests": 1}}}},
        "the app has no ingress",
    ),
    "a rule of two kinds": (
        {"scale": {"rules": {"r": {"http_concurrent_requests": 1, "type": "cron"}}}},
        "2 kinds of rule are stated",
    ),
    "fewer at most than at least": (
        {"scale": {"min_replicas": 3, "max_replicas": 2}},
        "3 is more than max_replicas, 2",
    ),
    "a port for clients without tcp": ({"ingress": {"target_port": 80, "exposed_port": 81}}, "transport tcp only"),
    "allow and deny": (
        {
            "ingress": {
                "target_port": 80,
                "ip_rules": {"a": {"range": "203.0.113.0/24"}, "b": {"range": "203.0.113.9", "action": "Deny"}},
            }
        },
        "give all the same action",
    ),
    "a rule for no range": (
        {"ingress": {"target_port": 80, "ip_rules": {"a": {"range": "office"}}}},
        "'office' is no address or range; write one such as 203.0.113.0/24 [CAE-12]",
    ),
    "a container's name": (
        {"containers": {"My App": {"image": "a:1"}}},
        "containers.My App: 'My App' is not a name for a Kubernetes object",
    ),
}


@pytest.mark.parametrize(("stated", "message"), REFUSED_APPS.values(), ids=REFUSED_APPS)
def test_an_app_refuses(stated: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        AppSpec.model_validate({**ONE, **stated})
    assert message in str(refusal.value)


@pytest.mark.parametrize(
    ("stated", "message"),
    [
        ({"schedule": "0 3 * *"}, "no cron expression of five fields"),
        ({"schedule": "0 3 * * *", "events": {"q": {"type": "cron"}}}, "started by its schedule already"),
        ({"events": {"q": {"http_concurrent_requests": 1}}}, "by a scaler of KEDA only"),
    ],
)
def test_a_job_refuses(stated: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        JobSpec.model_validate({**ONE, **stated})
    assert message in str(refusal.value)


def test_a_secret_that_stands_in_clear_is_refused() -> None:
    with pytest.raises(ValidationError, match="stands in clear") as refusal:
        EnvironmentSpec.model_validate({"telemetry": {"application_insights": "InstrumentationKey=1"}})
    assert "secure:" in str(refusal.value)
