"""Cross-system checks for workloads."""

from __future__ import annotations

from collections.abc import Iterator

from components.workloads.spec import WorkloadSpec
from planning import names
from planning.charges import NoCharge
from planning.problems import Path, Problem
from stacks.plan import Plan
from stacks.spec import StackSpec
from stacks.system import System

SECTION = "workloads"


def places(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """Names, clusters, virtual nodes and peers."""
    for key, workload in spec.workloads.items():
        path = (SECTION, key)
        problem = names.DNS_LABEL.problem(key)
        if problem:
            yield Problem(path, f"{problem}; use another key")
        for index, cluster in enumerate(workload.clusters):
            here = (*path, "clusters", str(index))
            if cluster in spec.clusters and workload.virtual_nodes and cluster not in spec.virtual_nodes:
                message = (
                    f"{cluster} has no virtual nodes; add virtual_nodes.{cluster}, or write virtual_nodes: false [VN-4]"
                )
                yield Problem(here, message)
        yield from _peers(spec, key, workload)
        yield from _identity(spec, key, workload)


def _peers(spec: StackSpec, key: str, workload: WorkloadSpec) -> Iterator[Problem]:
    for index, peer in enumerate(workload.from_workloads):
        path = (SECTION, key, "from_workloads", str(index))
        if peer not in spec.workloads:
            continue
        apart = [cluster for cluster in workload.clusters if cluster not in spec.workloads[peer].clusters]
        if len(apart) == len(workload.clusters):
            yield Problem(path, f"{peer} runs in no cluster that {key} runs in; remove it", "warning")


def _identity(spec: StackSpec, key: str, workload: WorkloadSpec) -> Iterator[Problem]:
    """An identity without a workload identity for the workload's service account."""
    identity, path = workload.identity, (SECTION, key, "identity")
    if identity is None or identity not in spec.identities:
        return
    account = (identity, workload.namespace or key, key)
    for name in workload.clusters:
        cluster = spec.clusters.get(name)
        known = cluster.workload_identities.values() if cluster else ()
        if cluster is not None and account not in {
            (each.identity, each.namespace, each.service_account) for each in known
        }:
            shown = f"{key}: {{identity: {identity}, namespace: {account[1]}, service_account: {key}}}"
            message = (
                f"cluster {name} does not let it use {identity}; add {shown} to clusters.{name}.workload_identities"
            )
            yield Problem(path, f"{message} [MSI-2]")


def system_pools(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """Windows workloads in clusters without Windows pools."""
    for key, workload in spec.workloads.items():
        path: Path = (SECTION, key, "os_type")
        for name in workload.clusters:
            cluster = spec.clusters.get(name)
            if cluster and workload.os_type not in {pool.os_type for pool in cluster.pools.values()}:
                yield Problem(path, f"{workload.os_type}, but no pool of cluster {name} is; add one [AKS-6]")


def image_policy_applies(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """A stated image policy without clusters, whose admission controllers apply it."""
    del plan
    if "image_policy" in spec.model_fields_set and not spec.clusters:
        message = "has no effect without clusters, which admit images; add one under clusters, or remove it"
        yield Problem(("image_policy",), message, "warning")


WORKLOADS = System(
    section=SECTION,
    charges=NoCharge("workloads run on the nodes of clusters, which are billed there [COST-AKS]"),
    checks=(places, system_pools, image_policy_applies),
)
