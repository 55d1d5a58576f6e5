"""Check: names that the program leaves out, one row for each answer of azure-native 3.29."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from as_azure_native import Check, bridge

NETWORK = "azure-native:network:VirtualNetwork"
SUBNET = "azure-native:network:Subnet"
ASSIGNMENT = "azure-native:authorization:RoleAssignment"
PLAIN = {"resourceGroupName": "rg", "location": "eastus"}
ROLE = {"scope": "/subscriptions/s", "principalId": "p", "roleDefinitionId": "r"}

NAMES = [
    Check(
        "a name made at random marks the resource for create-before-delete",
        "provider.go getDefaultName, applyDefaults",
        NETWORK,
        PLAIN,
        inputs={"virtualNetworkName": re.compile("net[0-9a-f]{8}"), "__createBeforeDelete": True},
    ),
    Check(
        "a name that the program gives does not",
        "provider.go applyDefaults",
        NETWORK,
        {**PLAIN, "virtualNetworkName": "v"},
        inputs={"virtualNetworkName": "v", "__createBeforeDelete": None},
    ),
    Check(
        "a child takes the logical name, unmarked",
        "provider.go getDefaultName: AutoNameCopy",
        SUBNET,
        {"resourceGroupName": "rg", "virtualNetworkName": "v"},
        inputs={"subnetName": "net", "__createBeforeDelete": None},
    ),
    Check(
        "a role assignment gets a GUID, marked",
        "provider.go getDefaultName: AutoNameUuid",
        ASSIGNMENT,
        ROLE,
        inputs={
            "roleAssignmentName": re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
            "__createBeforeDelete": True,
        },
    ),
    Check(
        "an old name is kept with its mark",
        "provider.go getDefaultName: olds",
        NETWORK,
        PLAIN,
        {"virtualNetworkName": "net1234", "__createBeforeDelete": True},
        inputs={"virtualNetworkName": "net1234", "__createBeforeDelete": True},
    ),
    Check(
        "an old name without a mark gets none",
        "provider.go getDefaultName: olds",
        NETWORK,
        PLAIN,
        {"virtualNetworkName": "v"},
        inputs={"virtualNetworkName": "v", "__createBeforeDelete": None},
    ),
    Check(
        "an enforced name is taken, and marked",
        "autonaming_test.go; provider.go getDefaultName: ENFORCE",
        NETWORK,
        PLAIN,
        naming=("ENFORCE", "corp-net"),
        inputs={"virtualNetworkName": "corp-net", "__createBeforeDelete": True},
    ),
    Check(
        "a proposed name is taken by a child too, and marked",
        "provider.go getDefaultName: PROPOSE, AutoNameCopy",
        SUBNET,
        {"resourceGroupName": "rg", "virtualNetworkName": "v"},
        naming=("PROPOSE", "net-x"),
        inputs={"subnetName": "net-x", "__createBeforeDelete": True},
    ),
    Check(
        "a proposed name is no GUID, so that a role assignment keeps its own",
        "provider.go getDefaultName: PROPOSE, AutoNameUuid",
        ASSIGNMENT,
        ROLE,
        naming=("PROPOSE", "net-x"),
        inputs={"roleAssignmentName": re.compile("[0-9a-f-]{36}")},
    ),
    Check(
        "an enforced name is taken by a role assignment",
        "provider.go getDefaultName: ENFORCE",
        ASSIGNMENT,
        ROLE,
        naming=("ENFORCE", "net-x"),
        inputs={"roleAssignmentName": "net-x"},
    ),
    Check(
        "an old name outlives a changed setting",
        "provider.go getDefaultName: olds come first",
        NETWORK,
        PLAIN,
        {"virtualNetworkName": "net1234"},
        naming=("ENFORCE", "corp-net"),
        inputs={"virtualNetworkName": "net1234"},
    ),
    Check(
        "disabled names leave the name missing",
        "provider.go getDefaultName: DISABLE",
        NETWORK,
        PLAIN,
        naming=("DISABLE", ""),
        inputs={"virtualNetworkName": None, "__createBeforeDelete": None},
        reasons=("missing required property 'virtualNetworkName'",),
    ),
]


@pytest.fixture(scope="module")
def stub() -> Iterator[Any]:
    with bridge() as created:
        yield created


@pytest.mark.parametrize("row", NAMES, ids=lambda row: row.what)
def test_check_names_resources_as_the_provider_does(stub: Any, row: Check) -> None:
    inputs, reasons = row.call(stub)
    assert sorted(reasons) == sorted(row.reasons), row.source
    for name, expected in row.inputs.items():
        if isinstance(expected, re.Pattern):
            assert expected.fullmatch(inputs[name]), row.source
        else:
            assert inputs.get(name) == expected, row.source


def test_no_name_is_made_twice_from_one_seed(stub: Any) -> None:
    named = Check("", "", NETWORK, PLAIN)
    assert named.call(stub) == named.call(stub)
