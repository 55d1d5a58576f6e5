from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from local_azure import arm_facts, arm_types_build, arm_types_catalogue
from local_azure.arm_types import catalogue, lookup, lookup_token, split_read_only, violations
from local_azure.arm_types_catalogue import ArmType, Member

REGISTRIES = "Microsoft.ContainerRegistry/registries"
CONTAINER_GROUPS = "Microsoft.ContainerInstance/containerGroups"
JUDGE = Path(__file__).parents[3] / "shared" / "facts" / "arm-types"


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
    assert [arm.name for arm in catalogue().types.values()] == [row.name for row in arm_facts.TYPES]


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


def test_open_enums_accept_any_string() -> None:
    assert problems(REGISTRIES, "2026-03-01-preview", {**GOOD, "properties": {"regionalEndpoints": "Later"}}) == []


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


def _published(name: str, version: str) -> dict[str, Any] | None:
    namespace, _, rest = name.partition("/")
    path = JUDGE / f"{namespace}_{rest.replace('/', '.')}@{version}.json"
    return json.loads(path.read_text()) if path.exists() else None


def _cases() -> list[tuple[ArmType, str]]:
    wanted = [(arm, arm.sdk_version) for arm in catalogue().types.values()]
    wanted += [(arm, "2026-03-01-preview") for arm in catalogue().types.values() if arm.name.startswith(REGISTRIES)]
    wanted += [(arm, "2026-07-01") for arm in catalogue().types.values() if arm.name == CONTAINER_GROUPS]
    wanted += [(arm, "2025-03-01") for arm in catalogue().types.values() if arm.name.startswith("Microsoft.Web/s")]
    wanted += [(arm, "2026-05-01-preview") for arm in catalogue().types.values() if "DurableTask" in arm.name]
    wanted += [(arm, version) for arm in catalogue().shapes.values() for version in sorted(arm.versions)]
    return [(arm, version) for arm, version in wanted if _published(arm.name, version) is not None]


class _Comparison:
    def __init__(self, tree: dict[str, Any], version: str) -> None:
        self.defs = tree["defs"]
        self.version = version
        self.seen: set[tuple[str, str]] = set()

    def level(self, ours: dict[str, Any], theirs: dict[str, Any], path: str) -> Iterator[str]:
        known = theirs.get("props", {})
        for name, node in ours.items():
            here, judged = f"{path}.{name}", known.get(name)
            if isinstance(node, dict):
                if judged is None:
                    yield f"{here}: no such container"
                else:
                    yield from self.level(node, self.defs[judged["ref"]], here)
            elif not node.read_only and node.since <= self.version and name not in ("id", "name", "type"):
                yield from self.member(node, judged, here, open_ended="additional" in theirs)
        for name, judged in known.items():
            flags = judged.get("flags", [])
            if name not in ours and not {"readOnly", "deployTime"} & set(flags) and name != "name":
                yield f"{path}.{name}: published and not known here"

    def member(self, node: Member, judged: dict[str, Any] | None, here: str, *, open_ended: bool) -> Iterator[str]:
        if judged is None:
            if not open_ended:
                yield f"{here}: not published"
            return
        flags = judged.get("flags", [])
        if "readOnly" in flags:
            yield f"{here}: published as read-only"
        if ("required" in flags) != node.required:
            yield f"{here}: required is {'required' in flags} there, {node.required} here"
        yield from self.shape(node.shape, judged, here)

    def only_case(self, name: str) -> dict[str, Any]:
        """A definition, or that of its only case where a member tells cases apart."""
        cases = list(self.defs[name].get("cases", {}).values())
        return self.defs[cases[0]] if len(cases) == 1 else self.defs[name]

    def shape(self, shape: dict[str, Any], judged: dict[str, Any], here: str) -> Iterator[str]:
        kind = shape["k"]
        if kind == "ref":
            if (shape["ref"], judged["ref"]) not in self.seen:
                self.seen.add((shape["ref"], judged["ref"]))
                tree = catalogue().definition(shape["ref"]).tree
                yield from self.level(tree, self.only_case(judged["ref"]), here)
        elif kind == "array":
            yield from self.shape(shape["of"], judged["of"], f"{here}[]")
        elif kind == "enum" and not (shape.get("open") or judged.get("open")):
            if set(shape["values"]) != set(judged["values"]):
                yield f"{here}: values differ"
        elif kind == "enum" and bool(shape.get("open")) != bool(judged.get("open")):
            yield f"{here}: openness differs"


@pytest.mark.skipif(not JUDGE.exists(), reason="the published types are not here")
def test_our_shapes_agree_with_the_published_types() -> None:
    found = []
    for arm, version in _cases():
        tree = _published(arm.name, version)
        assert tree is not None
        ours = catalogue().definition(arm.root_for(version)).tree
        found += [
            f"{arm.name}@{version}{line}"
            for line in _Comparison(tree, version).level(ours, tree["defs"][tree["root"]], "")
        ]
    assert found == []
