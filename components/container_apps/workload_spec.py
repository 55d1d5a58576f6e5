"""The shape of apps and jobs: containers, secrets, scale and ingress."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, WithJsonSchema, model_validator

from components.references import IdentityKey, Reference, SchedulerKey, dangling
from components.spec import Image, Spec, held_to, refuse
from planning import names, networks
from planning.container_apps import CONSUMPTION, HTTP_PORTS, MOST_REPLICAS, suffix_problem
from planning.cron import schedule_problem
from planning.problems import Path
from planning.scalers import metadata_problem, type_problem
from planning.variables import container_apps_problem

_VAULT_URL = r"^https://[a-z0-9-]+\.vault\.[a-z.]+/secrets/[A-Za-z0-9-]+(/[0-9a-f]{32})?$"

Port = Annotated[int, Field(ge=1, le=65535)]
Seconds = Annotated[int, Field(ge=1)]


RevisionSuffix = Annotated[
    str, held_to(suffix_problem), WithJsonSchema({"type": "string", "pattern": "^[a-z0-9](-?[a-z0-9])*$"})
]


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

    image: Image
    cpu: Annotated[float, Field(gt=0, description="vCPUs.")] = 0.5
    memory_gib: Annotated[float, Field(gt=0)] = 1.0
    command: list[str] = []
    args: list[str] = []
    env: Annotated[
        dict[str, str | SecretVariableSpec], Field(description="Environment variables: a text, or {secret: NAME}.")
    ] = {}
    probes: dict[Literal["liveness", "readiness", "startup"], ProbeSpec] = {}


class WorkloadSpec(Spec):
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


def _range(text: str) -> str:
    if not networks.is_range(text):
        raise ValueError(f"{text!r} is not an address or a range; write one such as 203.0.113.0/24 [CAE-12]")
    return text


class IpRuleSpec(Spec):
    """A rule that allows or denies a range; all rules of an app have the same action [CAE-12]."""

    range: Annotated[str, AfterValidator(_range), Field(description="An address, or a range such as 203.0.113.0/24.")]
    action: Literal["Allow", "Deny"] = "Allow"


class TrafficSpec(Spec):
    """The share of requests of a revision."""

    weight: Annotated[int, Field(ge=0, le=100)]
    revision: Annotated[
        RevisionSuffix | None, Field(description="Suffix of the revision, such as v2. Default: the latest revision.")
    ] = None
    label: str | None = None


class IngressSpec(Spec):
    """Ingress of an app. By default HTTPS only, and within the environment only."""

    target_port: Port
    external: Annotated[
        bool, Field(description="Reachable from outside the environment: its network, or the internet.")
    ] = False
    transport: Literal["auto", "http", "http2", "tcp"] = "auto"
    exposed_port: Annotated[Port | None, Field(description="Port that clients of a tcp transport use.")] = None
    allow_insecure: Annotated[bool, Field(description="Serve plain HTTP instead of redirecting to HTTPS.")] = False
    sticky_sessions: bool = False
    client_certificates: Literal["ignore", "accept", "require"] = "ignore"
    ip_rules: dict[str, IpRuleSpec] = {}
    traffic: list[TrafficSpec] = []

    @property
    def port(self) -> int:
        """The port that clients of a tcp transport use: the target port unless another one is exposed [CAE-25]."""
        return self.target_port if self.exposed_port is None else self.exposed_port

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        refuse(self._problems())
        return self

    def _problems(self) -> Iterator[tuple[Path, str]]:
        if self.exposed_port is not None and self.transport != "tcp":
            yield ("exposed_port",), f"{self.exposed_port} goes with transport tcp only, not {self.transport} [CAE-12]"
        if self.transport == "tcp":
            yield from self._tcp_problems()
        if len({rule.action for rule in self.ip_rules.values()}) > 1:
            yield ("ip_rules",), "some allow and some deny; give all the same action [CAE-12]"
        total = sum(share.weight for share in self.traffic)
        if self.traffic and total != 100:
            yield ("traffic",), f"weights come to {total}; make them 100 [CAE-13]"

    def _tcp_problems(self) -> Iterator[tuple[Path, str]]:
        """Settings and ports that only HTTP has."""
        stated: dict[str, object] = {
            "client_certificates": self.client_certificates if self.client_certificates != "ignore" else None,
            "sticky_sessions": self.sticky_sessions or None,
            "allow_insecure": self.allow_insecure or None,
        }
        for member, value in stated.items():
            if value is not None:
                shown = "true" if value is True else value
                message = f"{shown} is a setting of HTTP and has no effect with transport tcp"
                yield (member,), f"{message}; remove it, or write transport: auto [CAE-12]"
        if self.port in HTTP_PORTS:
            member = "target_port" if self.exposed_port is None else "exposed_port"
            message = f"{self.port} is a port of HTTP ingress, which tcp cannot expose; state another exposed_port"
            yield (member,), f"{message}, such as {8000 + self.port} [CAE-25]"


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


class AppSpec(WorkloadSpec):
    """One container app; its key is its name."""

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
