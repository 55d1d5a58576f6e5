"""Builds the artifact cache of the registry, and grants its credential sets their secrets."""

from components.access.access import Access
from components.artifact_cache.artifact_cache import ArtifactCache
from components.elsewhere import name_of
from components.permissions import Permission, Permissions
from planning.key_vaults import READER
from planning.roles import ABAC
from stacks.context import BuildContext, Built
from stacks.plan import Plan
from stacks.spec import StackSpec
from stacks.systems.artifact_cache.system import SECTION


def build(spec: StackSpec, plan: Plan, context: BuildContext) -> Built:
    """Build section ``artifact_cache``."""
    if spec.artifact_cache is None:
        return Built({})
    name = f"{context.name}-artifact-cache"
    cache = ArtifactCache(
        name,
        spec.artifact_cache,
        registry_name=context.registry.name,
        identity_ids={key: context.identity(key).id for key in spec.artifact_cache.identities},
        resource_group_name=context.placement(plan.sites["registry",])["resource_group_name"],
        opts=context.options(),
    )
    permissions = {
        f"{vault}-{key}": Permission(READER, context.vault_id(vault, spec.key_vaults[vault]), cache.principal_ids[key])
        for key, vault in spec.artifact_cache.vaults
        if vault in spec.key_vaults
    }
    _grant_upstreams(spec, context, name)
    if not permissions:
        return Built({}, {SECTION: cache})
    namespace = f"{spec.namespace}/artifact-cache"
    grants = Permissions(f"{name}-secrets", permissions, namespace=namespace, opts=context.options())
    return Built({}, {SECTION: cache, f"{SECTION}-secrets": grants})


def _grant_upstreams(spec: StackSpec, context: BuildContext, name: str) -> None:
    """Let identities of cache rules pull the sources of their rules from registries in Azure [ACR-CACHE-ACR]."""
    grants = spec.artifact_cache.upstream_grants if spec.artifact_cache else {}
    for upstream, each in grants.items():
        Access(
            f"{name}-upstream-{name_of(upstream)}",
            each,
            mode=ABAC,
            namespace=f"{spec.namespace}/artifact-cache/{upstream}",
            registry_id=upstream,
            principal_ids={key: context.identity(key).principal_id for key in each},
            opts=context.options(),
        )
