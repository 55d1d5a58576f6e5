"""What a registry is billed for: each region by the day, its content, private endpoints, tasks and agent pools."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from components.registry.spec import RegistrySpec
from planning import meters
from planning.charges import Charge, Item, NotKnown, charge
from planning.problems import Path
from stacks.billing import endpoint, stated
from stacks.plan import Plan
from stacks.spec import StackSpec
from stacks.usage import Usage


def charges(spec: StackSpec, plan: Plan, usage: Usage) -> Iterator[Item]:
    """Yield the charges of the registry if this stack makes it, and of its private endpoints [COST-ACR]."""
    registry = spec.registry
    if registry is None:
        return
    if registry.id is None:
        yield from _home(spec, registry, usage)
        for region in registry.replicas:
            path = ("registry", "replicas", region)
            yield charge(path, region, "replica", meters.REPLICA, usage.days)
            yield _replicated(path, region, usage)
            yield NotKnown(path, region, "replication of pushed content", "depends on what is pushed [COST-ACR]")
    for key, private in registry.private_endpoints.items():
        yield from endpoint(
            ("registry", "private_endpoints", key), plan.sites["networks", private.network].location, usage
        )


def _home(spec: StackSpec, registry: RegistrySpec, usage: Usage) -> Iterator[Item]:
    path, region = ("registry",), spec.registry_home
    yield charge(path, region, f"{registry.sku} registry", meters.REGISTRY[registry.sku], usage.days)
    yield _content(path, region, registry, meters.REGISTRY_STORAGE[registry.sku], usage)
    if registry.tasks:
        yield NotKnown(path, region, "task runs", "depends on how long tasks run [COST-ACR]")
    for name in registry.agent_pools:
        pool = ("registry", "agent_pools", name)
        yield NotKnown(pool, region, "agent pool", "no meter is known for agent pools")


def _content(path: Path, region: str, registry: RegistrySpec, meter: meters.Meter, usage: Usage) -> Item:
    """Content beyond what the price of the registry includes."""
    included = meters.INCLUDED_GIB[registry.sku]
    beyond = None if usage.stored_gib is None else max(0.0, usage.stored_gib - included)
    return stated(path, region, f"content beyond {included} GiB", meter, beyond, "stored_gib")


def _replicated(path: Path, region: str, usage: Usage) -> Item:
    """Content of a replica: whether its price includes storage, as that of the registry, is not documented [COST-ACR]."""
    found = stated(path, region, "content", meters.REPLICA_STORAGE, usage.stored_gib, "stored_gib")
    if isinstance(found, Charge):
        return replace(found, least=max(0.0, found.most - meters.INCLUDED_GIB["Premium"]))
    return found
