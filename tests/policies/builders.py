"""Resources and runs in one line each, for the tests of this folder."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from policies import configuration, normalisation
from policies.baselines import Baseline
from policies.configuration import Settings
from policies.engine import judge
from policies.exemptions import Exemptions
from policies.model import Graph, Profile, Resource, Rule
from policies.places import Places, placed
from policies.report import Report

REGISTRY_TOKEN = "azure-native:containerregistry:Registry"
REPLICATION_TOKEN = "azure-native:containerregistry:Replication"
NETWORK_TOKEN = "azure-native:network:VirtualNetwork"
SUBNET_TOKEN = "azure-native:network:Subnet"
ENDPOINT_TOKEN = "azure-native:network:PrivateEndpoint"
GROUP_TOKEN = "azure-native:resources:ResourceGroup"
GENERIC_TOKEN = "azure-native:resources:Resource"

UNKNOWN_STRING = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
SECRET_SIGNATURE = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270"}


def urn_of(name: str, token: str = REGISTRY_TOKEN) -> str:
    return f"urn:pulumi:test::moorings::{token}::{name}"


def make(
    name: str, token: str = REGISTRY_TOKEN, made_from: Mapping[str, Iterable[str]] | None = None, **inputs: Any
) -> Resource:
    return normalisation.resource(token, urn_of(name, token), name, inputs, dependencies=made_from)


def run(
    rules: Sequence[Rule],
    *resources: Resource,
    profile: Profile = "regulated",
    settings: Settings | None = None,
    exemptions: Exemptions | None = None,
    baseline: Baseline | None = None,
) -> Report:
    active = configuration.select(rules, settings or Settings(profile=profile))
    return judge(active, Graph(resources), stack="test", exemptions=exemptions, baseline=baseline)


def at_stack_file(report: Report) -> Report:
    return placed(report, Places(file=Path("stacks/Pulumi.test.yaml")))


def verdicts(report: Report) -> set[tuple[str, str, str]]:
    return {(each.rule, each.urn.rpartition("::")[2], each.status) for each in report.findings}
