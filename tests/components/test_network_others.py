"""What an update of a network or a security group would delete of others."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pulumi
import pytest
from pulumi.runtime.proto.provider_pb2 import InvokeResponse
from pulumi.runtime.proto.resource_pb2 import ResourceInvokeRequest

from components.network import others
from components.network.others import Member, made_by_others

NETWORK, GROUP, TABLE = "VirtualNetwork", "NetworkSecurityGroup", "RouteTable"


def subnets(*names: str) -> dict[str, Any]:
    return {"name": "vnet", "subnets": [{"name": name} for name in names]}


def rules(*names: str) -> dict[str, Any]:
    return {"name": "nsg", "securityRules": [{"name": name} for name in names]}


def member(*created: str) -> Member:
    return Member("networks.hub.subnets", "networks.hub", frozenset(created))


def test_a_subnet_that_this_program_never_made_is_named_with_both_ways_on() -> None:
    problem = made_by_others(NETWORK, member("apps"), subnets("apps", "bastion-team"), subnets("apps"), subnets("apps"))
    assert problem is not None
    assert problem.startswith("networks.hub.subnets: subnet bastion-team of vnet was not made by this stack")
    assert "networks.hub.exclusive: true" in problem


def test_a_subnet_that_this_program_made_may_go() -> None:
    both = subnets("apps", "old")
    assert made_by_others(NETWORK, member("apps", "old"), both, subnets("apps"), both) is None


def test_a_subnet_of_others_that_the_file_states_from_now_on_passes() -> None:
    both = subnets("apps", "bastion-team")
    assert made_by_others(NETWORK, member("apps"), both, both, subnets("apps")) is None


def test_names_differ_in_case_only() -> None:
    assert made_by_others(NETWORK, member(), subnets("Apps"), subnets("apps"), subnets()) is None


def test_after_a_refresh_what_others_made_is_still_theirs() -> None:
    both = subnets("apps", "bastion-team")
    assert made_by_others(NETWORK, member("apps"), both, subnets("apps"), both) is not None


def test_rules_that_were_never_recorded_are_reported_by_the_inputs_before() -> None:
    unrecorded = Member("networks.hub.subnets.apps.security_rules", "networks.hub")
    assert made_by_others(GROUP, unrecorded, rules("web", "soc"), rules("web"), rules("web", "soc")) is None
    problem = made_by_others(GROUP, unrecorded, rules("web", "soc", "ops"), rules("web"), rules("web"))
    assert problem is not None
    assert "security rules soc, ops of nsg were not made" in problem


def test_a_route_that_this_program_never_made_is_named_with_both_ways_on() -> None:
    routes = {"name": "rt", "routes": [{"name": "default"}, {"name": "vpn"}]}
    ours = Member("route_tables.spoke.routes", "route_tables.spoke", frozenset({"default"}))
    problem = made_by_others(TABLE, ours, routes, {"routes": [{"name": "default"}]}, {})
    assert problem is not None
    assert problem.startswith("route_tables.spoke.routes: route vpn of rt was not made by this stack")
    assert "state route_tables.spoke.exclusive: true" in problem


class Monitor:
    """Answers a function of the provider as the engine's monitor does."""

    def Invoke(self, request: ResourceInvokeRequest) -> InvokeResponse:  # noqa: N802 - the monitor's own name
        assert dict(request.args) == {"networkSecurityGroupName": "web", "resourceGroupName": "rg"}
        answer = InvokeResponse()
        getattr(answer, "return").update({"name": "web", "securityRules": [{"name": "mine"}, {"name": "theirs"}]})
        return answer


def test_a_read_does_not_wait_for_registrations_that_wait_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(others, "get_monitor", Monitor)
    members = {"web": Member("networks.hub.subnets.web.security_rules", "networks.hub")}
    inputs = {"networkSecurityGroupName": "web", "resourceGroupName": "rg", "securityRules": [{"name": "mine"}]}
    changed = pulumi.ResourceHookArgs(
        "urn:web", "", "web", f"azure-native:network:{GROUP}", new_inputs=inputs, old_inputs=inputs
    )

    async def update() -> None:
        answered = threading.Event()
        registrations = ThreadPoolExecutor(1)
        asyncio.get_running_loop().set_default_executor(registrations)
        waiting = asyncio.get_running_loop().run_in_executor(None, answered.wait)
        try:
            await asyncio.wait_for(others.refuse_update(members, ThreadPoolExecutor(1), changed), timeout=10)
        finally:
            answered.set()
            await waiting

    with pytest.raises(others.MadeByOthersError, match="theirs of web was not made by this stack"):
        asyncio.run(update())


def test_a_read_names_the_provider_so_that_the_engine_need_not_look_it_up(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[ResourceInvokeRequest] = []

    class Recording(Monitor):
        def Invoke(self, request: ResourceInvokeRequest) -> InvokeResponse:  # noqa: N802 - the monitor's own name
            asked.append(request)
            return super().Invoke(request)

    monkeypatch.setattr(others, "get_monitor", Recording)
    inputs = {"networkSecurityGroupName": "web", "resourceGroupName": "rg", "securityRules": [{"name": "theirs"}]}
    changed = pulumi.ResourceHookArgs(
        "urn:web", "", "web", f"azure-native:network:{GROUP}", new_inputs=inputs, old_inputs=inputs
    )
    members = {"web": Member("networks.hub.subnets.web.security_rules", "networks.hub", frozenset({"mine"}))}
    asyncio.run(others.refuse_update(members, ThreadPoolExecutor(1), changed, "urn:provider::1"))
    assert [request.provider for request in asked] == ["urn:provider::1"]
