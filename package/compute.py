"""Clusters, Container Apps and gateways of the package, with the ids that a program states."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pulumi

from components.aks.cluster import Cluster
from components.aks.profiles import Acting, Wiring
from components.aks.spec import ClusterSpec
from components.container_apps.app import App
from components.container_apps.containers import Pull
from components.container_apps.environment import Environment
from components.container_apps.job import Job
from components.container_apps.routes import Routes
from components.container_apps.spec import DiagnosticsSpec, EnvironmentSpec
from components.container_groups.container_group import ContainerGroup
from components.container_groups.spec import ContainerGroupSpec
from components.gateways.gateway import Gateway
from components.gateways.gateway import Wiring as GatewayWiring
from components.gateways.spec import GatewaySpec
from package.casing import camel
from package.refusals import RefusedError
from planning.aks import subnets_of
from planning.regions import zones_of


class AppsEnvironment(Environment):
    """A Container Apps environment with its apps, jobs and routes.

    Makes Microsoft.App/managedEnvironments, and for each entry Microsoft.App/containerApps, jobs or httpRouteConfigs.
    """

    app_hosts: pulumi.Output[Mapping[str, str]]
    """Host name of each app with ingress, by its key."""
    job_names: pulumi.Output[Mapping[str, str]]
    """Name of each job in Azure, by its key."""

    def __init__(
        self,
        name: str,
        spec: EnvironmentSpec,
        *,
        environment_name: str,
        location: str,
        resource_group_name: pulumi.Input[str],
        tags: dict[str, str],
        subnet_id: pulumi.Input[str] | None = None,
        workspace_id: pulumi.Input[str] | None = None,
        registry_host: pulumi.Input[str] = "",
        identity_ids: Mapping[str, pulumi.Input[str]],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the environment and what runs in it.

        Args:
            name: logical name; children's names start with it.
            spec: the environment, with its apps, jobs and routes by name.
            environment_name: name of the environment in Azure.
            location: region.
            resource_group_name: where everything goes.
            tags: set on every resource that takes tags.
            subnet_id: ARM id of its own subnet, delegated to Microsoft.App/environments. Default: Azure manages the network.
            workspace_id: ARM id of the workspace of its logs. Default: no logs are kept.
            registry_host: host of the registry from which apps and jobs pull: that of the replica in the region.
            identity_ids: ARM ids of the user-assigned identities that apps and jobs name, by the name that they use.
            opts: options of the component itself.

        Raises:
            RefusedError: an app or a job names what the package does not wire.
        """
        problems = list(_unwired(spec, identity_ids))
        if problems:
            raise RefusedError(problems)
        logged = (
            spec.model_copy(update={"diagnostics": DiagnosticsSpec(workspace="workspace")}) if workspace_id else spec
        )
        place: dict[str, Any] = {"location": location, "resource_group_name": resource_group_name, "tags": tags}
        ids = {"subnet_id": subnet_id, "workspace_id": workspace_id}
        super().__init__(name, logged, environment_name=environment_name, opts=opts, **ids, **place)
        profiles = spec.kind == "workload_profiles"
        runs: dict[str, Any] = {
            "environment_id": self.id,
            "pull": Pull(registry_host, identity_ids, ()),
            "opts": pulumi.ResourceOptions(parent=self),
            **place,
        }
        apps = {
            key: App(f"{name}-{key}", app, app_name=key, profile=app.profile if profiles else None, **runs)
            for key, app in spec.apps.items()
        }
        jobs = {
            key: Job(f"{name}-{key}", job, job_name=key, profile=job.profile if profiles else None, **runs)
            for key, job in spec.jobs.items()
        }
        self._route(spec, resource_group_name, list(apps.values()))
        self.app_hosts = pulumi.Output.all(**{key: app.fqdn for key, app in apps.items()}).apply(_stated)
        self.job_names = pulumi.Output.all(**{key: job.name for key, job in jobs.items()})

    def _route(self, spec: EnvironmentSpec, resource_group_name: pulumi.Input[str], apps: list[App]) -> None:
        for key, route in spec.http_routes.items():
            Routes(
                f"{self.pulumi_resource_name}-{key}",
                route,
                route_name=key,
                environment_name=self.name,
                resource_group_name=resource_group_name,
                after=[*apps],
                opts=pulumi.ResourceOptions(parent=self),
            )


def _stated(hosts: Mapping[str, str | None]) -> dict[str, str]:
    """The hosts of apps that have an ingress."""
    return {key: host for key, host in hosts.items() if host}


def _unwired(spec: EnvironmentSpec, identity_ids: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    for section, workloads in (("apps", spec.apps), ("jobs", spec.jobs)):
        for key, workload in workloads.items():
            for identity in workload.all_identities:
                if identity not in identity_ids:
                    known = ", ".join(identity_ids) or "none"
                    yield f"{section}.{key}", f"there is no identity {identity!r} in identityIds; there are: {known}"
            if getattr(workload, "task_hub", None) is not None:
                message = "needs a task scheduler of the same stack; state variables in env, or use moorings:platform:Platform"
                yield f"{section}.{key}.{camel('task_hub')}", message


def container_group(
    name: str,
    spec: ContainerGroupSpec,
    *,
    group_name: str,
    location: str,
    resource_group_name: pulumi.Input[str],
    image_host: pulumi.Input[str],
    identity_id: pulumi.Input[str],
    tags: dict[str, str],
    subnet_id: pulumi.Input[str] | None = None,
    opts: pulumi.ResourceOptions | None = None,
) -> ContainerGroup:
    """Make a container group.

    Args:
        name: logical name; the child's name starts with it.
        spec: what runs in it.
        group_name: name of the group in Azure.
        location: region, that of the subnet.
        resource_group_name: where it goes.
        image_host: host of the registry of its images: that of the replica in the region.
        identity_id: ARM id of the user-assigned identity that pulls its images and reads its secrets.
        tags: set on the group.
        subnet_id: ARM id of a subnet delegated to Microsoft.ContainerInstance/containerGroups; none for a Spot group.
        opts: options of the component itself.
    """
    return ContainerGroup(
        name,
        spec,
        group_name=group_name,
        location=location,
        resource_group_name=resource_group_name,
        subnet_id=subnet_id,
        image_host=image_host,
        identity_id=identity_id,
        tags=tags,
        opts=opts,
    )


def cluster(
    name: str,
    spec: ClusterSpec,
    *,
    cluster_name: str,
    location: str,
    resource_group_name: pulumi.Input[str],
    subnet_id: pulumi.Input[str],
    control_plane_identity: Mapping[str, pulumi.Input[str]],
    kubelet_identity: Mapping[str, pulumi.Input[str]],
    tags: dict[str, str],
    workspace_id: pulumi.Input[str] | None = None,
    private_dns_zone_id: pulumi.Input[str] | None = None,
    opts: pulumi.ResourceOptions | None = None,
) -> Cluster:
    """Make a Kubernetes cluster.

    Args:
        name: logical name; children's names start with it.
        spec: the cluster and its pools.
        cluster_name: name of the cluster in Azure; that of its node resource group is made of it, unless it is stated.
        location: region.
        resource_group_name: where it goes; Azure creates another group for its nodes.
        subnet_id: ARM id of the subnet of its nodes.
        control_plane_identity: id, clientId and principalId of the identity of the control plane. It needs Network Contributor on
            the subnet, and Managed Identity Operator on the kubelet identity.
        kubelet_identity: id, clientId and principalId of the identity with which nodes pull.
        tags: set on every resource that takes tags.
        workspace_id: ARM id of the workspace for logs, audit and Defender. Default: none.
        private_dns_zone_id: ARM id of the zone of a private API server. Default: a zone that Azure makes.
        opts: options of the component itself.

    Raises:
        RefusedError: an identity lacks one of its ids.
    """
    available, subnets = zones_of(location), subnets_of(spec.node_subnet, spec.pools.values())
    return Cluster(
        name,
        Wiring(
            spec=spec,
            cluster_name=cluster_name,
            node_resource_group=spec.node_resource_group or f"rg-nodes-{cluster_name}",
            subnet_ids=dict.fromkeys(subnets, subnet_id),
            control_plane=_acting("controlPlaneIdentity", control_plane_identity),
            kubelet=_acting("kubeletIdentity", kubelet_identity),
            workspace_id=workspace_id,
            private_dns_zone=private_dns_zone_id,
        ),
        zones={key: available if pool.zones is None else [*pool.zones] for key, pool in spec.pools.items()},
        location=location,
        resource_group_name=resource_group_name,
        tags=tags,
        opts=opts,
    )


def _acting(path: str, ids: Mapping[str, pulumi.Input[str]]) -> Acting:
    wanted = ("id", "clientId", "principalId")
    if set(ids) != set(wanted):
        raise RefusedError([(path, f"has {', '.join(ids) or 'nothing'}; state {', '.join(wanted)} of one identity")])
    return Acting(*(pulumi.Output.from_input(ids[key]) for key in wanted))


def gateway(
    name: str,
    spec: GatewaySpec,
    *,
    gateway_name: str,
    location: str,
    resource_group_name: pulumi.Input[str],
    subnet_id: pulumi.Input[str],
    tags: dict[str, str],
    workspace_id: pulumi.Input[str] | None = None,
    opts: pulumi.ResourceOptions | None = None,
) -> Gateway:
    """Make an Application Gateway for Containers.

    Args:
        name: logical name; children's names start with it.
        spec: frontends and firewall.
        gateway_name: name of the gateway in Azure; that of its firewall policy is made of it.
        location: region, that of the subnet and of the cluster.
        resource_group_name: where everything goes.
        subnet_id: ARM id of a subnet delegated to Microsoft.ServiceNetworking/trafficControllers.
        tags: set on every resource that takes tags.
        workspace_id: ARM id of the workspace for access and firewall logs. Default: none.
        opts: options of the component itself.
    """
    return Gateway(
        name,
        spec,
        GatewayWiring(gateway_name, f"waf-{gateway_name}", subnet_id, workspace_id),
        location=location,
        resource_group_name=resource_group_name,
        tags=tags,
        opts=opts,
    )
