"""What holds an SRE agent back beyond its roles, as a file: egress, tool policy and hooks.

ARM publishes no field for these yet [SRE-8]. Until it does, the file is what a person or a pipeline applies, and what a review
reads; it is computed from the description alone.
"""

from __future__ import annotations

from components.agents.spec import AgentSpec, BypassSpec, HookSpec, ToolRulesSpec
from stacks.plan import Plan
from stacks.spec import StackSpec

MODES = {"unrestricted": "Unrestricted", "limited": "Limited", "azure_vnet": "AzureVNet"}
"""Egress modes in the service's words [SRE-2]."""


def policy_of(spec: StackSpec, plan: Plan, key: str) -> dict[str, object]:
    """Return an agent's policy as plain data.

    Args:
        spec: the description.
        plan: what was computed from it.
        key: key of the agent.
    """
    agent = spec.agents[key]
    tools = agent.tools
    return {
        "version": 1,
        "agent": plan.sites["agents", key].name,
        "egress": _egress(plan, agent),
        "toolPolicy": {
            "failClosed": True,
            "precedence": ["deny", "ask", "allow"],
            "global": _rules(tools.everywhere),
            "agents": {name: _rules(rules) for name, rules in tools.agents.items()},
            "threads": {name: _rules(rules) for name, rules in tools.threads.items()},
        },
        "hooks": [_hook(name, hook) for name, hook in agent.hooks.items()],
    }


def _egress(plan: Plan, agent: AgentSpec) -> dict[str, object]:
    wanted = agent.egress
    policy: dict[str, object] = {"mode": MODES[wanted.mode]}
    if wanted.mode == "limited":
        policy["allowedHosts"] = list(wanted.hosts)
    if wanted.mode == "azure_vnet" and wanted.network:
        policy["virtualNetwork"] = plan.sites["networks", wanted.network].name
        policy["subnet"] = wanted.subnet
        policy["bypass"] = _bypass(wanted.bypass)
    return policy


def _bypass(wanted: BypassSpec) -> dict[str, object]:
    return {
        "packageRegistries": wanted.package_registries,
        "codeRepositories": wanted.code_repositories,
        "remoteMcpServers": wanted.remote_mcp_servers,
        "additionalHosts": list(wanted.hosts),
    }


def _rules(rules: ToolRulesSpec) -> dict[str, list[str]]:
    return {"allow": list(rules.allow), "ask": list(rules.ask), "deny": list(rules.deny)}


def _hook(name: str, hook: HookSpec) -> dict[str, object]:
    policy: dict[str, object] = {
        "name": name,
        "kind": hook.kind,
        "event": hook.event,
        "matcher": hook.matcher,
        "timeoutSeconds": hook.timeout_seconds,
        "failMode": hook.fail_mode.capitalize(),
        "body": hook.body,
    }
    return {**policy, "language": hook.language} if hook.language else policy
