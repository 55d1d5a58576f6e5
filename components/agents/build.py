"""Make every SRE agent of a description."""

import pulumi

from components.agents.agent import Agent
from components.agents.spec import AgentSpec, ScopeSpec
from components.surroundings import Made, Surroundings
from stacks.agent_policy import policy_of
from stacks.spec import StackSpec
from stacks.systems.agents import region_of


def build(around: Surroundings, spec: StackSpec) -> dict[str, Made]:
    """Make the agents of section ``agents`` and return what each tells, its policy included, by key."""
    return {key: _make(around, spec, key, its) for key, its in spec.agents.items()}


def _make(around: Surroundings, spec: StackSpec, key: str, its: AgentSpec) -> Made:
    region = region_of(spec, its)
    identity = around.identities[its.identity]
    network, subnet = its.egress.network, its.egress.subnet
    made = Agent(
        f"{around.name}-agent-{key}",
        its,
        agent_name=around.names.agent(key),
        location=region,
        resource_group_name=around.resource_group("agents", region, key).name,
        identity_id=identity.id,
        principal_id=identity.principal_id,
        subnet_id=around.subnet_id(network, subnet) if network and subnet else None,
        scope_ids={name: _scope_id(around, scope) for name, scope in its.scopes.items()},
        tags=around.tags,
        # A scope may be a group of this stack, which is there once the registry can be pulled from.
        opts=around.options(after_pull_access=True),
    )
    return {
        "id": made.id,
        "name": made.name,
        "location": region,
        "endpoint": made.endpoint,
        "subnet_id": around.subnet_id(network, subnet) if network and subnet else None,
        "policy": policy_of(spec, around.names, key),
    }


def _scope_id(around: Surroundings, scope: ScopeSpec) -> pulumi.Input[str]:
    """The id of a scope; a group by name is in the registry's subscription."""
    if scope.id is not None:
        return scope.id
    return around.registry.id.apply(
        lambda found: f"/subscriptions/{found.split('/')[2]}/resourceGroups/{scope.resource_group}"
    )
