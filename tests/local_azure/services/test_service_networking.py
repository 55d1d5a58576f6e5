"""Application Gateway for Containers on the local Azure: what it takes, what it refuses, and what it shows."""

from __future__ import annotations

from typing import Any

import pytest
from arm_client import GROUP, NETWORK, Arm

VERSION = "2025-01-01"
PATH = f"{GROUP}/providers/Microsoft.ServiceNetworking/trafficControllers/web"
FIREWALL = f"{NETWORK}/ApplicationGatewayWebApplicationFirewallPolicies/waf"
SERVICE = "Microsoft.ServiceNetworking/trafficControllers"


def controller(arm: Arm) -> Any:
    return arm.put(PATH, {"location": "eastus"}, VERSION)


def subnet(arm: Arm, prefix: str = "10.0.1.0/24", delegation: str = SERVICE, location: str = "eastus") -> str:
    delegations = [{"name": "d", "properties": {"serviceName": delegation}}] if delegation else []
    inline = [{"name": "alb", "properties": {"addressPrefix": prefix, "delegations": delegations}}]
    properties = {"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}, "subnets": inline}
    vnet = arm.put(f"{NETWORK}/virtualNetworks/{location}", {"location": location, "properties": properties})
    return f"{vnet['id']}/subnets/alb"


def association(subnet_id: str, location: str = "eastus") -> dict[str, Any]:
    return {"location": location, "properties": {"associationType": "subnets", "subnet": {"id": subnet_id}}}


def firewall(arm: Arm, rule_set: str = "Microsoft_DefaultRuleSet", location: str = "eastus", **more: Any) -> Any:
    managed = {"managedRuleSets": [{"ruleSetType": rule_set, "ruleSetVersion": "2.1"}]}
    return arm.put(FIREWALL, {"location": location, "properties": {"managedRules": managed, **more}})


def protect(arm: Arm) -> Any:
    body = {"location": "eastus", "properties": {"wafPolicy": {"id": FIREWALL}}}
    return arm("PUT", f"{PATH}/securityPolicies/waf", body, VERSION)


def test_a_controller_shows_what_is_below_it(arm: Arm) -> None:
    controller(arm)
    frontend = arm.put(f"{PATH}/frontends/public", {"location": "eastus"}, VERSION)
    arm.put(f"{PATH}/associations/subnet", association(subnet(arm)), VERSION)
    shown = arm.get(PATH, VERSION)["properties"]
    assert frontend["properties"]["fqdn"].endswith(".alb.azure.com")
    assert [found["id"] for found in shown["frontends"]] == [frontend["id"]]
    assert [found["id"].rpartition("/")[2] for found in shown["associations"]] == ["subnet"]
    assert shown["securityPolicies"] == []


def test_a_frontend_keeps_its_host_name_until_it_is_recreated(arm: Arm) -> None:
    controller(arm)
    path = f"{PATH}/frontends/public"
    first = arm.put(path, {"location": "eastus"}, VERSION)["properties"]["fqdn"]
    assert arm.put(path, {"location": "eastus", "tags": {"a": "b"}}, VERSION)["properties"]["fqdn"] == first
    arm.delete(path, VERSION)
    assert arm.put(path, {"location": "eastus"}, VERSION)["properties"]["fqdn"] != first


def test_an_association_holds_its_subnet_until_it_is_deleted(arm: Arm) -> None:
    controller(arm)
    subnet_id = subnet(arm)
    arm.put(f"{PATH}/associations/subnet", association(subnet_id), VERSION)
    assert arm("DELETE", subnet_id).code == "InUseSubnetCannotBeDeleted"
    arm.delete(f"{PATH}/associations/subnet", VERSION)
    arm.delete(subnet_id)


@pytest.mark.parametrize(
    ("place", "code"),
    [
        ({"prefix": "10.0.1.0/25"}, "SubnetTooSmall"),
        ({"delegation": ""}, "SubnetMissingRequiredDelegation"),
        ({"delegation": "Microsoft.App/environments"}, "SubnetMissingRequiredDelegation"),
        ({"location": "westeurope"}, "SubnetNotInSameRegion"),
    ],
)
def test_an_association_refuses_a_subnet_that_does_not_fit(arm: Arm, place: dict[str, str], code: str) -> None:
    controller(arm)
    assert arm("PUT", f"{PATH}/associations/subnet", association(subnet(arm, **place)), VERSION).code == code


def test_a_controller_takes_one_association(arm: Arm) -> None:
    controller(arm)
    subnet_id = subnet(arm)
    arm.put(f"{PATH}/associations/subnet", association(subnet_id), VERSION)
    assert arm("PUT", f"{PATH}/associations/other", association(subnet_id), VERSION).code == "AssociationLimitExceeded"


def test_two_controllers_do_not_share_a_subnet(arm: Arm) -> None:
    controller(arm)
    subnet_id = subnet(arm)
    arm.put(f"{PATH}/associations/subnet", association(subnet_id), VERSION)
    arm.put(f"{PATH}2", {"location": "eastus"}, VERSION)
    assert arm("PUT", f"{PATH}2/associations/subnet", association(subnet_id), VERSION).code == "SubnetAlreadyInUse"


def test_a_child_is_in_the_region_of_its_controller(arm: Arm) -> None:
    controller(arm)
    assert arm("PUT", f"{PATH}/frontends/public", {"location": "westeurope"}, VERSION).code == "InvalidLocation"


def test_a_controller_stays_while_something_is_below_it(arm: Arm) -> None:
    controller(arm)
    arm.put(f"{PATH}/frontends/public", {"location": "eastus"}, VERSION)
    assert (arm("DELETE", PATH, version=VERSION).status, arm("DELETE", PATH, version=VERSION).code) == (
        409,
        "CannotDeleteResource",
    )


def test_a_firewall_policy_shows_what_it_protects_and_stays_as_long(arm: Arm) -> None:
    controller(arm)
    firewall(arm)
    assert protect(arm).status == 201
    shown = arm.get(FIREWALL)["properties"]
    assert [found["id"] for found in shown["applicationGatewayForContainers"]] == [PATH]
    assert (shown["resourceState"], shown["policySettings"]["mode"]) == ("Enabled", "Detection")
    assert arm("DELETE", FIREWALL).code == "ApplicationGatewayFirewallPolicyInUse"
    arm.delete(f"{PATH}/securityPolicies/waf", VERSION)
    arm.delete(FIREWALL)


@pytest.mark.parametrize(
    ("policy", "code"),
    [
        ({"rule_set": "OWASP"}, "WafPolicyNotSupported"),
        ({"location": "westeurope"}, "WafPolicyNotInSameRegion"),
    ],
)
def test_a_security_policy_refuses_a_firewall_policy_that_does_not_fit(
    arm: Arm, policy: dict[str, str], code: str
) -> None:
    controller(arm)
    firewall(arm, **policy)
    assert protect(arm).code == code


def test_a_security_policy_refuses_a_firewall_policy_that_does_not_exist(arm: Arm) -> None:
    controller(arm)
    assert protect(arm).code == "InvalidResourceReference"


def test_two_custom_rules_of_one_priority_are_refused(arm: Arm) -> None:
    condition = {"matchVariables": [{"variableName": "RemoteAddr"}], "operator": "IPMatch", "matchValues": ["10.0.0.1"]}
    rules = [
        {"name": name, "priority": 1, "ruleType": "MatchRule", "action": "Block", "matchConditions": [condition]}
        for name in ("a", "b")
    ]
    managed = {"managedRuleSets": [{"ruleSetType": "Microsoft_DefaultRuleSet", "ruleSetVersion": "2.1"}]}
    body = {"location": "eastus", "properties": {"managedRules": managed, "customRules": rules}}
    assert arm("PUT", FIREWALL, body).code == "ApplicationGatewayFirewallPolicyDuplicateRule"
