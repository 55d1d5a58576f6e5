"""Holding on to the pool that a cluster was made with: Azure keeps it whatever the program says later [AKS-6].

The pool stands in the cluster's own body, so that the engine takes a change of it for an update of the cluster. Hooks compare
the old body with the new one, in a preview too, before anything is sent.
"""

from collections.abc import Mapping
from typing import Any

import pulumi
from pulumi.runtime import settings
from pulumi.runtime.proto import resource_pb2_grpc

from planning.agent_pools import first_pool_problems, known_pools, pool_is_there

_IN_PREVIEWS = pulumi.ResourceHookOptions(on_dry_run=True)


class FirstPoolGuard:
    """Refuses what would leave the first pool of one cluster behind, or what Azure does not change of it."""

    def __init__(self, name: str, cluster_name: str) -> None:
        """Make the guard.

        Args:
            name: logical name of the cluster's component; the hooks' names start with it.
            cluster_name: physical name of the cluster.
        """
        self._name, self._cluster = name, cluster_name
        self._before: list[Mapping[str, Any]] = []

    def of_cluster(self) -> pulumi.ResourceHookBinding | None:
        """Hooks of the cluster itself; None where nobody runs them."""
        return (
            pulumi.ResourceHookBinding(before_update=[self._hook("cluster", self.cluster_changes)]) if _run() else None
        )

    def of_pool(self, pool: str) -> pulumi.ResourceHookBinding | None:
        """Hooks of a pool beside the first; None where nobody runs them."""

        def made(_: pulumi.ResourceHookArgs) -> None:
            self.pool_is_made(pool)

        return pulumi.ResourceHookBinding(before_create=[self._hook(pool, made)]) if _run() else None

    def cluster_changes(self, change: pulumi.ResourceHookArgs) -> None:
        """Compare the first pool; raises ValueError with one line a problem."""
        self._before = known_pools(_pools(change.old_inputs), _pools(change.old_outputs))
        for now in _pools(change.new_inputs)[:1]:
            problems = list(first_pool_problems(self._cluster, self._before, now))
            if problems:
                raise ValueError("\n".join(problems))

    def pool_is_made(self, pool: str) -> None:
        """Look whether the cluster has the pool already; raises ValueError."""
        problem = pool_is_there(self._cluster, self._before, pool)
        if problem:
            raise ValueError(problem)

    def _hook(self, what: str, check: Any) -> pulumi.ResourceHook:
        return pulumi.ResourceHook(f"{self._name}-{what}", check, _IN_PREVIEWS)


def _pools(body: Mapping[str, Any] | None) -> list[Mapping[str, Any]]:
    return list((body or {}).get("agentPoolProfiles") or [])


def _run() -> bool:
    """Whether an engine is there to run hooks: Pulumi's mocks refuse a program that has some."""
    return isinstance(settings.get_monitor(), resource_pb2_grpc.ResourceMonitorStub)
