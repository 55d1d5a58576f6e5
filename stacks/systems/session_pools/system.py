"""Session pools in a stack: sites, pulls and cross-system checks."""

from __future__ import annotations

from collections.abc import Iterator

from planning import names
from planning.problems import Problem
from stacks.plan import Plan, Puller
from stacks.sites import Site, Sites
from stacks.spec import StackSpec
from stacks.system import System
from stacks.systems.session_pools.charges import charges


def sites_of(spec: StackSpec, sites: Sites) -> Iterator[Site]:
    """Pools, in the region of their environment unless they state one."""
    for key, pool in spec.session_pools.items():
        yield sites.site(
            ("session_pools", key),
            (names.SESSION_POOL, sites.names.session_pool(key)),
            group=("sessions", key),
            stated=pool.location,
            follows=[("container_apps", pool.environment)],
        )


def pullers(spec: StackSpec, sites: Sites) -> Iterator[Puller]:
    """Every pool with a custom container."""
    for key, pool in spec.session_pools.items():
        if pool.container is not None:
            path = ("session_pools", key)
            yield Puller(path, sites[path].location, pool.identity)


def pools(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """Pools in another region than their environment [ACAS-1]."""
    for key, pool in spec.session_pools.items():
        path = ("session_pools", key)
        environment = spec.container_apps.get(pool.environment or "")
        if environment is not None:
            site = plan.sites["container_apps", pool.environment or ""]
            region = site.location
            if pool.location not in {None, region} and (site.stated or not site.elsewhere):
                message = f"{pool.location}, but its environment is in {region}; leave it out [ACAS-1]"
                yield Problem((*path, "location"), message)


SESSION_POOLS = System(
    section="session_pools",
    charges=charges,
    sites=sites_of,
    pullers=pullers,
    checks=(pools,),
    builder="stacks.systems.session_pools.build",
)
