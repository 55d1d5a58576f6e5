"""The shape of apps and jobs: containers, secrets and scale."""

from collections.abc import Iterator, Mapping
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from components.container_apps.ingress_spec import IngressSpec, Port, RevisionSuffix
from components.interfaces.spec import LoggingResourceSpec, ResourceSpec
from components.references import IdentityKey, Reference, SchedulerKey, dangling
from components.spec import Image, ImageEndpoint, Spec, refuse
from planning import names
from planning.container_apps import CONSUMPTION, MOST_REPLICAS
from planning.cron import schedule_problem
from planning.problems import Path
from planning.scalers import metadata_problem, type_problem
from planning.variables import container_apps_problem

_VAULT_URL = r"^https://[a-z0-9-]+\.vault\.[a-z.]+/secrets/[A-Za-z0-9-]+(/[0-9a-f]{32})?$"

Seconds = Annotated[int, Field(ge=1)]


_SecretKey = Annotated[str, Reference(".secrets", "secret")]


class SecretSpec(Spec):
    """A secret in Key Vault, which the app reads with one of its identities [CAE-11]."""

    key_vault_url: Annotated[
        str, Field(pattern=_VAULT_URL, description="https://VAULT.vault.azure.net/secrets/NAME, or with a version.")
    ]
    identity: Annotated[
        IdentityKey | None, Field(description="Key of the identity that reads it. Default: the one that pulls.")
    ] = None


class SecretVariableSpec(Spec):
    """An environment variable with the value of a secret of the workload."""

    secret: _SecretKey


class ProbeSpec(Spec):
    """A probe: HTTP if a path is given, else TCP."""

    port: Port
    path: Annotated[str | None, Field(pattern=r"^/")] = None
    scheme: Literal["HTTP", "HTTPS"] = "HTTP"
    initial_delay_seconds: Annotated[int, Field(ge=0, le=60)] = 0
    period_seconds: Annotated[int, Field(ge=1, le=240)] = 10
    timeout_seconds: Annotated[int, Field(ge=1, le=240)] = 1
    failure_threshold: Annotated[int, Field(ge=1, le=30)] = 3


class ContainerSpec(Spec):
    """One container; all containers of a replica together must fit its workload profile [CAE-8]."""

    retired_names: ClassVar[Mapping[str, str]] = {
        "gpu": "comes with a workload profile: state one, such as Consumption-GPU-NC8as-T4, under the environment's profiles, "
        "and name it as profile of the app or job [CAE-4]"
    }

    image: Image
    cpu: Annotated[float, Field(gt=0, description="vCPUs.")] = 0.5
    memory_gib: Annotated[float, Field(gt=0)] = 1.0
    command: list[str] = []
    args: list[str] = []
    env: Annotated[
        dict[str, str | SecretVariableSpec], Field(description="Environment variables: a text, or {secret: NAME}.")
    ] = {}
    probes: dict[Literal["liveness", "readiness", "startup"], ProbeSpec] = {}


class WorkloadSpec(ResourceSpec):
    """Settings that apps and jobs share."""

    profile: Annotated[
        str,
        Reference(".profile_types", "workload profile"),
        Field(description="Key of the environment's workload profile."),
    ] = CONSUMPTION
    identity: Annotated[
        IdentityKey,
        Field(description="Key of the identity that pulls; it receives the role that matches the registry's mode."),
    ]
    identities: Annotated[
        list[IdentityKey], Field(description="Keys of further identities that the code may use.")
    ] = []
    containers: Annotated[dict[str, ContainerSpec], Field(min_length=1)]
    endpoint: ImageEndpoint = None
    images: Annotated[
        Literal["file", "pipeline"],
        Field(
            description="pipeline: the stack file's images apply at creation; later a pipeline sets them. Run up with "
            "--refresh, which reads them first."
        ),
    ] = "file"
    init_containers: dict[str, ContainerSpec] = {}
    secrets: dict[str, SecretSpec] = {}

    @property
    def ignored(self) -> list[str] | None:
        """Properties whose change is ignored: images that a pipeline sets."""
        return ["template.containers[*].image"] if self.images == "pipeline" else None

    @property
    def all_identities(self) -> tuple[str, ...]:
        """Every identity once, the pulling one first."""
        return tuple(dict.fromkeys((self.identity, *self.identities)))

    @property
    def size(self) -> tuple[float, float]:
        """VCPUs and GiB of one replica."""
        containers = self.containers.values()
        return sum(container.cpu for container in containers), sum(container.memory_gib for container in containers)

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        refuse((*self._secret_problems(), *self._container_problems(), *self._own_problems()))
        return self

    def _own_problems(self) -> Iterator[tuple[Path, str]]:
        """Problems of this kind of workload only."""
        yield from ()

    def _secret_problems(self) -> Iterator[tuple[Path, str]]:
        yield from dangling(self)
        for name, secret in self.secrets.items():
            problem = names.CONTAINER_APP_SECRET.problem(name)
            if problem:
                yield ("secrets", name), problem
            if secret.identity is not None and secret.identity not in self.all_identities:
                message = f"{secret.identity} is not among the workload's identities; add it to identities [CAE-11]"
                yield ("secrets", name, "identity"), message

    def _container_problems(self) -> Iterator[tuple[Path, str]]:
        groups: dict[str, Mapping[str, ContainerSpec]] = {
            "containers": self.containers,
            "init_containers": self.init_containers,
        }
        for name in sorted(self.containers.keys() & self.init_containers.keys()):
            yield (
                ("init_containers", name),
                "is the name of a container too; all containers of a replica need names of their own",
            )
        for group, containers in groups.items():
            for name, container in containers.items():
                problem = names.DNS_LABEL.problem(name)
                if problem:
                    yield (group, name), problem
                for variable in container.env:
                    problem = container_apps_problem(variable)
                    if problem:
                        yield (group, name, "env", variable), problem
                if group == "init_containers" and container.probes:
                    yield (group, name, "probes"), "an init container ends before it could be probed; remove them"


class ScaleRuleSpec(Spec):
    """A scale rule: concurrent requests or connections, or a KEDA scaler [CAE-7]."""

    http_concurrent_requests: Annotated[int | None, Field(ge=1)] = None
    tcp_concurrent_connections: Annotated[int | None, Field(ge=1)] = None
    type: Annotated[str | None, Field(description="Type of a KEDA scaler, such as azure-servicebus.")] = None
    metadata: dict[str, str] = {}
    auth: Annotated[
        dict[str, _SecretKey], Field(description="KEDA's trigger parameter to a secret of the workload.")
    ] = {}
    identity: Annotated[
        Annotated[str, Reference(".all_identities", "identity of the workload")] | None,
        Field(description="Key of the identity with which the scaler reads its metric."),
    ] = None

    @model_validator(mode="after")
    def _is_of_one_kind(self) -> Self:
        kinds = (self.http_concurrent_requests, self.tcp_concurrent_connections, self.type)
        stated = sum(kind is not None for kind in kinds)
        if stated != 1:
            message = "state one of http_concurrent_requests, tcp_concurrent_connections, type"
            refuse([((), f"{stated} kinds of rule are stated; {message} [CAE-7]")])
        return self


class ScaleSpec(Spec):
    """Replicas. With a minimum above 0, no request waits for a start."""

    min_replicas: Annotated[int, Field(ge=0, le=MOST_REPLICAS)] = 1
    max_replicas: Annotated[int, Field(ge=1, le=MOST_REPLICAS)] = 10
    cooldown_seconds: Seconds | None = None
    polling_interval_seconds: Seconds | None = None
    rules: dict[str, ScaleRuleSpec] = {}

    @model_validator(mode="after")
    def _is_a_range(self) -> Self:
        if self.min_replicas > self.max_replicas:
            refuse([(("min_replicas",), f"{self.min_replicas} is more than max_replicas, {self.max_replicas}")])
        return self


class DaprSpec(Spec):
    """The Dapr sidecar of an app."""

    app_id: Annotated[
        str,
        Field(
            pattern=r"^[a-z0-9]([-a-z0-9]{0,56}[a-z0-9])?$",
            description="How other apps of the environment call it: up to 58 lower-case letters, digits and '-' [DAPR-1].",
        ),
    ]
    app_port: Port | None = None
    protocol: Literal["http", "grpc"] = "http"
    log_level: Literal["info", "debug", "warn", "error"] = "info"
    max_concurrency: Annotated[int | None, Field(ge=1)] = None


class TaskHubReferenceSpec(Spec):
    """The task hub of an orchestrator, passed to its containers in environment variables [DTS-6]."""

    scheduler: Annotated[SchedulerKey, Field(description="Key of task_schedulers.")]
    hub: Annotated[
        str,
        Reference("task_schedulers.{scheduler}.task_hubs", "task hub"),
        Field(description="Name of one of its task hubs."),
    ]
    worker: Annotated[
        Annotated[str, Reference("task_schedulers.{scheduler}.on_demand_sandboxes.profiles", "profile")] | None,
        Field(description="Worker profile of on_demand_sandboxes in whose image activities run."),
    ] = None

    @property
    def variables(self) -> tuple[str, ...]:
        """Names of the environment variables that it sets."""
        return ("DTS_ENDPOINT", "DTS_TASK_HUB", *(("DTS_SANDBOX_IMAGE",) if self.worker else ()))


class AppSpec(WorkloadSpec, LoggingResourceSpec):
    """One container app; its key is its name."""

    arm_type: ClassVar[str] = "Microsoft.App/containerApps"

    ingress: Annotated[IngressSpec | None, Field(description="Without it the app has no ingress.")] = None
    scale: ScaleSpec = ScaleSpec()
    revisions: Annotated[
        Literal["Single", "Multiple"],
        Field(description="Single: a new revision replaces the old one, and both use addresses meanwhile."),
    ] = "Single"
    revision_suffix: RevisionSuffix | None = None
    max_inactive_revisions: Annotated[int, Field(ge=0, le=100)] = 100
    termination_grace_seconds: Annotated[int, Field(ge=0, le=600)] = 30
    dapr: DaprSpec | None = None
    task_hub: Annotated[
        TaskHubReferenceSpec | None,
        Field(
            description="For an orchestrator: sets DTS_ENDPOINT, DTS_TASK_HUB and, with a worker, DTS_SANDBOX_IMAGE."
        ),
    ] = None

    def _own_problems(self) -> Iterator[tuple[Path, str]]:
        for name, container in self.containers.items() if self.task_hub else ():
            for variable in self.task_hub.variables if self.task_hub else ():
                if variable in container.env:
                    yield ("containers", name, "env", variable), "is set by task_hub too; remove one [DTS-6]"
        if self.ingress and self.ingress.traffic and self.revisions == "Single":
            yield (
                ("ingress", "traffic"),
                "has one revision at a time; write revisions: Multiple to split it [CAE-13]",
            )
        if self.ingress and self.ingress.sticky_sessions and self.revisions == "Multiple":
            message = "true, but session affinity needs single-revision mode"
            yield ("ingress", "sticky_sessions"), f"{message}; write revisions: Single, or remove it [CAE-25]"
        for name, rule in self.scale.rules.items():
            path = ("scale", "rules", name)
            yield from _scaler_problems(path, rule)
            yield from self._rule_without_ingress(path, rule)

    def _rule_without_ingress(self, path: Path, rule: ScaleRuleSpec) -> Iterator[tuple[Path, str]]:
        counted = "requests" if rule.http_concurrent_requests is not None else "connections"
        if self.ingress is None and rule.type is None:
            yield path, f"counts {counted}, but the app has no ingress; give it one, or use another rule [CAE-7]"


class JobSpec(WorkloadSpec):
    """One job; its key is its name. It is started manually, on a schedule, or by events."""

    arm_type: ClassVar[str] = "Microsoft.App/jobs"

    schedule: Annotated[
        str | None, Field(min_length=1, description="Five cron fields, in UTC, such as 0 3 * * 1-5.")
    ] = None
    events: Annotated[dict[str, ScaleRuleSpec], Field(description="KEDA scalers that start executions, by name.")] = {}
    parallelism: Annotated[int, Field(ge=1, description="Parallel replicas of one execution.")] = 1
    completions: Annotated[int, Field(ge=1, description="Replicas that must succeed.")] = 1
    timeout_seconds: Seconds = 1800
    retries: Annotated[int, Field(ge=0)] = 0
    max_executions: Annotated[int, Field(ge=1, description="Maximum parallel executions that events start.")] = 10
    polling_interval_seconds: Seconds = 30

    @property
    def trigger(self) -> Literal["Manual", "Schedule", "Event"]:
        """Its trigger type, in ARM's words."""
        return "Schedule" if self.schedule else "Event" if self.events else "Manual"

    @property
    def most_replicas(self) -> int:
        """Maximum replicas that run at the same time."""
        return self.parallelism * (self.max_executions if self.events else 1)

    def _own_problems(self) -> Iterator[tuple[Path, str]]:
        if self.schedule and self.events:
            yield ("events",), "is beside a schedule; state one of schedule, events [CAE-14]"
        problem = schedule_problem(self.schedule) if self.schedule else None
        if problem:
            yield ("schedule",), problem
        for name, rule in self.events.items():
            path = ("events", name)
            yield from _scaler_problems(path, rule)
            if rule.type is None:
                yield path, "a job is started by a KEDA scaler only; state its type [CAE-14]"


def _scaler_problems(path: Path, rule: ScaleRuleSpec) -> Iterator[tuple[Path, str]]:
    """Unknown scalers, and missing metadata of known ones [KEDA-1]."""
    problem = type_problem(rule.type) if rule.type else None
    if problem:
        yield (*path, "type"), problem
    problem = metadata_problem(rule.type or "", {**rule.metadata, **rule.auth}, identity=rule.identity is not None)
    if problem:
        yield (*path, "metadata"), problem
