"""Taking over what exists: `import_=` of every type that our stacks make, and `pulumi import`."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import grpc
import pytest
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

from local_azure.plugin.values import from_struct, reveal
from tests.engine import Rehearsal, rehearsal
from tools.engine import Engine

pytestmark = pytest.mark.engine

HERE = Path(__file__).parent
PROGRAMS = ("agents", "aks", "container_apps", "container_instances", "kubernetes")
"""Programs that make every type between them."""

UNREADABLE = "azure-native:resources:Resource"
"""A read of it without inputs asks for API version 2024-03-01, which its services refuse [AN-GENERIC]."""

ADDED_BY_CHECK = "azureApiVersion"
"""Check sets it on every resource; a read without inputs does not show it, and Diff asks the outputs instead [AN-VERSION]."""

NOT_AS_STATED = {
    "app:ContainerApp": {"configuration.ingress.transport": "shown in the service's case"},
    "app:ManagedEnvironment": {
        "appInsightsConfiguration": "never shown",
        "openTelemetryConfiguration.destinationsConfiguration.dataDogConfiguration.key": "never shown",
        "openTelemetryConfiguration.destinationsConfiguration.otlpConfigurations.headers.value": "never shown",
    },
    "containerinstance:ContainerGroup": {"diagnostics.logAnalytics.workspaceKey": "never shown"},
    "containerservice:ManagedCluster": {"agentPoolProfiles": "the pools that are resources of their own are shown too"},
    "eventgrid:SystemTopicEventSubscription": {"destination.endpointUrl": "a secret, never shown"},
    "monitor:ActionGroup": {
        "webhookReceivers.serviceUri": "the local Azure masks it, as its store is no place for secrets"
    },
    "network:VirtualNetworkPeering": {"syncRemoteAddressSpace": "a parameter of the request, never shown"},
    "web:WebApp": {"siteConfig.appSettings": "shown by an action only"},
}
"""Module and class → inputs that Azure shows otherwise than a program states them, and why."""

IMPORTER = """
import json, pathlib, re
import pulumi
from components.parameterized import Package

def package(token):
    found = re.fullmatch(r"azure-native_(\\w+)_v(\\d{4})(\\d\\d)(\\d\\d)(preview)?", token.split(":")[0])
    if found is None:
        return None
    module, *day, preview = found.groups()
    return Package(module, "-".join(day) + ("-preview" if preview else "")).reference()

for number, (token, arm_id, inputs) in enumerate(json.loads(pathlib.Path("resources.json").read_text())):
    options = pulumi.ResourceOptions(import_=arm_id)
    pulumi.CustomResource(token, f"r{number}", inputs, options, package_ref=package(token))
"""

GROUP_WITH_RULES = """
import pulumi
import pulumi_azure_native as azure
group = azure.resources.ResourceGroup("group", resource_group_name="rg-contoso", location="eastus")
azure.network.NetworkSecurityGroup(
    "nsg",
    network_security_group_name="nsg-contoso",
    resource_group_name=group.name,
    location="eastus",
    tags={"team": "platform"},
)
"""


def _beside(stack: Rehearsal) -> Rehearsal:
    """A second, empty stack on the same local Azure."""
    (stack.stack_file.parent / "Pulumi.other.yaml").write_text("config: {}\n", encoding="utf-8")
    engine = Engine(stack.engine.workspace, "other", stack.engine.environment)
    return dataclasses.replace(stack, engine=engine)


def _resources(stack: Rehearsal) -> list[dict[str, Any]]:
    exported = stack.export()["deployment"]["resources"]
    return [resource for resource in exported if resource["type"].startswith("azure-native")]


def _read(stack: Rehearsal, resources: list[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Each resource with the inputs that the bridge makes of what Azure shows."""
    port = stack.azure.debug_providers.partition(",")[0].partition(":")[2]
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        stub = provider_pb2_grpc.ResourceProviderStub(channel)
        for resource in resources:
            request = provider_pb2.ReadRequest(id=resource["id"], urn=resource["urn"])
            yield resource, reveal(from_struct(stub.Read(request, timeout=60).inputs))


def _differing(stated: Any, shown: Any, path: str = "") -> Iterator[str]:
    """Paths at which what is shown lacks what was stated; empty collections are not shown."""
    if isinstance(stated, dict) and isinstance(shown, dict):
        for name, value in stated.items():
            if not name.startswith("__") and name != ADDED_BY_CHECK:
                yield from _differing(value, shown.get(name), f"{path}.{name}".removeprefix("."))
    elif isinstance(stated, list) and isinstance(shown, list) and len(stated) == len(shown):
        for one, other in zip(stated, shown, strict=True):
            yield from _differing(one, other, path)
    elif stated != shown and (stated or shown is not None):
        yield path


@pytest.mark.parametrize("program", PROGRAMS)
def test_programs_that_match_what_exists_import_it_and_change_nothing(program: str, tmp_path: Path) -> None:
    with rehearsal(tmp_path, HERE / program, "") as stack:
        first = stack.up()
        assert first.code == 0, first.output
        differing, taken = set(), []
        readable = [resource for resource in _resources(stack) if resource["type"] != UNREADABLE]
        for resource, shown in _read(stack, readable):
            kind = resource["type"].partition(":")[2]
            paths = set(_differing(resource["inputs"], shown))
            differing |= {(kind, path) for path in paths - NOT_AS_STATED.get(kind, {}).keys()}
            # A program must state the key of a workspace, so that its import is followed by an update.
            if "diagnostics" not in shown:
                taken.append((resource["type"], resource["id"], shown))
        assert differing == set()

        (stack.program / "__main__.py").write_text(IMPORTER, encoding="utf-8")
        (stack.program / "resources.json").write_text(json.dumps(taken), encoding="utf-8")
        other = _beside(stack)
        imported = other.up()
        assert imported.code == 0, imported.output
        ours = [step for step in imported.steps if step[1].startswith("azure-native")]
        assert {operation for operation, _, _ in ours} == {"import"}
        assert len(ours) == len(taken) > 10
        again = other.up()
        assert (again.code, again.steps) == (0, []), again.output


def test_what_the_command_has_imported_stays_as_it_is_under_the_program_that_made_it(tmp_path: Path) -> None:
    with rehearsal(tmp_path, GROUP_WITH_RULES) as stack:
        assert stack.up().code == 0
        other = _beside(stack)
        other.engine.prepare()
        for resource in _resources(stack):
            name = resource["urn"].rpartition("::")[2]
            arguments = (resource["type"], name, resource["id"], "--generate-code=false")
            done = other.engine.operate("import", *arguments, "--skip-preview", "--color", "never")
            assert done.code == 0, done.output
        created, taken = ({each["id"]: each["inputs"] for each in _resources(one)} for one in (stack, other))
        without_version = {
            arm_id: {k: v for k, v in inputs.items() if k != ADDED_BY_CHECK} for arm_id, inputs in created.items()
        }
        assert created != without_version
        assert taken == without_version
        after = other.up()
        assert after.code == 0, after.output
        assert [step for step in after.steps if step[1].startswith("azure-native")] == []
