"""Template input of workloads: hardened by default, with images from the cluster's own replica."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from components.workloads.spec import WorkloadSpec
from planning.images import with_host
from planning.virtual_nodes import SELECTOR, TOLERATION
from stacks.manifests.view import PLACEMENT, View, namespace_of, selector_of


def workload(view: View, name: str) -> dict[str, Any]:
    """Return the template input of a workload."""
    spec = view.workloads[name]
    labels = {**selector_of(name), "app.kubernetes.io/managed-by": "moorings"}
    client_id = None
    if spec.identity:
        client_id = view.known.needed(
            f"workloads.{name}: client id of {spec.identity}", "identities", spec.identity, "client_id"
        )
        labels_of_identity = {"azure.workload.identity/use": "true"}
    else:
        labels_of_identity = {}
    limits = {"memory": spec.resources.memory}
    if spec.resources.cpu_limit:
        limits["cpu"] = spec.resources.cpu_limit
    elif spec.virtual_nodes:
        # Azure Container Instances sizes a group by the sum of its limits, and needs them for every pod.
        limits["cpu"] = spec.resources.cpu
    return {
        "name": name,
        "namespace": namespace_of(name, spec),
        "kind": spec.kind,
        "labels": labels,
        "selector": selector_of(name),
        "pod_labels": {**labels, **labels_of_identity, PLACEMENT: "virtual-nodes" if spec.virtual_nodes else "nodes"},
        "client_id": client_id,
        "image": with_host(spec.image, view.host_of(spec)),
        "replicas": spec.replicas,
        "os": spec.os_type,
        "virtual_nodes": spec.virtual_nodes,
        "node_selector": {"kubernetes.io/os": spec.os_type.lower(), **(SELECTOR if spec.virtual_nodes else {})},
        "tolerations": [TOLERATION] if spec.virtual_nodes else [],
        "pod_security": _pod_security(spec),
        "container_security": _container_security(spec),
        "scratch": spec.read_only_root and spec.os_type == "Linux",
        "command": spec.command,
        "args": spec.args,
        "env": sorted(spec.env.items()),
        "port": spec.port,
        "health_path": spec.health_path,
        "ip_families": spec.ip_families,
        "requests": {"cpu": spec.resources.cpu, "memory": spec.resources.memory},
        "limits": limits,
    }


def _pod_security(spec: WorkloadSpec) -> dict[str, Any]:
    """Never root; with a seccomp profile except on virtual nodes, where Azure has its own (chosen)."""
    if spec.os_type == "Windows":
        return {"runAsNonRoot": True}
    never_root: dict[str, Any] = {"runAsNonRoot": True, "runAsUser": spec.user, "runAsGroup": spec.user}
    filtered = {} if spec.virtual_nodes else {"seccompProfile": {"type": "RuntimeDefault"}}
    return never_root | filtered


def _container_security(spec: WorkloadSpec) -> dict[str, Any]:
    """No privilege escalation; settings that Windows does not support are omitted [K8S-4]."""
    if spec.os_type == "Windows":
        return {"runAsNonRoot": True}
    return {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": spec.read_only_root,
        "capabilities": {"drop": ["ALL"]},
    }


def namespaces(view: View) -> list[Mapping[str, str]]:
    """Return the cluster's namespaces, each with the pod security level that all its workloads meet [K8S-5]."""
    levels: dict[str, str] = {}
    for name, spec in sorted(view.workloads.items()):
        namespace = namespace_of(name, spec)
        weakest = "baseline" if spec.virtual_nodes or levels.get(namespace) == "baseline" else "restricted"
        levels[namespace] = weakest
    for gateway in view.gateways.values():
        if gateway.api == "gateway":
            levels.setdefault(gateway.namespace, "restricted")
    return [{"name": name, "level": level} for name, level in sorted(levels.items())]
