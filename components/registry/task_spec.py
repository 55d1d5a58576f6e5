"""The shape of a registry's tasks, and of the agent pools that they run on."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal

from pydantic import Field

from components.references import NetworkKey, Reference, SubnetKey
from components.spec import Secret, Spec, held_to
from planning import registry_tasks, resource_ids
from planning.cron import schedule_problem
from planning.problems import Path

_Identity = Annotated[str, Reference("identities", "identity", resource_ids.IDENTITY, words=(registry_tasks.SYSTEM,))]


class AgentPoolSpec(Spec):
    """Machines on which tasks run instead of the shared ones of the service [ACR-POOL]."""

    tier: Annotated[
        Literal["S1", "S2", "S3", "I6"], Field(description="Size of an instance: 2, 4, 8 or (isolated) 64 cores.")
    ] = "S1"
    count: Annotated[int, Field(ge=0, le=100, description="Instances. With 0, tasks wait.")] = 1
    network: Annotated[
        NetworkKey | None, Field(description="Key of the network, for tasks that reach private endpoints.")
    ] = None
    subnet: Annotated[SubnetKey | None, Field(description="Key of the subnet.")] = None

    def _problems(self) -> Iterator[tuple[Path, str]]:
        if (self.network is None) != (self.subnet is None):
            yield (), "states one of network and subnet; state both, or neither"


class BuildSpec(Spec):
    """A step that builds an image from a Dockerfile."""

    context: Annotated[str, Field(min_length=1, description="Git repository, with #branch:folder, or an OCI artifact.")]
    dockerfile: Annotated[str, Field(min_length=1, description="Path of the Dockerfile in the context.")] = "Dockerfile"
    images: Annotated[
        list[str], Field(min_length=1, description="Repository and tag without host, such as team-a/web:{{.Run.ID}}.")
    ]
    arguments: Annotated[dict[str, str], Field(description="Build arguments in plain text.")] = {}
    target: Annotated[str | None, Field(description="Stage of the Dockerfile. Default: the last one.")] = None
    push: Annotated[bool, Field(description="Whether the image is pushed to the registry.")] = True


class TaskSpec(Spec):
    """A task: a build, or steps in YAML, that timers or updates of base images start [ACR-TASKS]."""

    identity: Annotated[
        _Identity | None,
        Field(description="Key of the identity that signs in to the registry, or system for one of its own."),
    ] = None
    build: Annotated[BuildSpec | None, Field(description="Builds an image.")] = None
    steps: Annotated[
        str | None, Field(min_length=1, description="Steps of a multi-step task in YAML, as in a task file.")
    ] = None
    context_access_token: Annotated[
        Secret | None, Field(description="Token for a private Git repository, set with pulumi config set --secret.")
    ] = None
    timers: Annotated[
        dict[str, Annotated[str, held_to(schedule_problem)]], Field(description="Schedules in UTC, by name.")
    ] = {}
    base_images: Annotated[
        Literal["Runtime", "All"] | None, Field(description="Base images whose updates start the task. Default: none.")
    ] = None
    agent_pool: Annotated[
        Annotated[str, Reference(".agent_pools", "agent pool")] | None,
        Field(description="Key of the agent pool. Default: the shared machines of the service."),
    ] = None
    os: Annotated[Literal["Linux", "Windows"], Field(description="Operating system of the machine.")] = "Linux"
    architecture: Annotated[Literal["amd64", "arm64"], Field(description="Architecture of the machine.")] = "amd64"
    timeout_minutes: Annotated[int, Field(ge=5, le=480, description="Time after which a run is canceled.")] = 60
    enabled: Annotated[bool, Field(description="Whether triggers start it.")] = True

    def _problems(self) -> Iterator[tuple[Path, str]]:
        if (self.build is None) == (self.steps is None):
            yield (), "needs either build or steps, and not both [ACR-TASKS]"
        if self.base_images is not None and self.build is None:
            yield ("base_images",), "follows the FROM lines of a Dockerfile; state build, or remove it [ACR-TASKS]"


def problems(
    pools: Mapping[str, AgentPoolSpec], tasks: Mapping[str, TaskSpec], *, sku: str, dual_stack: bool
) -> Iterator[tuple[Path, str]]:
    """Yield names that ARM refuses, and what the SKU, the endpoint protocol or a quota does not allow."""
    for section, rule, entries in (
        ("agent_pools", registry_tasks.AGENT_POOL, pools),
        ("tasks", registry_tasks.TASK, tasks),
    ):
        for key in entries:
            problem = rule.problem(key)
            if problem:
                yield (section, key), problem
        if entries and dual_stack:
            message = "do not work with endpoint_protocol IPv4AndIPv6; remove them, or write IPv4"
            yield (section,), f"{', '.join(entries)} {message} [ACR-TASKS-IPV6]"
    if pools and sku != "Premium":
        yield ("agent_pools",), f"{', '.join(pools)} needs sku Premium, the registry has {sku}; change one [ACR-POOL]"
    for key, pool in pools.items():
        if pool.count == 0 and (waiting := [name for name, task in tasks.items() if task.agent_pool == key]):
            message = f"0, and {', '.join(waiting)} run on it, which needs at least one instance; write 1"
            yield ("agent_pools", key, "count"), f"{message} [ACR-POOL]"
