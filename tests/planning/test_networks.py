"""Ranges: what is malformed, outside, overlapping or forbidden."""

from collections.abc import Sequence
from ipaddress import IPv4Network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.networks import (
    holds_private_endpoints,
    overlap_problems,
    parse,
    peer_problem,
    peered_overlaps,
    ports_problem,
    space_problems,
    subnet_problems,
)
from planning.problems import Path, Problem


def ranges(*texts: str, key: str = "n") -> dict[Path, IPv4Network]:
    return {("networks", key, str(i)): IPv4Network(text) for i, text in enumerate(texts)}


def report(problems: Sequence[Problem]) -> list[tuple[str, str, str]]:
    return [(".".join(problem.path), problem.severity, problem.message) for problem in problems]


def test_a_range_is_read() -> None:
    assert parse("10.0.0.0/16") == IPv4Network("10.0.0.0/16")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("10.0.0.0", "'10.0.0.0' has no prefix length; write a range such as 10.0.0.0/16"),
        ("10.0.0.5/16", "'10.0.0.5/16' has bits set after its prefix; write 10.0.0.0/16"),
        ("10.0.0.0/33", "is not an IPv4 range"),
        ("10.0.0/16", "is not an IPv4 range"),
        ("10.0.0.256/24", "is not an IPv4 range"),
        ("2001:db8::/32", "'2001:db8::/32' is not an IPv4 range"),
        ("010.0.0.0/16", "is not an IPv4 range"),
        ("/16", "is not an IPv4 range"),
        ("10.0.0.0/", "is not an IPv4 range"),
        ("", "has no prefix length"),
    ],
)
def test_a_malformed_range_is_refused_in_one_line_that_says_what_to_write(text: str, message: str) -> None:
    with pytest.raises(ValueError) as refusal:  # noqa: PT011 - the message is compared below
        parse(text)
    assert message in str(refusal.value)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    ("text", "met"),
    [
        ("224.0.0.0/8", "224.0.0.0/4"),
        ("127.0.0.0/16", "127.0.0.0/8"),
        ("169.254.0.0/24", "169.254.0.0/16"),
        ("168.63.129.0/24", "168.63.129.16/32"),
        ("168.0.0.0/8", "168.63.129.16/32"),
        ("255.255.255.0/24", "255.255.255.255/32"),
        ("0.0.0.0/0", "224.0.0.0/4"),
    ],
)
def test_ranges_that_azure_keeps_are_refused(text: str, met: str) -> None:
    assert report(space_problems(ranges(text))) == [
        ("networks.n.0", "error", f"{text} overlaps {met}, which Azure refuses in a network [NET-3]")
    ]


@pytest.mark.parametrize("text", ["10.0.0.0/8", "172.16.0.0/12", "192.168.4.0/24", "100.64.0.0/10"])
def test_private_ranges_are_taken_silently(text: str) -> None:
    assert space_problems(ranges(text)) == []


@pytest.mark.parametrize("text", ["8.8.8.0/24", "172.32.0.0/16", "100.128.0.0/16", "10.0.0.0/7"])
def test_foreign_address_space_is_reported(text: str) -> None:
    ((path, severity, message),) = report(space_problems(ranges(text)))
    assert (path, severity) == ("networks.n.0", "warning")
    assert f"{text} is public address space" in message


def test_two_ranges_of_one_space_that_overlap_are_refused_at_the_later_one() -> None:
    ((path, severity, message),) = report(space_problems(ranges("10.1.0.0/16", "10.0.0.0/8")))
    assert (path, severity) == ("networks.n.1", "error")
    assert message == "10.0.0.0/8 overlaps networks.n.0 (10.1.0.0/16); give each a range of its own [NET-3]"


def test_a_subnet_outside_its_network_is_refused_with_the_range_to_stay_in() -> None:
    space = [IPv4Network("10.0.0.0/16"), IPv4Network("10.2.0.0/16")]
    ((path, severity, message),) = report(subnet_problems(space, ranges("10.1.0.0/24")))
    assert (path, severity) == ("networks.n.0", "error")
    assert "outside its network; use a range within 10.0.0.0/16, 10.2.0.0/16" in message


def test_a_subnet_in_any_range_of_the_space_is_in_order() -> None:
    space = [IPv4Network("10.0.0.0/16"), IPv4Network("10.2.0.0/16")]
    assert subnet_problems(space, ranges("10.2.4.0/24", "10.0.0.0/29")) == []


@pytest.mark.parametrize("length", [30, 31, 32])
def test_a_subnet_below_29_is_refused(length: int) -> None:
    ((_, severity, message),) = report(subnet_problems([IPv4Network("10.0.0.0/16")], ranges(f"10.0.0.0/{length}")))
    assert severity == "error"
    assert "is too small for a subnet; give /29 or larger [NET-2]" in message


def test_subnets_that_overlap_are_refused_pair_by_pair() -> None:
    found = report(subnet_problems([IPv4Network("10.0.0.0/8")], ranges("10.0.0.0/16", "10.0.1.0/24", "10.0.0.0/15")))
    assert sorted(path for path, *_ in found) == ["networks.n.1", "networks.n.2", "networks.n.2"]


def test_neighbours_do_not_overlap() -> None:
    assert overlap_problems(ranges("10.0.0.0/25", "10.0.0.128/25")) == []


@given(st.lists(st.tuples(st.integers(0, 255), st.integers(18, 29)), max_size=12))
def test_every_overlapping_pair_is_found_once_and_no_other(drawn: list[tuple[int, int]]) -> None:
    networks = [IPv4Network((10 << 24 | third << 8, length), strict=False) for third, length in drawn]
    given_ranges = {("n", str(i)): network for i, network in enumerate(networks)}
    pairs = {
        (i, j) for i in range(len(networks)) for j in range(i + 1, len(networks)) if networks[i].overlaps(networks[j])
    }
    found = overlap_problems(given_ranges)
    assert len(found) == len(pairs)
    assert {int(problem.path[1]) for problem in found} == {later for _, later in pairs}


def spaces(**texts: str) -> dict[str, dict[Path, IPv4Network]]:
    return {key: ranges(text, key=key) for key, text in texts.items()}


def pairs(*texts: str) -> frozenset[frozenset[str]]:
    return frozenset(frozenset(text.split("-")) for text in texts)


def test_peered_networks_that_overlap_are_refused() -> None:
    ((path, severity, message),) = report(peered_overlaps(spaces(a="10.0.0.0/16", b="10.0.0.0/24"), pairs("a-b")))
    assert (path, severity) == ("networks.b.0", "error")
    assert "10.0.0.0/24 overlaps networks.a.0 (10.0.0.0/16): the two are peered, which Azure refuses" in message


def test_networks_that_overlap_and_are_not_peered_are_reported() -> None:
    ((path, severity, message),) = report(peered_overlaps(spaces(a="10.0.0.0/16", b="10.0.0.0/24"), pairs()))
    assert (path, severity) == ("networks.b.0", "warning")
    assert "can never be peered" in message


def test_two_spokes_of_one_hub_that_overlap_are_refused() -> None:
    found = peered_overlaps(spaces(a="10.0.0.0/16", hub="10.9.0.0/16", b="10.0.0.0/24"), pairs("a-hub", "b-hub"))
    ((path, severity, message),) = report(found)
    assert (path, severity) == ("networks.b.0", "error")
    assert "both are peered with hub, which Azure refuses" in message


def test_peered_networks_with_ranges_of_their_own_are_in_order() -> None:
    assert peered_overlaps(spaces(a="10.0.0.0/16", b="10.1.0.0/16"), pairs("a-b")) == []


@pytest.mark.parametrize(
    "text", ["*", "10.0.0.0/16", "10.0.0.9", "2001:db8::/48", "VirtualNetwork", "Storage.WestEurope"]
)
def test_a_security_rule_takes_ranges_addresses_and_service_tags(text: str) -> None:
    assert peer_problem(text) is None


@pytest.mark.parametrize("text", ["", "virtual network", "10.0.0.0/33", "10.0.0.0/24,10.1.0.0/24", "any\n"])
def test_a_security_rule_takes_no_other_source(text: str) -> None:
    assert str(peer_problem(text)).startswith(f"{text!r} is not a range, address or service tag; write one such as")


@pytest.mark.parametrize(
    ("text", "whole"),
    # Prefixes that the service refused [NSG-PREFIX], and one of IPv6.
    [
        ("50.206.209.68/27", "50.206.209.64/27"),
        ("193.23.120.230/30", "193.23.120.228/30"),
        ("2001:db8::1/64", "2001:db8::/64"),
    ],
)
def test_a_security_rule_takes_no_range_with_bits_after_its_prefix(text: str, whole: str) -> None:
    message = f"{text!r} has bits set after its prefix, which Azure refuses; write {whole} [NSG-PREFIX]"
    assert peer_problem(text) == message
    assert peer_problem(whole) is None


@pytest.mark.parametrize("text", ["*", "0", "443", "65535", "8000-8080"])
def test_a_security_rule_takes_ports_and_their_ranges(text: str) -> None:
    assert ports_problem(text) is None


@pytest.mark.parametrize("text", ["", "https", "65536", "-1", "8080-8000", "1-2-3", "80,443", "\u0661"])
def test_a_security_rule_takes_no_other_ports(text: str) -> None:
    assert ports_problem(text) == f"{text!r} is not a port; write one such as 443, 8000-8080, or * [NSG-1]"


@pytest.mark.parametrize(
    "name", ["GatewaySubnet", "gatewaysubnet", "AzureFirewallSubnet", "AzureBastionSubnet", "RouteServerSubnet"]
)
def test_a_subnet_with_a_reserved_name_holds_no_private_endpoints(name: str) -> None:
    assert not holds_private_endpoints(name, [])


def test_a_delegated_subnet_holds_no_private_endpoints() -> None:
    assert not holds_private_endpoints("apps", ["Microsoft.App/environments"])
    assert holds_private_endpoints("apps", [])
