"""Builds the session pools of a stack."""

from components.container_apps.environment import Environment
from components.session_pools.session_pool import SessionPool
from components.session_pools.spec import SessionPoolSpec
from planning.image_hosts import Choice
from stacks.context import BuildContext, Built, Report
from stacks.plan import Plan
from stacks.sites import Site
from stacks.spec import StackSpec


def build(spec: StackSpec, plan: Plan, context: BuildContext) -> Built:
    """Build section ``session_pools``; environments exist already."""
    sites = plan.sites.within("session_pools")
    return Built(
        {
            key: _pool(context, key, sites[key], pool, spec.image_endpoint("session_pools", pool.endpoint))
            for key, pool in spec.session_pools.items()
        }
    )


def _pool(context: BuildContext, key: str, site: Site, spec: SessionPoolSpec, endpoint: Choice) -> Report:
    environments = context.resources.of(Environment)
    pool = SessionPool(
        f"{context.name}-sessions-{key}",
        spec,
        pool_name=site.name,
        environment_id=environments[spec.environment].id if spec.environment else None,
        registry_host=context.image_host(site.location, endpoint),
        identity_id=context.identity(spec.identity).id if spec.identity else None,
        principal_ids={name: context.identity(name).principal_id for name in spec.executors},
        after=context.pull_access,
        opts=context.options(),
        **context.placement(site),
    )
    return {
        "id": pool.id,
        "name": pool.name,
        "location": site.location,
        "endpoint": pool.endpoint,
        "audience": pool.audience,
        **({"mcp_endpoint": pool.mcp_endpoint} if spec.mcp else {}),
    }
