"""What the descriptions of environments, apps and jobs refuse by themselves."""

from typing import Any

import pytest
from pydantic import ValidationError

from components.container_apps.ingress_spec import TrafficSpec
from components.container_apps.route_spec import RouteMatchSpec, RouteTargetSpec
from components.container_apps.spec import EnvironmentSpec, OtlpSpec
from components.container_apps.workload_spec import AppSpec, DaprSpec, JobSpec

ONE: dict[str, Any] = {"identity": "puller", "containers": {"web": {"image": "team-a/web:1"}}}
SHARED: dict[str, Any] = {**ONE, "revisions": "Multiple"}

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
    "a profile that is there by itself": ({"profiles": {"Consumption": {"type": "D4"}}}, "always exists"),
    "a profile's name that is too long": (
        {"profiles": {"p" * 16: {"type": "D4"}}},
        f"profiles.{'p' * 16}: '{'p' * 16}' is not a name for a workload profile: 1 to 15 characters",
    ),
    "a profile's name with a dot": (
        {"profiles": {"big.one": {"type": "D4"}}},
        "starting with a letter and ending with a letter or digit (it has 7) [CAE-20]",
    ),
    "a profile that is named as the type of another": (
        {"profiles": {"Consumption-GPU-NC8as-T4": {"type": "D4"}}},
        "is not a name for a workload profile",
    ),
    "a suffix too long for its app": (
        {"apps": {"web": {**ONE, "revision_suffix": "r" * 52}}},
        f"apps.web.revision_suffix: {'r' * 52} has 52 characters, 55 with the name web, which may have 54 together",
    ),
    "a share of a revision that cannot be": (
        {
            "apps": {
                "web": {**SHARED, "ingress": {"target_port": 80, "traffic": [{"weight": 100, "revision": "r" * 52}]}}
            }
        },
        "apps.web.ingress.traffic.0.revision: ",
    ),
    "a route to a revision that cannot be": (
        {
            "apps": {"web": {**ONE, "ingress": {"target_port": 80}}},
            "http_routes": {
                "shop": {"rules": [{"matches": [{"path": "/"}], "targets": [{"app": "web", "revision": "r" * 52}]}]}
            },
        },
        "http_routes.shop.rules.0.targets.0.revision: ",
    ),
    "an app's bad name": ({"apps": {"Web": ONE}}, "apps.Web: 'Web' is not a name for a container app"),
    "a double hyphen": ({"apps": {"a--b": ONE}}, "is not a name for a container app"),
    "an unknown profile": ({"apps": {"web": {**ONE, "profile": "big"}}}, "there is no workload profile 'big'"),
    "a size that does not fit": (
        {"apps": {"web": {**ONE, "containers": {"c": {"image": "a:1", "cpu": 1, "memory_gib": 1}}}}},
        "give 1 vCPU and 2 GiB",
    ),
    "an app and a job of one name": ({"apps": {"web": ONE}, "jobs": {"web": ONE}}, "is the name of an app already"),
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
    "a route configuration with the host name of an app": (
        {
            "apps": {"shop": {**ONE, "ingress": {"target_port": 80, "external": True}}},
            "http_routes": {"shop": {"rules": [{"matches": [{"path": "/"}], "targets": [{"app": "shop"}]}]}},
        },
        "http_routes.shop: is the name of an external app too",
    ),
    "one match in two rules": (
        {
            "apps": {"web": {**ONE, "ingress": {"target_port": 80}}},
            "http_routes": {
                "shop": {
                    "rules": [
                        {"matches": [{"path": "/"}], "targets": [{"app": "web"}]},
                        {"matches": [{"path": "/", "rewrite": "/new"}], "targets": [{"app": "web"}]},
                    ]
                }
            },
        },
        "http_routes.shop.rules.1.matches.0: is matched by rules.0 already",
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
        "application_insights does not accept the agent's metrics",
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


@pytest.mark.parametrize("endpoint", ["elastic:0", "elastic:65536", "https://otlp.eu.contoso.com:99999/v1"])
def test_endpoints_of_otlp_have_a_port_that_there_is(endpoint: str) -> None:
    assert OtlpSpec(endpoint="elastic:65535").endpoint == "elastic:65535"
    with pytest.raises(ValidationError, match="write one from 1 to 65535"):
        OtlpSpec(endpoint=endpoint)


def test_names_at_their_longest_are_taken() -> None:
    whole = EnvironmentSpec.model_validate(
        {
            "profiles": {"p" * 15: {"type": "D4"}, "Consumption-GPU-NC8as-T4": {"type": "Consumption-GPU-NC8as-T4"}},
            "apps": {
                "web": {
                    **SHARED,
                    "revision_suffix": "r" * 51,
                    "secrets": {"t" * 253: {"key_vault_url": "https://v.vault.azure.net/secrets/t"}},
                    "ingress": {"target_port": 80, "traffic": [{"weight": 100, "revision": "r" * 51}]},
                }
            },
        }
    )
    assert whole.apps["web"].revision_suffix == "r" * 51


@pytest.mark.parametrize("suffix", ["", "V2", "v2-", "-v2", "v.2", "web--v2"])
def test_a_revision_is_named_by_its_suffix_alone(suffix: str) -> None:
    assert TrafficSpec(weight=100, revision="0b699ef-2").revision == "0b699ef-2"
    with pytest.raises(ValidationError, match="without the app's name before it; write one such as v2"):
        TrafficSpec(weight=100, revision=suffix)
    with pytest.raises(ValidationError, match="is not a revision suffix"):
        AppSpec.model_validate({**ONE, "revision_suffix": suffix})
    with pytest.raises(ValidationError, match="is not a revision suffix"):
        RouteTargetSpec(app="web", revision=suffix)


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
    "a secret that is not there": (
        {"containers": {"c": {"image": "a:1", "env": {"T": {"secret": "t"}}}}},
        "there is no secret 't'",
    ),
    "a secret's name with a dot": (
        {"secrets": {"my.token": {"key_vault_url": "https://v.vault.azure.net/secrets/t"}}},
        "secrets.my.token: 'my.token' is not a name for a secret of an app or a job: 1 to 253 characters",
    ),
    "a secret's name too long": (
        {"secrets": {"t" * 254: {"key_vault_url": "https://v.vault.azure.net/secrets/t"}}},
        "(it has 254) [CAE-22]",
    ),
    "a variable's name": (
        {"containers": {"c": {"image": "a:1", "env": {"Logging:Level": "x"}}}},
        "containers.c.env.Logging:Level: 'Logging:Level' is not an environment variable name",
    ),
    "a variable's name in an init container": (
        {"init_containers": {"i": {"image": "a:1", "env": {"1MODE": "x"}}}},
        "init_containers.i.env.1MODE: '1MODE' is not an environment variable name",
    ),
    "a secret by somebody else's identity": (
        {"secrets": {"t": {"key_vault_url": "https://v.vault.azure.net/secrets/t", "identity": "worker"}}},
        "worker is not among the workload's identities",
    ),
    "probes of an init container": (
        {"init_containers": {"i": {"image": "a:1", "probes": {"liveness": {"port": 1}}}}},
        "ends before it could be probed",
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
        "'office' is not an address or a range; write one such as 203.0.113.0/24 [CAE-12]",
    ),
    "an init container of a container's name": (
        {"init_containers": {"web": {"image": "a:1"}}, "containers": {"web": {"image": "a:1"}}},
        "init_containers.web: is the name of a container too",
    ),
    "a label of a revision with tcp": (
        {
            "revisions": "Multiple",
            "ingress": {"target_port": 8080, "transport": "tcp", "traffic": [{"weight": 100, "label": "blue"}]},
        },
        "traffic.0.label: blue, but revisions have no labels with transport tcp",
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
        ({"schedule": "0 3 * *"}, "schedule: '0 3 * *' is not a cron expression with five fields"),
        ({"schedule": "0 24 * * *"}, "schedule: '0 24 * * *': '24' is not a valid hour; write 0 to 23 [CAE-24]"),
        ({"schedule": "0 3 * * *", "events": {"q": {"type": "cron"}}}, "is beside a schedule"),
        ({"events": {"q": {"http_concurrent_requests": 1}}}, "by a KEDA scaler only"),
    ],
)
def test_a_job_refuses(stated: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        JobSpec.model_validate({**ONE, **stated})
    assert message in str(refusal.value)


def test_a_secret_that_is_in_plain_text_is_refused() -> None:
    with pytest.raises(ValidationError, match="is in plain text") as refusal:
        EnvironmentSpec.model_validate({"telemetry": {"application_insights": "InstrumentationKey=1"}})
    assert "secure:" in str(refusal.value)
