"""The shape of a Durable Task scheduler: size, allowed ranges, task hubs, retention, roles, on-demand sandboxes."""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field

from components.interfaces.spec import LoggingResourceSpec
from components.references import IdentityKey, Reference, dangling
from components.spec import Cidr, Image, ImageEndpoint, Region, Spec
from planning import names
from planning.problems import Path
from planning.task_schedulers import LONGEST_RETENTION, Access, concurrency_problem, size_problem

Days = Annotated[int, Field(ge=0, le=LONGEST_RETENTION)]


def _acknowledged(value: bool) -> bool:
    if not value:
        raise ValueError(
            "on-demand sandboxes are a limited preview that needs sign-up; write true to confirm it [DTS-5]"
        )
    return value


def _host(value: str) -> str:
    if value == "functions":
        raise ValueError(
            "functions: on-demand sandboxes support the standalone SDKs only, not the Functions host; run the orchestrator on "
            "container_apps, aks or app_service [DTS-5]"
        )
    return value


class TaskHubSpec(Spec):
    """One task hub; its key is its name."""

    capabilities: Annotated[
        list[str], Field(description="Capabilities by the service's names, for schedulers with on-demand sandboxes.")
    ] = []


class RetentionSpec(Spec):
    """Retention of completed orchestrations, for all hubs of a scheduler [DTS-3]."""

    default_days: Annotated[
        Days | None, Field(description="Days for states without their own. Azure's default is 30.")
    ] = None
    completed_days: Days | None = None
    failed_days: Days | None = None
    canceled_days: Days | None = None
    terminated_days: Days | None = None

    def policies(self) -> list[tuple[str | None, int]]:
        """Return (orchestration state, days) of each policy, the one for all states first."""
        stated = {
            None: self.default_days,
            "Completed": self.completed_days,
            "Failed": self.failed_days,
            "Canceled": self.canceled_days,
            "Terminated": self.terminated_days,
        }
        return [(state, days) for state, days in stated.items() if days is not None]


_HubKey = Annotated[str, Reference(".task_hubs", "task hub")]


class SchedulerAccessSpec(Spec):
    """A role on the data of a scheduler, or of one of its hubs [DTS-4]."""

    identity: Annotated[IdentityKey, Field(description="Key of the identity that receives it.")]
    action: Annotated[Access, Field(description="contributor (apps), worker (activities only) or reader.")]
    task_hub: Annotated[_HubKey | None, Field(description="On this hub only. Default: on the scheduler.")] = None


class WorkerProfileSpec(Spec):
    """Activities that run in sandboxes, with the sandboxes' image and size [DTS-6]."""

    image: Image
    task_hub: _HubKey
    language: Annotated[Literal["dotnet", "python"], Field(description="Of the worker; the preview offers no others.")]
    activities: Annotated[list[str], Field(min_length=1, description="Names of the activities that run in a sandbox.")]
    cpu_millicores: int = 1000
    memory_mib: int = 2048
    max_concurrent_activities: Annotated[int, Field(ge=1, description="Of one worker.")] = 1

    def _problems(self) -> Iterator[tuple[Path, str]]:
        yield from self._misfits()

    def _misfits(self) -> Iterator[tuple[Path, str]]:
        problem = size_problem(self.cpu_millicores, self.memory_mib)
        if problem:
            yield (), problem
        problem = concurrency_problem(self.max_concurrent_activities, self.memory_mib)
        if problem:
            yield ("max_concurrent_activities",), problem


class OnDemandSandboxesSpec(Spec):
    """Isolated activities, a limited preview for .NET and Python [DTS-5]."""

    preview_acknowledged: Annotated[
        bool,
        AfterValidator(_acknowledged),
        Field(description="Confirms that the subscription is signed up for the preview."),
    ]
    identity: Annotated[
        IdentityKey, Field(description="Key of the identity that pulls the images and that workers act as.")
    ]
    endpoint: ImageEndpoint = None
    orchestrator_host: Annotated[
        Literal["container_apps", "aks", "app_service", "other", "functions"],
        AfterValidator(_host),
        Field(description="Where the orchestrator runs; the Functions host is not supported yet."),
    ]
    profiles: Annotated[dict[str, WorkerProfileSpec], Field(min_length=1, description="Worker profiles by name.")]

    def _problems(self) -> Iterator[tuple[Path, str]]:
        seen: dict[tuple[str, str], str] = {}
        for key, profile in self.profiles.items():
            for index, activity in enumerate(profile.activities):
                other = seen.setdefault((profile.task_hub, activity), key)
                if other != key:
                    path = ("profiles", key, "activities", str(index))
                    yield path, f"{activity} runs in profile {other} already; an activity has one profile [DTS-6]"


class TaskSchedulerSpec(LoggingResourceSpec):
    """One scheduler [DTS-1]."""

    arm_type: ClassVar[str] = "Microsoft.DurableTask/schedulers"

    location: Annotated[Region | None, Field(description="Default: the home region.")] = None
    sku: Annotated[Literal["Consumption", "Dedicated"], Field(description="Fixed after creation.")] = "Consumption"
    capacity: Annotated[int | None, Field(ge=1, le=3, description="Capacity units, of Dedicated only.")] = None
    public_network_access: Literal["Enabled", "Disabled"] = "Enabled"
    ip_allow_list: Annotated[
        list[Cidr], Field(description="Ranges that may reach it; an empty list allows nobody.")
    ] = []
    task_hubs: Annotated[dict[str, TaskHubSpec], Field(min_length=1, description="Task hubs by name.")]
    retention: RetentionSpec | None = None
    access: Annotated[dict[str, SchedulerAccessSpec], Field(description="Roles on its data, by key.")] = {}
    on_demand_sandboxes: Annotated[
        OnDemandSandboxesSpec | None,
        Field(description="Fixed at creation: the scheduler is then created with a preview API version, and keeps it."),
    ] = None
    protect: Annotated[
        bool,
        Field(
            description="Protect it from deletion and replacement. To replace it: set false, run up, then change it."
        ),
    ] = True

    def _problems(self) -> Iterator[tuple[Path, str]]:
        yield from (*self._misfits(), *dangling(self))

    def _misfits(self) -> Iterator[tuple[Path, str]]:
        if self.sku == "Consumption" and self.capacity is not None:
            yield ("capacity",), f"{self.capacity} is for sku Dedicated; remove it [DTS-1]"
        if self.public_network_access == "Enabled" and not self.ip_allow_list:
            message = "an empty list denies every client, whatever its role; name the ranges of the apps [DTS-7]"
            yield ("ip_allow_list",), message
        for key, hub in self.task_hubs.items():
            problem = names.TASK_HUB.problem(key)
            if problem:
                yield ("task_hubs", key), problem
            if hub.capabilities and self.on_demand_sandboxes is None:
                message = "capabilities are published for schedulers with on_demand_sandboxes; remove them [DTS-2]"
                yield ("task_hubs", key, "capabilities"), message
