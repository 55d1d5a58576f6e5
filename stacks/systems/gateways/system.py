"""Gateways in a stack: sites, addresses and cross-system checks."""

from __future__ import annotations

from collections.abc import Iterator

from components.aks.spec import ClusterSpec
from components.gateways.spec import GatewaySpec, RouteSpec
from planning import gateways as rules
from planning import names
from planning.addresses import Consumer
from planning.problems import Path, Problem
from stacks.plan import Plan
from stacks.sites import Site, Sites
from stacks.spec import StackSpec
from stacks.system import System
from stacks.systems.gateways.charges import charges

SECTION = "gateways"


def sites_of(spec: StackSpec, sites: Sites) -> Iterator[Site]:
    """Gateways in the region of their cluster."""
    for key, gateway in spec.gateways.items():
        yield sites.site(
            (SECTION, key),
            (names.TRAFFIC_CONTROLLER, sites.names.traffic_controller(key)),
            (names.FIREWALL_POLICY, sites.names.firewall_policy(key)),
            (names.DNS_LABEL, key),
            group=("gateway", key),
            follows=[("clusters", gateway.cluster)],
        )


def consumers(spec: StackSpec) -> Iterator[Consumer]:
    """Addresses of gateways in their subnets."""
    for key, gateway in spec.gateways.items():
        cluster = spec.clusters.get(gateway.cluster)
        if cluster is not None:
            yield rules.consumer((cluster.network, gateway.subnet), key)


def places(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """Controllers and subnets [AGC-1, AGC-3, AGC-7]."""
    for key, gateway in spec.gateways.items():
        path = (SECTION, key)
        cluster = spec.clusters.get(gateway.cluster)
        if cluster is None:
            continue
        if cluster.network in spec.networks:
            yield from _subnet(spec, plan, key, cluster.network)
        if gateway.identity in spec.identities:
            yield from _controller(gateway, cluster, (*path, "identity"))


def _controller(gateway: GatewaySpec, cluster: ClusterSpec, path: Path) -> Iterator[Problem]:
    """The cluster must allow the controller's service account to use the identity [AGC-7]."""
    account = (gateway.identity, rules.CONTROLLER_NAMESPACE, rules.CONTROLLER_ACCOUNT)
    known = {(each.identity, each.namespace, each.service_account) for each in cluster.workload_identities.values()}
    if account not in known:
        shown = f"{{identity: {account[0]}, namespace: {account[1]}, service_account: {account[2]}}}"
        message = (
            f"cluster {gateway.cluster} does not let the controller act as {gateway.identity}; add alb: {shown} to "
            f"clusters.{gateway.cluster}.workload_identities [AGC-7]"
        )
        yield Problem(path, message)


def _subnet(spec: StackSpec, plan: Plan, key: str, network_key: str) -> Iterator[Problem]:
    """The subnet: delegated and dedicated; the address ledger checks its size."""
    path, name = (SECTION, key, "subnet"), spec.gateways[key].subnet
    network = spec.networks[network_key]
    subnet = network.subnets.get(name)
    if subnet is None:
        return
    if subnet.delegation != rules.DELEGATION and not (network.outside and subnet.delegation is None):
        message = (
            f"{name} is delegated to {subnet.delegation or 'nothing'}; set delegation: {rules.DELEGATION} on it [AGC-1]"
        )
        yield Problem(path, message)
    own = f"gateway {key}"
    for row in plan.ledger:
        others = [consumer.name for consumer in row.consumers if consumer.name != own]
        if row.subnet.key == (network_key, name) and others:
            message = f"{name} is used by {', '.join(others)} too; a gateway needs a dedicated subnet [AGC-1]"
            yield Problem(path, message)


def routes(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """Routes to workloads that do not exist, are not in the cluster, or have no port [AGC-6]."""
    for key, gateway in spec.gateways.items():
        for name, route in gateway.routes.items():
            path = (SECTION, key, "routes", name)
            yield from _backends(spec, gateway, route, path)
            namespaces = {
                spec.workloads[backend].namespace or backend for backend in route.backends if backend in spec.workloads
            }
            if len(namespaces) > 1:
                found = ", ".join(sorted(namespaces))
                message = (
                    f"backends are in namespaces {found}; a route reaches one: give them the same namespace [AGC-6]"
                )
                yield Problem((*path, "backends"), message)
            if gateway.api == "ingress" and route.tls_secret and namespaces - {gateway.namespace}:
                message = (
                    f"Ingress reads the certificate in the workload's namespace, {min(namespaces)}, not in "
                    f"{gateway.namespace}; keep it there [AGC-6]"
                )
                yield Problem((*path, "tls_secret"), message, "warning")
        if gateway.api == "ingress" and gateway.firewall is not None:
            message = "applies to objects of the Gateway API only, so it protects nothing; write api: gateway, or null"
            yield Problem((SECTION, key, "firewall"), f"{message} [AGC-5]", "warning")
        if not gateway.routes:
            yield Problem((SECTION, key), "has no routes, so it is billed but unused", "warning")
        elif all(route.tls_secret is None for route in gateway.routes.values()):
            message = "no route has a tls_secret, so traffic is not encrypted; store a certificate in the cluster"
            yield Problem((SECTION, key, "routes"), f"{message} [AGC-6]", "warning")


def _backends(spec: StackSpec, gateway: GatewaySpec, route: RouteSpec, path: Path) -> Iterator[Problem]:
    for backend in route.backends:
        here = (*path, "backends", backend)
        workload = spec.workloads.get(backend)
        if workload is None:
            continue
        if gateway.cluster not in workload.clusters:
            message = (
                f"{backend} does not run in {gateway.cluster}; add {gateway.cluster} to workloads.{backend}.clusters"
            )
            yield Problem(here, message)
        elif workload.port is None:
            yield Problem(here, f"{backend} has no port to route to; state workloads.{backend}.port [AGC-6]")


GATEWAYS = System(
    section=SECTION,
    charges=charges,
    sites=sites_of,
    consumers=consumers,
    checks=(places, routes),
    builder="stacks.systems.gateways.build",
)
