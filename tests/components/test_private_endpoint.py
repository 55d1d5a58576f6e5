"""Private endpoints: their order, their zones, and the table of members that follows late."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pulumi
import pytest

from components.private_endpoint.members import MembersIncompleteError, Patience, addresses_by_member
from components.private_endpoint.private_endpoint import PrivateEndpoint, Ties
from components.private_endpoint.spec import PrivateEndpointSpec
from components.registry.registry import Registry
from components.registry.spec import RegistrySpec
from components.testing import Recording
from planning.endpoints import RegistryShape, members
from tests.components.azure_answers import addressed, answers

Record = Callable[..., Recording]
TAGS = {"owner": "platform"}
SHAPE = RegistryShape(frozenset({"eastus", "westeurope"}), regional_endpoints=True, data_endpoints=True)
WHOLE = addressed(members(SHAPE))
AT_ONCE = Patience(attempts=5, interval_seconds=0)


def endpoint(static: Mapping[str, str], patience: Patience, after: Sequence[pulumi.Resource] = ()) -> PrivateEndpoint:
    registry = Registry(
        "r",
        RegistrySpec.model_validate({"name": "contosotest", "replicas": {"westeurope": {}}}),
        location="eastus",
        resource_group_name="rg",
        tags=TAGS,
    )
    spec = {"network": "eastus", "subnet": "s", "static_addresses": dict(static)}
    return PrivateEndpoint(
        "e",
        PrivateEndpointSpec.model_validate(spec),
        endpoint_name="pe-contosotest-eastus",
        interface_name="nic-pe-contosotest-eastus",
        location="eastus",
        resource_group_name="rg-network",
        subnet_id="subnet-id",
        registry_id=registry.id,
        shape=SHAPE,
        zone_ids={"a": "zone-a-id", "b": "zone-b-id"},
        tags=TAGS,
        patience=patience,
        ties=Ties(after=[registry, *after]),
    )


def recorded(
    record: Record,
    interfaces: Sequence[Mapping[str, str]] = (WHOLE,),
    *,
    static: Mapping[str, str] | None = None,
    patience: Patience = AT_ONCE,
    **options: Any,
) -> Recording:
    return record(lambda: endpoint(static or {}, patience), answers=answers(interfaces), **options)


def test_an_endpoint_and_its_zone_group_are_made_and_nothing_else(record: Record) -> None:
    recording = recorded(record)
    component = recording.urn_of(recording.named("e"))
    assert {(found.type, found.name) for found in recording if found.parent == component} == {
        ("azure-native:network:PrivateEndpoint", "e-endpoint"),
        ("azure-native:network:PrivateDnsZoneGroup", "e-zones"),
    }


def test_an_endpoint_comes_after_the_registry_and_every_replica(record: Record) -> None:
    recording = recorded(record)
    before = {recording.urn_of(recording.named(name)) for name in ("r-registry", "r-replica-westeurope")}
    assert before <= recording.named("e-endpoint").depends_on


def test_an_endpoint_comes_after_its_further_dependencies(record: Record) -> None:
    def program() -> None:
        other = Registry("other", RegistrySpec(name="another"), location="eastus", resource_group_name="rg", tags=TAGS)
        endpoint({}, AT_ONCE, after=[other])

    recording = record(program, answers=answers([WHOLE]))
    assert recording.urn_of(recording.named("other-registry")) in recording.named("e-endpoint").depends_on


def test_an_endpoint_asks_for_the_registrys_group_with_explicit_names(record: Record) -> None:
    assert recorded(record).named("e-endpoint").inputs == {
        "privateEndpointName": "pe-contosotest-eastus",
        "resourceGroupName": "rg-network",
        "location": "eastus",
        "subnet": {"id": "subnet-id"},
        "customNetworkInterfaceName": "nic-pe-contosotest-eastus",
        "privateLinkServiceConnections": [
            {"name": "pe-contosotest-eastus", "privateLinkServiceId": "r-registry-id", "groupIds": ["registry"]}
        ],
        "tags": TAGS,
    }


def test_the_zone_group_feeds_every_zone(record: Record) -> None:
    recording = recorded(record)
    group = recording.named("e-zones")
    assert group.inputs == {
        "privateDnsZoneGroupName": "default",
        "privateEndpointName": "pe-contosotest-eastus",
        "resourceGroupName": "rg-network",
        "privateDnsZoneConfigs": [
            {"name": "a", "privateDnsZoneId": "zone-a-id"},
            {"name": "b", "privateDnsZoneId": "zone-b-id"},
        ],
    }
    assert recording.urn_of(recording.named("e-endpoint")) in group.depends_on


def test_fixed_addresses_are_stated_for_every_member(record: Record) -> None:
    found = recorded(record, static=WHOLE).named("e-endpoint").inputs["ipConfigurations"]
    assert found == [
        {"name": member, "groupId": "registry", "memberName": member, "privateIPAddress": address}
        for member, address in WHOLE.items()
    ]


def test_the_outputs_are_the_endpoint_its_interface_and_its_addresses_by_member(record: Record) -> None:
    assert recorded(record).component_outputs("e") == {
        "id": "e-endpoint-id",
        "name": "pe-contosotest-eastus",
        "network_interface_name": "nic-pe-contosotest-eastus",
        "addresses": {
            "registry": "10.0.0.4",
            "registry_data_eastus": "10.0.0.5",
            "registry_data_westeurope": "10.0.0.6",
            "registry_eastus": "10.0.0.7",
            "registry_westeurope": "10.0.0.8",
        },
    }


def first(count: int) -> dict[str, str]:
    return dict(list(WHOLE.items())[:count])


def test_members_that_come_late_are_waited_for(record: Record) -> None:
    recording = recorded(record, [{}, first(1), first(3), WHOLE])
    assert recording.component_outputs("e")["addresses"] == WHOLE
    assert [token for token, _ in recording.invokes] == ["azure-native:network:getNetworkInterface"] * 4


def test_members_that_are_to_go_are_left_out_and_not_waited_for(record: Record) -> None:
    recording = recorded(record, [{**WHOLE, "registry_japaneast": "10.0.0.99"}])
    assert recording.component_outputs("e")["addresses"] == WHOLE
    assert len(recording.invokes) == 1


def test_whole_members_are_read_once(record: Record) -> None:
    assert len(recorded(record).invokes) == 1


def test_waiting_ends_with_the_members_that_are_missing(record: Record) -> None:
    with pytest.raises(MembersIncompleteError) as refusal:
        recorded(record, [first(3)], patience=Patience(attempts=3, interval_seconds=0))
    assert str(refusal.value) == (
        "nic-pe-contosotest-eastus shows 3 of 5 addresses after 3 reads: missing registry_eastus, registry_westeurope; "
        "Azure is still adding them; run pulumi up again later"
    )


def test_the_interface_is_read_no_more_often_than_patience_says(record: Record) -> None:
    reads: list[object] = []

    def read(arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        reads.append(arguments)
        return {"ipConfigurations": None}

    with pytest.raises(MembersIncompleteError):
        record(lambda: endpoint({}, Patience(4, 0)), answers={**answers(), "getNetworkInterface": read})
    assert len(reads) == 4


def test_addresses_of_no_member_are_left_out(record: Record) -> None:
    def read(_: Mapping[str, Any]) -> Mapping[str, Any]:
        shown = [
            {"privateIPAddress": address, "privateLinkConnectionProperties": {"requiredMemberName": member}}
            for member, address in WHOLE.items()
        ]
        return {"ipConfigurations": [{"privateIPAddress": "10.0.0.200"}, *shown]}

    recording = record(lambda: endpoint({}, AT_ONCE), answers={**answers(), "getNetworkInterface": read})
    assert recording.component_outputs("e")["addresses"] == WHOLE


def test_in_a_preview_the_addresses_are_unknown_and_nothing_is_waited_for(record: Record) -> None:
    recording = recorded(record, [{}], preview=True, patience=Patience(attempts=60, interval_seconds=60))
    assert recording.component_outputs("e")["addresses"] is pulumi.output.UNKNOWN


def test_in_a_preview_of_what_exists_members_that_will_move_are_unknown(record: Record) -> None:
    def program() -> None:
        Registry("r", RegistrySpec(name="another"), location="eastus", resource_group_name="rg", tags=TAGS)
        read = {"resource_group_name": "rg", "patience": AT_ONCE, "depends_on": []}
        for name, expected in {"whole": members(SHAPE), "grown": (*members(SHAPE), "registry_japaneast")}.items():
            pulumi.export(name, addresses_by_member(interface_name=name, expected=expected, **read))

    recording = record(program, answers=answers([WHOLE]), preview=True)
    assert recording.exports == {"whole": WHOLE, "grown": pulumi.output.UNKNOWN}


def test_patience_is_ten_minutes_by_default() -> None:
    assert Patience().attempts * Patience().interval_seconds == 600
