"""Runs all checks of preflight for one stack."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from stacks.loader import Stack
from tools.preflight import dns, features, names, quotas, rights, subscription
from tools.preflight.arm import Arm, DeniedError, MissingError
from tools.preflight.findings import Finding
from tools.preflight.registry import Registry


def preflight(stack: Stack, arm: Arm) -> list[Finding]:
    """Return the findings of all checks. Only read requests are sent.

    Args:
        stack: the stack.
        arm: the subscription to read.

    Raises:
        UnreachableError: Azure is not reachable, or returns an error other than 403 and 404.
    """
    checks: dict[str, Callable[[], Iterable[Finding]]] = {
        **(_of_the_registry(Registry(stack.spec.registry, stack, arm), arm) if stack.spec.registry else {}),
        "other names": lambda: names.available(stack, arm),
        "providers": lambda: subscription.providers(stack, arm),
        "features": lambda: features.registered(stack, arm),
        "quotas": lambda: quotas.quotas(stack, arm),
        "kubernetes": lambda: subscription.kubernetes(stack, arm),
        "permissions": lambda: rights.permissions(stack, arm),
    }
    return [finding for name, check in checks.items() for finding in _determined(name, check)]


def _of_the_registry(registry: Registry, arm: Arm) -> dict[str, Callable[[], Iterable[Finding]]]:
    return {
        "names": registry.name,
        "registry": registry.shape,
        "replicas": registry.replicas,
        "addresses": registry.addresses,
        "dns": lambda: dns.records(registry, arm),
        "storage": registry.storage,
    }


def _determined(name: str, check: Callable[[], Iterable[Finding]]) -> Iterator[Finding]:
    """Yield the findings of one check, which ends as undetermined if the caller lacks a permission."""
    try:
        yield from check()
    except DeniedError as error:
        message = f"{name} is undetermined: the permission {error.permission} is missing"
        yield Finding(name, "undetermined", error.permission, message)
    except MissingError as error:
        yield Finding(name, "undetermined", str(error), f"{name} is undetermined: {error} does not exist")
