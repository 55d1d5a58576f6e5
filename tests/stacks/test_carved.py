"""Subnets that state a size instead of a range: what they get, how a range is pinned or kept free, and what is refused."""

from __future__ import annotations

import pytest

from tests.stacks.stack_files import FILE, Files, changed, line_here

SUBNET = "registry: {prefix: 10.60.0.0/24, purpose: private_endpoints}"
MADE = "registry: {size: /24, purpose: private_endpoints}"


def sized(*subnets: str) -> str:
    """The network in westeurope with its registry's subnet carved, and further subnets after it."""
    return changed((SUBNET, "\n          ".join((MADE, *subnets))))


def prefixes(files: Files, text: str) -> dict[str, str]:
    subnets = files.load(text).spec.networks["westeurope"].subnets
    return {key: str(subnet.prefix) for key, subnet in subnets.items()}


def test_a_subnet_of_any_network_may_state_a_size_or_a_number_of_addresses(files: Files) -> None:
    assert prefixes(files, sized("nodes: {size: /25}", "small: {addresses: 27}", "large: {addresses: 28}")) == {
        "registry": "10.60.0.0/24",
        "nodes": "10.60.1.0/25",
        "small": "10.60.1.128/27",
        "large": "10.60.1.192/26",
    }


def test_a_prefix_beside_a_size_pins_the_range(files: Files) -> None:
    assert prefixes(files, sized("nodes: {size: /25, prefix: 10.60.9.0/24}", "more: {size: /25}")) == {
        "registry": "10.60.0.0/24",
        "nodes": "10.60.9.0/24",
        "more": "10.60.1.0/25",
    }


def test_a_reserved_range_is_kept_and_is_no_subnet(files: Files) -> None:
    assert prefixes(files, sized("old: {size: /25, reserved: true}", "nodes: {size: /25, reserved: false}")) == {
        "registry": "10.60.0.0/24",
        "nodes": "10.60.1.128/25",
    }


def test_a_range_pinned_later_onto_a_carved_one_is_refused_and_moves_nothing(files: Files) -> None:
    text = sized("late: {prefix: 10.60.0.128/25} # here")
    assert files.refusals(text) == [
        f"{FILE}:{line_here(text)} networks.westeurope.subnets.late: 10.60.0.128/25 overlaps "
        "networks.westeurope.subnets.registry (10.60.0.0/24); give each a range of its own [NET-3]"
    ]


def test_the_range_is_shown_where_a_carved_subnet_is_short_of_addresses(files: Files) -> None:
    text = changed((SUBNET, MADE.replace("/24", "/29") + " # here"))
    (line,) = files.refusals(text)
    assert line.startswith(
        f"{FILE}:{line_here(text)} networks.westeurope.subnets.registry: 10.60.0.0/29 in vnet-contoso-test"
    )


@pytest.mark.parametrize(
    ("subnet", "key", "message"),
    [
        ("{size: 24}", "size", "expected a prefix length from /8 to /29, got 24; write one such as /24 [NET-2]"),
        ("{size: /30}", "size", "expected a prefix length from /8 to /29, got '/30'; write one such as /24 [NET-2]"),
        ("{addresses: many}", "addresses", "expected a number of addresses from 1 to 16777211, got 'many'"),
        ("{size: /24, addresses: 9}", "addresses", "is stated beside a size; keep one of the two"),
        ("{size: /24, reserved: 1}", "reserved", "expected true or false, got 1; write one of the two"),
        ("{reserved: true}", "reserved", "a range needs a size; state one, such as /24"),
        ("{size: /24, reserved: true, purpose: general}", "reserved", "true keeps a range without a subnet"),
        ("{size: /24, prefix: 10.60.9.1/24}", "prefix", "'10.60.9.1/24' has bits set after its prefix; write 10.60.9.0/24"),
        ("{size: /16}", "", "10.60.0.0/16 has no room for a /16 after the subnets before it; take a smaller one, or add a range"),
    ],
)  # fmt: skip
def test_a_size_that_cannot_be_carved_is_refused_at_its_line(files: Files, subnet: str, key: str, message: str) -> None:
    text = sized(f"nodes: {subnet} # here")
    (line,) = files.refusals(text)
    path = ".".join(filter(None, ("networks.westeurope.subnets.nodes", key)))
    assert line.startswith(f"{FILE}:{line_here(text)} {path}: {message}")


def test_a_subnet_of_a_network_made_elsewhere_has_no_size(files: Files) -> None:
    theirs = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/theirs"
    text = changed((SUBNET, MADE + " # here"), ("[10.60.0.0/16]", f"[]\n        id: {theirs}"))
    (line,) = files.refusals(text)
    assert line.startswith(
        f"{FILE}:{line_here(text)} networks.westeurope.subnets.registry: the network is made elsewhere"
    )


@pytest.mark.parametrize("space", ["[]", "nowhere", "[5]", "[10.60.0.0]"])
def test_sizes_without_an_address_space_are_refused(files: Files, space: str) -> None:
    assert files.refusals(changed((SUBNET, MADE), ("[10.60.0.0/16]", space)))


def test_sizes_of_one_network_in_two_files_are_refused_since_the_first_would_be_added_to(files: Files) -> None:
    base = """\
config:
  moorings:stack:
    networks: {westeurope: {subnets: {nodes: {size: /24}}}}
"""
    text = changed((SUBNET, MADE + " # here"))
    assert files.refusals(text, base=base) == [
        f"{FILE}:{line_here(text)} networks.westeurope.subnets.registry.size: the sizes of westeurope are stated in "
        "stacks/_base.yaml under networks.westeurope.subnets, where a later subnet would move this one; state it there, or give "
        "it a prefix"
    ]
    pinned = (
        files.load(text.replace("size: /24", "prefix: 10.60.1.0/24"), base=base).spec.networks["westeurope"].subnets
    )
    assert {key: str(subnet.prefix) for key, subnet in pinned.items()} == {
        "nodes": "10.60.0.0/24",
        "registry": "10.60.1.0/24",
    }


def test_a_misspelled_size_is_compared_with_the_keys_that_may_be_stated(files: Files) -> None:
    (line,) = files.refusals(sized("nodes: {sise: /24} # here"))
    assert "nodes.sise: is not a known key; write size, or remove it" in line
