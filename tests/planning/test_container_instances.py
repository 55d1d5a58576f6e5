"""Sizes of container groups, what they take from a subnet, and the reverse zones of their addresses."""

from ipaddress import IPv4Network

import pytest

from planning.addresses import Subnet, ledger
from planning.container_instances import Size, Sku, group_consumer, reverse_zone, size_problem

FITS: list[tuple[str, Sku, Size, Size | None]] = [
    ("without quota up to 4 vCPU and 16 GB", "Standard", Size(4, 16), None),
    ("the largest standard group", "Standard", Size(31, 240), Size(31, 240)),
    ("the largest confidential group", "Confidential", Size(31, 180), Size(31, 180)),
    ("exactly the quota", "Standard", Size(8, 32), Size(8, 32)),
]


@pytest.mark.parametrize(("sku", "asked", "quota"), [case[1:] for case in FITS], ids=[case[0] for case in FITS])
def test_a_group_that_just_fits_is_in_order(sku: Sku, asked: Size, quota: Size | None) -> None:
    assert size_problem(asked, sku, quota) is None


REFUSED: list[tuple[str, Sku, Size, Size | None, str]] = [
    ("a little more than 4 vCPU", "Standard", Size(4.1, 1), None, "4.1 vCPU / 1 GB in all is above 4 vCPU / 16 GB"),
    (
        "a little more than 16 GB",
        "Standard",
        Size(1, 16.5),
        None,
        "state what was granted: quota: {cpu: 1, memory_gb: 16.5}",
    ),
    ("more than the quota", "Standard", Size(8, 33), Size(8, 32), "above the declared quota of 8 vCPU / 32 GB"),
    ("32 vCPU", "Standard", Size(32, 1), Size(99, 999), "the limit of a standard group is 31 vCPU / 240 GB"),
    ("241 GB", "Standard", Size(1, 241), Size(99, 999), "the limit of a standard group is 31 vCPU / 240 GB"),
    (
        "181 GB and confidential",
        "Confidential",
        Size(1, 181),
        Size(99, 999),
        "the limit of a confidential group is 31 vCPU / 180 GB",
    ),
]


@pytest.mark.parametrize(
    ("sku", "asked", "quota", "said"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED]
)
def test_a_group_that_is_a_little_too_large_is_refused_with_the_sum(
    sku: Sku, asked: Size, quota: Size | None, said: str
) -> None:
    problem = size_problem(asked, sku, quota)
    assert problem is not None
    assert said in problem
    assert problem.endswith("[ACI-1]")


SUBNETS = [(29, 3), (28, 11), (27, 27), (24, 251)]


@pytest.mark.parametrize(("prefix", "groups"), SUBNETS)
def test_a_subnet_holds_one_group_per_address_and_not_one_more(prefix: int, groups: int) -> None:
    subnet = Subnet("eastus", "groups", IPv4Network(f"10.0.0.0/{prefix}"))
    consumers = [group_consumer(subnet.key, f"container group g{number}") for number in range(groups + 1)]
    (just,) = ledger([subnet], consumers[:groups])
    (over,) = ledger([subnet], consumers)
    assert (just.free, just.verdict) == (0, "fits")
    assert (over.free, over.verdict, over.fitting_prefix) == (-1, "short", prefix - 1)
    assert {consumer.source for consumer in over.consumers} == {"ACI-2"}


ZONES = {
    "10.1.2.0/24": "2.1.10.in-addr.arpa",
    "10.1.2.64/26": "2.1.10.in-addr.arpa",
    "10.1.2.248/29": "2.1.10.in-addr.arpa",
    "10.1.0.0/20": "1.10.in-addr.arpa",
    "10.1.0.0/16": "1.10.in-addr.arpa",
    "10.16.0.0/12": "10.in-addr.arpa",
    "10.0.0.0/8": "10.in-addr.arpa",
}


@pytest.mark.parametrize(("prefix", "zone"), ZONES.items())
def test_the_reverse_zone_is_the_smallest_whole_octet_that_holds_the_range(prefix: str, zone: str) -> None:
    network = IPv4Network(prefix)
    assert reverse_zone(network) == zone
    for address in (network.network_address, network.broadcast_address):
        assert address.reverse_pointer.endswith(f".{zone}")
