"""Benchmark of the address ledger: 10,000 subnets and 100 replicas, compared with parsing the same ranges."""

from __future__ import annotations

from ipaddress import IPv4Network

from bench.timing import median_seconds
from planning.addresses import Ledger, Subnet, ledger, registry_consumer

SUBNETS, REPLICAS, RUNS = 10_000, 100, 5


def ranges() -> list[IPv4Network]:
    """Parse the ranges from text, which every program that uses them must do."""
    return [IPv4Network(f"10.{i // 256}.{i % 256}.0/24") for i in range(SUBNETS)]


def whole(networks: list[IPv4Network]) -> Ledger:
    """Compute the ledger for subnets that each contain a private endpoint of one registry."""
    subnets = [Subnet(f"net{i}", "registry", network) for i, network in enumerate(networks)]
    consumers = [
        registry_consumer(subnet.key, "endpoint", regions=REPLICAS + 1, regional_endpoints=True) for subnet in subnets
    ]
    return ledger(subnets, consumers, headroom=1)


def main() -> None:
    """Print the ratio and both times."""
    networks = ranges()
    book = whole(networks)
    if len(book.rows) != SUBNETS or book.rows[0].need != 1 + 2 * (REPLICAS + 1):
        raise SystemExit("the ledger is incomplete")
    floor = median_seconds(ranges, RUNS)
    mine = median_seconds(lambda: (whole(networks).next_replica(), whole(networks).regional_switch()), RUNS)
    print(f"ledger {SUBNETS} subnets x {REPLICAS} replicas: {mine / 2 / floor:.2f} x parsing ranges "
          f"({mine / 2:.3f} s against {floor:.3f} s)")  # fmt: skip
