"""The shape of a session pool: type, size, lifetime and network access of its sessions."""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from components.interfaces.spec import ResourceSpec
from components.references import EnvironmentKey, IdentityKey
from components.spec import Image, ImageEndpoint, Region, Spec, held_to
from planning import names
from planning.container_apps import CONSUMPTION, profile_type, size_problem
from planning.problems import Path
from planning.variables import container_apps_problem

PoolType = Literal["Python", "Node", "Shell", "Custom"]

MCP_TYPES: frozenset[PoolType] = frozenset({"Python", "Shell"})
"""Pool types that can be an MCP server [ACAS-2]."""

_SHORTEST, _LONGEST_IDLE, _LONGEST_LIFE = 300, 3600, 86_400


class SessionContainerSpec(Spec):
    """The container of a pool's sessions."""

    image: Image
    port: Annotated[int, Field(ge=1, le=65535, description="Port of its requests.")]
    cpu: Annotated[float, Field(gt=0)] = 0.5
    memory_gib: Annotated[float, Field(gt=0)] = 1.0
    command: list[str] = []
    args: list[str] = []
    env: Annotated[
        dict[str, str],
        Field(description="Environment variables in plain text; a pool supports no Key Vault references."),
    ] = {}


class SessionPoolSpec(ResourceSpec):
    """One session pool [ACAS-1]."""

    arm_type: ClassVar[str] = "Microsoft.App/sessionPools"

    type: Annotated[PoolType, Field(description="What a session runs: an interpreter, a shell, or a custom container.")]
    name: Annotated[
        Annotated[str, held_to(names.SESSION_POOL.problem)] | None,
        Field(description="Name in Azure. Default: made of the key. Another name is another pool."),
    ] = None
    location: Annotated[
        Region | None, Field(description="Default: its environment's region, else the home region.")
    ] = None
    environment: Annotated[
        EnvironmentKey | None,
        Field(description="Key of container_apps; a Custom pool needs one. A change replaces the pool."),
    ] = None
    max_sessions: Annotated[int, Field(ge=1, description="Maximum concurrent sessions.")] = 20
    ready_sessions: Annotated[
        int | None, Field(ge=0, description="Sessions kept ready, of a Custom pool only. Default: Azure's.")
    ] = None
    cooldown_seconds: Annotated[
        int, Field(ge=_SHORTEST, le=_LONGEST_IDLE, description="Idle time after which a session ends.")
    ] = 300
    max_alive_seconds: Annotated[
        int | None,
        Field(
            ge=_SHORTEST,
            le=_LONGEST_LIFE,
            description="Of a Custom pool: a session ends with its container, or after this time, instead of by idling.",
        ),
    ] = None
    egress: Annotated[bool, Field(description="Whether sessions have internet access.")] = False
    mcp: Annotated[bool, Field(description="Whether it is an MCP server; Python and Shell only.")] = False
    mcp_api_key: Annotated[bool, Field(description="Whether the MCP server accepts an API key besides tokens.")] = False
    identity: Annotated[
        IdentityKey | None, Field(description="Key of the identity that pulls the image of a Custom pool.")
    ] = None
    endpoint: ImageEndpoint = None
    container: SessionContainerSpec | None = None
    executors: Annotated[
        list[IdentityKey],
        Field(description="Keys of identities that may run code in sessions; each receives the role for it."),
    ] = []

    def _problems(self) -> Iterator[tuple[Path, str]]:
        yield from (*self._container_problems(), *self._mcp_problems())

    def _container_problems(self) -> Iterator[tuple[Path, str]]:
        custom = self.type == "Custom"
        for member in ("environment", "identity", "container"):
            if custom and getattr(self, member) is None:
                yield (member,), "is missing; a Custom pool needs it [ACAS-3]"
        for member in ("identity", "endpoint", "container", "ready_sessions", "max_alive_seconds"):
            if not custom and getattr(self, member) is not None:
                yield (member,), f"is for Custom pools; {self.type} runs a container of Azure's, remove it [ACAS-3]"
        if self.container is not None:
            found = profile_type(CONSUMPTION)
            problem = size_problem(self.container.cpu, self.container.memory_gib, found) if found else None
            if problem:
                yield ("container",), problem
            for name in self.container.env:
                problem = container_apps_problem(name)
                if problem:
                    yield ("container", "env", name), problem
        if self.ready_sessions is not None and self.ready_sessions > self.max_sessions:
            yield ("ready_sessions",), f"{self.ready_sessions} is more than max_sessions, {self.max_sessions}"

    def _mcp_problems(self) -> Iterator[tuple[Path, str]]:
        if self.mcp and self.type not in MCP_TYPES:
            yield ("mcp",), f"true, but a {self.type} pool cannot be an MCP server; only Python and Shell can [ACAS-2]"
        if self.mcp_api_key and not self.mcp:
            yield ("mcp_api_key",), "true without mcp; remove it, or write mcp: true [ACAS-2]"
