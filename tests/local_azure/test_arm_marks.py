"""Marks and limits of the served types: one row each, of members that the SDK has, as the management packages have them."""

from __future__ import annotations

import ast
import functools
import importlib
import inspect
import re
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import pytest
from azure.mgmt.appcontainers import models as apps
from azure.mgmt.containerregistry import models as registries
from azure.mgmt.containerservice import models as clusters
from azure.mgmt.network import models as network
from azure.mgmt.privatedns import models as dns

from local_azure.arm_bounds import BOUNDS, bounds
from local_azure.arm_facts import FACTS
from local_azure.arm_family import UNREAD, Bound
from local_azure.arm_types import catalogue

TYPES = list(catalogue().types.values())


def member(definition: str, path: str) -> Any:
    """The member that a path names, element types included; fails where there is none."""
    first, _, rest = path.partition(".")
    found = catalogue().definition(definition).members[first.removesuffix("[]")]
    if not rest:
        return found
    shape = found.shape
    while shape["k"] in ("array", "map"):
        shape = shape["of"]
    if shape["k"] == "union":
        shape = next(option for option in shape["of"] if rest in catalogue().definition(option["ref"]).members)
    return member(shape["ref"], rest)


def items(shape: dict[str, Any]) -> set[str]:
    """Names of the members of an array's elements."""
    return set(catalogue().definition(shape["of"]["ref"]).members)


def test_every_served_type_has_a_row_and_no_row_is_of_another_type() -> None:
    names = {row.name for row in FACTS.types}
    assert names == set(FACTS.marks)
    assert set(BOUNDS) <= names


@pytest.mark.parametrize("arm", TYPES, ids=lambda arm: arm.name)
def test_a_row_names_its_source_and_members_that_can_be_set(arm: Any) -> None:
    marks = FACTS.marks[arm.name]
    assert marks.source.startswith(("azure-mgmt-", "chosen: ", "common-types/")) or marks.source.endswith(
        (".json", ".tsp", ")")
    )
    for path in marks.create_only | marks.nested | marks.forced | marks.ignore_case:
        if path not in arm.path_inputs:
            assert not member(arm.root, path).read_only, path
    assert all("." not in path for path in marks.create_only)
    assert all(path.count(".") <= 1 for path in marks.nested | marks.forced)


@pytest.mark.parametrize("arm", TYPES, ids=lambda arm: arm.name)
def test_no_nested_mark_is_of_an_enum_and_elements_are_of_arrays(arm: Any) -> None:
    marks = FACTS.marks[arm.name]
    assert all(member(arm.root, path).shape["k"] != "enum" for path in marks.nested)
    assert all(member(arm.root, path).shape["k"] == "array" for path in marks.forced if path.endswith("[]"))


@pytest.mark.parametrize("arm", TYPES, ids=lambda arm: arm.name)
def test_keyed_arrays_hold_objects_with_those_keys(arm: Any) -> None:
    for path, keys in FACTS.marks[arm.name].keyed.items():
        assert set(keys) <= items(member(arm.root, path).shape), path


@pytest.mark.parametrize("arm", TYPES, ids=lambda arm: arm.name)
def test_limits_are_of_texts_and_numbers_that_can_be_set(arm: Any) -> None:
    for path, bound in bounds(arm, arm.sdk_version).items():
        if path in arm.path_inputs:
            assert bound.minimum is None
            assert bound.maximum is None
            continue
        found = member(arm.root, path)
        shape = found.shape["of"] if path.endswith("[]") else found.shape
        texts = bound.pattern or bound.min_length or bound.max_length
        assert not found.read_only, path
        assert shape["k"] in (("string", "enum") if texts else ("int", "number")), path


def test_a_limit_holds_at_the_versions_that_state_it() -> None:
    assert Bound(since="2025-10-02-preview", until="2026-07-01").holds("2026-01-01")
    assert not Bound(since="2025-10-02-preview").holds("2025-02-02-preview")
    assert not Bound(until="2026-07-01").holds("2026-07-01")


OFFICIAL = [
    (apps, "ManagedEnvironment", "Microsoft.App/managedEnvironments"),
    (apps, "ContainerApp", "Microsoft.App/containerApps"),
    (apps, "Job", "Microsoft.App/jobs"),
    (apps, "SessionPool", "Microsoft.App/sessionPools"),
    (apps, "HttpRouteConfig", "Microsoft.App/managedEnvironments/httpRouteConfigs"),
    (registries, "Registry", "Microsoft.ContainerRegistry/registries"),
    (registries, "Replication", "Microsoft.ContainerRegistry/registries/replications"),
    (registries, "WebhookCreateParameters", "Microsoft.ContainerRegistry/registries/webhooks"),
    (registries, "CacheRule", "Microsoft.ContainerRegistry/registries/cacheRules"),
    (registries, "Token", "Microsoft.ContainerRegistry/registries/tokens"),
    (registries, "ScopeMap", "Microsoft.ContainerRegistry/registries/scopeMaps"),
    (clusters, "ManagedCluster", "Microsoft.ContainerService/managedClusters"),
    (clusters, "AgentPool", "Microsoft.ContainerService/managedClusters/agentPools"),
    (clusters, "MaintenanceConfiguration", "Microsoft.ContainerService/managedClusters/maintenanceConfigurations"),
    (network, "VirtualNetwork", "Microsoft.Network/virtualNetworks"),
    (network, "Subnet", "Microsoft.Network/virtualNetworks/subnets"),
    (network, "NetworkSecurityGroup", "Microsoft.Network/networkSecurityGroups"),
    (network, "SecurityRule", "Microsoft.Network/networkSecurityGroups/securityRules"),
    (network, "PrivateEndpoint", "Microsoft.Network/privateEndpoints"),
    (network, "PublicIPAddress", "Microsoft.Network/publicIPAddresses"),
    (network, "FirewallPolicy", "Microsoft.Network/firewallPolicies"),
    (network, "NatGateway", "Microsoft.Network/natGateways"),
    (dns, "PrivateZone", "Microsoft.Network/privateDnsZones"),
    (dns, "VirtualNetworkLink", "Microsoft.Network/privateDnsZones/virtualNetworkLinks"),
    (dns, "RecordSet", "Microsoft.Network/privateDnsZones/A"),
]
"""Types whose marks Azure's own clients repeat: the package's class of the body that creates one."""


@dataclass(frozen=True)
class Field:
    """A field of a client's model as its source declares it: wire name, visibility, model that it holds (or none)."""

    name: str
    create_only: bool
    holds: str


def _field(node: ast.AnnAssign, call: ast.Call) -> Field:
    words = {word.arg: word.value for word in call.keywords}
    name = ast.literal_eval(words["name"]) if "name" in words else ast.unparse(node.target)
    visibility = ast.literal_eval(words["visibility"]) if "visibility" in words else ["create", "update"]
    held = re.search(r"_models\.(\w+)", ast.unparse(node.annotation))
    return Field(name, "create" in visibility and "update" not in visibility, held[1] if held else "")


@functools.cache
def classes(models: ModuleType) -> dict[str, list[Field]]:
    """The fields that each model of a package declares, inherited ones left out."""
    tree = ast.parse(inspect.getsource(importlib.import_module(f"{models.__name__}._models")))
    return {
        cls.name: [
            _field(node, node.value)
            for node in cls.body
            if isinstance(node, ast.AnnAssign) and isinstance(node.value, ast.Call)
        ]
        for cls in tree.body
        if isinstance(cls, ast.ClassDef)
    }


def fields(models: ModuleType, cls: str) -> list[Field]:
    """The fields of a model and of those that it extends."""
    return [field for base in getattr(models, cls).__mro__ for field in classes(models).get(base.__name__, [])]


def marked(models: ModuleType, cls: str, *, deep: bool) -> set[str]:
    """Create-only fields of a body, `properties` seen as part of it; with `deep`, those one object or array below."""
    found: set[str] = set()
    for field in fields(models, cls):
        if field.name == "properties" and field.holds:
            found |= marked(models, field.holds, deep=deep)
        elif not deep and field.create_only:
            found.add(field.name)
        elif deep and field.holds:
            found |= {f"{field.name}.{inner}" for inner in marked(models, field.holds, deep=False)}
    return found


@pytest.mark.parametrize(("models", "cls", "name"), OFFICIAL, ids=[name for _, _, name in OFFICIAL])
def test_marks_are_those_of_azures_own_client(models: ModuleType, cls: str, name: str) -> None:
    """The clients speak a later version: what the SDK's class does not have yet is left out."""
    marks, arm = FACTS.marks[name], catalogue().types[name.lower()]
    members = catalogue().definition(arm.root).members
    assert marks.create_only == marked(models, cls, deep=False) & members.keys()
    known = {path for path in marked(models, cls, deep=True) if path.split(".")[0] in members}
    assert {path for path in known if _has(arm.root, path)} == marks.nested


def _has(definition: str, path: str) -> bool:
    try:
        found = member(definition, path)
    except KeyError:
        return False
    return not found.read_only and found.shape["k"] != "enum"


def test_what_was_not_read_says_so() -> None:
    unread = {name for name, marks in FACTS.marks.items() if marks.source.startswith("chosen: ")}
    assert unread == {
        "Microsoft.App/agents",
        "Microsoft.App/agents/connectors",
        "Microsoft.Authorization/locks",
        "Microsoft.Authorization/roleAssignments",
        "Microsoft.Authorization/roleDefinitions",
        "Microsoft.Compute/virtualMachines",
        "Microsoft.EventGrid/systemTopics",
        "Microsoft.EventGrid/systemTopics/eventSubscriptions",
        "Microsoft.Insights/dataCollectionRuleAssociations",
        "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials",
        "Microsoft.Security/pricings",
    }
    assert UNREAD.source.startswith("chosen: ")
