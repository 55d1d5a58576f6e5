"""Values of the engine as plain data: unknowns, secrets, generic resources."""

from __future__ import annotations

import pytest

from policies.model import UNKNOWN, Undetermined
from policies.normalisation import plain, with_dependencies
from tests.policies.builders import GENERIC_TOKEN, SECRET_SIGNATURE, UNKNOWN_STRING, make


def test_an_unknown_value_keeps_its_neighbours() -> None:
    found = make("r", location=UNKNOWN_STRING, sku={"name": "Premium"})
    assert found.properties["location"] is UNKNOWN
    assert found.value("sku.name") == "Premium"


def test_reading_an_unknown_value_names_its_path() -> None:
    found = make("r", encryption={"keyVaultProperties": UNKNOWN_STRING})
    with pytest.raises(Undetermined) as raised:
        found.value("encryption.keyVaultProperties.keyIdentifier")
    assert raised.value.path == "encryption.keyVaultProperties.keyIdentifier"


def test_a_value_below_a_list_is_reached_by_its_position() -> None:
    assert make("r", pools=[{"count": 1.0}, {"count": 3.0}]).value("pools.1.count") == 3


def test_a_null_is_as_absent() -> None:
    assert make("r", identity=None).value("identity", "none") == "none"


def test_each_element_comes_with_its_path() -> None:
    found = make("r", rules=["a", UNKNOWN_STRING])
    elements = found.each("rules")
    assert next(elements) == ("rules.0", "a")
    with pytest.raises(Undetermined, match=r"rules\.1"):
        next(elements)


def test_an_unknown_value_cannot_be_taken_for_true() -> None:
    with pytest.raises(TypeError, match="neither true nor false"):
        bool(UNKNOWN)


def test_a_secret_is_read_and_marked() -> None:
    found = make("r", secrets=[{"name": "a", "value": {**SECRET_SIGNATURE, "value": "hunter2"}}])
    assert found.value("secrets.0.value") == "hunter2"
    assert found.is_secret("secrets.0.value")
    assert not found.is_secret("secrets.0.name")


@pytest.mark.parametrize("hidden", ["[secret]", {**SECRET_SIGNATURE, "ciphertext": "v1:abc"}])
def test_a_secret_that_the_engine_hides_is_unknown_and_marked(hidden: object) -> None:
    found = make("r", password=hidden)
    assert found.is_secret("password")
    assert found.has_unknown("password")


def test_a_secret_in_plain_state_is_read() -> None:
    assert plain({**SECRET_SIGNATURE, "plaintext": '"hunter2"'}) == "hunter2"


def test_a_generic_resource_whose_body_is_unknown_has_unknown_members() -> None:
    found = make("r", GENERIC_TOKEN, resourceType="sandboxGroups", resourceName="s", properties=UNKNOWN_STRING)
    with pytest.raises(Undetermined):
        found.value("environmentId")
    assert found.value("resourceName") == "s"


def test_dependencies_of_a_generic_body_move_to_its_members() -> None:
    found = make(
        "r",
        GENERIC_TOKEN,
        resourceProviderNamespace="Microsoft.ContainerRegistry",
        parentResourcePath=UNKNOWN_STRING,
        resourceType="replications",
        resourceName="westeurope",
        location="westeurope",
        properties={"zone": 1.0},
    )
    moved = with_dependencies(found, {"properties": ["urn:a"], "location": ["urn:b"], "parentResourcePath": ["urn:c"]})
    assert found.type == "Microsoft.ContainerRegistry/registries/replications"
    assert moved.dependencies["zone"] == ("urn:a",)
    assert moved.dependencies["location"] == ("urn:b",)
    assert moved.dependencies["registryName"] == ("urn:c",)
