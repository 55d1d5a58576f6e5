"""Refusals that the services document, one body each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from arm_client import GROUP, NETWORK, REGISTRY, ROOT

if TYPE_CHECKING:
    from arm_client import Arm

IDENTITY = f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/keys"
KEY = {"status": "enabled", "keyVaultProperties": {"keyIdentifier": "https://v.vault.azure.net/keys/k"}}
SOFT = {"softDeletePolicy": {"status": "enabled", "retentionDays": 7}}


def registry(arm: Arm, identity: dict[str, Any] | None = None, **properties: Any) -> Any:
    body = {"location": "eastus", "sku": {"name": "Premium"}, "properties": properties}
    return arm("PUT", REGISTRY, {**body, **({"identity": identity} if identity else {})})


def rules(*values: str) -> dict[str, Any]:
    return {"networkRuleSet": {"defaultAction": "Deny", "ipRules": [{"value": value} for value in values]}}


@pytest.mark.parametrize(
    ("properties", "code"),
    [
        (rules("corp"), "InvalidIPRule"),
        (rules("10.0.0.0/8"), "InvalidIPRule"),
        (rules("192.168.1.4"), "InvalidIPRule"),
        (rules("2001:db8::1"), "InvalidIPRule"),
        (rules(*(f"20.0.{n}.1" for n in range(201))), "NetworkRuleLimitExceeded"),
        ({"policies": {"softDeletePolicy": {"retentionDays": 91}}}, "InvalidParameter"),
        ({"policies": {"retentionPolicy": {"days": 366}}}, "InvalidParameter"),
        ({"policies": {**SOFT, "retentionPolicy": {"status": "enabled", "days": 7}}}, "SoftDeleteNotSupported"),
        ({"encryption": KEY}, "InvalidEncryption"),
        ({"encryption": {"status": "enabled"}}, "InvalidEncryption"),
    ],
)
def test_a_registry_is_refused(arm: Arm, properties: dict[str, Any], code: str) -> None:
    reply = registry(arm, **properties)
    assert (reply.status, reply.code) == (400, code)


def test_public_rules_up_to_the_limit_are_taken(arm: Arm) -> None:
    assert registry(arm, **rules(*(f"20.0.{n}.1" for n in range(200)))).status == 200


def test_rules_of_ipv6_are_taken_with_dual_stack_endpoints(arm: Arm) -> None:
    body = {"location": "eastus", "sku": {"name": "Premium"}, "properties": {"dataEndpointEnabled": True}}
    body["properties"] |= {"endpointProtocol": "IPv4AndIPv6", **rules("2001:db8::/48")}
    assert arm("PUT", f"{REGISTRY}?api-version=2026-03-01-preview", body).status in {200, 201}


def test_soft_delete_and_replicas_exclude_each_other(arm: Arm) -> None:
    registry(arm, policies=SOFT)
    assert arm.replica("westus").code == "SoftDeleteNotSupported"
    registry(arm)
    arm.replica("westus")
    assert registry(arm, policies=SOFT).code == "SoftDeleteNotSupported"


def test_a_key_of_ones_own_comes_with_an_assigned_identity_and_stays(arm: Arm) -> None:
    arm.put(IDENTITY, {"location": "eastus"})
    users = {"type": "UserAssigned", "userAssignedIdentities": {IDENTITY: {}}}
    assert registry(arm, users, encryption=KEY).status == 200
    assert registry(arm, users).code == "EncryptionCannotBeChanged"


@pytest.mark.parametrize(
    ("properties", "code"),
    [
        ({"destinationPortRange": "70000"}, "SecurityRuleInvalidPortRange"),
        ({"destinationPortRange": "443-80"}, "SecurityRuleInvalidPortRange"),
        ({"sourcePortRanges": ["80", "any"]}, "SecurityRuleInvalidPortRange"),
        ({"sourceAddressPrefix": "10.0.0.0/33"}, "SecurityRuleInvalidAddressPrefix"),
        # Prefixes that the service refused, with bits after the prefix [NSG-PREFIX].
        ({"sourceAddressPrefix": "50.206.209.68/27"}, "SecurityRuleInvalidAddressPrefix"),
        ({"destinationAddressPrefix": "193.23.120.230/30"}, "SecurityRuleInvalidAddressPrefix"),
        ({"destinationAddressPrefixes": ["10.0.0.300"]}, "SecurityRuleInvalidAddressPrefix"),
        ({"access": "Permit"}, "InvalidRequestContent"),
    ],
)
def test_a_security_rule_is_refused(arm: Arm, properties: dict[str, Any], code: str) -> None:
    rule = {"priority": 100, "direction": "Inbound", "access": "Allow", "protocol": "Tcp"}
    rule |= {"sourceAddressPrefix": "AzureLoadBalancer", "sourcePortRange": "*", "destinationAddressPrefix": "*"}
    body = {
        "location": "eastus",
        "properties": {"securityRules": [{"name": "r", "properties": {**rule, **properties}}]},
    }
    reply = arm("PUT", f"{NETWORK}/networkSecurityGroups/nsg", body)
    assert (reply.status, reply.code) == (400, code)


@pytest.mark.parametrize(
    ("tags", "code"),
    [
        ({f"t{n}": "v" for n in range(51)}, "TooManyTags"),
        ({"a/b": "v"}, "InvalidTagName"),
        ({"a" * 513: "v"}, "InvalidTagName"),
        ({"a": "v" * 257}, "InvalidTagValueLength"),
    ],
)
@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_tags_are_refused(arm: Arm, tags: dict[str, str], code: str, method: str) -> None:
    reply = arm(method, f"{ROOT}/resourceGroups/rg", {"location": "eastus", "tags": tags})
    assert (reply.status, reply.code) == (400, code)


def test_as_many_tags_as_a_resource_has_are_taken(arm: Arm) -> None:
    tags = {f"t{n}": "v" * 256 for n in range(50)}
    assert arm("PUT", f"{ROOT}/resourceGroups/rg", {"location": "eastus", "tags": tags}).status == 200


def test_a_record_set_has_twenty_records_at_most(arm: Arm) -> None:
    zone = f"{NETWORK}/privateDnsZones/contoso.internal"
    arm.put(zone, {"location": "global"})
    for count, status in ((20, 201), (21, 400)):
        records = [{"ipv4Address": f"10.0.0.{n}"} for n in range(count)]
        assert arm("PUT", f"{zone}/A/www{count}", {"properties": {"aRecords": records}}).status == status


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"name": "my-pool"}, "InvalidParameter"),
        ({"vmSize": "Large"}, "BadRequest"),
        ({"nodeTaints": ["dedicated=system:NoSchedule"]}, "SystemPoolHasRestrictedTaint"),
    ],
)
def test_a_pool_that_comes_with_its_cluster_is_refused(arm: Arm, change: dict[str, Any], code: str) -> None:
    pool = {"name": "system", "mode": "System", "count": 1, **change}
    body = {
        "location": "eastus",
        "identity": {"type": "SystemAssigned"},
        "properties": {"dnsPrefix": "aks", "agentPoolProfiles": [pool]},
    }
    reply = arm("PUT", f"{GROUP}/providers/Microsoft.ContainerService/managedClusters/aks", body)
    assert (reply.status, reply.code) == (400, code)
