"""Rules on Azure Container Apps: apps, jobs and session pools."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from planning import names
from planning.container_apps import RETIRED_VERSIONS
from policies.model import (
    EVERYWHERE,
    OPT_IN,
    REGULATED,
    Graph,
    Resource,
    Rule,
    RuleConfig,
    Verdict,
    fail,
    not_applicable,
)
from policies.rules import types as t
from policies.rules.forms import (
    each,
    must_not_be,
    must_satisfy,
    name_is,
    naming_convention,
    only_if,
    only_with,
    same,
    settled,
    shown,
    stated,
    valid_name,
)
from policies.rules.images import CONTAINERS
from policies.rules.relations import is_on
from policies.rules.variables import plain_secrets

_app = partial(Rule, types=(t.APP,))
_runs = partial(Rule, types=(t.APP, t.JOB))


class Replicas(RuleConfig):
    """Lowest number of replicas; 0 allows scaling to zero."""

    replicas: int = 2


class Versions(RuleConfig):
    """Retired API versions."""

    retired: tuple[str, ...] = RETIRED_VERSIONS


def _passwords(resource: Resource, path: str, config: Any) -> Iterator[Verdict]:
    if stated(resource, f"{path}.passwordSecretRef") or not stated(resource, f"{path}.identity"):
        found = "passwordSecretRef is set" if stated(resource, f"{path}.passwordSecretRef") else "identity is not set"
        yield fail(f"{path}: {found}, expected a managed identity in identity", f"{path}.identity")


def _registries(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    outer = "customContainerTemplate" if resource.type == t.SESSION_POOL else "configuration"
    if resource.type == t.SESSION_POOL:
        path = f"{outer}.registryCredentials"
        if not stated(resource, path):
            yield not_applicable("it uses no registry")
            return
        yield from settled(_passwords(resource, path, config))
        return
    yield from each(f"{outer}.registries", _passwords, nothing="it uses no registry")(resource, graph, config)


def _restrictions(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    path = "configuration.ingress.ipSecurityRestrictions"
    rules = [place for place, _ in resource.each(path)]
    if not rules:
        yield fail(f"{path} is not set, expected at least one rule with action: Allow", path)
    for place in rules:
        action = resource.value(f"{place}.action")
        if not same(action, "Allow"):
            yield fail(f"{place}.action is {shown(action)}, expected Allow, which denies all other addresses", place)


def _volumes(resource: Resource, path: str, config: Any) -> Iterator[Verdict]:
    kind = resource.value(f"{path}.storageType", "EmptyDir")
    if same(kind, "EmptyDir"):
        yield fail(f"{path}.storageType is {kind}, expected AzureFile or NfsAzureFile", path)


def _probes(resource: Resource, path: str, config: Any) -> Iterator[Verdict]:
    if not stated(resource, f"{path}.probes"):
        yield fail(f"{path}.probes is not set, expected a Liveness and a Readiness probe", f"{path}.probes")


def _literals(resource: Resource, path: str, config: Any) -> Iterator[Verdict]:
    place = f"{path}.value"
    if not resource.is_secret(place) and stated(resource, place):
        yield fail(f"{place} is plain text, expected keyVaultUrl or a Pulumi secret", place)


def _variables(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    yield from plain_secrets(resource, "env", "secretRef")


def _versions(resource: Resource, graph: Graph, config: Versions) -> Iterator[Verdict]:
    if resource.api_version in config.retired:
        yield fail(f"API version {resource.api_version} is retired, expected 2025-01-01 or later")


def _auth(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    configurations = graph.children(resource, t.AUTH_CONFIG)
    if not any(each.value("platform.enabled") is True for each in configurations):
        yield fail("it has no authConfigs resource with platform.enabled: true")


def _reached_from_the_internet(resource: Resource, graph: Graph, config: Any) -> str | None:
    """Return why an app cannot be reached from the internet: external ingress of an internal environment is private."""
    paths = ("environmentId", "managedEnvironmentId")
    environments = [each for path in paths for each in graph.references(resource, path, t.ENVIRONMENT)]
    internal = bool(environments) and all(is_on(each, "vnetConfiguration.internal") for each in environments)
    return "its environment is internal, so that it is reached from the virtual network only" if internal else None


def _has_variables(resource: Resource, graph: Graph, config: Any) -> str | None:
    containers = [each for path in CONTAINERS[resource.type] for each, _ in resource.each(path)]
    stating = any(stated(resource, f"{each}.{part}") for each in containers for part in ("env", "command", "args"))
    return None if stating else "its containers have no environment variables and no command line"


_EXTERNAL = only_if("configuration.ingress.external", True, default=False, reason="its ingress is not external")
_INGRESS = only_with("configuration.ingress", "it has no ingress")


RULES: tuple[Rule, ...] = (
    _app(
        must_not_be("configuration.ingress.allowInsecure", True),
        id="MOOR-ACA-001",
        title="Insecure HTTP ingress is allowed",
        severity="high",
        what="The ingress of a container app accepts HTTPS only.",
        why="A token that is sent over HTTP can be read on the way.",
        remedy="set configuration.ingress.allowInsecure: false",
        docs="container-apps/ingress-overview",
        covers=("1.3#1", "AZR-000094", "AZP-0e80e269"),
        frameworks=("MCSB DP-3",),
        profiles=EVERYWHERE,
        where=(_INGRESS,),
    ),
    _runs(
        must_not_be("identity.type", "None", default="None", expected="UserAssigned or SystemAssigned"),
        id="MOOR-ACA-002",
        title="Managed identity is not configured",
        severity="high",
        what="Container apps and jobs have a managed identity.",
        why="Without a managed identity, they need passwords for every service that they use.",
        remedy="set identity.type and userAssignedIdentities",
        docs="container-apps/managed-identity",
        covers=("1.3#2", "AZR-000361", "AZP-b874ab2d"),
        frameworks=("MCSB IM-3",),
    ),
    Rule(
        _registries,
        types=(t.APP, t.JOB, t.SESSION_POOL),
        id="MOOR-ACA-003",
        title="Registry is accessed with a password",
        severity="high",
        what="Container apps, jobs and session pools pull images with a managed identity.",
        why="A registry password in the secrets of an app outlives the person who put it there.",
        remedy="set identity of the registry, and remove username and passwordSecretRef",
        docs="container-apps/managed-identity-image-pull",
        covers=("1.3#3", "RC-A02.01"),
        frameworks=("MCSB IM-3",),
        profiles=EVERYWHERE,
    ),
    _app(
        must_not_be("configuration.ingress.external", True),
        id="MOOR-ACA-004",
        title="External ingress is enabled",
        severity="medium",
        what="The ingress of a container app is internal.",
        why="The rule is for environments in which a gateway is the only entry point. Opt-in.",
        remedy="set configuration.ingress.external: false",
        docs="container-apps/ingress-overview",
        covers=("1.3#4", "AZR-000362", "AZP-783ea2a8"),
        profiles=OPT_IN,
        where=(_INGRESS,),
    ),
    _app(
        _restrictions,
        id="MOOR-ACA-005",
        title="IP restrictions are not configured for external ingress",
        severity="medium",
        what="A container app that can be reached from the internet has IP restrictions.",
        why="Allow rules deny all other addresses; Deny rules allow all other addresses.",
        remedy="set configuration.ingress.ipSecurityRestrictions with action: Allow",
        docs="container-apps/ip-restrictions",
        covers=("1.3#5", "AZR-000380"),
        frameworks=("MCSB NS-2",),
        profiles=REGULATED,
        where=(_INGRESS, _EXTERNAL, _reached_from_the_internet),
    ),
    _app(
        must_not_be("configuration.ingress.stickySessions.affinity", "sticky", expected="none"),
        id="MOOR-ACA-006",
        title="Session affinity is enabled",
        severity="low",
        pillar="performance",
        what="Session affinity of a container app is disabled.",
        why="With session affinity, new replicas stay idle, and sessions are lost with old replicas.",
        remedy="set configuration.ingress.stickySessions.affinity: none, and store sessions outside the app",
        docs="container-apps/sticky-sessions",
        covers=("1.3#6", "AZR-000378"),
        where=(_INGRESS,),
    ),
    _app(
        must_satisfy(
            "template.scale.minReplicas",
            lambda count, config: count >= config.replicas,
            "{replicas} or more",
            default=0,
        ),
        id="MOOR-ACA-007",
        title="Container app has fewer than two replicas",
        severity="medium",
        pillar="reliability",
        what="A container app with ingress has at least two replicas.",
        why="A single replica is unavailable while it restarts. Where scaling to zero is intended, configure "
        "replicas: 0.",
        remedy="increase template.scale.minReplicas, or configure replicas for this environment",
        docs="container-apps/scale-app",
        covers=("1.3#7", "AZR-000413", "RC-ACA-01.01.02"),
        config=Replicas,
        profiles=REGULATED,
        where=(_INGRESS,),
    ),
    _runs(
        each("template.volumes", _volumes, nothing="it has no volumes"),
        id="MOOR-ACA-008",
        title="Volume is ephemeral",
        severity="low",
        pillar="reliability",
        what="Volumes of container apps and jobs outlive a replica.",
        why="The content of an EmptyDir is deleted with its replica, which is right for temporary files only. Opt-in.",
        remedy="set storageType: AzureFile, or exempt volumes for temporary files",
        docs="container-apps/storage-mounts",
        covers=("1.3#8", "AZR-000364", "AZP-7c9f3fbb"),
        profiles=OPT_IN,
    ),
    _app(
        _auth,
        id="MOOR-ACA-009",
        title="Built-in authentication is not enabled",
        severity="low",
        what="Built-in authentication of a container app is enabled.",
        why="The rule is for apps that do not authenticate users themselves. Opt-in.",
        remedy="add an authConfigs resource with platform.enabled: true",
        docs="container-apps/authentication",
        covers=("1.3#9", "AZP-2b585559"),
        profiles=OPT_IN,
        where=(_INGRESS,),
    ),
    Rule(
        _versions,
        types=(t.APP, t.JOB, t.ENVIRONMENT),
        id="MOOR-ACA-013",
        title="API version is retired",
        severity="medium",
        pillar="operations",
        what="No retired API version of Container Apps is used.",
        why="Requests fail from the date of retirement.",
        remedy="use a later API version in the type token",
        docs="container-apps/azure-resource-manager-api-spec",
        covers=("1.3#13", "AZR-000400"),
        config=Versions,
        where=(
            lambda resource, graph, config: (
                None if resource.api_version else "it uses the default API version of the SDK"
            ),
        ),
    ),
    _app(
        each("template.containers", _probes),
        id="MOOR-ACA-014",
        title="Health probes are not configured",
        severity="low",
        pillar="reliability",
        what="Containers of an app have health probes.",
        why="Without probes, traffic is sent to every container that has opened its port.",
        remedy="set probes with a Liveness and a Readiness probe",
        docs="container-apps/health-probes",
        covers=("1.3#14", "APRL-8dbcd94b"),
        profiles=REGULATED,
        where=(_INGRESS,),
    ),
    _runs(
        each("configuration.secrets", _literals, nothing="it has no secrets"),
        id="MOOR-ACA-015",
        title="Secret value is stored in plain text",
        severity="high",
        what="Secrets of container apps and jobs are Key Vault references or Pulumi secrets.",
        why="A plain value can be read in state, previews and logs.",
        remedy="set keyVaultUrl and identity, or wrap the value in pulumi.Output.secret",
        docs="container-apps/manage-secrets",
        covers=("1.3#15", "PSR-Deployment.SecureValue"),
        frameworks=("MCSB IM-8",),
        profiles=EVERYWHERE,
    ),
    Rule(
        _variables,
        types=(t.APP, t.JOB, t.SESSION_POOL),
        id="MOOR-ACA-019",
        title="Secret is in a plain environment variable or command line",
        severity="high",
        what="Environment variables with secrets refer to a secret of the app, job or session pool, and command lines refer "
        "to such a variable.",
        why="Everyone who can read the resource can read a plain value, also in state, previews and logs.",
        remedy="add the value to configuration.secrets, and replace value by secretRef",
        docs="container-apps/manage-secrets",
        frameworks=("MCSB IM-8",),
        profiles=EVERYWHERE,
        where=(_has_variables,),
    ),
    valid_name(
        name_is(names.CONTAINER_APP),
        types=(t.APP, t.JOB),
        id="MOOR-ACA-016",
        title="Name of a container app or job is invalid",
        severity="low",
        what="Names of container apps and jobs have 2 to 32 lower-case letters, digits and hyphens.",
        remedy="change containerAppName or jobName to a valid name",
        covers=("1.3#16", "AZR-000360"),
    ),
    naming_convention(
        types=(t.APP, t.JOB, t.ENVIRONMENT),
        id="MOOR-ACA-116",
        title="Name of a Container Apps resource does not follow the naming convention",
        what="Names of container apps, jobs and environments follow the configured naming convention.",
        why="The convention identifies the owner.",
        remedy="change the name before the resource is created, or change pattern",
        covers=("1.3#16", "AZR-000501", "AZR-000502", "AZR-000503"),
    ),
)
