"""The address ledger on 10,000 subnets and 100 replicas, against merely reading the same ranges."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from ipaddress import IPv4Network

from planning.addresses import Ledger, Subnet, ledger, registry_consumer

SUBNETS, REPLICAS, RUNS = 10_000, 100, 5


def ranges() -> list[IPv4Network]:
    """Read the ranges from text: what any program that looks at them pays."""
    return [IPv4Network(f"10.{i // 256}.{i % 256}.0/24") for i in range(SUBNETS)]


def whole(networks: list[IPv4Network]) -> Ledger:
    """Plan every subnet with a private endpoint of one registry in it."""
    subnets = [Subnet(f"net{i}", "registry", network) for i, network in enumerate(networks)]
    consumers = [
        registry_consumer(subnet.key, "endpoint", regions=REPLICAS + 1, regional_endpoints=True) for subnet in subnets
    ]
    return ledger(subnets, consumers, headroom=1)


def median_seconds(action: Callable[[], object]) -> float:
    """Return the median wall time of an action, in seconds."""
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def main() -> None:
    """Print the ratio and both times."""
    networks = ranges()
    book = whole(networks)
    if len(book.rows) != SUBNETS or book.rows[0].need != 1 + 2 * (REPLICAS + 1):
        raise SystemExit("the ledger did not do the work that is measured")
    floor = median_seconds(ranges)
    mine = median_seconds(lambda: (whole(networks).next_replica(), whole(networks).regional_switch()))
    print(f"ledger {SUBNETS} subnets x {REPLICAS} replicas: {mine / 2 / floor:.2f} x reading ranges "
          f"({mine / 2:.3f} s against {floor:.3f} s)")  # fmt: skip
