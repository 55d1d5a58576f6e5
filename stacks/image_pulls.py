"""What of a stack pulls images, how each image is named, and how many instances may pull it at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from components.aks.spec import ClusterSpec
from components.container_apps.workload_spec import AppSpec, JobSpec
from components.container_groups.spec import ContainerGroupSpec
from components.sandboxes.spec import SandboxGroupSpec
from components.session_pools.spec import SessionPoolSpec
from components.workloads.spec import WorkloadSpec
from planning.image_hosts import Choice, Service
from planning.problems import Path
from stacks.nouns import NOUNS
from stacks.plan import Plan
from stacks.spec import StackSpec


@dataclass(frozen=True, slots=True)
class ImagePull:
    """A consumer of images of the registry.

    Attributes:
        path: its path in the stack file.
        runner: path of the entry that runs it: its cluster, its environment, or itself.
        name: what it is called, such as ``workload web in eastus``.
        service: the service that runs it.
        region: where it runs.
        stated: the choice that its entry states, or None.
        choice: how its images are named.
        instances: how many of its instances may pull at once; None if the description does not say.
    """

    path: Path
    runner: Path
    name: str
    service: Service
    region: str
    stated: Choice | None
    choice: Choice
    instances: int | None = None


def image_pulls(spec: StackSpec, plan: Plan) -> Iterator[ImagePull]:
    """Yield everything that pulls images of the registry, in the order of the systems."""
    for puller in plan.pullers:
        section, key = puller.path[:2]
        if section == "clusters":
            yield from _of_cluster(spec, key, puller.region)
            continue
        service = _service(section)
        if service is None:
            continue
        entry = _entry(spec, puller.path)
        if service == "sandbox_groups" and entry.profile.image is None:
            continue
        choice = spec.image_endpoint(service, entry.endpoint)
        name = _name(puller.path)
        yield ImagePull(
            puller.path, puller.path[:2], name, service, puller.region, entry.endpoint, choice, _instances(entry)
        )


def _service(section: str) -> Service | None:
    """The service of a section; none of virtual nodes, whose pods are those of workloads."""
    match section:
        case "container_apps" | "session_pools" | "sandbox_groups" | "container_groups" | "task_schedulers":
            return section
        case _:
            return None


def _of_cluster(spec: StackSpec, cluster: str, region: str) -> Iterator[ImagePull]:
    for key, workload in spec.workloads.items():
        if cluster in workload.clusters:
            path, runner = ("workloads", key), ("clusters", cluster)
            stated, name = workload.endpoint, f"workload {key} in {cluster}"
            choice, pods = spec.image_endpoint("workloads", stated), _pods(workload, spec.clusters[cluster])
            yield ImagePull(path, runner, name, "workloads", region, stated, choice, pods)


def _pods(workload: WorkloadSpec, cluster: ClusterSpec) -> int | None:
    """Pods during an update; of a DaemonSet one for each node that the cluster may grow to."""
    if workload.kind != "DaemonSet":
        return workload.replicas + workload.surge
    return sum(pool.most for pool in cluster.pools.values()) or None


def _entry(spec: StackSpec, path: Path) -> Any:
    """The entry at a path of the description."""
    found: Any = spec
    for step in path:
        found = found[step] if isinstance(found, Mapping) else getattr(found, step)
    return found


def _name(path: Path) -> str:
    section, key, *inner = path
    if section == "container_apps":
        kind, name = inner
        return f"{kind.removesuffix('s')} {name} in {key}"
    return f"{NOUNS[section]} {key}"


def _instances(entry: object) -> int | None:
    match entry:
        case AppSpec():
            return entry.scale.max_replicas
        case JobSpec():
            return entry.most_replicas
        case SessionPoolSpec():
            return entry.max_sessions
        case SandboxGroupSpec():
            return entry.maximum_sandboxes
        case ContainerGroupSpec():
            return 1
        case _:
            return None
