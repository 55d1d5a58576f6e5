from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from local_azure import arm_types_build, arm_types_catalogue
from local_azure.arm_facts import FACTS
from local_azure.arm_types import _Check, catalogue, lookup, lookup_token, spelled, split_read_only, violations
from local_azure.arm_types_catalogue import ArmType, Member
from tests import published

REGISTRIES = "Microsoft.ContainerRegistry/registries"
CONTAINER_GROUPS = "Microsoft.ContainerInstance/containerGroups"


def arm_type(name: str) -> ArmType:
    found = lookup(name)
    assert found is not None
    return found


def problems(name: str, version: str, body: dict[str, Any]) -> list[tuple[str, str]]:
    return [(found.path, found.problem) for found in violations(arm_type(name), version, body)]


def test_types_are_found_in_any_letter_case() -> None:
    assert arm_type("MICROSOFT.network/VIRTUALnetworks").name == "Microsoft.Network/virtualNetworks"
    assert lookup("Microsoft.Network/nothing") is None


def test_every_row_of_the_table_has_a_type() -> None:
    assert [arm.name for arm in catalogue().types.values()] == [row.name for row in FACTS.types]


@pytest.mark.parametrize(
    ("token", "name", "version"),
    [
        ("azure-native:network:VirtualNetwork", "Microsoft.Network/virtualNetworks", "2024-05-01"),
        ("azure-native:containerregistry:Registry", REGISTRIES, "2023-01-01-preview"),
        (
            "azure-native_containerregistry_v20260301preview:containerregistry:Registry",
            REGISTRIES,
            "2026-03-01-preview",
        ),
        ("azure-native_containerregistry_v20251101:containerregistry:Registry", REGISTRIES, "2025-11-01"),
        ("azure-native:privatedns:PrivateZone", "Microsoft.Network/privateDnsZones", "2024-06-01"),
    ],
)
def test_tokens_name_a_type_and_a_version(token: str, name: str, version: str) -> None:
    found = lookup_token(token)
    assert found is not None
    assert (found.arm.name, found.version) == (name, version)


@pytest.mark.parametrize(
    "token",
    [
        "azure-native:network:Nothing",
        "azure-native_containerregistry_v19990101:containerregistry:Registry",
        "other:network:VirtualNetwork",
        "nonsense",
    ],
)
def test_tokens_that_name_nothing_are_none(token: str) -> None:
    assert lookup_token(token) is None


def test_one_class_serves_several_record_types() -> None:
    found = lookup_token("azure-native:privatedns:PrivateRecordSet", "aaaa")
    assert found is not None
    assert found.arm.name == "Microsoft.Network/privateDnsZones/AAAA"


def test_paths_have_the_names_of_the_sdk() -> None:
    assert arm_type("Microsoft.ManagedIdentity/userAssignedIdentities").path.endswith(
        "/userAssignedIdentities/{resourceName}"
    )
    assert arm_type("Microsoft.Network/privateDnsZones/A").path.endswith("/{recordType}/{relativeRecordSetName}")
    assert arm_type("Microsoft.Authorization/roleAssignments").path.startswith("/{scope}/providers/")


GOOD = {"location": "eastus", "sku": {"name": "Premium"}, "properties": {"regionalEndpoints": "Enabled"}}


def test_a_right_body_has_no_violations() -> None:
    assert problems(REGISTRIES, "2026-03-01-preview", GOOD) == []


@pytest.mark.parametrize(
    ("change", "path", "problem"),
    [
        ({"properties": {"geo": 1}}, "properties.geo", "unknown property"),
        (
            {"properties": {"AdminUserEnabled": True}},
            "properties.AdminUserEnabled",
            "unknown property, did you mean 'adminUserEnabled'?",
        ),
        ({"properties": {"adminUserEnabled": "yes"}}, "properties.adminUserEnabled", "expected bool, got string"),
        ({"properties": []}, "properties", "expected object, got array"),
        ({"location": None}, "location", "missing required property"),
        ({"sku": {}}, "sku.name", "missing required property"),
        ({"identity": {"type": "Both"}}, "identity.type", "'Both' not one of"),
        (
            {"properties": {"networkRuleSet": {"defaultAction": "Deny", "ipRules": [{"value": 1}]}}},
            "properties.networkRuleSet.ipRules[0].value",
            "expected string, got int",
        ),
        ({"adminUserEnabled": True}, "adminUserEnabled", "unknown property"),
    ],
)
def test_wrong_bodies_are_refused_with_path_and_problem(change: dict[str, Any], path: str, problem: str) -> None:
    found = problems(REGISTRIES, "2026-03-01-preview", {**GOOD, **change})
    assert any(where == path and what.startswith(problem) for where, what in found), found


def test_a_value_outside_an_enum_is_refused_with_the_published_ones() -> None:
    path = "properties.regionalEndpoints"
    body = {**GOOD, "properties": {"regionalEndpoints": "Later"}}
    assert problems(REGISTRIES, "2026-03-01-preview", body) == [(path, "'Later' not one of 'Enabled', 'Disabled'")]


def test_no_enum_of_any_type_takes_a_value_that_is_not_published() -> None:
    known = arm_types_catalogue.load()
    enums = [
        (key, member.sdk)
        for key in known.keys
        for member in known.definition(key).members.values()
        if not member.read_only and member.shape["k"] == "enum" and "*" not in member.shape.get("more", ())
    ]
    assert len(enums) > 300
    taken = []
    for key, name in enums:
        member = known.definition(key).members[name]
        body: Any = "Nonsense"
        for step in reversed(member.wire):
            body = {step: body}
        found = [v.problem for v in _Check("9999").object(body, known.definition(key), "")]
        if not any(problem.startswith("'Nonsense' not one of") for problem in found):
            taken.append((key, name))
    assert taken == []


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ({"publicNetworkAccess": "disabled"}, {"publicNetworkAccess": "Disabled"}),
        ({"PublicNetworkAccess": "DISABLED"}, {"publicNetworkAccess": "Disabled"}),
        ({"networkRuleSet": {"DefaultAction": "deny"}}, {"networkRuleSet": {"defaultAction": "Deny"}}),
        ({"policies": {"trustPolicy": {"status": "Enabled"}}}, {"policies": {"trustPolicy": {"status": "enabled"}}}),
        ({"publicNetworkAccess": "Nope", "other": 1}, {"publicNetworkAccess": "Nope", "other": 1}),
    ],
)
def test_names_and_values_get_their_published_letter_case(sent: dict[str, Any], kept: dict[str, Any]) -> None:
    found = spelled(arm_type(REGISTRIES), "2026-03-01-preview", {**GOOD, "properties": sent})
    assert found == {**GOOD, "properties": kept}


def test_keys_of_maps_keep_their_letter_case() -> None:
    body = {"location": "eastus", "tags": {"Location": "Here"}}
    assert spelled(arm_type(REGISTRIES), "2026-03-01-preview", body) == body


@pytest.mark.parametrize("sent", ["SystemAssigned,UserAssigned", "systemAssigned, userAssigned"])
def test_kinds_of_identity_are_joined_with_or_without_a_space(sent: str) -> None:
    body = {**GOOD, "identity": {"type": sent}}
    found = spelled(arm_type(REGISTRIES), "2026-03-01-preview", body)
    assert found["identity"]["type"] == "SystemAssigned, UserAssigned"


def test_services_that_bypass_a_storage_account_are_joined_by_commas() -> None:
    account = arm_type("Microsoft.Storage/storageAccounts")
    body = {"properties": {"networkAcls": {"defaultAction": "Deny", "bypass": "logging,METRICS"}}}
    found = spelled(account, account.sdk_version, body)["properties"]["networkAcls"]
    assert found["bypass"] == "Logging, Metrics"


@pytest.mark.parametrize("version", ["2023-01-01-preview", "2024-11-01-preview", "2025-11-01"])
def test_a_version_that_lacks_a_property_refuses_it(version: str) -> None:
    assert problems(REGISTRIES, version, GOOD) == [("properties.regionalEndpoints", "unknown property")]


def test_what_the_sdk_shows_but_the_version_does_not_publish_is_refused() -> None:
    body = {"location": "eastus", "properties": {"subnets": [{"properties": {"serviceGateway": {"id": "/x"}}}]}}
    path = "properties.subnets[0].properties.serviceGateway"
    assert problems("Microsoft.Network/virtualNetworks", "2024-05-01", body) == [(path, "unknown property")]
    assert problems("Microsoft.Network/virtualNetworks", "2025-07-01", body) == []


def test_members_that_only_the_service_sets_pass_and_can_be_taken_out() -> None:
    body = {
        "id": "/x",
        "name": "v",
        "etag": "e",
        "properties": {
            "provisioningState": "Succeeded",
            "subnets": [{"name": "a", "etag": "e", "properties": {"purpose": "p"}}],
        },
    }
    vnet = arm_type("Microsoft.Network/virtualNetworks")
    assert violations(vnet, "2024-05-01", body) == []
    kept, removed = split_read_only(vnet, "2024-05-01", body)
    assert kept == {"properties": {"subnets": [{"name": "a", "properties": {}}]}}
    assert removed == (
        "id", "name", "etag", "properties.provisioningState",
        "properties.subnets[0].etag", "properties.subnets[0].properties.purpose",
    )  # fmt: skip


def test_the_scope_of_a_webhook_is_a_member_of_its_body() -> None:
    webhook = lookup("Microsoft.ContainerRegistry/registries/webhooks")
    assert webhook is not None
    body = {"location": "eastus", "properties": {"actions": ["push"], "serviceUri": "https://x", "scope": "acme:*"}}
    assert split_read_only(webhook, webhook.sdk_version, body) == (body, ())


def test_children_that_an_update_keeps_are_those_that_the_sdk_calls_standalone() -> None:
    kept = {arm.name: set(arm.maintained) for arm in catalogue().types.values() if arm.maintained}
    assert kept == {
        "Microsoft.KeyVault/vaults": {("properties", "accessPolicies")},
        "Microsoft.Network/networkSecurityGroups": {("properties", "securityRules")},
        "Microsoft.Network/routeTables": {("properties", "routes")},
        "Microsoft.Network/virtualNetworks": {("properties", "subnets"), ("properties", "virtualNetworkPeerings")},
    }


def test_recursive_shapes_are_checked_all_the_way() -> None:
    rule = {"name": "r", "properties": {"priority": "high"}}
    subnet = {"name": "s", "properties": {"networkSecurityGroup": {"properties": {"securityRules": [rule]}}}}
    found = problems("Microsoft.Network/virtualNetworks", "2024-05-01", {"properties": {"subnets": [subnet]}})
    where = "properties.subnets[0].properties.networkSecurityGroup.properties.securityRules[0].properties.priority"
    assert (where, "expected int, got string") in found


def test_the_cache_is_used_and_repaired(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = arm_types_catalogue.load(tmp_path)
    (cache,) = tmp_path.iterdir()
    cache.write_text("{half")
    assert arm_types_catalogue.load(tmp_path).types.keys() == first.types.keys()
    monkeypatch.setattr(arm_types_build, "build", lambda: pytest.fail("built again"))
    assert arm_types_catalogue.load(tmp_path).types.keys() == first.types.keys()


def test_a_folder_that_cannot_be_written_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert arm_types_catalogue.load(tmp_path / "file" / "below").types


def test_looking_types_up_imports_neither_pulumi_nor_its_sdk() -> None:
    code = (
        "import sys; from local_azure.arm_types import lookup; lookup('Microsoft.Network/virtualNetworks');"
        "assert not [m for m in sys.modules if m.startswith('pulumi')]"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[2])


# The published types judge the catalogue: what we know they know, and what they require we require.


def _cases() -> list[tuple[ArmType, str]]:
    wanted = [(arm, arm.sdk_version) for arm in catalogue().types.values()]
    wanted += [(arm, "2026-03-01-preview") for arm in catalogue().types.values() if arm.name.startswith(REGISTRIES)]
    wanted += [(arm, "2026-07-01") for arm in catalogue().types.values() if arm.name == CONTAINER_GROUPS]
    wanted += [(arm, "2025-03-01") for arm in catalogue().types.values() if arm.name.startswith("Microsoft.Web/s")]
    wanted += [(arm, "2026-05-01-preview") for arm in catalogue().types.values() if "DurableTask" in arm.name]
    wanted += [(arm, version) for arm in catalogue().shapes.values() for version in sorted(arm.versions)]
    return [(arm, version) for arm, version in wanted if published.definition(arm.name, version) is not None]


class _Comparison:
    def __init__(self, definitions: Mapping[str, Any], version: str) -> None:
        self.definitions = definitions
        self.version = version
        self.seen: set[tuple[str, str]] = set()

    def level(self, ours: dict[str, Any], theirs: dict[str, Any], path: str) -> Iterator[str]:
        known, required = theirs.get("properties", {}), theirs.get("required", ())
        for name, node in ours.items():
            here, judged = f"{path}.{name}", known.get(name)
            if isinstance(node, dict):
                if judged is None:
                    yield f"{here}: no such container"
                elif not judged.get("readOnly"):
                    yield from self.level(node, self.behind(judged), here)
            elif not node.read_only and node.since <= self.version and name not in published.ENVELOPE:
                if judged is not None:
                    yield from self.member(node, judged, here, required=name in required)
                elif theirs.get("additionalProperties", False) is False:
                    yield f"{here}: not published"
        for name, judged in known.items():
            if name not in ours and not judged.get("readOnly") and name != "name":
                yield f"{path}.{name}: published and not known here"

    def member(self, node: Member, judged: dict[str, Any], here: str, *, required: bool) -> Iterator[str]:
        if judged.get("readOnly"):
            yield f"{here}: published as read-only"
        if required != node.required:
            yield f"{here}: required is {required} there, {node.required} here"
        yield from self.shape(node.shape, judged, here)

    def behind(self, schema: dict[str, Any]) -> dict[str, Any]:
        """The definition that a schema refers to, or that of its only case where a member tells cases apart."""
        found = self.definitions[schema["$ref"].removeprefix("#/$defs/")]
        cases = found.get("allOf", [])
        return self.behind(cases[0]["then"]) if len(cases) == 1 else found

    def shape(self, shape: dict[str, Any], judged: dict[str, Any], here: str) -> Iterator[str]:
        kind = shape["k"]
        if kind == "ref":
            if (shape["ref"], judged["$ref"]) not in self.seen:
                self.seen.add((shape["ref"], judged["$ref"]))
                yield from self.level(catalogue().definition(shape["ref"]).tree, self.behind(judged), here)
        elif kind == "array":
            yield from self.shape(shape["of"], judged["items"], f"{here}[]")
        elif kind == "enum" and bool(shape.get("open")) != ("examples" in judged):
            yield f"{here}: openness differs"
        elif kind == "enum" and not shape.get("open") and set(shape["values"]) != set(judged["enum"]):
            yield f"{here}: values differ"


def test_our_shapes_agree_with_the_published_types() -> None:
    cases = _cases()
    assert len(cases) > 80
    found = []
    for arm, version in cases:
        known = published.definition(arm.name, version)
        assert known is not None
        ours = catalogue().definition(arm.root_for(version)).tree
        found += [f"{arm.name}@{version}{line}" for line in _Comparison(known[1], version).level(ours, known[0], "")]
    assert found == []
