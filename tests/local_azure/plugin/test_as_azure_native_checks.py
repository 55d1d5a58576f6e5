"""Check: versions, locations, limits and types, one row for each answer of azure-native 3.29."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from as_azure_native import Check, bridge

from local_azure.plugin.values import UNKNOWN

NETWORK = "azure-native:network:VirtualNetwork"
REGISTRY = "azure-native:containerregistry:Registry"
REGISTRY_2026 = "azure-native_containerregistry_v20260301preview:containerregistry:Registry"
GROUP = "azure-native:resources:ResourceGroup"
CLUSTER = "azure-native:containerservice:ManagedCluster"
POOL = "azure-native:containerservice:AgentPool"
MAINTENANCE = "azure-native:containerservice:MaintenanceConfiguration"
APP = "azure-native:app:ContainerApp"
ROUTES = "azure-native:app:HttpRouteConfig"
BLOBS = "azure-native:storage:BlobContainer"
RESOURCE = "azure-native:resources:Resource"
PLAIN = {"resourceGroupName": "rg", "location": "eastus"}
PREMIUM = {**PLAIN, "sku": {"name": "Premium"}}
SANDBOXES = {
    **PLAIN,
    "resourceProviderNamespace": "Microsoft.App",
    "parentResourcePath": "",
    "resourceType": "sandboxGroups",
    "resourceName": "g",
    "apiVersion": "2026-02-01-preview",
}

VERSIONS = [
    Check(
        "the API version is an input of every resource",
        "#4015; provider.go applyDefaults",
        NETWORK,
        PLAIN,
        inputs={"azureApiVersion": "2024-05-01"},
    ),
    Check(
        "a parameterized package has the version that it names",
        "#4015; provider.go applyDefaults",
        REGISTRY_2026,
        {**PREMIUM, "registryName": "acmereg"},
        inputs={"azureApiVersion": "2026-03-01-preview"},
    ),
    Check(
        "the old version gives way to the one that is spoken now",
        "#4015: the default moved, which is to be seen",
        NETWORK,
        PLAIN,
        {"azureApiVersion": "2023-11-01"},
        inputs={"azureApiVersion": "2024-05-01"},
    ),
    Check(
        "a version that the program gives is kept",
        "provider.go applyDefaults: news.HasValue",
        NETWORK,
        {**PLAIN, "azureApiVersion": "2023-11-01"},
        inputs={"azureApiVersion": "2023-11-01"},
    ),
    Check(
        "the generic resource states the version of its class, whatever version it asks for",
        "provider.go applyDefaults; pulumi_azure_native 3.29.0 resources/resource.py: Uses Azure REST API version",
        RESOURCE,
        SANDBOXES,
        inputs={"azureApiVersion": "2024-03-01", "apiVersion": "2026-02-01-preview"},
    ),
]

LOCATIONS = [
    Check(
        "a location that is nowhere to be had is missed in these words",
        "provider.go validateType",
        REGISTRY,
        {"resourceGroupName": "unknown", "registryName": "acmereg", "sku": {"name": "Premium"}},
        reasons=(
            "missing required property 'location'. Either set it explicitly or configure it with "
            "'pulumi config set azure-native:location <value>'.",
        ),
    ),
    Check(
        "the old location wins over the configured one",
        "provider.go getDefaultLocation",
        NETWORK,
        {"resourceGroupName": "rg"},
        {"location": "westus"},
        inputs={"location": "westus"},
        location="norwayeast",
    ),
    Check(
        "a group that is not known yet leaves the location open",
        "provider.go getDefaultLocation: ContainsUnknowns",
        NETWORK,
        {"resourceGroupName": UNKNOWN},
        inputs={"location": UNKNOWN},
    ),
]

LIMITS = [
    Check(
        "a short name",
        "provider.go validateProperty; registryName: bicep-types-az containerregistry/2023-01-01-preview",
        REGISTRY,
        {**PREMIUM, "registryName": "acme"},
        reasons=("'registryName' is too short (4): at least 5 characters required",),
    ),
    Check(
        "a long name",
        "provider.go validateProperty; registryName: bicep-types-az containerregistry/2023-01-01-preview",
        REGISTRY,
        {**PREMIUM, "registryName": "a" * 51},
        reasons=("'registryName' is too long (51): at most 50 characters allowed",),
    ),
    Check(
        "a character that a name must not have",
        "provider.go validateProperty; registryName: bicep-types-az containerregistry/2023-01-01-preview",
        REGISTRY,
        {**PREMIUM, "registryName": "acme-reg"},
        reasons=("'registryName' does not match expression '^[a-zA-Z0-9]*$'",),
    ),
    Check(
        "an empty name breaks two limits",
        "provider.go validateProperty: 'apply to empty strings too'",
        GROUP,
        {"resourceGroupName": "", "location": "eastus"},
        reasons=(
            "'resourceGroupName' is too short (0): at least 1 characters required",
            r"'resourceGroupName' does not match expression '^[-\w\._\(\)]+$'",
        ),
    ),
    Check(
        "a class of the expression is ASCII, and lengths are bytes",
        "provider.go validateProperty: len(value); Go regexp syntax, \\w",
        GROUP,
        {"resourceGroupName": "ü" * 46, "location": "eastus"},
        reasons=(
            "'resourceGroupName' is too long (92): at most 90 characters allowed",
            r"'resourceGroupName' does not match expression '^[-\w\._\(\)]+$'",
        ),
    ),
    Check(
        "a parent's name is checked as the parent's own",
        "provider.go Check: every path parameter; containerregistry parameters",
        "azure-native:containerregistry:Replication",
        {**PLAIN, "registryName": "acme", "replicationName": "westeurope"},
        reasons=("'registryName' is too short (4): at least 5 characters required",),
    ),
    Check(
        "a member of an element, with its index",
        "provider.go validateProperty: itemCtx; agent pools: bicep-types-az containerservice/2025-09-01",
        CLUSTER,
        {**PLAIN, "resourceName": "c", "agentPoolProfiles": [{"name": "ok"}, {"name": "Not-ok"}]},
        reasons=("'agentPoolProfiles[1].name' does not match expression '^[a-z][a-z0-9]{0,11}$'",),
    ),
    Check(
        "a number below its range",
        "provider.go validateProperty; osDiskSizeGB: containerservice/…/aks/models.tsp @minValue(0)",
        POOL,
        {"resourceGroupName": "rg", "resourceName": "c", "agentPoolName": "p", "osDiskSizeGB": -1},
        reasons=("'osDiskSizeGB' is too low (-1.000000 < 0.000000)",),
    ),
    Check(
        "a number above its range",
        "provider.go validateProperty; osDiskSizeGB: containerservice/…/aks/models.tsp @maxValue(2048)",
        POOL,
        {"resourceGroupName": "rg", "resourceName": "c", "agentPoolName": "p", "osDiskSizeGB": 4096},
        reasons=("'osDiskSizeGB' is too high (4096.000000 > 2048.000000)",),
    ),
    *(
        Check(
            f"{what} itself is allowed",
            "provider.go validateProperty: < and >",
            POOL,
            {"resourceGroupName": "rg", "resourceName": "c", "agentPoolName": "p", "osDiskSizeGB": size},
        )
        for what, size in (("the lower bound", 0), ("the upper bound", 2048))
    ),
    *(
        Check(
            f"a name of {length} characters is within 5 and 50",
            "provider.go validateProperty: < and >",
            REGISTRY,
            {**PREMIUM, "registryName": "a" * length},
        )
        for length in (5, 50)
    ),
    Check(
        "the end of an expression is the end of the text, after a line break too",
        "provider.go validateProperty; Go regexp syntax: $ without flag m is at end of text",
        REGISTRY,
        {**PREMIUM, "registryName": "acmereg\n"},
        reasons=("'registryName' does not match expression '^[a-zA-Z0-9]*$'",),
    ),
    Check(
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
    Check(
        "a fraction in place of an integer",
        "provider.go validateProperty: math.Modf",
        POOL,
        {"resourceGroupName": "rg", "resourceName": "c", "agentPoolName": "p", "count": 1.5},
        reasons=("'count' must be an integer but got 1.500000",),
    ),
    Check(
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
    Check(
        "a threshold of a container app",
        "ContainerApps.json 2025-02-02-preview, Configuration.revisionTransitionThreshold",
        APP,
        {**PLAIN, "containerAppName": "a", "configuration": {"revisionTransitionThreshold": 0}},
        reasons=("'configuration.revisionTransitionThreshold' is too low (0.000000 < 1.000000)",),
    ),
    Check(
        "a container of a storage account, by its own name and the account's",
        "bicep-types-az storage/2024-01-01",
        BLOBS,
        {"resourceGroupName": "rg", "accountName": "Account", "containerName": "c"},
        reasons=(
            "'accountName' does not match expression '^[a-z0-9]+$'",
            "'containerName' is too short (1): at least 3 characters required",
        ),
    ),
    Check(
        "a name that is not known yet",
        "provider.go validateProperty: Computed",
        REGISTRY,
        {**PREMIUM, "registryName": UNKNOWN},
    ),
]

TYPES = [
    Check(
        "a text for a switch",
        "provider.go validateProperty",
        REGISTRY,
        {**PREMIUM, "registryName": "acmereg", "adminUserEnabled": "no"},
        reasons=("'adminUserEnabled' should be of type 'boolean' but got a string",),
    ),
    Check(
        "a number for a text",
        "provider.go validateProperty",
        NETWORK,
        {**PLAIN, "virtualNetworkName": "v", "dhcpOptions": {"dnsServers": [8]}},
        reasons=("'dhcpOptions.dnsServers[0]' should be of type 'string' but got a number",),
    ),
    Check(
        "a list for a text",
        "provider.go validateProperty",
        NETWORK,
        {**PLAIN, "virtualNetworkName": ["v"]},
        reasons=("'virtualNetworkName' should be of type 'string' but got an array",),
    ),
    Check(
        "a required member of an object, with its path",
        "provider.go validateType",
        REGISTRY,
        {**PLAIN, "registryName": "acmereg", "sku": {}},
        reasons=("missing required property 'sku.name'",),
    ),
]

ROWS = [*VERSIONS, *LOCATIONS, *LIMITS, *TYPES]


@pytest.fixture(scope="module")
def stub() -> Iterator[Any]:
    with bridge() as created:
        yield created


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.what)
def test_check_answers_as_the_provider_does(stub: Any, row: Check) -> None:
    inputs, reasons = row.call(stub)
    assert sorted(reasons) == sorted(row.reasons), row.source
    for name, expected in row.inputs.items():
        if isinstance(expected, re.Pattern):
            assert expected.fullmatch(inputs[name]), row.source
        else:
            assert inputs.get(name) == expected, row.source
