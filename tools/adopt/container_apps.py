"""Container Apps environments with their apps and jobs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from local_azure.loading.listings import Listed
from planning.container_apps import CONSUMPTION
from tools.adopt.estate import Estate, Json, dig, keyed, region, stated

ENVIRONMENTS: Final = "Microsoft.App/managedEnvironments"
APPS: Final = "Microsoft.App/containerApps"
JOBS: Final = "Microsoft.App/jobs"
SECTIONS: Final = {APPS: "apps", JOBS: "jobs"}
_SETTINGS: Final = "Microsoft.Insights/diagnosticSettings"
_OF_NODES: Final = ("minimumCount", "maximumCount")


def read(estate: Estate) -> Json:
    """Return the section `container_apps`; networks, identities and monitoring come first."""
    found: Json = {}
    for each in estate.owned(ENVIRONMENTS):
        key, follows = keyed(each, estate.names.managed_environment(""), found)
        estate.describe(("container_apps", key), each)
        found[key] = {**stated(name=None if follows else each.name), **_environment(estate, each)}
    return found


def _environment(estate: Estate, environment: Listed) -> Json:
    shown = environment.properties
    subnet = str(dig(shown, "vnetConfiguration", "infrastructureSubnetId") or "")
    network = estate.key(subnet.rpartition("/subnets/")[0]) if subnet else None
    internal = bool(dig(shown, "vnetConfiguration", "internal"))
    profiles = {str(each.get("name")): each for each in shown.get("workloadProfiles") or ()}
    return stated(
        kind=None if profiles else "consumption_only",
        location=None if network else region(environment),
        network=network,
        subnet=subnet.rpartition("/")[2] or None,
        internal=None if internal == bool(subnet) else internal,
        public_network_access=_access(shown, internal=internal),
        zone_redundant=None if bool(shown.get("zoneRedundant")) == bool(subnet) else bool(shown.get("zoneRedundant")),
        profiles={name: _profile(each) for name, each in profiles.items() if name != CONSUMPTION},
        mtls=bool(dig(shown, "peerAuthentication", "mtls", "enabled")),
        diagnostics=_diagnostics(estate, environment),
        apps=_workloads(estate, environment, APPS, _app),
        jobs=_workloads(estate, environment, JOBS, _job),
    )


def _access(shown: Mapping[str, Any], *, internal: bool) -> str | None:
    found = shown.get("publicNetworkAccess")
    return None if found in (None, "Disabled" if internal else "Enabled") else str(found)


def _profile(shown: Mapping[str, Any]) -> Json:
    least, most = (shown.get(name) for name in _OF_NODES)
    return stated(type=shown.get("workloadProfileType"), minimum_count=least, maximum_count=most)


def _diagnostics(estate: Estate, environment: Listed) -> Json | None:
    for setting in estate.listing.below(environment.id, _SETTINGS):
        if setting.properties.get("workspaceId"):
            return {"workspace": estate.reference(str(setting.properties["workspaceId"]))}
    return None


def _workloads(estate: Estate, environment: Listed, kind: str, described: Any) -> Json:
    found: Json = {}
    for each in estate.owned(kind):
        if str(each.properties.get("environmentId") or "").lower() != environment.key:
            continue
        identity = next((str(e["identity"]) for e in _registries(each) if e.get("identity")), None)
        if identity is None:
            estate.remark(
                each, "registries", "a workload of a stack pulls from a registry by an identity; it stays as it is"
            )
            continue
        estate.describe((*estate.keys[environment.key], SECTIONS[kind], each.name), each)
        found[each.name] = {**_common(estate, each, identity), **described(estate, each)}
    return found


def _registries(found: Listed) -> Sequence[Mapping[str, Any]]:
    return dig(found.properties, "configuration", "registries") or ()


def _common(estate: Estate, found: Listed, identity: str) -> Json:
    template = found.properties.get("template") or {}
    hidden = {
        str(each.get("identity")).lower()
        for each in dig(found.properties, "configuration", "identitySettings") or ()
        if each.get("lifecycle") == "None"
    }
    others = [
        each for each in dig(found.body, "identity", "userAssignedIdentities") or {} if each.lower() not in hidden
    ]
    profile = found.properties.get("workloadProfileName")
    return stated(
        profile=None if profile in (None, CONSUMPTION) else profile,
        identity=estate.reference(identity),
        identities=[estate.reference(each) for each in others],
        containers={str(each["name"]): _container(each) for each in template.get("containers") or ()},
        init_containers={str(each["name"]): _container(each) for each in template.get("initContainers") or ()},
        secrets=_secrets(estate, found, identity),
    )


def _secrets(estate: Estate, found: Listed, identity: str) -> Json:
    secrets: Json = {}
    for each in dig(found.properties, "configuration", "secrets") or ():
        if not each.get("keyVaultUrl"):
            estate.remark(found, f"secrets.{each.get('name')}", "is no reference to Key Vault, and no secret is read")
            continue
        own = str(each.get("identity") or "")
        other = None if own.lower() in ("", identity.lower()) else estate.reference(own)
        secrets[str(each["name"])] = stated(key_vault_url=each["keyVaultUrl"], identity=other)
    return secrets


def _container(shown: Mapping[str, Any]) -> Json:
    image = str(shown.get("image") or "")
    resources = shown.get("resources") or {}
    memory = str(resources.get("memory") or "1Gi").removesuffix("Gi")
    return stated(
        image=image.partition("/")[2] if "." in image.partition("/")[0] else image,
        cpu=resources.get("cpu"),
        memory_gib=float(memory),
        command=list(shown.get("command") or ()),
        args=list(shown.get("args") or ()),
        env={
            str(each["name"]): {"secret": each["secretRef"]} if each.get("secretRef") else each.get("value", "")
            for each in shown.get("env") or ()
        },
        probes={str(each["type"]).lower(): _probe(each) for each in shown.get("probes") or ()},
    )


def _probe(shown: Mapping[str, Any]) -> Json:
    http = shown.get("httpGet") or {}
    return stated(
        port=http.get("port") or dig(shown, "tcpSocket", "port"),
        path=http.get("path"),
        scheme=http.get("scheme"),
        initial_delay_seconds=shown.get("initialDelaySeconds"),
        period_seconds=shown.get("periodSeconds"),
        timeout_seconds=shown.get("timeoutSeconds"),
        failure_threshold=shown.get("failureThreshold"),
    )


def _app(estate: Estate, found: Listed) -> Json:
    configuration, template = found.properties.get("configuration") or {}, found.properties.get("template") or {}
    scale = template.get("scale") or {}
    return stated(
        ingress=_ingress(configuration.get("ingress") or {}),
        scale=stated(
            min_replicas=scale.get("minReplicas"),
            max_replicas=scale.get("maxReplicas"),
            cooldown_seconds=scale.get("cooldownPeriod"),
            polling_interval_seconds=scale.get("pollingInterval"),
            rules={str(each["name"]): _rule(estate, each) for each in scale.get("rules") or ()},
        ),
        revisions=configuration.get("activeRevisionsMode"),
        revision_suffix=template.get("revisionSuffix") or None,
        dapr=_dapr(configuration.get("dapr") or {}),
        max_inactive_revisions=configuration.get("maxInactiveRevisions"),
        termination_grace_seconds=template.get("terminationGracePeriodSeconds"),
    )


def _rule(estate: Estate, shown: Mapping[str, Any]) -> Json:
    """The rules by requests or connections; metadata of others as it is."""
    if "http" in shown:
        return {"http_concurrent_requests": int(dig(shown, "http", "metadata", "concurrentRequests") or 0)}
    if "tcp" in shown:
        return {"tcp_concurrent_connections": int(dig(shown, "tcp", "metadata", "concurrentConnections") or 0)}
    custom = shown.get("custom") or shown
    auth = {str(each["triggerParameter"]): each["secretRef"] for each in custom.get("auth") or ()}
    return stated(
        type=custom.get("type"),
        metadata=dict(custom.get("metadata") or {}),
        auth=auth,
        identity=estate.key(custom.get("identity")),
    )


def _ingress(shown: Mapping[str, Any]) -> Json | None:
    if not shown:
        return None
    traffic = [
        stated(weight=e.get("weight"), revision=_suffix(e.get("revisionName")), label=e.get("label"))
        for e in shown.get("traffic") or ()
    ]
    return stated(
        target_port=shown.get("targetPort"),
        external=bool(shown.get("external")),
        transport=str(shown.get("transport") or "auto").lower(),
        exposed_port=shown.get("exposedPort") or None,
        allow_insecure=bool(shown.get("allowInsecure")),
        sticky_sessions=dig(shown, "stickySessions", "affinity") == "sticky",
        client_certificates=shown.get("clientCertificateMode"),
        ip_rules={
            str(each["name"]): stated(range=each.get("ipAddressRange"), action=each.get("action"))
            for each in shown.get("ipSecurityRestrictions") or ()
        },
        traffic=[] if traffic == [{"weight": 100}] else traffic,
    )


def _dapr(shown: Mapping[str, Any]) -> Json | None:
    if not shown.get("enabled"):
        return None
    return stated(
        app_id=shown.get("appId"),
        app_port=shown.get("appPort"),
        protocol=shown.get("appProtocol"),
        log_level=shown.get("logLevel"),
        max_concurrency=shown.get("maxConcurrency"),
    )


def _suffix(revision: Any) -> str | None:
    """The suffix of a revision's name, which is that of its app, two hyphens and the suffix [CAE-21]."""
    return str(revision).rpartition("--")[2] if revision else None


def _job(estate: Estate, found: Listed) -> Json:
    configuration = found.properties.get("configuration") or {}
    schedule, events = (configuration.get(name) or {} for name in ("scheduleTriggerConfig", "eventTriggerConfig"))
    kind = schedule or events or configuration.get("manualTriggerConfig") or {}
    scale = events.get("scale") or {}
    return stated(
        schedule=schedule.get("cronExpression"),
        events={str(each["name"]): _rule(estate, each) for each in scale.get("rules") or ()},
        parallelism=kind.get("parallelism"),
        completions=kind.get("replicaCompletionCount"),
        timeout_seconds=configuration.get("replicaTimeout"),
        retries=configuration.get("replicaRetryLimit"),
        max_executions=scale.get("maxExecutions"),
        polling_interval_seconds=scale.get("pollingInterval"),
    )
