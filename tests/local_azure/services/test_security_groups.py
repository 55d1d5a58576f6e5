from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from arm_client import NETWORK

if TYPE_CHECKING:
    from arm_client import Arm

GROUP = f"{NETWORK}/networkSecurityGroups/guard"


def _rule(name: str, priority: int, direction: str = "Inbound") -> dict[str, Any]:
    ranges = {"sourcePortRange": "*", "destinationPortRange": "443"}
    places = {"sourceAddressPrefix": "*", "destinationAddressPrefix": "*"}
    properties = {
        "priority": priority,
        "direction": direction,
        "access": "Allow",
        "protocol": "Tcp",
        **ranges,
        **places,
    }
    return {"name": name, "properties": properties}


def _body(*rules: dict[str, Any], location: str = "eastus") -> dict[str, Any]:
    return {"location": location, "properties": {"securityRules": list(rules)}}


def test_a_group_has_its_rules_and_the_six_default_ones(arm: Arm) -> None:
    shown = arm.put(GROUP, _body(_rule("https", 100)))["properties"]
    assert [r["name"] for r in shown["securityRules"]] == ["https"]
    assert [r["properties"]["priority"] for r in shown["defaultSecurityRules"]] == [65000, 65001, 65500] * 2


def test_the_same_priority_serves_both_directions(arm: Arm) -> None:
    arm.put(GROUP, _body(_rule("in", 100), _rule("out", 100, "Outbound")))


@pytest.mark.parametrize(
    ("rules", "code"),
    [
        ([_rule("a", 100), _rule("b", 100)], "SecurityRuleConflict"),
        ([_rule("a", 99)], "SecurityRuleInvalidPriority"),
        ([_rule("a", 4097)], "SecurityRuleInvalidPriority"),
        ([_rule("a", 100), _rule("A", 101)], "InvalidRequestFormat"),
    ],
)
def test_bad_rules_are_refused(arm: Arm, rules: list[dict[str, Any]], code: str) -> None:
    reply = arm("PUT", GROUP, _body(*rules))
    assert (reply.status, reply.code) == (400, code)


def _network(group: str = GROUP) -> dict[str, Any]:
    subnet = {"name": "a", "properties": {"addressPrefix": "10.0.0.0/24", "networkSecurityGroup": {"id": group}}}
    properties = {"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}, "subnets": [subnet]}
    return {"location": "eastus", "properties": properties}


def test_a_group_in_use_stays_until_the_subnet_lets_go(arm: Arm) -> None:
    arm.put(GROUP, _body())
    arm.put(f"{NETWORK}/virtualNetworks/hub", _network())
    assert arm.get(GROUP)["properties"]["subnets"] == [{"id": f"{NETWORK}/virtualNetworks/hub/subnets/a"}]
    reply = arm("DELETE", GROUP)
    assert (reply.status, reply.code) == (400, "InUseNetworkSecurityGroupCannotBeDeleted")
    # The sentence of the service [NET-NSG-INUSE].
    assert reply.message.startswith(
        f"Network security group {GROUP} cannot be deleted because it is in use by the following resources: "
        f"{NETWORK}/virtualNetworks/hub/subnets/a."
    )
    arm.delete(f"{NETWORK}/virtualNetworks/hub")
    arm.delete(GROUP)


def test_a_subnet_cannot_use_a_group_that_is_elsewhere_or_nowhere(arm: Arm) -> None:
    assert arm("PUT", f"{NETWORK}/virtualNetworks/hub", _network()).code == "InvalidResourceReference"
    arm.put(GROUP, _body(location="westeurope"))
    assert arm("PUT", f"{NETWORK}/virtualNetworks/hub", _network()).code == "InvalidResourceReference"


def test_a_rule_of_its_own_is_part_of_the_groups_list_and_goes_with_a_list_that_omits_it(arm: Arm) -> None:
    arm.put(GROUP, _body(_rule("web", 100)))
    theirs = f"{GROUP}/securityRules/soc"
    body = {"properties": _rule("soc", 110)["properties"]}
    assert arm("PUT", theirs, body).status == 201
    names = [each["name"] for each in arm.get(GROUP)["properties"]["securityRules"]]
    assert names == ["web", "soc"]
    assert arm.get(theirs)["properties"]["priority"] == 110
    twin = arm("PUT", f"{GROUP}/securityRules/twin", body)
    assert twin.code == "SecurityRuleConflict"
    # The sentence of the service [NSG-DEFAULTS].
    assert twin.message.endswith(
        "Rules cannot have the same Priority and Direction. To learn more, see aka.ms/nsgrules."
    )

    arm.put(GROUP, _body(_rule("web", 100)))
    assert arm("GET", theirs).status == 404


def test_a_rule_of_the_list_is_deleted_by_itself(arm: Arm) -> None:
    arm.put(GROUP, _body(_rule("web", 100)))
    assert arm("DELETE", f"{GROUP}/securityRules/web").status in {200, 202}
    assert arm.get(GROUP)["properties"]["securityRules"] == []
