"""Carving of subnets from an address space: lowest free range, no overlap, and nothing that comes later moves anything."""

from __future__ import annotations

from ipaddress import IPv4Network
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.carving import addresses_problem, carve, prefix_length, size_problem

SPACE = [IPv4Network("10.0.0.0/22")]


def networks(*texts: str | None) -> list[IPv4Network | None]:
    return [IPv4Network(text) if text else None for text in texts]


def test_each_subnet_takes_the_lowest_aligned_range() -> None:
    assert carve(SPACE, [27, 24, 26]) == networks("10.0.0.0/27", "10.0.1.0/24", "10.0.0.64/26")


def test_a_stated_range_is_kept_and_avoided_by_what_comes_after_it() -> None:
    pinned = IPv4Network("10.0.0.0/24")
    assert carve(SPACE, [pinned, 24]) == networks("10.0.0.0/24", "10.0.1.0/24")


def test_a_range_stated_later_moves_nothing() -> None:
    assert carve(SPACE, [24, IPv4Network("10.0.0.0/25")]) == networks("10.0.0.0/24", "10.0.0.0/25")


def test_the_next_range_of_the_address_space_is_used_where_the_first_is_full() -> None:
    space = [IPv4Network("10.0.0.0/24"), IPv4Network("10.9.0.0/16")]
    assert carve(space, [25, 24, 25]) == networks("10.0.0.0/25", "10.9.0.0/24", "10.0.0.128/25")


def test_a_subnet_without_room_has_no_range_and_leaves_room_to_smaller_ones() -> None:
    assert carve(SPACE, [23, 22, 24]) == networks("10.0.0.0/23", None, "10.0.2.0/24")


def test_nothing_is_carved_from_no_address_space() -> None:
    assert carve([], [24]) == [None]


@pytest.mark.parametrize(
    ("size", "addresses", "length"), [("/26", None, 26), (None, 11, 28), (None, 12, 27), (None, 1, 29)]
)
def test_a_size_is_a_prefix_length_or_a_number_of_addresses_beside_the_five_reserved(
    size: str | None, addresses: int | None, length: int
) -> None:
    assert prefix_length(size, addresses) == length


@pytest.mark.parametrize("size", ["24", "/7", "/30", "/", "/024", 24, None, True, [], {}])
def test_what_is_no_size_is_refused(size: object) -> None:
    assert size_problem(size)


@pytest.mark.parametrize("addresses", [0, -1, True, 1.5, "100", None, 2**24, [], {}])
def test_what_is_no_number_of_addresses_is_refused(addresses: object) -> None:
    assert addresses_problem(addresses)


def test_the_bounds_of_sizes_are_sizes() -> None:
    assert [size_problem("/8"), size_problem("/29"), addresses_problem(1), addresses_problem(2**24 - 5)] == [None] * 4


WHOLE = IPv4Network("10.0.0.0/20")
LENGTHS = st.integers(21, 29)
PINS = LENGTHS.flatmap(lambda length: st.sampled_from(list(WHOLE.subnets(new_prefix=length))))
SPACES = st.sampled_from([[WHOLE], list(WHOLE.subnets(1)), [*WHOLE.subnets(new_prefix=23)][::-2]])


@given(SPACES, st.lists(st.one_of(LENGTHS, PINS), max_size=12), st.lists(st.one_of(LENGTHS, PINS), max_size=6))
def test_what_is_stated_later_never_moves_what_is_stated_before(
    space: list[IPv4Network], first: list[IPv4Network | int], later: list[IPv4Network | int]
) -> None:
    assert carve(space, [*first, *later])[: len(first)] == carve(space, first)


@given(SPACES, st.lists(st.one_of(LENGTHS, PINS), max_size=12))
def test_a_carved_range_has_its_size_lies_in_the_space_and_meets_nothing_stated_before_it(
    space: list[IPv4Network], subnets: list[IPv4Network | int]
) -> None:
    ranges = carve(space, subnets)
    carved = [position for position, subnet in enumerate(subnets) if isinstance(subnet, int)]
    for position in carved:
        found = ranges[position]
        if found is not None:
            assert found.prefixlen == subnets[position]
            assert any(found.subnet_of(whole) for whole in space)
            assert not any(found.overlaps(each) for each in ranges[:position] if each)


@given(SPACES, st.lists(st.one_of(LENGTHS, PINS), max_size=12))
def test_a_carved_range_is_the_lowest_that_is_free(space: list[IPv4Network], subnets: list[IPv4Network | int]) -> None:
    ranges = carve(space, subnets)
    for position, length in enumerate(subnets):
        if isinstance(length, int):
            free = (
                each
                for whole in space
                if whole.prefixlen <= length
                for each in whole.subnets(new_prefix=length)
                if not any(each.overlaps(held) for held in ranges[:position] if held)
            )
            assert ranges[position] == next(free, None)


@given(SPACES, st.lists(LENGTHS, max_size=12))
def test_sizes_alone_never_overlap(space: list[IPv4Network], lengths: list[int]) -> None:
    created = [each for each in carve(space, lengths) if each]
    assert not any(one.overlaps(other) for one, other in combinations(created, 2))


@given(SPACES, st.lists(LENGTHS, max_size=12))
def test_carved_ranges_stated_in_their_place_carve_the_same(space: list[IPv4Network], lengths: list[int]) -> None:
    ranges = carve(space, lengths)
    assert carve(space, [found or length for found, length in zip(ranges, lengths, strict=True)]) == ranges
