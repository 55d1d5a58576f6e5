"""Rules on Container Apps: apps, jobs, environments and session pools."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from typing import Any

from planning.names import NameRule
from policies.model import Graph, Resource, Rule, RuleConfig, Verdict, fail, not_applicable
from policies.rules import types as t
from policies.rules.forms import (
    EVERYWHERE,
    OPT_IN,
    REGULATED,
    Pattern,
    attempted,
    configured,
    declare,
    each,
    follows_convention,
    must_not_be,
    must_satisfy,
    name_is,
    only_if,
    only_with,
    same,
    shown,
    stated,
)
from policies.rules.relations import is_on

_app = partial(declare, types=(t.APP,))
_runs = partial(declare, types=(t.APP, t.JOB))

APP_NAME = NameRule(
    "container app or job",
    re.compile(r"[a-z]([a-z0-9]|-(?!-))*[a-z0-9]"),
    2,
    32,
    "lower-case letters, digits and single '-', starting with a letter",
)

RETIRED_VERSIONS = ("2022-01-01-preview", "2022-03-01", "2022-06-01-preview", "2022-10-01", "2022-11-01-preview")


class Replicas(RuleConfig):
    """Fewest replicas; 0 lets an app scale to nothing."""

    replicas: int = 2


class Versions(RuleConfig):
    """API versions that are retired."""

    retired: tuple[str, ...] = RETIRED_VERSIONS


def _passwords(resource: Resource, path: str, config: Any) -> Iterator[Verdict]:
    if stated(resource, f"{path}.passwordSecretRef") or not stated(resource, f"{path}.identity"):
        found = "a password" if stated(resource, f"{path}.passwordSecretRef") else "no identity"
        yield fail(f"{path} signs in with {found}, allowed is an identity", f"{path}.identity")


def _registries(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    outer = "customContainerTemplate" if resource.type == t.SESSION_POOL else "configuration"
    if resource.type == t.SESSION_POOL:
        path = f"{outer}.registryCredentials"
        if not stated(resource, path):
            yield not_applicable("it names no registry")
            return
        yield from attempted(_passwords, resource, path, config)
        return
    yield from each(f"{outer}.registries", _passwords, nothing="it names no registry")(resource, graph, config)


def _restrictions(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    path = "configuration.ingress.ipSecurityRestrictions"
    rules = [place for place, _ in resource.each(path)]
    if not rules:
        yield fail(f"{path} is not stated, allowed is at least one rule with action: Allow", path)
    for place in rules:
        action = resource.value(f"{place}.action")
        if not same(action, "Allow"):
            yield fail(f"{place}.action is {shown(action)}, allowed is Allow, which denies all others", place)


def _volumes(resource: Resource, path: str, config: Any) -> Iterator[Verdict]:
    kind = resource.value(f"{path}.storageType", "EmptyDir")
    if same(kind, "EmptyDir"):
        yield fail(f"{path}.storageType is {kind}, allowed is AzureFile or NfsAzureFile", path)


def _probes(resource: Resource, path: str, config: Any) -> Iterator[Verdict]:
    if not stated(resource, f"{path}.probes"):
        yield fail(f"{path}.probes is not stated, allowed is a Liveness and a Readiness probe", f"{path}.probes")


def _literals(resource: Resource, path: str, config: Any) -> Iterator[Verdict]:
    place = f"{path}.value"
    if not resource.is_secret(place) and stated(resource, place):
        yield fail(f"{place} is plain text in state and preview, allowed is keyVaultUrl or a Pulumi secret", place)


def _versions(resource: Resource, graph: Graph, config: Versions) -> Iterator[Verdict]:
    if resource.api_version in config.retired:
        yield fail(f"API version {resource.api_version} is retired, allowed is 2025-01-01 or later")


def _auth(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    made = graph.children(resource, t.AUTH_CONFIG)
    if not any(each.value("platform.enabled") is True for each in made):
        yield fail("no authConfigs with platform.enabled: true")


def _reached_from_the_internet(resource: Resource, graph: Graph, config: Any) -> str | None:
    """An internal environment has a private address: what is external in it is reached from its network."""
    paths = ("environmentId", "managedEnvironmentId")
    environments = [each for path in paths for each in graph.references(resource, path, t.ENVIRONMENT)]
    internal = bool(environments) and all(is_on(each, "vnetConfiguration.internal") for each in environments)
    return "its environment is internal: it is reached from the network only" if internal else None


_EXTERNAL = only_if("configuration.ingress.external", True, default=False, reason="it is not reachable from outside")
_INGRESS = only_with("configuration.ingress", "it has no ingress")


RULES: tuple[Rule, ...] = (
    _app(
        must_not_be("configuration.ingress.allowInsecure", True),
        id="MOOR-ACA-001",
        title="App answers on plain HTTP",
        severity="high",
        what="An app's ingress admits HTTPS only.",
        why="A token sent over plain HTTP is everybody's.",
        remedy="set configuration.ingress.allowInsecure: false",
        docs="container-apps/ingress-overview",
        covers=("1.3#1", "AZR-000094", "AZP-0e80e269"),
        frameworks=("MCSB DP-3",),
        profiles=EVERYWHERE,
        where=(_INGRESS,),
    ),
    _runs(
        must_not_be("identity.type", "None", default="None", allowed="UserAssigned or SystemAssigned"),
        id="MOOR-ACA-002",
        title="App has no identity",
        severity="high",
        what="Apps and jobs have a managed identity.",
        why="Without one they need passwords for whatever they reach.",
        remedy="set identity.type and the identities",
        docs="container-apps/managed-identity",
        covers=("1.3#2", "AZR-000361", "AZP-b874ab2d"),
        frameworks=("MCSB IM-3",),
    ),
    declare(
        _registries,
        types=(t.APP, t.JOB, t.SESSION_POOL),
        id="MOOR-ACA-003",
        title="App pulls with a password",
        severity="high",
        what="Apps, jobs and session pools pull by an identity.",
        why="A registry's password in an app's secrets outlives whoever put it there.",
        remedy="state identity and remove username and passwordSecretRef",
        docs="container-apps/managed-identity-image-pull",
        covers=("1.3#3", "RC-A02.01"),
        frameworks=("MCSB IM-3",),
        profiles=EVERYWHERE,
    ),
    _app(
        must_not_be("configuration.ingress.external", True),
        id="MOOR-ACA-004",
        title="App is reachable from outside its environment",
        severity="medium",
        what="An app's ingress is internal.",
        why="For environments in which a gateway is the only way in. Off unless named.",
        remedy="set configuration.ingress.external: false",
        docs="container-apps/ingress-overview",
        covers=("1.3#4", "AZR-000362", "AZP-783ea2a8"),
        profiles=OPT_IN,
        where=(_INGRESS,),
    ),
    _app(
        _restrictions,
        id="MOOR-ACA-005",
        title="Outside app admits every address",
        severity="medium",
        what="An app that is reachable from the internet names who gets in.",
        why="Allow rules deny all others; Deny rules admit all others.",
        remedy="state ipSecurityRestrictions with action: Allow",
        docs="container-apps/ip-restrictions",
        covers=("1.3#5", "AZR-000380"),
        frameworks=("MCSB NS-2",),
        profiles=REGULATED,
        where=(_INGRESS, _EXTERNAL, _reached_from_the_internet),
    ),
    _app(
        must_not_be("configuration.ingress.stickySessions.affinity", "sticky", allowed="none"),
        id="MOOR-ACA-006",
        title="Clients stick to one replica",
        severity="low",
        pillar="performance",
        what="Clients do not stick to one replica.",
        why="Sticky clients leave new replicas idle and lose their session with the old ones.",
        remedy="set stickySessions.affinity: none and keep sessions elsewhere",
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
        title="App may run on one replica or none",
        severity="medium",
        pillar="reliability",
        what="An app that serves has two replicas at least.",
        why="One replica is none while it restarts. Scaling to nothing is right for some: configure replicas: 0.",
        remedy="raise template.scale.minReplicas, or configure replicas for this environment",
        docs="container-apps/scale-app",
        covers=("1.3#7", "AZR-000413", "RC-ACA-01.01.02"),
        config=Replicas,
        profiles=REGULATED,
        where=(_INGRESS,),
    ),
    _runs(
        each("template.volumes", _volumes, nothing="it has no volumes"),
        id="MOOR-ACA-008",
        title="Volume is gone with the replica",
        severity="low",
        pillar="reliability",
        what="Volumes outlive the replica.",
        why="An EmptyDir goes with its replica; that is right for scratch space only.",
        remedy="set storageType: AzureFile, or exempt scratch space",
        docs="container-apps/storage-mounts",
        covers=("1.3#8", "AZR-000364", "AZP-7c9f3fbb"),
        profiles=OPT_IN,
    ),
    _app(
        _auth,
        id="MOOR-ACA-009",
        title="Nobody asks callers who they are",
        severity="low",
        what="Built-in authentication is on.",
        why="For apps that do not ask themselves. Off unless named.",
        remedy="add authConfigs with platform.enabled: true",
        docs="container-apps/authentication",
        covers=("1.3#9", "AZP-2b585559"),
        profiles=OPT_IN,
        where=(_INGRESS,),
    ),
    declare(
        _versions,
        types=(t.APP, t.JOB, t.ENVIRONMENT),
        id="MOOR-ACA-013",
        title="API version is retired",
        severity="medium",
        pillar="operations",
        what="No retired API version is spoken.",
        why="Its calls fail from the day of retirement on.",
        remedy="take a later version",
        docs="container-apps/azure-resource-manager-api-spec",
        covers=("1.3#13", "AZR-000400"),
        config=Versions,
        where=(lambda resource, graph, config: None if resource.api_version else "it takes the SDK's default version",),
    ),
    _app(
        each("template.containers", _probes),
        id="MOOR-ACA-014",
        title="Nobody asks whether the app is well",
        severity="low",
        pillar="reliability",
        what="Containers of an app have probes.",
        why="Without probes traffic goes to whatever has opened its port.",
        remedy="state probes",
        docs="container-apps/health-probes",
        covers=("1.3#14", "APRL-8dbcd94b"),
        profiles=REGULATED,
        where=(_INGRESS,),
    ),
    _runs(
        each("configuration.secrets", _literals, nothing="it has no secrets"),
        id="MOOR-ACA-015",
        title="App's secret is plain text",
        severity="high",
        what="An app's secrets come from a vault, or are Pulumi secrets.",
        why="A plain value stands readable in state, in previews and in logs.",
        remedy="state keyVaultUrl and identity, or wrap the value by pulumi.Output.secret",
        docs="container-apps/manage-secrets",
        covers=("1.3#15", "PSR-Deployment.SecureValue"),
        frameworks=("MCSB IM-8",),
        profiles=EVERYWHERE,
    ),
    _runs(
        name_is(APP_NAME),
        id="MOOR-ACA-016",
        title="App's or job's name is none that Azure takes",
        severity="low",
        pillar="operations",
        what="Names of apps and jobs have 2 to 32 lower-case letters, digits and '-'.",
        why="The service refuses others, late and after other resources exist.",
        remedy="take another name",
        docs="azure-resource-manager/management/resource-name-rules",
        covers=("1.3#16", "AZR-000360"),
    ),
    declare(
        follows_convention,
        types=(t.APP, t.JOB, t.ENVIRONMENT),
        id="MOOR-ACA-116",
        title="Name breaks the convention",
        severity="low",
        pillar="operations",
        what="Names follow the convention, where one is configured.",
        why="The convention tells whose it is.",
        remedy="rename it before it is made, or change pattern",
        docs="cloud-adoption-framework/ready/azure-best-practices/resource-naming",
        covers=("1.3#16", "AZR-000501", "AZR-000502", "AZR-000503"),
        config=Pattern,
        where=(configured("pattern"),),
    ),
)
