"""The pull paths that a report shows, and those that reach finds in what a stack has made."""

from __future__ import annotations

from pathlib import Path

from local_azure.reach import command
from local_azure.reach.consumers import Consumer, Place, host_of
from local_azure.reach.estate import Estate
from local_azure.reach.resolution import resolve
from local_azure.reach.verdict import WORKS, judge
from local_azure.store import Store
from stacks.loader import Stack, load
from tests.engine import Rehearsal
from tools.report.picture import picture

ELSEWHERE = "elsewhere"
Step = tuple[str, str, str]
"""Network, host, and the private endpoint that the host leads to or `public`; what another stack makes is `elsewhere`."""


def check(running: Rehearsal) -> None:
    """Compare the paths of the report on a stack with those that work in its local Azure."""
    stack = load(running.engine.stack, directory=running.stack_file.parent)
    found = reached(stack, running.azure.store, running.outputs())
    assert found
    shown = reported(stack)
    assert shown == found, f"the report shows {sorted(shown - found)}, and reach finds {sorted(found - shown)}"


def reported(stack: Stack) -> set[Step]:
    """Return the paths of the report of what pulls: a cluster without workloads has a path that nothing uses yet."""
    shown = picture(stack, stack.plan.endpoints)
    names = {network.key: ELSEWHERE if network.elsewhere else network.name for network in shown.networks}
    made = {key: site.name for key, site in stack.plan.sites.within("registry", "private_endpoints").items()}
    return {
        (names[network], source.host, made[each.endpoint] if each.endpoint else each.way)
        for each in shown.consumers
        for network in each.networks
        for source in each.sources
        if source.pulled_by
    }


def reached(stack: Stack, folder: Path, outputs: dict[str, object]) -> set[Step]:
    store = Store(folder)
    try:
        estate = command.snapshot(store)
    finally:
        store.close()
    consumers = command.consumers(estate, dict(outputs), command.Question())
    assert {judge(estate, each).status for each in consumers} <= {WORKS}
    return {_step(stack, estate, each, place) for each in consumers for place in each.places}


def _step(stack: Stack, estate: Estate, consumer: Consumer, place: Place) -> Step:
    networks, endpoints = stack.plan.sites.within("networks"), stack.plan.sites.within("registry", "private_endpoints")
    made = [site.name for key, site in networks.items() if stack.spec.networks[key].id is None]
    own = {name.lower(): name for name in (*made, *(site.name for site in endpoints.values()))}
    host = host_of(consumer.image)
    # A hash in the login server is known once the registry exists, and to no report.
    shown = host if stack.plan.endpoints else ""
    address = resolve(estate, host, place).address
    way = estate.holders(address)[0][0].name if address else "public"
    network = place.network.rpartition("/")[2]
    return own.get(network, ELSEWHERE), shown, way if way == "public" else own.get(way.lower(), ELSEWHERE)
