"""The SDK's version aliases are left out, everything that somebody states is kept."""

from collections.abc import Callable
from typing import Any

import pulumi
import pulumi_azure_native as azure_native
import pytest

from components.aliases import drop_version_aliases, formerly
from components.parameterized import CONTAINER_REGISTRY, ParameterizedResource
from components.testing import Recording

Record = Callable[..., Recording]


def network(**options: Any) -> None:
    azure_native.network.VirtualNetwork(
        "n", resource_group_name="rg", opts=pulumi.ResourceOptions(**options), address_space={"address_prefixes": []}
    )


def recorded(record: Record, program: Callable[[], None], *, drop: bool = True) -> Recording:
    def whole() -> None:
        if drop:
            pulumi.runtime.register_stack_transformation(drop_version_aliases)
        program()

    return record(whole)


def test_the_sdk_gives_aliases_by_the_dozen_and_none_is_left(record: Record) -> None:
    assert len(recorded(record, network, drop=False).named("n").aliases) > 50
    assert recorded(record, network).named("n").aliases == ()


def test_a_zone_loses_the_aliases_of_the_module_that_it_once_stood_in(record: Record) -> None:
    def zone() -> None:
        azure_native.privatedns.PrivateZone("z", resource_group_name="rg", private_zone_name="a.example")

    assert recorded(record, zone).named("z").aliases == ()


@pytest.mark.parametrize(
    ("alias", "shown"),
    [
        (pulumi.Alias(name="before"), "before"),
        (pulumi.Alias(name="before", type_="azure-native:network/v20230901:VirtualNetwork"), None),
        (pulumi.Alias(type_="azure-native:network/v20230901:Subnet"), "azure-native:network/v20230901:Subnet"),
        (pulumi.Alias(type_="moorings:network:VirtualNetwork"), "moorings:network:VirtualNetwork"),
        ("urn:pulumi:a::b::c::d", "urn:pulumi:a::b::c::d"),
        (pulumi.Alias(parent=pulumi.ROOT_STACK_RESOURCE), ""),
        (pulumi.Alias(stack="elsewhere"), ""),
        (pulumi.Alias(project="elsewhere"), ""),
    ],
)
def test_an_alias_that_somebody_states_is_kept(record: Record, alias: str | pulumi.Alias, shown: str | None) -> None:
    found = recorded(record, lambda: network(aliases=[alias])).named("n").aliases
    assert len(found) == 1
    if shown:
        assert found == (shown,)


def test_an_alias_of_our_own_class_from_the_sdks_type_is_kept(record: Record) -> None:
    old = "azure-native:containerregistry:Replication"

    def replica() -> None:
        ParameterizedResource(
            CONTAINER_REGISTRY,
            "Replication",
            "r",
            inputs={"replicationName": "westeurope", "registryName": "contoso", "resourceGroupName": "rg"},
            outputs=(),
            opts=pulumi.ResourceOptions(aliases=[pulumi.Alias(type_=old)]),
        )

    assert recorded(record, replica).named("r").aliases == (old,)


def test_other_options_stay_as_they_are(record: Record) -> None:
    found = recorded(record, lambda: network(protect=True, ignore_changes=["tags"])).named("n")
    assert (found.protect, found.ignore_changes) == (True, ("tags",))


def test_a_resource_takes_over_the_urn_that_it_had_once_and_no_other(record: Record) -> None:
    once = "urn:pulumi:test::m::azure-native:network:VirtualNetwork::old"
    options = {"transformations": [formerly({"n": once})]}
    assert once in recorded(record, lambda: network(**options), drop=False).named("n").aliases
    assert recorded(record, lambda: network(transformations=[formerly({"other": once})])).named("n").aliases == ()
