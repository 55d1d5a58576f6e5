"""The address ledger: by table from the service's own numbers, and by properties."""

from ipaddress import IPv4Network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.addresses import (
    Consumer,
    Subnet,
    SubnetKey,
    fitting_prefix,
    ledger,
    registry_consumer,
    size_advice,
    small_for_registry,
    usable,
)

KEY = ("westeurope", "registry")


def subnet(prefix: str = "10.20.0.0/27", key: SubnetKey = KEY) -> Subnet:
    return Subnet(*key, IPv4Network(prefix))


def declared(free: int | None, key: SubnetKey = KEY, prefix: IPv4Network | None = None) -> Subnet:
    return Subnet(*key, prefix, free, outside=True)


def endpoint(regions: int = 3, *, regional: bool = True, key: SubnetKey = KEY) -> Consumer:
    return registry_consumer(key, "private endpoint", regions=regions, regional_endpoints=regional)


@pytest.mark.parametrize(
    ("regions", "regional", "need", "parts"),
    [
        (3, True, 7, "1 global + 3 data + 3 regional"),
        (3, False, 4, "1 global + 3 data"),
        (1, False, 2, "1 global + 1 data"),
        (1, True, 3, "1 global + 1 data + 1 regional"),
        (2, False, 3, "1 global + 2 data"),
        (2, True, 5, "1 global + 2 data + 2 regional"),
    ],
)
def test_a_registrys_endpoint_takes_one_address_per_member(regions: int, regional: bool, need: int, parts: str) -> None:
    consumer = endpoint(regions, regional=regional)
    assert (consumer.need, consumer.parts) == (need, parts)


def test_the_next_replica_takes_one_address_and_one_more_with_regional_endpoints() -> None:
    assert endpoint(regional=False).next_replica == 1
    assert endpoint(regional=True).next_replica == 2


def test_switching_regional_endpoints_on_takes_one_address_per_region() -> None:
    assert endpoint(3, regional=False).regional_switch == 3
    assert endpoint(3, regional=True).regional_switch == 0


@pytest.mark.parametrize(
    ("length", "count"), [(24, 251), (26, 59), (27, 27), (28, 11), (29, 3), (30, 0), (31, 0), (32, 0)]
)
def test_a_subnet_has_its_range_less_the_reserved_five(length: int, count: int) -> None:
    assert usable(length) == count


@pytest.mark.parametrize(
    ("addresses", "length"), [(0, 29), (3, 29), (4, 28), (7, 28), (11, 28), (12, 27), (27, 27), (28, 26), (251, 24)]
)
def test_the_fitting_prefix_is_the_smallest_subnet_with_room(addresses: int, length: int) -> None:
    assert fitting_prefix(addresses) == length


@given(st.integers(0, 60_000))
def test_the_fitting_prefix_fits_and_the_next_smaller_subnet_would_not(addresses: int) -> None:
    length = fitting_prefix(addresses)
    assert usable(length) >= addresses
    assert length == 29 or usable(length + 1) < addresses


@pytest.mark.parametrize(
    ("prefix", "regional", "headroom", "free", "verdict"),
    [
        ("10.20.0.0/29", True, 0, -4, "short"),
        ("10.20.0.0/29", False, 0, -1, "short"),
        ("10.20.0.0/28", True, 0, 4, "fits"),
        ("10.20.0.0/28", True, 2, 4, "fits"),
        ("10.20.0.0/28", True, 3, 4, "tight"),
        ("10.20.0.0/27", True, 10, 20, "fits"),
        ("10.20.0.0/27", True, 11, 20, "tight"),
    ],
)
def test_the_verdict_says_whether_need_and_headroom_fit(
    prefix: str, regional: bool, headroom: int, free: int | None, verdict: str
) -> None:
    (row,) = ledger([subnet(prefix)], [endpoint(regional=regional)], headroom=headroom)
    assert (row.free, row.verdict) == (free, verdict)


def test_the_prefix_that_fits_holds_the_headroom_too() -> None:
    (row,) = ledger([subnet("10.20.0.0/29")], [endpoint()], headroom=3)
    assert row.wanted == 13
    assert row.fitting_prefix == 27


def test_a_subnet_that_nobody_uses_has_a_row_and_fits() -> None:
    (row,) = ledger([subnet()], [])
    assert (row.need, row.free, row.verdict) == (0, 27, "fits")


def test_two_endpoints_in_one_subnet_add_up() -> None:
    (row,) = ledger([subnet()], [endpoint(), endpoint(1, regional=False)], headroom=1)
    assert (row.need, row.free, row.next_replica, row.regional_switch, row.wanted) == (9, 18, 3, 1, 12)


def test_a_consumer_of_a_subnet_that_was_not_given_is_an_error() -> None:
    with pytest.raises(KeyError, match="elsewhere"):
        ledger([subnet()], [endpoint(key=("elsewhere", "registry"))])


def test_rows_keep_the_order_of_the_subnets() -> None:
    keys = [("b", "x"), ("a", "y"), ("a", "x")]
    assert [row.subnet.key for row in ledger([subnet(key=key) for key in keys], [])] == keys


def test_an_outside_subnet_has_what_was_declared_free_whatever_its_range() -> None:
    (row,) = ledger([declared(8, prefix=IPv4Network("10.0.0.0/24"))], [endpoint()])
    assert (row.free, row.verdict) == (1, "fits")


def test_an_outside_subnet_that_was_not_declared_is_undetermined_even_with_a_range() -> None:
    (row,) = ledger([declared(None, prefix=IPv4Network("10.0.0.0/16"))], [endpoint()])
    assert (row.free, row.verdict) == (None, "undetermined")


def two(first: str | None, second: str | None, *, regional: bool = True) -> tuple[str, str]:
    book = ledger(
        [
            Subnet("a", "s", IPv4Network(first)) if first else declared(None, ("a", "s")),
            Subnet("b", "s", IPv4Network(second)) if second else declared(None, ("b", "s")),
        ],
        [endpoint(key=("a", "s"), regional=regional), endpoint(key=("b", "s"), regional=regional)],
    )
    return book.next_replica(), book.regional_switch()


@pytest.mark.parametrize(
    ("first", "second", "regional", "replica", "switch"),
    [
        ("10.0.0.0/28", "10.1.0.0/28", False, "fits", "fits"),
        ("10.0.0.0/28", "10.1.0.0/28", True, "fits", "fits"),
        ("10.0.0.0/27", "10.1.0.0/29", False, "short", "short"),
        ("10.0.0.0/29", "10.1.0.0/27", False, "short", "short"),
        ("10.0.0.0/28", None, False, "undetermined", "undetermined"),
        (None, "10.1.0.0/28", False, "undetermined", "undetermined"),
        (None, "10.1.0.0/29", False, "short", "short"),
        ("10.0.0.0/29", None, False, "short", "short"),
    ],
)
def test_the_next_change_fits_only_when_it_fits_in_every_attached_subnet(
    first: str | None, second: str | None, regional: bool, replica: str, switch: str
) -> None:
    assert two(first, second, regional=regional) == (replica, switch)


def test_a_subnet_without_endpoints_has_no_say_in_the_next_replica() -> None:
    book = ledger([subnet("10.0.0.0/29", ("a", "s")), subnet()], [endpoint()])
    assert book.next_replica() == "fits"


def test_a_row_is_exported_as_plain_data() -> None:
    (row,) = ledger([subnet("10.20.0.0/28")], [endpoint(regional=False)], headroom=1)
    assert row.as_dict() == {
        "vnet": "westeurope",
        "subnet": "registry",
        "prefix": "10.20.0.0/28",
        "need": 4,
        "free": 7,
        "next_replica": 1,
        "regional_switch": 3,
        "verdict": "fits",
    }


consumers = st.builds(
    Consumer,
    subnet=st.sampled_from([("n", str(i)) for i in range(4)]),
    name=st.just("x"),
    need=st.integers(0, 40),
    parts=st.just(""),
    next_replica=st.integers(0, 2),
    regional_switch=st.integers(0, 9),
)
subnets = st.tuples(
    *(
        st.one_of(
            st.integers(20, 29).map(lambda length, i=i: Subnet("n", str(i), IPv4Network(f"10.{i}.0.0/{length}"))),
            st.none().map(lambda _, i=i: declared(None, ("n", str(i)))),
            st.integers(0, 300).map(lambda free, i=i: declared(free, ("n", str(i)))),
        )
        for i in range(4)
    )
)


@given(subnets, st.lists(consumers), st.integers(0, 5))
def test_what_is_free_and_what_is_needed_make_up_the_capacity(
    entry: tuple[Subnet, ...], users: list[Consumer], headroom: int
) -> None:
    for row in ledger(entry, users, headroom=headroom):
        assert row.free is None or row.free + row.need == row.subnet.capacity


@given(subnets, st.lists(consumers), st.integers(0, 5))
def test_no_consumer_is_lost(entry: tuple[Subnet, ...], users: list[Consumer], headroom: int) -> None:
    assert sum(row.need for row in ledger(entry, users, headroom=headroom)) == sum(user.need for user in users)


@given(subnets, st.lists(consumers), st.integers(0, 5))
def test_undetermined_never_reads_as_fits(entry: tuple[Subnet, ...], users: list[Consumer], headroom: int) -> None:
    book = ledger(entry, users, headroom=headroom)
    for row in book:
        if row.need and row.free is None:
            assert row.verdict == "undetermined"
    if any(row.next_replica and row.free is None for row in book):
        assert book.next_replica() != "fits"
    if any(row.regional_switch and row.free is None for row in book):
        assert book.regional_switch() != "fits"


@given(subnets, st.lists(consumers))
def test_the_next_replica_fits_exactly_when_every_subnet_that_it_touches_has_room(
    entry: tuple[Subnet, ...], users: list[Consumer]
) -> None:
    book = ledger(entry, users)
    touched = [row for row in book if row.next_replica]
    known = all(row.free is not None and row.free >= row.next_replica for row in touched)
    assert (book.next_replica() == "fits") == known


@given(subnets, st.lists(consumers), st.integers(0, 5))
def test_a_fitting_row_would_still_fit_once_the_headroom_is_used(
    entry: tuple[Subnet, ...], users: list[Consumer], headroom: int
) -> None:
    for row in ledger(entry, users, headroom=headroom):
        if row.verdict == "fits" and row.need:
            assert (row.subnet.capacity or 0) >= row.wanted


@pytest.mark.parametrize("prefix", ["10.20.0.0/27", "10.20.0.0/24"])
def test_a_subnet_of_27_or_larger_is_as_advised_for_a_registry(prefix: str) -> None:
    assert small_for_registry(IPv4Network(prefix)) is None


def test_a_smaller_subnet_that_fits_is_advised_against() -> None:
    advice = small_for_registry(IPv4Network("10.20.0.0/28"), 4)
    assert advice is not None
    assert advice.startswith("10.20.0.0/28 fits (4 free) and is smaller than the /27 advised")
    assert "[ACR-8]" in advice


def test_the_advised_size_comes_before_the_smallest_that_fits() -> None:
    assert size_advice(28, registry=True, free=4) == "give /27 or larger; /28 (4 free) is the smallest that fits"


@pytest.mark.parametrize("fits", [27, 24])
def test_a_size_as_advised_excludes_others(fits: int) -> None:
    assert size_advice(fits, registry=True, free=20) == f"give /{fits} (20 free) or larger"


def test_the_advice_for_registries_is_not_given_for_other_consumers() -> None:
    assert size_advice(29, registry=False) == "give /29 or larger"
