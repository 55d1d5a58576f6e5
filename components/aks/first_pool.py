"""Guards the pool that a cluster was created with: Azure keeps it whatever the program states later [AKS-6].

The pool is part of the cluster's own body, so that the engine treats a change of it as an update of the cluster.
Hooks compare the old body with the new one, in a preview too, before anything is sent. They also limit upgrades to
the steps that Azure accepts, and warn that the first pool is not upgraded with the others [AKS-20].
"""

from collections.abc import Collection, Mapping
from typing import Any

import pulumi
from pulumi.runtime import settings
from pulumi.runtime.proto import resource_pb2_grpc

from planning.agent_pools import first_pool_problems, known_pools, pool_is_there
from planning.aks import minor_of
from planning.kubernetes_upgrades import left_behind, second_step_problem, staying_message, step_problem

_IN_PREVIEWS = pulumi.ResourceHookOptions(on_dry_run=True)


class FirstPoolGuard:
    """Refuses changes that would orphan the first pool of a cluster, or that Azure does not apply to it."""

    def __init__(self, name: str, cluster_name: str, *, others: bool, separate: Collection[str] = ()) -> None:
        """Make the guard.

        Args:
            name: logical name of the cluster's component; the hooks' names start with it.
            cluster_name: physical name of the cluster.
            others: whether the cluster has further pools, which an upgrade of the cluster does not upgrade.
            separate: names of the pools that the state has as resources of their own; these may be replaced.
        """
        self._name, self._cluster, self._others, self._separate = name, cluster_name, others, separate
        self._before: list[Mapping[str, Any]] = []

    def of_cluster(self) -> pulumi.ResourceHookBinding | None:
        """Hooks of the cluster itself; None if no engine runs them."""
        return (
            pulumi.ResourceHookBinding(before_update=[self._hook("cluster", self.cluster_changes)]) if _run() else None
        )

    def of_pool(self, pool: str) -> pulumi.ResourceHookBinding | None:
        """Hooks of a further pool; None if no engine runs them."""

        def before_create(_: pulumi.ResourceHookArgs) -> None:
            self.pool_is_made(pool)

        return pulumi.ResourceHookBinding(before_create=[self._hook(pool, before_create)]) if _run() else None

    def cluster_changes(self, change: pulumi.ResourceHookArgs) -> None:
        """Compare the first pool and the version; raises ValueError with one line per problem."""
        self._before = known_pools(_pools(change.old_inputs), _pools(change.old_outputs))
        for now in _pools(change.new_inputs)[:1]:
            problems = list(first_pool_problems(self._cluster, self._before, now))
            problems += self._upgrade(change, str(now.get("name")))
            if problems:
                raise ValueError("\n".join(problems))

    def _upgrade(self, change: pulumi.ResourceHookArgs, first: str) -> list[str]:
        """Compare the versions; warns of pools that remain to be upgraded, and returns the problems."""
        before, after = _version(change.old_inputs, change.old_outputs), _version(change.new_inputs)
        if before is None or after is None or minor_of(before) == minor_of(after):
            return []
        problem = step_problem(self._cluster, before, after)
        if problem:
            return [problem]
        if not self._others:
            return []
        group = str((change.new_inputs or {}).get("resourceGroupName") or "GROUP")
        version = _pool_version(_pools(change.old_outputs), first) or before
        behind = left_behind(before, after, {first: version})
        if behind:
            return [second_step_problem(self._cluster, group, before, behind)]
        pulumi.log.warn(staying_message(self._cluster, group, after, first, version))
        return []

    def pool_is_made(self, pool: str) -> None:
        """Check that the cluster does not have the pool already; raises ValueError."""
        problem = pool_is_there(self._cluster, self._before, pool)
        if problem and pool not in self._separate:
            raise ValueError(problem)

    def _hook(self, what: str, check: Any) -> pulumi.ResourceHook:
        return pulumi.ResourceHook(f"{self._name}-{what}", check, _IN_PREVIEWS)


def _pools(body: Mapping[str, Any] | None) -> list[Mapping[str, Any]]:
    return list((body or {}).get("agentPoolProfiles") or [])


def _version(*bodies: Mapping[str, Any] | None) -> str | None:
    """The Kubernetes version in the last of the bodies; the running one wins over the stated one."""
    versions = [
        (body or {}).get(member) for body in bodies for member in ("kubernetesVersion", "currentKubernetesVersion")
    ]
    known = [version for version in versions if isinstance(version, str) and version]
    return known[-1] if known else None


def _pool_version(pools: list[Mapping[str, Any]], name: str) -> str | None:
    pool = next((pool for pool in pools if pool.get("name") == name), {})
    version = pool.get("currentOrchestratorVersion") or pool.get("orchestratorVersion")
    return version if isinstance(version, str) else None


def _run() -> bool:
    """Whether an engine runs hooks: Pulumi's mocks refuse a program that has hooks."""
    return isinstance(settings.get_monitor(), resource_pb2_grpc.ResourceMonitorStub)
