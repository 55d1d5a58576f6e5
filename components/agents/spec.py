"""The shape of an SRE agent: its identity and roles, its egress, and what it may call."""

import re
from collections.abc import Iterator
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from components.references import IdentityKey, NetworkKey, SubnetKey
from components.spec import Host, Region, ResourceGroup, Spec, refuse
from planning import agent_tools
from planning.agents import READING, ROLES, EgressMode
from planning.problems import Path, unknown

_SCOPE = r"(?i)^/subscriptions/[0-9a-f-]{36}(/resourceGroups/[^/]+(/providers/.+)?)?$"


def _rule(text: str) -> str:
    return str(agent_tools.parse(text))


def _expression(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f"{text!r} is not a regular expression: {error} [SRE-7]") from None
    return text


def _role(name: str) -> str:
    if name not in ROLES:
        raise ValueError(unknown("role for an agent", name, ROLES))
    return name


ToolRule = Annotated[str, AfterValidator(_rule)]


class BypassSpec(Spec):
    """Destinations that skip the subnet, its rules and its firewall; all off unless stated [SRE-3]."""

    package_registries: bool = False
    code_repositories: bool = False
    remote_mcp_servers: bool = False
    hosts: list[Host] = []

    @property
    def stated(self) -> bool:
        """Whether anything skips the subnet."""
        return self.package_registries or self.code_repositories or self.remote_mcp_servers or bool(self.hosts)


class AgentEgressSpec(Spec):
    """Where an agent may send traffic. ARM publishes no field for it: the agent's file carries it [SRE-2]."""

    mode: Annotated[
        EgressMode, Field(description="unrestricted, limited (to hosts), or azure_vnet (through a subnet).")
    ]
    hosts: Annotated[list[Host], Field(description="Hosts that mode limited allows; everything else is denied.")] = []
    bypass: BypassSpec = BypassSpec()
    network: NetworkKey | None = None
    subnet: Annotated[
        SubnetKey | None, Field(description="Delegated to Microsoft.App/environments, /28 or larger.")
    ] = None

    @model_validator(mode="after")
    def _fits_its_mode(self) -> Self:
        refuse(self._misfits())
        return self

    def _misfits(self) -> Iterator[tuple[Path, str]]:
        if self.hosts and self.mode != "limited":
            yield ("hosts",), f"mode {self.mode} has no list of hosts; remove them, or take limited [SRE-2]"
        if self.bypass.stated and self.mode != "azure_vnet":
            yield ("bypass",), f"mode {self.mode} has no subnet to bypass; remove it, or take azure_vnet [SRE-3]"
        if self.mode == "azure_vnet" and not (self.network and self.subnet):
            yield (), "mode azure_vnet needs a network and a subnet [SRE-4]"
        if self.mode != "azure_vnet" and (self.network or self.subnet):
            yield (), f"mode {self.mode} has no subnet; remove network and subnet, or take azure_vnet [SRE-2]"


class ToolRulesSpec(Spec):
    """Rules of one scope, each a tool or a tool and its call, such as bash(az * delete *) [SRE-5]."""

    allow: list[ToolRule] = []
    ask: list[ToolRule] = []
    deny: list[ToolRule] = []

    def rules(self) -> agent_tools.Rules:
        """Return the rules as the policy evaluates them."""
        parsed = {name: tuple(map(agent_tools.parse, getattr(self, name))) for name in ("allow", "ask", "deny")}
        return agent_tools.Rules(**parsed)


class ToolPolicySpec(Spec):
    """What the agent may call: deny wins over ask, ask over allow; what no rule names is asked for [SRE-5]."""

    everywhere: Annotated[ToolRulesSpec, Field(description="For every agent and thread: the global scope.")] = (
        ToolRulesSpec()
    )
    agents: Annotated[dict[str, ToolRulesSpec], Field(description="For one custom agent, by its name.")] = {}
    threads: Annotated[dict[str, ToolRulesSpec], Field(description="For one conversation, by its name.")] = {}

    def policy(self) -> agent_tools.Policy:
        """Return the policy as it is evaluated."""
        return agent_tools.Policy(
            self.everywhere.rules(),
            {name: rules.rules() for name, rules in self.agents.items()},
            {name: rules.rules() for name, rules in self.threads.items()},
        )


class HookSpec(Spec):
    """Code or a judge that sees a call before it is made, and may stop it [SRE-7]."""

    kind: Literal["command", "prompt"]
    event: Literal["PreToolUse"] = "PreToolUse"
    matcher: Annotated[str, AfterValidator(_expression), Field(description="Expression over the names of tools.")]
    timeout_seconds: Annotated[int, Field(ge=1, le=600)] = 30
    fail_mode: Annotated[
        Literal["block", "allow"], Field(description="What becomes of the call when the hook fails or hangs.")
    ] = "block"
    language: Annotated[Literal["bash", "python"] | None, Field(description="Of a command.")] = None
    body: Annotated[str, Field(min_length=1, description="The script of a command, the instruction of a prompt.")]

    @model_validator(mode="after")
    def _language_fits_the_kind(self) -> Self:
        if (self.kind == "command") != (self.language is not None):
            say = "needs a language: bash or python" if self.kind == "command" else "has no language; remove it"
            refuse([(("language",), f"a {self.kind} hook {say} [SRE-7]")])
        return self


class ScopeSpec(Spec):
    """Where the agent's identity holds roles, which is also what the agent looks at [SRE-6]."""

    id: Annotated[str | None, Field(pattern=_SCOPE, description="ARM id of a resource group or a resource.")] = None
    resource_group: Annotated[
        ResourceGroup | None, Field(description="Name of a group in the registry's subscription.")
    ] = None
    roles: list[Annotated[str, AfterValidator(_role)]] = list(READING)

    @model_validator(mode="after")
    def _names_one_place(self) -> Self:
        if (self.id is None) == (self.resource_group is None):
            refuse([((), "needs either an id or a resource_group, and not both")])
        return self


class AgentSpec(Spec):
    """One SRE agent [SRE-1]."""

    location: Annotated[Region | None, Field(description="Left out, its subnet's network's, else the home region.")] = (
        None
    )
    identity: Annotated[
        IdentityKey, Field(description="Key of the identity that it acts as; its roles are the outermost bound.")
    ]
    mode: Annotated[
        Literal["ReadOnly", "Review", "Autonomous"], Field(description="Whether it acts, proposes, or only looks.")
    ] = "Review"
    access_level: Literal["Low", "High"] = "Low"
    upgrade_channel: Literal["Stable", "Preview"] = "Stable"
    scopes: Annotated[dict[str, ScopeSpec], Field(description="What it looks at and with which roles, by key.")] = {}
    egress: AgentEgressSpec
    tools: ToolPolicySpec = ToolPolicySpec()
    hooks: Annotated[dict[str, HookSpec], Field(description="Hooks by name.")] = {}
    protect: Annotated[
        bool, Field(description="Refuse to delete or replace it. To do so: set false, run up, then make the change.")
    ] = True

    @model_validator(mode="after")
    def _roles_fit_the_mode(self) -> Self:
        refuse(self._too_much())
        return self

    def _too_much(self) -> Iterator[tuple[Path, str]]:
        for key, scope in self.scopes.items():
            path = ("scopes", key, "roles")
            if "Contributor" in scope.roles and (self.mode == "ReadOnly" or self.access_level == "Low"):
                held = f"mode {self.mode}, access_level {self.access_level}"
                yield (
                    path,
                    f"Contributor beside {held}: the identity could do more than the agent may; remove it [SRE-6]",
                )
            if "Contributor" in scope.roles and scope.id is not None and scope.id.count("/") == 2:
                yield path, "Contributor on a whole subscription; name the resource groups instead [SRE-6]"
