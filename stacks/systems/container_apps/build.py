"""Builds the Container Apps environments of a stack, with their apps, jobs and routes."""

from collections.abc import Mapping
from dataclasses import replace

import pulumi

from components.container_apps.app import App
from components.container_apps.containers import Pull, Variables
from components.container_apps.environment import Environment
from components.container_apps.environment_names import EnvironmentNames
from components.container_apps.job import Job
from components.container_apps.private_endpoint import EnvironmentEndpoint
from components.container_apps.routes import Routes
from components.container_apps.workload_spec import TaskHubReferenceSpec, WorkloadSpec
from components.dns.zone import Zone
from components.durable_task.scheduler import Scheduler
from components.elsewhere import name_of
from components.identity.identity import UserAssignedIdentity
from components.network.network import Network
from planning.container_apps import private_link_zone
from stacks.context import BuildContext, Built, Report
from stacks.plan import Plan, app_key
from stacks.spec import StackSpec
from stacks.systems.container_apps.system import zones_group
from stacks.systems.container_apps.zones import dns_links, shared_zone_endpoints

SECTION = "container_apps"


def build(spec: StackSpec, plan: Plan, context: BuildContext) -> Built:
    """Build section ``container_apps``."""
    zones = _zones(spec, plan, context)
    reports: dict[str, Report] = {}
    components: dict[str, pulumi.ComponentResource] = {}
    for key in spec.container_apps:
        building = _Building(spec, plan, context, key)
        reports[key] = building.report(zones)
        components[key] = building.environment
        components |= {app_key(key, app): made for app, made in building.apps.items()}
    return Built(reports, components)


def _zones(spec: StackSpec, plan: Plan, context: BuildContext) -> dict[str, Zone]:
    """One zone for each region with private endpoints of environments, linked to the networks of these."""
    networks = context.resources.of(Network)
    links: dict[str, dict[str, pulumi.Input[str]]] = {}
    for key in spec.container_apps:
        location = plan.sites[SECTION, key].location
        for endpoint in shared_zone_endpoints(spec, key):
            links.setdefault(location, {})[endpoint.network] = networks[endpoint.network].id
    group = zones_group(plan.sites)
    return {
        location: Zone(
            f"{context.name}-apps-zone-{location}",
            zone_name=private_link_zone(location),
            networks=linked,
            replaced_with={key: networks[key].resource for key in linked},
            resource_group_name=context.groups.name_of(group),
            tags=context.tags,
            opts=context.options(),
        )
        for location, linked in links.items()
    }


def _variables(context: BuildContext, spec: TaskHubReferenceSpec) -> Variables:
    """The environment variables of an orchestrator for its task hub [DTS-6]."""
    scheduler = context.resources.of(Scheduler)[spec.scheduler]
    variables: dict[str, pulumi.Input[str]] = {"DTS_ENDPOINT": scheduler.endpoint, "DTS_TASK_HUB": spec.hub}
    if spec.worker:
        worker = scheduler.workers[spec.worker]
        variables["DTS_SANDBOX_IMAGE"] = worker.apply(lambda known: str(known["environment"]["DTS_SANDBOX_IMAGE"]))
    return variables


class _Building:
    """The build of one environment."""

    def __init__(self, stack: StackSpec, plan: Plan, context: BuildContext, key: str) -> None:
        spec = stack.container_apps[key]
        self._plan, self._context, self._key, self._spec = plan, context, key, spec
        self._name = f"{context.name}-apps-{name_of(key)}"
        self._site = plan.sites[SECTION, key]
        self._pull = Pull(
            host=context.image_host(self._site.location, stack.image_endpoints.container_apps),
            identity_ids={name: found.id for name, found in context.resources.of(UserAssignedIdentity).items()},
            after=(*context.pull_access, *context.secret_access),
        )
        self.environment = self._environment()
        self.apps = {key: self._app(key) for key in spec.apps}

    def report(self, zones: Mapping[str, Zone]) -> Report:
        """Build jobs and routes of the environment, and return its exports."""
        jobs = {key: self._job(key) for key in self._spec.jobs}
        routes = {key: self._routes(key, list(self.apps.values())) for key in self._spec.http_routes}
        for key in self._spec.private_endpoints:
            self._endpoint(key, zones.get(self._site.location))
        self._names()
        return {
            "id": self.environment.id,
            "name": self.environment.name,
            "location": self._site.location,
            "default_domain": self.environment.default_domain,
            "static_ip": self.environment.static_ip,
            "apps": {key: app.fqdn for key, app in self.apps.items()},
            "jobs": {key: job.name for key, job in jobs.items()},
            "http_routes": {key: route.fqdn for key, route in routes.items()},
        }

    def _environment(self) -> Environment:
        spec, context = self._spec, self._context
        return Environment(
            self._name,
            spec,
            environment_name=self._site.name,
            subnet_id=context.subnet_id(spec.network, spec.subnet) if spec.network and spec.subnet else None,
            workspace_id=context.workspace(spec.diagnostics.workspace).id if spec.diagnostics else None,
            opts=context.groups.options(self._plan.subscription_of(spec.id)),
            **context.placement(self._site),
        )

    def _names(self) -> None:
        """The private DNS zone of an internal environment."""
        links = dns_links(self._spec, self._plan)
        if not links:
            return
        networks = self._context.resources.of(Network)
        group_name = self._context.groups.name_of(self._site.group)
        zone = Zone(
            f"{self._name}-dns",
            zone_name=self.environment.default_domain,
            networks={key: networks[key].id for key in links},
            replaced_with={key: networks[key].resource for key in links},
            resource_group_name=group_name,
            tags=self._context.tags,
            opts=self._context.options(),
        )
        EnvironmentNames(
            f"{self._name}-dns-names",
            zone_name=zone.name,
            address=self.environment.static_ip,
            resource_group_name=group_name,
            opts=self._context.options(),
        )

    def _profile(self, profile: str) -> str | None:
        return profile if self._spec.kind == "workload_profiles" else None

    def _pull_of(self, workload: WorkloadSpec) -> Pull:
        """How a workload pulls: as the service's setting says, unless it states an endpoint of its own."""
        if workload.endpoint is None:
            return self._pull
        return replace(self._pull, host=self._context.image_host(self._site.location, workload.endpoint))

    def _app(self, key: str) -> App:
        spec = self._spec.apps[key]
        return App(
            f"{self._name}-{key}",
            spec,
            app_name=key,
            environment_id=self.environment.id,
            profile=self._profile(spec.profile),
            pull=self._pull_of(spec),
            env=_variables(self._context, spec.task_hub) if spec.task_hub else None,
            opts=self._context.options(),
            **self._context.placement(self._plan.sites[SECTION, self._key, "apps"], (SECTION, self._key, "apps", key)),
        )

    def _job(self, key: str) -> Job:
        spec = self._spec.jobs[key]
        return Job(
            f"{self._name}-{key}",
            spec,
            job_name=key,
            environment_id=self.environment.id,
            profile=self._profile(spec.profile),
            pull=self._pull_of(spec),
            opts=self._context.options(),
            **self._context.placement(self._plan.sites[SECTION, self._key, "apps"], (SECTION, self._key, "jobs", key)),
        )

    def _routes(self, key: str, apps: list[App]) -> Routes:
        return Routes(
            f"{self._name}-{key}",
            self._spec.http_routes[key],
            route_name=key,
            environment_name=self.environment.name,
            resource_group_name=self._context.groups.name_of(self._site.group),
            after=[*apps],
            opts=self._context.options(),
        )

    def _endpoint(self, key: str, shared: Zone | None) -> EnvironmentEndpoint:
        """An endpoint that feeds the zone that it names, else the one that is shared; none where others write the records."""
        spec, site = self._spec.private_endpoints[key], self._plan.sites[SECTION, self._key, "private_endpoints", key]
        zone = self._context.resources.of(Zone)[spec.dns_zone] if spec.dns_zone else shared
        endpoint = EnvironmentEndpoint(
            f"{self._name}-endpoint-{key}",
            endpoint_name=site.name,
            interface_name=self._plan.names.network_interface(self._site.name, key),
            service_id=self.environment.id,
            subnet_id=self._context.subnet_id(spec.network, spec.subnet),
            zone_id=zone.id if zone else None,
            replaced_with=[self.environment.resource] if self.environment.resource else [],
            opts=self._context.options(site=site, after=self._context.resources.before(spec)),
            **self._context.placement(site),
        )
        return self._context.resources.took(spec, endpoint)
