"""Pulls while a region is down: regional endpoints of other replicas and the global one work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from arm_client import REGISTRY
from estates import EAST, GLOBAL, MAIN, WEST, ZONE, Estate, client

from local_azure import history, outages
from local_azure.reach import command
from local_azure.reach.timeline import outages as lost

if TYPE_CHECKING:
    from local_azure.reach.verdict import Verdict

NODES = {"from": f"{MAIN}/subnets/nodes"}


def judged(estate: Estate, host: str) -> Verdict:
    assert estate.arm.cloud is not None
    found = command.snapshot(estate.arm.cloud.store)
    pulls = [client(**NODES, image=f"{host}/team-a/web:1")]
    asked = command.consumers(found, pulls, command.Question())
    return command.verdicts(found, [each for each in asked if each.name == "runner"])[0]


def fall(estate: Estate, region: str) -> None:
    assert estate.arm.cloud is not None
    outages.begin(estate.arm.cloud.store.connection, region)


def test_the_regional_endpoint_of_a_region_that_is_down_does_not_fail_over(estate: Estate) -> None:
    fall(estate, "eastus")
    broken = judged(estate, EAST).broken
    assert broken is not None
    assert (broken.link, broken.resource) == ("region", REGISTRY)
    assert "does not fail over" in broken.message


def test_the_other_regional_endpoint_and_the_global_one_work_while_the_home_is_down(estate: Estate) -> None:
    fall(estate, "eastus")
    assert judged(estate, WEST).status == "works"
    assert judged(estate, GLOBAL).status == "works"


def test_the_global_endpoint_fails_if_the_only_routed_replica_is_down(estate: Estate) -> None:
    reply = estate.arm("PATCH", f"{REGISTRY}/replications/westeurope", {"properties": {"regionEndpointEnabled": False}})
    assert reply.status == 201
    fall(estate, "eastus")
    broken = judged(estate, GLOBAL).broken
    assert broken is not None
    assert broken.link == "region"


def test_a_change_during_an_outage_loses_only_pulls_that_worked_in_it(estate: Estate) -> None:
    fall(estate, "eastus")
    assert estate.arm.cloud is not None
    store = estate.arm.cloud.store
    pulls = [client(**NODES, name=name, image=f"{host}/team-a/{name}:1") for name, host in (("e", EAST), ("w", WEST))]
    before = command.snapshot(store)
    history.keep(store.connection)
    estate.arm.delete(f"{ZONE}/virtualNetworkLinks/main")
    found = lost(before, history.turns(store.connection), pulls)
    names = {each.consumer.name for each in found}
    assert "w" in names
    assert "e" not in names
