"""The shape of a Container Apps environment: network, workload profiles, telemetry, apps, jobs and routes."""

import re
from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from components.container_apps.endpoint_spec import EndpointSpec
from components.container_apps.route_spec import RouteMatchSpec, RoutesSpec
from components.container_apps.workload_spec import AppSpec, JobSpec
from components.elsewhere import MadeElsewhere
from components.interfaces.spec import LoggingResourceSpec
from components.references import NetworkKey, Reference, SubnetKey, WorkspaceKey, dangling
from components.spec import Region, ResourceGroup, Secret, Spec, held_to, refuse, settings_of_others
from planning import names
from planning.container_apps import (
    CONSUMPTION,
    Kind,
    profile_name_problem,
    profile_type,
    profile_type_problem,
    revision_problem,
    size_problem,
)
from planning.problems import Path
from planning.regions import lacks_zones
from planning.resource_ids import ENVIRONMENT
from planning.urls import port_problem

_DESTINATION = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?")
_OTLP = r"^(https?://)?[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:[0-9]{1,5})?(/[^\s]*)?$"

Destination = Annotated[str, Reference(".destinations", "destination")]
"""``application_insights``, ``datadog``, or the key of an OTLP destination."""


class ProfileSpec(Spec):
    """One workload profile; only a dedicated one has node counts [CAE-4]."""

    type: Annotated[
        str, Field(description="Such as D4, E8, NC24-A100, Consumption-GPU-NC8as-T4, or the confidential DC4.")
    ]
    minimum_count: Annotated[int | None, Field(ge=0, description="Minimum nodes. Default: 1.")] = None
    maximum_count: Annotated[int | None, Field(ge=1, description="Maximum nodes. Default: 3.")] = None
    fips: Annotated[bool, Field(description="Whether nodes use FIPS-validated cryptography.")] = False

    @property
    def has_nodes(self) -> bool:
        """Whether it has dedicated nodes."""
        found = profile_type(self.type)
        return found is not None and found.has_nodes

    @property
    def least(self) -> int:
        """Minimum nodes; 0 for a profile without dedicated nodes."""
        return (1 if self.minimum_count is None else self.minimum_count) if self.has_nodes else 0

    @property
    def most(self) -> int:
        """Maximum nodes; 0 for a profile without dedicated nodes."""
        return (max(3, self.least) if self.maximum_count is None else self.maximum_count) if self.has_nodes else 0

    def _problems(self) -> Iterator[tuple[Path, str]]:
        problem = profile_type_problem(self.type)
        if problem:
            yield ("type",), problem
        elif not self.has_nodes:
            for member in ("minimum_count", "maximum_count", "fips"):
                if getattr(self, member):
                    yield (member,), f"{self.type} has no dedicated nodes; remove it [CAE-4]"
        elif self.least > self.most:
            yield ("minimum_count",), f"{self.least} is more than maximum_count, {self.most}"


class DatadogSpec(Spec):
    """Datadog as a destination of telemetry."""

    site: Annotated[str, Field(description="Such as datadoghq.eu.")]
    key: Annotated[Secret, Field(description="API key; set it as a secret.")]


class OtlpSpec(Spec):
    """An OTLP destination: New Relic, Dynatrace, Elastic, a collector [CAE-15]."""

    endpoint: Annotated[
        str,
        Field(pattern=_OTLP, description="Host and port, such as otlp.contoso.com:4317, or a URL of the endpoint."),
        held_to(port_problem),
    ]
    insecure: Annotated[bool, Field(description="Send without TLS.")] = False
    headers: Annotated[
        dict[str, Secret], Field(description="Headers by name, such as api-key; set them as secrets.")
    ] = {}


class TelemetrySpec(Spec):
    """The environment's OpenTelemetry agent: destinations, and the signals that each receives [CAE-15]."""

    application_insights: Annotated[Secret | None, Field(description="Connection string; set it as a secret.")] = None
    datadog: DatadogSpec | None = None
    otlp: dict[str, OtlpSpec] = {}
    traces: list[Destination] = []
    logs: list[Destination] = []
    metrics: list[Destination] = []
    dapr_traces: bool = False
    keda_metrics: bool = False

    @property
    def destinations(self) -> tuple[str, ...]:
        """Every destination that is declared."""
        builtin = {"application_insights": self.application_insights, "datadog": self.datadog}
        return (*(key for key, value in builtin.items() if value is not None), *self.otlp)

    def _problems(self) -> Iterator[tuple[Path, str]]:
        yield from dangling(self)
        for name in self.otlp:
            if name in {"application_insights", "datadog"} or not _DESTINATION.fullmatch(name):
                yield (
                    ("otlp", name),
                    f"{name!r} is not a valid name of a destination; use lower-case letters, digits and '-' [CAE-15]",
                )
        for signal in ("traces", "logs", "metrics"):
            for index, destination in enumerate(getattr(self, signal)):
                if (signal, destination) == ("metrics", "application_insights"):
                    path = (signal, str(index))
                    yield (
                        path,
                        "application_insights does not accept the agent's metrics; name another destination [CAE-15]",
                    )


class DiagnosticsSpec(Spec):
    """Logs and metrics of the environment, sent to a workspace without its keys [CAE-16]."""

    workspace: Annotated[WorkspaceKey, Field(description="Key of a workspace of monitoring.workspaces.")]
    categories: list[Literal["ContainerAppConsoleLogs", "ContainerAppSystemLogs", "ContainerAppHTTPLogs"]] = [
        "ContainerAppConsoleLogs",
        "ContainerAppSystemLogs",
        "ContainerAppHTTPLogs",
    ]
    metrics: bool = True


class EnvironmentSpec(LoggingResourceSpec):
    """One environment, in its network's region unless ``location`` says otherwise."""

    arm_type: ClassVar[str] = "Microsoft.App/managedEnvironments"

    id: Annotated[
        Annotated[str, MadeElsewhere(ENVIRONMENT)] | None,
        Field(description="An environment made elsewhere, in which the apps and jobs of this stack run."),
    ] = None
    kind: Annotated[
        Kind | Literal["express"],
        Field(description="workload_profiles is the current form. A change replaces the environment."),
    ] = "workload_profiles"
    name: Annotated[
        Annotated[str, held_to(names.MANAGED_ENVIRONMENT.problem)] | None,
        Field(description="Name in Azure. Default: made of the key. Another name is another environment."),
    ] = None
    location: Annotated[Region | None, Field(description="Default: its network's region, else the home region.")] = None
    network: Annotated[
        NetworkKey | None, Field(description="Key of a network. Default: a network that Azure manages.")
    ] = None
    subnet: Annotated[
        SubnetKey | None, Field(description="The environment's own subnet. A change replaces the environment.")
    ] = None
    internal: Annotated[
        bool | None, Field(description="Reachable from its network only. Default: true with a subnet.")
    ] = None
    dns_links: Annotated[
        list[NetworkKey] | None,
        Field(
            description="Networks that resolve the names of an internal environment, by a private DNS zone. Default: its network "
            "and the networks peered with it; [] if another zone holds its names."
        ),
    ] = None
    public_network_access: Annotated[
        Literal["Enabled", "Disabled"] | None,
        Field(description="Default: Disabled if it is internal or has private endpoints."),
    ] = None
    zone_redundant: Annotated[
        bool | None,
        Field(description="Default: true with a subnet in a region with availability zones. Fixed after creation."),
    ] = None
    profiles: Annotated[
        dict[str, ProfileSpec], Field(description="Workload profiles besides Consumption, by key.")
    ] = {}
    mtls: Annotated[bool, Field(description="Encrypt and authenticate traffic between apps.")] = True
    infrastructure_resource_group: Annotated[
        ResourceGroup | None, Field(description="Name of the infrastructure resource group.")
    ] = None
    diagnostics: DiagnosticsSpec | None = None
    telemetry: TelemetrySpec | None = None
    private_endpoints: Annotated[
        dict[str, EndpointSpec], Field(description="Private endpoints by key; they disable public access.")
    ] = {}
    protect: Annotated[
        bool,
        Field(
            description="Protect it from deletion and replacement, which take every app in it down. "
            "To replace it: set false, run up, then change it."
        ),
    ] = True
    apps: Annotated[dict[str, AppSpec], Field(description="Container apps by name.")] = {}
    jobs: Annotated[dict[str, JobSpec], Field(description="Jobs by name.")] = {}
    http_routes: Annotated[dict[str, RoutesSpec], Field(description="Route configurations by name.")] = {}

    @property
    def is_internal(self) -> bool:
        """Whether it is reachable from its network only."""
        return self.subnet is not None if self.internal is None else self.internal

    def is_zone_redundant(self, region: str) -> bool:
        """Whether it is zone redundant: as stated, else if it has a subnet in a region with availability zones."""
        if self.zone_redundant is not None:
            return self.zone_redundant
        return self.subnet is not None and not lacks_zones(region)

    @property
    def public_access(self) -> Literal["Enabled", "Disabled"]:
        """Whether it is reachable from the internet."""
        closed = self.is_internal or bool(self.private_endpoints)
        return self.public_network_access or ("Disabled" if closed else "Enabled")

    @property
    def workloads(self) -> dict[Path, AppSpec | JobSpec]:
        """Every app and job by its path within the environment."""
        apps = {("apps", key): app for key, app in self.apps.items()}
        return {**apps, **{("jobs", key): job for key, job in self.jobs.items()}}

    @property
    def profile_types(self) -> dict[str, str]:
        """Type of every workload profile by key."""
        return {CONSUMPTION: CONSUMPTION, **{key: profile.type for key, profile in self.profiles.items()}}

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        own = ("id", "location", "kind", "profiles", "apps", "jobs", "private_endpoints")
        refuse(
            (
                *settings_of_others(self, except_for=own),
                *self._place(),
                *self._closed(),
                *self._kind(),
                *self._workloads(),
                *self._together(),
                *self._revisions(),
                *self._routes(),
            )
        )
        return self

    def _place(self) -> Iterator[tuple[Path, str]]:
        if (self.network is None) != (self.subnet is None):
            missing = "subnet" if self.subnet is None else "network"
            yield (missing,), "is missing; a network and its subnet are stated together"
        if self.subnet is None and self.internal:
            yield ("internal",), "true needs a network and a subnet of its own [CAE-1]"
        if self.dns_links and not self.is_internal:
            message = "names networks, but the names of the environment are public; remove it, or write internal: true"
            yield ("dns_links",), f"{message} [CAE-26]"
        if self.subnet is None and self.zone_redundant:
            yield ("zone_redundant",), "true needs a network and a subnet of its own [CAE-5]"

    def _closed(self) -> Iterator[tuple[Path, str]]:
        if self.public_network_access == "Enabled" and self.is_internal:
            yield (
                ("public_network_access",),
                "Enabled, but the environment is internal; write Disabled, or internal: false [CAE-9]",
            )
        elif self.public_network_access == "Enabled" and self.private_endpoints:
            yield ("public_network_access",), "Enabled, but a private endpoint works only when it is Disabled [CAE-9]"

    def _kind(self) -> Iterator[tuple[Path, str]]:
        if self.kind == "express":
            message = (
                "express is environmentMode of API 2026-07-01, which the provider does not have yet; "
                "write workload_profiles [CAE-18]"
            )
            yield ("kind",), message
        if self.kind == "consumption_only":
            for member in ("profiles", "private_endpoints", "http_routes"):
                if getattr(self, member):
                    yield (member,), "consumption_only has none; write kind: workload_profiles [CAE-1]"
        if CONSUMPTION in self.profiles:
            yield ("profiles", CONSUMPTION), "always exists; remove it [CAE-4]"
        for key, profile in self.profiles.items():
            problem = profile_name_problem(key, profile.type)
            if problem:
                yield ("profiles", key), problem

    def _workloads(self) -> Iterator[tuple[Path, str]]:
        yield from dangling(self)
        known = self.profile_types
        for path, workload in self.workloads.items():
            rule = names.CONTAINER_APP if path[0] == "apps" else names.JOB
            problem = rule.problem(path[1])
            if problem:
                yield path, problem
            found = profile_type(known[workload.profile]) if workload.profile in known else None
            problem = size_problem(*workload.size, found) if found else None
            if problem:
                yield (*path, "containers"), problem
            idles = isinstance(workload, AppSpec) and workload.scale.min_replicas == 0
            if idles and found and found.family == "flex":
                yield (*path, "scale", "min_replicas"), "0, but an app on a Flex profile cannot scale to zero [CAE-4]"
        for key in self.apps.keys() & self.jobs.keys():
            yield ("jobs", key), "is the name of an app already; use another"

    def _together(self) -> Iterator[tuple[Path, str]]:
        """Conflicts between apps of the environment [CAE-25, DAPR-1]."""
        ports: dict[int, str] = {}
        dapr: dict[str, str] = {}
        for key, app in self.apps.items():
            if app.ingress and app.ingress.external and app.ingress.transport == "tcp":
                path = ("apps", key, "ingress")
                if self.subnet is None:
                    yield (*path, "external"), "true with transport tcp needs a network and a subnet [CAE-25]"
                port, other = app.ingress.port, ports.setdefault(app.ingress.port, key)
                if other != key:
                    member = "target_port" if app.ingress.exposed_port is None else "exposed_port"
                    message = f"{port} is exposed by app {other} too; the apps of an environment share one address"
                    yield (*path, member), f"{message}, state another exposed_port [CAE-25]"
            if app.dapr and dapr.setdefault(app.dapr.app_id, key) != key:
                message = (
                    f"{app.dapr.app_id} is the id of app {dapr[app.dapr.app_id]} too, so calls reach one of the two"
                )
                yield ("apps", key, "dapr", "app_id"), f"{message}; use another [DAPR-1]"

    def _revisions(self) -> Iterator[tuple[Path, str]]:
        for key, app in self.apps.items():
            stated: dict[Path, str | None] = {("revision_suffix",): app.revision_suffix}
            for index, share in enumerate(app.ingress.traffic if app.ingress else ()):
                stated["ingress", "traffic", str(index), "revision"] = share.revision
            for path, suffix in stated.items():
                problem = revision_problem(key, suffix) if suffix else None
                if problem:
                    yield ("apps", key, *path), problem

    def _routes(self) -> Iterator[tuple[Path, str]]:
        for key, routes in self.http_routes.items():
            problem = names.HTTP_ROUTE.problem(key)
            if problem:
                yield ("http_routes", key), problem
            ingress = self.apps[key].ingress if key in self.apps else None
            if ingress and ingress.external:
                message = (
                    "is the name of an external app too, and both would have one host name; use another key [CAE-17]"
                )
                yield ("http_routes", key), message
            matched: dict[RouteMatchSpec, int] = {}
            for index, rule in enumerate(routes.rules):
                for place, match in enumerate(rule.matches):
                    first = matched.setdefault(match.model_copy(update={"rewrite": None}), index)
                    if first != index:
                        message = (
                            f"is matched by rules.{first} already, so that this rule gets no such request; remove one"
                        )
                        yield ("http_routes", key, "rules", str(index), "matches", str(place)), f"{message} [CAE-17]"
                path = ("http_routes", key, "rules", str(index), "targets")
                for place, target in enumerate(rule.targets):
                    if target.app in self.apps and self.apps[target.app].ingress is None:
                        yield (*path, str(place), "app"), f"{target.app} has no ingress; give it one [CAE-17]"
                    problem = revision_problem(target.app, target.revision) if target.revision else None
                    if problem:
                        yield (*path, str(place), "revision"), problem
                weights = [target.weight for target in rule.targets if target.weight is not None]
                if weights and sum(weights) != 100:
                    yield path, f"weights come to {sum(weights)}; make them 100 [CAE-17]"
