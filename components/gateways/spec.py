"""The shape of a gateway: cluster and subnet, frontends, firewall and routes."""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from components.interfaces.spec import LoggingResourceSpec
from components.references import ClusterKey, IdentityKey, Reference, WorkloadKey, WorkspaceKey, dangling
from components.spec import Spec, held_to, refuse
from planning import names
from planning.gateways import HIGHEST_WEIGHT, clashes, host_problem, listeners, path_problem
from planning.problems import Path

Weight = Annotated[int, Field(ge=0, le=HIGHEST_WEIGHT)]


class FrontendSpec(Spec):
    """A frontend: a host name that Azure generates, to which your own name points with a CNAME record [AGC-2]."""

    visibility: Annotated[
        Literal["public", "private"], Field(description="Only public frontends exist today; private is refused.")
    ] = "public"

    @model_validator(mode="after")
    def _is_public(self) -> Self:
        if self.visibility == "private":
            message = (
                "private, but Application Gateway for Containers has public frontends only; write public, or put an "
                "internal load balancer before the workload instead [AGC-2]"
            )
            refuse([(("visibility",), message)])
        return self


class FirewallSpec(Spec):
    """A web application firewall in front of all routes [AGC-5]."""

    mode: Annotated[Literal["Prevention", "Detection"], Field(description="Detection logs only.")] = "Prevention"
    default_rule_set: Annotated[
        Literal["2.1", "2.2"],
        Field(description="Version of the Microsoft default rule set; core rule sets are not supported."),
    ] = "2.1"
    bot_manager: Annotated[
        Literal["1.0", "1.1"] | None,
        Field(description="Version of the bot manager rule set, billed separately; null for none."),
    ] = "1.1"


class RouteSpec(Spec):
    """One route, from a host and a path to workloads."""

    frontend: Annotated[
        Annotated[str, Reference(".frontends", "frontend")] | None,
        Field(description="Key of the frontend; optional if there is one only."),
    ] = None
    hosts: Annotated[list[Annotated[str, held_to(host_problem)]], Field(description="Default: any host.")] = []
    path: Annotated[str, held_to(path_problem), Field(description="Path prefix.")] = "/"
    backends: Annotated[
        dict[WorkloadKey, Weight],
        Field(min_length=1, description="Workload to its weight, such as 80 and 20."),
    ]
    tls_secret: Annotated[
        str | None, Field(min_length=1, description="Kubernetes secret that holds the certificate.")
    ] = None

    @model_validator(mode="after")
    def _reaches_somebody(self) -> Self:
        if not any(self.backends.values()):
            refuse([(("backends",), "all have weight 0, so every request would fail; give one a weight [AGC-6]")])
        problem = names.SECRET.problem(self.tls_secret) if self.tls_secret else None
        if problem:
            refuse([(("tls_secret",), problem)])
        return self


class GatewaySpec(LoggingResourceSpec):
    """One gateway, for one cluster, in the cluster's network."""

    arm_type: ClassVar[str] = "Microsoft.ServiceNetworking/trafficControllers"

    cluster: Annotated[ClusterKey, Field(description="Key of the cluster of the workloads.")]
    subnet: Annotated[
        str,
        Reference("networks.{clusters.{cluster}.network}.subnets", "subnet"),
        Field(description="Dedicated, delegated subnet of the cluster's network, /24 or larger."),
    ]
    frontends: Annotated[dict[str, FrontendSpec], Field(min_length=1, description="By name.")] = {
        "public": FrontendSpec()
    }
    firewall: Annotated[FirewallSpec | None, Field(description="null for none.")] = FirewallSpec()
    identity: Annotated[
        IdentityKey | None,
        Field(description="Identity of the controller in the cluster; it receives the roles that it needs."),
    ] = None
    workspace: Annotated[
        WorkspaceKey | None, Field(description="Key of the workspace for access and firewall logs.")
    ] = None
    api: Annotated[Literal["gateway", "ingress"], Field(description="Kubernetes API of the manifests.")] = "gateway"
    namespace: Annotated[str, Field(description="Namespace of the Gateway object and of certificates.")] = "gateways"
    routes: Annotated[dict[str, RouteSpec], Field(description="By name.")] = {}
    protect: Annotated[
        bool,
        Field(
            description="Protect it from deletion, which loses the host names. To replace it: set false, run up, then change it."
        ),
    ] = True

    def frontend_of(self, route: RouteSpec) -> str:
        """Return the key of a route's frontend."""
        return route.frontend or next(iter(self.frontends))

    def _problems(self) -> Iterator[tuple[Path, str]]:
        yield from (*self._names(), *self._routes(), *self._certificates())

    def _names(self) -> Iterator[tuple[Path, str]]:
        for key in self.frontends:
            problem = names.DNS_LABEL.problem(key)
            if problem:
                yield ("frontends", key), problem
        for key in self.routes:
            problem = names.DNS_LABEL.problem(key)
            if problem:
                yield ("routes", key), problem
        problem = names.DNS_LABEL.problem(self.namespace)
        if problem:
            yield ("namespace",), problem

    def _routes(self) -> Iterator[tuple[Path, str]]:
        yield from dangling(self)
        for key, route in self.routes.items():
            path = ("routes", key)
            if route.frontend is None and len(self.frontends) > 1:
                yield path, f"there are {len(self.frontends)} frontends; name one: {', '.join(self.frontends)}"
            if self.api == "ingress" and len(route.backends) > 1:
                message = f"{len(route.backends)} backends, but Ingress has no weights; keep one, or write api: gateway"
                yield (*path, "backends"), f"{message} [AGC-6]"

    def _certificates(self) -> Iterator[tuple[Path, str]]:
        for frontend in self.frontends:
            routes = {
                key: listeners(route.hosts, route.tls_secret)
                for key, route in self.routes.items()
                if self.frontend_of(route) == frontend
            }
            for key, other, host in clashes(routes):
                message = (
                    f"differs from the certificate that route {other} names for {host}; a listener has one [AGC-6]"
                )
                yield ("routes", key, "tls_secret"), message
