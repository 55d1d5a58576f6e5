"""A gateway as it is registered: one association, public frontends, a firewall that blocks, and who may route."""

from collections.abc import Callable
from typing import Any

import pytest

from components.gateways.gateway import LOGS, Gateway, Wiring
from components.gateways.spec import GatewaySpec
from components.testing import Recording

Record = Callable[..., Recording]

ID = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.ServiceNetworking/trafficControllers/agc"
ANSWERS = {
    "TrafficControllerInterface": {"id": ID, "name": "agc"},
    "FrontendsInterface": lambda inputs: {"fqdn": f"{inputs['frontendName']}.alb.azure.com"},
}


def gateway(record: Record, workspace: str | None = None, **members: Any) -> Recording:
    stated = {"cluster": "east", "subnet": "gateway"} | members

    def program() -> Gateway:
        return Gateway(
            "g",
            GatewaySpec.model_validate(stated),
            Wiring(
                controller_name="agc-contoso-test-web",
                firewall_name="waf-contoso-test-web",
                subnet_id="/subscriptions/s/subnet",
                workspace_id=workspace,
            ),
            location="eastus",
            resource_group_name="rg",
            tags={"owner": "platform"},
        )

    return record(program, answers=ANSWERS)


def test_everything_of_a_gateway_is_in_its_region_and_group(record: Record) -> None:
    found = gateway(record)
    created = [one for one in found if "servicenetworking" in one.type or "network:" in one.type]
    assert len(created) == 5
    assert {(one.inputs["location"], one.inputs["resourceGroupName"]) for one in created} == {("eastus", "rg")}
    assert all(one.inputs["tags"] == {"owner": "platform"} for one in created)


def test_the_association_is_with_the_subnet(record: Record) -> None:
    inputs = gateway(record).one("AssociationsInterface").inputs
    assert inputs["subnet"] == {"id": "/subscriptions/s/subnet"}
    assert inputs["associationType"] == "subnets"


def test_the_firewall_blocks_with_the_default_rules(record: Record) -> None:
    inputs = gateway(record).one("WebApplicationFirewallPolicy").inputs
    assert inputs["policySettings"]["mode"] == "Prevention"
    assert [rules["ruleSetType"] for rules in inputs["managedRules"]["managedRuleSets"]] == [
        "Microsoft_DefaultRuleSet",
        "Microsoft_BotManagerRuleSet",
    ]


def test_bot_rules_can_be_left_out(record: Record) -> None:
    inputs = gateway(record, firewall={"bot_manager": None}).one("WebApplicationFirewallPolicy").inputs
    assert len(inputs["managedRules"]["managedRuleSets"]) == 1


def test_without_a_firewall_there_is_neither_policy(record: Record) -> None:
    found = gateway(record, firewall=None)
    assert not [one for one in found if "Firewall" in one.type or "SecurityPolicies" in one.type]
    assert found.component_outputs("g").get("firewall_id") is None


def test_each_frontend_reports_its_host_name(record: Record) -> None:
    found = gateway(record, frontends={"shop": {}, "admin": {}})
    assert found.component_outputs("g")["hosts"] == {"shop": "shop.alb.azure.com", "admin": "admin.alb.azure.com"}


@pytest.mark.parametrize("protect", [True, False])
def test_what_holds_host_names_is_protected_by_default(record: Record, protect: bool) -> None:
    found = gateway(record, protect=protect)
    for kind in ("TrafficControllerInterface", "FrontendsInterface"):
        assert bool(found.one(kind).protect) is protect


def test_logs_go_to_the_workspace(record: Record) -> None:
    inputs = gateway(record, workspace="/subscriptions/s/workspace").one("DiagnosticSetting").inputs
    assert [log["category"] for log in inputs["logs"]] == list(LOGS)


def test_without_a_workspace_there_are_no_logs(record: Record) -> None:
    found = gateway(record)
    assert not [one for one in found if "DiagnosticSetting" in one.type]
