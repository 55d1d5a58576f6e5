"""Builds the SRE agents of a stack."""

import pulumi
import pulumi_azure_native as azure_native

from components.agents.agent import Agent
from components.agents.spec import AgentSpec, ScopeSpec
from stacks.context import BuildContext, Built, Report
from stacks.plan import Plan
from stacks.spec import StackSpec
from stacks.systems.agents.policy import policy_of


def build(spec: StackSpec, plan: Plan, context: BuildContext) -> Built:
    """Build section ``agents``, and report the policy of each agent with it."""
    return Built({key: _agent(spec, plan, context, key, agent) for key, agent in spec.agents.items()})


def _agent(spec: StackSpec, plan: Plan, context: BuildContext, key: str, agent: AgentSpec) -> Report:
    site = plan.sites["agents", key]
    identity = context.identity(agent.identity)
    network, subnet = agent.egress.network, agent.egress.subnet
    subnet_id = context.subnet_id(network, subnet) if network and subnet else None
    built = Agent(
        f"{context.name}-agent-{key}",
        agent,
        agent_name=site.name,
        identity_id=identity.id,
        principal_id=identity.principal_id,
        subnet_id=subnet_id,
        scope_ids={name: _scope_id(context, scope) for name, scope in agent.scopes.items()},
        # A scope may be a group of this stack, which exists once the registry can be pulled from.
        opts=context.options(after_pull_access=True),
        **context.placement(site),
    )
    return {
        "id": built.id,
        "name": built.name,
        "location": site.location,
        "endpoint": built.endpoint,
        "subnet_id": subnet_id,
        "policy": policy_of(spec, plan, key),
    }


def _scope_id(context: BuildContext, scope: ScopeSpec) -> pulumi.Input[str]:
    """The id of a scope; a group stated by name is in the registry's subscription, else in that of the stack."""
    if scope.id is not None:
        return scope.id
    registry = context.own_registry
    subscription = (
        registry.id.apply(lambda found: found.split("/")[2])
        if registry
        else azure_native.authorization.get_client_config_output().subscription_id
    )
    return pulumi.Output.format("/subscriptions/{0}/resourceGroups/{1}", subscription, scope.resource_group)
