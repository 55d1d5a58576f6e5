"""Make every Container Apps environment of a description, with what runs in it."""

from collections.abc import Mapping
from typing import Any, cast

import pulumi

from components.container_apps.app import App
from components.container_apps.containers import Pull, Told
from components.container_apps.environment import Environment
from components.container_apps.job import Job
from components.container_apps.private_endpoint import EnvironmentEndpoint
from components.container_apps.routes import Routes
from components.container_apps.spec import EnvironmentSpec
from components.container_apps.workload_spec import TaskHubReferenceSpec
from components.dns.zone import Zone
from components.surroundings import Made, Surroundings
from planning.container_apps import private_link_zone
from stacks.spec import StackSpec


def build(around: Surroundings, spec: StackSpec) -> dict[str, Made]:
    """Make the environments of section ``container_apps`` and return what each tells, by key."""
    zones = _zones(around, spec.container_apps)
    return {key: _Build(around, key, its).make(zones) for key, its in spec.container_apps.items()}


def location_of(around: Surroundings, spec: EnvironmentSpec) -> str:
    """Return the region of an environment: stated, else its network's, else the home region."""
    return spec.location or (around.locations[spec.network] if spec.network else around.location)


def _zones(around: Surroundings, environments: Mapping[str, EnvironmentSpec]) -> dict[str, Zone]:
    """One zone for each region with environments that have private endpoints, linked to all networks of these."""
    links: dict[str, dict[str, pulumi.Input[str]]] = {}
    for spec in environments.values():
        for endpoint in spec.private_endpoints.values():
            links.setdefault(location_of(around, spec), {})[endpoint.network] = around.networks[endpoint.network].id
    return {
        location: Zone(
            f"{around.name}-apps-zone-{location}",
            zone_name=private_link_zone(location),
            networks=networks,
            resource_group_name=around.resource_group("apps-dns", around.location).name,
            tags=around.tags,
            opts=around.options(),
        )
        for location, networks in links.items()
    }


def _told(around: Surroundings, spec: TaskHubReferenceSpec) -> Told:
    """What an orchestrator is told of its task hub [DTS-6]."""
    scheduler = cast("Mapping[str, Any]", around.made["task_schedulers"][spec.scheduler])
    told: dict[str, pulumi.Input[str]] = {"DTS_ENDPOINT": scheduler["endpoint"], "DTS_TASK_HUB": spec.hub}
    if spec.worker:
        worker: pulumi.Output[Mapping[str, Any]] = scheduler["workers"][spec.worker]
        told["DTS_SANDBOX_IMAGE"] = worker.apply(lambda its: str(its["environment"]["DTS_SANDBOX_IMAGE"]))
    return told


class _Build:
    """The making of one environment."""

    def __init__(self, around: Surroundings, key: str, spec: EnvironmentSpec) -> None:
        self._around, self._key, self._spec = around, key, spec
        self._name = f"{around.name}-apps-{key}"
        self._location = location_of(around, spec)
        self._group = around.resource_group("apps", self._location, key).name
        self._pull = Pull(
            host=around.registry.host(self._location),
            identity_ids={identity: made.id for identity, made in around.identities.items()},
            after=around.registry.ready,
        )

    def make(self, zones: Mapping[str, Zone]) -> Made:
        environment = self._environment()
        apps = {key: self._app(key, environment) for key in self._spec.apps}
        jobs = {key: self._job(key, environment) for key in self._spec.jobs}
        routes = {key: self._routes(key, environment, list(apps.values())) for key in self._spec.http_routes}
        for key in self._spec.private_endpoints:
            self._endpoint(key, environment, zones[self._location])
        return {
            "id": environment.id,
            "name": environment.name,
            "location": self._location,
            "default_domain": environment.default_domain,
            "static_ip": environment.static_ip,
            "apps": {key: app.fqdn for key, app in apps.items()},
            "jobs": {key: job.name for key, job in jobs.items()},
            "http_routes": {key: route.fqdn for key, route in routes.items()},
        }

    def _environment(self) -> Environment:
        spec, around = self._spec, self._around
        workspace = around.workspaces[spec.diagnostics.workspace] if spec.diagnostics else None
        return Environment(
            self._name,
            spec,
            environment_name=around.names.managed_environment(self._key),
            location=self._location,
            resource_group_name=self._group,
            subnet_id=around.subnet_id(spec.network, spec.subnet) if spec.network and spec.subnet else None,
            workspace_id=workspace.id if workspace else None,
            tags=around.tags,
            opts=around.options(),
        )

    def _profile(self, profile: str) -> str | None:
        return profile if self._spec.kind == "workload_profiles" else None

    def _app(self, key: str, environment: Environment) -> App:
        spec = self._spec.apps[key]
        return App(
            f"{self._name}-{key}",
            spec,
            app_name=key,
            environment_id=environment.id,
            profile=self._profile(spec.profile),
            location=self._location,
            resource_group_name=self._group,
            pull=self._pull,
            told=_told(self._around, spec.task_hub) if spec.task_hub else None,
            tags=self._around.tags,
            opts=self._around.options(),
        )

    def _job(self, key: str, environment: Environment) -> Job:
        spec = self._spec.jobs[key]
        return Job(
            f"{self._name}-{key}",
            spec,
            job_name=key,
            environment_id=environment.id,
            profile=self._profile(spec.profile),
            location=self._location,
            resource_group_name=self._group,
            pull=self._pull,
            tags=self._around.tags,
            opts=self._around.options(),
        )

    def _routes(self, key: str, environment: Environment, apps: list[App]) -> Routes:
        return Routes(
            f"{self._name}-{key}",
            self._spec.http_routes[key],
            route_name=key,
            environment_name=environment.name,
            resource_group_name=self._group,
            after=[*apps],
            opts=self._around.options(),
        )

    def _endpoint(self, key: str, environment: Environment, zone: Zone) -> EnvironmentEndpoint:
        spec, around = self._spec.private_endpoints[key], self._around
        name = around.names.managed_environment(self._key)
        return EnvironmentEndpoint(
            f"{self._name}-endpoint-{key}",
            endpoint_name=around.names.private_endpoint(name, key),
            interface_name=around.names.network_interface(name, key),
            environment_id=environment.id,
            subnet_id=around.subnet_id(spec.network, spec.subnet),
            zone_id=zone.id,
            location=around.locations[spec.network],
            resource_group_name=self._group,
            tags=around.tags,
            opts=around.options(),
        )
