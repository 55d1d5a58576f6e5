"""SRE agents in a stack: sites, addresses and cross-system checks."""

from __future__ import annotations

from collections.abc import Iterator

from components.agents.spec import HookSpec
from planning import agent_tools, names
from planning.addresses import Consumer
from planning.agents import CONNECTORS_STAY_PUBLIC, DELEGATION, consumer
from planning.problems import Path, Problem
from stacks.billing import not_known
from stacks.plan import Plan
from stacks.sites import Site, Sites
from stacks.spec import StackSpec
from stacks.system import System
from stacks.systems import delegated

SECTION = "agents"


def sites_of(spec: StackSpec, sites: Sites) -> Iterator[Site]:
    """Agents, in the region that they state, else that of their subnet's network."""
    for key, agent in spec.agents.items():
        yield sites.site(
            (SECTION, key),
            (names.AGENT, sites.names.agent(key)),
            group=(SECTION, key),
            stated=agent.location,
            follows=[("networks", agent.egress.network)],
        )


def consumers(spec: StackSpec) -> Iterator[Consumer]:
    """Addresses of agents in their subnets."""
    for key, agent in spec.agents.items():
        if agent.egress.network and agent.egress.subnet:
            yield consumer((agent.egress.network, agent.egress.subnet), f"agent {key}")


def places(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """Subnets [SRE-1, SRE-4]."""
    owners = {}
    for key, agent in spec.agents.items():
        path = (SECTION, key)
        if agent.egress.network and agent.egress.subnet:
            at, subnet = (*path, "egress"), (agent.egress.network, agent.egress.subnet)
            region = plan.sites[SECTION, key].location
            yield from delegated.misplaced(spec, at, subnet, region=region, delegation=DELEGATION, source="SRE-4")
            owners[at] = (subnet, f"agent {key}")
    yield from delegated.shared(plan, owners, "SRE-4")


def roles(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """Duplicate roles of an identity on one scope, which Azure refuses [ROLE-7]."""
    holders: dict[tuple[str, str, str], str] = {}
    for key, agent in spec.agents.items():
        for name, scope in agent.scopes.items():
            place = (scope.id or scope.resource_group or "").lower()
            for role in dict.fromkeys(scope.roles):
                other = holders.setdefault((agent.identity, place, role), f"{key}.scopes.{name}")
                if other != f"{key}.scopes.{name}":
                    message = f"gives {agent.identity} the role {role}, as {other} does; remove one [ROLE-7]"
                    yield Problem((SECTION, key, "scopes", name, "roles"), message)


def egress(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """Destinations that an egress mode does not restrict [SRE-2, SRE-3]."""
    for key, agent in spec.agents.items():
        path = (SECTION, key, "egress")
        if agent.egress.mode == "unrestricted":
            message = "unrestricted lets the agent send data to any destination; choose limited, or azure_vnet [SRE-2]"
            yield Problem((*path, "mode"), message, "warning")
        elif agent.egress.mode == "limited" and not agent.egress.stated:
            message = (
                "limited allows what is named, and nothing is: the agent reaches no host outside; name hosts, registries, "
                "code_repositories or remote_mcp_servers if it needs any [SRE-2]"
            )
            yield Problem((*path, "mode"), message, "warning")
        elif agent.egress.mode == "azure_vnet":
            direct = agent.egress.stated
            skipped = f"; what {', '.join(direct)} names is reached directly, past the subnet" if direct else ""
            yield Problem((*path, "mode"), f"{CONNECTORS_STAY_PUBLIC}{skipped}", "warning")


def tools(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """Rules without effect, and hooks that allow calls when they fail [SRE-5, SRE-7]."""
    for key, agent in spec.agents.items():
        path = (SECTION, key, "tools")
        policy = agent.tools.policy()
        scopes: dict[Path, tuple[tuple[agent_tools.Rules, ...], agent_tools.Rules]] = {
            (*path, "everywhere"): ((), policy.everywhere)
        }
        scopes |= {(*path, "agents", name): ((policy.everywhere,), rules) for name, rules in policy.agents.items()}
        scopes |= {(*path, "threads", name): ((policy.everywhere,), rules) for name, rules in policy.threads.items()}
        for at, (wider, rules) in scopes.items():
            for verdict, index, why in agent_tools.without_effect(wider, rules):
                yield Problem((*at, verdict, str(index)), f"{why}; remove it [SRE-5]", "warning")
        for name, hook in agent.hooks.items():
            yield from _hook((SECTION, key, "hooks", name), hook)


def _hook(path: Path, hook: HookSpec) -> Iterator[Problem]:
    if hook.fail_mode == "allow":
        yield Problem(
            (*path, "fail_mode"), "allow permits the call when the hook fails; write block [SRE-7]", "warning"
        )


AGENTS = System(
    section=SECTION,
    charges=not_known(SECTION, "agent", "no meter is known for SRE agents"),
    sites=sites_of,
    consumers=consumers,
    checks=(places, roles, egress, tools),
    builder="stacks.systems.agents.build",
)
