"""The schema of the package, against Pulumi's own schema of schemas and Pulumi's own generators."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from package.provider import BY_TOKEN
from package.schema import FILE, installed_version, schema, version
from tests.go_tools import generator, schema_of_schemas


@pytest.fixture(scope="module")
def made() -> dict[str, Any]:
    return schema()


def properties(made: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for token, resource in made["resources"].items():
        for name, each in resource["inputProperties"].items():
            yield token, name, each
    for token, each_type in made["types"].items():
        for name, each in each_type.get("properties", {}).items():
            yield token, name, each


def test_the_schema_is_what_pulumis_schema_of_schemas_demands(made: dict[str, Any]) -> None:
    jsonschema.Draft202012Validator(schema_of_schemas()).validate(made)


@pytest.mark.parametrize("language", ["python", "nodejs", "go"])
def test_pulumis_generators_accept_it(language: str, tmp_path: Path) -> None:
    command = [str(generator()), str(FILE), str(tmp_path), language]
    generated = subprocess.run(command, capture_output=True, text=True, check=False)
    assert generated.returncode == 0, generated.stderr
    file = {"python": "private_endpoint.py", "nodejs": "privateEndpoint.ts", "go": "privateEndpoint.go"}[language]
    assert list((tmp_path / language).rglob(file))


def test_every_input_and_every_field_of_a_type_has_a_description(made: dict[str, Any]) -> None:
    assert [(token, name) for token, name, each in properties(made) if not each.get("description")] == []


def test_a_default_is_that_of_the_spec(made: dict[str, Any]) -> None:
    registry = made["resources"]["moorings:registry:Registry"]["inputProperties"]
    assert registry["sku"]["default"] == "Premium"
    assert registry["regionalEndpoints"]["default"] is False
    assert "default" not in registry["replicas"]


def test_what_a_component_is_like_is_plain_and_what_it_is_wired_with_is_not(made: dict[str, Any]) -> None:
    endpoint = made["resources"]["moorings:private_endpoint:PrivateEndpoint"]["inputProperties"]
    assert endpoint["regions"]["plain"]
    assert endpoint["staticAddresses"]["additionalProperties"]["plain"]
    assert "plain" not in endpoint["subnetId"]
    assert "plain" not in endpoint["zoneIds"]["additionalProperties"]


def test_words_of_a_field_are_an_enumeration(made: dict[str, Any]) -> None:
    sku = made["types"]["moorings:registry:RegistrySku"]
    assert [each["value"] for each in sku["enum"]] == ["Basic", "Standard", "Premium"]


def test_the_names_of_an_enumeration_are_different(made: dict[str, Any]) -> None:
    for token, each in made["types"].items():
        names = [value["name"] for value in each.get("enum", ())]
        assert len(names) == len(set(names)), token


@pytest.mark.parametrize(
    ("section", "field"),
    [
        ("agents:IncidentsSpec", "connectionKey"),
        ("container_apps:OtlpSpec", "headers"),
        ("container_groups:ContainerSpec", "secrets"),
    ],
)
def test_a_secret_is_secret_and_may_be_an_output(made: dict[str, Any], section: str, field: str) -> None:
    secret = made["types"][f"moorings:{section}"]["properties"][field]
    assert secret["secret"]
    assert "plain" not in secret


def test_a_type_is_named_as_a_class(made: dict[str, Any]) -> None:
    names = [token.rpartition(":")[2] for token in made["types"]]
    assert [name for name in names if not re.fullmatch(r"[A-Z][A-Za-z0-9]*", name)] == []


def test_every_reference_has_its_type(made: dict[str, Any]) -> None:
    text = json.dumps(made)
    referred = {part.split('"')[0] for part in text.split('"#/types/')[1:]}
    assert referred <= made["types"].keys()


def test_every_output_of_a_component_is_typed() -> None:
    for face in BY_TOKEN.values():
        assert face.outputs, face.token


def test_an_output_with_the_name_of_an_input_has_its_type(made: dict[str, Any]) -> None:
    # The SDK for Python takes what is stated for an output of that name until the engine answers.
    for token, resource in made["resources"].items():
        for name in resource["properties"].keys() & resource["inputProperties"].keys():
            assert resource["properties"][name]["type"] == resource["inputProperties"][name].get("type"), (token, name)
            assert resource["properties"][name]["type"] == "string", (token, name)


def test_a_package_that_the_engine_fetches_installs_what_is_locked() -> None:
    folder = FILE.parent
    lines = (folder / "requirements.txt").read_text(encoding="utf-8").splitlines()
    named = [line.removeprefix("-r ") for line in lines if line.startswith("-r ")]
    assert [(folder / name).resolve() for name in named] == [folder.parent / "requirements.lock"]


@pytest.mark.parametrize(
    ("folder", "known"),
    [
        ("resource-github.com_contoso_moorings.git_package-v0.0.0-x3f1d05e5", "0.0.0-x3f1d05e5"),
        ("resource-github.com_contoso_moorings.git_package-v1.2.0", "1.2.0"),
        ("moorings", version()),
    ],
)
def test_the_version_is_the_one_that_the_engine_fetched(folder: str, known: str) -> None:
    # The engine looks for the plugin by the version that the SDK states, which is that of the schema.
    assert installed_version(Path("plugins", folder)) == known
