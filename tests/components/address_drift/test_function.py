"""The function's core: what events mean, what is written, what is seen, and that doing it again changes nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.address_drift.function import events, zones
from components.address_drift.function.reconcile import UnsettledError, reconcile
from components.address_drift.function.track import COLUMNS, track
from components.address_drift.function.zones import SettingsError, Spoke
from tests.components.address_drift.world import FORWARD, HOST, REVERSE, SPOKE, WIDE, World, event

SUBJECT = "/subscriptions/S/resourceGroups/RG/providers/Microsoft.ContainerInstance/containerGroups/Web"
WRITTEN = "Microsoft.Resources.ResourceWriteSuccess"
DELETED = "Microsoft.Resources.ResourceDeleteSuccess"
ACTED = "Microsoft.Resources.ResourceActionSuccess"


@pytest.mark.parametrize(("kind", "deleted"), [(WRITTEN, False), (ACTED, False), (DELETED, True)])
@pytest.mark.parametrize("subject", [SUBJECT, SUBJECT.lower(), SUBJECT.replace("resourceGroups", "resourcegroups")])
def test_an_event_names_its_group_in_any_letter_case(kind: str, deleted: bool, subject: str) -> None:
    assert events.parse(kind, subject) == event(deleted=deleted)


@pytest.mark.parametrize(
    ("kind", "subject"),
    [
        (WRITTEN, SUBJECT.replace("containerGroups", "containerGroupProfiles")),
        (WRITTEN, f"{SUBJECT}/outboundNetworkDependenciesEndpoints/x"),
        (WRITTEN, "/subscriptions/S/resourceGroups/RG"),
        (WRITTEN, ""),
        ("Microsoft.Resources.ResourceWriteFailure", SUBJECT),
    ],
)
def test_an_event_about_something_else_is_none_of_ours(kind: str, subject: str) -> None:
    assert events.parse(kind, subject) is None


def arm(zone: str) -> str:
    return f"/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/privateDnsZones/{zone}"


def test_zones_are_read_by_resource_group_in_lower_case() -> None:
    text = f'{{"RG": {{"forward": "{arm(FORWARD.name)}", "reverse": ["{arm(REVERSE.name)}"], "ttl": 30}}}}'
    assert zones.read(text) == {"rg": SPOKE}


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{", '{"rg": {}}', '{"rg": {"forward": "/subscriptions/s", "reverse": [], "ttl": 1}}', '{"rg": 1}'],
)
def test_settings_that_say_something_else_are_refused(text: str) -> None:
    with pytest.raises(SettingsError):
        zones.read(text)


def test_of_several_reverse_zones_the_closest_holds_the_address() -> None:
    spoke = Spoke(FORWARD, (WIDE, REVERSE), 30)
    assert spoke.pointer("10.0.1.4") == (REVERSE, "4")
    assert spoke.pointer("10.7.1.4") == (WIDE, "4.1.7")


def test_a_new_group_gets_both_records() -> None:
    world = World({"web": "10.0.1.4"})
    changes = reconcile(event(), SPOKE, world, world)
    assert world.forward == {"web": ["10.0.1.4"]}
    assert world.reverse == {(REVERSE.name, "4"): [HOST]}
    assert changes == [f"{HOST} A 10.0.1.4, was not there", f"4.{REVERSE.name} PTR {HOST}"]


def test_the_same_event_again_changes_nothing() -> None:
    world = World({"web": "10.0.1.4"})
    reconcile(event(), SPOKE, world, world)
    writes = world.writes
    assert reconcile(event(), SPOKE, world, world) == []
    assert world.writes == writes


def test_another_address_takes_the_old_ones_place_in_both_zones() -> None:
    world = World({"web": "10.0.1.4"})
    reconcile(event(), SPOKE, world, world)
    world.addresses["web"] = "10.0.1.9"
    reconcile(event(), SPOKE, world, world)
    assert world.forward == {"web": ["10.0.1.9"]}
    assert world.reverse == {(REVERSE.name, "9"): [HOST]}


def test_a_deleted_group_leaves_no_record_and_other_hosts_keep_theirs() -> None:
    other = "api.aci.contoso.internal"
    world = World({}, {"web": ["10.0.1.4"], "api": ["10.0.1.5"]})
    world.reverse = {(REVERSE.name, "4"): [f"{HOST}.", other], (REVERSE.name, "5"): [other]}
    reconcile(event(deleted=True), SPOKE, world, world)
    assert world.forward == {"api": ["10.0.1.5"]}
    assert world.reverse == {(REVERSE.name, "4"): [other], (REVERSE.name, "5"): [other]}


def test_a_late_deletion_does_not_take_the_records_of_a_group_that_was_made_again() -> None:
    world = World({"web": "10.0.1.4"}, {"web": ["10.0.1.4"]}, {(REVERSE.name, "4"): [HOST]})
    assert reconcile(event(deleted=True), SPOKE, world, world) == []
    assert world.forward == {"web": ["10.0.1.4"]}


def test_an_address_that_another_host_had_points_to_the_group_that_has_it_now() -> None:
    world = World({"web": "10.0.1.4"}, reverse={(REVERSE.name, "4"): ["gone.aci.contoso.internal"]})
    reconcile(event(), SPOKE, world, world)
    assert world.reverse == {(REVERSE.name, "4"): [HOST]}


def test_an_address_outside_every_reverse_zone_fails_before_anything_is_written() -> None:
    world = World({"web": "10.9.9.4"})
    with pytest.raises(SettingsError, match=r"no reverse zone holds 10\.9\.9\.4"):
        reconcile(event(), SPOKE, world, world)
    assert world.writes == 0


def test_an_address_that_changes_meanwhile_is_written_as_it_is_in_the_end() -> None:
    world = World(moves=["10.0.1.4", "10.0.1.5", "10.0.1.5"])
    reconcile(event(), SPOKE, world, world)
    assert world.forward == {"web": ["10.0.1.5"]}
    assert world.reverse == {(REVERSE.name, "5"): [HOST]}


def test_an_address_that_never_rests_fails_the_invocation() -> None:
    world = World(moves=[f"10.0.1.{number}" for number in range(4, 14)])
    with pytest.raises(UnsettledError):
        reconcile(event(), SPOKE, world, world)


HISTORY = st.lists(st.tuples(st.sampled_from(["web", "api"]), st.sampled_from([None, 4, 5, 6])), max_size=12)


@given(HISTORY, st.integers(1, 3))
def test_after_any_history_the_records_say_exactly_where_the_groups_are(
    history: list[tuple[str, int | None]], times: int
) -> None:
    world = World()
    for name, number in history:
        address = f"10.0.1.{number}"
        if number is None:
            world.addresses.pop(name, None)
        elif address not in world.addresses.values():
            world.addresses[name] = address
        for _ in range(times):
            reconcile(event(name, deleted=number is None), SPOKE, world, world)
    known = dict(world.addresses)
    assert world.forward == {name: [address] for name, address in known.items()}
    assert world.reverse == {
        (REVERSE.name, address.rpartition(".")[2]): [f"{name}.{FORWARD.name}"] for name, address in known.items()
    }


@pytest.mark.parametrize(
    ("record", "sight", "old"),
    [
        (None, "first_seen", ""),
        (["10.0.1.4"], "no_change", "10.0.1.4"),
        (["10.0.1.3"], "drift_detected", "10.0.1.3"),
        (["10.0.1.3", "10.0.1.4"], "drift_detected", "10.0.1.3,10.0.1.4"),
    ],
)
def test_the_tracker_reports_what_it_sees_and_writes_nothing(record: list[str] | None, sight: str, old: str) -> None:
    world = World({"web": "10.0.1.4"}, {"web": record} if record else {})
    seen = track(event(), SPOKE, world, world)
    assert seen is not None
    assert (seen.sight, seen.old, seen.new) == (sight, old, "10.0.1.4")
    assert world.writes == 0
    assert list(seen.row("2026-11-21T00:00:00", "e")) == list(COLUMNS)


@pytest.mark.parametrize("world", [World({"web": "10.0.1.4"}), World()], ids=["deleted", "without an address"])
def test_the_tracker_compares_nothing_where_a_group_was_deleted(world: World) -> None:
    assert track(event(deleted=bool(world.addresses)), SPOKE, world, world) is None
