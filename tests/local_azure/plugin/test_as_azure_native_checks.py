"""Check, called as the engine calls it: one row for each answer of azure-native 3.29, with the source of that answer.

`provider.go` is provider/pkg/provider/provider.go of pulumi/pulumi-azure-native; `#N` is a pull request or an issue there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import grpc
import pytest
from fake_arm import FakeArm
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

from local_azure.plugin.arm_client import ArmClient
from local_azure.plugin.server import start
from local_azure.plugin.values import UNKNOWN, from_struct, to_struct

NETWORK = "azure-native:network:VirtualNetwork"
SUBNET = "azure-native:network:Subnet"
REGISTRY = "azure-native:containerregistry:Registry"
REGISTRY_2026 = "azure-native_containerregistry_v20260301preview:containerregistry:Registry"
GROUP = "azure-native:resources:ResourceGroup"
ASSIGNMENT = "azure-native:authorization:RoleAssignment"
CLUSTER = "azure-native:containerservice:ManagedCluster"
POOL = "azure-native:containerservice:AgentPool"
MAINTENANCE = "azure-native:containerservice:MaintenanceConfiguration"
APP = "azure-native:app:ContainerApp"
ROUTES = "azure-native:app:HttpRouteConfig"
BLOBS = "azure-native:storage:BlobContainer"
PLAIN = {"resourceGroupName": "rg", "location": "eastus"}
ROLE = {"scope": "/subscriptions/s", "principalId": "p", "roleDefinitionId": "r"}
PREMIUM = {**PLAIN, "sku": {"name": "Premium"}}
SEED = b"seed"
NAMING = provider_pb2.CheckRequest.AutonamingOptions


@dataclass(frozen=True)
class Row:
    """One call of Check: new and old inputs, what the stack says of names, and what the provider answers.

    `inputs` are inputs of the answer; None means that there is none of that name, a pattern that the text matches.
    """

    what: str
    source: str
    token: str
    news: dict[str, Any]
    olds: dict[str, Any] = field(default_factory=dict)
    naming: tuple[str, str] | None = None
    inputs: dict[str, Any] = field(default_factory=dict)
    reasons: tuple[str, ...] = ()
    location: str = ""


VERSIONS = [
    Row(
        "the API version is an input of every resource",
        "#4015; provider.go applyDefaults",
        NETWORK,
        PLAIN,
        inputs={"azureApiVersion": "2024-05-01"},
    ),
    Row(
        "a parameterized package has the version that it names",
        "#4015; provider.go applyDefaults",
        REGISTRY_2026,
        {**PREMIUM, "registryName": "acmereg"},
        inputs={"azureApiVersion": "2026-03-01-preview"},
    ),
    Row(
        "the old version gives way to the one that is spoken now",
        "#4015: the default moved, which is to be seen",
        NETWORK,
        PLAIN,
        {"azureApiVersion": "2023-11-01"},
        inputs={"azureApiVersion": "2024-05-01"},
    ),
    Row(
        "a version that the program gives is kept",
        "provider.go applyDefaults: news.HasValue",
        NETWORK,
        {**PLAIN, "azureApiVersion": "2023-11-01"},
        inputs={"azureApiVersion": "2023-11-01"},
    ),
]

NAMES = [
    Row(
        "a name made at random marks the resource for create-before-delete",
        "provider.go getDefaultName, applyDefaults",
        NETWORK,
        PLAIN,
        inputs={"virtualNetworkName": re.compile("net[0-9a-f]{8}"), "__createBeforeDelete": True},
    ),
    Row(
        "a name that the program gives does not",
        "provider.go applyDefaults",
        NETWORK,
        {**PLAIN, "virtualNetworkName": "v"},
        inputs={"virtualNetworkName": "v", "__createBeforeDelete": None},
    ),
    Row(
        "a child takes the logical name, unmarked",
        "provider.go getDefaultName: AutoNameCopy",
        SUBNET,
        {"resourceGroupName": "rg", "virtualNetworkName": "v"},
        inputs={"subnetName": "net", "__createBeforeDelete": None},
    ),
    Row(
        "a role assignment gets a GUID, marked",
        "provider.go getDefaultName: AutoNameUuid",
        ASSIGNMENT,
        ROLE,
        inputs={"roleAssignmentName": re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"), "__createBeforeDelete": True},
    ),
    Row(
        "an old name is kept with its mark",
        "provider.go getDefaultName: olds",
        NETWORK,
        PLAIN,
        {"virtualNetworkName": "net1234", "__createBeforeDelete": True},
        inputs={"virtualNetworkName": "net1234", "__createBeforeDelete": True},
    ),
    Row(
        "an old name without a mark gets none",
        "provider.go getDefaultName: olds",
        NETWORK,
        PLAIN,
        {"virtualNetworkName": "v"},
        inputs={"virtualNetworkName": "v", "__createBeforeDelete": None},
    ),
    Row(
        "an enforced name is taken, and marked",
        "autonaming_test.go; provider.go getDefaultName: ENFORCE",
        NETWORK,
        PLAIN,
        naming=("ENFORCE", "corp-net"),
        inputs={"virtualNetworkName": "corp-net", "__createBeforeDelete": True},
    ),
    Row(
        "a proposed name is taken by a child too, and marked",
        "provider.go getDefaultName: PROPOSE, AutoNameCopy",
        SUBNET,
        {"resourceGroupName": "rg", "virtualNetworkName": "v"},
        naming=("PROPOSE", "net-x"),
        inputs={"subnetName": "net-x", "__createBeforeDelete": True},
    ),
    Row(
        "a proposed name is no GUID, so that a role assignment keeps its own",
        "provider.go getDefaultName: PROPOSE, AutoNameUuid",
        ASSIGNMENT,
        ROLE,
        naming=("PROPOSE", "net-x"),
        inputs={"roleAssignmentName": re.compile("[0-9a-f-]{36}")},
    ),
    Row(
        "an enforced name is taken by a role assignment",
        "provider.go getDefaultName: ENFORCE",
        ASSIGNMENT,
        ROLE,
        naming=("ENFORCE", "net-x"),
        inputs={"roleAssignmentName": "net-x"},
    ),
    Row(
        "an old name outlives a changed setting",
        "provider.go getDefaultName: olds come first",
        NETWORK,
        PLAIN,
        {"virtualNetworkName": "net1234"},
        naming=("ENFORCE", "corp-net"),
        inputs={"virtualNetworkName": "net1234"},
    ),
    Row(
        "disabled names leave the name missing",
        "provider.go getDefaultName: DISABLE",
        NETWORK,
        PLAIN,
        naming=("DISABLE", ""),
        inputs={"virtualNetworkName": None, "__createBeforeDelete": None},
        reasons=("missing required property 'virtualNetworkName'",),
    ),
]

LOCATIONS = [
    Row(
        "a location that is nowhere to be had is missed in these words",
        "provider.go validateType",
        REGISTRY,
        {"resourceGroupName": "unknown", "registryName": "acmereg", "sku": {"name": "Premium"}},
        reasons=(
            "missing required property 'location'. Either set it explicitly or configure it with "
            "'pulumi config set azure-native:location <value>'.",
        ),
    ),
    Row(
        "the old location wins over the configured one",
        "provider.go getDefaultLocation",
        NETWORK,
        {"resourceGroupName": "rg"},
        {"location": "westus"},
        inputs={"location": "westus"},
        location="norwayeast",
    ),
    Row(
        "a group that is not known yet leaves the location open",
        "provider.go getDefaultLocation: ContainsUnknowns",
        NETWORK,
        {"resourceGroupName": UNKNOWN},
        inputs={"location": UNKNOWN},
    ),
]

LIMITS = [
    Row(
        "a short name",
        "provider.go validateProperty; registryName: bicep-types-az containerregistry/2023-01-01-preview",
        REGISTRY,
        {**PREMIUM, "registryName": "acme"},
        reasons=("'registryName' is too short (4): at least 5 characters required",),
    ),
    Row(
        "a long name",
        "provider.go validateProperty; registryName: bicep-types-az containerregistry/2023-01-01-preview",
        REGISTRY,
        {**PREMIUM, "registryName": "a" * 51},
        reasons=("'registryName' is too long (51): at most 50 characters allowed",),
    ),
    Row(
        "a character that a name must not have",
        "provider.go validateProperty; registryName: bicep-types-az containerregistry/2023-01-01-preview",
        REGISTRY,
        {**PREMIUM, "registryName": "acme-reg"},
        reasons=("'registryName' does not match expression '^[a-zA-Z0-9]*$'",),
    ),
    Row(
        "an empty name breaks two limits",
        "provider.go validateProperty: 'apply to empty strings too'",
        GROUP,
        {"resourceGroupName": "", "location": "eastus"},
        reasons=(
            "'resourceGroupName' is too short (0): at least 1 characters required",
            r"'resourceGroupName' does not match expression '^[-\w\._\(\)]+$'",
        ),
    ),
    Row(
        "a class of the expression is ASCII, and lengths are bytes",
        "provider.go validateProperty: len(value); Go regexp syntax, \\w",
        GROUP,
        {"resourceGroupName": "ü" * 46, "location": "eastus"},
        reasons=(
            "'resourceGroupName' is too long (92): at most 90 characters allowed",
            r"'resourceGroupName' does not match expression '^[-\w\._\(\)]+$'",
        ),
    ),
    Row(
        "a parent's name is checked as the parent's own",
        "provider.go Check: every path parameter; containerregistry parameters",
        "azure-native:containerregistry:Replication",
        {**PLAIN, "registryName": "acme", "replicationName": "westeurope"},
        reasons=("'registryName' is too short (4): at least 5 characters required",),
    ),
    Row(
        "a member of an element, with its index",
        "provider.go validateProperty: itemCtx; agent pools: bicep-types-az containerservice/2025-09-01",
        CLUSTER,
        {**PLAIN, "resourceName": "c", "agentPoolProfiles": [{"name": "ok"}, {"name": "Not-ok"}]},
        reasons=("'agentPoolProfiles[1].name' does not match expression '^[a-z][a-z0-9]{0,11}$'",),
    ),
    Row(
        "a number below its range",
        "provider.go validateProperty; osDiskSizeGB: containerservice/…/aks/models.tsp @minValue(0)",
        POOL,
        {"resourceGroupName": "rg", "resourceName": "c", "agentPoolName": "p", "osDiskSizeGB": -1},
        reasons=("'osDiskSizeGB' is too low (-1.000000 < 0.000000)",),
    ),
    Row(
        "a number above its range",
        "provider.go validateProperty; osDiskSizeGB: containerservice/…/aks/models.tsp @maxValue(2048)",
        POOL,
        {"resourceGroupName": "rg", "resourceName": "c", "agentPoolName": "p", "osDiskSizeGB": 4096},
        reasons=("'osDiskSizeGB' is too high (4096.000000 > 2048.000000)",),
    ),
    Row(
        "the bounds themselves are allowed",
        "provider.go validateProperty: < and >",
        POOL,
        {"resourceGroupName": "rg", "resourceName": "c", "agentPoolName": "p", "osDiskSizeGB": 2048},
    ),
    Row(
        "a number in a list of numbers",
        "provider.go validateProperty; hourSlots: bicep-types-az containerservice/2025-09-01",
        MAINTENANCE,
        {
            "resourceGroupName": "rg",
            "resourceName": "c",
            "configName": "default",
            "timeInWeek": [{"day": "Monday", "hourSlots": [3, 24]}],
        },
        reasons=("'timeInWeek[0].hourSlots[1]' is too high (24.000000 > 23.000000)",),
    ),
    Row(
        "a fraction where a whole number is meant",
        "provider.go validateProperty: math.Modf",
        POOL,
        {"resourceGroupName": "rg", "resourceName": "c", "agentPoolName": "p", "count": 1.5},
        reasons=("'count' must be an integer but got 1.500000",),
    ),
    Row(
        "a weight deep below the properties",
        "ManagedEnvironmentsHttpRouteConfig.json 2025-02-02-preview, HttpRouteTarget.weight",
        ROUTES,
        {
            "resourceGroupName": "rg",
            "environmentName": "e",
            "httpRouteName": "route",
            "properties": {"rules": [{"targets": [{"containerApp": "a", "weight": 101}]}]},
        },
        reasons=("'properties.rules[0].targets[0].weight' is too high (101.000000 > 100.000000)",),
    ),
    Row(
        "a threshold of a container app",
        "ContainerApps.json 2025-02-02-preview, Configuration.revisionTransitionThreshold",
        APP,
        {**PLAIN, "containerAppName": "a", "configuration": {"revisionTransitionThreshold": 0}},
        reasons=("'configuration.revisionTransitionThreshold' is too low (0.000000 < 1.000000)",),
    ),
    Row(
        "a container of a storage account, by its own name and the account's",
        "bicep-types-az storage/2024-01-01",
        BLOBS,
        {"resourceGroupName": "rg", "accountName": "Account", "containerName": "c"},
        reasons=(
            "'accountName' does not match expression '^[a-z0-9]+$'",
            "'containerName' is too short (1): at least 3 characters required",
        ),
    ),
    Row(
        "a name that is not known yet",
        "provider.go validateProperty: Computed",
        REGISTRY,
        {**PREMIUM, "registryName": UNKNOWN},
    ),
]

TYPES = [
    Row(
        "a text for a switch",
        "provider.go validateProperty",
        REGISTRY,
        {**PREMIUM, "registryName": "acmereg", "adminUserEnabled": "no"},
        reasons=("'adminUserEnabled' should be of type 'boolean' but got a string",),
    ),
    Row(
        "a number for a text",
        "provider.go validateProperty",
        NETWORK,
        {**PLAIN, "virtualNetworkName": "v", "dhcpOptions": {"dnsServers": [8]}},
        reasons=("'dhcpOptions.dnsServers[0]' should be of type 'string' but got a number",),
    ),
    Row(
        "a list for a text",
        "provider.go validateProperty",
        NETWORK,
        {**PLAIN, "virtualNetworkName": ["v"]},
        reasons=("'virtualNetworkName' should be of type 'string' but got an array",),
    ),
    Row(
        "a required member of an object, with its path",
        "provider.go validateType",
        REGISTRY,
        {**PLAIN, "registryName": "acmereg", "sku": {}},
        reasons=("missing required property 'sku.name'",),
    ),
]

ROWS = [*VERSIONS, *NAMES, *LOCATIONS, *LIMITS, *TYPES]


@pytest.fixture(scope="module")
def stub() -> Iterator[Any]:
    with FakeArm() as arm:
        client = ArmClient(arm.url)
        server, _, port = start(client, 0, 0.0)
        with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
            yield provider_pb2_grpc.ResourceProviderStub(channel)
        server.stop(None).wait()
        client.close()


def checked(stub: Any, row: Row) -> tuple[dict[str, Any], list[str]]:
    """The inputs and the reasons that the bridge answers a row with."""
    stub.Configure(provider_pb2.ConfigureRequest(args=to_struct({"location": row.location} if row.location else {})))
    request = provider_pb2.CheckRequest(
        urn=f"urn:pulumi:dev::p::{row.token}::net",
        name="net",
        type=row.token,
        olds=to_struct(row.olds),
        news=to_struct(row.news),
        randomSeed=SEED,
    )
    if row.naming is not None:
        mode, name = row.naming
        request.autonaming.CopyFrom(NAMING(mode=NAMING.Mode.Value(mode), proposed_name=name))
    answer = stub.Check(request)
    return from_struct(answer.inputs), [failure.reason for failure in answer.failures]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.what)
def test_check_answers_as_the_provider_does(stub: Any, row: Row) -> None:
    inputs, reasons = checked(stub, row)
    assert sorted(reasons) == sorted(row.reasons), row.source
    for name, expected in row.inputs.items():
        if isinstance(expected, re.Pattern):
            assert expected.fullmatch(inputs[name]), row.source
        else:
            assert inputs.get(name) == expected, row.source


def test_no_name_is_made_twice_from_one_seed(stub: Any) -> None:
    named = Row("", "", NETWORK, PLAIN)
    assert checked(stub, named) == checked(stub, named)
