"""The schema that the bridge gives, against facts of the published one [SDK-SCHEMA], the SDK itself, and Check."""

from __future__ import annotations

import base64
import importlib
import inspect
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from components.parameterized import Package
from local_azure import arm_generic
from local_azure.arm_facts import FACTS
from local_azure.arm_types import catalogue, lookup_token
from local_azure.arm_types_catalogue import Definition, SdkType
from local_azure.plugin import check, generic, invoke, schema
from local_azure.plugin.arm_client import ArmClient
from local_azure.plugin.parameterize import package_of_value
from local_azure.plugin.provider import VERSION
from local_azure.plugin.sessions import Session
from local_azure.plugin.translate import query_inputs
from local_azure.plugin.values import UNKNOWN

Json = dict[str, Any]

NETWORK = "azure-native:network"
ACR = "azure-native_containerregistry_v20260301preview"
STRING = {"type": "string"}


@cache
def built(package: str) -> Json:
    return schema.build(package, VERSION)


def without_descriptions(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: without_descriptions(item) for name, item in value.items() if name != "description"}
    return [without_descriptions(item) for item in value] if isinstance(value, list) else value


def ref(token: str) -> Json:
    return {"$ref": f"#/types/{token}"}


def obj(token: str) -> Json:
    return {"type": "object", **ref(token)}


def packages() -> list[str]:
    """`azure-native`, and of every module the newest version and those at which the facts change a type."""
    chosen: set[tuple[str, str]] = set()
    for arm in catalogue().types.values():
        module = arm.token.split(":")[1]
        chosen |= {(module, version) for version in (max(arm.versions), *FACTS.variants.get(arm.name, {}))}
    return ["azure-native", *sorted(f"azure-native_{module}_v{version.replace('-', '')}" for module, version in chosen)]


def test_a_resource_is_as_published() -> None:
    found = without_descriptions(built("azure-native")["resources"][f"{NETWORK}:NetworkSecurityGroup"])
    assert found["inputProperties"] == {
        "flushConnection": {"type": "boolean"},
        "id": STRING,
        "location": STRING,
        "networkSecurityGroupName": {**STRING, "willReplaceOnChanges": True},
        "resourceGroupName": {**STRING, "willReplaceOnChanges": True},
        "securityRules": {"type": "array", "items": obj(f"{NETWORK}:SecurityRule")},
        "tags": {"type": "object", "additionalProperties": STRING},
    }
    assert found["requiredInputs"] == ["resourceGroupName"]
    assert found["properties"]["defaultSecurityRules"] == {
        "type": "array",
        "items": obj(f"{NETWORK}:SecurityRuleResponse"),
    }
    assert found["required"] == [
        "azureApiVersion",
        "defaultSecurityRules",
        "etag",
        "flowLogs",
        "name",
        "networkInterfaces",
        "provisioningState",
        "resourceGuid",
        "subnets",
        "type",
    ]
    assert {"type": f"{NETWORK}/v20180601:NetworkSecurityGroup"} in found["aliases"]


def test_a_nested_object_and_its_enums_are_as_published() -> None:
    types = built("azure-native")["types"]
    rule = types[f"{NETWORK}:SecurityRule"]
    assert rule["description"] == "Network security rule."
    assert rule["required"] == ["access", "direction", "protocol"]
    assert rule["properties"]["protocol"] == {
        "oneOf": [STRING, ref(f"{NETWORK}:SecurityRuleProtocol")],
        "description": "Network protocol this rule applies to.",
    }
    assert types[f"{NETWORK}:SecurityRuleProtocol"] == {
        "type": "string",
        "description": "Network protocol this rule applies to.",
        "enum": [{"value": value} for value in ("Tcp", "Udp", "Icmp", "Esp", "*", "Ah")],
    }


def test_defaults_and_constants_are_as_published() -> None:
    properties = built("azure-native")["types"]["azure-native:containerregistry:DockerBuildStep"]["properties"]
    assert {name: spec["default"] for name, spec in properties.items() if "default" in spec} == {
        "isPushEnabled": True,
        "noCache": False,
    }
    assert {name: spec["const"] for name, spec in properties.items() if "const" in spec} == {"type": "Docker"}


@pytest.mark.parametrize(("place", "suffix"), [("inputProperties", ""), ("properties", "Response")])
def test_a_union_names_the_property_that_decides(place: str, suffix: str) -> None:
    registry = "azure-native:containerregistry"
    steps = {kind: f"{registry}:{kind}Step{suffix}" for kind in ("DockerBuild", "EncodedTask", "FileTask")}
    found = without_descriptions(built("azure-native")["resources"][f"{registry}:Task"][place]["step"])
    assert found == {
        "oneOf": [obj(token) for token in steps.values()],
        "discriminator": {
            "propertyName": "type",
            "mapping": {
                "Docker": f"#/types/{steps['DockerBuild']}",
                "EncodedTask": f"#/types/{steps['EncodedTask']}",
                "FileTask": f"#/types/{steps['FileTask']}",
            },
        },
    }


def test_a_list_of_objects_may_be_a_union_where_it_is_read() -> None:
    item = built("azure-native")["types"]["azure-native:eventgrid:EventSubscriptionFilterResponse"]["properties"]
    advanced = item["advancedFilters"]["items"]
    assert advanced["discriminator"]["propertyName"] == "operatorType"
    assert advanced["discriminator"]["mapping"]["IsNotNull"].endswith(":IsNotNullAdvancedFilterResponse")


def test_a_string_set_is_a_list_where_it_is_written_and_a_map_where_it_is_read() -> None:
    types = built("azure-native")["types"]
    name = "userAssignedIdentities"
    written = types[f"{NETWORK}:ManagedServiceIdentity"]["properties"][name]
    assert without_descriptions(written) == {"type": "array", "items": STRING}
    read = types[f"{NETWORK}:ManagedServiceIdentityResponse"]["properties"][name]
    assert without_descriptions(read) == {
        "type": "object",
        "additionalProperties": obj(f"{NETWORK}:ManagedServiceIdentityResponseUserAssignedIdentities"),
    }


def test_a_function_is_as_published() -> None:
    found = built("azure-native")["functions"][f"{NETWORK}:getNetworkSecurityGroup"]
    assert without_descriptions(found["inputs"]) == {
        "type": "object",
        "properties": {"expand": STRING, "networkSecurityGroupName": STRING, "resourceGroupName": STRING},
        "required": ["networkSecurityGroupName", "resourceGroupName"],
    }
    assert found["inputs"]["properties"]["expand"]["description"] == "Expands referenced resources."
    assert "id" in found["outputs"]["properties"]
    assert "id" not in found["outputs"]["required"]


def test_a_function_without_arguments_has_no_inputs() -> None:
    found = built("azure-native")["functions"]["azure-native:authorization:getClientConfig"]
    assert "inputs" not in found
    assert found["outputs"]["required"] == ["clientId", "objectId", "subscriptionId", "tenantId"]


def test_the_providers_secrets_and_defaults_are_as_published() -> None:
    settings = built("azure-native")["provider"]["inputProperties"]
    secret = {name for name, spec in settings.items() if spec.get("secret")}
    assert secret == {"clientCertificatePassword", "clientId", "clientSecret"}
    assert settings["environment"]["default"] == "public"
    assert settings["auxiliaryTenantIds"]["items"] == STRING
    assert built("azure-native")["config"]["variables"].keys() == settings.keys()


def test_every_type_that_is_served_appears() -> None:
    served = {arm.token for arm in catalogue().types.values()} | {arm_generic.TOKEN}
    assert built("azure-native")["resources"].keys() == served


def test_every_lookup_and_action_appears() -> None:
    assert {
        *(":get".join(token.rsplit(":", 1)) for token in built("azure-native")["resources"]),
        *(f"azure-native:{key}" for key in FACTS.actions),
        "azure-native:app:listContainerAppSecrets",
        "azure-native:authorization:getClientToken",
        "azure-native:containerregistry:listRegistryCredentials",
        "azure-native:operationalinsights:getSharedKeys",
        "azure-native:storage:listStorageAccountKeys",
    } <= built("azure-native")["functions"].keys()


@pytest.mark.parametrize("package", ["azure-native", ACR])
def test_every_function_is_one_that_the_bridge_answers(package: str) -> None:
    client = ArmClient("http://127.0.0.1:1")
    unknown = []
    for token in built(package)["functions"]:
        try:
            invoke.call(client, Session(), token, {})
        except ValueError as error:
            unknown += [token] if "not found" in str(error) or "serves nothing" in str(error) else []
    client.close()
    assert unknown == []


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from (item for name, item in value.items() if name == "$ref")
        yield from value.get("discriminator", {}).get("mapping", {}).values()
        for item in value.values():
            yield from references(item)
    elif isinstance(value, list):
        for item in value:
            yield from references(item)


@pytest.mark.parametrize("package", packages())
def test_every_reference_resolves_and_every_type_is_referred_to(package: str) -> None:
    found = built(package)
    named = {name for name in references(found) if name != "pulumi.json#/Any"}
    assert named == {f"#/types/{token}" for token in found["types"]}


@pytest.mark.parametrize("module", ["containerregistry", "keyvault", "privatedns", "app"])
def test_what_the_sdk_documents_is_described(module: str) -> None:
    inputs = importlib.import_module(f"pulumi_azure_native.{module}._inputs")
    types = {
        token.rpartition(":")[2]: spec
        for token, spec in built("azure-native")["types"].items()
        if token.startswith(f"azure-native:{module}:") and hasattr(inputs, f"{token.rpartition(':')[2]}Args")
    }
    assert types
    for name, spec in types.items():
        cls = getattr(inputs, f"{name}Args")
        documented = {
            attribute: inspect.getdoc(value)
            for attribute, value in vars(cls).items()
            if isinstance(value, property) and value.fget and value.fget.__doc__
        }
        descriptions = [
            inspect.cleandoc(item["description"]) for item in spec["properties"].values() if "description" in item
        ]
        assert sorted(descriptions) == sorted(text for text in documented.values() if text), name


def test_a_parameterized_package_names_itself_and_its_base() -> None:
    found = built(ACR)
    assert (found["name"], found["version"]) == (ACR, VERSION)
    assert found["parameterization"]["baseProvider"] == {"name": "azure-native", "version": VERSION}
    assert {token.split(":")[0] for token in (*found["resources"], *found["functions"], *found["types"])} == {ACR}
    assert f"{ACR}:containerregistry:Registry" in found["resources"]
    assert f"{ACR}:containerregistry:listRegistryCredentials" in found["functions"]
    assert not any("getClientConfig" in token for token in found["functions"])


def test_the_parameter_is_what_a_generated_sdk_registers() -> None:
    parameter = built(ACR)["parameterization"]["parameter"]
    # The provider's documented round trip: base64 text of JSON, which the schema holds encoded once more [SDK-PARAMETER].
    assert (
        base64.b64decode(parameter)
        == b"eyJtb2R1bGUiOiJjb250YWluZXJyZWdpc3RyeSIsInZlcnNpb24iOiJ2MjAyNjAzMDFwcmV2aWV3In0="
    )
    assert base64.b64decode(parameter) == Package("containerregistry", "2026-03-01-preview").parameter
    assert package_of_value(base64.b64decode(parameter)) == ACR


def test_a_parameterized_class_is_known_by_the_name_of_the_default_one() -> None:
    registry = built(ACR)["resources"][f"{ACR}:containerregistry:Registry"]
    assert registry["aliases"][0] == {"type": "azure-native:containerregistry:Registry"}
    assert registry["description"].endswith("\n\nUses Azure REST API version 2026-03-01-preview.")
    assert registry["description"].count("API version") == 1


def test_a_package_has_what_its_api_version_publishes() -> None:
    def inputs(version: str) -> Mapping[str, Any]:
        name = f"azure-native_containerregistry_{version}"
        return built(name)["resources"][f"{name}:containerregistry:Registry"]["inputProperties"]

    assert {"regionalEndpoints", "endpointProtocol", "writableCacheRepos"} <= inputs("v20260301preview").keys()
    assert not {"regionalEndpoints", "writableCacheRepos"} & inputs("v20251101").keys()
    assert "roleAssignmentMode" in inputs("v20251101")
    assert "roleAssignmentMode" not in inputs("v20230701")


def test_what_an_api_version_adds_is_a_type_of_its_own_in_both_directions() -> None:
    types = built(ACR)["types"]
    written = types[f"{ACR}:containerregistry:NetworkRuleSet"]["properties"]["virtualNetworkRules"]
    assert written["items"] == obj(f"{ACR}:containerregistry:VirtualNetworkRule")
    read = types[f"{ACR}:containerregistry:NetworkRuleSetResponse"]["properties"]["virtualNetworkRules"]
    assert read["items"] == obj(f"{ACR}:containerregistry:VirtualNetworkRuleResponse")
    assert types[f"{ACR}:containerregistry:VirtualNetworkRule"]["required"] == ["virtualNetworkResourceId"]
    identities = types[f"{ACR}:containerregistry:IdentityProperties"]["properties"]["userAssignedIdentities"]
    assert without_descriptions(identities) == {"type": "array", "items": STRING}


@pytest.mark.parametrize(
    ("package", "reason"),
    [
        ("azure-native_nosuch_v20250301", "module 'nosuch' has no type known here"),
        ("azure-native_web_v19990101", "no type of API version 1999-01-01"),
        ("azure-native_web_2025-03-01", "expected the form azure-native_web_v20250301"),
        ("aws", "'' is not an API version"),
    ],
)
def test_a_package_that_nobody_can_register_is_refused(package: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        schema.build(package, VERSION)


def bound(token: str) -> SdkType:
    """The type behind a token; one of several that a class serves, since their bodies are the same."""
    if token == arm_generic.TOKEN:
        return generic.bound({})
    package, name = token.split(":", 1)
    rows = [arm for arm in catalogue().types.values() if arm.token == f"azure-native:{name}"]
    found = lookup_token(f"{package}:{name}", rows[0].selector[1] if rows[0].selector else "")
    assert found is not None
    return found


@pytest.mark.parametrize("package", packages())
def test_an_input_of_the_schema_is_what_check_accepts(package: str) -> None:
    for token, resource in built(package)["resources"].items():
        sdk, inputs = bound(token), resource["inputProperties"]
        refused = [item.reason for item in check.failures(sdk, dict.fromkeys(inputs, UNKNOWN))]
        assert refused == [], token
        in_url = {*sdk.arm.path_inputs, *sdk.arm.version_inputs, *query_inputs(sdk)}
        later = {} if package == "azure-native" else {"version": sdk.version}
        assert inputs.keys() == in_url | writable(catalogue().definition(sdk.root), **later), token


def writable(definition: Definition, version: str = "9999") -> set[str]:
    return {name for name, one in definition.members.items() if not one.read_only and one.since <= version}


@pytest.mark.parametrize("package", packages())
def test_what_the_schema_requires_is_what_check_misses(package: str) -> None:
    for token, resource in built(package)["resources"].items():
        sdk = bound(token)
        # Check fills in the resource's own name, and a location that the wire requires, before it looks.
        filled_in = {sdk.arm.parameters[-1], "location"}
        missed = set(re.findall(r"missing required property '(\w+)'", "\n".join(check.failures(sdk, {}))))
        assert missed - filled_in == set(resource.get("requiredInputs", [])) - filled_in, token


@pytest.mark.parametrize("package", packages())
def test_nested_objects_of_the_schema_are_those_of_check(package: str) -> None:
    found = built(package)
    seen: set[tuple[str, str]] = set()
    problems: list[str] = []

    def compare(spec: Json, shape: Json, path: str) -> None:
        if shape["k"] == "union" and "oneOf" in spec:
            for part, option in zip(spec["oneOf"], shape["of"], strict=True):
                compare(part, option, path)
        for inner in ("items", "additionalProperties"):
            if inner in spec and "of" in shape:
                compare(spec[inner], shape["of"], path)
        token = spec.get("$ref", "").removeprefix("#/types/")
        if shape["k"] != "ref" or token not in found["types"] or (token, shape["ref"]) in seen:
            return
        seen.add((token, shape["ref"]))
        members, nested = catalogue().definition(shape["ref"]).members, found["types"][token]
        for name, item in nested.get("properties", {}).items():
            if name in members:
                compare(item, members[name].shape, f"{path}.{name}")
            else:
                problems.append(f"{path}.{name}: Check does not know it")
        needed = {name for name, member in members.items() if member.required}
        extra = FACTS.required.get(shape["ref"], frozenset())
        if needed - extra != set(nested.get("required", [])) - extra:
            problems.append(f"{path}: Check requires {sorted(needed)}, the schema {nested.get('required', [])}")

    for token, resource in found["resources"].items():
        sdk = bound(token)
        for name, member in catalogue().definition(sdk.root).members.items():
            if name in resource["inputProperties"]:
                compare(resource["inputProperties"][name], member.shape, f"{token}.{name}")
    assert problems == []
    assert len(seen) > 200 or package != "azure-native"


def test_a_schema_is_built_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = schema.schema_text(ACR, VERSION, tmp_path)
    monkeypatch.setattr(schema, "build", lambda *_: pytest.fail("built again"))
    assert schema.schema_text(ACR, VERSION, tmp_path) == first
    assert len(list(tmp_path.iterdir())) == 1


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert schema.schema_text(ACR, VERSION, tmp_path / "file") == schema.schema_text(ACR, VERSION, tmp_path)
