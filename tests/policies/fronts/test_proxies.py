"""Pulumi's own proxy objects, as its SDK hands them to policies."""

from __future__ import annotations

from typing import Any

from pulumi_policy import PolicyResource, PolicyResourceOptions, ResourceValidationArgs, StackValidationArgs
from pulumi_policy.policy import PolicyCustomTimeouts
from pulumi_policy.proxy import unknown_checking_proxy

from policies import configuration
from policies.configuration import Settings
from policies.engine import judge
from policies.fronts.proxies import graph_of, resource_of
from policies.model import UNKNOWN
from tests.policies.builders import ENDPOINT_TOKEN, REGISTRY_TOKEN, UNKNOWN_STRING, urn_of, verdicts
from tests.policies.tiny_rules import TINY

OPTIONS = PolicyResourceOptions(True, [], None, [], PolicyCustomTimeouts(0, 0, 0), [], "urn:parent")


def policy_resource(name: str, token: str = REGISTRY_TOKEN, **inputs: Any) -> PolicyResource:
    return PolicyResource(token, unknown_checking_proxy(inputs), urn_of(name, token), name, OPTIONS, None, None, [], {})


def test_an_unknown_value_in_a_proxy_keeps_its_neighbours() -> None:
    props = unknown_checking_proxy({"location": UNKNOWN_STRING, "policies": {"list": [1.0, UNKNOWN_STRING]}})
    found = resource_of(ResourceValidationArgs(REGISTRY_TOKEN, props, urn_of("r"), "r", OPTIONS, None))
    assert found.properties["location"] is UNKNOWN
    assert found.properties["policies"]["list"][0] == 1
    assert found.properties["policies"]["list"][1] is UNKNOWN
    assert (found.protect, found.parent) == (True, "urn:parent")


def test_a_stack_of_proxies_is_evaluated_with_its_relations() -> None:
    reached = policy_resource("reached", adminUserEnabled=True, location=UNKNOWN_STRING)
    pointing = policy_resource("e", ENDPOINT_TOKEN, subnet=UNKNOWN_STRING)
    pointing.dependencies.append(reached)
    pointing.property_dependencies["subnet"] = [reached]
    graph = graph_of(StackValidationArgs([reached, pointing]))
    report = judge(configuration.select(TINY, Settings(profile="regulated", baseline="2026_12")), graph)
    assert verdicts(report) == {
        ("TINY-001", "reached", "fail"),
        ("TINY-002", "reached", "undetermined"),
        ("TINY-003", "reached", "pass"),
    }
