"""The shape of an SRE agent: its identity and roles, its egress, and what it may call."""

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, ClassVar, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from components.interfaces.spec import ResourceSpec
from components.references import IdentityKey, NetworkKey, SubnetKey
from components.spec import Host, Region, ResourceGroup, Secret, Spec, refuse
from planning import agent_tools
from planning.agents import READING, ROLES, CodeRepository, EgressMode, PackageRegistry
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


class AgentEgressSpec(Spec):
    """Outbound traffic of an agent [SRE-2, SRE-9]."""

    retired_names: ClassVar[Mapping[str, str]] = {
        "bypass": "is ARM's form: state hosts, registries, code_repositories, remote_mcp_servers here"
    }

    mode: Annotated[
        EgressMode, Field(description="unrestricted, limited (to what is named), or azure_vnet (through a subnet).")
    ]
    hosts: Annotated[
        list[Host],
        Field(description="Hosts that limited allows (all others are denied) and that azure_vnet reaches directly."),
    ] = []
    registries: Annotated[
        list[PackageRegistry], Field(description="Package registries that are reached like hosts.")
    ] = []
    code_repositories: Annotated[
        list[CodeRepository], Field(description="Providers of code repositories that are reached like hosts.")
    ] = []
    remote_mcp_servers: Annotated[bool, Field(description="Whether remote MCP servers are reached like hosts.")] = False
    private_dns: Annotated[
        bool, Field(description="Whether names are resolved in the network, with azure_vnet, or by the platform.")
    ] = False
    network: NetworkKey | None = None
    subnet: Annotated[
        SubnetKey | None, Field(description="Delegated to Microsoft.App/environments, /27 or larger.")
    ] = None

    @property
    def stated(self) -> tuple[str, ...]:
        """Properties that name a destination."""
        return tuple(
            member
            for member in ("hosts", "registries", "code_repositories", "remote_mcp_servers")
            if getattr(self, member)
        )

    def _problems(self) -> Iterator[tuple[Path, str]]:
        for member in self.stated if self.mode == "unrestricted" else ():
            yield (member,), "mode unrestricted allows everything; remove it, or choose limited or azure_vnet [SRE-2]"
        if self.private_dns and self.mode != "azure_vnet":
            yield (
                ("private_dns",),
                f"mode {self.mode} has no network to resolve names in; remove it, or choose azure_vnet [SRE-9]",
            )
        if self.mode == "azure_vnet" and not (self.network and self.subnet):
            yield (), "mode azure_vnet needs a network and a subnet [SRE-4]"
        if self.mode != "azure_vnet" and (self.network or self.subnet):
            yield (), f"mode {self.mode} has no subnet; remove network and subnet, or choose azure_vnet [SRE-2]"


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
    """Tools that the agent may call: deny wins over ask, ask over allow; an unlisted tool asks [SRE-5]."""

    everywhere: Annotated[ToolRulesSpec, Field(description="For every agent and thread: the global scope.")] = (
        ToolRulesSpec()
    )
    agents: Annotated[dict[str, ToolRulesSpec], Field(description="For one custom agent, by name.")] = {}
    threads: Annotated[dict[str, ToolRulesSpec], Field(description="For one conversation, by name.")] = {}

    def policy(self) -> agent_tools.Policy:
        """Return the policy in the form in which it is evaluated."""
        return agent_tools.Policy(
            self.everywhere.rules(),
            {name: rules.rules() for name, rules in self.agents.items()},
            {name: rules.rules() for name, rules in self.threads.items()},
        )


class HookSpec(Spec):
    """Code or a prompt that inspects a tool call before it runs, and may stop it [SRE-7]."""

    kind: Literal["command", "prompt"]
    event: Literal["PreToolUse"] = "PreToolUse"
    matcher: Annotated[str, AfterValidator(_expression), Field(description="Expression over the names of tools.")]
    timeout_seconds: Annotated[int, Field(ge=1, le=600)] = 30
    fail_mode: Annotated[
        Literal["block", "allow"], Field(description="What happens to the call when the hook fails or times out.")
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
    """A scope on which the agent's identity has roles, and which the agent monitors [SRE-6]."""

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


class ConnectorSpec(Spec):
    """A data source that the agent reads with its identity [SRE-10]."""

    type: Annotated[
        str, Field(pattern=r"^[A-Za-z]+$", description="Such as AppInsights, LogAnalytics or AzureMonitor.")
    ]
    data_source: Annotated[str, Field(min_length=1, description="The data source, usually an ARM id.")]
    endpoint: Annotated[str | None, Field(min_length=1, description="The endpoint, for types that have one.")] = None
    properties: Annotated[
        dict[str, str | int | bool],
        Field(description="Further properties of the type, with the service's names."),
    ] = {}


class LogsSpec(Spec):
    """Application Insights that the agent's own telemetry goes to [SRE-10]."""

    app_id: Annotated[str, Field(min_length=1)]
    connection_string: Annotated[Secret, Field(description="Set it as a secret.")]


class IncidentsSpec(Spec):
    """The source of the incidents that the agent handles [SRE-10]."""

    platform: Annotated[
        str,
        Field(
            pattern=r"^[A-Za-z]+$", description="Such as AzMonitor, PagerDuty or ServiceNow, as the service names it."
        ),
    ]
    connection_name: Annotated[str, Field(min_length=1)]
    connection_url: Annotated[str | None, Field(pattern=r"^https://")] = None
    connection_key: Annotated[Secret | None, Field(description="Set it as a secret.")] = None


class AgentSpec(ResourceSpec):
    """One SRE agent [SRE-1]."""

    arm_type: ClassVar[str] = "Microsoft.App/agents"

    location: Annotated[
        Region | None, Field(description="Default: the region of its subnet's network, else the home region.")
    ] = None
    identity: Annotated[
        IdentityKey,
        Field(description="Key of the identity that it acts as; its roles limit everything the agent can do."),
    ]
    mode: Annotated[
        Literal["ReadOnly", "Review", "Autonomous"], Field(description="Whether it acts, proposes, or only reads.")
    ] = "Review"
    access_level: Literal["Low", "High"] = "Low"
    upgrade_channel: Literal["Stable", "Preview"] = "Stable"
    scopes: Annotated[dict[str, ScopeSpec], Field(description="Scopes that it monitors, with its roles, by key.")] = {}
    egress: AgentEgressSpec
    logs: LogsSpec | None = None
    incidents: IncidentsSpec | None = None
    connectors: Annotated[dict[str, ConnectorSpec], Field(description="Data sources beside its scopes, by name.")] = {}
    tools: ToolPolicySpec = ToolPolicySpec()
    hooks: Annotated[dict[str, HookSpec], Field(description="Hooks by name.")] = {}
    protect: Annotated[
        bool,
        Field(
            description="Protect it from deletion and replacement. To replace it: set false, run up, then change it."
        ),
    ] = True

    def _problems(self) -> Iterator[tuple[Path, str]]:
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
