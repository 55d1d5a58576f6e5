"""Which pulls a change breaks: for a while, for good, or not at all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from arm_client import GROUP, NETWORK, REGISTRY
from estates import ACR_PULL, APP, EAST, GLOBAL, JOB, MAIN, PULLER, READER, ZONE, Estate, narrowed

from local_azure import history
from local_azure.reach import command
from local_azure.reach.timeline import Outage, outages


@pytest.fixture
def changed(estate: Estate) -> Callable[[Callable[[], Any]], list[Outage]]:
    """Run a change of the estate and return its outages."""

    def run(change: Callable[[], Any]) -> list[Outage]:
        assert estate.arm.cloud is not None
        store = estate.arm.cloud.store
        before = command.snapshot(store)
        history.keep(store.connection)
        change()
        return outages(before, history.turns(store.connection), estate.pulls)

    return run


Changed = Callable[[Callable[[], Any]], list[Outage]]


def report(found: list[Outage]) -> dict[str, tuple[str, str, str]]:
    return {each.consumer.name: (each.broken.link, each.began, each.ended) for each in found}


def assignments(estate: Estate) -> str:
    listed = estate.arm.get(f"{REGISTRY}/providers/Microsoft.Authorization/roleAssignments")["value"]
    principal = estate.principal(PULLER)
    return next(each["id"] for each in listed if each["properties"]["principalId"] == principal)


def test_a_change_that_breaks_nothing_has_no_outage(estate: Estate, changed: Changed) -> None:
    def change() -> None:
        estate.link(f"{NETWORK}/virtualNetworks/far")
        estate.registry(anonymousPullEnabled=True)

    assert changed(change) == []


def test_the_mode_before_the_grants_stops_every_pull_for_a_while(estate: Estate, changed: Changed) -> None:
    def change() -> None:
        estate.registry(roleAssignmentMode="LegacyRegistryPermissions")
        estate.arm.delete(assignments(estate))
        estate.grant(REGISTRY, ACR_PULL, estate.principal(PULLER))

    found = changed(change)
    flip = "PUT Microsoft.ContainerRegistry/registries contoso"
    pulls = [each for each in found if each.consumer.action == "pull"]
    assert {each.consumer.name for each in pulls} == {
        "web",
        "nightly",
        "pool",
        "inside",
        "outside",
        "checkout",
        "agents",
    }
    assert {each.began for each in pulls} == {flip}
    assert all(each.ended.startswith("PUT Microsoft.Authorization/roleAssignments ") for each in pulls)
    assert [label.partition(" ")[0] for label in pulls[0].during] == ["PUT", "DELETE"]


def test_the_grants_before_the_mode_stop_no_pull(estate: Estate, changed: Changed) -> None:
    def change() -> None:
        principal, old = estate.principal(PULLER), assignments(estate)
        estate.grant(REGISTRY, ACR_PULL, principal)
        estate.registry(roleAssignmentMode="LegacyRegistryPermissions")
        estate.arm.delete(old)

    assert [each.consumer.name for each in changed(change)] == ["ci"], "the pipeline has no role for the other mode"


def test_regional_endpoints_off_stop_pinned_consumers_until_they_move(estate: Estate, changed: Changed) -> None:
    def change() -> None:
        estate.registry(regionalEndpoints="Disabled")
        shown = estate.arm.get(JOB)
        container = {**shown["properties"]["template"]["containers"][0], "image": f"{GLOBAL}/team-a/report:1"}
        properties = {
            "environmentId": shown["properties"]["environmentId"],
            "configuration": {
                "triggerType": "Manual",
                "replicaTimeout": 60,
                "registries": [{"server": GLOBAL, "identity": PULLER}],
            },
            "template": {"containers": [container]},
        }
        estate.arm.put(JOB, estate.owned(properties))

    found = report(changed(change))
    off = "PUT Microsoft.ContainerRegistry/registries contoso"
    assert found["nightly"] == ("host", off, "PUT Microsoft.App/jobs nightly")
    assert found["checkout"] == ("host", off, ""), "what is deployed in a cluster still names the host"
    assert "web" not in found


def test_a_deleted_record_is_an_outage_and_a_deleted_consumer_is_none(estate: Estate, changed: Changed) -> None:
    def change() -> None:
        estate.arm.delete(APP)
        estate.arm.delete(f"{ZONE}/A/contoso.eastus.geo")

    found = changed(change)
    assert {each.consumer.name for each in found} == {"nightly", "checkout"}
    assert {each.began for each in found} == {"DELETE Microsoft.Network/privateDnsZones/A contoso.eastus.geo"}


def test_a_condition_that_narrows_too_far_is_reported_for_its_repositories_only(
    estate: Estate, changed: Changed
) -> None:
    def change() -> None:
        old = assignments(estate)
        estate.grant(f"{GROUP}", READER, estate.principal(PULLER), narrowed("team-a/w"))
        estate.arm.delete(old)

    found = changed(change)
    assert "web" not in report(found)
    assert report(found)["nightly"][0] == "condition"
    assert {each.consumer.image.partition("/")[0] for each in found} <= {
        GLOBAL,
        EAST,
        "contoso.westeurope.geo.azurecr.io",
    }


def test_a_place_that_goes_takes_its_consumers_along(estate: Estate, changed: Changed) -> None:
    estate.pulls = [
        {"name": "vm", "from": f"{MAIN}/subnets/empty", "identity": PULLER, "image": f"{GLOBAL}/team-a/web:1"}
    ]
    estate.subnet(MAIN, "empty", "10.0.9.0/24")
    assert changed(lambda: estate.arm.delete(f"{MAIN}/subnets/empty")) == []


def test_what_a_refused_write_did_is_no_part_of_the_history(estate: Estate) -> None:
    assert estate.arm.cloud is not None
    connection = estate.arm.cloud.store.connection
    history.keep(connection)
    before = len(history.turns(connection))
    assert (
        estate.arm("PUT", REGISTRY, {"location": "westus", "sku": {"name": "Premium"}, "properties": {}}).status == 409
    )
    assert len(history.turns(connection)) == before


def renamed(estate: Estate, image: str) -> None:
    """Let the app pull another image."""
    app = estate.arm.get(APP)
    (container,) = app["properties"]["template"]["containers"]
    container["image"] = image
    estate.arm.put(
        APP, estate.owned({key: app["properties"][key] for key in ("environmentId", "configuration", "template")})
    )


def test_an_app_that_moves_to_a_repository_of_a_cache_rule_waits_for_the_rule(estate: Estate, changed: Changed) -> None:
    def change() -> None:
        renamed(estate, f"{GLOBAL}/team-a/nginx:1")
        estate.cached()

    (found,) = changed(change)
    assert (found.consumer.name, found.broken.link) == ("web", "cache_rule")
    assert found.began == "PUT Microsoft.App/containerApps web"
    assert found.ended == "PUT Microsoft.ContainerRegistry/registries/cacheRules contoso/docker-hub"
    assert "team-a/nginx is filled by cache rule docker-hub, which does not exist yet" in found.broken.message


def test_an_app_that_moves_after_the_rule_waits_for_nothing(estate: Estate, changed: Changed) -> None:
    def change() -> None:
        estate.cached()
        renamed(estate, f"{GLOBAL}/team-a/nginx:1")

    assert changed(change) == []
