"""The policy file of an SRE agent: tool policy and hooks.

They belong to the data plane and not to ARM [SRE-8]: a person or a pipeline applies the file. It is computed from the
stack file only.
"""

from __future__ import annotations

from components.agents.spec import HookSpec, ToolRulesSpec
from stacks.plan import Plan
from stacks.spec import StackSpec


def policy_of(spec: StackSpec, plan: Plan, key: str) -> dict[str, object]:
    """Return an agent's policy as plain data.

    Args:
        spec: the stack's spec.
        plan: its plan.
        key: key of the agent.
    """
    agent = spec.agents[key]
    tools = agent.tools
    return {
        "version": 1,
        "agent": plan.sites["agents", key].name,
        "toolPolicy": {
            "failClosed": True,
            "precedence": ["deny", "ask", "allow"],
            "global": _rules(tools.everywhere),
            "agents": {name: _rules(rules) for name, rules in tools.agents.items()},
            "threads": {name: _rules(rules) for name, rules in tools.threads.items()},
        },
        "hooks": [_hook(name, hook) for name, hook in agent.hooks.items()],
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
