from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from pydantic import ValidationError

from components.agents.agent import Agent
from components.agents.spec import AgentEgressSpec, AgentSpec, ScopeSpec
from components.testing import Recording

Record = Callable[..., Recording]
SCOPE = "/subscriptions/22222222-2222-2222-2222-222222222222/resourceGroups/shop"


def spec(**more: Any) -> AgentSpec:
    return AgentSpec(identity="sre", egress=AgentEgressSpec(mode="limited"), **more)


def made(record: Record, wanted: AgentSpec) -> Recording:
    return record(
        lambda: Agent(
            "sre",
            wanted,
            agent_name="sre-contoso",
            location="eastus",
            resource_group_name="rg",
            identity_id="/i/sre",
            principal_id="p",
            scope_ids=dict.fromkeys(wanted.scopes, SCOPE),
            tags={},
        ),
        answers={"Agent": {"identity": {"type": "UserAssigned"}}},
    )


def test_an_agent_acts_as_its_identity_and_only_proposes(record: Record) -> None:
    inputs = made(record, spec(scopes={"shop": ScopeSpec(id=SCOPE)})).named("sre-agent").inputs
    assert inputs["identity"] == {"type": "UserAssigned", "userAssignedIdentities": ["/i/sre"]}
    assert inputs["properties"] == {
        "actionConfiguration": {"identity": "/i/sre", "mode": "Review", "accessLevel": "Low"},
        "knowledgeGraphConfiguration": {"identity": "/i/sre", "managedResources": [SCOPE]},
        "upgradeChannel": "Stable",
    }


def test_its_identity_reads_what_it_looks_at_before_it_starts(record: Record) -> None:
    recording = made(record, spec(scopes={"shop": ScopeSpec(id=SCOPE)}))
    roles = recording.of_type("RoleAssignment")
    assert {found.inputs["roleDefinitionId"].rpartition("/")[2] for found in roles} == {
        "acdd72a7-3385-48ef-bd42-f606fba81ae7",
        "73c42c96-874c-492b-b04d-ab87d138a893",
    }
    assert {found.inputs["scope"] for found in roles} == {SCOPE}
    assert {recording.urn_of(found) for found in roles} <= recording.named("sre-agent").depends_on


def test_an_agent_is_protected_unless_that_is_given_up(record: Record) -> None:
    assert made(record, spec()).named("sre-agent").protect
    assert not made(record, spec(protect=False)).named("sre-agent").protect


@pytest.mark.parametrize(
    "scope",
    [{}, {"id": SCOPE, "resource_group": "shop"}, {"id": "/providers/Microsoft.Management/managementGroups/root"}],
)
def test_a_scope_is_one_place_below_a_subscription(scope: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        ScopeSpec(**scope)
