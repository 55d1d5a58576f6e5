"""Make every session pool of a description."""

from components.session_pools.session_pool import SessionPool
from components.session_pools.spec import SessionPoolSpec
from components.surroundings import Made, Surroundings
from stacks.spec import StackSpec


def build(around: Surroundings, spec: StackSpec) -> dict[str, Made]:
    """Make the pools of section ``session_pools`` and return what each tells, by key; environments are there already."""
    return {key: _made(around, key, its) for key, its in spec.session_pools.items()}


def _made(around: Surroundings, key: str, spec: SessionPoolSpec) -> Made:
    environment = around.made["container_apps"][spec.environment] if spec.environment else None
    location = spec.location or (str(environment["location"]) if environment else around.location)
    pool = SessionPool(
        f"{around.name}-sessions-{key}",
        spec,
        pool_name=around.names.session_pool(key),
        location=location,
        resource_group_name=around.resource_group("sessions", location, key).name,
        environment_id=environment["id"] if environment else None,  # pyright: ignore[reportArgumentType] - an id
        registry_host=around.registry.host(location),
        identity_id=around.identities[spec.identity].id if spec.identity else None,
        principal_ids={name: around.identities[name].principal_id for name in spec.executors},
        after=around.registry.ready,
        tags=around.tags,
        opts=around.options(),
    )
    return {
        "id": pool.id,
        "name": pool.name,
        "location": location,
        "endpoint": pool.endpoint,
        "audience": pool.audience,
        **({"mcp_endpoint": pool.mcp_endpoint} if spec.mcp else {}),
    }
