"""The schema of stack files, by which an editor checks: it accepts the project's own files and knows their short forms."""

from __future__ import annotations

import jsonschema
import pytest

from components.network.spec import SubnetSpec
from stacks.document import read
from stacks.files import BASE, DIRECTORY
from stacks.schema import schema
from stacks.spec import StackSpec

FILES = [BASE, *(f"Pulumi.{name}.yaml" for name in ("local", "dev", "prod"))]


@pytest.mark.parametrize("file", FILES)
def test_the_projects_own_files_are_valid(file: str) -> None:
    jsonschema.validate(read(DIRECTORY / file, file).data, schema())


def test_the_schema_knows_every_short_form() -> None:
    whole = schema()
    (description,) = whole["properties"]["config"]["properties"]["moorings:stack"]["anyOf"]
    assert set(StackSpec.short_forms) <= set(description["properties"])
    assert set(SubnetSpec.short_forms) <= set(whole["$defs"]["SubnetSpec"]["properties"])


@pytest.mark.parametrize(
    "description",
    [
        {"stamp": {"name": "contoso"}},
        {"stamp": {"networks": {"<region>": {"subnets": {"a": {"size": 24}}}}}},
        {"regions": {"eastus": {"location": "eastus"}}},
        {"regions": {"eastus": {"address_space": "10.0.0.0/16"}}},
    ],
)
def test_what_no_stamp_can_state_is_invalid(description: object) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"config": {"moorings:stack": description}}, schema())
