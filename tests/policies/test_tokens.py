"""ARM types from every form of token, and the table against the SDK it represents."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pulumi_azure_native
import pytest

from policies import tokens
from tests.policies.builders import GENERIC_TOKEN, make

SDK = Path(pulumi_azure_native.__file__).parent


@pytest.mark.parametrize(
    ("token", "version"),
    [
        ("azure-native:containerregistry:Registry", None),
        ("azure-native:containerregistry/v20260301preview:Registry", "2026-03-01-preview"),
        ("azure-native_containerregistry_v20260301preview:containerregistry:Registry", "2026-03-01-preview"),
    ],
)
def test_every_form_of_token_gives_the_same_type(token: str, version: str | None) -> None:
    found = make("r", token, registryName="contoso")
    assert (found.type, found.api_version) == ("Microsoft.ContainerRegistry/registries", version)


def test_a_generic_resource_reports_its_type_in_its_properties() -> None:
    found = make(
        "r",
        GENERIC_TOKEN,
        resourceProviderNamespace="microsoft.containerregistry",
        parentResourcePath="registries/contoso",
        resourceType="Replications",
        resourceName="westeurope",
        apiVersion="2026-03-01-preview",
        properties={"regionEndpointEnabled": False},
    )
    assert found.type == "Microsoft.ContainerRegistry/registries/replications"
    assert found.api_version == "2026-03-01-preview"
    assert found.properties["registryName"] == "contoso"
    assert found.properties["replicationName"] == "westeurope"
    assert found.value("regionEndpointEnabled") is False


def test_a_record_set_has_the_type_of_its_records() -> None:
    found = make("r", "azure-native:privatedns:PrivateRecordSet", recordType="A", relativeRecordSetName="www")
    assert found.type == "Microsoft.Network/privateDnsZones/A"


def test_a_class_that_the_table_lacks_gets_a_guess() -> None:
    assert make("r", "azure-native:web:AppServicePlan").type == "Microsoft.Web/appServicePlan"


@pytest.mark.parametrize(
    "token", ["pulumi:providers:azure-native", "pulumi:pulumi:Stack", "moorings:registry:Registry"]
)
def test_what_is_none_of_azures_has_no_type(token: str) -> None:
    assert make("r", token).type == ""


def args_classes(module: str) -> dict[str, set[str]]:
    """Class → names of its inputs, read from the SDK's text, for importing it takes a second."""
    found: dict[str, set[str]] = {}
    for path in (SDK / module).glob("[!_]*.py"):
        if path.name.startswith(("get_", "list_", "outputs")):
            continue
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and node.name.endswith("Args"):
                functions = [each for each in node.body if isinstance(each, ast.FunctionDef) and each.decorator_list]
                named = {
                    match[1]
                    for each in functions
                    for match in re.finditer(r"getter\(name='(\w+)'\)", " ".join(map(ast.unparse, each.decorator_list)))
                }
                found[node.name.removesuffix("Args").removesuffix("Init")] = named | {each.name for each in functions}
    return found


def table() -> list[tuple[str, str, tuple[str, ...]]]:
    rows = [(key.split(":")[0], key.split(":")[1], shape.names) for key, shape in tokens._SHAPES.items()]
    return [row for row in rows if not row[1].startswith(" ") and (SDK / row[0]).is_dir()]


@pytest.mark.parametrize("module", sorted({row[0] for row in table()}))
def test_the_table_names_classes_and_inputs_that_the_sdk_has(module: str) -> None:
    known = args_classes(module)
    rows = [(cls, names) for of_module, cls, names in table() if of_module == module]
    assert [cls for cls, _ in rows if cls not in known] == []
    assert {cls: set(names) - known[cls] for cls, names in rows if set(names) - known[cls]} == {}
