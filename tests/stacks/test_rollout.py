"""The steps between two descriptions: what each holds back, why, and what is left of an interrupted rollout."""

from __future__ import annotations

from typing import Any

import pytest

from stacks.rollout.cut import ABSENT, value, with_values
from stacks.rollout.steps import PLAIN, steps

Json = dict[str, Any]

LEGACY, ABAC = "LegacyRegistryPermissions", "AbacRepositoryPermissions"
READER = "Container Registry Repository Reader"


def described(**registry: Any) -> Json:
    return {"name": "contoso", "registry": {"name": "contosopr", **registry}}


def over(document: Json, **sections: Any) -> Json:
    return {**document, **sections}


ENDPOINT = {"eastus": {"network": "eastus", "subnet": "registry"}}

WEB = ("container_apps", "east", "apps", "web", "containers", "web", "image")
RULE = {"source": "docker.io/library/*", "target": "hub/*", "credential_set": "docker-hub"}
ROUTE = {"prefix": "0.0.0.0/0", "firewall": "hub"}


def app(image: str) -> Json:
    return {"east": {"apps": {"web": {"containers": {"web": {"image": image}}}}}}


CHANGES = {
    "regional endpoints": (described(regional_endpoints=True), described()),
    "a replica": (
        described(replicas={"westeurope": {"global_routing": True}, "westus": {}}),
        described(replicas={"westus": {}}),
    ),
    "a new replica": (
        described(private_endpoints=ENDPOINT),
        described(private_endpoints=ENDPOINT, replicas={"westus": {}}),
    ),
    "a cache rule": (
        over(described(), container_apps=app("team-a/nginx:1")),
        over(described(), container_apps=app("hub/nginx:1"), artifact_cache={"rules": {"hub": RULE}}),
    ),
    "a cache rule for an image that states its source": (
        over(described(), container_apps=app("docker.io/library/nginx:1"), artifact_cache={"direct": ["docker.io"]}),
        over(described(), container_apps=app("docker.io/library/nginx:1"), artifact_cache={"rules": {"hub": RULE}}),
    ),
    "a firewall": (
        described(),
        over(described(), firewalls={"hub": {}}, route_tables={"out": {"routes": {"default": ROUTE}}}),
    ),
    "the mode": (described(role_assignment_mode=LEGACY), described(role_assignment_mode=ABAC)),
    "public access": (
        described(public_network_access="Enabled", default_action="Allow"),
        described(private_endpoints=ENDPOINT),
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_after_each_step_the_later_steps_are_left(change: str) -> None:
    running, wanted = CHANGES[change]
    planned = steps(running, wanted)
    assert len(planned) > 1
    for done, step in enumerate(planned[:-1], start=1):
        assert steps(step.description, wanted) == planned[done:]


@pytest.mark.parametrize("change", CHANGES)
def test_the_last_step_is_the_wanted_description_and_every_step_has_a_reason_with_a_source(change: str) -> None:
    running, wanted = CHANGES[change]
    planned = steps(running, wanted)
    assert planned[-1].description == wanted
    assert all(step.reasons and all("[" in reason for reason in step.reasons) for step in planned)


def test_a_change_that_no_ordering_cuts_is_one_step() -> None:
    wanted = described(policies={"quarantine": True})
    assert [(step.description, step.reasons) for step in steps(described(), wanted)] == [(wanted, (PLAIN,))]


def test_an_equal_description_is_applied_once_more_to_complete_an_interrupted_update() -> None:
    assert [step.description for step in steps(described(), described())] == [described()]


def test_a_new_replica_joins_global_routing_last() -> None:
    first, last = steps(*CHANGES["a new replica"])
    assert first.description["registry"]["replicas"] == {"westus": {"global_routing": False}}
    assert last.description["registry"]["replicas"] == {"westus": {}}


def test_a_new_replica_waits_for_room_and_then_for_its_records() -> None:
    moved = {"eastus": {"network": "eastus", "subnet": "larger"}}
    wanted = described(private_endpoints=moved, replicas={"westus": {}})
    shown = [step.description["registry"].get("replicas") for step in steps(CHANGES["a new replica"][0], wanted)]
    assert shown == [{}, {"westus": {"global_routing": False}}, {"westus": {}}]


def test_role_assignments_for_both_modes_exist_while_the_mode_changes() -> None:
    planned = steps(*CHANGES["the mode"])
    shown = [
        (
            step.description["registry"]["role_assignment_mode"],
            step.description["registry"].get("grants_for_both_modes"),
        )
        for step in planned
    ]
    assert shown == [(LEGACY, True), (ABAC, True), (ABAC, None)]


def test_roles_that_a_grant_states_for_each_mode_become_an_action_while_the_mode_changes() -> None:
    running, wanted = CHANGES["the mode"]
    who = {"principal_id": "22222222-2222-2222-2222-222222222222", "principal_type": "Group"}
    running = over(running, access={"team": {**who, "role": "AcrPull"}})
    wanted = over(wanted, access={"team": {**who, "role": READER, "repositories": ["team-a/*"]}})
    first, second, last = steps(running, wanted)
    between = {**who, "action": "pull", "repositories": ["team-a/*"]}
    assert first.description["access"] == second.description["access"] == {"team": between}
    assert last.description == wanted


def test_public_access_stays_as_it_is_until_the_private_endpoints_and_their_records_exist() -> None:
    first, last = steps(*CHANGES["public access"])
    registry = first.description["registry"]
    assert (registry["public_network_access"], registry["default_action"]) == ("Enabled", "Allow")
    assert registry["private_endpoints"] == ENDPOINT
    assert first.description["dns"]["zones"] == {
        "eastus": {"resolution_policy": "NxDomainRedirect", "network": "eastus"}
    }
    assert "registry.public_network_access" in last.reasons[-1]


def test_exports_are_disabled_with_public_access_and_not_before_it() -> None:
    # The registry refuses disabled exports while public network access is enabled [ACR-13].
    wanted = described(private_endpoints=ENDPOINT, policies={"export": False, "retention_days": 7})
    *held, last = steps(CHANGES["public access"][0], wanted)
    assert held
    assert all(step.description["registry"]["policies"] == {"retention_days": 7} for step in held)
    assert last.description == wanted


def test_a_network_that_is_linked_already_falls_back_before_the_endpoint_is_created() -> None:
    zones = {"hub": {"network": "eastus", "links": ["eastus", "westeurope"]}}
    old = {"east": {"network": "eastus", "subnet": "registry", "dns_zones": ["hub"]}}
    new = {"west": {"network": "westeurope", "subnet": "registry", "dns_zones": ["hub"]}}
    running = over(described(public_network_access="Enabled", private_endpoints=old), dns={"zones": zones})
    wanted = over(described(public_network_access="Enabled", private_endpoints={**old, **new}), dns={"zones": zones})
    first, second, last = steps(running, wanted)
    assert first.description["registry"]["private_endpoints"] == old
    assert second.description["registry"]["private_endpoints"] == {**old, **new}
    shown = [value(step.description, "dns", "zones", "hub", "resolution_policy") for step in (first, second, last)]
    assert shown == ["NxDomainRedirect", "NxDomainRedirect", ABSENT]


def test_fewer_ip_rules_are_a_reduction_and_more_are_not() -> None:
    few, many = (
        described(public_network_access="Enabled", ip_rules=rules)
        for rules in (["203.0.113.7"], ["203.0.113.7", "203.0.113.8"])
    )
    assert steps(few, many)[0].reasons == (PLAIN,)
    assert "registry.ip_rules" in steps(many, few)[-1].reasons[0]


def test_other_values_are_put_into_a_copy() -> None:
    document = {"registry": {"replicas": {"westeurope": {}}}}
    changed = with_values(document, {("registry", "replicas", "westeurope"): ABSENT, ("dns", "managed"): "policy"})
    assert changed == {"registry": {"replicas": {}}, "dns": {"managed": "policy"}}
    assert document == {"registry": {"replicas": {"westeurope": {}}}}


def test_images_are_named_with_the_global_host_before_regional_hosts_are_switched_off() -> None:
    running, wanted = CHANGES["regional endpoints"]
    jobs = {"east": {"jobs": {"nightly": {"endpoint": "regional"}}}}
    first, last = steps(over(running, container_apps=jobs), over(wanted, container_apps=jobs))
    assert first.description["registry"]["regional_endpoints"] is True
    assert set(first.description["image_endpoints"].values()) == {"global"}
    assert {"workloads", "container_apps"} <= set(first.description["image_endpoints"])
    assert value(first.description, "container_apps", "east", "jobs", "nightly", "endpoint") == "global"
    assert value(last.description, "container_apps", "east", "jobs", "nightly", "endpoint") == "regional"


def test_a_region_is_drained_before_its_replica_is_removed() -> None:
    first, last = steps(*CHANGES["a replica"])
    registry = first.description["registry"]
    assert registry["replicas"] == {"westus": {}, "westeurope": {"global_routing": True}}
    assert registry["drained"] == ["westeurope"]
    assert "drained" not in last.description["registry"]


def test_an_image_that_a_cache_rule_fetches_is_named_after_the_rule_exists() -> None:
    first, last = steps(*CHANGES["a cache rule"])
    assert first.description["artifact_cache"] == {"rules": {"hub": RULE}}
    assert (value(first.description, *WEB), value(last.description, *WEB)) == ("team-a/nginx:1", "hub/nginx:1")


def test_an_image_that_states_its_source_is_pulled_directly_until_the_rule_exists() -> None:
    first, last = steps(*CHANGES["a cache rule for an image that states its source"])
    assert first.description["artifact_cache"] == {"rules": {"hub": {**RULE, "in_use": False}}, "direct": ["docker.io"]}
    assert last.description["artifact_cache"] == {"rules": {"hub": RULE}}


def test_an_image_that_no_cache_rule_fetches_is_not_held_back() -> None:
    running, wanted = CHANGES["a cache rule"]
    (only,) = steps(running, {**wanted, "container_apps": app("team-a/nginx:2")})
    assert only.reasons == (PLAIN,)


def test_a_route_to_a_firewall_is_planned_before_it_is_created() -> None:
    first, last = steps(*CHANGES["a firewall"])
    route = ("route_tables", "out", "routes", "default")
    assert value(first.description, *route) == {**ROUTE, "planned": True}
    assert value(last.description, *route) == ROUTE


@pytest.mark.parametrize(
    "change",
    [{"replicas": {"westeurope": {"global_routing": False}}}, {"regional_endpoints": True}],
    ids=["replica", "switch"],
)
def test_endpoints_move_to_a_subnet_with_room_before_members_are_added(change: Json) -> None:
    small = {"east": {"network": "east", "subnet": "small"}}
    wide = {"east": {"network": "east", "subnet": "wide"}}
    first, last = steps(described(private_endpoints=small), described(private_endpoints=wide, **change))
    assert value(first.description, "registry", "private_endpoints") == wide
    assert not value(first.description, "registry", "replicas") or "replicas" not in change
    assert value(first.description, "registry", "regional_endpoints") is ABSENT
    assert last.description["registry"] == {"name": "contosopr", "private_endpoints": wide, **change}
    (only,) = steps(described(private_endpoints=wide), described(private_endpoints=wide, **change))
    assert only.reasons == (PLAIN,)
