"""The artifact cache where it meets other systems: grants of its secrets and upstreams, images, and soft delete."""

from __future__ import annotations

from collections.abc import Iterator

from planning.artifact_cache import is_supported, takes_no_credentials, upstream
from planning.charges import NoCharge
from planning.key_vaults import READER
from planning.problems import Problem
from stacks.cached_images import uncovered
from stacks.plan import Plan
from stacks.spec import StackSpec
from stacks.system import System

SECTION = "artifact_cache"


def granted(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """Secrets that nothing of the stack lets a credential set read [KV-READ]."""
    for key, vault in spec.artifact_cache.vaults if spec.artifact_cache else ():
        if vault not in spec.key_vaults:
            message = (
                f"reads secrets of key vault {vault}, and nothing here grants it that, so that nothing is cached until its own "
                f"identity has the role {READER.name} on the vault: state key_vaults.{vault}.id, or assign the role after up"
            )
            yield Problem((SECTION, "credential_sets", key), f"{message} [KV-READ]", "warning")


def upstreams(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """Registries in Azure on which nothing of the stack lets an identity pull [ACR-CACHE-ACR]."""
    for key, rule in spec.artifact_cache.rules.items() if spec.artifact_cache else ():
        if rule.identity is None or rule.upstream_id is not None or rule.identity not in spec.identities:
            continue
        message = (
            f"{rule.identity} pulls {rule.source}, and nothing here grants it that, so that nothing is cached until it has the "
            "role Container Registry Repository Reader on the upstream registry: state upstream_id, or assign the role"
        )
        yield Problem((SECTION, "rules", key, "identity"), f"{message} [ACR-CACHE-ACR]", "warning")


def supported(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """Upstreams that the service does not support, or not with credentials [ACR-CACHE-UPSTREAM]."""
    for key, rule in spec.artifact_cache.rules.items() if spec.artifact_cache else ():
        host, path = upstream(rule.source), (SECTION, "rules", key)
        if not is_supported(host):
            message = f"{host} is not among the upstreams that Azure Container Registry supports [ACR-CACHE-UPSTREAM]"
            yield Problem((*path, "source"), message, "warning")
        if rule.credential_set is not None and takes_no_credentials(host):
            message = f"{host} is cached without credentials only; remove it [ACR-CACHE-UPSTREAM]"
            yield Problem((*path, "credential_set"), message, "warning")


def trusted_service(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """A registry that cache rules cannot fill, because trusted services do not bypass its network rules [ACR-CACHE-TRUSTED]."""
    registry = spec.registry
    cached = spec.artifact_cache is not None and bool(spec.artifact_cache.rules)
    if cached and registry is not None and not (registry.is_open or registry.trusted_services_bypass):
        message = "false, but cache rules fill a registry with network rules as a trusted service; write true"
        yield Problem(("registry", "trusted_services_bypass"), f"{message} [ACR-CACHE-TRUSTED]")


def soft_delete(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """Soft delete beside cache rules [ACR-14]."""
    cached = spec.artifact_cache is not None and bool(spec.artifact_cache.rules)
    if cached and spec.registry is not None and spec.registry.policies.soft_delete:
        message = "does not work on a registry with cache rules; remove it, or artifact_cache.rules [ACR-14]"
        yield Problem(("registry", "policies", "soft_delete"), message)


CHECKS = (granted, upstreams, supported, trusted_service, soft_delete, uncovered)
ARTIFACT_CACHE = System(
    section=SECTION,
    charges=NoCharge("cached images are content of the registry [ACR-CACHE]"),
    checks=CHECKS,
    builder="stacks.systems.artifact_cache.build",
)
