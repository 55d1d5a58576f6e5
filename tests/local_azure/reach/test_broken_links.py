"""Estates with one broken link each: that link is named, and the resource to change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from arm_client import NETWORK, REGISTRY, Arm
from estates import (
    ACR_PULL,
    CLUSTER,
    FAR,
    GLOBAL,
    MAIN,
    PIPELINE,
    PULLER,
    READER,
    SPOKE,
    ZONE,
    Estate,
    build,
    client,
    narrowed,
)

from local_azure.reach import command
from local_azure.reach.verdict import Verdict

CASES: list[Any] = []


@dataclass(frozen=True)
class Expected:
    """What is reported of one consumer: the link, and the id of the resource."""

    consumer: str
    link: str
    resource: str
    status: str = "fails"


def case(function: Callable[[Estate], Expected]) -> Callable[[Estate], Expected]:
    CASES.append(pytest.param(function, id=function.__name__))
    return function


def verdict_on(estate: Estate, name: str) -> Verdict:
    assert estate.arm.cloud is not None
    found = command.snapshot(estate.arm.cloud.store)
    consumers = command.consumers(found, estate.pulls, command.Question())
    return command.verdicts(found, [each for each in consumers if each.name == name])[0]


@pytest.mark.parametrize("broken", CASES)
def test_the_broken_link_is_named_with_its_resource(estate: Estate, broken: Callable[[Estate], Expected]) -> None:
    expected = broken(estate)
    verdict = verdict_on(estate, expected.consumer)
    assert verdict.broken is not None
    assert (verdict.status, verdict.broken.link) == (expected.status, expected.link), verdict.broken.message
    assert verdict.broken.resource.lower() == expected.resource.lower(), verdict.broken.message


# Names and addresses


@case
def a_stale_record(estate: Estate) -> Expected:
    return Expected("web", "record", estate.record("contoso", "10.0.4.200"))


@case
def a_record_of_another_member(estate: Estate) -> Expected:
    address = estate.address("registry_data_westeurope")
    return Expected("nightly", "record", estate.record("contoso.eastus.geo", address))


@case
def a_record_that_another_networks_endpoint_overwrote(estate: Estate) -> Expected:
    estate.endpoint("second", f"{FAR}/subnets/endpoints")
    estate.fed("second")
    return Expected("web", "record", f"{ZONE}/A/contoso")


@case
def a_zone_without_the_record(estate: Estate) -> Expected:
    estate.arm.delete(f"{ZONE}/A/contoso")
    return Expected("web", "record", ZONE)


@case
def a_missing_data_host(estate: Estate) -> Expected:
    estate.arm.delete(f"{ZONE}/A/contoso.eastus.data")
    return Expected("nightly", "record", ZONE)


@case
def a_data_host_of_the_other_routed_region(estate: Estate) -> Expected:
    estate.arm.delete(f"{ZONE}/A/contoso.westeurope.data")
    return Expected("web", "record", ZONE)


@case
def a_zone_linked_to_the_wrong_network(estate: Estate) -> Expected:
    estate.arm.delete(f"{ZONE}/virtualNetworkLinks/main")
    estate.link(FAR)
    return Expected("web", "zone_link", ZONE)


@case
def a_longer_zone_that_hides_the_data_host(estate: Estate) -> Expected:
    hiding = estate.zone("eastus.data.privatelink.azurecr.io")
    estate.link(MAIN, hiding)
    return Expected("nightly", "record", hiding)


@case
def a_zone_of_the_public_name(estate: Estate) -> Expected:
    hiding = estate.zone("azurecr.io")
    estate.link(MAIN, hiding)
    return Expected("web", "record", hiding)


@case
def a_second_zone_of_one_name(estate: Estate) -> Expected:
    second = estate.zone("privatelink.azurecr.io", estate.arm.group("other"))
    estate.arm.delete(f"{ZONE}/virtualNetworkLinks/main")
    estate.link(MAIN, second)
    return Expected("web", "record", second)


@case
def an_endpoint_without_zone_group(estate: Estate) -> Expected:
    endpoint = f"{NETWORK}/privateEndpoints/pe"
    estate.arm.delete(f"{endpoint}/privateDnsZoneGroups/default")
    estate.link(MAIN, resolutionPolicy="NxDomainRedirect")
    return Expected("web", "record", endpoint)


@case
def dns_servers_of_the_network(estate: Estate) -> Expected:
    space = {"addressSpace": {"addressPrefixes": ["10.1.0.0/16"]}, "dhcpOptions": {"dnsServers": ["10.1.0.53"]}}
    estate.arm.put(SPOKE, {"location": "eastus", "properties": space})
    return Expected("inside", "dns_servers", SPOKE, "undetermined")


# Endpoints and networks


@case
def a_pending_connection(estate: Estate) -> Expected:
    estate.arm.delete(f"{NETWORK}/privateEndpoints/pe")
    estate.endpoint(manual=True)
    estate.fed("pe")
    return Expected("web", "endpoint_connection", estate.connection())


@case
def a_rejected_connection(estate: Estate) -> Expected:
    state = {"privateLinkServiceConnectionState": {"status": "Rejected"}}
    estate.arm.put(estate.connection(), {"properties": state})
    return Expected("web", "endpoint_connection", estate.connection())


@case
def a_disconnected_endpoint(estate: Estate) -> Expected:
    estate.arm.delete(estate.connection())
    return Expected("web", "endpoint_connection", f"{NETWORK}/privateEndpoints/pe")


@case
def a_network_without_peering(estate: Estate) -> Expected:
    estate.arm.delete(f"{SPOKE}/virtualNetworkPeerings/main")
    return Expected("inside", "peering", SPOKE)


@case
def a_rule_on_the_consumers_subnet(estate: Estate) -> Expected:
    return Expected("web", "security_rule", estate.guarded("apps", "Outbound", "10.0.4.0/24"))


@case
def a_rule_on_the_endpoints_subnet(estate: Estate) -> Expected:
    policies = {"privateEndpointNetworkPolicies": "NetworkSecurityGroupEnabled"}
    return Expected("web", "security_rule", estate.guarded("endpoints", "Inbound", "VirtualNetwork", **policies))


@case
def a_route_that_drops_the_endpoints_address(estate: Estate) -> Expected:
    return Expected("web", "route", estate.routed("apps", f"{estate.address()}/32", "None"))


@case
def a_route_through_an_appliance(estate: Estate) -> Expected:
    estate.own_subnet("endpoints", privateEndpointNetworkPolicies="RouteTableEnabled")
    return Expected(
        "web", "route", estate.routed("apps", "10.0.0.0/16", "VirtualAppliance", "10.0.8.4"), "undetermined"
    )


@case
def a_route_that_drops_what_goes_to_the_public_endpoint(estate: Estate) -> Expected:
    estate.arm.delete(f"{NETWORK}/privateEndpoints/pe")
    estate.registry(publicNetworkAccess="Enabled")
    return Expected("ci", "route", estate.routed("nodes", "0.0.0.0/0", "None"))


def test_a_route_for_all_addresses_leaves_private_endpoints_alone(estate: Estate) -> None:
    estate.routed("apps", "0.0.0.0/0", "VirtualAppliance", "10.0.8.4")
    assert verdict_on(estate, "web").broken is None
    estate.routed("apps", "10.0.0.0/16", "VirtualAppliance", "10.0.8.4")
    assert verdict_on(estate, "web").broken is None, "the endpoints' subnet has no network policies for routes"


@case
def no_endpoint_while_public_access_is_off(estate: Estate) -> Expected:
    estate.arm.delete(f"{NETWORK}/privateEndpoints/pe")
    return Expected("web", "public_access", REGISTRY)


@case
def a_rule_on_the_way_to_the_public_endpoint(estate: Estate) -> Expected:
    estate.arm.delete(f"{NETWORK}/privateEndpoints/pe")
    estate.registry(publicNetworkAccess="Enabled")
    return Expected("ci", "security_rule", estate.guarded("nodes", "Outbound", "AzureContainerRegistry"))


@case
def an_address_that_no_ip_rule_admits(estate: Estate) -> Expected:
    rules = {"defaultAction": "Deny", "ipRules": [{"value": "198.51.100.0/24"}]}
    estate.registry(publicNetworkAccess="Enabled", networkRuleSet=rules)
    estate.pulls = [client(address="203.0.113.7")]
    return Expected("runner", "ip_rule", REGISTRY)


@case
def an_unknown_address_before_ip_rules(estate: Estate) -> Expected:
    rules = {"defaultAction": "Deny", "ipRules": [{"value": "198.51.100.0/24"}]}
    estate.registry(publicNetworkAccess="Enabled", networkRuleSet=rules)
    estate.pulls = [client()]
    return Expected("runner", "ip_rule", REGISTRY, "undetermined")


@case
def trusted_services_kept_out(estate: Estate) -> Expected:
    estate.registry(networkRuleBypassOptions="None")
    return Expected("outside", "trusted_services", REGISTRY)


# Hosts


@case
def every_replica_drained(estate: Estate) -> Expected:
    for region in ("eastus", "westeurope"):
        drained = {"location": region, "properties": {"regionEndpointEnabled": False}}
        estate.arm.put(f"{REGISTRY}/replications/{region}", drained)
    return Expected("web", "host", REGISTRY)


@case
def regional_endpoints_off_under_a_pinned_consumer(estate: Estate) -> Expected:
    estate.registry(regionalEndpoints="Disabled")
    return Expected("nightly", "host", REGISTRY)


@case
def a_removed_replica_under_a_pinned_consumer(estate: Estate) -> Expected:
    estate.arm.delete(f"{REGISTRY}/replications/westeurope")
    return Expected("agents", "host", REGISTRY)


# Signing in


@case
def a_missing_grant(estate: Estate) -> Expected:
    estate.arm.delete(_grant_of(estate, estate.principal(PULLER)))
    return Expected("web", "role", REGISTRY)


@case
def a_role_that_the_mode_ignores(estate: Estate) -> Expected:
    principal = estate.principal(PULLER)
    estate.arm.delete(_grant_of(estate, principal))
    return Expected("web", "role", estate.grant(REGISTRY, ACR_PULL, principal))


@case
def the_other_mode(estate: Estate) -> Expected:
    estate.registry(roleAssignmentMode="LegacyRegistryPermissions")
    return Expected("web", "role", _grant_of(estate, estate.principal(PULLER)))


@case
def a_condition_for_another_team(estate: Estate) -> Expected:
    principal = estate.principal(PULLER)
    estate.arm.delete(_grant_of(estate, principal))
    return Expected("web", "condition", estate.grant(REGISTRY, READER, principal, narrowed("team-b/")))


@case
def a_push_by_a_reader(estate: Estate) -> Expected:
    estate.arm.delete(_grant_of(estate, PIPELINE))
    return Expected("ci", "role", estate.grant(REGISTRY, READER, PIPELINE))


@case
def a_dead_principal(estate: Estate) -> Expected:
    estate.arm.delete(PULLER)
    return Expected("web", "identity", PULLER)


@case
def the_admin_user_off(estate: Estate) -> Expected:
    estate.pulls = [client(**{"from": f"{MAIN}/subnets/nodes", "credentials": "admin"})]
    return Expected("runner", "credentials", REGISTRY)


@case
def a_disabled_token(estate: Estate) -> Expected:
    return Expected("runner", "credentials", estate.token("repositories/team-a/web/content/read", status="disabled"))


@case
def a_token_whose_scope_map_has_other_repositories(estate: Estate) -> Expected:
    estate.token("repositories/team-b/*/content/read", "repositories/team-a/web/metadata/read")
    return Expected("runner", "scope_map", f"{REGISTRY}/scopeMaps/readers")


@case
def a_user_that_is_no_token(estate: Estate) -> Expected:
    subnet = f"{MAIN}/subnets/nodes"
    estate.pulls = [client(**{"from": subnet, "credentials": f"token:{PIPELINE}"})]
    return Expected("runner", "credentials", subnet, "undetermined")


def test_a_token_pulls_what_its_scope_map_names(estate: Estate) -> None:
    estate.token("repositories/team-a/*/content/read")
    assert verdict_on(estate, "runner").broken is None
    estate.pulls[0]["action"] = "push"
    broken = verdict_on(estate, "runner").broken
    assert broken is not None
    assert broken.link == "scope_map"


@case
def a_cache_rule_whose_credentials_are_gone(estate: Estate) -> Expected:
    rule = estate.cached()
    assert verdict_on(estate, "web").broken is None
    estate.arm.delete(f"{REGISTRY}/credentialSets/docker-hub", "2025-11-01")
    return Expected("web", "cache_rule", rule, "undetermined")


@case
def no_credentials(estate: Estate) -> Expected:
    subnet = f"{MAIN}/subnets/nodes"
    estate.pulls = [client(**{"from": subnet, "credentials": "anonymous"})]
    return Expected("runner", "credentials", subnet)


@case
def tokens_for_resource_manager_off(estate: Estate) -> Expected:
    estate.registry(policies={"azureADAuthenticationAsArmPolicy": {"status": "disabled"}})
    return Expected("web", "credentials", REGISTRY)


def test_an_old_node_image_does_not_sign_in_to_regional_hosts(start: Callable[..., Arm]) -> None:
    estate = build(start(node_image="202607.2.0"))
    broken = verdict_on(estate, "checkout").broken
    assert broken is not None
    assert (broken.link, broken.resource.lower()) == ("node_image", CLUSTER.lower())
    estate.pulls[0]["image"] = f"{GLOBAL}/team-a/checkout:1"
    assert verdict_on(estate, "checkout").broken is None


def _grant_of(estate: Estate, principal: str) -> str:
    listed = estate.arm.get(f"{REGISTRY}/providers/Microsoft.Authorization/roleAssignments")["value"]
    return next(each["id"] for each in listed if each["properties"]["principalId"] == principal)
